import { refuse, type Refusal } from '../../../base/result.ts';
import type { Change, Context, Matter } from '../../matters/rules/workflow.ts';
import type { ArriveInput, DecideAppealInput, ExtensionInput, FinishInput, HoldInput, NothingInput, ReasonInput, ReturnInput, ReworkInput, VerifyInput } from '../contract/inputs.ts';
import { extendRise, startRise } from './ladder.ts';
import { asJson, askers, countOf, factsOf, filesOf, messageParams, pendingOf, said, tell } from './facts.ts';

/** A unit that a case was sent to and that said that it is not theirs; with the rule and the person that had sent it there. */
interface SentBack {
  readonly unit: string;
  readonly rule: number | null;
  readonly by: string | null;
}

const sentBackOf = (matter: Matter): readonly SentBack[] => (matter.data['sentBack'] as unknown as readonly SentBack[] | undefined) ?? [];

/**
 * 签收: from here on the person who accepted has it in hand. Where another unit had said that it is not theirs, the unit that
 * accepts shows that the first dispatch was a wrong one (误派), which the entry says with the rule or the person that had chosen it.
 */
export const accept = (matter: Matter, _: NothingInput, context: Context): Change => {
  const wrong = sentBackOf(matter).filter(({ unit }) => unit !== matter.facets.leadUnit);
  return {
    facets: { handler: context.actor.id },
    ...(wrong.length > 0 && {
      data: { sentBack: null, misdispatched: Number(matter.data['misdispatched'] ?? 0) + wrong.length },
      set: { misdispatched: asJson(wrong.map(({ unit, rule, by }) => ({ unit, rule: rule ?? 0, by: by ?? '' }))) },
    }),
    deliveries: tell('accepted', askers(matter), messageParams(matter, factsOf(context))),
  };
};

/** 退回: not ours, or not to be done by us. It waits for dispatch again, with the reason; counted. */
export const giveBack = (matter: Matter, input: ReturnInput, context: Context): Change => {
  const facts = factsOf(context);
  const unit = matter.facets.leadUnit ?? '';
  const route = matter.data['route'] as { readonly order: number | null; readonly by?: string } | null | undefined;
  const why = input.why ?? 'notOurs';
  const before = sentBackOf(matter).filter((one) => one.unit !== unit);
  return {
    facets: { leadUnit: null, handler: null },
    data: {
      returnedBy: unit || null, route: null, pending: null, returns: countOf(matter, 'returns') + 1,
      ...(why === 'notOurs' && { sentBack: asJson([...before, { unit, rule: route?.order ?? null, by: route?.by ?? null }].slice(-20)) }),
    },
    set: { returnedBy: unit, why },
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
  const { rise, clocks } = startRise(matter, 'verify', facts.settings.clocks.verify, facts);
  return {
    data: { finishedAt: context.now, ...(pendingOf(matter)?.what !== 'appeal' && { pending: null }), ...rise },
    clocks: [{ name: 'verify', do: 'start', limit: facts.settings.clocks.verify }, ...clocks],
    files: filesOf(facts, input.blobs, 'after'),
    texts: said('note', input.note),
    deliveries: tell('finished', askers(matter), messageParams(matter, facts)),
  };
};

/** How it was verified. A call never counts as a look: who works at the telephone verifies by callback, whatever is said. */
const methodOf = (input: { readonly method?: 'site' | 'callback' }, context: Context): 'site' | 'callback' => (context.role === 'operator' ? 'callback' : input.method ?? 'site');

/** Whoever had a task of an assisting unit in hand has handled it too. */
export const handled = (context: Context): Refusal | null =>
  factsOf(context).hands?.includes(context.actor.id) ? refuse(409, 'case.assisted') : null;

/** 核查通过, on site or by calling the reporter, by somebody who did not handle it. An open appeal is decided before it closes. */
export const verify = (matter: Matter, input: VerifyInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  const method = methodOf(input, context);
  return handled(context) ?? {
    data: { verifiedBy: method },
    set: { method },
    files: filesOf(facts, input.blobs, 'verification'),
    texts: said('note', input.note),
    ...(facts.settings.closeAtOnce && !pendingOf(matter) && { then: { action: 'close', input: {} } }),
  };
};

/** 返工: back to whoever handled it, with the whole limit anew; counted. */
export const rework = (matter: Matter, input: ReworkInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (!facts.row?.limit) return refuse(409, 'case.no-limit', { text: facts.row?.limitText ?? '' });
  const method = methodOf(input, context);
  return handled(context) ?? {
    data: { reworks: countOf(matter, 'reworks') + 1, finishedAt: null },
    set: { method },
    clocks: [{ name: 'handle', do: 'start', limit: facts.row.limit }],
    files: filesOf(facts, input.blobs, 'verification'),
    texts: said('reason', input.reason),
    deliveries: [
      ...tell('rework', matter.facets.handler ? [`account:${matter.facets.handler}`] : (facts.staff[matter.facets.leadUnit ?? ''] ?? []), messageParams(matter, facts), true),
    ],
  };
};

/** Buttons: nothing closes while an appeal waits for its decision. */
export const mayClose = (matter: Matter): Refusal | null => (pendingOf(matter)?.what === 'appeal' ? refuse(409, 'case.appeal-open') : null);

/** 结案. */
export const close = (matter: Matter, input: NothingInput, context: Context): Change | Refusal => handled(context) ?? ({
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

/** How often the limit may be extended, as it was when the case was dispatched: twice where nothing says otherwise. */
const extensionsOf = (matter: Matter): number => Number(matter.data['extensionsAtMost'] ?? 2);

export const mayExtend = (matter: Matter): Refusal | null => nothingWaits(matter) ?? (countOf(matter, 'extensions') >= extensionsOf(matter) ? refuse(409, 'case.extended-twice', { most: extensionsOf(matter) }) : null);
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
  const facts = factsOf(context);
  const more = { amount, unit: facts.row?.limit?.unit ?? 'workingDay' as const };
  const { rise, clocks } = extendRise(matter, more, facts);
  return {
    data: { pending: null, extensions: countOf(matter, 'extensions') + 1, ...rise },
    set: { amount },
    clocks: [{ name: 'handle', do: 'extend', limit: more }, ...clocks],
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

/** 申诉: counted when it is made, so that nothing which happens before its decision gives a second one. */
export const appeal = (matter: Matter, input: ReasonInput, context: Context): Change => {
  const asked = waits(matter, 'appeal', 1, input.reason, context);
  return { ...asked, data: { ...asked.data, appeals: countOf(matter, 'appeals') + 1 } };
};

export const decideAppeal = (matter: Matter, input: DecideAppealInput, context: Context): Change => ({
  data: { pending: null, appealUpheld: input.upheld },
  set: { upheld: input.upheld },
  // It had been verified and waited for this.
  ...(matter.state === 'verified' && factsOf(context).settings.closeAtOnce && { then: { action: 'close', input: {} } }),
  texts: said('reason', input.reason),
  deliveries: toHandler(matter, context, 'appeal_decided'),
});

const toHandler = (matter: Matter, context: Context, template: string) => {
  const facts = factsOf(context);
  const recipients = matter.facets.handler ? [`account:${matter.facets.handler}`] : (facts.staff[matter.facets.leadUnit ?? ''] ?? []);
  return tell(template, recipients, messageParams(matter, facts), true);
};
