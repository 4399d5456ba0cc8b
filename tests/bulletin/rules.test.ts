import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { metresBetween } from '../../src/base/geo/geometry.ts';
import { holdsPersonalNumber } from '../../src/modules/cases/rules/text/words.ts';
import { coarseMetres, coarsePoint, hiddenStates, publicTitle } from '../../src/modules/bulletin/rules/moderation.ts';

describe('a coarse place', () => {
  test('is the same for everybody in its square and never further than the square is wide', () => {
    fc.assert(fc.property(fc.double({ min: 73, max: 135, noNaN: true }), fc.double({ min: 18, max: 54, noNaN: true }), (lng, lat) => {
      const shown = coarsePoint(lng, lat);
      expect(metresBetween(lng, lat, shown.lng, shown.lat)).toBeLessThan(coarseMetres);
      expect(coarsePoint(shown.lng, shown.lat)).toEqual(shown);
    }));
  });
});

describe('the public view', () => {
  test('shows nothing that nobody has looked at, unless the county wants it', () => {
    expect(hiddenStates({})).toContain('reported');
    expect(hiddenStates({ from: 'reported' })).not.toContain('reported');
    for (const settings of [{}, { from: 'reported' as const }]) expect(hiddenStates(settings)).toEqual(expect.arrayContaining(['declined', 'void']));
  });
  test('drops the house from a title and keeps what is wrong', () => {
    expect(publicTitle('三号王家 · 未倒入垃圾容器', null, '第一网格', '垃圾')).toBe('第一网格 · 未倒入垃圾容器');
    expect(publicTitle('光明路3号灯 · 不亮', 'C1', '第一网格', '路灯')).toBe('光明路3号灯 · 不亮');
  });
});

describe('a summary for everybody', () => {
  test.each([['请打 13800001234', true], ['１３８ ０００ ０１２３４', true], ['身份证 33028119800101123X', true], ['2026 年 11 月 25 日完成', false], ['20261125 完成，共 120 盏', false], ['更换 37 号灯', false]])('%s', (words, holds) => {
    expect(holdsPersonalNumber(words)).toBe(holds);
  });
});
