import type { Tx } from '../../platform/database/database.ts';
import type { Cursor } from './rules/cursor.ts';

/** Times within which cases were reported, in milliseconds since 1970, both inclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** What is read of a case for the public, and nothing else: no reporter, no text, no data. */
export interface PublicRow {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly title: string;
  readonly place: string | null;
  readonly lng: number | null;
  readonly lat: number | null;
  readonly component: string | null;
  readonly code: string | null;
  readonly unit: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly ended_at: Date | null;
  /** When the clock of handling runs out; null while none runs. */
  readonly due_at: Date | null;
  /** Number of the case that it was merged into. */
  readonly merged: string | null;
  /** An officer has taken it off the public view. */
  readonly withheld: boolean;
  /** Words that an officer released for everybody. */
  readonly summary: string | null;
}

const columns = `m.id, m.number, m.state, m.title, m.place, m.at[0] as lng, m.at[1] as lat, m.component, m.code, m.lead_unit as unit, m.created_at, m.updated_at, m.ended_at, m.data ->> 'mergedNumber' as merged, m.data @> '{"withheld": true}' as withheld, m.data ->> 'published' as published`;
const more = `case when p.published is null then null else (select t.body from matter_text t where t.county = $1 and t.matter = p.id and t.name = 'summary' order by t.version desc limit 1) end as summary, (select c.due_at from clock c where c.county = $1 and c.matter = p.id and c.name = 'handle' and c.stopped_at is null and p.ended_at is null) as due_at`;

export interface PublicQuery {
  readonly county: string;
  /** Keys of the rows of the code table that are public, or of the services that were asked for. */
  readonly keys: readonly string[];
  /** Whether `keys` are but a few of them. */
  readonly few: boolean;
  readonly open: boolean;
  readonly closed: boolean;
  /** States in which a case is not public. */
  readonly hidden: readonly string[];
  readonly window: Window;
  /** Code of a village; null for the whole county. */
  readonly village: string | null;
  readonly after: Cursor | null;
  readonly limit: number;
  /** At most the 1,000 that a query may reach; further on goes by `after`. */
  readonly offset: number;
}

const ways = { open: 'm.ended_at is null', closed: 'm.ended_at is not null' } as const;
// Not `is null` of a member: PostgreSQL takes one in two hundred for such, and then sorts all there is instead of going down the newest.
const shown = (hidden: number): string => `m.state <> all($${hidden}::text[]) and not m.data @> '{"withheld": true}'`;

/**
 * Cases of public kinds, newest first. All kinds: open ones and ended ones each by their index of time (matter_open_created,
 * matter_ended), put together. A few kinds: each by matter_code, put together.
 */
export const readPublic = (tx: Tx, query: PublicQuery): Promise<PublicRow[]> => {
  const params: unknown[] = [query.county, query.keys, new Date(query.window.from).toISOString(), new Date(query.window.to).toISOString(), query.limit + query.offset, query.limit, query.offset, query.hidden];
  const where = [`m.county = $1 and m.kind = 'case' and m.created_at >= $3 and m.created_at <= $4 and ${shown(8)}`];
  if (query.village !== null) where.push(`m.village = $${params.push(query.village)}`);
  if (query.after) where.push(`(m.created_at, m.id) < ($${params.push(new Date(query.after.at).toISOString())}::timestamptz, $${params.push(query.after.id)}::uuid)`);
  const states = [...(query.open ? [ways.open] : []), ...(query.closed ? [ways.closed] : [])];
  const newest = 'order by m.created_at desc, m.id desc limit $5';
  const page = query.few
    ? `select x.* from unnest($2::text[]) k(code) cross join lateral (select ${columns} from matter m where ${where.join(' and ')} and m.code = k.code and (${states.map((state) => `(${state})`).join(' or ')}) ${newest}) x`
    : states.map((state) => `(select ${columns} from matter m where ${where.join(' and ')} and m.code = any($2::text[]) and ${state} ${newest})`).join(' union all ');
  return tx.query<PublicRow>(
    `select p.*, ${more} from (select * from (${page}) q order by q.created_at desc, q.id desc limit $6 offset $7) p order by p.created_at desc, p.id desc`, params);
};

/** Cases by the number that people say, whatever their kind of trouble: whether they are public is for the caller to judge (matter_number). */
export const readByNumber = (tx: Tx, county: string, numbers: readonly string[]): Promise<PublicRow[]> =>
  tx.query<PublicRow>(`select p.*, ${more} from (select ${columns} from matter m where m.county = $1 and m.number = any($2::text[]) and m.kind = 'case') p`, [county, numbers], 'bulletin_numbers');

/** Cases by their ids (primary key). */
export const readByIds = (tx: Tx, county: string, ids: readonly string[]): Promise<PublicRow[]> =>
  tx.query<PublicRow>(`select p.*, ${more} from (select ${columns} from matter m where m.county = $1 and m.id = any($2::uuid[]) and m.kind = 'case') p`, [county, ids], 'bulletin_ids');

export interface Around {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Open cases of public kinds within a box around a point, the nearest first (matter_open_at); a degree of longitude is `shrink` of one of latitude there. */
export const readNear = (
  tx: Tx, county: string, { keys, hidden }: Pick<PublicQuery, 'keys' | 'hidden'>, { west, south, east, north }: Around, at: { readonly lng: number; readonly lat: number; readonly shrink: number }, limit: number,
): Promise<PublicRow[]> =>
  tx.query<PublicRow>(
    `select p.*, ${more} from (select ${columns} from matter m where m.county = $1 and m.ended_at is null and m.kind = 'case' and m.code = any($2::text[]) and ${shown(11)}
       and m.at <@ box(point($3, $4), point($5, $6)) order by ((m.at[0] - $7::float8) * $9::float8) ^ 2 + (m.at[1] - $8::float8) ^ 2, m.id limit $10) p`,
    [county, keys, west, south, east, north, at.lng, at.lat, at.shrink, limit, hidden], 'bulletin_near');

/** The last picture of the finished work of each of these (primary key of matter_file). */
export const readFinished = (tx: Tx, county: string, matters: readonly string[]): Promise<{ matter: string; served: string }[]> =>
  tx.query(`select distinct on (matter) matter, served from matter_file where county = $1 and matter = any($2::uuid[]) and role = 'after' order by matter, version desc, served`,
    [county, matters], 'bulletin_finished');
