import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anonymous, theSystem } from '../../../src/base/actor.ts';
import { callerOf, createLimiter, defaultLimits, network } from '../../../src/platform/http/limiter.ts';
import { someone } from './serving.ts';

test('no bucket ever gives more than its size and what has flowed in since', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), fc.array(fc.integer({ min: -5_000, max: 5_000 }), { maxLength: 300 }), (perMinute, steps) => {
    let now = 1_000_000;
    let forward = 0;
    let given = 0;
    const limiter = createLimiter(() => now);
    for (const step of steps) {
      now += step;
      forward += Math.max(0, step);
      if (limiter.take('a', perMinute) === 0) given++;
    }
    expect(given).toBeLessThanOrEqual(perMinute + (forward * perMinute) / 60_000 + 1e-6);
  }));
});

test('who comes back after the seconds that were said is let in', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), (perMinute) => {
    let now = 0;
    const limiter = createLimiter(() => now);
    while (limiter.take('a', perMinute) === 0);
    now += limiter.take('a', perMinute) * 1_000;
    expect(limiter.take('a', perMinute)).toBe(0);
  }));
});

test('callers do not draw from each other, and memory stays bounded under ever new addresses', () => {
  const limiter = createLimiter(() => 0);
  expect([limiter.take('a', 1), limiter.take('b', 1), limiter.take('a', 1)]).toEqual([0, 0, 60]);
  for (let i = 0; i < 450_000; i++) limiter.take(`x${i}`, 10);
  expect(limiter.size).toBeLessThanOrEqual(200_000);
});

test.each([
  ['203.0.113.7', '203.0.113.7'], ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'], ['2001:0db8:0001:0002::9', '2001:db8:1:2'], ['2001:db8::1', '2001:db8:0:0'], ['::1', '0:0:0:0'], ['fe80::1%eth0', 'fe80:0:0:0'],
])('the caller at %s counts as %s', (ip, caller) => expect(network(ip)).toBe(caller));

test('an account counts by itself wherever it is, nobody by the address, a program has room for a load', () => {
  const account = someone('41');
  expect(callerOf(account, '::1', defaultLimits)).toEqual(callerOf(account, '203.0.113.7', defaultLimits));
  expect(callerOf(null, '203.0.113.7', defaultLimits)).toEqual({ key: 'a:203.0.113.7', perMinute: defaultLimits.address });
  expect(callerOf(theSystem, '203.0.113.7', defaultLimits).key).toBe('a:203.0.113.7');
  expect(callerOf(someone('42', null, 'program'), '::1', defaultLimits).perMinute).toBe(defaultLimits.program);
  expect(anonymous.kind).toBe('resident');
});
