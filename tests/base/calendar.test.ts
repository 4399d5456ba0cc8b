import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addTime, dayOf, limitMs, localDay, specialDays, spentTime } from '../../src/base/time/calendar.ts';
import type { ClockUnit } from '../../src/base/time/limit.ts';
import { calendarOf } from '../../src/modules/matters/service/clocks/calendars.ts';

const published = JSON.parse(readFileSync(new URL('../../data/calendars/cn.json', import.meta.url), 'utf8')) as Parameters<typeof calendarOf>[0];
const china = calendarOf(published);
const at = (text: string): number => Date.parse(`${text}:00+08:00`);
const due = (from: string, amount: number, unit: ClockUnit, calendar = china) => {
  const { at: when, provisional } = addTime(calendar, at(from), limitMs(calendar, { amount, unit }), unit);
  return { when: new Date(when + 8 * 3_600_000).toISOString().slice(0, 16), provisional };
};

describe('working time', () => {
  test.each([
    ['a day is 8 working hours, from the middle of an afternoon to the same hour', '2026-11-20T17:20', 2, 'workingDay', '2026-11-24T17:20'],
    ['a limit that ends with a session is due at its end', '2026-11-24T08:00', 4, 'workingHour', '2026-11-24T12:00'],
    ['the break at noon does not count', '2026-11-24T11:00', 2, 'workingHour', '2026-11-24T15:00'],
    ['what begins in the night begins to count in the morning', '2026-11-24T23:00', 1, 'workingHour', '2026-11-25T09:00'],
    ['a weekend does not count', '2026-11-27T17:00', 2, 'workingHour', '2026-11-30T09:00'],
    ['national holidays do not count', '2026-09-30T17:00', 2, 'workingHour', '2026-10-08T09:00'],
    ['a make-up working day counts', '2026-10-09T17:00', 2, 'workingHour', '2026-10-10T09:00'],
    ['urgent hours run day and night', '2026-11-27T23:00', 2, 'urgentHour', '2026-11-28T01:00'],
    ['urgent days run through the weekend', '2026-11-27T23:00', 1, 'urgentDay', '2026-11-28T23:00'],
  ] as const)('%s', (_, from, amount, unit, expected) => {
    expect(due(from, amount, unit)).toEqual({ when: expected, provisional: false });
  });

  test('a year that is not published is reckoned with weekends and fixed holidays, and says so', () => {
    expect(due('2027-09-30T17:00', 2, 'workingHour')).toEqual({ when: '2027-10-04T09:00', provisional: true });
    expect(due('2026-12-31T17:00', 2, 'workingHour')).toEqual({ when: '2027-01-04T09:00', provisional: true });
  });

  test('a county may close a day of its own and work on another', () => {
    const own = calendarOf(published, { days: { '2026-11-24': { kind: 'closed', name: '庙会' }, '2026-11-28': { kind: 'makeup', name: '庙会' } } });
    expect(due('2026-11-23T17:00', 2, 'workingHour', own).when).toBe('2026-11-25T09:00');
    expect(dayOf(own, localDay(own, at('2026-11-28T10:00'))).kind).toBe('makeup');
    expect(specialDays(own, at('2026-11-23T17:00'), at('2026-11-25T09:00'))).toMatchObject([{ date: '2026-11-24', kind: 'closed' }]);
  });

  test('what is added is what has been spent when it is due', () => {
    fc.assert(fc.property(
      fc.integer({ min: at('2025-01-01T00:00'), max: at('2026-11-30T00:00') }), fc.integer({ min: 1, max: 80 * 3_600_000 }), fc.constantFrom<ClockUnit>('workingHour', 'workingDay', 'urgentHour', 'urgentDay'),
      (from, ms, unit) => { expect(spentTime(china, from, addTime(china, from, ms, unit).at, unit)).toBe(ms); },
    ));
  });
});
