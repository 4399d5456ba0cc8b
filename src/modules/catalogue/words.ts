import { Jieba } from '@node-rs/jieba';
import { dict } from '@node-rs/jieba/dict.js';
import { Converter } from 'opencc-js/t2cn';
import { halfWidth } from '../../base/text/width.ts';
import type { Words } from './rules/rank.ts';
import { pieceOf } from './rules/reasons.ts';

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
    pieces: (text) => jieba.tag(text, guess).map(({ word, tag }) => pieceOf(word, tag)),
    plain: (text) => simplified(halfWidth(text)).toLowerCase(),
  };
};
