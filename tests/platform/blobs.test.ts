import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Digest } from '../../src/base/ids.ts';
import { type Blobs, openBlobs } from '../../src/platform/blobs.ts';

let folder: string;
let blobs: Blobs;
const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const incoming = (): string[] => readdirSync(join(folder, 'incoming'));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamplight-blobs-'));
  blobs = await openBlobs(folder, Date.now);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('bytes come back under their SHA-256, however they came in', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 5_000 }), { maxLength: 6 }), async (parts) => {
    const whole = Buffer.concat(parts);
    const streamed = await blobs.put((async function* () { yield* parts; })());
    expect([streamed, await blobs.put(whole)]).toEqual([sha(whole), sha(whole)]);
    expect(await blobs.get(streamed as Digest)).toEqual(whole);
  }), { numRuns: 30 });
  expect(incoming()).toEqual([]);
});

test('the same bytes a hundred times at once are kept once', async () => {
  const bytes = Buffer.alloc(50_000, 5);
  expect(new Set(await Promise.all(Array.from({ length: 100 }, () => blobs.put(bytes))))).toEqual(new Set([sha(bytes)]));
  const kept = [];
  for await (const one of blobs.list()) kept.push(one);
  expect(kept).toEqual([{ digest: sha(bytes), bytes: 50_000, at: expect.any(Number) }]);
});

test('what is not there is not there, what was removed neither', async () => {
  const digest = (await blobs.put(Buffer.from('a'))) as Digest;
  expect([await blobs.has(digest), await blobs.delete(digest), await blobs.has(digest), await blobs.delete(digest)]).toEqual([true, true, false, false]);
  expect([await blobs.get(digest), await blobs.stream(digest)]).toEqual([undefined, undefined]);
});

test('a source that breaks off leaves nothing, and its failure is its own', async () => {
  const source = (async function* () { yield Buffer.alloc(10_000); throw Object.assign(new Error('hung up'), { code: 'ECONNRESET' }); })();
  await expect(blobs.put(source)).rejects.toThrow('hung up');
  expect(incoming()).toEqual([]);
});

test('bytes that changed on the disk are never given out', async () => {
  const digest = (await blobs.put(Buffer.from('the lamp'))) as Digest;
  const path = join(folder, digest.slice(0, 2), digest.slice(2, 4), digest);
  chmodSync(path, 0o600);
  writeFileSync(path, 'the limp');
  await expect(blobs.get(digest)).rejects.toThrow(digest);
});

test('a store that is gone refuses with 503, and works again when it is back', async () => {
  renameSync(folder, `${folder}.away`);
  expect(await blobs.put(Buffer.from('a'))).toMatchObject({ status: 503, reason: 'blobs.away' });
  renameSync(`${folder}.away`, folder);
  expect(await blobs.put(Buffer.from('a'))).toBe(sha(Buffer.from('a')));
});

test('a file that outgrows the limit of the system is refused with 503 and leaves nothing half; the process lives on', async () => {
  const root = resolve(import.meta.dirname, '../..');
  const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -f 100; exec "$0" --disable-warning=ExperimentalWarning tests/platform/file-limit.ts "$1"', process.execPath, folder], { cwd: root });
  const [small, large, again] = JSON.parse(stdout) as unknown[];
  expect([small, again]).toEqual([sha(Buffer.alloc(2_000, 1)), sha(Buffer.alloc(2_000, 3))]);
  expect(large).toMatchObject({ status: 503, reason: 'blobs.full' });
  expect(incoming()).toEqual([]);
});

test('what an earlier process left unfinished goes after an hour, not before', async () => {
  for (const name of ['old', 'new']) writeFileSync(join(folder, 'incoming', name), 'half');
  const hours = Date.now() / 1000 - 7_200;
  utimesSync(join(folder, 'incoming', 'old'), hours, hours);
  await openBlobs(folder, Date.now);
  expect(incoming()).toEqual(['new']);
});

test('folders and files are readable by nobody else', async () => {
  const digest = (await blobs.put(Buffer.from('a'))) as Digest;
  mkdirSync(join(folder, 'x'), { recursive: true });
  expect(statSync(join(folder, digest.slice(0, 2))).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, digest.slice(0, 2), digest.slice(2, 4), digest)).mode & 0o777).toBe(0o600);
});
