import { createHash } from 'node:crypto';
import { appendFile, cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Digest } from '../../src/base/ids.ts';
import { backup } from '../../src/platform/backup/backup.ts';
import { BackupError, type Manifest } from '../../src/platform/backup/manifest.ts';
import { restore } from '../../src/platform/backup/restore.ts';
import { type Blobs, openBlobs } from '../../src/platform/blobs.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { migrate, type Migration, readMigrations } from '../../src/platform/database/migrations.ts';
import { emptyDatabase } from '../support/databases.ts';
import { temporaryFolder } from '../support/folders.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

/** Tables with everything that makes copying hard: keys in a circle, an identity, a generated column, every kind of value. */
const hard: Migration = ((sql: string) => ({ name: '20991231T000000_hard.sql', sql, digest: createHash('sha256').update(sql).digest('hex') }))(`
create table copied_a (id bigint generated always as identity primary key, b bigint, "Odd Name" text, doubled text generated always as ("Odd Name" || "Odd Name") stored,
  raw bytea, at timestamptz, ratio float8, spot point, tags text[], doc jsonb);
create table copied_b (id bigint primary key, a bigint not null references copied_a (id));
alter table copied_a add constraint copied_a_b foreign key (b) references copied_b (id);
`);
const app = { name: 'lamplight_app' };

let world: TestWorld;
let migrations: Migration[];
beforeEach(async () => {
  world = await testWorld();
  migrations = [...await readMigrations(resolve('db/migrations')), hard];
  await migrate(world.ownerDb.url, app, migrations, world.now);
  await world.db.query(`insert into copied_a ("Odd Name", raw, at, ratio, spot, tags, doc)
    select e'灯\\t火\\n\\\\N' || n, sha256(n::text::bytea), timestamptz '2026-11-24 09:00:00.123456+08' + n * interval '1 day', 1.0 / (n + 3), point(121.1 + n / 1e6, 30.1), array['a"b', null, '{}'], '{"深":{"a":[1,null]}}'
    from generate_series(1, 500) n`);
  await world.db.query('insert into copied_b select id, id from copied_a');
  await world.db.query('update copied_a set b = id');
});
afterEach(() => world.close());

const take = async (folder: string): Promise<Manifest> =>
  backup({ db: world.db, blobs: world.blobs, keys: world.keys.fingerprint, folder, now: world.now });

const target = async (): Promise<{ owner: string; app: string; blobs: Blobs; options: (folder: string) => Parameters<typeof restore>[0] }> => {
  const place = await emptyDatabase();
  const blobs = await openBlobs(join(await temporaryFolder(), 'blobs'), world.now);
  return { ...place, blobs, options: (folder) => ({ folder, ownerUrl: place.owner, app, migrations, blobs, now: world.now }) };
};

test('what is restored is what was backed up, row for row and byte for byte, and goes on from there', async () => {
  const picture = await world.blobs.put(Buffer.from('a picture')) as Digest;
  const folder = join(await temporaryFolder(), 'copy');
  const manifest = await take(folder);
  const to = await target();
  await restore(to.options(folder));
  const db = openDatabase(to.app);
  onTestFinished(() => db.close());
  const all = 'select * from copied_a order by id';
  expect(await db.query(all)).toEqual(await world.db.query(all));
  expect(await db.query('select county, name from county')).toEqual(await world.db.query('select county, name from county'));
  expect((await to.blobs.get(picture))?.toString()).toBe('a picture');
  // The identity goes on, the keys hold, the rights are there.
  expect(await db.query(`insert into copied_a ("Odd Name") values ('next') returning id`)).toEqual([{ id: 501 }]);
  await expect(db.query('insert into copied_b values (9999, 9999)')).rejects.toThrow(/foreign key/);
  await expect(db.query('delete from ledger_entry')).rejects.toThrow(/permission denied/);
  // A backup of what was restored is the same backup.
  await db.query('delete from copied_a where id = 501');
  const again = await backup({ db, blobs: to.blobs, keys: world.keys.fingerprint, folder: join(await temporaryFolder(), 'again'), now: world.now });
  expect(again.tables).toEqual(manifest.tables);
});

test('a backup taken while people work is of one moment: sums that hold in every transaction hold in the copy', async () => {
  let writing = true;
  let moved = 0;
  const mover = (async () => {
    while (writing) {
      await world.db.transaction(async (tx) => {
        const [a] = await tx.query<{ id: number }>(`insert into copied_a ("Odd Name") values ('moving') returning id`);
        await tx.query('insert into copied_b values ($1, $1)', [a?.id]);
        await tx.query('update copied_a set b = id where id = $1', [a?.id]);
      });
      moved++;
    }
  })();
  const folder = join(await temporaryFolder(), 'copy');
  while (moved < 5) await world.db.query('select 1');
  const manifest = await take(folder);
  writing = false;
  await mover;
  const rows = (name: string) => manifest.tables.find((each) => each.name === name)?.rows;
  expect(rows('copied_a')).toBe(rows('copied_b'));
  expect(rows('copied_a')).toBeGreaterThanOrEqual(505);
  await restore((await target()).options(folder));
});

test('keys are never in a backup, and nobody else can read it', async () => {
  const folder = join(await temporaryFolder(), 'copy');
  const manifest = await take(folder);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const keyFolder = world.config.keys;
  const secrets = await Promise.all((await readdir(keyFolder)).map(async (name) => (JSON.parse(await readFile(join(keyFolder, name), 'utf8')) as { key: string }).key));
  for (const entry of files) {
    const path = join(entry.parentPath, entry.name);
    expect((await stat(path)).mode & 0o077, path).toBe(0);
    const text = await readFile(path, 'utf8');
    for (const secret of secrets) expect(text).not.toContain(secret);
  }
  expect((await stat(folder)).mode & 0o077).toBe(0);
  expect(manifest.keys).toBe(world.keys.fingerprint);
});

test('a folder that holds something is not written over', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'photo.jpg'), 'x');
  await expect(take(folder)).rejects.toThrow(/is not empty; name a folder that does not exist yet/);
});

test('restoring into a database with rows, or beside blobs, is refused and changes nothing', async () => {
  const folder = join(await temporaryFolder(), 'copy');
  await take(folder);
  const to = await target();
  await to.blobs.put(Buffer.from('someone else’s'));
  await expect(restore(to.options(folder))).rejects.toThrow(/blob folder is not empty/);
  const used = await target();
  await restore(used.options(folder));
  const fresh = await openBlobs(join(await temporaryFolder(), 'blobs'), world.now);
  await expect(restore({ ...used.options(folder), blobs: fresh })).rejects.toThrow(/database is not empty \(table copied_a has rows\)/);
});

const digestsIn = async (blobs: Blobs): Promise<string[]> => {
  const found: string[] = [];
  for await (const { digest } of blobs.list()) found.push(digest);
  return found;
};

const damages: readonly [what: string, damage: (folder: string) => Promise<void>, words: RegExp][] = [
  ['a table with a byte more', (folder) => appendFile(join(folder, 'tables/county.copy'), ' '), /tables\/county\.copy of the backup is damaged/],
  ['a table that is missing', (folder) => rm(join(folder, 'tables/copied_b.copy')), /tables\/copied_b\.copy of the backup is missing/],
  ['a blob that changed', async (folder) => {
    const [name] = await readdir(join(folder, 'blobs'));
    await writeFile(join(folder, 'blobs', name!), 'other');
  }, /blobs\/[0-9a-f]{64} of the backup is damaged/],
  ['a backup that was cut short', (folder) => rm(join(folder, 'manifest.json')), /holds no finished backup/],
  ['a manifest that is none', (folder) => writeFile(join(folder, 'manifest.json'), '{'), /manifest\.json is damaged/],
  ['a later format', (folder) => writeFile(join(folder, 'manifest.json'), '{"format":2}'), /has format 2/],
];

test('a damaged backup is found out before anything is written, whatever is damaged', async () => {
  await world.blobs.put(Buffer.from('a picture'));
  const whole = join(await temporaryFolder(), 'copy');
  await take(whole);
  const to = await target();
  for (const [what, damage, words] of damages) {
    const folder = join(await temporaryFolder(), 'damaged');
    await cp(whole, folder, { recursive: true });
    await damage(folder);
    await expect(restore(to.options(folder)), what).rejects.toThrow(words);
  }
  const db = openDatabase(to.owner, { max: 1 });
  onTestFinished(() => db.close());
  expect(await db.query(`select to_regclass('county') as county`)).toEqual([{ county: null }]);
  expect(await digestsIn(to.blobs)).toEqual([]);
});

test('a restore that fails in the middle leaves neither rows nor blobs', async () => {
  await world.blobs.put(Buffer.from('a picture'));
  const folder = join(await temporaryFolder(), 'copy');
  const manifest = await take(folder);
  // A manifest that agrees with its files and not with the schema: as if tables had been edited by hand.
  const forged = { ...manifest, tables: manifest.tables.map((each) => (each.name === 'copied_b' ? { ...each, columns: ['id', 'nothing'] } : each)) };
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(forged));
  const to = await target();
  await expect(restore(to.options(folder))).rejects.toThrow(BackupError);
  const db = openDatabase(to.owner, { max: 1 });
  onTestFinished(() => db.close());
  expect(await db.query('select count(*) as rows from county')).toEqual([{ rows: 0 }]);
  expect(await digestsIn(to.blobs)).toEqual([]);
  expect(await db.query(`select count(*) as keys from pg_constraint where contype = 'f' and conname like 'copied%'`)).toEqual([{ keys: 2 }]);
});

test('a backup of an older release is brought to the present schema after it is restored', async () => {
  const folder = join(await temporaryFolder(), 'copy');
  await take(folder);
  const sql = 'alter table copied_b add column later int not null default 7;';
  const later: Migration = { name: '20991231T000001_later.sql', sql, digest: createHash('sha256').update(sql).digest('hex') };
  const to = await target();
  await restore({ ...to.options(folder), migrations: [...migrations, later] });
  const db = openDatabase(to.app);
  onTestFinished(() => db.close());
  expect(await db.query('select distinct later from copied_b')).toEqual([{ later: 7 }]);
});

test('a backup of a newer release is refused by an older program', async () => {
  const folder = join(await temporaryFolder(), 'copy');
  await take(folder);
  await expect(restore({ ...(await target()).options(folder), migrations: migrations.slice(0, -1) })).rejects.toThrow(/has migration 20991231T000000_hard\.sql, which this program does not know/);
});

test('a damaged blob stops the backup: nobody learns of it only when it is needed', async () => {
  const digest = await world.blobs.put(Buffer.from('a picture')) as Digest;
  const store = join(world.config.data, 'blobs');
  const path = (await readdir(store, { recursive: true })).find((name) => name.endsWith(digest));
  await writeFile(join(store, path!), 'rotten');
  await expect(take(join(await temporaryFolder(), 'copy'))).rejects.toThrow(/is damaged on the disk/);
});
