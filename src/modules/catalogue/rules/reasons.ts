/** A word of a text in its place. */
export interface Piece {
  readonly word: string;
  /** Says something by itself: a thing, a doing, a state. 了, 的 and 上 do not. */
  readonly carries: boolean;
  /** 不, 没: says something with the word after it. */
  readonly negates: boolean;
}

interface Span extends Piece {
  readonly from: number;
  readonly to: number;
}

const han = /^\p{Script=Han}+$/u;

/**
 * Gives for a part of a text the words that a clerk would name it by: `灯不` of 灯不亮 is 灯, `黑漆` of 黑漆漆 is 黑漆漆. A part
 * of which no word is left is nothing; so is a sign out of a longer word, 路 of 路灯, unless `loosely`.
 * @param pieces the words of the text, all of it and in order
 */
export const wordsFor = (plain: string, pieces: readonly Piece[]): ((part: string, loosely?: boolean) => string | null) => {
  const spans: Span[] = [];
  let at = 0;
  for (const piece of pieces) {
    const from = plain.indexOf(piece.word, at);
    if (from < 0) continue;
    at = from + piece.word.length;
    spans.push({ ...piece, from, to: at });
  }
  const carries = (i: number): boolean => spans[i]!.carries || (spans[i]!.negates && spans[i + 1]?.carries === true && spans[i + 1]!.from === spans[i]!.to);
  const nameAt = (from: number, to: number, loosely: boolean): string | null => {
    const counts = (i: number): boolean => {
      const { from: start, to: end, word } = spans[i]!;
      const shared = Math.min(to, end) - Math.max(from, start);
      return shared > 1 || (shared === 1 && (loosely || word.length === 1 || !han.test(word)));
    };
    let first = spans.findIndex(({ to: end }) => end > from);
    if (first < 0) return null;
    let last = first;
    while (last + 1 < spans.length && spans[last + 1]!.from < to) last++;
    while (first <= last && !(counts(first) && carries(first))) first++;
    while (last >= first && !(counts(last) && spans[last]!.carries)) last--;
    if (first > last) return null;
    // 不 stands before what it denies, even where the part begins after it.
    const denied = spans[first - 1]?.negates === true && spans[first - 1]!.to === spans[first]!.from;
    return plain.slice(spans[denied ? first - 1 : first]!.from, spans[last]!.to);
  };
  return (part, loosely = false) => {
    for (let from = plain.indexOf(part); from >= 0; from = plain.indexOf(part, from + 1)) {
      const name = nameAt(from, from + part.length, loosely);
      if (name !== null) return name;
    }
    return null;
  };
};
