import { Type } from 'typebox';
import { limitShape, wholeShape, wordsShape, yesNoShape } from '../../settings/contract/shapes.ts';

const closed = { additionalProperties: false } as const;
const limit = Type.Optional(limitShape);

/** What a county may set of the case flow over `data/cases/settings.json`. */
export const CaseFlow = Type.Object({
  clocks: Type.Optional(Type.Object({ check: limit, file: limit, dispatch: limit, accept: limit, verify: limit, task: limit }, closed)),
  extensionsAtMost: wholeShape(0, 20), holdDaysAtMost: wholeShape(1, 3660), reopenDays: wholeShape(0, 366), dispatchAtOnce: yesNoShape, closeAtOnce: yesNoShape,
  duplicates: Type.Optional(Type.Object({ metres: wholeShape(1, 1000), days: wholeShape(1, 366) }, closed)),
}, closed);

/** Replies that are kept ready, in place of the whole list of `data/cases/replies.json`. */
export const SavedReplies = Type.Array(Type.Object({ key: Type.String({ pattern: '^[a-z0-9-]{1,40}$' }), name: wordsShape(120, 200), text: wordsShape(300) }, closed), { maxItems: 60 });

/** Telephones and windows that every page for residents names. */
export const ContactPoints = Type.Object({
  phones: Type.Array(Type.Object({ name: wordsShape(120, 200), number: Type.String({ pattern: '^[0-9+\\- ]{3,24}$' }), hours: wordsShape(120, 200) }, closed), { maxItems: 20 }),
  windows: Type.Array(Type.Object({ name: wordsShape(120, 200), address: wordsShape(120, 200), hours: wordsShape(120, 200) }, closed), { maxItems: 40 }),
}, closed);
