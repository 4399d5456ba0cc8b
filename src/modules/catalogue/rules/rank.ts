import { judge, type Model } from './model.ts';
import { wordsFor, type Piece } from './reasons.ts';
import { itemAt, type PhraseEntry } from './said.ts';
import type { StandardRow } from './standards.ts';

/** A row for a text. */
export interface Ranked {
  readonly key: string;
  /**
   * Above 0, below 1: of an item's first row the share of belief that this item is meant; its other rows stand behind it by
   * how much less the words fit their conditions.
   */
  readonly score: number;
  /** Phrases and words of the text that spoke for the row, the strongest first. */
  readonly why: readonly string[];
}

/** What a text is taken apart with: words of a dictionary, and one spelling for what is written in two. */
export interface Words {
  /** Words of a simplified Chinese text, in order. */
  cut(text: string): string[];
  /** The text in simplified characters, half-width, lower case. */
  plain(text: string): string;
  /** The words of a simplified text, all and in order, with whether each says something by itself. */
  pieces(text: string): Piece[];
}

/** What a term of a row's fields weighs: the name says what, the condition what is wrong, a phrase both. */
const weights = { name: 3, phrase: 2.4, condition: 1.6 } as const;
/** A whole phrase inside the text, by a sign. */
const wholePhrase = 4;
/** The item's name inside the text, by a sign: 路灯, 雨水箅子. */
const wholeName = 2.5;
/** What a point of words is worth beside what the model says: enough to choose among conditions and between near equals. */
const pointWorth = 0.015;
/** What a point is worth between two conditions of one item. */
const conditionWorth = 0.12;
/** The belief that an item's second row may have at most, of its first's. */
const secondRow = 0.6;

/** Said in every report and true of every row. */
const empty = new Set('这里 那里 我们 你们 他们 一个 没有 已经 希望 请问 麻烦 尽快 处理 解决 附近 旁边 路上 门口 前面 后面 今天 昨天 现在 发现 有人 怎么 什么 问题 情况 影响 存在 以及 其他 设施 附属'.split(' '));

/** Words of two signs and more, and pairs of neighbours for what the dictionary does not know. */
const termsOf = (words: Words, text: string): Set<string> => {
  const terms = new Set<string>();
  for (const word of words.cut(text)) if (word.length >= 2 && /\p{L}/u.test(word) && !empty.has(word)) terms.add(word);
  for (const [run] of text.matchAll(/\p{Script=Han}{2,}/gu))
    for (let i = 0; i + 1 < run.length; i++) {
      const pair = run.slice(i, i + 2);
      if (!empty.has(pair)) terms.add(pair);
    }
  return terms;
};

/** The short names of an item: `垃圾箱（果皮箱、桶）` is also 垃圾箱. */
const namesOf = (words: Words, row: StandardRow): string[] => {
  const name = words.plain(row.minorName);
  const short = name.replace(/[（(].*$/u, '');
  return short === name ? [name] : [name, short];
};

type NameOf = ReturnType<typeof wordsFor>;

/** 路灯不亮 says it all where 不亮了 is said too. */
const bare = (word: string): string => word.replace(/[了的啊呀啦]+$/u, '');

interface Found {
  points: number;
  readonly why: Map<string, number>;
}

/**
 * Ranks the rows of one version for what somebody wrote. Built once, answers in about a millisecond, without I/O.
 * Which item is meant is said by the model; which of its conditions by the words that table and phrases have in common with
 * the text, where a term counts for more the fewer rows have it (as in BM25, without lengths: all rows are short). Items that
 * the model does not know go by those words alone.
 */
export class Ranker {
  readonly #rows: readonly StandardRow[];
  readonly #words: Words;
  /** Term to rows, with what it weighs there. */
  readonly #postings = new Map<string, Map<number, number>>();
  /** Phrases by their first two signs, so that a text meets only those that it may hold. */
  readonly #phrases = new Map<string, { readonly text: string; readonly rows: readonly { readonly at: number; readonly share: number }[] }[]>();
  /** Every phrase, whole. */
  readonly #said = new Set<string>();
  readonly #names = new Map<string, number[]>();
  /** Rows that people report most, the commonest first. */
  readonly #common: readonly number[];
  readonly #model: Model;
  /** Of each row, the place of its item in the model, -1 where the model has none of that name. */
  readonly #items: readonly number[];

  constructor(rows: readonly StandardRow[], phrases: readonly PhraseEntry[], words: Words, model: Model) {
    this.#rows = rows;
    this.#words = words;
    this.#model = model;
    this.#items = rows.map((row) => model.items.indexOf(row.minorName));
    const add = (text: string, at: number, weight: number): void => {
      for (const term of termsOf(words, text)) {
        let rowsOf = this.#postings.get(term);
        if (!rowsOf) this.#postings.set(term, (rowsOf = new Map()));
        rowsOf.set(at, Math.max(rowsOf.get(at) ?? 0, weight));
      }
    };
    for (const [at, row] of rows.entries()) {
      for (const name of namesOf(words, row)) {
        add(name, at, weights.name);
        const known = this.#names.get(name);
        if (known) known.push(at);
        else this.#names.set(name, [at]);
      }
      add(words.plain(row.openCondition), at, weights.condition);
    }
    const common: number[] = [];
    for (const entry of phrases) {
      const meant = new Map<number, number>();
      let first: number | undefined;
      for (const [at, row] of rows.entries()) {
        const item = itemAt(entry, row);
        if (item < 0) continue;
        meant.set(at, item === 0 ? 1 : 0.85);
        if (item === 0) first ??= at;
      }
      if (first !== undefined && !common.includes(first)) common.push(first);
      for (const phrase of entry.phrases) {
        const text = words.plain(phrase);
        this.#said.add(text);
        const start = text.slice(0, 2);
        const said = { text, rows: [...meant].map(([at, share]) => ({ at, share })) };
        const known = this.#phrases.get(start);
        if (known) known.push(said);
        else this.#phrases.set(start, [said]);
        for (const [at, share] of meant) add(text, at, weights.phrase * share);
      }
    }
    this.#common = common;
  }

  /** What the words of a text that table and phrases know give to rows, in points. */
  #pointsOf(plain: string): Map<number, Found> {
    const found = new Map<number, Found>();
    const give = (at: number, points: number, word: string): void => {
      let entry = found.get(at);
      if (!entry) found.set(at, (entry = { points: 0, why: new Map() }));
      entry.points += points;
      entry.why.set(word, Math.max(points, entry.why.get(word) ?? 0));
    };
    for (let i = 0; i + 1 < plain.length; i++)
      for (const phrase of this.#phrases.get(plain.slice(i, i + 2)) ?? [])
        if (plain.startsWith(phrase.text, i)) for (const { at, share } of phrase.rows) give(at, phrase.text.length * wholePhrase * share, phrase.text);
    for (const [name, rows] of this.#names) if (plain.includes(name)) for (const at of rows) give(at, name.length * wholeName, name);
    for (const term of termsOf(this.#words, plain)) {
      const rows = this.#postings.get(term);
      if (!rows) continue;
      const rare = Math.log(1 + this.#rows.length / rows.size);
      for (const [at, weight] of rows) give(at, rare * weight, term);
    }
    return found;
  }

  /**
   * The rows for a text, best first. With no words that any row knows: the commonest rows.
   * @param componentClass class of the component that it is about, `0137`: its own rows come before other components'.
   * @param nearClass class of a component that merely stands near: it settles what words leave open, and no more.
   */
  rank(text: string, { componentClass, nearClass, limit = 10 }: { readonly componentClass?: string; readonly nearClass?: string; readonly limit?: number } = {}): Ranked[] {
    const plain = this.#words.plain(text).slice(0, 2_000);
    const found = this.#pointsOf(plain);
    const judged = judge(this.#model, plain);
    const silent = found.size === 0 && !judged.heard;
    const common = new Map(this.#common.map((at, order) => [at, 1.5 / (1 + order / 8)]));
    const [own, near] = [componentClass, nearClass].map((name) => (name === undefined ? undefined : `C${name}`));
    const floor = Math.min(...judged.sums);
    const sumOf = (at: number): number => {
      const { code, kind } = this.#rows[at]!;
      const item = this.#items[at]!;
      // Without words nothing but what is common speaks.
      let sum = silent ? 0 : item >= 0 ? judged.sums[item]! : floor;
      sum += pointWorth * (found.get(at)?.points ?? 0) + (common.get(at) ?? 0) * (silent ? 2 : 0.1);
      if (own !== undefined) sum += code === own ? 5 : kind === 'component' ? -4 : -1;
      if (near !== undefined && code === near) sum += silent ? 5 : 0.8;
      return sum;
    };
    const byItem = Map.groupBy(this.#rows.keys(), (at) => this.#rows[at]!.minorName);
    const items = [...byItem.values()].map((rows) => {
      const order = (at: number): number => found.get(at)?.points ?? 0;
      const sorted = rows.sort((a, b) => order(b) - order(a) || (common.get(b) ?? 0) - (common.get(a) ?? 0) || a - b);
      return { rows: sorted, order, sum: Math.max(...sorted.map(sumOf)) };
    }).sort((a, b) => b.sum - a.sum || a.rows[0]! - b.rows[0]!);
    const highest = items[0]?.sum ?? 0;
    // Made when the first reason is asked for: most of what is ranked says none.
    let named: NameOf | undefined;
    const known = new Map<string, string | null>();
    const nameOf: NameOf = (part, loosely) => {
      const mark = `${loosely} ${part}`;
      let name = known.get(mark);
      if (name === undefined) known.set(mark, (name = (named ??= wordsFor(plain, this.#words.pieces(plain)))(part, loosely)));
      return name;
    };
    const whole = items.reduce((sum, item) => sum + Math.exp(item.sum - highest), 0);
    return items.slice(0, limit).flatMap(({ rows, order, sum }) => {
      const belief = Math.exp(sum - highest) / whole;
      return rows.map((at, i) => ({ at, score: i === 0 ? belief : belief * secondRow * Math.exp(conditionWorth * (order(at) - order(rows[0]!))) * (1 - i / 100) }));
    }).sort((a, b) => b.score - a.score || a.at - b.at).slice(0, limit).map(({ at, score }) => ({
      key: this.#rows[at]!.key,
      score: Math.min(0.999, Math.max(0.001, Math.round(score * 1_000) / 1_000)),
      why: silent ? [] : this.#whyOf(nameOf, found.get(at)?.why, this.#items[at]! < 0 ? [] : judged.why(this.#items[at]!)),
    }));
  }

  /** At most four words that spoke for a row: whole phrases and words first, then those that parts of the text belong to. */
  #whyOf(nameOf: NameOf, words: ReadonlyMap<string, number> | undefined, parts: readonly string[]): string[] {
    const spoke = [...(words ?? [])].sort(([, a], [, b]) => b - a).map(([word]) => word).concat(parts);
    const why: string[] = [];
    for (const loosely of [false, true]) {
      const heard = new Set<string | null>([null]);
      for (const word of spoke) {
        if (why.length === 4) break;
        const name = this.#names.has(word) || this.#said.has(word) ? word : nameOf(word, loosely);
        if (heard.has(name)) continue;
        heard.add(name);
        if (!why.some((one) => one.includes(bare(name!)) || name!.includes(bare(one)))) why.push(name!);
      }
      if (why.length > 0) break;
    }
    return why;
  }
}
