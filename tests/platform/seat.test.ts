import { resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../src/platform/database/database.ts';
import { findEmbedded, findEmbeddedPlace } from '../../src/platform/database/embedded.ts';
import { FolderTaken } from '../../src/platform/database/lock.ts';
import { until } from '../../src/platform/database/postmaster.ts';
import { openSeat } from '../../src/platform/database/seat.ts';
import { ownPostgres, temporaryFolder } from '../support/folders.ts';

// Each test makes a PostgreSQL of its own, and kills it.
vi.setConfig({ testTimeout: 120_000 });

const migrations = resolve('db/migrations');
const embedded = (data: string) => ({ data, databaseUrl: null, databaseOwnerUrl: null });

test('the first process keeps the embedded database, the next join it, and only the first one stops it', async () => {
  const data = await temporaryFolder();
  const keeper = await openSeat(embedded(data), migrations, { who: 'first' });
  onTestFinished(() => keeper.close());
  const guest = await openSeat(embedded(data), migrations, { who: 'second' });
  expect(guest.app).toBe(keeper.app);
  await guest.close();
  const db = openDatabase(keeper.app);
  expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
  await db.close();
  await expect(openSeat(embedded(data), migrations, { who: 'third', alone: true })).rejects.toBeInstanceOf(FolderTaken);
  await keeper.close();
  expect(await findEmbedded(await findEmbeddedPlace(data))).toBeUndefined();
});

test('a database that is killed is started again by its keeper, and open pools find it', async () => {
  const data = await temporaryFolder();
  let restarts = 0;
  const seat = await openSeat(embedded(data), migrations, { who: 'keeper', onRestart: () => { restarts++; } });
  onTestFinished(() => seat.close());
  const db = openDatabase(seat.app);
  onTestFinished(() => db.close());
  for (let round = 1; round <= 2; round++) {
    await db.query('select 1');
    process.kill((await findEmbedded(await findEmbeddedPlace(data)))!.pid, 'SIGKILL');
    expect(await until(() => db.query('select 1').then(() => restarts === round, () => false), 30_000, 20)).toBe(true);
  }
});

test('a given database is used with two roles, and the role of the application is made where it is missing', async () => {
  const server = await ownPostgres(await temporaryFolder());
  const admin = openDatabase(await server.url('postgres', 'postgres'), { max: 1 });
  await admin.query(`create role keeper login createrole password 'k'`);
  await admin.query('create database town owner keeper');
  await admin.close();
  const address = (role: string): string => {
    const url = new URL(new URL(`postgres://${role}@localhost/town`).href);
    url.searchParams.set('host', server.place.sockets);
    return url.href;
  };
  const seat = await openSeat({ data: await temporaryFolder(), databaseUrl: address('server:s'), databaseOwnerUrl: address('keeper:k') }, migrations, { who: 'test' });
  expect((await seat.migrate(Date.now)).length).toBeGreaterThan(0);
  expect(seat).toMatchObject({ kind: 'given', where: `${server.place.sockets}/town` });
  const db = openDatabase(seat.app);
  onTestFinished(() => db.close());
  await db.query('select county from county');
  await expect(db.query('delete from ledger_entry')).rejects.toThrow(/permission denied/);
});
