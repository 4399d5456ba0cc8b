import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ClockUnit } from '../../src/base/time/limit.ts';
import { chineseNumeral } from '../../src/base/text/numerals.ts';
import { parseLimit, writeLimit } from '../../src/modules/catalogue/rules/limits.ts';

const understood: readonly [text: string, amount: number, unit: ClockUnit, note: string | null][] = [
  ['2紧急工作时', 2, 'urgentHour', null],
  ['4小时', 4, 'workingHour', null],
  ['2天', 2, 'workingDay', null],
  ['1紧急工作日', 1, 'urgentDay', null],
  ['1紧急工作时制止', 1, 'urgentHour', '制止'],
  ['３个工作日', 3, 'workingDay', null],
  ['2 个紧急工作小时', 2, 'urgentHour', null],
  ['三天', 3, 'workingDay', null],
  ['十五日内', 15, 'workingDay', null],
  ['二十四小时', 24, 'workingHour', null],
  ['两小时', 2, 'workingHour', null],
  ['半天', 0.5, 'workingDay', null],
  ['半个工作日', 0.5, 'workingDay', null],
  ['一天半', 1.5, 'workingDay', null],
  ['一个半小时', 1.5, 'workingHour', null],
  ['1.5天', 1.5, 'workingDay', null],
  ['30分钟', 0.5, 'workingHour', null],
  ['不超过２４小时', 24, 'workingHour', null],
  ['1-3天', 3, 'workingDay', '1-3天'],
  ['１～３天', 3, 'workingDay', '1~3天'],
  ['三至五个工作日', 5, 'workingDay', '三至五个工作日'],
  ['2天（雨雪天顺延）', 2, 'workingDay', '雨雪天顺延'],
  ['5天,完成修复', 5, 'workingDay', '完成修复'],
];

describe('a limit of the table', () => {
  it.each(understood)('%s', (text, amount, unit, note) => {
    expect(parseLimit(text)).toEqual({ limit: { amount, unit }, note });
  });

  it('counts bare hours and days as the table sets them', () => {
    expect(parseLimit('4小时', { defaultHour: 'urgentHour' }).limit).toEqual({ amount: 4, unit: 'urgentHour' });
    expect(parseLimit('4工作时', { defaultHour: 'urgentHour' }).limit).toEqual({ amount: 4, unit: 'workingHour' });
    expect(parseLimit('30分钟', { defaultHour: 'urgentHour' }).limit).toEqual({ amount: 0.5, unit: 'urgentHour' });
    expect(parseLimit('2天', { defaultDay: 'urgentDay' }).limit).toEqual({ amount: 2, unit: 'urgentDay' });
  });

  it.each(['', ' ', '立即', '即时', '一周', '2个月', '2', '天', '0天', '1.3天', '10分钟', '白天2小时,夜间4小时', '2天或4小时', '4小时(2天)',
    '3-1天', '发现后2小时', '2小时(紧急)', '-2天', '2千天', '1e3天', '长'.repeat(80), '99999天'])('is not guessed from %j', (text) => {
    expect(parseLimit(text).limit).toBeUndefined();
  });

  it('reads back what it writes, for every amount and unit and whatever the settings', () => {
    fc.assert(fc.property(
      fc.integer({ min: 1, max: 19_998 }), fc.constantFrom<ClockUnit>('workingHour', 'workingDay', 'urgentHour', 'urgentDay'),
      fc.constantFrom('workingHour' as const, 'urgentHour' as const),
      (halves, unit, defaultHour) => {
        const limit = { amount: halves / 2, unit };
        expect(parseLimit(writeLimit(limit), { defaultHour })).toEqual({ limit, note: null });
      },
    ));
  });

  it('never throws and never gives an amount that is not a positive half', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.零一两三十百半个小时天日工作紧急分钟内-至(),制止 ') , maxLength: 20 }), (text) => {
      const parsed = parseLimit(text);
      if (parsed.limit) {
        expect(parsed.limit.amount).toBeGreaterThan(0);
        expect(Number.isInteger(parsed.limit.amount * 2)).toBe(true);
      }
    }));
  });

  it('is understood in all 519 rows of the published table', () => {
    const [, ...lines] = readFileSync('data/standards/yuncheng.tsv', 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(519);
    for (const line of lines) expect(parseLimit(line.split('\t')[9]!).limit, line).toBeDefined();
  });
});

it('Chinese numerals below a thousand are read', () => {
  expect(['三', '十', '十五', '二十', '二十四', '一百', '一百零五', '一百二十', '零', '两', '十百', '四五', ''].map(chineseNumeral))
    .toEqual([3, 10, 15, 20, 24, 100, 105, 120, 0, 2, undefined, undefined, undefined]);
});
