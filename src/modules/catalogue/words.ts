import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import { Converter } from 'opencc-js/t2cn';
import { halfWidth } from '../../base/text/width.ts';
import type { Words } from './rules/rank.ts';

/** Marks of the dictionary for nouns, verbs, adjectives and what is said like them; not those of time, place, number and grammar. */
const carrying = /^(?:n|v|a|z|o|l|i|j|b|s|x?h)/u;
const negations = new Set(['不', '没', '没有', '无', '未', '别']);
/** Verbs and nouns that are in every report and name nothing, and words that English sentences are held together by. */
const idle = new Set([
  ...'是 有 在 到 去 来 要 会 能 让 给 做 说 讲 看 看到 想 用 被 把 得 成 起 出 过 弄 搞 叫 请 帮 请问 知道 觉得 感觉 希望 麻烦 发现 反映 反应 投诉 处理 解决 应该 可以 可能 需要 开始 继续 人 的话 时候 地方 东西 事 事情 情况 问题 一下 大家 样子 边 家 我家 上 下 里 口 前 后 一直 很 往 太 更 还 都 就 找 子 小 大 老 种 说是 的 了'.split(' '),
  ...'the an is are was were be been has have had do does did not no and or but of on in at to by for from with near my our your it its this that there here where which who we they he she you very so too just all every day night please can could would should get got been'.split(' '),
]);

/**
 * Chinese words by jieba with the given names and phrases added to its dictionary, and traditional characters by OpenCC.
 * Loading takes about 0.3 s and 60 MB, so there is one for the process.
 * @param guess makes words of signs that the dictionary does not know, from how signs usually stand together; without it they stay alone
 */
export const createWords = (known: readonly string[], guess = true): Words => {
  const jieba = Jieba.withDict(dict);
  const entries = [...new Set(known)].filter((word) => /^\p{Script=Han}{2,12}$/u.test(word)).map((word) => `${word} 20000 n`);
  if (entries.length > 0) jieba.loadDict(Buffer.from(`${entries.join('\n')}\n`));
  const simplified = Converter({ from: 'tw', to: 'cn' });
  return {
    cut: (text) => jieba.cutForSearch(text, guess),
    pieces: (text) => jieba.tag(text, guess).map(({ word, tag }) => ({
      word, negates: negations.has(word), carries: !negations.has(word) && !idle.has(word.toLowerCase()) && (tag === 'eng' ? word.length > 1 : carrying.test(tag)) && /[\p{Script=Han}a-z]/iu.test(word),
    })),
    plain: (text) => simplified(halfWidth(text)).toLowerCase(),
  };
};
