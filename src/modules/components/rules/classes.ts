import type { Text } from '../../../base/text/language.ts';

/** A class of components: `0137`, 路灯. */
export interface ComponentClass {
  readonly code: string;
  readonly major: string;
  readonly majorName: Text;
  readonly name: Text;
  /** What people call one of them, the shortest use first: 灯, 路灯, 灯杆. */
  readonly said: readonly string[];
}

/** Content of `data/components/classes.json`. */
export interface ClassesFile {
  readonly majors: Readonly<Record<string, Text>>;
  readonly classes: Readonly<Record<string, { readonly name: Text; readonly said: readonly string[] }>>;
}

export interface Classes {
  readonly all: readonly ComponentClass[];
  find(code: string): ComponentClass | undefined;
  /** Codes of the classes of which people say this word. */
  said(word: string): readonly string[];
  /** Every word that is said for a class, the longest first. */
  readonly words: readonly string[];
}

export const readClasses = ({ majors, classes }: ClassesFile): Classes => {
  const all = Object.entries(classes).map(([code, { name, said }]): ComponentClass => {
    const major = code.slice(0, 2);
    const majorName = majors[major];
    if (!majorName) throw new Error(`data/components/classes.json: class ${code} has no major class ${major}`);
    return { code, major, majorName, name, said };
  });
  const byCode = new Map(all.map((one) => [one.code, one]));
  const bySaid = new Map<string, string[]>();
  for (const one of all) for (const word of one.said) {
    const known = bySaid.get(word);
    if (known) known.push(one.code);
    else bySaid.set(word, [one.code]);
  }
  return {
    all, find: (code) => byCode.get(code), said: (word) => bySaid.get(word) ?? [],
    words: [...bySaid.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1)),
  };
};

/** How a county numbers its components: digits of county, major class, minor class, number. */
export type CodeLayout = '6+2+2+6' | '6+2+3+5';

/**
 * The parts of a code of 16 digits; undefined for anything else. The class is as the code table has it: a minor class of
 * three digits that begins with 0 is one of two.
 */
export const partsOfCode = (code: string, layout: CodeLayout): { readonly county: string; readonly class: string; readonly number: string } | undefined => {
  if (!/^\d{16}$/u.test(code)) return undefined;
  const end = layout === '6+2+2+6' ? 10 : 11;
  const minor = code.slice(8, end);
  return { county: code.slice(0, 6), class: code.slice(6, 8) + (minor.length === 3 && minor.startsWith('0') ? minor.slice(1) : minor), number: code.slice(end) };
};
