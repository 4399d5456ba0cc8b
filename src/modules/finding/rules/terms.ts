/** What takes a text apart: words of a dictionary, and one spelling for what is written in two. */
export interface Words {
  cut(text: string): string[];
  plain(text: string): string;
}

/** What is said of a matter, by what may be known of it. */
export interface Sayings {
  /** Short texts: title, places, component, code, unit. Every pair of signs in them is found. */
  readonly names: readonly string[];
  /** Long texts, found by their words. */
  readonly texts: readonly string[];
  /** Texts that only those may find by who may read them. */
  readonly personal: readonly string[];
  readonly number: string;
  /** What is found by what it is and not by a word: `state`, `unit`, `place` … as `markOf` writes them. */
  readonly marks: readonly string[];
}

/** Terms of a matter; what stands in both lists is found by everybody. */
export interface Terms {
  readonly plain: readonly string[];
  readonly personal: readonly string[];
}

/** A term that is no word: `place:330281103203`, `state:handling`. Words have no colon. */
export const markOf = (what: 'place' | 'state' | 'unit' | 'handler' | 'reporter' | 'number' | 'component', value: string): string => `${what}:${value}`;

/** The longest word that is kept, in signs: what is longer nobody types. */
const longest = 24;
/** Figures in a row that may be a phone: they are no words, whatever stands around them. */
const phoneLike = /^\d{7,}$/u;

const latinIn = (plain: string): string[] =>
  [...plain.matchAll(/[\p{Script=Latin}\p{N}]+(?:[-_.][\p{Script=Latin}\p{N}]+)*/gu)].flatMap(([word]) => {
    const parts = word.split(/[-_.]/u);
    return [...new Set([word.slice(0, longest), ...(parts.length > 1 ? parts : [])])];
  }).filter((word) => word.length >= 2 && !phoneLike.test(word.replace(/\D/gu, '')));

const pairsIn = (run: string): string[] => Array.from({ length: Math.max(0, run.length - 1) }, (_, i) => run.slice(i, i + 2));

/** Every pair of Chinese signs that stand together: finds what no dictionary knows, whatever the cut. */
export const pairsOf = (plain: string): string[] => [...plain.matchAll(/\p{Script=Han}{2,}/gu)].flatMap(([run]) => pairsIn(run));

/**
 * Words of a text by the dictionary, two signs and more; of signs that it leaves alone, the pairs that they make with their
 * neighbours, so that a name that it does not know is found all the same.
 */
export const wordsOf = (words: Words, plain: string): string[] => {
  const found = new Set(latinIn(plain));
  for (const [run] of plain.matchAll(/\p{Script=Han}{2,}/gu)) {
    const covered = Array.from({ length: run.length }, () => false);
    let from = 0;
    for (const word of words.cut(run)) {
      if (word.length < 2) continue;
      const at = run.indexOf(word, Math.max(0, from - word.length));
      if (at < 0) continue;
      from = at + word.length;
      covered.fill(true, at, from);
      found.add(word.slice(0, longest));
    }
    for (const [i, pair] of pairsIn(run).entries()) if (!covered[i] || !covered[i + 1]) found.add(pair);
  }
  return [...found];
};

/** Figures of a number as people leave parts of it away: whole, without check digits, without the day, the day, the figure. */
export const numberMarks = (number: string): string[] => {
  const parts = number.split('-').map((part) => part.replace(/\D/gu, ''));
  const [day = '', figure = '', check = ''] = parts;
  return [...new Set([parts.join(''), `${day}${figure}`, `${figure}${check}`, day, figure].filter((digits) => digits.length >= 4))].map((digits) => markOf('number', digits));
};

/** The terms under which a matter is found. */
export const termsOf = (words: Words, { names, texts, personal, number, marks }: Sayings): Terms => {
  const plain = new Set<string>([...marks, ...numberMarks(number)]);
  for (const name of names) {
    const text = words.plain(name);
    for (const term of [...wordsOf(words, text), ...pairsOf(text)]) plain.add(term);
  }
  for (const text of texts) for (const term of wordsOf(words, words.plain(text))) plain.add(term);
  const own = new Set<string>();
  for (const text of personal) for (const term of wordsOf(words, words.plain(text))) if (!plain.has(term)) own.add(term);
  return { plain: [...plain].sort(), personal: [...own].sort() };
};

/** What somebody looks for: all of `terms` must be there; `pairs` finds what the dictionary cuts otherwise in a text. */
export interface Query {
  readonly terms: readonly string[];
  /** Undefined where it would find the same. */
  readonly pairs: readonly string[] | undefined;
  /** Words as they were typed, plain, to be shown in what was found. */
  readonly shown: readonly string[];
}

/** Figures, spaces and dashes of a number, or of a part of it. */
const numberLike = /^[\d][\d\s\-–—.]*$/u;

/** Codes of components have sixteen digits, or seventeen where a county says so. */
const componentCode = /^\d{16,17}$/u;

/** True for what may be the number of a plate: eight letters and figures, parted in the middle or not. */
export const plateLike = (typed: string): boolean => /^[A-Z0-9]{4}[\s-]?[A-Z0-9]{4}$/u.test(typed.normalize('NFKC').trim().toUpperCase().replace(/[–—]/gu, '-'));

/** The query for what is about a component. */
export const aboutComponent = (code: string): Query => ({ terms: [markOf('component', code)], pairs: undefined, shown: [code] });

/** Takes what was typed apart; `terms` is empty where nothing of it can be looked for. */
export const readQuery = (words: Words, typed: string): Query => {
  const plain = words.plain(typed).trim();
  const digits = plain.replace(/\D/gu, '');
  // No number of a matter is so long: it is the code of a component.
  if (numberLike.test(plain) && componentCode.test(digits)) return aboutComponent(digits);
  if (numberLike.test(plain) && digits.length >= 4) return { terms: [markOf('number', digits)], pairs: latinIn(plain).length > 0 && digits.length < 7 ? latinIn(plain) : undefined, shown: [digits] };
  const terms = wordsOf(words, plain);
  const pairs = [...new Set([...latinIn(plain), ...pairsOf(plain)])];
  const same = pairs.length === terms.length && pairs.every((pair) => terms.includes(pair));
  const shown = [...plain.matchAll(/[\p{L}\p{N}]+(?:[-_.][\p{L}\p{N}]+)*/gu)].map(([word]) => word);
  return { terms, pairs: same || pairs.length === 0 ? undefined : pairs, shown };
};

/** True for what may be somebody's phone, alone or among words: it belongs in no address of a page. */
export const holdsPhone = (typed: string): boolean =>
  typed.normalize('NFKC').split(/[^\d\s+()-]+/u).some((part) => /^(?:\+?86)?(?:1[3-9]\d{9}|0\d{9,11})$/u.test(part.replace(/[\s()-]/gu, '')));
