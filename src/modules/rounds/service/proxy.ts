import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { BodyOf } from '../../../base/route.ts';
import type { Done } from '../../matters/index.ts';
import type { actFor } from '../contract/visits.ts';
import { countyOf, type Needs } from './needs.ts';

/**
 * Reports or rates for a resident who has agreed to it: one action, in whose entry stand both who acted and for whom.
 * Refusals: those of `act`, 403 `identity.consent`, 409 `identity.consent_ended`, 404 `matters.not-found`.
 */
export type ActFor = (actor: Actor, ask: BodyOf<typeof actFor>) => Promise<Result<Done>>;

export const createActFor = ({ world, identity, matters, send }: Needs): ActFor => async (actor, ask) => {
  const county = countyOf(actor, ask.county);
  if (isRefusal(county)) return county;
  const consent = await identity.consents.valid(actor, county, ask.consent, ask.do);
  if (isRefusal(consent)) return consent;
  const behalf = `contact:${consent.contact}`;
  const whole = ask.matter === undefined ? undefined : await matters.whole(world.db, county, ask.matter);
  if (ask.do === 'rate' && whole?.matter.facets.reporter !== behalf) return refuse(404, 'matters.not-found');
  const input = ask.do === 'report' ? { ...(ask.input as object), contact: consent.contact, channel: 'gridworker' } : ask.input;
  const done = await matters.act({
    actor, behalf, county, kind: whole?.matter.kind ?? 'case', matter: ask.do === 'rate' ? ask.matter! : null, action: ask.do, input, op: ask.op, ...(ask.done && { done: ask.done }),
  });
  if (isRefusal(done)) return done;
  const now = world.now();
  // Under the id of the operation: sent again, it is told once.
  const [told] = await world.db.query('select 1 from delivery where county = $1 and id = $2', [county, ask.op], 'rounds_told');
  if (!told) await world.db.transaction((tx) => send(tx, { county, id: ask.op, template: `proxy_${ask.do}`, recipient: behalf, params: { name: actor.name ?? '', number: done.number }, at: now }));
  return done;
};
