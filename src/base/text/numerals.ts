const digitOf: Readonly<Record<string, number>> = { 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9 };

/** A Chinese numeral below 1,000 (`十五`, `二十四`, `一百二十`), or undefined. */
export const chineseNumeral = (text: string): number | undefined => {
  const parts = /^(?:([一二两三四五六七八九])百)?(零|〇)?(?:([一二两三四五六七八九])?(十))?([一二两三四五六七八九])?$/u.exec(text);
  if (text === '零' || text === '〇') return 0;
  if (!parts) return undefined;
  const [, hundreds, zero, tens, ten, ones] = parts;
  if (!hundreds && !ten && !ones) return undefined;
  // 一百五 is said for 150 and read as 105: not a number that anything can rest on.
  if (hundreds && ones && !ten && !zero) return undefined;
  return (hundreds ? digitOf[hundreds]! * 100 : 0) + (ten ? (tens ? digitOf[tens]! : 1) * 10 : 0) + (ones ? digitOf[ones]! : 0);
};
