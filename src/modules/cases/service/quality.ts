import type { Language } from '../../../base/text/language.ts';
import type { DispatchQuality } from '../contract/routes.ts';
import { countDispatches, type DispatchCount } from '../store/dispatches.ts';
import type { Needs } from './needs.ts';
import type { Routing } from './routing.ts';

interface Sum { dispatched: number; accepted: number; returned: number; wrong: number }

const added = (a: Sum, b: Sum): Sum => ({ dispatched: a.dispatched + b.dispatched, accepted: a.accepted + b.accepted, returned: a.returned + b.returned, wrong: a.wrong + b.wrong });
const nothing: Sum = { dispatched: 0, accepted: 0, returned: 0, wrong: 0 };

/** Sums by a member, the one with most wrong ones first; rows where it is null are left out. */
const by = <K extends 'rule' | 'by' | 'unit'>(counts: readonly DispatchCount[], member: K): [NonNullable<DispatchCount[K]>, Sum][] => {
  const sums = new Map<NonNullable<DispatchCount[K]>, Sum>();
  for (const count of counts) {
    const key = count[member];
    if (key !== null) sums.set(key as NonNullable<DispatchCount[K]>, added(sums.get(key as NonNullable<DispatchCount[K]>) ?? nothing, count));
  }
  return [...sums].sort(([, a], [, b]) => b.wrong - a.wrong || b.dispatched - a.dispatched).slice(0, 50);
};

/**
 * 准确派遣率 (after GB/T 30428.4): a dispatch was wrong where the unit gave the case back as not theirs and another unit took it on.
 * By the rule that chose, by the person who did, and by the unit that it was sent to. As the log stood a moment ago.
 */
export const createQuality = ({ world, identity }: Needs, routing: Routing) => async (county: string, days: number, language: Language): Promise<DispatchQuality> => {
  const counts = await countDispatches(world.db, county, world.now() - days * 86_400_000);
  const all = counts.reduce<Sum>(added, nothing);
  const { rules } = await routing.rules(county);
  const units = await identity.units.get(world.db, county, [...new Set(counts.map(({ unit }) => unit))]);
  const names = await identity.accounts.names(world.db, counts.flatMap(({ by: account }) => account ?? []));
  return {
    ...all, accurate: all.dispatched === 0 ? null : 1 - all.wrong / all.dispatched,
    byRule: by(counts, 'rule').map(([order, sum]) => ({ order, words: rules[order - 1]?.words[language] ?? '', ...sum })),
    byPerson: by(counts, 'by').map(([id, sum]) => ({ name: names.get(id) ?? id, ...sum })),
    byUnit: by(counts, 'unit').map(([id, sum]) => ({ unit: { id, name: units.get(id)?.name[language] ?? id }, ...sum })),
  };
};
