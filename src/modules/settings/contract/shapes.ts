import { Type } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Members in an owner's schema that several areas have. */

/** A text in every language, each of up to `most` signs. */
export const wordsShape = (most: number, english = most) => Type.Object({
  'zh-Hans': Type.String({ minLength: 1, maxLength: most }), 'zh-Hant': Type.String({ minLength: 1, maxLength: most }), en: Type.String({ minLength: 1, maxLength: english }),
}, closed);

/** A limit of a clock: halves are allowed. */
export const limitShape = Type.Object({
  amount: Type.Number({ exclusiveMinimum: 0, maximum: 1000, multipleOf: 0.5 }),
  unit: Type.Union([Type.Literal('workingHour'), Type.Literal('workingDay'), Type.Literal('urgentHour'), Type.Literal('urgentDay')]),
}, closed);

/** A whole number that may be left out. */
export const wholeShape = (minimum: number, maximum: number, how: { readonly 'x-control'?: string } = {}) => Type.Optional(Type.Integer({ minimum, maximum, ...how }));

/** A yes or no that may be left out. */
export const yesNoShape = Type.Optional(Type.Boolean());
