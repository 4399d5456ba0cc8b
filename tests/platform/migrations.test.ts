import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../src/platform/database/database.ts';
import { appendOnly, migrate, type Migration, migrationState, readMigrations } from '../../src/platform/database/migrations.ts';
import { dumpSchema } from '../../src/platform/database/schema.ts';
import { emptyDatabase } from '../support/databases.ts';
import { temporaryFolder } from '../support/folders.ts';
import { testWorld } from '../support/world.ts';

const now = (): number => Date.parse('2026-11-24T09:00:00+08:00');
const file = (name: string, sql: string): Migration => ({ name, sql, digest: createHash('sha256').update(sql).digest('hex') });
const first = file('20260101T000000_first.sql', 'create table ledger_entry (id int primary key);\ncreate table thing (id int primary key);');
const second = file('20260102T000000_second.sql', 'alter table thing add column name text;');
const app = { name: 'lamplight_app' };

let owner: Database;
let serving: Database;
let url: string;
beforeEach(async () => {
  const database = await emptyDatabase();
  url = database.owner;
  owner = openDatabase(url, { max: 2 });
  serving = openDatabase(database.app, { max: 2 });
});
afterEach(async () => {
  await owner.close();
  await serving.close();
});

test('pending migrations are applied in order and once', async () => {
  expect(await migrate(url, app, [first], now)).toEqual([first.name]);
  expect(await migrate(url, app, [first, second], now)).toEqual([second.name]);
  expect(await migrate(url, app, [first, second], now)).toEqual([]);
  await serving.query(`insert into thing (id, name) values (1, 'lamp')`);
});

test('a migration whose file changed after it was applied stops everything', async () => {
  await migrate(url, app, [first], now);
  await expect(migrate(url, app, [file(first.name, `${first.sql} `), second], now)).rejects.toThrow(/first\.sql was changed after it was applied/);
  expect(await owner.query(`select name from migration`)).toEqual([{ name: first.name }]);
});

test('a migration whose file vanished stops everything: the program is older than the database', async () => {
  await migrate(url, app, [first, second], now);
  await expect(migrate(url, app, [first], now)).rejects.toThrow(/second\.sql was applied to this database and its file is missing/);
});

test('a new migration may not stand before one that is applied', async () => {
  await migrate(url, app, [first, second], now);
  const between = file('20260101T120000_between.sql', 'create table late (id int);');
  await expect(migrate(url, app, [first, between, second], now)).rejects.toThrow(/between\.sql is older than 20260102T000000_second\.sql/);
});

test('a migration that fails half way leaves nothing of itself behind and names file and statement', async () => {
  const broken = file('20260103T000000_broken.sql', 'create table half (id int);\nalter table nowhere add column x int;');
  await expect(migrate(url, app, [first, broken], now)).rejects.toThrow(/broken\.sql: relation "nowhere" does not exist, in: alter table nowhere/);
  expect(await owner.query(`select to_regclass('half') as half, to_regclass('thing')::text as thing`)).toEqual([{ half: null, thing: 'thing' }]);
});

test('two programs that migrate at once apply each migration once', async () => {
  const both = await Promise.all([migrate(url, app, [first, second], now), migrate(url, app, [first, second], now)]);
  expect(both.flat().sort()).toEqual([first.name, second.name]);
});

test('a file whose name is none is refused', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, '1_first.sql'), 'select 1;');
  await expect(readMigrations(folder)).rejects.toThrow(/1_first\.sql: a migration is named like/);
});

test('the application may read and add to the ledger, and change everything else', async () => {
  await migrate(url, app, [first], now);
  await serving.query('insert into ledger_entry values (1)');
  await serving.query('insert into thing values (1)');
  await serving.query('update thing set id = 2');
  await serving.query('delete from thing');
  for (const attack of ['update ledger_entry set id = 2', 'delete from ledger_entry', 'truncate ledger_entry', 'drop table ledger_entry', 'alter table ledger_entry add x int', 'truncate thing'])
    await expect(serving.query(attack), attack).rejects.toThrow(/permission denied|must be owner/);
});

test('rights that were given by hand on the ledger are taken back by the next migration', async () => {
  await migrate(url, app, [first], now);
  await owner.query('grant update, delete on ledger_entry to lamplight_app');
  await migrate(url, app, [first], now);
  await expect(serving.query('delete from ledger_entry')).rejects.toThrow(/permission denied/);
});

test('where the role of the application is missing and cannot be made, the line says what to run', async () => {
  await expect(migrate(url, { name: 'town app', password: 'x' }, [first], now)).rejects.toThrow(/role town app does not exist and cannot be made .* create role "town app" login password/);
  await expect(migrate(url, { name: 'town app' }, [first], now)).rejects.toThrow(/role town app does not exist; make it/);
});

test('the house has no triggers, functions, views or extensions, and every table of the ledger is append-only', async () => {
  const world = await testWorld({ county: null });
  const schema = await dumpSchema(world.ownerDb, 'lamplight_app');
  const state = await migrationState({ query: async (sql) => ({ rows: await world.db.query(sql) }) }, await readMigrations(resolve('db/migrations')));
  await world.close();
  expect(schema).not.toMatch(/^-- (trigger|function|view|extension)/m);
  for (const table of appendOnly) expect(schema).toContain(`grant select, insert on ${table} to lamplight_app;`);
  expect(state).toMatchObject({ pending: [], faults: [] });
});
