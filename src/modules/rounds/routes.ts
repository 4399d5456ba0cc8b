import type { World } from '../../platform/world.ts';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';
import { say, type Language } from '../../base/text/language.ts';
import type { Cell } from '../../platform/tables/written.ts';
import { textsOf } from '../../platform/texts.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { allPages, inParts, type Identity, type Leaving } from '../identity/index.ts';
import { holds } from '../identity/rules.ts';
import { confirmHandover, exportHandovers, handOver, listHandovers } from './contract/handover.ts';
import { readPack } from './contract/pack.ts';
import { endRoute, exportCoverage, listRoutes, planRoute, readCoverage, step } from './contract/patrol.ts';
import { actFor, exportVisits, listVisits, logVisit, openVisit, readTheirs } from './contract/visits.ts';
import type { Rounds } from './index.ts';

const itemsOf = <T>(items: Result<T[]>): Result<{ items: T[] }> => (isRefusal(items) ? items : { items });

const moment = (text: string | null): Cell => (text === null ? null : { at: Date.parse(text) });

/**
 * The addresses of those who go out.
 * @param offsetOf minutes that a county's time is ahead of UTC
 */
export const roundRoutes = (world: Pick<World, 'now'>, { pack, patrols, visits, proxies, handovers }: Rounds, identity: Pick<Identity, 'send'>, offsetOf: (county: string) => number): Mounted[] => {
  /** Sends what the caller has just been given as a list. */
  const send = <T>(reply: FastifyReply, actor: Actor, asked: string | undefined, language: Language, list: Pick<Leaving<T>, 'format' | 'filter' | 'rowOf'> & { readonly name: string; readonly columns: readonly string[] }, pages: AsyncIterable<readonly T[]>): Refusal | undefined => {
    const grant = actor.grants.find((one) => one.county === (asked ?? actor.grants[0]?.county) && holds(one, world.now()));
    if (!grant) return refuse(403, 'identity.not_permitted');
    const word = (key: string): string => say(textsOf('exports'), language, `${list.name}.${key}`);
    const { format, filter, rowOf } = list;
    return identity.send(reply, { county: grant.county, kind: list.name, actor, grant, format, filter, rowOf, file: word('file'), offsetMinutes: offsetOf(grant.county), columns: list.columns.map(word) }, pages);
  };
  return [
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
    handle(exportCoverage, async ({ actor, query: { format, list = 'stops', ...query }, language, reply }) => {
      const week = await patrols.coverage(actor, query);
      if (isRefusal(week)) return week;
      const asked = { format, filter: { ...query, list } };
      if (list === 'patrols') {
        const names = new Map(week.routes.map(({ id, name }) => [id, name]));
        return send(reply, actor, query.county, language, {
          ...asked, name: 'patrols', columns: ['who', 'route', 'checks', 'started', 'ended'],
          rowOf: (one: (typeof week)['patrols'][number]) => [one.name, names.get(one.route) ?? null, one.checks, moment(one.startedAt), moment(one.endedAt)],
        }, inParts(week.patrols));
      }
      const stops = week.routes.flatMap((route) => route.stops.map((stop) => ({ route, stop })));
      return send(reply, actor, query.county, language, {
        ...asked, name: 'stops', columns: ['route', 'place', 'stop', 'component', 'needed', 'visits', 'last', 'covered', 'lng', 'lat'],
        rowOf: ({ route, stop }: (typeof stops)[number]) => [route.name, route.placeNames.join(' · '), stop.name, stop.component, route.needed, stop.visits, moment(stop.last), say(textsOf('exports'), language, stop.covered ? 'yes' : 'no'), stop.lng, stop.lat],
      }, inParts(stops));
    }),
    handle(logVisit, ({ actor, body }) => visits.log(actor, body)),
    handle(listVisits, ({ actor, query }) => visits.list(actor, query)),
    handle(exportVisits, async ({ actor, query: { county, format }, language, reply }) => {
      const read = (after?: string) => visits.list(actor, { ...(county !== undefined && { county }), ...(after !== undefined && { after }), limit: 100 });
      const first = await read();
      if (isRefusal(first)) return first;
      const word = (key: string): string => say(textsOf('exports'), language, `visits.${key}`);
      return send(reply, actor, county, language, {
        name: 'visits', format, filter: {}, columns: ['done', 'received', 'place', 'kind', 'outcome', 'by', 'words', 'consent'],
        rowOf: (one: (typeof first)['items'][number]) => [
          moment(one.doneAt), moment(one.at), one.placeNames.join(' · '), word(`kind.${one.kind}`), word(`outcome.${one.outcome}`), one.by, say(textsOf('exports'), language, one.words ? 'yes' : 'no'),
          one.consent && (one.consent.revoked ? word('revoked') : moment(one.consent.until)),
        ],
      }, allPages(first, read));
    }),
    handle(openVisit, ({ actor, params, body }) => visits.open(actor, body.county, params.id, body.purpose)),
    handle(actFor, async ({ actor, body }) => {
      const done = await proxies.act(actor, body);
      return isRefusal(done) ? done : { id: done.id, number: done.number, state: done.state };
    }),
    handle(readTheirs, ({ actor, params, query, language }) => proxies.theirs(actor, query.county, params.consent, language)),
    handle(handOver, ({ actor, body, language }) => handovers.give(actor, body, language)),
    handle(confirmHandover, ({ actor, params, body }) => handovers.confirm(actor, params.id, body)),
    handle(listHandovers, ({ actor, query }) => handovers.list(actor, query.county)),
    handle(exportHandovers, async ({ actor, query: { county, format }, language, reply }) => {
      const given = await handovers.list(actor, county);
      if (isRefusal(given)) return given;
      return send(reply, actor, county, language, {
        name: 'handovers', format, filter: {}, columns: ['at', 'from', 'to', 'place', 'open', 'remarks', 'confirmed', 'answer'],
        rowOf: (one: (typeof given)['items'][number]) => [moment(one.at), one.from.name, one.to.name, one.placeNames.join(' · '), one.open.map(({ number, title }) => `${number} ${title}`).join('；'), one.remarks, moment(one.confirmedAt), one.answer],
      }, inParts(given.items));
    }),
  ];
};
