import type { Tx } from '../../../platform/database/database.ts';

/** How a dispatch came out: taken on, sent back, replaced by the desk itself, or (误派) sent back as not theirs and taken on by another unit. */
export type Outcome = 'accepted' | 'returned' | 'replaced' | 'wrong';

export interface Dispatched {
  readonly matter: string;
  readonly version: number;
  /** RFC 3339. */
  readonly at: string;
  readonly unit: string;
  /** Place of the rule in the county's order; null where a person chose. */
  readonly rule: number | null;
  readonly by: string | null;
}

/** Keeps a dispatch; once, however often it is told. */
export const keepDispatch = (tx: Tx, county: string, { matter, version, at, unit, rule, by }: Dispatched): Promise<unknown> =>
  tx.query('insert into case_dispatch (county, matter, version, at, unit, rule, by_account) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing',
    [county, matter, version, at, unit, rule, by], 'cases_keep_dispatch');

/** Sets how the newest dispatch of a case before a version came out. */
export const setOutcome = (tx: Tx, county: string, matter: string, version: number, outcome: Outcome): Promise<unknown> =>
  tx.query(
    `update case_dispatch set outcome = $4 where county = $1 and matter = $2
       and version = (select max(version) from case_dispatch where county = $1 and matter = $2 and version < $3)`,
    [county, matter, version, outcome], 'cases_dispatch_outcome');

/** The dispatches of a case to a unit that had sent it back were wrong ones. */
export const setWrong = (tx: Tx, county: string, matter: string, unit: string): Promise<unknown> =>
  tx.query(`update case_dispatch set outcome = 'wrong' where county = $1 and matter = $2 and unit = $3 and outcome = 'returned'`, [county, matter, unit], 'cases_dispatch_wrong');

export interface DispatchCount {
  readonly rule: number | null;
  readonly by: string | null;
  readonly unit: string;
  readonly dispatched: number;
  readonly accepted: number;
  readonly returned: number;
  readonly wrong: number;
}

/** Dispatches since a moment by rule, person and unit (case_dispatch_at). */
export const countDispatches = (tx: Tx, county: string, since: number): Promise<DispatchCount[]> =>
  tx.query<DispatchCount>(
    `select rule, by_account as by, unit, count(*)::int as dispatched, (count(*) filter (where outcome = 'accepted'))::int as accepted,
       (count(*) filter (where outcome in ('returned', 'wrong')))::int as returned, (count(*) filter (where outcome = 'wrong'))::int as wrong
     from case_dispatch where county = $1 and at >= $2 group by 1, 2, 3 order by wrong desc, dispatched desc, unit limit 500`,
    [county, new Date(since).toISOString()], 'cases_count_dispatches');
