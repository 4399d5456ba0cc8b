import { createHash } from 'node:crypto';
import type { Tx } from '../../platform/database/database.ts';
import { scopeSql, type Scope, type ScopedObject } from '../identity/index.ts';
import { clockOf, matterOf, type ClockJson, type MatterRow } from './store/rows.ts';
import { matterColumns } from './store/read.ts';
import type { Clock } from './rules/clocks.ts';
import type { Matter } from './rules/workflow.ts';

/** What one role may have to do: matters of a kind in some states, under a place, perhaps of a unit or in hand of a person. */
export interface Duty {
  readonly kind: string;
  readonly states: readonly string[];
  readonly place?: string;
  readonly unit?: string;
  readonly handler?: string;
  /** Only while `data` has this member. */
  readonly awaits?: string;
}

export interface ListQuery {
  readonly county: string;
  readonly scope: Scope;
  readonly ended: boolean | null;
  readonly duties?: readonly Duty[];
  readonly handler?: string;
  readonly units?: readonly string[];
  readonly kind?: string;
  readonly state?: string;
  readonly code?: string;
  readonly unit?: string;
  readonly component?: string;
  readonly number?: string;
  /** Stored path: everything under it. */
  readonly path?: string;
  readonly due?: 'late' | 'warn';
  readonly order: 'due' | 'new';
  readonly after?: Cursor;
  readonly limit: number;
  readonly now: number;
}

/** Keyset: the sort key of the last row that was given, and its id. */
export interface Cursor {
  readonly key: string;
  readonly id: string;
}

export interface Listed {
  readonly matter: Matter;
  readonly dueAt: number | null;
  readonly warnAt: number | null;
  readonly dueClock: string | null;
}

interface Condition {
  readonly sql: string;
  readonly params: unknown[];
}

const dueKey = `coalesce(m.due_at, 'infinity'::timestamptz)`;

/** The village that every clause of a scope lies in, if there is one: lets history be read by an index of its own. */
const onlyVillage = (scope: Scope): string | undefined => {
  if (scope.everything || scope.clauses.length === 0) return undefined;
  const villages = scope.clauses.map(({ pathPrefix }) => pathPrefix?.split('/').find((code) => code.length === 12));
  return villages.every((village) => village !== undefined && village === villages[0]) ? villages[0] : undefined;
};

const conditionOf = (query: ListQuery): Condition => {
  const params: unknown[] = [query.county];
  const param = (value: unknown): string => `$${params.push(value)}`;
  const under = (prefix: string): string => `(m.path >= ${param(prefix)} and m.path < ${param(`${prefix.slice(0, -1)}0`)})`;
  const parts = ['m.county = $1'];
  if (query.ended !== null) parts.push(query.ended ? 'm.ended_at is not null' : 'm.ended_at is null');
  const scope = scopeSql(query.scope, 'm', params.length + 1);
  params.push(...scope.params);
  parts.push(scope.sql);
  const village = onlyVillage(query.scope);
  if (village && query.ended) parts.push(`m.village = ${param(village)}`);
  if (query.duties) {
    const terms = query.duties.map((duty) => {
      const term = [`m.kind = ${param(duty.kind)}`, `m.state = any(${param(duty.states)}::text[])`];
      if (duty.place) term.push(under(duty.place));
      if (duty.unit) term.push(`m.lead_unit = ${param(duty.unit)}`);
      if (duty.handler) term.push(`m.handler = ${param(duty.handler)}`);
      if (duty.awaits) term.push(`m.data ? ${param(duty.awaits)}`);
      return `(${term.join(' and ')})`;
    });
    parts.push(terms.length ? `(${terms.join(' or ')})` : 'false');
  }
  if (query.handler) parts.push(`m.handler = ${param(query.handler)}`);
  if (query.units) parts.push(`m.lead_unit = any(${param(query.units)}::text[])`);
  if (query.kind) parts.push(`m.kind = ${param(query.kind)}`);
  if (query.state) parts.push(`m.state = ${param(query.state)}`);
  if (query.code) parts.push(`m.code = ${param(query.code)}`);
  if (query.unit) parts.push(`m.lead_unit = ${param(query.unit)}`);
  if (query.component) parts.push(`m.component = ${param(query.component)}`);
  if (query.number) parts.push(`m.number = ${param(query.number)}`);
  if (query.path) parts.push(under(query.path));
  return { sql: parts.join(' and '), params };
};

/** One page, in the order asked for. Plans: matter_open_due, matter_open_unit, matter_ended, matter_ended_village, matter_number. */
export const listMatters = async (tx: Tx, query: ListQuery): Promise<Listed[]> => {
  const { sql, params } = conditionOf(query);
  const param = (value: unknown): string => `$${params.push(value)}`;
  const parts = [sql];
  const now = new Date(query.now).toISOString();
  if (query.due === 'late') parts.push(`m.due_at <= ${param(now)}`);
  if (query.due === 'warn') parts.push(`m.warn_at <= ${param(now)} and m.due_at > ${param(now)}`);
  const key = query.order === 'due' ? dueKey : 'm.created_at';
  if (query.after) parts.push(`(${key}, m.id) ${query.order === 'due' ? '>' : '<'} (${param(query.after.key)}::timestamptz, ${param(query.after.id)}::uuid)`);
  const direction = query.order === 'due' ? 'asc' : 'desc';
  const statement = `select ${matterColumns} from matter m where ${parts.join(' and ')} order by ${key} ${direction}, m.id ${direction} limit ${param(query.limit)}`;
  // A number finds one row whatever else is asked, so its plan may be kept; that of a list depends on what it is asked for.
  const rows = await tx.query<MatterRow>(statement, params, query.number === undefined ? undefined : `matters_number_${createHash('sha1').update(statement).digest('hex').slice(0, 16)}`);
  return rows.map((row) => ({ matter: matterOf(row), dueAt: row.due_at?.getTime() ?? null, warnAt: row.warn_at?.getTime() ?? null, dueClock: row.due_clock }));
};

export const countCap = 1_000;

/**
 * How many there are, soon due and late; each is counted to 1,000 and no further. What has ended is neither soon due nor late.
 * Plans: matter_open_due (its key bounds what is late), matter_open_warn, matter_ended.
 */
export const countMatters = async (tx: Tx, query: ListQuery): Promise<{ all: number; warn: number; late: number }> => {
  const { sql, params } = conditionOf(query);
  const capped = (more: string): string => `(select count(*)::int from (select 1 from matter m where ${sql} ${more} limit ${countCap + 1}) c)`;
  if (query.ended) return { ...(await tx.query<{ all: number }>(`select ${capped('')} as all`, params))[0]!, warn: 0, late: 0 };
  const at = `$${params.push(new Date(query.now).toISOString())}`;
  const rows = await tx.query<{ all: number; warn: number; late: number }>(
    `select ${capped('')} as all, ${capped(`and m.warn_at <= ${at} and m.due_at > ${at}`)} as warn, ${capped(`and ${dueKey} <= ${at}`)} as late`, params);
  return rows[0]!;
};

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

/** Ids of a matter's children that have not ended (matter_parent). */
export const openChildren = async (tx: Tx, county: string, parent: string): Promise<string[]> =>
  (await tx.query<{ id: string }>('select id from matter where county = $1 and parent = $2 and ended_at is null order by id', [county, parent], 'matters_open_children')).map((row) => row.id);

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
