import { expect, test } from 'vitest';
import { playMonth } from './month.ts';

test('a day of the town, killed with -9 in the middle of it, its messages over a gateway that fails, hangs up and lies: the log played forward by itself is lawful and verifies, nobody is told twice', async () => {
  const report = await playMonth({ from: '2026-09-14', days: 1, seed: 'town', blows: 1 });
  expect(report.wrong).toEqual([]);
  expect(report.blows).toBe(1);
  expect(report.entries).toBeGreaterThan(200);
  expect(report.sent).toBeGreaterThan(20);
  expect(report.gatewayFaults).toBeGreaterThan(5);
}, 240_000);
