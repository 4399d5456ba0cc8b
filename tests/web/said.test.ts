import { describe, expect, test } from 'vitest';
import { dayWords, distanceWords, spanOf, timeOfDay, urgencyOf } from '../../src/web/shared/format.ts';

const now = Date.parse('2026-11-24T09:00:00+08:00');
const words = { today: '今天', tomorrow: '明天', yesterday: '昨天' };

describe('times as people say them', () => {
  test.each([
    ['2026-11-24T17:30:00+08:00', '今天'],
    ['2026-11-24T00:00:00+08:00', '今天'],
    ['2026-11-25T00:30:00+08:00', '明天'],
    ['2026-11-23T23:59:00+08:00', '昨天'],
    ['2026-11-26T10:00:00+08:00', '周四'],
    ['2026-12-03T10:00:00+08:00', '12月3日'],
    ['2025-12-03T10:00:00+08:00', '2025年12月3日'],
  ])('%s is %s on the morning of 24 November', (iso, said) => {
    expect(dayWords('zh-Hans', new Date(iso).toISOString(), now, words)).toBe(said);
  });

  test('times are those of the county, whatever the device believes', () => {
    expect(timeOfDay('zh-Hans', '2026-11-24T01:05:00.000Z')).toBe('09:05');
    expect(timeOfDay('en', '2026-11-24T16:00:00.000Z')).toBe('00:00');
  });

  test('a span is cut into days, hours and minutes, whatever its sign', () => {
    expect(spanOf(-(26 * 3_600_000 + 61_000))).toEqual({ days: 1, hours: 2, minutes: 1 });
  });

  test('a limit is late from its due time on, a warning from its warning time on, and paused while it stands', () => {
    const at = (ms: number): string => new Date(now + ms).toISOString();
    expect(urgencyOf({ dueAt: at(0), warnAt: null, pausedAt: null }, now)).toBe('late');
    expect(urgencyOf({ dueAt: at(1), warnAt: at(0), pausedAt: null }, now)).toBe('warn');
    expect(urgencyOf({ dueAt: at(2), warnAt: at(1), pausedAt: null }, now)).toBe('calm');
    expect(urgencyOf({ dueAt: at(-1), warnAt: null, pausedAt: at(-5) }, now)).toBe('paused');
  });

  test('distances are metres, then kilometres', () => {
    expect([distanceWords('zh-Hans', 2.4), distanceWords('zh-Hans', 1250), distanceWords('en', 12_400)]).toEqual(['2 米', '1.3 公里', '12 km']);
  });
});
