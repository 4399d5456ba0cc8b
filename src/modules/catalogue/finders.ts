import { pinyin } from 'pinyin-pro';
import type { Model } from './rules/model.ts';
import { Ranker, type Words } from './rules/rank.ts';
import { phrasesOf, type PhraseEntry } from './rules/said.ts';
import { RowSearch } from './rules/search.ts';
import type { Standards, StandardRow } from './rules/standards.ts';
import { createWords } from './words.ts';

const spell = (text: string): string[] => pinyin(text, { toneType: 'none', type: 'array', v: true, nonZh: 'removed' });

/** A code table with all that its search needs, for where there is no network. */
export interface CarriedTable {
  readonly version: number;
  readonly rows: readonly StandardRow[];
  /** What residents say for a row, by its key. */
  readonly phrases: Readonly<Record<string, readonly string[]>>;
  /** The syllable of each Chinese sign that occurs in them. */
  readonly spelling: Readonly<Record<string, string>>;
}

/** What searches a version and what ranks its rows, each made when it is first asked for and kept. */
export class Finders {
  readonly #standards: Standards;
  readonly #phrases: readonly PhraseEntry[];
  readonly #rankers = new Map<string, Ranker>();
  readonly #searches = new Map<string, RowSearch>();
  /** Loaded when it is first needed: a process that ranks nothing does without the dictionary. */
  #words: Words | undefined;

  readonly #model: () => Model;
  #trained: Model | undefined;

  /**
   * @param phrases content of `data/standards/phrases.json`
   * @param model reads the model of `data/standards/proposals.tsv`, when it is first needed
   */
  constructor(standards: Standards, phrases: unknown, model: () => Model) {
    this.#standards = standards;
    this.#phrases = phrases as readonly PhraseEntry[];
    this.#model = model;
  }

  rankerOf(county: string, version: number | undefined): Ranker | undefined {
    return this.#kept(this.#rankers, county, version, (rows) => {
      this.#words ??= createWords([...rows.map((row) => row.minorName), ...this.#phrases.flatMap((entry) => entry.phrases)]);
      return new Ranker(rows, this.#phrases, this.#words, this.#trained ??= this.#model());
    });
  }

  searchOf(county: string, version: number | undefined): RowSearch | undefined {
    return this.#kept(this.#searches, county, version, (rows) => new RowSearch(rows, spell, (row) => phrasesOf(this.#phrases, row)));
  }

  /** Rows with what is said for them and how their signs are spelled: the same as `searchOf` has. */
  carriedOf(rows: readonly StandardRow[]): Pick<CarriedTable, 'rows' | 'phrases' | 'spelling'> {
    const phrases = Object.fromEntries(rows.flatMap((row) => {
      const said = phrasesOf(this.#phrases, row);
      return said.length === 0 ? [] : [[row.key, said] as const];
    }));
    const signs = new Set([...rows.flatMap((row) => [row.minorName, row.openCondition]), ...Object.values(phrases).flat()].join('').match(/\p{Script=Han}/gu) ?? []);
    return { rows, phrases, spelling: Object.fromEntries([...signs].flatMap((sign) => { const [syllable] = spell(sign); return syllable === undefined ? [] : [[sign, syllable] as const]; })) };
  }

  #kept<T>(kept: Map<string, T>, county: string, version: number | undefined, make: (rows: readonly StandardRow[]) => T): T | undefined {
    if (version === undefined) return undefined;
    const key = `${county} ${version}`;
    let found = kept.get(key);
    if (!found) {
      const rows = this.#standards.rows(county, version);
      if (rows.length === 0) return undefined;
      kept.set(key, (found = make(rows)));
    }
    return found;
  }
}
