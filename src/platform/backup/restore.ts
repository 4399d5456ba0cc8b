import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type Digest, isDigest } from '../../base/ids.ts';
import { isRefusal } from '../../base/result.ts';
import type { Blobs } from '../blobs.ts';
import { openDatabase } from '../database/database.ts';
import { type AppRole, migrate, type Migration } from '../database/migrations.ts';
import { copyOut, tablesOf } from './backup.ts';
import { BackupError, blobFile, copySettings, type Manifest, readManifest, tableFile } from './manifest.ts';

export interface RestoreOptions {
  readonly folder: string;
  /** Address for the owner's role: the application's may not write all that has to be written. */
  readonly ownerUrl: string;
  readonly app: AppRole;
  readonly migrations: readonly Migration[];
  readonly blobs: Blobs;
  readonly now: () => number;
}

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
};

/** Every file against the manifest, before anything is touched. */
const checkFiles = async (folder: string, manifest: Manifest): Promise<void> => {
  const wrong = async (path: string, digest: string, what: string): Promise<void> => {
    const seen = await digestOf(path).catch(() => undefined);
    if (seen !== digest) throw new BackupError(`${what} of the backup is ${seen === undefined ? 'missing' : 'damaged'}; take another copy of the backup`);
  };
  for (const { name, digest } of manifest.tables) await wrong(tableFile(folder, name), digest, `tables/${name}.copy`);
  for (const { digest } of manifest.blobs) {
    if (!isDigest(digest)) throw new BackupError(`manifest.json names a blob "${digest}", which is no digest`);
    await wrong(blobFile(folder, digest), digest, `blobs/${digest}`);
  }
};

/** The migrations that the backup's database had. */
const schemaOf = (manifest: Manifest, migrations: readonly Migration[]): Migration[] =>
  manifest.migrations.map(({ name, digest }) => {
    const found = migrations.find((migration) => migration.name === name);
    if (!found) throw new BackupError(`the backup has migration ${name}, which this program does not know; use the release that made it, or a later one`);
    if (found.digest !== digest) throw new BackupError(`migration ${name} is not the one that the backup was made under`);
    return found;
  });

const assertEmpty = async (client: pg.PoolClient, blobs: Blobs): Promise<void> => {
  for (const { name } of await tablesOf(client))
    if ((await client.query(`select from "${name}" limit 1`)).rowCount)
      throw new BackupError(`the database is not empty (table ${name} has rows); restore into a new one`);
  for await (const { digest } of blobs.list())
    throw new BackupError(`the blob folder is not empty (${digest}); restore into a new data folder`);
};

/** Loads all tables in one transaction. Foreign keys are made anew afterwards, which checks them and needs no order of tables. */
const load = async (client: pg.PoolClient, folder: string, manifest: Manifest): Promise<void> => {
  await client.query(copySettings);
  await client.query('begin');
  const keys = (await client.query<{ owner: string; name: string; definition: string }>(
    `select conrelid::regclass::text as owner, quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace and conparentid = 0 order by 1, 2`)).rows;
  for (const { owner, name } of keys) await client.query(`alter table ${owner} drop constraint ${name}`);
  const present = new Map((await tablesOf(client)).map(({ name, columns }) => [name, new Set(columns)]));
  for (const { name, columns, rows } of manifest.tables) {
    const known = present.get(name);
    if (!known || columns.some((column) => !known.has(column))) throw new BackupError(`table ${name} of the backup does not fit the schema of its migrations`);
    const into = client.query(copyFrom(`copy "${name}" (${columns.map((column) => `"${column}"`).join(', ')}) from stdin`));
    await pipeline(createReadStream(tableFile(folder, name)), into);
    if (into.rowCount !== rows) throw new BackupError(`table ${name}: ${into.rowCount} rows arrived, the backup has ${rows}`);
  }
  for (const { owner, name, definition } of keys) await client.query(`alter table ${owner} add constraint ${name} ${definition}`);
  for (const { name, value, called } of manifest.sequences)
    await client.query('select setval($1::text::regclass, $2::bigint, $3)', [`public."${name}"`, value, called]);
  for (const { name, columns, digest } of manifest.tables)
    if ((await copyOut(client, name, columns, null)).digest !== digest)
      throw new BackupError(`table ${name} reads differently from what the backup holds; nothing was restored`);
  await client.query('commit');
};

/**
 * Brings a backup into an empty database and an empty blob store, whole or not at all: checks every file first, makes the
 * schema that the backup had, loads in one transaction, and reads everything back against the manifest. Migrations that are
 * newer than the backup are applied at the end.
 * @throws BackupError when the target is not empty, or the backup is damaged or newer than this program.
 */
export const restore = async ({ folder, ownerUrl, app, migrations, blobs, now }: RestoreOptions): Promise<Manifest> => {
  const manifest = await readManifest(folder);
  const schema = schemaOf(manifest, migrations);
  await checkFiles(folder, manifest);
  const owner = openDatabase(ownerUrl, { max: 1 });
  const placed: Digest[] = [];
  try {
    const client = await owner.connection();
    try {
      const [{ exists } = { exists: false }] = (await client.query<{ exists: boolean }>(`select to_regclass('public.migration') is not null as exists`)).rows;
      await assertEmpty(client, blobs);
      const applied = exists ? (await client.query<{ name: string }>('select name from migration')).rows.map((row) => row.name) : [];
      const later = applied.find((name) => !schema.some((migration) => migration.name === name));
      if (later !== undefined) throw new BackupError(`the database already has migration ${later}, which is newer than the backup; restore into a new database`);
      await migrate(ownerUrl, app, schema, now);
      for (const { digest } of manifest.blobs) {
        const kept = await blobs.put(createReadStream(blobFile(folder, digest)));
        if (isRefusal(kept)) throw new BackupError(`blob ${digest} could not be written (${kept.reason}); make room and begin again`);
        placed.push(kept);
      }
      await load(client, folder, manifest);
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  } catch (error) {
    for (const digest of placed) await blobs.delete(digest);
    throw error;
  } finally {
    await owner.close();
  }
  await migrate(ownerUrl, app, migrations, now);
  return manifest;
};
