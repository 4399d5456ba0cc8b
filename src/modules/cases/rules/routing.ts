import { Type, type Static } from 'typebox';
import type { Text } from '../../../base/language.ts';
import type { Route } from './facts.ts';

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

/** What rules look at. */
export interface Routed {
  readonly code: string;
  /** Stored path: the ids of all places above. */
  readonly path: string;
  readonly ownerUnit: string | null;
  /** Minutes after local midnight, and the local weekday. */
  readonly minute: number;
  readonly weekday: number;
}

/** Why a rule did not decide: the first part of it that does not fit. */
export type Miss = 'place' | 'code' | 'hours' | 'weekdays' | 'owner';

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const withinHours = ([from, until]: readonly [string, string], minute: number): boolean => {
  const [a, b] = [minutes(from), minutes(until)];
  return a <= b ? a <= minute && minute < b : minute >= a || minute < b;
};

/** The first part of a rule that does not fit; null where all do. */
export const missOf = (rule: DispatchRule, routed: Routed): Miss | null => {
  if (rule.code !== undefined && !routed.code.startsWith(rule.code)) return 'code';
  if (rule.place !== undefined && !`/${routed.path}`.includes(`/${rule.place}/`)) return 'place';
  if (rule.weekdays && !rule.weekdays.includes(routed.weekday)) return 'weekdays';
  if (rule.hours && !withinHours(rule.hours as [string, string], routed.minute)) return 'hours';
  if (rule.unit === 'owner' && routed.ownerUnit === null) return 'owner';
  return null;
};

/** The first rule that fits, with its place in the order, and what kept those before it; the route is null where none fits. */
export const routeBy = (rules: readonly DispatchRule[], routed: Routed): { readonly route: Route | null; readonly misses: readonly Miss[] } => {
  const misses: Miss[] = [];
  for (const [index, rule] of rules.entries()) {
    const miss = missOf(rule, routed);
    if (miss === null) {
      return { route: { unit: rule.unit === 'owner' ? routed.ownerUnit! : rule.unit, order: index + 1, words: rule.words as Text }, misses };
    }
    misses.push(miss);
  }
  return { route: null, misses };
};
