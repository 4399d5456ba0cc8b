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

/** The table that is read, or the one that is made anew beside it. */
export type Side = '' | '_beside';

/** Keeps a dispatch; once, however often it is told. */
export const keepDispatch = (tx: Tx, side: Side, county: string, { matter, version, at, unit, rule, by }: Dispatched): Promise<unknown> =>
  tx.query(`insert into case_dispatch${side} (county, matter, version, at, unit, rule, by_account) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [county, matter, version, at, unit, rule, by], `cases_keep_dispatch${side}`);

/** Sets how the newest dispatch of a case before a version came out. */
export const setOutcome = (tx: Tx, side: Side, county: string, matter: string, version: number, outcome: Outcome): Promise<unknown> =>
  tx.query(
    `update case_dispatch${side} set outcome = $4 where county = $1 and matter = $2
       and version = (select max(version) from case_dispatch${side} where county = $1 and matter = $2 and version < $3)`,
    [county, matter, version, outcome], `cases_dispatch_outcome${side}`);

/** The dispatches of a case to a unit that had sent it back were wrong ones. */
export const setWrong = (tx: Tx, side: Side, county: string, matter: string, unit: string): Promise<unknown> =>
  tx.query(`update case_dispatch${side} set outcome = 'wrong' where county = $1 and matter = $2 and unit = $3 and outcome = 'returned'`, [county, matter, unit], `cases_dispatch_wrong${side}`);

export const emptyBeside = (tx: Tx, county: string): Promise<unknown> => tx.query('delete from case_dispatch_beside where county = $1', [county]);

/** Puts what was made anew in the place of what was there. */
export const swapBeside = async (tx: Tx, county: string): Promise<void> => {
  await tx.query('delete from case_dispatch where county = $1', [county]);
  await tx.query('insert into case_dispatch select * from case_dispatch_beside where county = $1', [county]);
  await emptyBeside(tx, county);
};

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
