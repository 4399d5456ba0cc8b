import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createWords } from '../../src/modules/catalogue/index.ts';
import { hitIn, hitInNumber } from '../../src/modules/finding/rules/hits.ts';
import { holdsPhone, markOf, numberMarks, pairsOf, readQuery, termsOf, wordsOf } from '../../src/modules/finding/rules/terms.ts';

const words = createWords([], false);
const nothing = { names: [], texts: [], personal: [], number: '261124-5831-07', marks: [] };

test('Chinese is cut into words, and signs that no dictionary knows into pairs', () => {
  expect(wordsOf(words, '菜市场门口的路灯坏了')).toEqual(expect.arrayContaining(['菜市场', '门口', '路灯']));
  expect(wordsOf(words, '谢家路村')).toEqual(expect.arrayContaining(['家路', '路村']));
});

test('traditional characters, full width and capitals find what is written otherwise', () => {
  const { plain } = termsOf(words, { ...nothing, names: ['光明路ＬＤ-0412号路灯'] });
  for (const typed of ['路燈', 'ld-0412', 'LD-0412', '0412', '光明路']) {
    const { terms, pairs } = readQuery(words, typed);
    expect([terms, pairs ?? []].some((asked) => asked.length > 0 && asked.every((term) => plain.includes(term))), typed).toBe(true);
  }
});

test('any two neighbouring signs of a title find it, whatever the dictionary cuts', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'谢家路灯不亮垃圾村东大街井盖'), minLength: 2, maxLength: 12 }), fc.nat(), fc.nat(), (title, a, b) => {
    const from = a % (title.length - 1);
    const part = title.slice(from, from + 2 + (b % (title.length - from - 1)));
    const { plain } = termsOf(words, { ...nothing, names: [title] });
    expect(pairsOf(part).every((pair) => plain.includes(pair))).toBe(true);
  }));
});

test('a number is found with and without check digits and dashes, by its day and by its figure', () => {
  expect(numberMarks('261124-5831-07')).toEqual(['261124583107', '2611245831', '583107', '261124', '5831'].map((digits) => markOf('number', digits)));
  for (const typed of ['261124-5831-07', '２６１１２４ 5831', '2611245831', '5831', '261124', '5831-07', '2 6 1 1 2 4－5831－07']) expect(numberMarks('261124-5831-07'), typed).toContain(readQuery(words, typed).terms[0]);
});

test('what only personal texts say is kept apart, and a phone is no word of any', () => {
  const terms = termsOf(words, { ...nothing, names: ['路灯不亮'], personal: ['我是王建国，电话13805551234，路灯不亮'] });
  expect(terms.plain).toContain('路灯');
  expect(terms.personal).not.toContain('路灯');
  expect(terms.personal.length).toBeGreaterThan(0);
  expect([...terms.plain, ...terms.personal].filter((term) => term.includes('1380'))).toEqual([]);
});

test('a phone is known for one, alone or among words; a number of a case is not', () => {
  for (const phone of ['13805551234', '+86 138 0555 1234', '王大爷 138-0555-1234', '０５７４-62111222', '057462111222']) expect(holdsPhone(phone), phone).toBe(true);
  for (const other of ['261124-5831-07', '261124583107', '5831', '光明路59号', '3302810137000012']) expect(holdsPhone(other), other).toBe(false);
});

test('hits are the whole words where they stand, else the parts that were looked for, within what is shown', () => {
  expect(hitIn(words, '光明路3號路燈不亮', ['路灯'], [])).toEqual({ text: '光明路3號路燈不亮', ranges: [[5, 7]] });
  expect(hitIn(words, '修路灯', ['路灯坏了'], ['路灯'])).toEqual({ text: '修路灯', ranges: [[1, 3]] });
  expect(hitIn(words, '没有', ['路灯'], ['路灯'])).toBeUndefined();
  const long = `${'很'.repeat(300)}路灯${'啊'.repeat(300)}路灯`;
  const hit = hitIn(words, long, ['路灯'], [])!;
  expect(hit.text.length).toBeLessThanOrEqual(122);
  expect(hit.ranges.map(([from, to]) => hit.text.slice(from, to))).toEqual(['路灯']);
  expect(hitInNumber('261124-5831-07', '2611245831')).toEqual({ text: '261124-5831-07', ranges: [[0, 11]] });
});

test('ranges of hits lie within their text, ascend and stay apart', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'路灯a😀不亮 '), maxLength: 300 }), fc.array(fc.constantFrom('路灯', '灯不', 'a', '不亮'), { minLength: 1, maxLength: 3 }), (text, typed) => {
    const hit = hitIn(words, text, typed, []);
    let before = -1;
    for (const [from, to] of hit?.ranges ?? []) {
      expect(from).toBeGreaterThan(before);
      expect(to).toBeGreaterThan(from);
      expect(to).toBeLessThanOrEqual(hit!.text.length);
      before = to;
    }
  }));
});
