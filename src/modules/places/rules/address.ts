import { halfWidth } from '../../../base/text/width.ts';

const figures: Readonly<Record<string, number>> = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };
const units: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000 };

/** A number in Chinese characters up to 9999 (`五十九`, `一百零三`, `二〇三`); undefined where it is none. */
export const chineseNumber = (text: string): number | undefined => {
  if (text === '' || [...text].some((char) => !(char in figures) && !(char in units))) return undefined;
  if (![...text].some((char) => char in units)) return Number([...text].map((char) => figures[char]).join(''));
  let total = 0;
  let figure = 0;
  let pending = false;
  for (const char of text) {
    if (char in figures) {
      figure = figures[char]!;
      pending = true;
    } else {
      total += (pending ? figure : 1) * units[char]!;
      figure = 0;
      pending = false;
    }
  }
  return total + figure;
};

/** Words as they are compared: half width, no spaces and commas, numbers before 号 and the like in figures. */
export const plainWords = (text: string): string =>
  halfWidth(text.normalize('NFC'))
    .replace(/[\s,，。;；、]+/gu, '')
    .replace(/([零〇一二两三四五六七八九十百千]+)(?=[号弄幢栋])/gu, (whole, number: string) => String(chineseNumber(number) ?? whole));

/** A house number in words that follow a road's name. */
export interface HouseNumber {
  readonly number: number;
  /** `-1`, `甲`; empty for a plain number. */
  readonly suffix: string;
}

/** The house number that words begin with: `59号`, `59-1号`, `甲59号`, `59号3幢`; undefined where there is none. */
export const houseNumber = (words: string): HouseNumber | undefined => {
  const found = /^(甲|乙|丙|丁)?(\d{1,5})(甲|乙|丙|丁|-\d{1,3})?(?:号|弄|$|\D)/u.exec(words);
  return found ? { number: Number(found[2]), suffix: found[3] ?? found[1] ?? '' } : undefined;
};

/** Road and house number of an address such as `乐业路59号`; undefined where it is none. */
export const parseAddress = (text: string): (HouseNumber & { readonly road: string }) | undefined => {
  const found = /^(.*?(?:路|街|巷|弄|道|大道|里))((?:甲|乙|丙|丁)?\d.*)$/u.exec(plainWords(text));
  const house = found && houseNumber(found[2]!);
  return house ? { road: found[1]!, ...house } : undefined;
};

/** What people add to the name of a place to say where at it: taken off before names are compared. */
export const withoutPosition = (words: string): string =>
  words.replace(/(正|斜)?(门口|大门|对面|旁边?|附近|边上|隔壁|前面?|后面?|[东南西北](侧|边|面|首|头|门)|[东西南北]{1,2}角|路口|里面?|楼下|那里|处)+$/u, '');
