import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { addTime, limitMs } from '../../src/base/time/calendar.ts';
import { isSteadyZone, localTime, offsetMinutesOf } from '../../src/base/time/zone.ts';
import { calendarOf } from '../../src/modules/matters/service/clocks/calendars.ts';

describe('a county’s time zone', () => {
  it('has its minutes from UTC', () => {
    expect(offsetMinutesOf('Asia/Shanghai', 0)).toBe(480);
    expect(offsetMinutesOf('Asia/Urumqi', Date.UTC(2026, 5, 1))).toBe(360);
    expect(localTime(Date.UTC(2026, 10, 25, 1, 30), 360)).toBe('2026-11-25 07:30');
  });

  it('is refused where it changes its clocks or does not exist', () => {
    expect(isSteadyZone('Asia/Urumqi', 2026)).toBe(true);
    expect(isSteadyZone('Europe/Berlin', 2026)).toBe(false);
    expect(isSteadyZone('Asia/Nowhere', 2026)).toBe(false);
  });

  it('decides when working hours begin: two hours from the night end at ten by its own clock', () => {
    const published = JSON.parse(readFileSync(new URL('../../data/calendars/cn.json', import.meta.url), 'utf8')) as Parameters<typeof calendarOf>[0];
    const urumqi = calendarOf(published, { zone: 'Asia/Urumqi' });
    const night = Date.parse('2026-11-24T22:00:00+06:00');
    expect(localTime(addTime(urumqi, night, limitMs(urumqi, { amount: 2, unit: 'workingHour' }), 'workingHour').at, 360)).toBe('2026-11-25 10:00');
  });
});
