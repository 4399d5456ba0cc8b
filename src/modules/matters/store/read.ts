import type { Tx } from '../../../platform/database/database.ts';
import type { Held } from '../rules/decide.ts';
import { clockOf, matterOf, type ClockJson, type MatterRow } from './rows.ts';

/** Columns of a matter in every query that gives `MatterRow`. */
export const matterColumns = `m.county, m.id, m.kind, m.state, m.version, m.number, m.title, m.place, m.path, m.at[0] as lng, m.at[1] as lat,
  m.component, m.code, m.code_version, m.lead_unit, m.handler, m.reporter, m.parent, m.data, m.doers, m.due_at, m.warn_at,
  m.due_clock, m.created_at, m.updated_at`;

/**
 * Matters of some counties with their clocks, by id (primary key), in one statement: a clock read apart could be older than
 * its matter and would then be written back under the right version. Those that are not there are missing from the map.
 */
export const readHeld = async (tx: Tx, counties: readonly string[], ids: readonly string[]): Promise<Map<string, Held>> => {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<MatterRow & { clocks: ClockJson[] }>(
    `select ${matterColumns}, (select coalesce(jsonb_agg(c), '[]') from clock c where c.county = m.county and c.matter = m.id) as clocks
     from matter m where m.county = any($1::text[]) and m.id = any($2::uuid[])`, [counties, ids], 'matters_held');
  return new Map(rows.map((row) => [row.id, { matter: matterOf(row), clocks: row.clocks.map(clockOf), doers: row.doers }]));
};

export interface Remembered {
  readonly county: string;
  readonly op: string;
  readonly digest: Buffer;
  readonly status: number;
  readonly answer: unknown;
}

/** What was answered under these ops in some counties, by county and op (primary key). */
export const readOperations = async (tx: Tx, counties: readonly string[], ops: readonly string[]): Promise<Map<string, Remembered>> => {
  const rows = await tx.query<Remembered>('select county, op, digest, status, answer from operation where county = any($1::text[]) and op = any($2::uuid[])', [counties, ops], 'matters_operations');
  return new Map(rows.map((row) => [`${row.county} ${row.op}`, row]));
};

/** Leases a block of figures of a day (`YYMMDD`); gives its first. Gaps are normal: a process that ends forgets its rest. */
export const leaseFigures = async (tx: Tx, county: string, day: string, size: number): Promise<number> => {
  const rows = await tx.query<{ first: number }>(
    `insert into number_lease (county, day, next) values ($1, $2, $3)
     on conflict (county, day) do update set next = number_lease.next + $3 returning next - $3 as first`, [county, day, size], 'matters_lease');
  return rows[0]!.first;
};
