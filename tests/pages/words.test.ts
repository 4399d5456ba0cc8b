import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages } from '../../src/base/text/language.ts';
import { groupNumber, kindWords, readCode, readPhone, sayDistance, sayTime, spellNumber } from '../../src/modules/cases/pages/words.ts';
import { textsOf } from '../../src/platform/texts.ts';

const at = (text: string): number => Date.parse(`${text}+08:00`);
const now = at('2026-11-24T09:00:00');

describe('times as people say them', () => {
  it.each([
    ['2026-11-24T17:30:00', '今天 17:30', 'today 17:30'],
    ['2026-11-24T00:05:00', '今天 0:05', 'today 0:05'],
    ['2026-11-23T23:59:00', '昨天 23:59', 'yesterday 23:59'],
    ['2026-11-25T08:00:00', '明天 8:00', 'tomorrow 8:00'],
    ['2026-11-20T17:30:00', '11月20日 17:30', '20 Nov, 17:30'],
    ['2025-03-02T17:30:00', '2025年3月2日', '2 Mar 2025'],
  ])('%s', (time, chinese, english) => {
    expect(sayTime('zh-Hans', at(time), now, 480)).toBe(chinese);
    expect(sayTime('en', at(time), now, 480)).toBe(english);
  });
});

describe('numbers that are read aloud', () => {
  it('stand in groups, and keep groups that they have', () => {
    expect(groupNumber('1124583107')).toBe('1124 5831 07');
    expect(groupNumber('1124-5831-07')).toBe('1124 5831 07');
    expect(spellNumber('1124-58')).toBe('1 1 2 4 5 8');
  });
  it('lose nothing by grouping', () => {
    fc.assert(fc.property(fc.stringMatching(/^\d{1,20}$/), (number) => { expect(groupNumber(number).replaceAll(' ', '')).toBe(number); }));
  });
  it('are metres up to a kilometre', () => {
    expect(sayDistance('zh-Hans', 0.2)).toBe('1 米');
    expect(sayDistance('zh-Hans', 31.4)).toBe('31 米');
    expect(sayDistance('zh-Hans', 1234)).toBe('1.2 公里');
  });
});

describe('rows of the code table', () => {
  it('are read at a glance: the name, and the beginning of a long condition', () => {
    expect(kindWords('路灯：单盏不亮')).toEqual({ title: '路灯', hint: '单盏不亮' });
    expect(kindWords('噪声')).toEqual({ title: '噪声', hint: null });
    expect(kindWords(`道路不洁：${'路'.repeat(60)}`).hint).toBe(`${'路'.repeat(24)}…`);
  });
});

describe('what is typed', () => {
  it.each([['13900001234', '13900001234'], [' 139 0000 1234 ', '13900001234'], ['+86 139-0000-1234', '13900001234'], ['１３９００００１２３４', '13900001234'], ['139000012345', null], ['0574 6215 0001', null], ['', null]])('%s is the phone %s', (typed, read) => {
    expect(readPhone(typed)).toBe(read);
  });
  it.each([['123456', '123456'], ['１２３ ４５６', '123456'], ['12345', null], ['abcdef', null]])('%s is the code %s', (typed, read) => {
    expect(readCode(typed)).toBe(read);
  });
});

describe('words of the resident pages', () => {
  it('are there in every language, with the same parameters', () => {
    for (const [key, text] of Object.entries(textsOf('resident')))
      for (const language of languages) {
        expect(text[language], `${key} ${language}`).toBeTruthy();
        expect((text[language].match(/\{\w+\}/g) ?? []).sort(), `${key} ${language}`).toEqual((text['zh-Hans'].match(/\{\w+\}/g) ?? []).sort());
      }
  });
});
