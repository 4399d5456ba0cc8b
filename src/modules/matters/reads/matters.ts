import { createHash } from 'node:crypto';
import type { Tx } from '../../../platform/database/database.ts';
import { scopeSql, type Scope, type ScopedObject } from '../../identity/index.ts';
import { clockOf, matterOf, type ClockJson, type MatterRow } from '../store/rows.ts';
import { matterColumns } from '../store/read.ts';
import type { Clock } from '../rules/clocks.ts';
import type { Matter } from '../rules/workflow.ts';
import type { Listed } from './list.ts';

export interface TextRow {
  readonly id: string; readonly version: number; readonly name: string; readonly body: string | null;
  readonly personal: boolean; readonly author: string; readonly at: Date; readonly erased_at: Date | null;
}

export interface FileRow { readonly version: number; readonly role: string; readonly served: string; readonly original: string; readonly at: Date }

export interface WholeMatter {
  readonly matter: Matter;
  readonly clocks: readonly Clock[];
  readonly doers: Readonly<Record<string, readonly string[]>>;
  readonly texts: readonly TextRow[];
  readonly files: readonly FileRow[];
  readonly deliveries: readonly { readonly id: string; readonly version: number; readonly channel: string | null; readonly state: string; readonly recipient: string; readonly template: string; readonly params: Record<string, string> }[];
}

/** A matter with everything that its page shows but its entries; undefined where there is none. Primary keys and matter_text_matter. */
export const readWhole = async (tx: Tx, county: string, id: string): Promise<WholeMatter | undefined> => {
  const rows = await tx.query<MatterRow & { clocks: ClockJson[] }>(
    `select ${matterColumns}, (select coalesce(jsonb_agg(c), '[]') from clock c where c.county = m.county and c.matter = m.id) as clocks
     from matter m where m.county = $1 and m.id = $2`, [county, id], 'matters_whole');
  const row = rows[0];
  if (!row) return undefined;
  const [texts, files, deliveries] = await Promise.all([
    tx.query<TextRow>('select id, version, name, body, personal, author, at, erased_at from matter_text where county = $1 and matter = $2 order by version, id', [county, id], 'matters_texts'),
    tx.query<FileRow>('select version, role, served, original, at from matter_file where county = $1 and matter = $2 order by version, served', [county, id], 'matters_files'),
    tx.query<WholeMatter['deliveries'][number]>('select id, version, channel, state, recipient, template, params from delivery where county = $1 and matter = $2 order by version, id', [county, id], 'matters_deliveries'),
  ]);
  return { matter: matterOf(row), clocks: row.clocks.map(clockOf), doers: row.doers, texts, files, deliveries };
};

export const readChildren = async (tx: Tx, county: string, parent: string): Promise<Listed[]> => {
  const rows = await tx.query<MatterRow>(`select ${matterColumns} from matter m where m.county = $1 and m.parent = $2 order by m.created_at, m.id limit 100`, [county, parent], 'matters_children');
  return rows.map((row) => ({ matter: matterOf(row), dueAt: row.due_at?.getTime() ?? null, warnAt: row.warn_at?.getTime() ?? null, dueClock: row.due_clock }));
};

/** Which of these counties holds the matter; undefined where none does. One probe of the primary key per county. */
export const countyOf = async (tx: Tx, counties: readonly string[], id: string): Promise<string | undefined> => {
  const rows = await tx.query<{ county: string }>('select county from matter where county = any($1::text[]) and id = $2', [counties, id], 'matters_county');
  return rows[0]?.county;
};

/** Ids of a matter's children of a kind that have not ended (matter_parent). */
export const openChildren = async (tx: Tx, county: string, parent: string, kind: string): Promise<string[]> =>
  (await tx.query<{ id: string }>('select id from matter where county = $1 and parent = $2 and kind = $3 and ended_at is null order by id', [county, parent, kind], 'matters_open_children')).map((row) => row.id);

/** Matters by their ids, as a list shows them (primary key). */
export const readSome = async (tx: Tx, county: string, ids: readonly string[]): Promise<Listed[]> => {
  const rows = await tx.query<MatterRow>(`select ${matterColumns} from matter m where m.county = $1 and m.id = any($2::uuid[])`, [county, ids], 'matters_some');
  return rows.map((row) => ({ matter: matterOf(row), dueAt: row.due_at?.getTime() ?? null, warnAt: row.warn_at?.getTime() ?? null, dueClock: row.due_clock }));
};

/** A matter and its child matters of the same kind, in the order in which they were made: a complaint with what it was split into (matter_parent). */
export const readFamily = async (tx: Tx, county: string, root: string, kind: string): Promise<Matter[]> =>
  (await tx.query<MatterRow>(`select ${matterColumns} from matter m where m.county = $1 and m.kind = $3 and (m.id = $2 or m.parent = $2) order by m.id = $2 desc, m.created_at, m.id limit 60`, [county, root, kind], 'matters_family')).map(matterOf);

/** Who took one of some actions on the child matters of a kind, ended ones too (matter_parent). */
export const doersOfChildren = async (tx: Tx, county: string, parent: string, kind: string, actions: readonly string[]): Promise<string[]> => {
  const rows = await tx.query<{ doers: Readonly<Record<string, readonly string[]>> }>('select doers from matter where county = $1 and parent = $2 and kind = $3', [county, parent, kind], 'matters_doers_of_children');
  return [...new Set(rows.flatMap(({ doers }) => actions.flatMap((action) => doers[action] ?? [])))];
};

export interface OpenCount { readonly open: number; readonly late: number }

/** Open matters of a kind by the account that has them in hand (matter_open_due). */
export const openByHandler = (tx: Tx, county: string, kind: string, now: number): Promise<(OpenCount & { readonly handler: string })[]> =>
  tx.query(`select handler, count(*)::int as open, (count(*) filter (where due_at <= $3))::int as late from matter where county = $1 and kind = $2 and ended_at is null and handler is not null group by handler`,
    [county, kind, new Date(now).toISOString()], 'matters_open_by_handler');

/** Open matters of a kind by lead unit, null where none has it; `free` are those that nobody has in hand (matter_open_due). */
export const openByUnit = (tx: Tx, county: string, kind: string, now: number): Promise<(OpenCount & { readonly unit: string | null; readonly free: number })[]> =>
  tx.query(`select lead_unit as unit, count(*)::int as open, (count(*) filter (where due_at <= $3))::int as late, (count(*) filter (where handler is null))::int as free
    from matter where county = $1 and kind = $2 and ended_at is null group by lead_unit order by open desc`, [county, kind, new Date(now).toISOString()], 'matters_open_by_unit');

/** A WGS-84 box. */
export interface Around {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Open matters of a kind within a box, or of a component; the newest first, at most 50 (matter_open_at, matter_open_component). */
export const openNear = async (tx: Tx, county: string, kind: string, box: Around | null, component: string | null, since: number): Promise<Matter[]> => {
  const where = component !== null ? 'm.component = $4' : 'm.at <@ box(point($4, $5), point($6, $7))';
  const values = component !== null ? [component] : [box!.west, box!.south, box!.east, box!.north];
  const rows = await tx.query<MatterRow>(
    `select ${matterColumns} from matter m where m.county = $1 and m.kind = $2 and m.ended_at is null and m.created_at >= $3 and ${where}
     order by m.created_at desc limit 50`, [county, kind, new Date(since).toISOString(), ...values], component !== null ? 'matters_of_component' : 'matters_near');
  return rows.map(matterOf);
};

/** Matters of a reporter, newest first (matter_reporter). */
export const reportedBy = async (tx: Tx, county: string, reporter: string, limit: number): Promise<string[]> =>
  (await tx.query<{ id: string }>('select id from matter where county = $1 and reporter = $2 order by created_at desc limit $3', [county, reporter, limit], 'matters_reported')).map((row) => row.id);

/** Matters of a kind that were made in a time and have a code, newest first: what a dry run of rules looks over. */
export const pastMatters = async (tx: Tx, county: string, kind: string, since: number, limit: number): Promise<Matter[]> => {
  const rows = await tx.query<MatterRow>(
    `select ${matterColumns} from matter m where m.county = $1 and m.kind = $2 and m.code is not null and m.created_at >= $3
     order by m.created_at desc limit $4`, [county, kind, new Date(since).toISOString(), limit]);
  return rows.map(matterOf);
};

/** How many matters of a kind that were made since a time stand under each row of a code table (matter by kind). */
export const countByCode = async (tx: Tx, county: string, kind: string, since: number): Promise<Map<string, number>> =>
  new Map((await tx.query<{ code: string; count: number }>(
    'select code, count(*) from matter where county = $1 and kind = $2 and code is not null and created_at >= $3 group by code',
    [county, kind, new Date(since).toISOString()], 'matters_by_code')).map(({ code, count }) => [code, count]));

/** How many matters of a kind that have not ended were decided under each version of a code table. */
export const openByVersion = async (tx: Tx, county: string, kind: string): Promise<Map<number, number>> =>
  new Map((await tx.query<{ version: number; count: number }>(
    'select code_version as version, count(*) from matter where county = $1 and kind = $2 and ended_at is null and code_version is not null group by code_version',
    [county, kind], 'matters_by_version')).map(({ version, count }) => [version, count]));

/** Open matters that a unit leads, by kind and state (matter_open_unit). */
export const countOfUnit = (tx: Tx, county: string, unit: string): Promise<{ kind: string; state: string; count: number }[]> =>
  tx.query('select kind, state, count(*)::int as count from matter where county = $1 and lead_unit = $2 and ended_at is null group by kind, state order by kind, state', [county, unit], 'matters_count_of_unit');

/** Some open matters that a unit leads, those due first (matter_open_unit). */
export const openOfUnit = (tx: Tx, county: string, unit: string, limit: number): Promise<{ id: string; kind: string; parent: string | null }[]> =>
  tx.query(`select id, kind, parent from matter where county = $1 and lead_unit = $2 and ended_at is null order by coalesce(due_at, 'infinity'::timestamptz), id limit $3`, [county, unit, limit], 'matters_open_of_unit');

/** Whether a picture belongs to a matter, and which (matter_file_served). */
export const mattersWith = async (tx: Tx, county: string, served: readonly string[]): Promise<{ served: string; matter: string }[]> =>
  tx.query('select served, matter from matter_file where county = $1 and served = any($2::text[])', [county, served], 'matters_with_file');

/** Where matters stand, for whoever must choose who acts next (primary key). */
export const standings = async (tx: Tx, county: string, ids: readonly string[]): Promise<Map<string, { readonly state: string; readonly leadUnit: string | null; readonly handler: string | null }>> => {
  const rows = await tx.query<{ id: string; state: string; leadUnit: string | null; handler: string | null }>(
    'select id, state, lead_unit as "leadUnit", handler from matter where county = $1 and id = any($2::uuid[])', [county, ids], 'matters_standings');
  return new Map(rows.map((row) => [row.id, row]));
};

/** Matters of any of these counties, as rights are decided on (primary key). */
export const scopedIn = (tx: Tx, counties: readonly string[], ids: readonly string[]): Promise<(ScopedObject & { readonly id: string })[]> =>
  tx.query('select id, county, kind, path, lead_unit as "leadUnit", handler, reporter from matter where county = any($1::text[]) and id = any($2::uuid[])', [counties, ids], 'matters_scoped');

/** Where matters stand, as rights are decided on (primary key). */
export const scopedMatters = async (tx: Tx, county: string, ids: readonly string[]): Promise<Map<string, ScopedObject>> =>
  new Map((await scopedIn(tx, [county], ids)).map((row) => [row.id, row]));

/** Matters of a county by id that a scope shows, in no order (primary key). */
export const listedByIds = async (tx: Tx, county: string, ids: readonly string[], scope: Scope, kind: string | undefined): Promise<Listed[]> => {
  const rights = scopeSql(scope, 'm', 4);
  const statement = `select ${matterColumns} from matter m where m.county = $1 and m.id = any($2::uuid[]) and ($3::text is null or m.kind = $3) and ${rights.sql}`;
  // The primary key answers it whatever the rights, so its plan may be kept: scopes of one shape have one statement.
  const name = `matters_listed_${createHash('sha1').update(statement).digest('hex').slice(0, 16)}`;
  const rows = await tx.query<MatterRow>(statement, [county, ids, kind ?? null, ...rights.params], name);
  return rows.map((row) => ({ matter: matterOf(row), dueAt: row.due_at?.getTime() ?? null, warnAt: row.warn_at?.getTime() ?? null, dueClock: row.due_clock }));
};
