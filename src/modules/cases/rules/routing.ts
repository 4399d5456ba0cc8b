import type { Text } from '../../../base/text/language.ts';
import type { DispatchRule } from '../contract/dispatch.ts';
import type { Route } from './facts.ts';

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
