import { crc32, deflateSync } from 'node:zlib';
import exifr from 'exifr';
import fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anonymous } from '../../src/base/actor.ts';
import type { Digest } from '../../src/base/ids.ts';
import { isRefusal } from '../../src/base/result.ts';
import { createPictures, type Kept, type Pictures, pictureRoutes } from '../../src/platform/pictures/index.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { sendHalf, type Served, serve, someone } from './http/serving.ts';

let world: TestWorld;
let pictures: Pictures;
let served: Served;
const readable = new Map<string, string>();
const referenced = new Set<string>();
const [sender, other, reader] = [someone('31'), someone('32'), someone('33')];

beforeAll(async () => {
  world = await testWorld();
  pictures = createPictures(world, {
    mayRead: async (actor, _county, digest) => readable.get(actor.id) === digest,
    referenced: async (_county, digests) => new Set(digests.filter((digest) => referenced.has(digest))),
  });
  served = await serve(world, pictureRoutes(pictures, async (asked) => asked ?? '330281'));
});

afterAll(async () => {
  await served?.server.drain();
  await world?.close();
});

/** A picture of a lamp, as it were: a gradient with noise, so that it compresses like a photo. */
const photo = (width = 64, height = 48, seed = 1) =>
  sharp({ create: { width, height, channels: 3, background: { r: 20 + seed, g: 30, b: 44 } } });

const withPlace = (seed = 1): Promise<Buffer> =>
  photo(64, 48, seed)
    .withExif({
      IFD0: { Make: 'Phone', Copyright: 'Zhang San' },
      IFD2: { DateTimeOriginal: '2026:11:23 20:15:30', OffsetTimeOriginal: '+08:00' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '30/1 9/1 3600/100', GPSLongitudeRef: 'E', GPSLongitude: '120/1 57/1 0/1' },
    })
    .jpeg()
    .toBuffer();

/** A PNG that says it is this large and holds hardly anything. */
const pngOf = (width: number, height: number): Buffer => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(Buffer.concat([Buffer.from(type, 'latin1'), data])));
    return Buffer.concat([head, data, sum]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width);
  size.writeUInt32BE(height, 4);
  size.set([1, 0, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', size), chunk('IDAT', deflateSync(Buffer.alloc(Math.min(4_000_000, (Math.ceil(width / 8) + 1) * height)))), chunk('IEND', Buffer.alloc(0))]);
};

/** The smallest archive with one file in it. */
const archive = (() => {
  const local = Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\0\0\0\0\0\0', 'latin1'), Buffer.alloc(12), Buffer.from([1, 0, 0, 0]), Buffer.from('a')]);
  const directory = Buffer.concat([Buffer.from('PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0', 'latin1'), Buffer.alloc(12), Buffer.from([1, 0]), Buffer.alloc(16), Buffer.from('a')]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
})();

const send = (bytes: Uint8Array, as = sender) => served.ask('/api/blobs', { method: 'POST', body: bytes as BodyInit, headers: { 'content-type': 'image/jpeg' }, as });
const rowsOf = async () => (await world.db.query<{ n: number }>('select count(*) as n from blob'))[0]!.n;
const shelved = async (): Promise<number> => {
  let count = 0;
  for await (const _ of world.blobs.list()) count++;
  return count;
};

describe('a picture is written anew and tells nothing of who took it', () => {
  test('what is served carries no metadata, the place and time are kept apart', async () => {
    const original = await withPlace();
    expect((await exifr.gps(original)).latitude).toBeCloseTo(30.16, 2);
    const answer = await send(original);
    expect(answer.status).toBe(201);
    const told = (await answer.json()) as { blob: string; type: string; bytes: number; width: number; height: number };
    expect(told).toEqual({ blob: expect.stringMatching(/^[0-9a-f]{64}$/), type: 'image/jpeg', bytes: expect.any(Number), width: 64, height: 48 });
    const copy = await served.ask(`/api/blobs/${told.blob}`, { as: sender });
    expect(copy.headers.get('content-type')).toBe('image/jpeg');
    const bytes = Buffer.from(await copy.arrayBuffer());
    expect(bytes.length).toBe(told.bytes);
    expect(await exifr.parse(bytes, true)).toBeUndefined();
    expect(bytes.includes('Zhang San')).toBe(false);
    expect(bytes.includes('Exif')).toBe(false);
    const kept = await pictures.about('330281', told.blob);
    expect(kept?.takenAt).toBe(Date.parse('2026-11-23T20:15:30+08:00'));
    expect(kept?.point?.lat).toBeCloseTo(30.16, 4);
    expect(kept?.point?.lng).toBeCloseTo(120.95, 4);
    expect(kept?.original).not.toBe(kept?.served);
  });

  test('a picture that lies on its side is set upright and made no larger than 2,048 pixels', async () => {
    const lying = await photo(3000, 1500).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await (await send(lying)).json()).toMatchObject({ width: 1024, height: 2048 });
  });

  test.each(['png', 'webp', 'gif', 'avif'] as const)('%s is taken and served as JPEG', async (kind) => {
    const answer = await send(await photo(40, 30, 7)[kind]().toBuffer());
    expect([answer.status, await answer.json()]).toEqual([201, expect.objectContaining({ type: 'image/jpeg', width: 40 })]);
  });

  test('an impossible place or time counts as none, a broken EXIF block is no reason to refuse', async () => {
    const at = async (exif: NonNullable<Parameters<ReturnType<typeof photo>['withExif']>[0]>): Promise<Kept> =>
      (await pictures.put(sender, '330281', await photo(30, 30, Math.floor(Math.random() * 200)).withExif(exif).jpeg().toBuffer())) as Kept;
    expect(await at({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '0/1 0/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '0/1 0/1 0/1' } })).toMatchObject({ point: null });
    expect(await at({ IFD2: { DateTimeOriginal: '2031:01:01 00:00:00' } })).toMatchObject({ takenAt: null });
    expect(await at({ IFD2: { DateTimeOriginal: '0000:00:00 00:00:00' } })).toMatchObject({ takenAt: null });
    const broken = await withPlace();
    broken.fill(0xff, broken.indexOf('Exif') + 14, broken.indexOf('Exif') + 60);
    expect(isRefusal(await pictures.put(sender, '330281', broken))).toBe(false);
  });

  test('what a camera appends after the picture is dropped', async () => {
    const motion = Buffer.concat([await photo(50, 50, 9).jpeg().toBuffer(), Buffer.from('\0\0\0\x18ftypmp42motion photo', 'latin1')]);
    const kept = (await pictures.put(sender, '330281', motion)) as Kept;
    expect((await world.blobs.get(kept.served))?.includes('motion photo')).toBe(false);
  });
});

describe('what is no picture is refused with its reason, and nothing is left of it', () => {
  test.each<[string, () => Buffer | Promise<Buffer>, number, string]>([
    ['a text file', () => Buffer.from('The lamp does not burn.\n'.repeat(50)), 422, 'pictures.not_a_picture'],
    ['an SVG', () => Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'), 415, 'pictures.kind'],
    ['an HTML page', () => Buffer.from('<!doctype html><script>1</script>'), 415, 'pictures.kind'],
    ['a PDF', () => Buffer.from('%PDF-1.7\n'), 415, 'pictures.kind'],
    ['an archive', () => archive, 415, 'pictures.kind'],
    ['a HEIC picture', () => Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'), 415, 'pictures.heic'],
    ['200 megapixels', () => pngOf(20_000, 10_000), 422, 'pictures.too_many_pixels'],
    ['a bomb of 60,000 by 60,000', () => pngOf(60_000, 60_000).subarray(0, 5_000), 422, 'pictures.too_many_pixels'],
    ['a picture that is an archive too', async () => Buffer.concat([await photo().jpeg().toBuffer(), archive]), 422, 'pictures.two_in_one'],
    ['a picture that is a page too', async () => Buffer.concat([await photo().jpeg().toBuffer(), Buffer.from('<HTML><ScRiPt>alert(1)</script>')]), 422, 'pictures.two_in_one'],
    ['a picture with PHP in its comment', async () => Buffer.concat([Buffer.from('GIF89a'), (await photo().gif().toBuffer()).subarray(6), Buffer.from('<?php system("id");')]), 422, 'pictures.two_in_one'],
    ['half a picture', async () => (await photo(800, 600).jpeg().toBuffer()).subarray(0, 1_500), 422, 'pictures.not_a_picture'],
    ['the first bytes of a JPEG and then noise', () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(4_000, 7)]), 422, 'pictures.not_a_picture'],
  ])('%s', async (_name, make, status, reason) => {
    const before = [await rowsOf(), await shelved()];
    const answer = await send(await make());
    const told = (await answer.json()) as { reason: string; detail: string };
    expect([answer.status, told.reason]).toEqual([status, reason]);
    expect(told.detail).not.toMatch(/[[{]/);
    expect([await rowsOf(), await shelved()]).toEqual(before);
  });

  test('no bytes and too many bytes', async () => {
    expect([(await send(new Uint8Array(0))).status, (await send(new Uint8Array(27_000_000))).status]).toEqual([400, 413]);
  });

  test('any mixture of picture and noise is taken or refused, never an error of ours', async () => {
    const seeds = await Promise.all([photo(90, 60).jpeg().toBuffer(), photo(90, 60).png().toBuffer(), photo(90, 60).webp().toBuffer(), photo(90, 60).gif().toBuffer(), photo(90, 60).avif().toBuffer(), withPlace()]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 30 }), fc.nat(100), async (seed, changes, cut) => {
        const bytes = Buffer.from(seed);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        world.advance(1_000); // Two a second are allowed.
        const answer = await send(cut < 20 ? bytes.subarray(0, 1 + Math.floor((bytes.length * cut) / 20)) : bytes);
        expect([201, 400, 415, 422]).toContain(answer.status);
      }),
      { numRuns: 150, seed: 20261124 },
    );
  }, 60_000);

  test('half an upload leaves nothing behind', async () => {
    const before = [await rowsOf(), await shelved()];
    const whole = await photo(2_000, 1_500).png({ compressionLevel: 0 }).toBuffer();
    await served.ask('/api/blobs', { method: 'POST', as: sender });
    await sendHalf(`${served.url}/api/blobs`, { authorization: `Bearer ${sender.id}`, 'content-type': 'image/png', 'content-length': String(whole.length) }, whole.subarray(0, 400_000));
    expect((await served.ask('/healthz')).status).toBe(200);
    expect([await rowsOf(), await shelved()]).toEqual(before);
  });

  test('a full disk is 503, and no row is left', async () => {
    const before = await rowsOf();
    const full: Pictures = createPictures({ ...world, metrics: new (world.metrics.constructor as new () => typeof world.metrics)(), blobs: { ...world.blobs, put: async () => ({ refused: true, status: 503, reason: 'blobs.full' }) } }, { mayRead: async () => false, referenced: async () => new Set() });
    expect(await full.put(sender, '330281', await photo(33, 33, 90).jpeg().toBuffer())).toMatchObject({ status: 503, reason: 'blobs.full' });
    expect(await rowsOf()).toBe(before);
  });
});

describe('knowing a digest gives no access', () => {
  let blob: string;
  beforeAll(async () => {
    blob = ((await (await send(await photo(70, 70, 40).jpeg().toBuffer())).json()) as { blob: string }).blob;
  });

  test('who sent it sees it, others get the same 404 as for a digest that is none', async () => {
    expect((await served.ask(`/api/blobs/${blob}`, { as: sender })).status).toBe(200);
    for (const answer of [await served.ask(`/api/blobs/${blob}`, { as: other }), await served.ask(`/api/blobs/${blob}`), await served.ask(`/api/blobs/${'0'.repeat(64)}`, { as: sender })])
      expect([answer.status, ((await answer.json()) as { reason: string }).reason]).toEqual([404, 'pictures.unknown']);
  });

  test('who may see what it belongs to sees it', async () => {
    readable.set(reader.id, blob);
    expect((await served.ask(`/api/blobs/${blob}`, { as: reader })).status).toBe(200);
  });

  test('only who sent it may put it to use', async () => {
    expect(await pictures.own(sender, '330281', blob)).toMatchObject({ served: blob });
    for (const actor of [other, reader, anonymous]) expect(await pictures.own(actor, '330281', blob)).toMatchObject({ reason: 'pictures.unknown' });
    expect(await pictures.own(sender, '330281', 'f'.repeat(64))).toMatchObject({ reason: 'pictures.unknown' });
  });

  test('a signed link shows one picture until its end and cannot be bent', async () => {
    const link = pictures.link(blob, world.now() + 60_000, 320);
    expect((await served.ask(link)).status).toBe(200);
    expect((await served.ask(link.replace(/until=\d+/, `until=${world.now() + 90_000}`))).status).toBe(404);
    expect((await served.ask(link.replace(/mark=./, 'mark=_'))).status).toBe(404);
    const mine = (await pictures.put(sender, '330281', await photo(71, 71, 41).jpeg().toBuffer())) as Kept;
    expect((await served.ask(link.replace(blob, mine.served))).status).toBe(404);
    world.advance(60_000);
    expect((await served.ask(link)).status).toBe(404);
  });

  test('it is served as a picture and nothing else, and in the width that was wanted', async () => {
    const large = ((await (await send(await photo(2_000, 1_000, 42).jpeg().toBuffer())).json()) as { blob: string }).blob;
    const answer = await served.ask(`/api/blobs/${large}?w=300`, { as: sender });
    expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width).toBe(320);
    expect(answer.headers.get('content-disposition')).toBe(`inline; filename="${large.slice(0, 12)}.jpg"`);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    expect(answer.headers.get('cache-control')).toBe('private, max-age=300');
    expect((await served.ask(`/api/blobs/${large}?w=0`, { as: sender })).status).toBe(422);
    expect((await served.ask('/api/blobs/..%2Fkeys', { as: sender })).status).toBe(422);
  });
});

describe('pictures go when nothing holds them', () => {
  test('what belongs to nothing for two days is swept, what belongs to something stays', async () => {
    const kept = async (seed: number) => (await pictures.put(sender, '330281', await photo(20, 20, seed).jpeg().toBuffer())) as Kept;
    const [held, loose] = [await kept(150), await kept(160)];
    referenced.add(held.served);
    const orphan = (await world.blobs.put(Buffer.from('bytes whose row never came to be'))) as Digest;
    expect(await pictures.sweep()).toBe(0);
    // Files carry the real clock's time, rows the world's: both are two days ago after this.
    world.setNow(Math.max(Date.now(), world.now()) + 180_000_000);
    const fresh = await kept(170);
    expect(await pictures.sweep()).toBeGreaterThanOrEqual(2);
    expect(await Promise.all([held, loose, fresh].map(({ served: digest }) => world.blobs.has(digest)))).toEqual([true, false, true]);
    expect(await world.blobs.has(orphan)).toBe(false);
    expect(await pictures.about('330281', loose.served)).toBeUndefined();
  });

  test('erasing takes the bytes with the last county that has them', async () => {
    await world.ownerDb.query('insert into county (county, name, created_at) values ($1, $2, $3)', ['330282', {}, new Date(world.now())]);
    const bytes = await photo(21, 21, 180).jpeg().toBuffer();
    const { served: digest } = (await pictures.put(sender, '330281', bytes)) as Kept;
    await pictures.put(other, '330282', bytes);
    await pictures.erase('330281', digest);
    expect(await world.blobs.has(digest)).toBe(true);
    expect((await served.ask(`/api/blobs/${digest}`, { as: sender })).status).toBe(404);
    await pictures.erase('330282', digest);
    expect(await world.blobs.has(digest)).toBe(false);
  });
});
