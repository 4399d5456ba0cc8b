import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDiary } from './clients.ts';
import { databaseAway, killRounds } from './drill.ts';
import { type House, openHouse, type Served } from './house.ts';

const slow = 240_000;
// One for all: what was acknowledged before a fault has to be there after the next one too.
const diary = newDiary();
let house: House;
let served: Served;
beforeAll(async () => {
  house = await openHouse();
  served = await house.serve();
  await served.start();
}, slow);
afterAll(() => house?.close(), slow);

describe('under load, on a database as durable as it ships', () => {
  it('kill -9 of server and database at random moments loses no acknowledged action and doubles none; every op gets its answer again; the ledger verifies', async () => {
    const report = await killRounds(house, served, diary, 5, 'kill');
    expect(report.wrong).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(100);
    expect(report.again).toBeGreaterThan(0);
  }, slow);

  it('a database that is away for a while is said so with 503 and Retry-After; the same ops succeed when it is back, without a restart', async () => {
    const report = await databaseAway(house, served, diary, 2_000, 'away');
    expect(report.wrong).toEqual([]);
    expect(report.saidAway).toBeGreaterThan(2);
    expect(report.acknowledged).toBeGreaterThan(20);
  }, slow);
});
