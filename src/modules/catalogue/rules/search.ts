import type { StandardRow } from './standards.ts';

/** How a text is spelled: one syllable for each sign, `lu` for 路; letters and figures as they are. */
export type Spell = (text: string) => string[];

interface Spelled {
  readonly row: StandardRow;
  /** First letters and whole syllables of the item's name, of its condition and of phrases said for the row. */
  readonly name: { readonly initials: string; readonly full: string };
  readonly condition: { readonly initials: string; readonly full: string };
  readonly phrases: readonly { readonly initials: string; readonly full: string }[];
  readonly words: string;
}

/** Part of a search: rows of a major class, rows of a kind. */
export interface SearchFilter {
  readonly major?: string;
  readonly kind?: StandardRow['kind'];
}

/**
 * Finds rows as people look for them: by code (`0137`, `C0137`, `C0137-9qfdcf`), by words in any order that stand in name,
 * conditions, classes or handler (`路灯 不亮`), or by the first letters or the whole of the pinyin: `ld` and `ludeng` are 路灯,
 * `ldbl` is 路灯…不亮: the beginning in the name, the rest in the condition or a phrase.
 */
export class RowSearch {
  readonly #rows: readonly Spelled[];

  /** @param phrasesOf what residents say for a row. */
  constructor(rows: readonly StandardRow[], spell: Spell, phrasesOf: (row: StandardRow) => readonly string[]) {
    const known = new Map<string, { initials: string; full: string }>();
    const spelled = (text: string): { initials: string; full: string } => {
      let both = known.get(text);
      if (!both) {
        const syllables = spell(text);
        known.set(text, (both = { initials: syllables.map((one) => one[0] ?? '').join(''), full: syllables.join('') }));
      }
      return both;
    };
    this.#rows = rows.map((row) => ({
      row, name: spelled(row.minorName), condition: spelled(row.openCondition), phrases: phrasesOf(row).map(spelled),
      words: [row.minorName, row.openCondition, row.closeCondition, row.majorName, row.handler, ...phrasesOf(row)].join('\n').toLowerCase(),
    }));
  }

  /** Rows for a query, best first, then in the table's order; all rows of the filter for an empty query. */
  search(query: string, filter: SearchFilter = {}): StandardRow[] {
    const words = query.normalize('NFKC').toLowerCase().trim().split(/\s+/u).filter((word) => word !== '');
    const found: { readonly row: StandardRow; readonly points: number }[] = [];
    for (const spelled of this.#rows) {
      const { row } = spelled;
      if (filter.kind !== undefined && row.kind !== filter.kind) continue;
      if (filter.major !== undefined && row.major !== filter.major && row.majorName !== filter.major) continue;
      let points = 0;
      for (const word of words) {
        const one = pointsOf(spelled, word);
        if (one === 0) { points = -1; break; }
        points += one;
      }
      if (points >= 0) found.push({ row, points });
    }
    return found.sort((a, b) => b.points - a.points || a.row.line - b.row.line).map(({ row }) => row);
  }
}

const pointsOf = (spelled: Spelled, word: string): number => {
  const { row } = spelled;
  if (/^[ce]?\d{2,6}(?:-[0-9a-z]*)?$/u.test(word)) {
    const key = row.key.toLowerCase();
    if (key.startsWith(word) || key.slice(1).startsWith(word)) return 10;
  }
  if (row.minorName.toLowerCase() === word) return 9;
  if (row.minorName.toLowerCase().startsWith(word)) return 8;
  if (spelled.words.includes(word)) return 6;
  if (!/^[a-z]{2,}$/u.test(word)) return 0;
  const { name, condition, phrases } = spelled;
  if (name.initials === word || name.full === word) return 8;
  if (name.initials.startsWith(word) || name.full.startsWith(word)) return 7;
  if (phrases.some(({ initials, full }) => initials === word || full === word)) return 6;
  for (let cut = word.length - 1; cut >= 2; cut--) {
    const [first, rest] = [word.slice(0, cut), word.slice(cut)];
    if (name.initials.startsWith(first) && condition.initials.includes(rest)) return 5;
    if (name.full.startsWith(first) && condition.full.includes(rest)) return 5;
  }
  if (name.initials.includes(word) || name.full.includes(word)) return 4;
  if (word.length >= 3 && phrases.some(({ initials, full }) => initials.includes(word) || full.includes(word))) return 3;
  if (word.length >= 3 && (condition.initials.includes(word) || condition.full.includes(word))) return 2;
  return 0;
};
