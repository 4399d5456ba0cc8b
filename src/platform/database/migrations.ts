import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { statementsOf } from './statements.ts';

/** One file of `db/migrations`. */
export interface Migration {
  /** `20261124T220010_ledger.sql`: the order is that of the names. */
  readonly name: string;
  readonly sql: string;
  /** Hexadecimal SHA-256 of the file's bytes. */
  readonly digest: string;
}

/** Tables on which the application may only SELECT and INSERT: what a trace is made of. */
export const appendOnly: readonly string[] = ['ledger_entry', 'ledger_tile', 'ledger_checkpoint', 'ledger_witnessed', 'setting_version'];

/** Tables whose partitions are a ring: the application empties the oldest whole before its turn comes again, and needs no right to make or drop any. */
const emptiedWhole: readonly string[] = ['reading', 'reading_minute'];

/** A migration that cannot be applied, or one that is not what was applied. Its message says what to do. */
export class MigrationError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'MigrationError';
  }
}

/** Reads the migrations of a folder in order. @throws MigrationError for a file whose name is none. */
export const readMigrations = async (folder: string): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const wrong = names.find((name) => !/^\d{8}T\d{6}_[a-z][a-z0-9_]*\.sql$/.test(name));
  if (wrong !== undefined) throw new MigrationError(`${wrong}: a migration is named like 20261124T220000_platform.sql`);
  return Promise.all(names.map(async (name) => {
    const bytes = await readFile(join(folder, name));
    return { name, sql: bytes.toString('utf8'), digest: createHash('sha256').update(bytes).digest('hex') };
  }));
};

/** What a database has of a list of migrations. */
export interface MigrationState {
  readonly applied: readonly string[];
  readonly pending: readonly Migration[];
  /** In words: files that changed or vanished since they were applied. */
  readonly faults: readonly string[];
}

interface Queries {
  query(sql: string, params?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** Compares; reads only. */
export const migrationState = async (client: Queries, migrations: readonly Migration[]): Promise<MigrationState> => {
  const [{ exists } = { exists: false }] = (await client.query(`select to_regclass('public.migration') is not null as exists`)).rows as { exists: boolean }[];
  const rows = exists ? ((await client.query('select name, digest from migration order by name')).rows as { name: string; digest: string }[]) : [];
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  const applied = new Set(rows.map((row) => row.name));
  const last = rows.at(-1)?.name ?? '';
  const faults = rows.flatMap(({ name, digest }) => {
    const file = files.get(name);
    if (!file) return [`${name} was applied to this database and its file is missing; this program is older than the database`];
    return file.digest === digest ? [] : [`${name} was changed after it was applied; put the file back and write a new migration`];
  });
  for (const { name } of migrations)
    if (!applied.has(name) && name < last) faults.push(`${name} is older than ${last}, which is applied already; give it a later time`);
  return { applied: [...applied], pending: migrations.filter(({ name }) => !applied.has(name)), faults };
};

/** Arbitrary, the same for every program of ours: only one migrates at a time. */
const lockKey = 7_301_254_119;

/** What the application's role is called and, where it has to be made, its password. */
export interface AppRole {
  readonly name: string;
  readonly password?: string;
}

/**
 * Brings a database to the present schema: pending migrations in order, each file in a transaction, one statement a query,
 * under an advisory lock that a second program waits for. Then gives the application's role what it needs and no more; the
 * role is made where it is missing and the owner may make roles. Where owner and application are one role, nothing is granted.
 * @param url of the owner.
 * @returns the names applied now.
 * @throws MigrationError when an applied file changed or vanished, or a statement fails, named with its file.
 */
export const migrate = async (url: string, app: AppRole, migrations: readonly Migration[], now: () => number): Promise<string[]> => {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000, options: '-c timezone=UTC -c search_path=public' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    await client.query('create table if not exists migration (name text primary key, digest text not null, applied_at timestamptz not null)');
    const { pending, faults } = await migrationState(client, migrations);
    if (faults.length > 0) throw new MigrationError(faults.join('; '));
    for (const migration of pending) await apply(client, migration, now());
    await grant(client, app);
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
  }
};

const apply = async (client: pg.Client, { name, sql, digest }: Migration, nowMs: number): Promise<void> => {
  await client.query('begin');
  let statement = '';
  try {
    for (statement of statementsOf(sql)) await client.query(statement);
    await client.query('insert into migration (name, digest, applied_at) values ($1, $2, $3)', [name, digest, new Date(nowMs)]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new MigrationError(`${name}: ${(error as Error).message}, in: ${statement.slice(0, 120)}`, error);
  }
};

const grant = async (client: pg.Client, app: AppRole): Promise<void> => {
  const [state] = (await client.query<{ owner: string; exists: boolean }>(
    'select current_user as owner, exists (select from pg_roles where rolname = $1) as exists', [app.name])).rows;
  if (state?.owner === app.name) return;
  const role = client.escapeIdentifier(app.name);
  if (!state?.exists) {
    if (app.password === undefined) throw new MigrationError(`role ${app.name} does not exist; make it: create role ${role} login password '…'`);
    await client.query(`create role ${role} login password ${client.escapeLiteral(app.password)}`).catch((error: Error) => {
      throw new MigrationError(`role ${app.name} does not exist and cannot be made (${error.message}); make it: create role ${role} login password '…'`, error);
    });
  }
  await client.query(`grant usage on schema public to ${role}`);
  const tables = (await client.query<{ name: string; root: string }>(
    `select c.relname as name, coalesce((select i.inhparent::regclass::text from pg_inherits i where i.inhrelid = c.oid limit 1), c.relname) as root
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by c.relname`)).rows;
  for (const { name, root } of tables) {
    const table = client.escapeIdentifier(name);
    const rights = root === 'migration' ? 'select' : appendOnly.includes(root) ? 'select, insert' : `select, insert, update, delete${emptiedWhole.includes(root) ? ', truncate' : ''}`;
    // Revoking first makes this the whole truth, whatever was granted by hand or by an earlier release.
    await client.query(`revoke all on table ${table} from ${role}`);
    await client.query(`grant ${rights} on table ${table} to ${role}`);
  }
  await client.query(`grant usage, select on all sequences in schema public to ${role}`);
};
