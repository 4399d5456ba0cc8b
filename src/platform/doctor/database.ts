import type { Database } from '../database/database.ts';
import { appendOnly, type Migration, migrationState } from '../database/migrations.ts';
import { type KeyState } from '../keyCheck.ts';
import { type Finding, finding } from './finding.ts';

interface Settings {
  readonly version: number;
  readonly shown: string;
  readonly encoding: string;
  readonly fsync: string;
  readonly synchronous: string;
  readonly pages: string;
  readonly connections: number;
  readonly checksums: string;
  readonly nowMs: number;
}

/** Version and settings of the server; `now` is this machine's clock. */
export const checkServer = async (db: Database, now: () => number): Promise<Finding[]> => {
  const before = now();
  const [found] = await db.query<Settings>(
    `select current_setting('server_version_num')::int as version, current_setting('server_version') as shown,
            current_setting('server_encoding') as encoding, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as synchronous, current_setting('full_page_writes') as pages,
            current_setting('max_connections')::int as connections, current_setting('data_checksums') as checksums,
            (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs"`);
  if (!found) return [];
  const apart = Math.round(Math.abs(found.nowMs - (before + now()) / 2));
  const each = (check: string, good: boolean, state: 'warn' | 'bad', what: string, params: Finding['params'] = {}): Finding =>
    good ? finding(check, 'ok', 'ok', params) : finding(check, state, what, params);
  return [
    each('version', found.version >= 150_000, 'bad', 'old', { version: found.shown }),
    each('encoding', found.encoding === 'UTF8', 'bad', 'other', { encoding: found.encoding }),
    each('durable', found.fsync === 'on' && found.synchronous !== 'off' && found.pages === 'on', 'bad', 'off',
      { fsync: found.fsync, synchronous: found.synchronous, pages: found.pages }),
    each('connections', found.connections >= 50, 'warn', 'few', { connections: found.connections }),
    each('checksums', found.checksums === 'on', 'warn', 'off'),
    each('clock', apart < 1_000, apart < 10_000 ? 'warn' : 'bad', 'apart', { ms: apart }),
  ];
};

/** What of the ledger this role may change, in words that name the tables; empty where it may only read and add. */
export const unprotected = async (db: Database): Promise<string[]> =>
  (await db.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relname = any($1) and (
       has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete') or has_table_privilege(c.oid, 'truncate')
       or pg_has_role(c.relowner, 'usage'))
     order by c.relname`, [appendOnly])).map((row) => row.name);

/** Whether the ledger is out of the reach of the role that serves. */
export const checkLedger = async (db: Database): Promise<Finding> => {
  const open = await unprotected(db);
  return open.length === 0 ? finding('ledger', 'ok', 'ok') : finding('ledger', 'bad', 'open', { tables: open.join(', ') });
};

export const checkMigrations = async (db: Database, migrations: readonly Migration[]): Promise<Finding> => {
  const { pending, faults, applied } = await migrationState({ query: async (sql) => ({ rows: await db.query(sql) }) }, migrations);
  if (faults.length > 0) return finding('migrations', 'bad', 'changed', { faults: faults.join('; ') });
  return pending.length > 0
    ? finding('migrations', 'bad', 'pending', { count: pending.length })
    : finding('migrations', 'ok', 'ok', { count: applied.length });
};

export const checkKeys = (state: KeyState, folder: string): Finding =>
  state === 'foreign' ? finding('sealed', 'bad', 'foreign', { folder }) : finding('sealed', 'ok', state === 'new' ? 'new' : 'ok', { folder });

/**
 * Whether what waits to be put in order moves. Entries wait for a fraction of a second; the same one seen twice
 * `patienceMs` apart means that nobody sequences.
 */
export const checkSequencer = async (db: Database, patienceMs = 1_000): Promise<Finding> => {
  const oldest = async (): Promise<Map<string, number>> =>
    new Map((await db.query<{ county: string; id: number }>('select county, min(id) as id from ledger_inbox group by county')).map((row) => [row.county, row.id]));
  const before = await oldest();
  if (before.size === 0) return finding('sequencer', 'ok', 'ok');
  await new Promise((resolve) => setTimeout(resolve, patienceMs));
  const after = await oldest();
  const stuck = [...before].filter(([county, id]) => after.get(county) === id).map(([county]) => county);
  return stuck.length === 0 ? finding('sequencer', 'ok', 'ok') : finding('sequencer', 'bad', 'stuck', { counties: stuck.join(', ') });
};
