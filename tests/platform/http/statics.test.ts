import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testWorld, type TestWorld } from '../../support/world.ts';
import { type Served, serve } from './serving.ts';

let world: TestWorld;
let served: Served;
let folder: string;
const index = (): string => join(folder, 'console', 'index.html');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lamplight-ends-'));
  mkdirSync(join(folder, 'console/assets'), { recursive: true });
  mkdirSync(join(folder, 'secret'), { recursive: true });
  writeFileSync(index(), '<!doctype html><script nonce="__CSP_NONCE__"></script><p>first</p>');
  writeFileSync(join(folder, 'console/assets/main-a1b2c3d4.js'), 'export {};');
  writeFileSync(join(folder, 'console/sw.js'), '//');
  writeFileSync(join(folder, 'secret/key.txt'), 'secret');
  world = await testWorld();
  served = await serve(world, [], [], { ends: { folder, names: ['console', 'field'] } });
});
afterAll(async () => {
  await served?.server.drain();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a file with a digest in its name is kept for a year, another is asked for each time', async () => {
  const named = await served.ask('/console/assets/main-a1b2c3d4.js');
  expect([named.status, named.headers.get('cache-control'), named.headers.get('content-type')]).toEqual([200, 'public, max-age=31536000, immutable', 'application/javascript; charset=utf-8']);
  expect((await served.ask('/console/sw.js')).headers.get('cache-control')).toBe('no-cache');
  expect((await served.ask('/console/assets/main-a1b2c3d4.js', { headers: { 'if-none-match': named.headers.get('etag')!, 'cache-control': 'max-age=0' } })).status).toBe(304);
});

test('every address under an end that is no file gets its page, with a nonce of its own', async () => {
  const [a, b] = await Promise.all([served.ask('/console/'), served.ask('/console/matter/1?x=2')]);
  const nonces = [a, b].map((answer) => /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy')!)![1]!);
  expect(new Set(nonces).size).toBe(2);
  expect([await a.text(), await b.text()]).toEqual(nonces.map((nonce) => `<!doctype html><script nonce="${nonce}"></script><p>first</p>`));
  expect((await served.ask('/console')).headers.get('location')).toBe('/console/');
});

test('a page that was built anew is served anew', async () => {
  writeFileSync(index(), '<p>second</p>');
  utimesSync(index(), 2_000_000_000, 2_000_000_000);
  expect(await (await served.ask('/console/')).text()).toBe('<p>second</p>');
});

test.each(['/console/assets/none-a1b2c3d4.js', '/console/..%2fsecret%2fkey.txt', '/console/%2e%2e/secret/key.txt', '/console/assets/../../secret/key.txt', '/field/', '/secret/key.txt', '/console/.env'])('%s is not there', async (path) => {
  const answer = await served.ask(path);
  expect([403, 404]).toContain(answer.status);
  expect(await answer.text()).not.toContain('secret\n');
});
