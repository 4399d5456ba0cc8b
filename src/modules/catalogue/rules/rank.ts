import type { StandardRow } from './standards.ts';

/** How residents say what a row means; entries stand in order of how common they are. */
export interface PhraseEntry {
  /** Names of items; `*井盖` is every name that ends so. */
  readonly items: readonly string[];
  /** A part of the filing condition; every condition of the item where absent. */
  readonly condition?: string;
  readonly phrases: readonly string[];
}

/** A row for a text. */
export interface Ranked {
  readonly key: string;
  /** Above 0, below 1; comparable between rows of one text, not between texts. */
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
}

/** What a term of a row's fields weighs: the name says what, the condition what is wrong, a phrase both. */
const weights = { name: 3, phrase: 2.4, condition: 1.6 } as const;
/** A whole phrase inside the text, by a sign. */
const wholePhrase = 4;
/** The item's name inside the text, by a sign: 路灯, 雨水箅子. */
const wholeName = 2.5;
/** At this much, the score is one half. */
const halfWay = 22;

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

/** The place of the item among those of an entry that a row is said with, -1 where it is none of them. */
const itemOf = ({ items, condition }: PhraseEntry, row: StandardRow): number =>
  (condition === undefined || row.openCondition.includes(condition)
    ? items.findIndex((item) => (item.startsWith('*') ? row.minorName.endsWith(item.slice(1)) : row.minorName === item)) : -1);

/** What residents say for a row. */
export const phrasesOf = (entries: readonly PhraseEntry[], row: StandardRow): string[] =>
  entries.filter((entry) => itemOf(entry, row) >= 0).flatMap((entry) => entry.phrases);

/** The short names of an item: `垃圾箱（果皮箱、桶）` is also 垃圾箱. */
const namesOf = (words: Words, row: StandardRow): string[] => {
  const name = words.plain(row.minorName);
  const short = name.replace(/[（(].*$/u, '');
  return short === name ? [name] : [name, short];
};

/**
 * Ranks the rows of one version for what somebody wrote. Built once, answers in well under a millisecond, without I/O.
 * A term counts for more the fewer rows have it (as in BM25, without lengths: all rows are short).
 */
export class Ranker {
  readonly #rows: readonly StandardRow[];
  readonly #words: Words;
  /** Term to rows, with what it weighs there. */
  readonly #postings = new Map<string, Map<number, number>>();
  /** Phrases by their first two signs, so that a text meets only those that it may hold. */
  readonly #phrases = new Map<string, { readonly text: string; readonly rows: readonly { readonly at: number; readonly share: number }[] }[]>();
  readonly #names = new Map<string, number[]>();
  /** Rows that people report most, the commonest first. */
  readonly #common: readonly number[];

  constructor(rows: readonly StandardRow[], phrases: readonly PhraseEntry[], words: Words) {
    this.#rows = rows;
    this.#words = words;
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
        const item = itemOf(entry, row);
        if (item < 0) continue;
        meant.set(at, item === 0 ? 1 : 0.85);
        if (item === 0) first ??= at;
      }
      if (first !== undefined && !common.includes(first)) common.push(first);
      for (const phrase of entry.phrases) {
        const text = words.plain(phrase);
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

  /**
   * The rows for a text, best first. With no words that any row knows: the commonest rows.
   * @param componentClass class of the component that it is about, `0137`: its own rows come before other components'.
   * @param nearClass class of a component that merely stands near: it settles what words leave open, and no more.
   */
  rank(text: string, { componentClass, nearClass, limit = 10 }: { readonly componentClass?: string; readonly nearClass?: string; readonly limit?: number } = {}): Ranked[] {
    const plain = this.#words.plain(text).slice(0, 2_000);
    const found = new Map<number, { points: number; why: Map<string, number> }>();
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
    const own = componentClass === undefined ? undefined : `C${componentClass}`;
    if (own !== undefined)
      for (const [at, row] of this.#rows.entries()) {
        const entry = found.get(at);
        if (row.code === own) give(at, 14, row.minorName);
        else if (entry) entry.points *= row.kind === 'component' ? 0.3 : 0.6;
      }
    const silent = found.size === 0;
    if (nearClass !== undefined)
      for (const [at, row] of this.#rows.entries()) if (row.code === `C${nearClass}` && (silent || found.has(at))) give(at, 5, row.minorName);
    // A row that is reported often wins where words leave it open; by itself it speaks softly.
    for (const [order, at] of this.#common.entries()) {
      const entry = found.get(at);
      if (entry) entry.points += 1.5 / (1 + order / 8);
    }
    if (found.size === 0) for (const [order, at] of this.#common.entries()) found.set(at, { points: 3 / (1 + order / 4), why: new Map() });
    return [...found]
      .sort(([a, x], [b, y]) => y.points - x.points || a - b)
      .slice(0, limit)
      .map(([at, { points, why }]) => ({
        key: this.#rows[at]!.key,
        score: Math.round((points / (points + halfWay)) * 1_000) / 1_000,
        why: [...why].sort(([, a], [, b]) => b - a).map(([word]) => word).slice(0, 4),
      }));
  }
}
