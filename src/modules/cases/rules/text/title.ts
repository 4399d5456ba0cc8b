import type { StandardRow } from '../../../catalogue/rules/standards.ts';

/** The first clause of a filing condition: short enough for a title. */
const clause = (condition: string): string => condition.split(/[，,、；;。（(]/)[0]!.slice(0, 16);

/**
 * The title of a case, without a word of whoever reported it: `what or where · condition`.
 * @param name of the component, where one is known
 * @param place names of the place
 */
export const titleOf = (name: string | undefined, place: string, row: StandardRow | undefined): string => {
  const what = row ? (name ? clause(row.openCondition) : `${row.minorName}${clause(row.openCondition)}`) : '';
  return [name ?? place, what].filter(Boolean).join(' · ').slice(0, 120);
};
