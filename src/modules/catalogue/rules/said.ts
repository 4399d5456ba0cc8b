import type { StandardRow } from './standards.ts';

/** How residents say what a row means; entries stand in order of how common they are. */
export interface PhraseEntry {
  /** Names of items; `*井盖` is every name that ends so. */
  readonly items: readonly string[];
  /** A part of the filing condition; every condition of the item where absent. */
  readonly condition?: string;
  readonly phrases: readonly string[];
}

const fits = (item: string, name: string): boolean => (item.startsWith('*') ? name.endsWith(item.slice(1)) : name === item);

/** The place of the item among those of an entry that a row is said with, -1 where it is none of them. */
export const itemAt = ({ items, condition }: PhraseEntry, row: StandardRow): number =>
  (condition === undefined || row.openCondition.includes(condition) ? items.findIndex((item) => fits(item, row.minorName)) : -1);

/** Names among these that an entry is about, its first item first. */
export const itemsOf = ({ items }: PhraseEntry, names: readonly string[]): string[] =>
  [...new Set(items.flatMap((item) => names.filter((name) => fits(item, name))))];

/** What residents say for a row. */
export const phrasesOf = (entries: readonly PhraseEntry[], row: StandardRow): string[] =>
  entries.filter((entry) => itemAt(entry, row) >= 0).flatMap((entry) => entry.phrases);

/** Reads `said.tsv`: item, part of its filing condition or nothing, and what is said for it, parted by `|`. */
export const readSaid = (text: string): PhraseEntry[] =>
  text.trimEnd().split('\n').slice(1).map((line) => {
    const [item, condition, said] = line.split('\t') as [string, string, string];
    return { items: [item], ...(condition !== '' && { condition }), phrases: said.split('|') };
  });
