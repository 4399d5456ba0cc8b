import type { Json } from '../../base/canonical.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { Successors } from './contract.ts';

/** A unit that is being dissolved, or was, or is opened again. */
export interface DissolutionRow {
  readonly id: string;
  readonly county: string;
  readonly unit: string;
  readonly successors: Successors;
  readonly reason: string;
  readonly account: string;
  readonly at: Date;
  readonly ended_at: Date | null;
  /** The dissolution that this one takes back. */
  readonly back_of: string | null;
}

/** One thing that goes from a unit to another. */
export interface HandoverRow {
  /** `matter`, `grant`, `rule`, `owner`, `manager`, `unit`, `place`. */
  readonly what: string;
  readonly target: string;
  readonly from_unit: string;
  readonly to_unit: string | null;
  readonly was: Json;
}

const columns = 'id, county, unit, successors, reason, account, at, ended_at, back_of';

export const insertDissolution = (tx: Tx, row: Omit<DissolutionRow, 'ended_at'>): Promise<unknown> =>
  tx.query('insert into unit_dissolution (county, id, unit, successors, reason, account, at, back_of) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [row.county, row.id, row.unit, JSON.stringify(row.successors), row.reason, row.account, row.at, row.back_of]);

/** Holds a unit's row until the transaction ends: of two who dissolve it at once the second sees the first. */
export const holdUnit = async (tx: Tx, county: string, unit: string): Promise<boolean> =>
  (await tx.query('select 1 from unit where county = $1 and id = $2 for update', [county, unit])).length === 1;

/** Dissolutions of a unit, the newest first (unit_dissolution_unit). */
export const dissolutionsOf = (tx: Tx, county: string, unit: string): Promise<DissolutionRow[]> =>
  tx.query<DissolutionRow>(`select ${columns} from unit_dissolution where county = $1 and unit = $2 order by ended_at is null desc, at desc, back_of is not null desc, id desc limit 20`, [county, unit]);

/** Those that have not come to their end, of all counties (unit_dissolution_open). */
export const openDissolutions = (tx: Tx): Promise<DissolutionRow[]> =>
  tx.query<DissolutionRow>(`select ${columns} from unit_dissolution where ended_at is null order by at limit 20`, []);

export const endDissolution = (tx: Tx, county: string, id: string, now: Date): Promise<{ id: string }[]> =>
  tx.query('update unit_dissolution set ended_at = $3 where county = $1 and id = $2 and ended_at is null returning id', [county, id, now]);

/** Notes what is about to go; what was noted before stays. */
export const noteHandovers = (tx: Tx, county: string, dissolution: string, rows: readonly HandoverRow[], now: Date): Promise<unknown> =>
  tx.query(
    `insert into unit_handover (county, dissolution, what, target, from_unit, to_unit, was, at)
     select $1, $2, r.what, r.target, r.from_unit, r.to_unit, r.was, $4
     from jsonb_to_recordset($3::jsonb) as r(what text, target text, from_unit text, to_unit text, was jsonb) on conflict do nothing`,
    [county, dissolution, JSON.stringify(rows), now]);

/** What went, of one sort, after a target, in order (primary key). */
export const handovers = (tx: Tx, county: string, dissolution: string, what: string, after: string, limit: number): Promise<HandoverRow[]> =>
  tx.query<HandoverRow>(
    'select what, target, from_unit, to_unit, was from unit_handover where county = $1 and dissolution = $2 and what = $3 and target > $4 order by target limit $5',
    [county, dissolution, what, after, limit]);

/** How much of each sort went to whom (primary key). */
export const countHandovers = (tx: Tx, county: string, dissolution: string): Promise<{ what: string; to_unit: string | null; count: number }[]> =>
  tx.query('select what, to_unit, count(*)::int as count from unit_handover where county = $1 and dissolution = $2 group by what, to_unit order by what, to_unit', [county, dissolution]);
