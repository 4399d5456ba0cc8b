import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { clearHalfMade } from '../../src/entry/up.ts';
import { seedingFact } from '../../src/entry/world.ts';
import { freePort } from '../../src/entry/ports.ts';
import { findEmbedded, findEmbeddedPlace } from '../../src/platform/database/embedded.ts';
import { isAlive, until } from '../../src/platform/database/postmaster.ts';
import { testWorld } from '../support/world.ts';

// Whole processes, and the web ends are built where they are stale.
vi.setConfig({ testTimeout: 180_000 });

interface Run {
  readonly child: ChildProcess;
  out: string;
  err: string;
  readonly ended: Promise<number | null>;
}

let data: string;
let port: number;
const runs: Run[] = [];

/** Starts a copy the way people do; `direct` without npm, where a signal has to hit the program itself. */
const start = (more: Record<string, string> = {}, direct = false, command: readonly string[] = ['up']): Run => {
  const [program, words] = direct ? ['sh', ['tools/run', 'src/entry/cli.ts', ...command]] : ['npm', ['run', '-s', 'up']];
  const child = spawn(program, words as string[], {
    stdio: ['ignore', 'pipe', 'pipe'], detached: true,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LAMPLIGHT_DATA: data, LAMPLIGHT_PORT: String(port), LAMPLIGHT_DEMO: '0', ...more },
  });
  const run: Run = { child, out: '', err: '', ended: new Promise((resolve) => child.once('close', resolve)) };
  child.stdout!.on('data', (chunk: Buffer) => { run.out += chunk.toString(); });
  child.stderr!.on('data', (chunk: Buffer) => { run.err += chunk.toString(); });
  runs.push(run);
  return run;
};

const ready = (): Promise<boolean> => fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) }).then((answer) => answer.ok, () => false);
const serverPid = async (): Promise<number> => Number(await readFile(join(data, 'server.pid'), 'utf8'));
const databasePid = async (): Promise<number> => (await findEmbedded(await findEmbeddedPlace(data)))?.pid ?? 0;

const started = async (run: Run): Promise<void> => {
  let over = false;
  void run.ended.then(() => { over = true; });
  const up = await until(async () => over || (run.out.includes('metrics') && (await ready())), 170_000, 50);
  expect(up && !over, run.err).toBe(true);
};

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), `lamplight-test-${process.pid}-`));
  port = (await freePort('127.0.0.1', 0))!;
});
afterAll(async () => {
  for (const { child } of runs) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  await (await findEmbedded(await findEmbeddedPlace(data)))?.stop(1_000);
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
}, 60_000);

test('up starts everything, says where, refuses a second copy and a taken port in one line each, and stops by SIGTERM to npm alone', async () => {
  const run = start();
  await started(run);
  for (const end of ['/', '/elder', '/field/', '/console/', '/api/', '/metrics']) expect(run.out).toContain(`http://127.0.0.1:${port}${end}\n`);
  expect(run.out).toContain(data);

  const second = start({ LAMPLIGHT_PORT: String((await freePort('127.0.0.1', 0))!) });
  expect(await second.ended).toBe(1);
  expect(second).toMatchObject({ out: '', err: expect.stringMatching(/^another copy of Lamplight \(lamplight up, process \d+\) runs on [^\n]+\n$/) as string });

  const taken = start({ LAMPLIGHT_DATA: `${data}-other`, LANG: 'zh_CN.UTF-8' });
  expect(await taken.ended).toBe(1);
  expect(taken).toMatchObject({ out: '', err: expect.stringMatching(/^127\.0\.0\.1 的端口 \d+ 已被占用[^\n]+\n$/) as string });
  await rm(`${data}-other`, { recursive: true, force: true });

  const [server, database] = [await serverPid(), await databasePid()];
  const began = performance.now();
  process.kill(run.child.pid!, 'SIGTERM');
  expect(await until(() => !isAlive(server) && !isAlive(database), 10_000)).toBe(true);
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(await run.ended).toBe(0);
});

test('killed with -9, up runs again at once: the database that it left is adopted, the server that it left is gone', async () => {
  const first = start({}, true);
  await started(first);
  const [server, database] = [await serverPid(), await databasePid()];
  first.child.kill('SIGKILL');
  await first.ended;
  const again = start({}, true);
  await started(again);
  expect(await databasePid()).toBe(database);
  expect(isAlive(server)).toBe(false);

  // Its parts may die as well: each is started again, and nobody has to do anything.
  process.kill(database, 'SIGKILL');
  expect(await until(async () => (await databasePid()) !== database && (await ready()), 60_000, 100)).toBe(true);
  process.kill(await serverPid(), 'SIGKILL');
  expect(await until(ready, 60_000, 100)).toBe(true);
  expect(again.err).toMatch(/the database ended unexpectedly[^]*the server ended unexpectedly/);

  // Ctrl-C reaches every process of the terminal's group at once.
  process.kill(-again.child.pid!, 'SIGINT');
  expect(await again.ended).toBe(0);
  expect(await databasePid()).toBe(0);
});

test('without a county every page says so, and works by itself once init has opened one', async () => {
  const home = (): Promise<Response> => fetch(`http://127.0.0.1:${port}/`, { headers: { accept: 'text/html' } });
  const run = start({}, true);
  await started(run);
  const before = await home();
  expect(before.status).toBe(503);
  expect(await before.text()).toContain('lamplight init');
  expect(await start({}, true, ['init', '330281', '--name', '余姚市']).ended).toBe(0);
  expect(await until(() => home().then(({ status }) => status === 200, () => false), 30_000, 100)).toBe(true);
  expect(await ready()).toBe(true);
  process.kill(run.child.pid!, 'SIGTERM');
  expect(await run.ended).toBe(0);
});

test.each([
  [{ LAMPLIGHT_PORT: '99999' }, /^LAMPLIGHT_PORT=99999: must be a port/],
  [{ LAMPLIGHT_DEMO: 'yes' }, /^LAMPLIGHT_DEMO=yes: must be 0 or 1/],
  [{ LAMPLIGHT_HOST: '203.0.113.9' }, /^LAMPLIGHT_HOST=203\.0\.113\.9: not an address of this machine/],
  [{ DATABASE_URL: 'mysql://x' }, /^DATABASE_URL=…: must start with postgres/],
  [{ LAMPLIGHT_DATA: '/dev/null/data' }, /^the data folder \/dev\/null\/data cannot be made \(ENOTDIR\)/],
])('a wrong value ends the start with one line that names it: %j', async (more, line) => {
  const run = start({ LAMPLIGHT_DATA: `${data}-wrong`, ...more }, true);
  expect(await run.ended).toBe(1);
  expect(run.err).toMatch(line);
  expect(run.err.trim().split('\n')).toHaveLength(1);
  await rm(`${data}-wrong`, { recursive: true, force: true });
});

test('a demo that was cut short while it was made is cleared and begun anew; one that was finished is left alone', async () => {
  const world = await testWorld({ demo: true });
  let cleared = 0;
  await clearHalfMade(world.ownerDb.url, () => { cleared++; });
  expect(await world.db.query('select county from county')).toHaveLength(1);
  await world.db.query('insert into installation (fact, value, set_at) values ($1, $2, $3)', [seedingFact, 'true', new Date(world.now())]);
  await clearHalfMade(world.ownerDb.url, () => { cleared++; });
  expect(await world.db.query('select county from county')).toEqual([]);
  expect(await world.db.query('select fact from installation')).toEqual([]);
  expect((await world.db.query('select name from migration')).length).toBeGreaterThan(0);
  expect(cleared).toBe(1);
  await world.close();
});
