import type { Words } from './terms.ts';

/** A text in which something was found: from and to (exclusive), in UTF-16 units, ascending and apart. */
export interface Hit {
  readonly text: string;
  readonly ranges: readonly (readonly [from: number, to: number])[];
}

/** Signs that are shown before the first find in a long text, and in all. */
const [before, most] = [24, 120] as const;

const rangesOf = (plain: string, wanted: readonly string[]): [number, number][] => {
  const marked = Array.from({ length: plain.length }, () => false);
  for (const word of wanted) for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + 1)) marked.fill(true, at, at + word.length);
  const ranges: [number, number][] = [];
  for (let at = 0; at < plain.length; at++) {
    if (!marked[at]) continue;
    const last = ranges.at(-1);
    if (last && last[1] === at) last[1] = at + 1;
    else ranges.push([at, at + 1]);
  }
  return ranges;
};

/**
 * Where words stand in a text, cut to what surrounds the first; undefined where none does. Whole words as typed go before the
 * parts that they were looked for by.
 */
export const hitIn = (words: Words, text: string, typed: readonly string[], parts: readonly string[]): Hit | undefined => {
  const simplified = words.plain(text);
  // A spelling of another length has no places in common with what is shown.
  const plain = simplified.length === text.length ? simplified : text;
  const whole = rangesOf(plain, typed);
  const found = whole.length > 0 ? whole : rangesOf(plain, parts);
  const first = found[0];
  if (!first) return undefined;
  let start = text.length <= most ? 0 : Math.max(0, first[0] - before);
  let end = Math.min(text.length, start + most);
  if (/^[\uDC00-\uDFFF]/u.test(text.charAt(start))) start++;
  if (/[\uD800-\uDBFF]$/u.test(text.charAt(end - 1))) end--;
  const [head, tail] = [start > 0 ? '…' : '', end < text.length ? '…' : ''];
  const shift = head.length - start;
  return {
    text: `${head}${text.slice(start, end)}${tail}`,
    ranges: found.flatMap(([from, to]): [number, number][] => (from >= start && from < end ? [[from + shift, Math.min(to, end) + shift]] : [])),
  };
};

/** Where a number has the figures that were typed, whatever signs part them; undefined where it has not. */
export const hitInNumber = (number: string, digits: string): Hit | undefined => {
  const places = [...number].flatMap((sign, at) => (/\d/u.test(sign) ? [at] : []));
  const at = digits.length < 4 ? -1 : number.replace(/\D/gu, '').indexOf(digits);
  return at < 0 ? undefined : { text: number, ranges: [[places[at]!, places[at + digits.length - 1]! + 1]] };
};
