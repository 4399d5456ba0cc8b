import type { World } from '../../platform/world.ts';
import { isRefusal, type Result } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { confirmHandover, handOver, listHandovers } from './contract/handover.ts';
import { readPack } from './contract/pack.ts';
import { endRoute, listRoutes, planRoute, readCoverage, step } from './contract/patrol.ts';
import { actFor, listVisits, logVisit, openVisit, readTheirs } from './contract/visits.ts';
import type { Rounds } from './index.ts';

const itemsOf = <T>(items: Result<T[]>): Result<{ items: T[] }> => (isRefusal(items) ? items : { items });

/** The addresses of those who go out. */
export const roundRoutes = (world: Pick<World, 'now'>, { pack, patrols, visits, proxies, handovers }: Rounds): Mounted[] => [
  handle(readPack, async ({ actor, query: { known, lng, lat }, language }) => {
    const have = new Map((known ?? '').split(',').flatMap((pair) => { const [name, digest] = pair.split(':'); return name && digest ? [[name, digest] as const] : []; }));
    const packed = await pack(actor, { known: have, near: lng !== undefined && lat !== undefined ? { lng, lat } : null }, language);
    return isRefusal(packed) ? packed : { at: new Date(world.now()).toISOString(), ...packed };
  }),
  handle(listRoutes, async ({ actor, query }) => itemsOf(await patrols.routes(actor, query))),
  handle(planRoute, ({ actor, body }) => patrols.plan(actor, body)),
  handle(endRoute, ({ actor, params, query }) => patrols.end(actor, query.county, params.id)),
  handle(step, ({ actor, body }) => patrols.step(actor, body)),
  handle(readCoverage, ({ actor, query }) => patrols.coverage(actor, query)),
  handle(logVisit, ({ actor, body }) => visits.log(actor, body)),
  handle(listVisits, ({ actor, query }) => visits.list(actor, query)),
  handle(openVisit, ({ actor, params, body }) => visits.open(actor, body.county, params.id, body.purpose)),
  handle(actFor, async ({ actor, body }) => {
    const done = await proxies.act(actor, body);
    return isRefusal(done) ? done : { id: done.id, number: done.number, state: done.state };
  }),
  handle(readTheirs, ({ actor, params, query, language }) => proxies.theirs(actor, query.county, params.consent, language)),
  handle(handOver, ({ actor, body, language }) => handovers.give(actor, body, language)),
  handle(confirmHandover, ({ actor, params, body }) => handovers.confirm(actor, params.id, body)),
  handle(listHandovers, ({ actor, query }) => handovers.list(actor, query.county)),
];
