import { canonical, type Json } from '../../base/canonical.ts';
import type { DispatchRule } from '../cases/contract/dispatch.ts';

/** Rules with one unit put in another's place, and those that were changed, as they are afterwards. */
export const rewritten = (rules: readonly DispatchRule[], from: string, to: string, only?: ReadonlySet<string>): { readonly rules: readonly DispatchRule[]; readonly changed: readonly DispatchRule[] } => {
  const changed: DispatchRule[] = [];
  return {
    rules: rules.map((rule) => {
      if (rule.unit !== from || (only && !only.has(ruleKey(rule)))) return rule;
      const after = { ...rule, unit: to };
      changed.push(after);
      return after;
    }),
    changed,
  };
};

/** How a rule is told from others: rules have no number of their own. */
export const ruleKey = (rule: DispatchRule): string => canonical(rule as unknown as Json);

/** Where a value of a document is this text, as paths with `.` between members. */
export const placesOf = (document: Json, text: string, path = ''): readonly string[] => {
  if (document === text) return [path];
  if (document === null || typeof document !== 'object') return [];
  return Object.entries(document).flatMap(([name, member]) => placesOf(member as Json, text, path === '' ? name : `${path}.${name}`));
};

/** Units that stand under one, at any depth. */
export const below = (units: readonly { readonly id: string; readonly parent: string | null }[], root: string): ReadonlySet<string> => {
  const found = new Set<string>();
  for (let more = [root]; more.length > 0;) {
    more = units.filter(({ id, parent }) => parent !== null && more.includes(parent) && !found.has(id)).map(({ id }) => id);
    for (const id of more) found.add(id);
  }
  return found;
};
