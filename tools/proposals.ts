import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readModel, trainModel, writeModel, type Model } from '../src/modules/catalogue/rules/model.ts';
import { Ranker } from '../src/modules/catalogue/rules/rank.ts';
import { readRow, type StandardField } from '../src/modules/catalogue/rules/rows.ts';
import { readSaid, type PhraseEntry } from '../src/modules/catalogue/rules/said.ts';
import type { StandardRow } from '../src/modules/catalogue/rules/standards.ts';
import { createWords } from '../src/modules/catalogue/words.ts';

const file = (name: string): string => resolve(import.meta.dirname, '../data/standards', name);
const read = (name: string): string => readFileSync(file(name), 'utf8');

/** The rows of the table that ships. */
export const shippedRows = (): StandardRow[] => {
  const [titles, ...lines] = read('yuncheng.tsv').trimEnd().split('\n').map((line) => line.split('\t'));
  return lines.map((cells, i) => {
    const taken = readRow(i + 2, Object.fromEntries(cells.map((cell, j) => [titles![j]!, cell])) as Partial<Record<StandardField, string>>, {});
    if (!('row' in taken)) throw new Error(JSON.stringify(taken.errors));
    return taken.row;
  });
};

const phrases = (): PhraseEntry[] => JSON.parse(read('phrases.json')) as PhraseEntry[];

/** The model that table and phrases give now. */
export const trained = (): Model => trainModel(shippedRows(), [...phrases(), ...readSaid(read('said.tsv'))], createWords([]).plain);

/** True where the model that ships is the one that table and phrases give. */
export const modelIsCurrent = (): boolean => read('proposals.tsv') === writeModel(trained());

/** The ranker as it ships, with its model. */
export const shippedRanker = (): Ranker => {
  const rows = shippedRows();
  return new Ranker(rows, phrases(), createWords([...rows.map((row) => row.minorName), ...phrases().flatMap((entry) => entry.phrases)]), readModel(read('proposals.tsv')));
};

/** A sentence that nothing was trained with, and the items that are right for it. */
export interface HeldOut {
  readonly text: string;
  readonly items: readonly string[];
}

/** The sentences of `held-out.tsv`. */
export const heldOut = (): HeldOut[] => read('held-out.tsv').trimEnd().split('\n').slice(1).map((line) => {
  const [text, items] = line.split('\t') as [string, string];
  return { text, items: items.split('|') };
});

/** Shares of the held-out sentences, 0 to 1, and the mean time of a proposal in milliseconds. */
export interface Accuracy {
  readonly sentences: number;
  /** The first proposal is of a right item. */
  readonly top1: number;
  /** One of the first three different items is right. */
  readonly top3: number;
  /** One of the eight rows that are proposed on a page is of a right item. */
  readonly shown: number;
  readonly ms: number;
}

/** Measures a ranker on the held-out sentences. */
export const measureProposals = (ranker: Ranker): Accuracy => {
  const names = new Map(shippedRows().map((row) => [row.key, row.minorName]));
  const held = heldOut();
  ranker.rank(held[0]!.text);
  let [top1, top3, shown] = [0, 0, 0];
  const begin = performance.now();
  const ranked = held.map(({ text }) => ranker.rank(text, { limit: 40 }));
  const ms = (performance.now() - begin) / held.length;
  for (const [i, { items }] of held.entries()) {
    const proposed = ranked[i]!.map(({ key }) => names.get(key)!);
    if (items.includes(proposed[0]!)) top1++;
    if ([...new Set(proposed)].slice(0, 3).some((name) => items.includes(name))) top3++;
    if (proposed.slice(0, 8).some((name) => items.includes(name))) shown++;
  }
  return { sentences: held.length, top1: top1 / held.length, top3: top3 / held.length, shown: shown / held.length, ms };
};

if (import.meta.main) {
  writeFileSync(file('proposals.tsv'), writeModel(trained()));
  const { sentences, top1, top3, shown, ms } = measureProposals(shippedRanker());
  console.log(`${sentences} held-out sentences: top-1 ${(top1 * 100).toFixed(1)} %, top-3 ${(top3 * 100).toFixed(1)} %, among the eight shown ${(shown * 100).toFixed(1)} %; ${ms.toFixed(2)} ms a proposal`);
}
