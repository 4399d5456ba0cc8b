import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addTime, dayOf, limitMs, localDay, spentTime } from '../../src/base/time/calendar.ts';
import { courseOf } from '../../src/base/time/course.ts';
import type { ClockUnit } from '../../src/base/time/limit.ts';
import { pauseClock, resumeClock, startClock } from '../../src/modules/matters/rules/clocks.ts';
import { calendarOf } from '../../src/modules/matters/service/clocks/calendars.ts';
import { clockWorking } from '../../src/modules/matters/service/clocks/working.ts';

const china = calendarOf(JSON.parse(readFileSync(new URL('../../data/calendars/cn.json', import.meta.url), 'utf8')) as Parameters<typeof calendarOf>[0]);
const at = (text: string): number => Date.parse(`${text}:00+08:00`);
const working = (from: string, amount: number, unit: ClockUnit, now = from) => clockWorking(china, startClock(china, 'handle', { amount, unit }, at(from)), at(now), 'en');

describe('how a due time comes about', () => {
  test('a plain weekend is named by its days', () => {
    expect(working('2026-11-20T17:20', 2, 'workingDay')).toEqual([
      '2 working days: today 17:20 → Tue 24 Nov 17:20', 'Only working time counts: 08:00–12:00, 14:00–18:00', 'Sat 21 Nov to Sun 22 Nov: weekend, not counted',
    ]);
  });
  test('holidays are named, and a make-up day counts', () => {
    expect(working('2025-09-30T17:20', 3, 'workingDay')).toEqual([
      '3 working days: today 17:20 → Sat 11 Oct 17:20', 'Only working time counts: 08:00–12:00, 14:00–18:00',
      'Wed 1 Oct to Sun 5 Oct: National Day, not counted', 'Mon 6 Oct: Mid-Autumn, not counted', 'Tue 7 Oct to Wed 8 Oct: National Day, not counted',
      'Sat 11 Oct: make-up working day (National Day), counted',
    ]);
  });
  test('what comes in the night counts from the morning, and many weekends are counted', () => {
    expect(working('2026-11-23T22:00', 2, 'workingHour')[1]).toBe('It counts from tomorrow 08:00, when work begins');
    expect(working('2026-11-02T09:00', 15, 'workingDay')).toContain('6 days between are weekend, not counted');
  });
  test('an urgent limit has no days that do not count', () => {
    expect(working('2026-11-27T23:00', 4, 'urgentHour')).toEqual(['4 urgent hours: today 23:00 → tomorrow 03:00', 'Runs day and night']);
  });
  test('one that stood still says what had been used', () => {
    const held = resumeClock(china, pauseClock(china, startClock(china, 'handle', { amount: 2, unit: 'workingDay' }, at('2026-11-23T08:00')), at('2026-11-23T11:00')), at('2026-11-25T08:00'));
    expect(clockWorking(china, held, at('2026-11-25T09:00'), 'zh-Hans')[1]).toBe('停表前已用 3 小时，今天 08:00接着算'.replace('08:00接', '08:00 接'));
  });
  test('what is not published says so, by its year', () => {
    expect(working('2026-12-31T17:00', 2, 'workingHour').at(-1)).toContain('2027');
  });

  test('the days that it names and the time that it gives are the same sum', () => {
    fc.assert(fc.property(
      fc.integer({ min: at('2024-01-01T00:00'), max: at('2026-10-01T00:00') }), fc.integer({ min: 1, max: 60 }), fc.constantFrom<ClockUnit>('workingHour', 'workingDay'),
      (from, amount, unit) => {
        const clock = startClock(china, 'handle', { amount, unit }, from);
        const course = courseOf(china, clock, from);
        expect(course.due).toBe(addTime(china, from, limitMs(china, { amount, unit }), unit).at);
        const named = new Set(course.days.flatMap((run) => Array.from({ length: run.days }, (_, n) => localDay(china, Date.parse(`${run.from}T12:00:00+08:00`)) + n)));
        // Every day between is either plain and counts, or is named with what it is.
        for (let day = localDay(china, from); day <= localDay(china, course.due!); day++) expect(named.has(day)).toBe(dayOf(china, day).kind !== 'workday');
        expect(spentTime(china, course.counts ?? from, course.due!, unit)).toBe(limitMs(china, { amount, unit }));
      },
    ));
  });
});
