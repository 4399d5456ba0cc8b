import { Type, type Static } from 'typebox';

const LanguageText = Type.Object({ 'zh-Hans': Type.String({ minLength: 1, maxLength: 200 }), 'zh-Hant': Type.String({ minLength: 1, maxLength: 200 }), en: Type.String({ minLength: 1, maxLength: 200 }) }, { additionalProperties: false });

/**
 * A dispatch rule: what is absent fits everything. Rules stand in order and the first that fits decides.
 * `code` is the beginning of a code table's row key (`C01`, `C0137`); `place` the code of a place with all under it;
 * `hours` is local time `HH:MM` from-until, over midnight where the second is the earlier one.
 */
export const DispatchRule = Type.Object({
  place: Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,30}$' })),
  code: Type.Optional(Type.String({ pattern: '^[CE][0-9A-Za-z-]{0,40}$' })),
  hours: Type.Optional(Type.Tuple([Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }), Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' })])),
  /** 0 Sunday to 6 Saturday. */
  weekdays: Type.Optional(Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), { minItems: 1, maxItems: 7 })),
  /** Code of a unit, or `owner`: the unit that owns the component (fits only where there is one). */
  unit: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
  words: LanguageText,
}, { additionalProperties: false });
export type DispatchRule = Static<typeof DispatchRule>;
