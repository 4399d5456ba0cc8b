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

/** Marks of the dictionary for nouns, verbs, adjectives and what is said like them; not those of time, place, number and grammar. */
const carrying = /^(?:n|v|a|z|o|l|i|j|b|s|x?h)/u;
const negations = new Set(['不', '没', '没有', '无', '未', '别']);
/** Verbs and nouns that are in every report and name nothing, and words that English sentences are held together by. */
const idle = new Set([
  ...'是 有 在 到 去 来 要 会 能 让 给 做 说 讲 看 看到 想 用 被 把 得 成 起 出 过 弄 搞 叫 请 帮 请问 知道 觉得 感觉 希望 麻烦 发现 反映 反应 投诉 处理 解决 应该 可以 可能 需要 开始 继续 人 的话 时候 地方 东西 事 事情 情况 问题 一下 大家 样子 边 家 我家 上 下 里 口 前 后 一直 很 往 太 更 还 都 就 找 子 小 大 老 种 说是 的 了'.split(' '),
  ...'the an is are was were be been has have had do does did not no and or but of on in at to by for from with near my our your it its this that there here where which who we they he she you very so too just all every day night please can could would should get got been'.split(' '),
]);

/** A word as a dictionary marks it (the marks of ICTCLAS): whether it says something by itself. */
export const pieceOf = (word: string, mark: string): Piece => {
  const negates = negations.has(word);
  return { word, negates, carries: !negates && !idle.has(word.toLowerCase()) && (mark === 'eng' ? word.length > 1 : carrying.test(mark)) && /[\p{Script=Han}a-z]/iu.test(word) };
};

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
