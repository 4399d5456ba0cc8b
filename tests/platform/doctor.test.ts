import { chmod, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Config, readConfig } from '../../src/platform/config.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { readMigrations } from '../../src/platform/database/migrations.ts';
import { openSeat } from '../../src/platform/database/seat.ts';
import { checkLedger, checkServer } from '../../src/platform/doctor/database.ts';
import { examine } from '../../src/platform/doctor/doctor.ts';
import type { Finding } from '../../src/platform/doctor/finding.ts';
import { checkPort } from '../../src/platform/doctor/machine.ts';
import { claimKeys, keyState } from '../../src/platform/keyCheck.ts';
import { addKey, openKeys } from '../../src/platform/keys.ts';
import { textsOf } from '../../src/platform/texts.ts';
import { temporaryFolder } from '../support/folders.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
beforeAll(async () => { world = await testWorld(); });
afterAll(() => world.close());

const look = async (config: Config): Promise<Finding[]> => {
  const findings = await examine({
    config, nodeVersion: process.versions.node, portFree: true, migrations: await readMigrations(resolve('db/migrations')), now: world.now,
    openSeat: () => openSeat(config, resolve('db/migrations'), { who: 'test' }),
  });
  const texts = textsOf('commands');
  for (const { key, state, check } of findings) {
    expect(texts, `${key} is said`).toHaveProperty([key]);
    expect(texts).toHaveProperty([`doctor.${check}`]);
    if (state !== 'ok') expect(texts, `${key} says what to do`).toHaveProperty([`${key}.do`]);
  }
  return findings;
};

const state = (findings: readonly Finding[], check: string): string | undefined => findings.find((each) => each.check === check)?.key;

const configWith = async (more: Record<string, string>): Promise<Config> => {
  const data = await temporaryFolder();
  return readConfig({ LAMPLIGHT_DATA: join(data, 'data'), LAMPLIGHT_KEYS: join(data, 'keys'), DATABASE_URL: world.db.url, ...more }, data);
};

test('a sound installation has nothing bad but what the test server turned off', async () => {
  const findings = await look(await configWith({}));
  expect(findings.filter((each) => each.state === 'bad').map(({ check }) => check).sort()).toEqual(['clock', 'durable']);
  expect(state(findings, 'ledger')).toBe('doctor.ledger.ok');
});

test('a server that would lose acknowledged work in a power cut is bad, and so is a clock that is apart', async () => {
  const findings = await checkServer(world.db, world.now);
  expect(state(findings, 'durable')).toBe('doctor.durable.off');
  expect(state(findings, 'clock')).toBe('doctor.clock.apart');
  expect(state(await checkServer(world.db, Date.now), 'clock')).toBe('doctor.clock.ok');
});

test('one role that serves and owns is called what it is: no protection of the ledger', async () => {
  expect(await checkLedger(world.ownerDb)).toMatchObject({ state: 'bad', params: { tables: 'ledger_checkpoint, ledger_entry, ledger_tile, ledger_witnessed, setting_version' } });
  expect(await checkLedger(world.db)).toMatchObject({ state: 'ok' });
});

test('a right on the ledger that somebody granted by hand is found', async () => {
  const own = await testWorld();
  onTestFinished(() => own.close());
  await own.ownerDb.query('grant delete on ledger_entry to lamplight_app');
  expect(await checkLedger(own.db)).toMatchObject({ state: 'bad', params: { tables: 'ledger_entry' } });
});

test('a database that cannot be reached is one finding, not a crash', async () => {
  const findings = await look(await configWith({ DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' }));
  const away = findings.find(({ check }) => check === 'database');
  expect(away).toMatchObject({ state: 'bad', key: 'doctor.database.away' });
  expect(JSON.stringify(away)).not.toContain('secret');
});

test('migrations that lack or changed are named', async () => {
  const own = await testWorld();
  onTestFinished(() => own.close());
  const config = await configWith({ DATABASE_URL: own.db.url });
  await own.ownerDb.query(`update migration set digest = 'x' where name like '%platform.sql'`);
  expect(state(await look(config), 'migrations')).toBe('doctor.migrations.changed');
});

test('entries that nobody puts in order are found', async () => {
  const own = await testWorld();
  onTestFinished(() => own.close());
  await own.db.query(`insert into ledger_inbox (county, entry) values ('330281', '\\x00')`);
  const findings = await look(await configWith({ DATABASE_URL: own.db.url }));
  expect(findings.find(({ check }) => check === 'sequencer')).toMatchObject({ state: 'bad', params: { counties: '330281' } });
});

test('keys that others can read, and keys that lie with the data, are found', async () => {
  const config = await configWith({});
  openKeys(config.keys);
  await chmod(config.keys, 0o755);
  expect(state(await look(config), 'keys')).toBe('doctor.keys.open');
  expect(state(await look({ ...config, keys: join(config.data, 'keys') }), 'apart')).toBe('doctor.apart.inside');
});

test('keys of another installation are refused at the start and found by the doctor; a newer key beside the old is not', async () => {
  const own = await testWorld();
  onTestFinished(() => own.close());
  const config = await configWith({ DATABASE_URL: own.db.url });
  const first = openKeys(config.keys);
  expect(await keyState(own.db, first)).toBe('new');
  await claimKeys(own.db, first, config.keys, own.now());
  addKey(config.keys, 'data');
  await claimKeys(own.db, openKeys(config.keys), config.keys, own.now());
  expect(state(await look(config), 'sealed')).toBe('doctor.sealed.ok');
  await rm(config.keys, { recursive: true });
  await expect(claimKeys(own.db, openKeys(config.keys), config.keys, own.now())).rejects.toThrow(/are not those of this database; put the folder of keys that belongs to it back/);
  expect(state(await look(config), 'sealed')).toBe('doctor.sealed.foreign');
});

test('a data folder that others can enter, and a public address without https, are warned of', async () => {
  const config = await configWith({ LAMPLIGHT_URL: 'http://town.example' });
  await mkdir(config.data, { mode: 0o755 });
  const findings = await look(config);
  expect(findings.find(({ check }) => check === 'data')).toMatchObject({ state: 'warn', params: { mode: '755' } });
  expect(state(findings, 'url')).toBe('doctor.url.plain');
});

test('a port that another program has is told apart from one on which we serve ourselves', async () => {
  const server = createServer((request, response) => response.end(request.url === '/healthz' && ours ? '{"alive":true}' : 'hello'));
  let ours = false;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const config = readConfig({ LAMPLIGHT_PORT: String((server.address() as AddressInfo).port) }, '/');
  expect(await checkPort(config, false)).toMatchObject({ state: 'bad', key: 'doctor.port.taken' });
  ours = true;
  expect(await checkPort(config, false)).toMatchObject({ state: 'ok', key: 'doctor.port.serving' });
});

test('the doctor changes nothing: it makes neither folders nor keys', async () => {
  const config = await configWith({});
  await look(config);
  const db = openDatabase(world.db.url, { max: 1 });
  onTestFinished(() => db.close());
  expect(await db.query(`select fact from installation`)).toEqual([]);
  await expect(chmod(config.keys, 0o700)).rejects.toThrow(/ENOENT/);
});
