import { Type, type Static } from 'typebox';

const digest = Type.String({ pattern: '^[0-9a-f]{64}$' });
const uuid = Type.String({ format: 'uuid', pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
/** Degrees, WGS-84. */
const lng = Type.Number({ minimum: -180, maximum: 180 });
const lat = Type.Number({ minimum: -90, maximum: 90 });
const closed = { additionalProperties: false } as const;

/** Words of a person; `x-picker` tells a page which control to draw. */
const words = (maxLength: number) => Type.String({ minLength: 1, maxLength, 'x-picker': 'text' });
const reason = words(500);
const note = Type.Optional(Type.String({ maxLength: 1_000, 'x-picker': 'text' }));
const photos = (minItems: number) => Type.Array(digest, { minItems, maxItems: 9, 'x-picker': 'photos' });
const unit = Type.String({ maxLength: 40, 'x-picker': 'unit' });
const row = Type.String({ maxLength: 60, 'x-picker': 'code' });
const days = (maximum: number) => Type.Number({ minimum: 0.5, maximum, 'x-picker': 'days' });

/** How a report came in. */
const Channel = Type.Union([
  Type.Literal('web'), Type.Literal('phone'), Type.Literal('window'), Type.Literal('field'), Type.Literal('gridworker'), Type.Literal('plate'), Type.Literal('api'), Type.Literal('device'),
]);

export const ReportInput = Type.Object({
  /** What the reporter said, as said. */
  text: Type.Optional(Type.String({ maxLength: 6_000 })),
  lng: Type.Optional(lng), lat: Type.Optional(lat),
  /** How exact the device says its position is, in metres. */
  accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })),
  /** Code of a place, where no point is known. */
  place: Type.Optional(Type.String({ maxLength: 30 })),
  /** Address or place in words. */
  address: Type.Optional(Type.String({ maxLength: 200 })),
  component: Type.Optional(Type.String({ maxLength: 20 })),
  /** Key of a row of the code table. */
  code: Type.Optional(row),
  blobs: Type.Optional(Type.Array(digest, { maxItems: 9 })),
  /** Answers to the questions of its category, by their codes. */
  answers: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { minItems: 1, maxItems: 20 }))),
  channel: Type.Optional(Channel),
  /** Resident for whom staff report. */
  contact: Type.Optional(uuid),
  /** Somebody is to call when it is done: because that was promised, or because an elder reads no messages. */
  callBack: Type.Optional(Type.Union([Type.Literal('promised'), Type.Literal('elder')])),
}, closed);
export type ReportInput = Static<typeof ReportInput>;

export const ReasonInput = Type.Object({ reason }, closed);
export type ReasonInput = Static<typeof ReasonInput>;

/** Why a unit gives a case back: it is another's, nothing can be done with what is known, or it is beyond the unit. Only the first is a wrong dispatch. */
export const ReturnInput = Type.Object({ reason, why: Type.Optional(Type.Union([Type.Literal('notOurs'), Type.Literal('unclear'), Type.Literal('beyond')])) }, closed);
export type ReturnInput = Static<typeof ReturnInput>;

/** To whom a case is handed on a desk or in a unit. */
export const HandInput = Type.Object({ account: Type.String({ ...uuid, 'x-picker': 'account' }), note,
  /** Only where nobody has it: whoever takes the next one never takes it from somebody. */
  free: Type.Optional(Type.Literal(true)) }, closed);
export type HandInput = Static<typeof HandInput>;

/** What came of a call to the reporter after the case had ended; for one case of those that the call was about. */
export const CallbackInput = Type.Object({
  outcome: Type.Union([Type.Literal('answered'), Type.Literal('unanswered'), Type.Literal('later'), Type.Literal('refused')]),
  /** Whether the unit had been in touch with the reporter. */
  reached: Type.Optional(Type.Boolean()), solved: Type.Optional(Type.Boolean()),
  /** 1 very dissatisfied to 5 very satisfied. */
  satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })), note,
}, closed);
export type CallbackInput = Static<typeof CallbackInput>;

export const NothingInput = Type.Object({ note }, closed);
export type NothingInput = Static<typeof NothingInput>;

export const CheckInput = Type.Object({ found: Type.Boolean(), note, blobs: Type.Optional(photos(0)) }, closed);
export type CheckInput = Static<typeof CheckInput>;

export const FileInput = Type.Object({ code: row, component: Type.Optional(Type.String({ maxLength: 20, 'x-picker': 'component' })), note }, closed);
export type FileInput = Static<typeof FileInput>;

export const MergeInput = Type.Object({ into: Type.String({ ...uuid, 'x-picker': 'matter' }), reason: Type.Optional(reason) }, closed);
export type MergeInput = Static<typeof MergeInput>;

/** People who are told of a case beside its reporter, at most: a case of more is a matter for the public view and its mails. */
export const followersAtMost = 2_000;

export const AbsorbInput = Type.Object({ from: uuid, followers: Type.Array(Type.String(), { maxItems: followersAtMost + 2 }) }, closed);
export type AbsorbInput = Static<typeof AbsorbInput>;

export const ReleaseInput = Type.Object({ from: uuid }, closed);
export type ReleaseInput = Static<typeof ReleaseInput>;

export const LinkInput = Type.Object({ other: Type.String({ ...uuid, 'x-picker': 'matter' }), note }, closed);
export type LinkInput = Static<typeof LinkInput>;

export const SplitInput = Type.Object({
  /** What is the matter there, apart from the rest. */
  issue: words(500),
  code: row, component: Type.Optional(Type.String({ maxLength: 20, 'x-picker': 'component' })),
}, closed);
export type SplitInput = Static<typeof SplitInput>;

/** What a part takes over from the report that it is split from. */
export const PartInput = Type.Object({
  ...SplitInput.properties, parent: uuid, number: Type.String({ maxLength: 40 }), channel: Type.String({ maxLength: 40 }),
  reporter: Type.Optional(Type.String({ maxLength: 60 })), byProgram: Type.Optional(Type.Boolean()), forwarder: Type.Optional(Type.String({ maxLength: 60 })), asked: Type.Array(Type.String(), { maxItems: 502 }),
}, closed);
export type PartInput = Static<typeof PartInput>;

export const DispatchInput = Type.Object({
  /** Absent: by the first rule that fits. */
  unit: Type.Optional(unit),
  assisting: Type.Optional(Type.Array(unit, { maxItems: 8 })),
  note,
}, closed);
export type DispatchInput = Static<typeof DispatchInput>;

export const RedispatchInput = Type.Object({ unit, reason }, closed);
export type RedispatchInput = Static<typeof RedispatchInput>;

/** `unit` takes over what `from` had; `other` is the case that a task belongs to; `keep` leaves it with the person who had it in hand, who goes along. */
export const SucceedInput = Type.Object({ unit, from: unit, reason, keep: Type.Optional(Type.Boolean()), other: Type.Optional(uuid) }, closed);
export type SucceedInput = Static<typeof SucceedInput>;

export const AssistingInput = Type.Object({ unit, what: words(500) }, closed);
export type AssistingInput = Static<typeof AssistingInput>;

export const ArriveInput = Type.Object({ lng: Type.Optional(lng), lat: Type.Optional(lat), accuracy: Type.Optional(Type.Number({ minimum: 0 })), blobs: Type.Optional(photos(0)), note }, closed);
export type ArriveInput = Static<typeof ArriveInput>;

export const FinishInput = Type.Object({ blobs: photos(1), note }, closed);
export type FinishInput = Static<typeof FinishInput>;

/** On site, or by calling the reporter; on site where it is not said. */
const method = Type.Optional(Type.Union([Type.Literal('site'), Type.Literal('callback')]));

export const VerifyInput = Type.Object({ method, blobs: Type.Optional(photos(0)), note }, closed);
export type VerifyInput = Static<typeof VerifyInput>;

export const ReworkInput = Type.Object({ method, reason, blobs: Type.Optional(photos(0)) }, closed);
export type ReworkInput = Static<typeof ReworkInput>;

export const ExtensionInput = Type.Object({
  /** How much more, in the unit of the limit. */
  amount: Type.Number({ exclusiveMinimum: 0, maximum: 365 }), reason,
}, closed);
export type ExtensionInput = Static<typeof ExtensionInput>;

export const HoldInput = Type.Object({ days: days(366), reason }, closed);
export type HoldInput = Static<typeof HoldInput>;

export const DecideAppealInput = Type.Object({ upheld: Type.Boolean(), reason }, closed);
export type DecideAppealInput = Static<typeof DecideAppealInput>;

export const NoteInput = Type.Object({ text: words(2_000), blobs: Type.Optional(photos(0)) }, closed);
export type NoteInput = Static<typeof NoteInput>;

export const ReplyInput = Type.Object({
  /** Key of a reply that the county keeps ready. */
  template: Type.Optional(Type.String({ maxLength: 40, 'x-picker': 'reply' })),
  text: Type.Optional(words(500)),
}, closed);
export type ReplyInput = Static<typeof ReplyInput>;

export const RateInput = Type.Object({ stars: Type.Integer({ minimum: 1, maximum: 5 }), text: Type.Optional(Type.String({ maxLength: 1_000 })) }, closed);
export type RateInput = Static<typeof RateInput>;

export const FollowInput = Type.Object({ contact: Type.Optional(uuid) }, closed);
export type FollowInput = Static<typeof FollowInput>;

export const PublishInput = Type.Object({
  /** What everybody may read: no names, no numbers of persons, nobody's own words. */
  summary: words(300),
}, closed);
export type PublishInput = Static<typeof PublishInput>;

/** What the system gives with a clock that ran out. */
export const ClockInput = Type.Object({ clock: Type.String({ maxLength: 20 }) }, closed);
export type ClockInput = Static<typeof ClockInput>;

export const TaskInput = Type.Object({ parent: uuid, unit, what: words(500), title: Type.String({ maxLength: 200 }) }, closed);
export type TaskInput = Static<typeof TaskInput>;

/** By a person without anything, by the system when the hold has run out. */
export const ResumeInput = Type.Object({ clock: Type.Optional(Type.String({ maxLength: 20 })) }, closed);
export type ResumeInput = Static<typeof ResumeInput>;
