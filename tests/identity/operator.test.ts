import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { isRefusal } from '../../src/base/result.ts';
import { keyCommands, sealedTables } from '../../src/entry/operator/keys.ts';
import { openModules, type Modules } from '../../src/entry/town/modules.ts';
import { settingsCommands } from '../../src/entry/operator/settings.ts';
import { placesCommands } from '../../src/modules/places/commands.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { runCommand } from '../../src/platform/command/run.ts';
import { keyState } from '../../src/platform/keyCheck.ts';
import { openKeys } from '../../src/platform/keys.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { chunks, fileOf, gridCode, townFeatures } from '../places/town.ts';

const county = '330281' as CountyCode;
const grid = gridCode(0, 1);
let world: TestWorld;
let modules: Modules;

beforeAll(async () => {
  world = await testWorld();
  modules = await openModules(world);
  const made = await modules.identity.accounts.create(theSystem, county, { login: 'zhou', name: '周燕', phone: '13900020003' });
  await modules.identity.accounts.create(theSystem, county, { login: 'wu', name: '吴波', phone: '13900020004', email: 'wu@town.example' });
  if (isRefusal(made)) throw new Error(made.reason);
});
afterAll(() => world.close());

const run = async (...words: string[]) => {
  const out: string[] = [];
  const err: string[] = [];
  const open = async () => modules;
  const exit = await runCommand([...settingsCommands(open), ...keyCommands(open), ...placesCommands(open)], words, {
    language: 'en', out: (line) => out.push(line), err: (line) => err.push(line), signal: new AbortController().signal,
  });
  return { exit, out: out.join('\n'), err: err.join('\n'), data: () => JSON.parse(out.join('')) as Record<string, never> };
};
const entries = async () => (await world.db.query<{ entry: Buffer }>('select entry from ledger_inbox order by id')).map(({ entry }) => JSON.parse(entry.toString('utf8')) as { kind: string; action: string; set: Record<string, string> });

it('settings are set one by one, each an entry; what no module would understand is refused', async () => {
  expect((await run('settings', 'set', 'cases.reopenDays', '7', '--json')).data()).toMatchObject({ done: true, name: 'cases.reopenDays', value: 7 });
  expect(await run('settings', 'set', 'cases.clocks.file', '{"amount":2.5,"unit":"workingHour"}')).toMatchObject({ exit: 0 });
  expect((await run('settings', 'show', '--json')).data()).toEqual({ county, settings: { cases: { reopenDays: 7, clocks: { file: { amount: 2.5, unit: 'workingHour' } } } } });
  expect((await entries()).at(-1)).toMatchObject({ kind: 'settings', action: 'set', set: { area: 'cases', version: 2 } });
  for (const [name, value] of [['cases.reopenDays', '"soon"'], ['cases.nonsense', '1'], ['demo', '1'], ['__proto__.x', '1'], ['outreach.quietFrom', '1440'], ['calendar.sessions', '[["12:00","08:30"]]'], ['calendar.days', '{"2026-13-01":{"kind":"closed","name":""}}']])
    expect(await run('settings', 'set', name!, value!), name).toMatchObject({ exit: 1 });
  expect(await run('settings', 'unset', 'cases.clocks.file')).toMatchObject({ exit: 0 });
  expect(await modules.settings.all(county)).toEqual({ cases: { reopenDays: 7 } });
  const stranger = { ...theSystem, kind: 'account' as const };
  expect(await modules.settings.set(stranger, county, ['cases', 'reopenDays'], 1)).toMatchObject({ status: 403 });
});

it('a county\'s own day is seen at once here, and by a process that looks again', async () => {
  const other = await openModules({ ...world, metrics: (await import('../../src/platform/metrics.ts')).createMetrics() });
  expect((await run('calendar', 'set', '2026-12-31', 'closed', '本地', '放假', '--json')).data()).toMatchObject({ done: true, clocks: 0 });
  expect((await run('calendar', 'show', '2026', '--json')).data()['days']).toContainEqual({ date: '2026-12-31', kind: 'closed', name: '本地 放假', own: true });
  expect(modules.matters.calendar(county).days.get('2026-12-31')).toMatchObject({ kind: 'closed' });
  expect(other.matters.calendar(county).days.has('2026-12-31')).toBe(false);
  await other.refresh();
  expect(other.matters.calendar(county).days.get('2026-12-31')).toMatchObject({ kind: 'closed' });
  expect((await run('calendar', 'clear', '2026-12-31', '--json')).data()).toMatchObject({ done: true });
  expect(modules.matters.calendar(county).days.has('2026-12-31')).toBe(false);
  expect((await run('calendar', 'set', '2026-02-30', 'closed')).exit).toBe(2);
  expect((await run('calendar', 'set', '2026-12-31', 'sometimes')).exit).toBe(2);
});

it('official names, a shift with its stand-in, an absence and the gaps', async () => {
  expect((await run('import', 'official', '--within', '330281103', '--json')).data()).toMatchObject({ done: true, version: 1 });
  expect((await run('import', 'official', '--within', '330281103', '--json')).data()).toMatchObject({ added: 0 });
  await modules.places.importGeoJson(county, { actor: theSystem, role: 'system' }, chunks(fileOf(townFeatures())), { source: 'town' });
  expect((await run('duty', 'gaps', '--json')).data()['gaps']).toContainEqual({ code: grid, name: '第一网格', reason: 'noPost' });
  const set = (await run('duty', 'set', grid, 'zhou', '--stand-in', 'wu', '--hours', '08:00-20:00', '--days', '1-7', '--json')).data() as unknown as { shifts: { id: string }[] };
  expect(set.shifts).toMatchObject([{ role: 'gridworker', rank: 1, person: '周燕', standIn: '吴波', hours: '08:00-20:00', weekdays: '1234567' }]);
  const now = world.now();
  expect(await modules.places.inCharge(county, grid, now)).toMatchObject({ gap: false, standingIn: false });
  expect((await run('duty', 'away', 'zhou', '--from', '2026-11-24', '--until', '2026-11-25T08:00')).exit).toBe(0);
  expect(await modules.places.inCharge(county, grid, now)).toMatchObject({ gap: false, standingIn: true });
  expect((await run('duty', 'gaps', '--json')).data()['gaps']).not.toContainEqual(expect.objectContaining({ code: grid }));
  expect(await run('duty', 'show', grid)).toMatchObject({ exit: 0, out: expect.stringContaining('周燕') });
  expect((await run('duty', 'set', grid, 'nobody')).exit).toBe(1);
  expect((await run('duty', 'set', '330281103999', 'zhou')).exit).toBe(1);
  expect((await run('duty', 'remove', grid, 'x')).exit).toBe(1);
  expect((await run('duty', 'remove', grid, set.shifts[0]!.id, '--json')).data()).toMatchObject({ shifts: [] });
  expect((await run('duty', 'gaps', '--json')).data()['gaps']).toContainEqual({ code: grid, name: '第一网格', reason: 'nobodyOnDuty' });
});

it('a new key for links and one for the ledger: what was marked and signed before still counts, and the log names both', async () => {
  const { keys, config } = world;
  const mark = keys.mark('follow', 'x');
  await modules.ledger.sequencer.drain(county);
  const before = keys.ledger.verifier;
  expect((await run('keys', 'rotate', 'token', '--json')).data()).toMatchObject({ done: true, file: 'token-0002.json' });
  const rotated = (await run('keys', 'rotate', 'ledger', '--json')).data() as unknown as { file: string; verifier: string };
  expect(rotated).toMatchObject({ done: true, file: 'ledger-0002.json' });
  const after = openKeys(config.keys);
  expect(after.isMark('follow', 'x', mark)).toBe(true);
  expect(after.mark('follow', 'x')).not.toEqual(mark);
  expect(after.ledger.verifier).toBe(rotated.verifier);
  expect(after.ledgerKeys.map(({ verifier }) => verifier)).toEqual([before, rotated.verifier]);
  const again = createLedger({ ...world, keys: after, metrics: createMetrics() });
  await again.sequencer.drain(county);
  const signers = (await world.db.query<{ note: string }>('select note from ledger_checkpoint where county = $1 order by size', [county])).map(({ note }) => note.includes(` ${after.ledger.name} `));
  expect([signers[0], signers.at(-1)]).toEqual([false, true]);
  expect((await again.verify({ county }))[0]!.findings).toEqual([]);
});

it('a new data key: old values open, running processes open new ones, and what is sealed anew needs the old key no more', async () => {
  const { db, config, keys, now } = world;
  const { claimKeys, renewProbe } = await import('../../src/platform/keyCheck.ts');
  const { sealAnew } = await import('../../src/platform/sealed.ts');
  await claimKeys(db, keys, config.keys, now());
  const phones = async () => (await db.query<{ login: string; phone: Buffer }>('select login, phone from account order by login')).map(({ login, phone }) => [login, phone] as const);
  await db.query('insert into partner (county, id, name, url, key, account, direction, services, push_at, active, words, pulled_until, heard_until, failures, next_at, created_at) select $1, $2, $3, $4, $5, id, $6, $7, $8, true, true, $9, $9, 0, $9, $9 from account limit 1',
    [county, '01900000-0000-7000-8000-0000000000aa', 'p', 'http://127.0.0.1:1', keys.seal('secret', 'partner'), 'pull', '{}', 'filed', new Date(now())]);
  expect((await run('keys', 'rotate', 'index')).exit).toBe(2);
  expect((await run('keys', 'rotate', 'data', '--json')).data()).toMatchObject({ done: true, file: 'data-0002.json' });
  const after = openKeys(config.keys);
  expect(await keyState(db, after)).toBe('ours');
  for (const [, phone] of await phones()) expect([after.open(phone, 'phone').startsWith('1390002'), after.isStale(phone)]).toEqual([true, true]);
  // The process from before opens what another has sealed since.
  expect(keys.open(after.seal('13900020009', 'phone'), 'phone')).toBe('13900020009');
  expect(await sealAnew({ db, keys: after }, sealedTables)).toBe(4);
  expect(await sealAnew({ db, keys: after }, sealedTables)).toBe(0);
  await renewProbe(db, after, now());
  rmSync(join(config.keys, 'data-0001.json'));
  const alone = openKeys(config.keys);
  expect(readdirSync(config.keys)).not.toContain('data-0001.json');
  expect(await keyState(db, alone)).toBe('ours');
  const [partner] = await db.query<{ key: Buffer }>('select key from partner');
  expect(alone.open(partner!.key, 'partner')).toBe('secret');
  for (const [, phone] of await phones()) expect(alone.open(phone, 'phone')).toMatch(/^1390002000[34]$/);
});
