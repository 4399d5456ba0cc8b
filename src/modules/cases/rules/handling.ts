import { refuse, type Refusal } from '../../../base/result.ts';
import type { Change, Context, Matter } from '../../matters/rules/workflow.ts';
import type { ArriveInput, DecideAppealInput, ExtensionInput, FinishInput, HoldInput, NothingInput, ReasonInput, ReworkInput, VerifyInput } from '../contract/inputs.ts';
import { asJson, askers, countOf, factsOf, filesOf, messageParams, pendingOf, said, tell } from './facts.ts';

/** 签收: from here on the person who accepted has it in hand. */
export const accept = (matter: Matter, _: NothingInput, context: Context): Change => ({
  facets: { handler: context.actor.id },
  deliveries: tell('accepted', askers(matter), messageParams(matter, factsOf(context))),
});

/** 退回: not ours. It waits for dispatch again, with the reason. */
export const giveBack = (matter: Matter, input: ReasonInput, context: Context): Change => {
  const facts = factsOf(context);
  return {
    facets: { leadUnit: null, handler: null },
    data: { returnedBy: matter.facets.leadUnit ?? null, route: null, pending: null },
    set: { returnedBy: matter.facets.leadUnit ?? '' },
    clocks: [{ name: 'dispatch', do: 'start', limit: facts.settings.clocks.dispatch }],
    texts: said('reason', input.reason),
    deliveries: tell('returned', facts.above, messageParams(matter, facts)),
  };
};

export const arrive = (matter: Matter, input: ArriveInput, context: Context): Change => {
  const facts = factsOf(context);
  return {
    data: { arrivedAt: context.now },
    files: filesOf(facts, input.blobs, 'arrival'),
    texts: said('note', input.note),
    deliveries: matter.data['arrivedAt'] === undefined
      ? tell('arrived', askers(matter), messageParams(matter, facts)) : [],
  };
};

/** 处置完毕, with a picture. Assisting units must have finished before. */
export const finish = (matter: Matter, input: FinishInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (facts.tasks.length > 0) return refuse(409, 'case.tasks-open', { count: facts.tasks.length });
  return {
    data: { finishedAt: context.now, pending: null },
    clocks: [{ name: 'verify', do: 'start', limit: facts.settings.clocks.verify }],
    files: filesOf(facts, input.blobs, 'after'),
    texts: said('note', input.note),
    deliveries: tell('finished', askers(matter), messageParams(matter, facts)),
  };
};

/** 核查通过, by somebody who did not handle it. */
export const verify = (_: Matter, input: VerifyInput, context: Context): Change => {
  const facts = factsOf(context);
  return {
    files: filesOf(facts, input.blobs, 'verification'),
    texts: said('note', input.note),
    ...(facts.settings.closeAtOnce && { then: { action: 'close', input: {} } }),
  };
};

/** 返工: back to whoever handled it, with the whole limit anew; counted. */
export const rework = (matter: Matter, input: ReworkInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (!facts.row?.limit) return refuse(409, 'case.no-limit', { text: facts.row?.limitText ?? '' });
  return {
    data: { reworks: countOf(matter, 'reworks') + 1, finishedAt: null },
    clocks: [{ name: 'handle', do: 'start', limit: facts.row.limit }],
    files: filesOf(facts, input.blobs, 'verification'),
    texts: said('reason', input.reason),
    deliveries: [
      ...tell('rework', matter.facets.handler ? [`account:${matter.facets.handler}`] : (facts.staff[matter.facets.leadUnit ?? ''] ?? []), messageParams(matter, facts), true),
    ],
  };
};

/** 结案. */
export const close = (matter: Matter, input: NothingInput, context: Context): Change => ({
  data: { closedAt: context.now },
  texts: said('note', input.note),
  deliveries: tell('verified_closed', askers(matter), messageParams(matter, factsOf(context))),
});

const waits = (matter: Matter, what: 'extension' | 'hold' | 'appeal', amount: number, reason: string, context: Context): Change => ({
  data: { pending: asJson({ what, amount, by: context.actor.id }) },
  set: { amount },
  texts: said('reason', reason),
  deliveries: tell('request', factsOf(context).above, messageParams(matter, factsOf(context))),
});

const nothingWaits = (matter: Matter): Refusal | null => {
  const pending = pendingOf(matter);
  return pending ? refuse(409, 'case.pending', { what: pending.what }) : null;
};

export const mayExtend = (matter: Matter): Refusal | null => nothingWaits(matter) ?? (countOf(matter, 'extensions') >= 2 ? refuse(409, 'case.extended-twice') : null);
export const mayHold = (matter: Matter): Refusal | null => nothingWaits(matter) ?? (countOf(matter, 'holds') >= 1 ? refuse(409, 'case.held-once') : null);
export const mayAppeal = (matter: Matter): Refusal | null => nothingWaits(matter) ?? (countOf(matter, 'appeals') >= 1 ? refuse(409, 'case.appealed-once') : null);
export const waitsFor = (what: 'extension' | 'hold' | 'appeal') => (matter: Matter): Refusal | null =>
  pendingOf(matter)?.what === what ? null : refuse(409, 'case.nothing-pending');

export const requestExtension = (matter: Matter, input: ExtensionInput, context: Context): Change | Refusal => {
  const limit = factsOf(context).row?.limit;
  if (limit && input.amount > limit.amount) return refuse(422, 'case.extension-too-long');
  return waits(matter, 'extension', input.amount, input.reason, context);
};

export const approveExtension = (matter: Matter, input: NothingInput, context: Context): Change => {
  const { amount } = pendingOf(matter)!;
  const limit = factsOf(context).row?.limit;
  return {
    data: { pending: null, extensions: countOf(matter, 'extensions') + 1 },
    set: { amount },
    clocks: [{ name: 'handle', do: 'extend', limit: { amount, unit: limit?.unit ?? 'workingDay' } }],
    texts: said('note', input.note),
    deliveries: [...toHandler(matter, context, 'extended'), ...tell('extended', askers(matter), messageParams(matter, factsOf(context)))],
  };
};

export const refuseRequest = (matter: Matter, input: ReasonInput, context: Context): Change => ({
  data: { pending: null },
  texts: said('reason', input.reason),
  deliveries: toHandler(matter, context, 'request_refused'),
});

export const requestHold = (matter: Matter, input: HoldInput, context: Context): Change | Refusal =>
  input.days > factsOf(context).settings.holdDaysAtMost ? refuse(422, 'case.hold-too-long') : waits(matter, 'hold', input.days, input.reason, context);

/** 挂账: the handling clock stands still, and a clock of its own says until when. */
export const approveHold = (matter: Matter, input: NothingInput, context: Context): Change => {
  const { amount } = pendingOf(matter)!;
  return {
    data: { pending: null, holds: countOf(matter, 'holds') + 1 },
    set: { amount },
    clocks: [{ name: 'hold', do: 'start', limit: { amount, unit: 'urgentDay' } }],
    texts: said('note', input.note),
    deliveries: tell('held', askers(matter), messageParams(matter, factsOf(context))),
  };
};

export const resume = (matter: Matter, _: unknown, context: Context): Change => ({ deliveries: toHandler(matter, context, 'resumed') });

export const appeal = (matter: Matter, input: ReasonInput, context: Context): Change => waits(matter, 'appeal', 1, input.reason, context);

export const decideAppeal = (matter: Matter, input: DecideAppealInput, context: Context): Change => ({
  data: { pending: null, appeals: countOf(matter, 'appeals') + 1, appealUpheld: input.upheld },
  set: { upheld: input.upheld },
  texts: said('reason', input.reason),
  deliveries: toHandler(matter, context, 'appeal_decided'),
});

const toHandler = (matter: Matter, context: Context, template: string) => {
  const facts = factsOf(context);
  const recipients = matter.facets.handler ? [`account:${matter.facets.handler}`] : (facts.staff[matter.facets.leadUnit ?? ''] ?? []);
  return tell(template, recipients, messageParams(matter, facts), true);
};
