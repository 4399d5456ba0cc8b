import type { BodyOf, Route } from '../../../base/route.ts';
import { attachPlate } from '../../../modules/components/contract/plates.ts';
import { giveConsent } from '../../../modules/identity/contract.ts';
import { actOnMatter, makeMatter, type DoneEarlier } from '../../../modules/matters/contract.ts';
import { confirmHandover, handOver } from '../../../modules/rounds/contract/handover.ts';
import { step } from '../../../modules/rounds/contract/patrol.ts';
import { actFor, logVisit } from '../../../modules/rounds/contract/visits.ts';
import { call } from '../../shared/client.ts';
import type { Waiting } from '../phone/kept.ts';

/** The body of a route, out of what the phone kept: whoever kept it had the route's own types. */
const bodyOf = <R extends Route>(_: R, input: unknown, op: string, done: DoneEarlier): BodyOf<R> => ({ ...(input as object), op, done }) as BodyOf<R>;

/** Sends a kept action to where it belongs. @returns the number of the matter, where there is one @throws Problem */
export const sendRow = async (row: Waiting, input: unknown, done: DoneEarlier): Promise<string | null> => {
  const { op } = row;
  switch (row.target) {
    case 'matter': return (await call(actOnMatter, { params: { id: row.matter! }, body: { action: row.action, input, op, done } })).number;
    case 'new': return (await call(makeMatter, { body: { kind: 'case', action: row.action, input, op, done } })).number;
    case 'step': await call(step, { body: bodyOf(step, input, op, done) }); return null;
    case 'visit': await call(logVisit, { body: bodyOf(logVisit, input, op, done) }); return null;
    case 'consent': await call(giveConsent, { body: bodyOf(giveConsent, input, op, done) }); return null;
    case 'proxy': return (await call(actFor, { body: bodyOf(actFor, input, op, done) })).number;
    case 'handover': await call(handOver, { body: bodyOf(handOver, input, op, done) }); return null;
    case 'plate': await call(attachPlate, { params: { plate: row.thread! }, body: bodyOf(attachPlate, input, op, done) }); return null;
    case 'confirm': await call(confirmHandover, { params: { id: row.thread! }, body: bodyOf(confirmHandover, input, op, done) }); return null;
  }
};
