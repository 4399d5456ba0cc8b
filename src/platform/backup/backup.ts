import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Blobs } from '../blobs.ts';
import type { Database } from '../database/database.ts';
import { BackupError, blobFile, copySettings, type Manifest, type TableCopy, tableFile } from './manifest.ts';

/** A stream that passes bytes on and counts and hashes them. */
const measure = (): { stream: Transform; bytes: () => number; digest: () => string } => {
  const hash = createHash('sha256');
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, bytes: () => bytes, digest: () => hash.digest('hex') };
};

/** Tables of ours with the columns that a copy has to carry, by name. */
export const tablesOf = async (client: pg.PoolClient): Promise<{ name: string; columns: string[] }[]> =>
  (await client.query<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migration'
     group by c.relname order by c.relname`)).rows;

/** Writes one table as COPY text. `to` null only measures. */
export const copyOut = async (client: pg.PoolClient, name: string, columns: readonly string[], to: string | null): Promise<TableCopy> => {
  const list = columns.map((column) => `"${column}"`).join(', ');
  const source = client.query(copyTo(`copy "${name}" (${list}) to stdout`));
  const { stream, bytes, digest } = measure();
  if (to === null) await pipeline(source, stream, async (chunks) => { for await (const _ of chunks); });
  else await pipeline(source, stream, createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }));
  return { name, columns, rows: source.rowCount, bytes: bytes(), digest: digest() };
};

export interface BackupOptions {
  readonly db: Database;
  readonly blobs: Blobs;
  /** Names the keys; see `Keys.fingerprint`. */
  readonly keys: string;
  /** Must not exist yet, or be empty. */
  readonly folder: string;
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/**
 * Copies database and blobs while both are in use. All tables are of one moment (one repeatable-read transaction); blobs are
 * copied after that moment, and since a blob is on the disk before a row names it, none that a row names is missing, unless it
 * was erased in between. `manifest.json` is written last: a folder without it is no backup.
 * @throws BackupError when the folder is not empty.
 */
export const backup = async ({ db, blobs, keys, folder, now, signal }: BackupOptions): Promise<Manifest> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length > 0) throw new BackupError(`${folder} is not empty; name a folder that does not exist yet`);
  for (const inside of ['tables', 'blobs']) await mkdir(join(folder, inside), { mode: 0o700 });
  const madeAt = new Date(now()).toISOString();
  const client = await db.connection();
  const tables: TableCopy[] = [];
  let head: Pick<Manifest, 'server' | 'migrations' | 'sequences'>;
  try {
    await client.query(copySettings);
    await client.query('begin isolation level repeatable read read only');
    const sequences = (await client.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'S' order by relname`)).rows;
    head = {
      server: (await client.query<{ server: string }>(`select current_setting('server_version') as server`)).rows[0]?.server ?? '',
      migrations: (await client.query<{ name: string; digest: string }>('select name, digest from migration order by name')).rows,
      sequences: [],
    };
    for (const { name, columns } of await tablesOf(client)) {
      signal?.throwIfAborted();
      tables.push(await copyOut(client, name, columns, tableFile(folder, name)));
    }
    // A sequence is outside every transaction: read last, it is never behind a row.
    const values: Manifest['sequences'][number][] = [];
    for (const { name } of sequences) {
      const [row] = (await client.query<{ value: string; called: boolean }>(`select last_value::text as value, is_called as called from "${name}"`)).rows;
      if (row) values.push({ name, ...row });
    }
    head = { ...head, sequences: values };
    await client.query('commit');
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
  const copied: Manifest['blobs'][number][] = [];
  for await (const { digest } of blobs.list()) {
    signal?.throwIfAborted();
    const found = await blobs.stream(digest);
    if (!found) continue;
    const { stream, bytes, digest: seen } = measure();
    await pipeline(found.body, stream, createWriteStream(blobFile(folder, digest), { flags: 'wx', mode: 0o600, flush: true }));
    if (seen() !== digest) throw new BackupError(`blob ${digest} is damaged on the disk; restore it from an earlier backup, then back up again`);
    copied.push({ digest, bytes: bytes() });
  }
  const manifest: Manifest = { format: 1, madeAt, ...head, tables, blobs: copied, keys };
  const file = await open(join(folder, 'manifest.json'), 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return manifest;
};
