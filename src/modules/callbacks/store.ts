import type { Tx } from '../../platform/database/database.ts';
import type { Sums } from './rules.ts';

export interface CallbackRow {
  readonly id: string;
  readonly root: string;
  readonly matters: readonly string[];
  readonly contact: string;
  readonly path: string;
  readonly reasons: readonly string[];
  readonly rank: number;
  readonly state: 'waiting' | 'done' | 'unreached' | 'withdrawn';
  readonly tries: number;
  readonly next_at: Date;
  readonly taken_by: string | null;
  readonly taken_until: Date | null;
  readonly created_at: Date;
  readonly ended_at: Date | null;
}

const columns = 'id, root, matters, contact, path, reasons, rank, state, tries, next_at, taken_by, taken_until, created_at, ended_at';
const iso = (at: number): string => new Date(at).toISOString();

/** Puts a complaint on the list, or its cases and reasons anew where it stands there already; what was tried before goes on counting. */
export const putCallback = (tx: Tx, county: string, row: Pick<CallbackRow, 'id' | 'root' | 'matters' | 'contact' | 'path' | 'reasons' | 'rank'>, now: number): Promise<unknown> => tx.query(
  `insert into callback as c (county, id, root, matters, contact, path, reasons, rank, state, next_at, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', $9, $9)
   on conflict (county, root) where state = 'waiting' do update set matters = excluded.matters, reasons = excluded.reasons, rank = least(c.rank, excluded.rank)`,
  [county, row.id, row.root, row.matters, row.contact, row.path, row.reasons, row.rank, iso(now)], 'callbacks_put');

/** Whether a complaint has been called about since a moment (callback_ended). */
export const askedSince = async (tx: Tx, county: string, root: string, since: number): Promise<boolean> =>
  (await tx.query(`select 1 from callback where county = $1 and root = $2 and state in ('done', 'unreached') and ended_at >= $3 limit 1`, [county, root, iso(since)], 'callbacks_asked')).length > 0;

/** Takes a complaint off the list: its case goes on. */
export const withdraw = (tx: Tx, county: string, root: string, now: number): Promise<unknown> =>
  tx.query(`update callback set state = 'withdrawn', ended_at = $3, taken_by = null, taken_until = null where county = $1 and root = $2 and state = 'waiting'`, [county, root, iso(now)], 'callbacks_withdraw');

/** Takes whoever had their data erased off the list. */
export const withdrawOf = (tx: Tx, county: string, contact: string, now: number): Promise<unknown> =>
  tx.query(`update callback set state = 'withdrawn', ended_at = $3, taken_by = null, taken_until = null where county = $1 and contact = $2 and state = 'waiting'`, [county, contact, iso(now)]);

export const readCallback = async (tx: Tx, county: string, id: string): Promise<CallbackRow | undefined> =>
  (await tx.query<CallbackRow>(`select ${columns} from callback where county = $1 and id = $2`, [county, id], 'callbacks_read'))[0];

/** The list below some places: waiting ones by rank and time (callback_queue), ended ones the newest first (callback_ended). */
export const listRows = (tx: Tx, county: string, places: readonly string[], ended: boolean, after: readonly string[] | null, limit: number): Promise<CallbackRow[]> => {
  const here = `exists (select 1 from unnest($2::text[]) p where starts_with(c.path, p))`;
  return ended
    ? tx.query<CallbackRow>(
      `select ${columns} from callback c where county = $1 and ${here} and state in ('done', 'unreached') ${after ? 'and (created_at, id) < ($4::timestamptz, $5::uuid)' : ''} order by created_at desc, id desc limit $3`, [county, places, limit, ...(after ?? [])])
    : tx.query<CallbackRow>(
      `select ${columns} from callback c where county = $1 and ${here} and state = 'waiting' ${after ? 'and (rank, next_at, id) > ($4::int, $5::timestamptz, $6::uuid)' : ''} order by rank, next_at, id limit $3`, [county, places, limit, ...(after ?? [])]);
};

/** How many wait, counted to a thousand. */
export const countWaiting = async (tx: Tx, county: string, places: readonly string[]): Promise<number> =>
  (await tx.query<{ count: number }>(
    `select count(*)::int as count from (select 1 from callback c where county = $1 and state = 'waiting' and exists (select 1 from unnest($2::text[]) p where starts_with(c.path, p)) limit 1000) n`, [county, places]))[0]!.count;

/** Gives somebody the next one for a while: first what they have already; no two get the same. */
export const takeNext = async (tx: Tx, county: string, places: readonly string[], account: string, now: number, until: number): Promise<CallbackRow | undefined> =>
  (await tx.query<CallbackRow>(
    `update callback set taken_by = $3, taken_until = $5 where county = $1 and id = (
       select id from callback c where county = $1 and state = 'waiting' and exists (select 1 from unnest($2::text[]) p where starts_with(c.path, p))
         and ((taken_by = $3 and taken_until > $4) or (next_at <= $4 and (taken_until is null or taken_until <= $4 or taken_by = $3)))
       order by (taken_by = $3 and taken_until > $4) is true desc, rank, next_at, id limit 1 for update skip locked)
     returning ${columns}`, [county, places, account, iso(now), iso(until)], 'callbacks_take'))[0];

/** Gives somebody this one, unless another has it. */
export const takeThis = async (tx: Tx, county: string, id: string, account: string, now: number, until: number): Promise<CallbackRow | undefined> =>
  (await tx.query<CallbackRow>(
    `update callback set taken_by = $3, taken_until = $5 where county = $1 and id = $2 and state = 'waiting' and (taken_by = $3 or taken_until is null or taken_until <= $4) returning ${columns}`,
    [county, id, account, iso(now), iso(until)], 'callbacks_take_this'))[0];

/** What a try came to. @returns false where somebody else was faster */
export const setTried = async (tx: Tx, county: string, id: string, before: number, state: CallbackRow['state'], nextAt: number, now: number): Promise<boolean> =>
  (await tx.query(
    `update callback set tries = tries + 1, state = $4, next_at = $5, ended_at = case when $4 = 'waiting' then null else $6::timestamptz end, taken_by = case when $4 = 'waiting' then null else taken_by end, taken_until = null
     where county = $1 and id = $2 and tries = $3 and state = 'waiting' returning 1`,
    [county, id, before, state, iso(nextAt), iso(now)], 'callbacks_tried')).length > 0;

export interface Answer {
  readonly matter: string;
  readonly version: number;
  readonly at: string;
  readonly account: string;
  readonly path: string;
  readonly unit: string | null;
  readonly code: string | null;
  readonly outcome: string;
  readonly reached: boolean | null;
  readonly solved: boolean | null;
  readonly satisfaction: number | null;
  /** What a resident gave by themselves, with outcome `rating`: counted apart from what is said in callbacks. */
  readonly stars: number | null;
}

export const putAnswer = (tx: Tx, county: string, a: Answer): Promise<unknown> => tx.query(
  `insert into callback_answer (county, matter, version, at, account, path, unit, code, outcome, reached, solved, satisfaction, stars) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
  [county, a.matter, a.version, a.at, a.account, a.path, a.unit, a.code, a.outcome, a.reached, a.solved, a.satisfaction, a.stars], 'callbacks_answer');

/** Sums by unit below some places since a moment (callback_answer_at). */
export const sumAnswers = (tx: Tx, county: string, places: readonly string[], since: number): Promise<(Sums & { readonly unit: string | null })[]> => tx.query(
  `select unit, count(*)::int as asked, (count(*) filter (where outcome = 'answered'))::int as answered,
     count(reached)::int as "reachedAsked", (count(*) filter (where reached))::int as reached, count(solved)::int as "solvedAsked", (count(*) filter (where solved))::int as solved,
     count(satisfaction)::int as rated, (count(*) filter (where satisfaction >= 4))::int as satisfied
   from callback_answer a where county = $1 and at >= $3 and outcome <> 'rating' and exists (select 1 from unnest($2::text[]) p where starts_with(a.path, p)) group by unit order by asked desc, unit limit 500`,
  [county, places, iso(since)], 'callbacks_sums');

/** Ratings that residents gave by themselves since a moment. */
export const sumRatings = async (tx: Tx, county: string, places: readonly string[], since: number): Promise<{ readonly count: number; readonly mean: number | null }> =>
  (await tx.query<{ count: number; mean: number | null }>(
    `select count(*)::int as count, avg(stars)::float8 as mean from callback_answer a where county = $1 and at >= $3 and outcome = 'rating' and exists (select 1 from unnest($2::text[]) p where starts_with(a.path, p))`,
    [county, places, iso(since)], 'callbacks_ratings'))[0]!;

/** The county's own settings; undefined members are the defaults'. */
export const readSettings = async (tx: Tx, county: string): Promise<Record<string, unknown> | undefined> =>
  (await tx.query<{ callbacks: Record<string, unknown> | null }>(`select settings -> 'callbacks' as callbacks from county where county = $1`, [county], 'callbacks_settings'))[0]?.callbacks ?? undefined;
