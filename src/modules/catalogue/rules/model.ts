import type { StandardRow } from './standards.ts';
import { itemsOf, type PhraseEntry } from './said.ts';

/**
 * A linear classifier over the items of a code table: each part of a text speaks for or against items, and what they say is
 * summed. Trained from the table and the phrases by `tools/proposals.ts` and shipped as data, so that nothing is trained
 * while somebody waits. It knows items by name: a table of another city that names them alike is served as well.
 */
export interface Model {
  readonly items: readonly string[];
  /** What an item has before anything is said. */
  readonly bias: readonly number[];
  /** Part of a text to what it says of items: their place in `items` and a weight, alternating. */
  readonly parts: ReadonlyMap<string, readonly number[]>;
}

/** Weights are kept to hundredths; what is below a fifth says nothing that accuracy would miss. */
const [grain, least] = [100, 0.2] as const;

/** Takes the ending off an English word, so that `lamps` and `lamp` are one. */
const stem = (word: string): string => word.replace(/(?:ing|ed|s)$/u, '');

/**
 * The parts of a text: one to three Chinese signs in a row, English words and pairs of them. No dictionary is needed, which
 * keeps words of dialects and mistyped ones in play.
 * @param plain simplified, half-width, lower case
 */
export const partsOf = (plain: string): string[] => {
  const parts = new Set<string>();
  for (const [run] of plain.matchAll(/\p{Script=Han}+/gu))
    for (let length = 1; length <= 3; length++) for (let i = 0; i + length <= run.length; i++) parts.add(run.slice(i, i + length));
  const english = [...plain.matchAll(/[a-z]{2,}/gu)].map(([word]) => stem(word));
  for (const [i, word] of english.entries()) {
    parts.add(word);
    if (i > 0) parts.add(`${english[i - 1]} ${word}`);
  }
  return [...parts];
};

interface Example {
  readonly item: number;
  readonly parts: readonly string[];
  /** How much it counts: a phrase or a name is 1, words of a filing condition are official and count less. */
  readonly weight: number;
}

const examplesOf = (rows: readonly StandardRow[], phrases: readonly PhraseEntry[], plain: (text: string) => string, items: readonly string[]): Example[] => {
  const at = new Map(items.map((name, i) => [name, i]));
  const examples: Example[] = [];
  const add = (item: string, text: string, weight: number): void => void examples.push({ item: at.get(item)!, parts: partsOf(plain(text)), weight });
  for (const row of rows) add(row.minorName, row.openCondition, 0.3);
  for (const name of items) {
    add(name, name, 1);
    const short = name.replace(/[（(].*$/u, '');
    if (short !== name) add(name, short, 1);
  }
  for (const entry of phrases)
    for (const phrase of entry.phrases)
      for (const [order, name] of itemsOf(entry, items).entries()) add(name, phrase, order === 0 ? 1 : 0.3);
  return examples;
};

/** Times that all examples are gone through, and the size of the first step. */
const [rounds, firstStep] = [15, 4] as const;

/**
 * Trains by gradient descent on the softmax of the sums (multinomial logistic regression). The same table and phrases give
 * the same model: the order of examples comes from a generator of its own with a fixed beginning.
 */
export const trainModel = (rows: readonly StandardRow[], phrases: readonly PhraseEntry[], plain: (text: string) => string): Model => {
  const items = [...new Set(rows.map((row) => row.minorName))];
  const examples = examplesOf(rows, phrases, plain, items);
  const numbers = new Map<string, number>();
  const seenIn: number[] = [];
  const coded = examples.map(({ parts }) => parts.map((part) => {
    let number = numbers.get(part);
    if (number === undefined) {
      numbers.set(part, (number = numbers.size));
      seenIn.push(0);
    }
    seenIn[number]!++;
    return number;
  }));
  const wide = items.length;
  const rare = seenIn.map((times) => Math.log(1 + examples.length / times) / Math.log(1 + examples.length));
  const weights = new Float64Array(numbers.size * wide);
  const bias = new Float64Array(wide);
  const sums = new Float64Array(wide);
  let state = 1;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state % below;
  };
  const order = examples.map((_, i) => i);
  for (let round = 0; round < rounds; round++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = draw(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    const step = firstStep / (1 + round * 0.3);
    for (const n of order) {
      const own = coded[n]!;
      if (own.length === 0) continue;
      const share = 1 / Math.sqrt(own.length);
      sums.set(bias);
      for (const part of own) for (let item = 0, from = part * wide, by = share * rare[part]!; item < wide; item++) sums[item]! += weights[from + item]! * by;
      let highest = -Infinity;
      for (const sum of sums) if (sum > highest) highest = sum;
      let whole = 0;
      for (let item = 0; item < wide; item++) whole += sums[item] = Math.exp(sums[item]! - highest);
      const { item: meant, weight } = examples[n]!;
      for (let item = 0; item < wide; item++) {
        const wrong = (sums[item]! / whole - (item === meant ? 1 : 0)) * weight * step;
        sums[item] = wrong;
        bias[item]! -= wrong * 0.05;
      }
      for (const part of own) for (let item = 0, from = part * wide, by = share * rare[part]!; item < wide; item++) weights[from + item]! -= sums[item]! * by;
    }
  }
  const parts = new Map<string, number[]>();
  for (const [part, number] of numbers) {
    const said: number[] = [];
    for (let item = 0; item < wide; item++) {
      const weight = weights[number * wide + item]! * rare[number]!;
      if (Math.abs(weight) >= least) said.push(item, Math.round(weight * grain) / grain);
    }
    if (said.length > 0) parts.set(part, said);
  }
  return { items, bias: [...bias].map((value) => Math.round(value * grain) / grain), parts };
};

/** A model as it is kept: its items with their bias, an empty line, then a part a line with what it says, items by number. */
export const writeModel = ({ items, bias, parts }: Model): string => {
  const pairs = (said: readonly number[]): string => said.flatMap((value, i) => (i % 2 === 0 ? [`${value}:${said[i + 1]}`] : [])).join(' ');
  return `${items.map((name, i) => `${name}\t${bias[i]}`).join('\n')}\n\n${[...parts].map(([part, said]) => `${part}\t${pairs(said)}`).join('\n')}\n`;
};

/** Reads what `writeModel` wrote. */
export const readModel = (text: string): Model => {
  const [head, body] = text.trimEnd().split('\n\n') as [string, string];
  const named = head.split('\n').map((line) => line.split('\t') as [string, string]);
  return {
    items: named.map(([name]) => name), bias: named.map(([, value]) => Number(value)),
    parts: new Map(body.split('\n').map((line) => {
      const [part, said] = line.split('\t') as [string, string];
      return [part, said.split(/[: ]/u).map(Number)];
    })),
  };
};

/** What a model makes of a text. */
export interface Judged {
  /** Logarithm of the odds of each item, up to a constant of the text. */
  readonly sums: Float64Array;
  /** False where it knows no part of the text. */
  readonly heard: boolean;
  /** Parts that speak for an item, the strongest first. */
  why(item: number): string[];
}

/** @param plain simplified, half-width, lower case */
export const judge = ({ bias, parts }: Model, plain: string): Judged => {
  const known = partsOf(plain).flatMap((part) => {
    const said = parts.get(part);
    return said ? [{ part, said }] : [];
  });
  const sums = Float64Array.from(bias);
  const share = 1 / Math.sqrt(Math.max(1, known.length));
  for (const { said } of known) for (let i = 0; i < said.length; i += 2) sums[said[i]!]! += said[i + 1]! * share;
  return {
    sums, heard: known.length > 0,
    why: (item) => known.flatMap(({ part, said }) => {
      for (let i = 0; i < said.length; i += 2) if (said[i] === item) return said[i + 1]! > 0 ? [{ part, weight: said[i + 1]! }] : [];
      return [];
    }).sort((a, b) => b.weight - a.weight || b.part.length - a.part.length).map(({ part }) => part),
  };
};
