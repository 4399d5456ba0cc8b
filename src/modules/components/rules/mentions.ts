import { chineseNumeral } from '../../../base/text/numerals.ts';
import type { Classes } from './classes.ts';

/** A component that a text names: 光明路3号灯. */
export interface Mention {
  /** What the road may be called: the text before the number has no beginning that grammar knows. The longest first. */
  readonly roads: readonly string[];
  readonly ordinal: number;
  /** Classes of which people say the word that was used. */
  readonly classes: readonly string[];
}

const simplified: Readonly<Record<string, string>> = { 號: '号', 燈: '灯', 蓋: '盖', 桿: '杆', 電: '电', 線: '线', 樹: '树', 橋: '桥' };

/** Finds components named by road, number and kind, at most five. */
export const mentionsIn = (text: string, classes: Classes): Mention[] => {
  const plain = text.normalize('NFKC').replace(/[號燈蓋桿電線樹橋]/gu, (char) => simplified[char]!);
  const pattern = new RegExp(
    `([\\p{Script=Han}A-Za-z0-9]{0,14}?[路街道巷弄里桥])\\s*(?:上|边|旁|旁边|的)?\\s*第?\\s*(\\d{1,5}|[一二三四五六七八九十百零两]{1,6})\\s*号?\\s*(${classes.words.join('|')})`, 'gu');
  const found: Mention[] = [];
  for (const [, before, number, word] of plain.matchAll(pattern)) {
    const ordinal = /^\d/u.test(number!) ? Number(number) : chineseNumeral(number!);
    if (ordinal === undefined || ordinal === 0) continue;
    const roads: string[] = [];
    for (let from = 0; from + 2 <= before!.length; from++) roads.push(before!.slice(from));
    if (roads.length > 0) found.push({ roads, ordinal, classes: classes.said(word!) });
    if (found.length === 5) break;
  }
  return found;
};
