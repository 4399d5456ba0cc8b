import { refuse, type Refusal } from '../../../base/result.ts';
import type { Change, Context, Matter } from '../../matters/rules/workflow.ts';
import { handled } from './handling.ts';
import { followersAtMost, type CallbackInput, type ClockInput, type FollowInput, type HandInput, type NoteInput, type PublishInput, type RateInput, type ReasonInput, type ReplyInput } from '../contract/inputs.ts';
import { askers, confided, countOf, factsOf, filesOf, listOf, messageParams, said, tell } from './facts.ts';
import { keepRise, startRise } from './ladder.ts';
import { holdsPersonalNumber, replyWords } from './text/words.ts';

/** Whoever must move next: the person who has it in hand, else the unit, else those above. */
const movers = (matter: Matter, context: Context): readonly string[] => {
  const facts = factsOf(context);
  if (matter.facets.handler) return [`account:${matter.facets.handler}`];
  return (matter.facets.leadUnit && facts.staff[matter.facets.leadUnit]) || facts.above;
};

/** 督办: reads and urges, never edits. */
export const urge = (matter: Matter, input: ReasonInput, context: Context): Change => ({
  data: { urged: Number(matter.data['urged'] ?? 0) + 1 },
  texts: said('reason', input.reason),
  deliveries: tell('urged', movers(matter, context), messageParams(matter, factsOf(context)), true),
});

/** Of the reporter: what is to be known besides. Of staff: among themselves, and whoever is called by `@login` is told. */
export const note = (matter: Matter, input: NoteInput, context: Context): Change => ({
  texts: context.role === 'proxy' || matter.facets.reporter === `contact:${context.actor.id}` || (context.actor.kind === 'program' && matter.facets.reporter === `account:${context.actor.id}`) ? confided('note', input.text) : said('internal', input.text),
  files: filesOf(factsOf(context), input.blobs, 'note'),
  deliveries: tell('mentioned', (factsOf(context).mentioned ?? []).map((account) => `account:${account}`), messageParams(matter, factsOf(context))),
});

/**
 * 答复: an answer to whoever asked for the case. One that is kept ready reaches each in their own language; free words stand on the
 * page that the message leads to, for no message carries what a person wrote.
 */
export const reply = (matter: Matter, input: ReplyInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  const recipients = askers(matter);
  if (recipients.length === 0) return refuse(409, 'case.nobody-to-tell');
  const params = messageParams(matter, facts);
  const template = facts.settings.replies.find(({ key }) => key === input.template);
  if (input.template !== undefined && !template) return refuse(422, 'case.no-reply', { template: input.template }, [{ path: '/input/template', reason: 'case.no-reply', params: { template: input.template } }]);
  if (!template && !input.text) return refuse(422, 'case.reply-empty');
  const words = template && replyWords(template, params);
  return {
    ...(template && { set: { reply: template.key } }),
    texts: said('reply', [words?.['zh-Hans'], input.text].filter(Boolean).join('\n')),
    deliveries: words && !input.text
      ? recipients.flatMap((recipient) => tell('reply', [recipient], { ...params, words: words[facts.speaks?.get(recipient) ?? 'zh-Hans'] }))
      : tell('replied', recipients, params),
  };
};

export const rate = (matter: Matter, input: RateInput): Change | Refusal =>
  matter.data['rating'] !== undefined ? refuse(409, 'case.rated')
    : { data: { rating: input.stars }, set: { stars: input.stars }, texts: confided('rating', input.text) };

/** "Solved", in one word and without a level: whoever answers so has not said how satisfied they are. */
export const confirm = (_matter: Matter, _: unknown, context: Context): Change => ({ data: { confirmedAt: context.now, reopenAsked: null } });

const tooLate = (matter: Matter, context: Context): Refusal | null => {
  const { reopenDays } = factsOf(context).settings;
  const closed = Number(matter.data['closedAt'] ?? matter.updatedAt);
  return context.now - closed > reopenDays * 86_400_000 ? refuse(409, 'case.reopen-late', { days: reopenDays }) : null;
};

/** "Not solved": the reporter asks, an officer decides. */
export const askReopen = (matter: Matter, input: ReasonInput, context: Context): Change | Refusal =>
  tooLate(matter, context) ?? {
    data: { reopenAsked: context.now },
    texts: confided('reason', input.reason),
    deliveries: tell('reopen_asked', factsOf(context).above, messageParams(matter, factsOf(context))),
  };

/** 重开: filed again, to be dispatched anew. */
export const reopen = (matter: Matter, input: ReasonInput, context: Context): Change | Refusal =>
  tooLate(matter, context) ?? {
    facets: { leadUnit: null, handler: null },
    data: { reopened: Number(matter.data['reopened'] ?? 0) + 1, reopenAsked: null, finishedAt: null, closedAt: null, route: null, rating: null, confirmedAt: null, arrivedAt: null, verifiedBy: null, ...begun(matter, context).rise },
    clocks: [{ name: 'dispatch', do: 'start', limit: factsOf(context).settings.clocks.dispatch }, ...begun(matter, context).clocks],
    texts: said('reason', input.reason),
    deliveries: tell('reopened', askers(matter), messageParams(matter, factsOf(context))),
  };

/** A case that is opened again rises from its new beginning. */
const begun = (matter: Matter, context: Context): ReturnType<typeof startRise> => {
  const facts = factsOf(context);
  return facts.row?.limit ? startRise(matter, 'handle', facts.row.limit, facts) : { rise: {}, clocks: [] };
};

/** "Not solved" was looked into by somebody who had no part in it, and it is solved: the reporter is told why. */
export const refuseReopen = (matter: Matter, input: ReasonInput, context: Context): Change => ({
  data: { reopenAsked: null },
  texts: said('reason', input.reason),
  deliveries: tell('reopen_refused', askers(matter), messageParams(matter, factsOf(context))),
});

/** 约定回访: somebody calls the reporter when it is done. */
export const promise = (): Change => ({ data: { callBack: 'promised' } });

/**
 * 回访: what the reporter says on the telephone, to somebody who did not handle it. Satisfaction is taken from here and from nowhere
 * else; "not solved" asks for reopening, which is for somebody independent to decide.
 */
export const callback = (matter: Matter, input: CallbackInput, context: Context): Change | Refusal => {
  const { outcome, reached, solved, satisfaction } = input;
  const said = { ...(reached !== undefined && { reached }), ...(solved !== undefined && { solved }), ...(satisfaction !== undefined && { satisfaction }) };
  if (outcome !== 'answered' && Object.keys(said).length > 0) return refuse(422, 'case.callback-not-answered');
  const unsolved = solved === false && matter.state === 'closed';
  return handled(context) ?? {
    data: { callback: { outcome, ...said, at: context.now }, ...(unsolved && { reopenAsked: context.now }) },
    set: { outcome, ...said },
    texts: confided('note', input.note),
    deliveries: unsolved ? tell('reopen_asked', factsOf(context).above, messageParams(matter, factsOf(context))) : [],
  };
};

/** Buttons: there is a request to decide on. */
export const reopenWaits = (matter: Matter): Refusal | null => (typeof matter.data['reopenAsked'] === 'number' ? null : refuse(409, 'case.reopen-not-asked'));

/** 领办、分派: one person has it on the desk or in the unit from here on. Nothing else changes: who is handed a task accepts it all the same. */
export const hand = (matter: Matter, input: HandInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  if (input.free && matter.facets.handler !== undefined) return refuse(409, 'case.in-hand');
  if (!facts.mayTake) return refuse(422, 'case.cannot-take', {}, [{ path: '/input/account', reason: 'case.cannot-take' }]);
  return {
    facets: { handler: input.account },
    texts: said('note', input.note),
    deliveries: input.account === context.actor.id ? [] : tell('handed', [`account:${input.account}`], messageParams(matter, facts)),
  };
};

/** 作废: reported by mistake. Tasks of assisting units end with it. */
export const annul = (_: Matter, input: ReasonInput, context: Context): Change => ({
  texts: said('reason', input.reason),
  also: factsOf(context).tasks.map((on) => ({ on, kind: 'task', action: 'cancel', input: {} })),
});

/** 公开说明: words of an officer for everybody; what was withheld is shown again. */
export const publish = (_: Matter, input: PublishInput): Change | Refusal =>
  holdsPersonalNumber(input.summary)
    ? refuse(422, 'case.personal-data', {}, [{ path: '/input/summary', reason: 'case.personal-data' }])
    : { data: { published: true, withheld: null }, texts: said('summary', input.summary) };

/** 不予公开: the case leaves the public view, list, map and data alike. */
export const withhold = (_: Matter, input: ReasonInput): Change => ({
  data: { withheld: true, published: null },
  texts: said('reason', input.reason),
});

export const follow = (matter: Matter, input: FollowInput, context: Context): Change | Refusal => {
  const contact = input.contact ?? context.actor.id;
  const followers = [...new Set([...listOf(matter, 'followers'), `contact:${contact}`])];
  return followers.length > followersAtMost ? refuse(409, 'case.followers-full', { most: followersAtMost }) : { data: { followers }, set: { follower: contact } };
};

/** A limit is nearly spent: whoever must move is reminded. */
export const remind = (matter: Matter, input: ClockInput, context: Context): Change => ({
  set: { clock: input.clock },
  deliveries: tell('due_soon', movers(matter, context), messageParams(matter, factsOf(context))),
});

/** A report that was not looked at in time rises from that moment on: nobody need have it for that. */
const late = (matter: Matter, { clock }: ClockInput, context: Context): ReturnType<typeof startRise> => {
  const facts = factsOf(context);
  if (clock !== 'file') return { rise: {}, clocks: [] };
  const { rise, clocks } = keepRise(matter, 'file', { amount: 0, unit: facts.settings.clocks.file.unit }, facts);
  return { rise, clocks: clocks.map((order) => ({ ...order, after: 'file' })) };
};

/** A limit has passed: those above are told, also where nobody has the case in hand. */
export const overdue = (matter: Matter, input: ClockInput, context: Context): Change => ({
  data: { overdue: countOf(matter, 'overdue') + 1, ...late(matter, input, context).rise },
  set: { clock: input.clock },
  clocks: late(matter, input, context).clocks,
  deliveries: tell('overdue', [...new Set([...movers(matter, context), ...factsOf(context).above])], messageParams(matter, factsOf(context)), true),
});
