import { Type } from 'typebox';
import { limitShape, wholeShape, wordsShape, yesNoShape } from '../../settings/contract/shapes.ts';

const closed = { additionalProperties: false } as const;
const limit = Type.Optional(limitShape);

/** Posts that a rung of an escalation is for, and the roles that may hold one. */
const post = Type.String({ pattern: '^[a-z]{1,24}$', 'x-words': 'cases.post' });
const rungs = Type.Optional(Type.Array(Type.Object({
  share: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })), over: Type.Optional(Type.Number({ minimum: 0, maximum: 1000 })),
  to: Type.Array(post, { minItems: 1, maxItems: 6 }),
}, closed), { maxItems: 12 }));

const basis = Type.Optional(wordsShape(200, 400));

/** What a county may set of the case flow over `data/cases/settings.json`. */
export const CaseFlow = Type.Object({
  clocks: Type.Optional(Type.Object({ check: limit, file: limit, dispatch: limit, accept: limit, verify: limit, task: limit }, closed)),
  /** 依据: which law, rule or notice a limit rests on; for people, it decides nothing. */
  basis: Type.Optional(Type.Object({ check: basis, file: basis, dispatch: basis, accept: basis, verify: basis, task: basis, extension: basis, hold: basis, reopen: basis, ladders: basis }, closed)),
  extensionsAtMost: wholeShape(0, 20), holdDaysAtMost: wholeShape(1, 3660), reopenDays: wholeShape(0, 366), dispatchAtOnce: yesNoShape, closeAtOnce: yesNoShape,
  ladders: Type.Optional(Type.Object({ file: rungs, handle: rungs, verify: rungs }, closed)),
  posts: Type.Optional(Type.Array(Type.Object({
    post, name: Type.Optional(wordsShape(24, 60)),
    holders: Type.Array(Type.Object({ role: Type.String({ pattern: '^[a-z]{1,24}$', 'x-words': 'roles' }), within: Type.Union([Type.Literal('unit'), Type.Literal('parent'), Type.Literal('place')]), unassigned: yesNoShape }, closed), { minItems: 1, maxItems: 10 }),
  }, closed), { minItems: 1, maxItems: 12 })),
  duplicates: Type.Optional(Type.Object({ metres: wholeShape(1, 1000), days: wholeShape(1, 366) }, closed)),
}, closed);

/** Actions of a case that ask for a reason and have some kept ready. */
const reasonedActions = [
  'decline', 'unmerge', 'requestCheck', 'return', 'redispatch', 'rework', 'requestExtension', 'requestHold', 'refuseExtension', 'refuseHold', 'appeal', 'urge', 'reopen', 'refuseReopen', 'void', 'withhold',
] as const;

/** Replies that are kept ready, in place of the whole list of `data/cases/replies.json`. */
export const SavedReplies = Type.Array(Type.Object({ key: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), name: wordsShape(120, 200), text: wordsShape(300) }, closed), { maxItems: 60 });

/** Reasons that are offered where an action asks for one, in place of the whole list of `data/cases/reasons.json`. */
export const SavedReasons = Type.Array(Type.Object({
  key: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), actions: Type.Array(Type.Union(reasonedActions.map((action) => Type.Literal(action))), { minItems: 1, maxItems: reasonedActions.length }), text: wordsShape(300),
}, closed), { maxItems: 120 });

/** Telephones and windows that every page for residents names. */
export const ContactPoints = Type.Object({
  phones: Type.Array(Type.Object({ name: wordsShape(120, 200), number: Type.String({ pattern: '^[0-9+\\- ]{3,24}$' }), hours: wordsShape(120, 200) }, closed), { maxItems: 20 }),
  windows: Type.Array(Type.Object({ name: wordsShape(120, 200), address: wordsShape(120, 200), hours: wordsShape(120, 200) }, closed), { maxItems: 40 }),
}, closed);
