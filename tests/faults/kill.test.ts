import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import { lampPhoto } from '../pages/photos.ts';
import { ask, newDiary } from './clients.ts';
import { databaseAway, killRounds, twoServers } from './drill.ts';
import { county, type House, openHouse, type Served } from './house.ts';

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

  describe('two servers on it, one of which may write no large file', () => {
    let second: Served;
    beforeAll(async () => {
      second = await house.serve(100);
      await second.start();
    }, slow);
    afterAll(() => second?.stop(), slow);

    it('a photo for which there is no space is refused with 503; nothing of it is left, and the next photo and the next report are taken', async () => {
      const send = (bytes: Buffer): Promise<Response> => fetch(`${second.url}/api/blobs`, {
        method: 'POST', body: new Uint8Array(bytes), headers: { authorization: `Bearer ${house.tokens.collector}`, 'content-type': 'image/jpeg', 'accept-language': 'zh-CN' },
      });
      const random = new SeededRandom('noise');
      const noise = await sharp(Buffer.from(random.bytes(800 * 800 * 3)), { raw: { width: 800, height: 800, channels: 3 } }).jpeg({ quality: 90 }).toBuffer();
      const rows = () => house.owner.query<{ digest: string }>('select digest from blob order by digest');
      // A server that was killed before may have left the half of a photo, which goes after an hour.
      const unfinished = () => readdir(join(house.modules.world.config.data, 'blobs/incoming'));
      const before = [await rows(), await unfinished()];
      const refused = await send(noise);
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await refused.json()).toMatchObject({ reason: 'blobs.full', detail: expect.stringContaining('存储空间已满') as string });
      expect([await rows(), await unfinished()]).toEqual(before);
      const kept = await send(await lampPhoto());
      expect(kept.status).toBe(201);
      const { blob } = (await kept.json()) as { blob: string };
      const report = await ask(house, second.url, diary, 'collector', '/api/matters', 'report', {
        kind: 'case', county, op: random.uuid(Date.now()), input: { text: '灯不亮。', lng: 121.0301, lat: 30.1652, blobs: [blob], contact: house.contact },
      });
      expect(report.status).toBe(201);
    }, slow);

    it('actions at both happen once, whichever is asked again; the log has no gap', async () => {
      const report = await twoServers(house, [served, second], diary, 1_500, 'two');
      expect(report.wrong).toEqual([]);
    }, slow);
  });
});
