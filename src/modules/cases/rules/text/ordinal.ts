import { chineseNumeral } from '../../../../base/text/numerals.ts';

/** Words such as 老菜场门口第二盏, parted: the place, and which one from there. */
export interface Ordinal {
  readonly place: string;
  /** From 1. */
  readonly nth: number;
  /** What is counted, as people say it: 灯, 井盖; the measure word alone says 灯 for 盏. */
  readonly word: string;
}

/** What a measure word counts where nothing else is said. */
const counted: Readonly<Record<string, string>> = { 盏: '灯', 盞: '灯' };
const simplified: Readonly<Record<string, string>> = { 燈: '灯', 蓋: '盖', 桿: '杆', 電: '电', 線: '线', 樹: '树' };

/**
 * Reads "the second one from there" off the end of words for a place; undefined where nothing is counted.
 * @param things words that are said for classes of components
 */
export const readOrdinal = (said: string, things: readonly string[]): Ordinal | undefined => {
  const text = said.normalize('NFKC').trim().replace(/[燈蓋桿電線樹]/gu, (char) => simplified[char]!);
  const found = new RegExp(`^(.{2,60}?)[，,、的\\s]*第\\s*([0-9]{1,3}|[一二三四五六七八九十两]{1,3})\\s*([盏盞个個根只块塊棵座]?)\\s*(${things.join('|')})?$`, 'u').exec(text);
  const nth = found && (/^\d/.test(found[2]!) ? Number(found[2]) : chineseNumeral(found[2]!));
  const word = found && (found[4] ?? counted[found[3]!]);
  return found && nth && word ? { place: found[1]!, nth, word } : undefined;
};
