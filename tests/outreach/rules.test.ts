import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages } from '../../src/base/text/language.ts';
import { afterQuiet, channelsFor, dayStart, messageText, nextDay, pauseAfter, settingsOf, triesAtMost, usualSettings } from '../../src/modules/outreach/rules/sending.ts';
import { deliveryRows } from '../../src/modules/outreach/index.ts';
import { offsetMinutesOf as offsetOf } from '../../src/base/time/zone.ts';
import { textsOf } from '../../src/platform/texts.ts';

const at = (text: string): number => Date.parse(`2026-11-${text}+08:00`);
const iso = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().slice(8, 16);

describe('quiet hours', () => {
  it.each([
    ['24T20:59', '24T20:59'], ['24T21:00', '25T08:00'], ['24T23:30', '25T08:00'], ['25T00:00', '25T08:00'], ['25T07:59', '25T08:00'], ['25T08:00', '25T08:00'], ['25T12:00', '25T12:00'],
  ])('what is not urgent at %s leaves at %s', (now, leaves) => { expect(iso(afterQuiet(usualSettings, at(`${now}:00`), 480))).toBe(leaves); });
  it('may lie within one day, and there may be none', () => {
    expect(iso(afterQuiet({ ...usualSettings, quietFrom: 720, quietUntil: 840 }, at('24T13:00:00'), 480))).toBe('24T14:00');
    expect(iso(afterQuiet({ ...usualSettings, quietFrom: 60, quietUntil: 60 }, at('24T01:00:00'), 480))).toBe('24T01:00');
  });
  it('never send anything back in time, and what leaves is outside of them', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 1439 }), fc.integer({ min: 0, max: 1439 }), fc.constantFrom(480, 0, -300, 345), (now, quietFrom, quietUntil, offset) => {
      const settings = { ...usualSettings, quietFrom, quietUntil };
      const leaves = afterQuiet(settings, now, offset);
      expect(leaves).toBeGreaterThanOrEqual(now);
      expect(leaves - now).toBeLessThan(86_400_000);
      expect(afterQuiet(settings, leaves, offset)).toBe(leaves);
    }));
  });
  it('beyond the day\'s cap a message leaves on the next morning', () => {
    expect(iso(nextDay(usualSettings, at('24T10:00:00'), 480))).toBe('25T08:00');
    expect(iso(dayStart(at('24T00:00:00'), 480))).toBe('24T00:00');
  });
  it('count in the county\'s zone', () => {
    expect(offsetOf('Asia/Shanghai', at('24T10:00:00'))).toBe(480);
    expect(offsetOf('America/St_Johns', Date.parse('2026-07-01T00:00:00Z'))).toBe(-150);
    expect(offsetOf('UTC', 0)).toBe(0);
  });
  it('settings that make no sense are the usual ones', () => {
    expect(settingsOf(null)).toEqual(usualSettings);
    expect(settingsOf({ quietFrom: 1440, quietUntil: '8', dailyCap: 0, staffDailyCap: 5 })).toEqual({ ...usualSettings, staffDailyCap: 5 });
  });
});

describe('tries', () => {
  it('pauses grow and differ, up to an hour and a half, and end after about four hours', () => {
    expect([1, 2, 3, 12].map((tries) => pauseAfter(tries, 0.5))).toEqual([5_000, 10_000, 20_000, 3_600_000]);
    expect(pauseAfter(3, 0)).toBe(10_000);
    expect(pauseAfter(3, 0.999)).toBeLessThan(30_000);
    const whole = Array.from({ length: triesAtMost - 1 }, (_, i) => pauseAfter(i + 1, 0.5)).reduce((a, b) => a + b);
    expect(whole / 3_600_000).toBeGreaterThan(2);
    expect(whole / 3_600_000).toBeLessThan(5);
  });
});

describe('the way a message takes', () => {
  const both = { phone: '13900002046', email: 'a@town.example' };
  it('is the one that the recipient chose, or else the other', () => {
    expect(channelsFor('filed', false, { ...both, channel: 'email' })).toEqual({ channels: ['email', 'sms'] });
    expect(channelsFor('filed', false, { ...both, email: null, channel: 'email' })).toEqual({ channels: ['sms'] });
    expect(channelsFor('filed', false, { ...both, channel: 'none' })).toEqual({ channels: [], none: 'chose_none' });
  });
  it('is the phone for a code, whatever was chosen', () => {
    expect(channelsFor('sms_code', true, { ...both, channel: 'none' })).toEqual({ channels: ['sms'] });
    expect(channelsFor('sms_code', true, { phone: null, email: 'a@town.example', channel: 'email' })).toEqual({ channels: [] });
  });
});

describe('texts', () => {
  const messages = textsOf('messages');
  const promised = ['filed', 'declined', 'dispatched_unit', 'handler_task', 'urged', 'arrived', 'finished', 'verified_closed', 'rework', 'returned', 'extended', 'held', 'appeal_decided', 'reopened', 'due_soon', 'overdue', 'sms_code', 'staff_invite', 'grid_informed'];
  it('there is one for every turn that people are told about', () => { expect(Object.keys(messages)).toEqual(expect.arrayContaining(promised)); });
  it.each(Object.keys(messages))('%s is signed, short, and has the same parameters in all languages', (key) => {
    const text = messages[key]!;
    expect(text['zh-Hans'].startsWith('【灯火】')).toBe(true);
    expect(text['zh-Hant'].startsWith('【燈火】')).toBe(true);
    expect(text.en.startsWith('[Lamplight] ')).toBe(true);
    const names = (words: string) => [...words.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
    for (const language of languages) expect(names(text[language])).toEqual(names(text['zh-Hans']));
    expect([...text['zh-Hans'].replace(/\{\w+\}/g, '')].length).toBeLessThanOrEqual(52);
  });
  it('a code and a link are for the recipient only, and dots once they are forgotten', () => {
    const params = { code: '123456', minutes: 5 };
    expect(messageText(messages, 'sms_code', params, 'en', 'shown')).toContain('123456');
    expect(messageText(messages, 'sms_code', params, 'en', 'hidden')).not.toContain('123456');
    expect(messageText(messages, 'sms_code', { minutes: 5 }, 'en', 'shown')).toContain('······');
  });
});

describe('rows of one action', () => {
  it('tell a recipient one thing once', () => {
    const draft = { id: 'a', template: 'filed', recipient: 'contact:1', params: {}, urgent: false };
    const rows = deliveryRows(3, { county: '330281', matter: 'm', version: 2, now: 0 }, [draft, { ...draft, id: 'b' }, { ...draft, id: 'c', recipient: 'contact:2' }]);
    expect(rows.map(({ id, n, at: when }) => [id, n, when])).toEqual([['a', 3, '1970-01-01T00:00:00.000Z'], ['c', 3, '1970-01-01T00:00:00.000Z']]);
  });
});
