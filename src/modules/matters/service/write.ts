import type { CountyCode } from '../../../base/ids.ts';
import { entryText, type Entry } from '../../ledger/index.ts';
import { deliveryRows } from '../../outreach/index.ts';
import type { Done } from '../contract.ts';
import { clockJson, matterJson } from '../store/rows.ts';
import type { Writes } from '../store/write.ts';
import type { Plan, Step } from './plan.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The ledger's entry of a step. */
export const entryOf = (step: Step, op: string): Entry => {
  const { matter } = step;
  return {
    v: 1, county: matter.county as CountyCode, subject: 'matter', matter: matter.id, mv: matter.version, kind: matter.kind, action: step.action,
    ...(step.from !== null && { from: step.from }), to: matter.state,
    actor: { id: step.actor.id, role: step.standing.role, ...(step.standing.unit !== null && { unit: step.standing.unit }) },
    ...(step.behalf !== null && { behalf: step.behalf }),
    at: new Date(matter.updatedAt).toISOString(), op, beside: step.beside, ...(step.spot !== undefined && { spot: step.spot }),
    ...(Object.keys(step.set).length > 0 && { set: step.set }),
    ...(step.texts.length > 0 && { texts: step.texts.map(({ id, name, digest }) => ({ id, name, digest })) }),
    ...(step.files.length > 0 && { blobs: step.files.map(({ role, served, original }) => ({ role, served, original })) }),
  };
};

/** What the caller is answered. */
export const doneOf = (plan: Plan): Done => {
  const [first, ...rest] = plan.results.map(({ held: { matter } }) => matter);
  return {
    id: first!.id, number: first!.number, state: first!.state, version: first!.version,
    also: rest.map(({ id, state, version }) => ({ id, state, version })),
  };
};

/** Adds the entry of a step with what is written beside it. */
export const addStep = (writes: Writes, n: number, step: Step, op: string): void => {
  const { matter } = step;
  const at = new Date(matter.updatedAt).toISOString();
  const origin = { county: matter.county, matter: matter.id, version: matter.version, now: matter.updatedAt };
  writes.entries.push({ n, county: matter.county, ord: writes.entries.length, entry: entryText(entryOf(step, op)) });
  for (const { id, name, text, salt, personal } of step.texts)
    writes.texts.push({ n, county: matter.county, id, matter: matter.id, version: matter.version, name, body: text, salt: hex(salt), personal, author: step.actor.id, at });
  for (const file of step.files)
    writes.files.push({ n, county: matter.county, matter: matter.id, version: matter.version, ...file, author: step.actor.id, at });
  writes.deliveries.push(...deliveryRows(n, origin, step.messages.map((message) => ({ ...message, urgent: message.urgent ?? false }))));
};

/** Adds a plan to the writes of a batch, under the number `n`. */
export const addPlan = (writes: Writes, n: number, plan: Plan, operation: { op: string; digest: string; now: number }): void => {
  for (const { held, expect, touched, ended } of plan.results) {
    writes.matters.push(matterJson(n, expect, held, ended));
    for (const clock of touched) writes.clocks.push(clockJson(n, held.matter, clock));
  }
  for (const step of plan.steps) addStep(writes, n, step, operation.op);
  writes.operations.push({ n, county: plan.results[0]!.held.matter.county, op: operation.op, digest: operation.digest, status: 200, answer: doneOf(plan), at: new Date(operation.now).toISOString(), always: false });
};

