import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../src/platform/database/database.ts';
import { findEmbedded, findEmbeddedPlace, startEmbedded } from '../../src/platform/database/embedded.ts';
import { isAlive, isPostmasterOf, until } from '../../src/platform/database/postmaster.ts';
import { ownPostgres, temporaryFolder } from '../support/folders.ts';

// Each test makes a PostgreSQL of its own, and kills it.
vi.setConfig({ testTimeout: 120_000 });

const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

test('the embedded server is PostgreSQL 18 with UTF-8, durable, without a port, under roles that are no superusers', async () => {
  const embedded = await ownPostgres(await temporaryFolder(), {});
  const url = await embedded.url('lamplight_app');
  expect(await query(url, `select current_setting('server_version_num')::int / 10000 as major, current_setting('fsync') as fsync,
    current_setting('synchronous_commit') as sync, current_setting('listen_addresses') as listens, current_setting('server_encoding') as encoding,
    current_setting('TimeZone') as zone, (select datlocprovider::text || ':' || datlocale from pg_database where datname = current_database()) as locale`))
    .toEqual([{ major: 18, fsync: 'on', sync: 'on', listens: '', encoding: 'UTF8', zone: 'UTC', locale: 'b:C.UTF-8' }]);
  expect(await query(url, `select rolname, rolsuper or rolcreaterole or rolcreatedb or rolbypassrls as mighty from pg_roles where rolname like 'lamplight%' order by 1`))
    .toEqual([{ rolname: 'lamplight_app', mighty: false }, { rolname: 'lamplight_owner', mighty: false }]);
  await embedded.stop();
  expect(isAlive(embedded.pid)).toBe(false);
});

test('nobody gets in without a password, and nobody else can read one', async () => {
  const data = await temporaryFolder();
  const embedded = await ownPostgres(data);
  const address = new URL(await embedded.url('lamplight_owner'));
  address.password = 'guess';
  await expect(query(address.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  for (const role of ['postgres', 'lamplight_owner', 'lamplight_app'])
    expect((await stat(join(data, 'roles', role))).mode & 0o777).toBe(0o600);
  expect((await stat(join(data, 'database'))).mode & 0o077).toBe(0);
});

test('a server that an earlier process left running is adopted, proven by folder and number', async () => {
  const data = await temporaryFolder();
  const first = await ownPostgres(data);
  const again = await startEmbedded(await findEmbeddedPlace(data), { durable: false });
  expect(again).toMatchObject({ pid: first.pid, adopted: true });
  expect(await query(await again.url('lamplight_app'), 'select 1 as one')).toEqual([{ one: 1 }]);
  await again.stop();
  expect(isAlive(first.pid)).toBe(false);
});

test('a server on another folder is not ours, even where a file says its number', async () => {
  const [one, other] = [await temporaryFolder(), await temporaryFolder()];
  const theirs = await ownPostgres(one);
  const place = await findEmbeddedPlace(other);
  await mkdir(place.folder);
  await writeFile(join(place.folder, 'postmaster.pid'), `${theirs.pid}\n${place.folder}\n`);
  expect(await isPostmasterOf(theirs.pid, place.folder)).toBe(false);
  expect(await findEmbedded(place)).toBeUndefined();
});

test('a number in postmaster.pid that now belongs to another program does not keep the server from starting', async () => {
  const data = await temporaryFolder();
  const embedded = await ownPostgres(data);
  const file = join(data, 'database', 'postmaster.pid');
  const words = await readFile(file, 'utf8');
  await embedded.stop();
  const { uid, gid } = embedded.place.runAs ?? {};
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore', ...(uid !== undefined && gid !== undefined && { uid, gid }) });
  onTestFinished(() => void stranger.kill('SIGKILL'));
  await writeFile(file, words.replace(/^\d+/, String(stranger.pid)));
  const again = await ownPostgres(data);
  expect(again.adopted).toBe(false);
  expect(isAlive(stranger.pid!)).toBe(true);
  expect(await query(await again.url('lamplight_app'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('a start that was cut short before roles and database were made is finished by the next one', async () => {
  const data = await temporaryFolder();
  await mkdir(join(data, 'database.0123abcd', 'base'), { recursive: true });
  const embedded = await ownPostgres(data);
  await query(await embedded.url('postgres', 'postgres'), 'drop database lamplight');
  await query(await embedded.url('postgres', 'postgres'), 'drop role lamplight_app');
  await embedded.stop();
  const again = await ownPostgres(data);
  expect(await query(await again.url('lamplight_app'), 'select current_user as who')).toEqual([{ who: 'lamplight_app' }]);
  expect((await readdir(data)).filter((name) => name.startsWith('database.') && name !== 'database.log')).toEqual([]);
});

test('a data folder with a very long path works: the socket goes where its path is short enough', async () => {
  const data = join(await temporaryFolder(), '辖区'.repeat(20));
  const embedded = await ownPostgres(data);
  expect(Buffer.byteLength(embedded.place.sockets)).toBeLessThan(90);
  expect(await query(await embedded.url('lamplight_app'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('after kill -9 nothing that was committed is lost, and the pool goes on without a restart of ours', async () => {
  const embedded = await ownPostgres(await temporaryFolder(), {});
  await query(await embedded.url('lamplight_owner'), 'create table kept (n int); grant select, insert on kept to lamplight_app');
  const db = openDatabase(await embedded.url('lamplight_app'), { max: 4 });
  onTestFinished(() => db.close());
  let acknowledged = 0;
  let killed = false;
  const writer = (async () => {
    for (let n = 1; !killed || n === acknowledged + 1; n++) {
      try {
        await db.query('insert into kept values ($1)', [n], 'keep');
        acknowledged = n;
      } catch {
        return;
      }
    }
  })();
  await until(() => acknowledged > 50, 10_000, 1);
  killed = true;
  process.kill(embedded.pid, 'SIGKILL');
  await embedded.gone;
  await writer;
  await expect(db.query('select 1')).rejects.toThrow();
  await ownPostgres(embedded.place.data, {});
  const [row] = await db.query<{ last: number; rows: number }>('select max(n) as last, count(*) as rows from kept');
  // The one under way when it died may be there or not; it was not acknowledged.
  expect([acknowledged, acknowledged + 1]).toContain(row?.last);
  expect(row?.rows).toBe(row?.last);
});

test('while the database is away every statement fails at once or within seconds, and a transaction leaves nothing half done', async () => {
  const embedded = await ownPostgres(await temporaryFolder());
  await query(await embedded.url('lamplight_owner'), 'create table kept (n int); grant select, insert on kept to lamplight_app');
  const db = openDatabase(await embedded.url('lamplight_app'), { max: 4 });
  onTestFinished(() => db.close());
  await expect(db.transaction(async (tx) => {
    await tx.query('insert into kept values (1)');
    await embedded.stop();
    await tx.query('insert into kept values (2)');
  })).rejects.toThrow();
  const began = performance.now();
  await Promise.all(Array.from({ length: 20 }, () => expect(db.query('select 1')).rejects.toThrow()));
  expect(performance.now() - began).toBeLessThan(6_000);
  await ownPostgres(embedded.place.data);
  expect(await Promise.all(Array.from({ length: 20 }, () => db.query('select n from kept')))).toEqual(Array.from({ length: 20 }, () => []));
});

test('Ctrl-C in a terminal does not reach the server: it has a process group of its own', async () => {
  const embedded = await ownPostgres(await temporaryFolder());
  const ps = spawn('ps', ['-o', 'pgid=', '-p', String(embedded.pid)]);
  let words = '';
  ps.stdout.on('data', (chunk: Buffer) => { words += chunk.toString(); });
  await once(ps, 'close');
  expect(Number(words)).toBe(embedded.pid);
});
