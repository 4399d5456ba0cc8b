import type { Tx } from '../../platform/database/database.ts';
import type { ServicePair } from './contract.ts';
import type { SealedTable } from '../../platform/sealed.ts';

/** Where this module keeps sealed values. */
export const exchangeSealed: readonly SealedTable[] = [{ table: 'partner', columns: { key: 'partner' } }];

export interface PartnerRow {
  readonly county: string;
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly jurisdiction: string | null;
  /** Sealed. */
  readonly key: Buffer | null;
  readonly account: string;
  readonly direction: 'pull' | 'push' | 'both';
  readonly services: readonly ServicePair[];
  readonly push_at: 'reported' | 'filed' | 'dispatched';
  readonly words: boolean;
  readonly active: boolean;
  readonly pulled_until: Date;
  readonly heard_until: Date;
  readonly failures: number;
  readonly error: string | null;
  readonly contacted_at: Date | null;
  readonly next_at: Date;
  readonly created_at: Date;
}

const columns = 'county, id, name, url, jurisdiction, key, account, direction, services, push_at, words, active, pulled_until, heard_until, failures, error, contacted_at, next_at, created_at';

/** Partners of a county by name. */
export const readPartners = (tx: Tx, county: string): Promise<PartnerRow[]> =>
  tx.query<PartnerRow>(`select ${columns} from partner where county = $1 order by name, id`, [county], 'partners_list');

export const readPartner = async (tx: Tx, county: string, id: string): Promise<PartnerRow | undefined> =>
  (await tx.query<PartnerRow>(`select ${columns} from partner where county = $1 and id = $2`, [county, id], 'partners_one'))[0];

export const insertPartner = (tx: Tx, row: PartnerRow): Promise<unknown> => tx.query(
  `insert into partner (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
  [row.county, row.id, row.name, row.url, row.jurisdiction, row.key, row.account, row.direction, JSON.stringify(row.services), row.push_at, row.words, row.active, row.pulled_until, row.heard_until,
    row.failures, row.error, row.contacted_at, row.next_at, row.created_at], 'partners_insert');

/** Writes down what an administrator changed; what it failed at is forgotten. */
export const updatePartner = (tx: Tx, row: PartnerRow): Promise<unknown> => tx.query(
  `update partner set name = $3, direction = $4, services = $5, push_at = $6, words = $7, key = $8, active = $9, pulled_until = $10, failures = 0, error = null, next_at = $11 where county = $1 and id = $2`,
  [row.county, row.id, row.name, row.direction, JSON.stringify(row.services), row.push_at, row.words, row.key, row.active, row.pulled_until, row.next_at], 'partners_update');

export const deletePartner = async (tx: Tx, county: string, id: string): Promise<boolean> => {
  await tx.query('delete from partner_report where county = $1 and partner = $2', [county, id], 'partner_reports_delete');
  return (await tx.query('delete from partner where county = $1 and id = $2 returning 1', [county, id], 'partners_delete')).length > 0;
};

/** Takes those that are due for a while, so that no other process speaks with the same (partner_due). */
export const claimPartners = (tx: Tx, now: Date, until: Date, limit: number): Promise<PartnerRow[]> => tx.query<PartnerRow>(
  `update partner set next_at = $2 where (county, id) in (select county, id from partner where active and next_at <= $1 order by next_at limit $3 for update skip locked) returning ${columns}`,
  [now, until, limit], 'partners_claim');

/** How a round ended. Contact counts where the partner answered. */
export const settlePartner = (tx: Tx, { county, id }: PartnerRow, to: { readonly failures: number; readonly error: string | null; readonly contacted: Date | null; readonly next: Date }): Promise<unknown> =>
  tx.query('update partner set failures = $3, error = $4, contacted_at = coalesce($5, contacted_at), next_at = $6 where county = $1 and id = $2', [county, id, to.failures, to.error, to.contacted, to.next], 'partners_settle');

/** Moves a cursor on; never back, which only an administrator does. */
export const movePulled = (tx: Tx, { county, id, pulled_until: from }: PartnerRow, to: Date): Promise<unknown> =>
  tx.query('update partner set pulled_until = $4 where county = $1 and id = $2 and pulled_until >= $3 and pulled_until < $4', [county, id, from, to], 'partners_pulled');
export const moveHeard = (tx: Tx, { county, id }: PartnerRow, to: Date): Promise<unknown> =>
  tx.query('update partner set heard_until = greatest(heard_until, $3) where county = $1 and id = $2', [county, id, to], 'partners_heard');

/** A report that stands here and with a partner. */
export interface ExchangedRow {
  readonly id: string;
  readonly matter: string | null;
  readonly theirs: string | null;
  readonly origin: 'ours' | 'theirs';
  /** `waiting` to be sent, `sending`, `unclear` whether it arrived, `token` where its number is to be asked for, `sent`, `taken`, `refused`. */
  readonly state: string;
  readonly tries: number;
  readonly next_at: Date | null;
  readonly error: string | null;
  readonly told: string | null;
  readonly status: string | null;
  readonly heard_at: Date | null;
  readonly conflict: string | null;
  readonly at: Date;
}

const reportColumns = 'r.id, r.matter, r.theirs, r.origin, r.state, r.tries, r.next_at, r.error, r.told, r.status, r.heard_at, r.conflict, r.at';

/** Rows by the partner's numbers (partner_report_theirs). */
export const readByTheirs = (tx: Tx, county: string, partner: string, theirs: readonly string[]): Promise<ExchangedRow[]> =>
  tx.query<ExchangedRow>(`select ${reportColumns} from partner_report r where r.county = $1 and r.partner = $2 and r.theirs = any($3::text[])`, [county, partner, theirs], 'partner_reports_theirs');

/** A report of theirs that was taken in, or why it was not; one that there is already keeps what it has but is no longer refused. */
export const insertTheirs = (tx: Tx, county: string, partner: string, row: Pick<ExchangedRow, 'id' | 'matter' | 'theirs' | 'origin' | 'state' | 'error' | 'told' | 'status'>, now: Date): Promise<unknown> => tx.query(
  `insert into partner_report (county, partner, id, matter, theirs, origin, state, tries, error, told, news, status, at) values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, false, $10, $11)
   on conflict (county, partner, id) do update set matter = excluded.matter, theirs = excluded.theirs, state = excluded.state, error = excluded.error, status = excluded.status, next_at = null`,
  [county, partner, row.id, row.matter, row.theirs, row.origin, row.state, row.error, row.told, row.status, now], 'partner_reports_theirs_insert');

/** The row of a case with a partner (partner_report_matter). */
export const readByMatter = async (tx: Tx, county: string, partner: string, matter: string): Promise<ExchangedRow | undefined> =>
  (await tx.query<ExchangedRow>(`select ${reportColumns} from partner_report r where r.county = $1 and r.partner = $2 and r.matter = $3`, [county, partner, matter], 'partner_reports_matter'))[0];

/** Cases that are to be sent to a partner; one that stands there already is left out. */
export const insertWaiting = (tx: Tx, county: string, partner: string, matters: readonly string[], now: Date): Promise<unknown> => tx.query(
  `insert into partner_report (county, partner, id, matter, origin, state, tries, next_at, news, at)
   select $1, $2, m, m, 'ours', 'waiting', 0, $4, false, $4 from unnest($3::uuid[]) m on conflict do nothing`, [county, partner, matters, now], 'partner_reports_waiting');

/** What stands with partners and has changed here is told them. */
export const markNews = (tx: Tx, county: string, matters: readonly string[]): Promise<unknown> =>
  tx.query('update partner_report set news = true where county = $1 and matter = any($2::uuid[])', [county, matters], 'partner_reports_news_mark');

/** Takes what is due to be sent or cleared up, and says so before anything is sent (partner_report_due). */
export const claimReports = (tx: Tx, county: string, partner: string, now: Date, until: Date, limit: number): Promise<(ExchangedRow & { readonly before: string })[]> => tx.query(
  `with due as (select d.id, d.state as before from partner_report d where d.county = $1 and d.partner = $2 and d.next_at <= $3 order by d.next_at limit $5 for update skip locked)
   update partner_report r set state = case when r.state = 'waiting' then 'sending' else r.state end, tries = r.tries + 1, next_at = $4
   from due where r.county = $1 and r.partner = $2 and r.id = due.id returning ${reportColumns}, due.before`, [county, partner, now, until, limit], 'partner_reports_claim');

export interface Settled {
  readonly state: string;
  readonly theirs?: string | null;
  readonly error: string | null;
  readonly next: Date | null;
  readonly told?: string;
  readonly status?: string;
}

export const settleReport = (tx: Tx, county: string, partner: string, id: string, to: Settled): Promise<unknown> => tx.query(
  `update partner_report set state = $4, theirs = coalesce($5, theirs), error = $6, next_at = $7, told = coalesce($8, told), status = coalesce($9, status) where county = $1 and partner = $2 and id = $3`,
  [county, partner, id, to.state, to.theirs ?? null, to.error, to.next, to.told ?? null, to.status ?? null], 'partner_reports_settle');

/** Whether something is on its way of which nobody knows yet whether it arrived: until that is clear nothing is taken in, for it might be that. */
export const anyUnclear = async (tx: Tx, county: string, partner: string): Promise<boolean> =>
  (await tx.query(`select 1 from partner_report where county = $1 and partner = $2 and next_at is not null and state in ('sending', 'unclear', 'token') limit 1`, [county, partner], 'partner_reports_unclear')).length > 0;

/** What has changed here and the partner has not been told, with the case as it stands (partner_report_news). */
export const readNews = (tx: Tx, county: string, partner: string, limit: number): Promise<(ExchangedRow & { readonly number: string; readonly now: string; readonly version: number; readonly updated: Date })[]> => tx.query(
  `select ${reportColumns}, m.number, m.state as now, m.version, m.updated_at as updated from partner_report r join matter m on m.county = r.county and m.id = r.matter
   where r.county = $1 and r.partner = $2 and r.news and r.theirs is not null order by r.at limit $3`, [county, partner, limit], 'partner_reports_news');

/** The partner was told, or will not hear it; told again where it changed meanwhile. */
export const settleNews = (tx: Tx, county: string, partner: string, id: string, told: string, version: number, error: string | null): Promise<unknown> => tx.query(
  `update partner_report r set told = $4, error = $6, news = (select m.version > $5 from matter m where m.county = $1 and m.id = r.matter) where r.county = $1 and r.partner = $2 and r.id = $3`,
  [county, partner, id, told, version, error], 'partner_reports_told');

/** What the partner said last. */
export const settleHeard = (tx: Tx, county: string, partner: string, id: string, status: string | null, at: Date): Promise<unknown> =>
  tx.query('update partner_report set status = coalesce($4, status), heard_at = greatest(heard_at, $5) where county = $1 and partner = $2 and id = $3', [county, partner, id, status, at], 'partner_reports_heard');

/** Open ones in turn, for a partner that has no updates: those not looked at for longest first. */
export const readOpenTheirs = (tx: Tx, county: string, partner: string, limit: number): Promise<ExchangedRow[]> => tx.query<ExchangedRow>(
  `select ${reportColumns} from partner_report r where r.county = $1 and r.partner = $2 and r.theirs is not null and r.matter is not null and r.status is distinct from 'closed' order by r.heard_at nulls first, r.id limit $3`,
  [county, partner, limit], 'partner_reports_open');

/** Says where the two sides differ: closed on one and open on the other. */
export const markConflicts = (tx: Tx, county: string, partner: string): Promise<unknown> => tx.query(
  `update partner_report r set conflict = c.found from (
     select p.id, case when p.status = 'closed' and m.ended_at is null then 'theirs_closed' when p.status = 'open' and m.ended_at is not null then 'ours_closed' end as found
     from partner_report p join matter m on m.county = p.county and m.id = p.matter where p.county = $1 and p.partner = $2 and p.status is not null) c
   where r.county = $1 and r.partner = $2 and r.id = c.id and r.conflict is distinct from c.found`, [county, partner], 'partner_reports_conflicts');

export interface Counts { readonly partner: string; readonly taken: number; readonly sent: number; readonly waiting: number; readonly refused: number; readonly conflicts: number }

export const countReports = (tx: Tx, county: string): Promise<Counts[]> => tx.query<Counts>(
  `select partner, (count(*) filter (where state = 'taken'))::int as taken, (count(*) filter (where state = 'sent'))::int as sent, (count(*) filter (where state in ('waiting', 'sending', 'unclear', 'token')))::int as waiting,
     (count(*) filter (where state = 'refused'))::int as refused, (count(*) filter (where conflict is not null))::int as conflicts
   from partner_report where county = $1 group by partner`, [county], 'partner_reports_count');

export type ListedRow = ExchangedRow & { readonly number: string | null; readonly title: string | null; readonly ended: boolean | null };
const boxes = { all: 'true', waiting: `r.state in ('waiting', 'sending', 'unclear', 'token')`, refused: `(r.state = 'refused' or r.error is not null)`, conflict: 'r.conflict is not null' } as const;

/** The newest first, after one of them. */
export const listReports = (tx: Tx, county: string, partner: string, box: keyof typeof boxes, after: { readonly at: Date; readonly id: string } | null, limit: number): Promise<ListedRow[]> => tx.query<ListedRow>(
  `select ${reportColumns}, m.number, m.title, m.ended_at is not null as ended from partner_report r left join matter m on m.county = r.county and m.id = r.matter
   where r.county = $1 and r.partner = $2 and ${boxes[box]} and ($3::timestamptz is null or (r.at, r.id) < ($3, $4::uuid)) order by r.at desc, r.id desc limit $5`,
  [county, partner, after?.at ?? null, after?.id ?? null, limit], `partner_reports_${box}`);

/** Tries a refused one again: ours is sent anew, theirs is taken in when its list is read next. */
export const retryReport = async (tx: Tx, county: string, partner: string, id: string, now: Date): Promise<boolean> => (await tx.query(
  `update partner_report set state = case when origin = 'ours' then 'waiting' else 'again' end, error = null, next_at = case when origin = 'ours' then $4::timestamptz end where county = $1 and partner = $2 and id = $3 and state = 'refused' returning 1`,
  [county, partner, id, now], 'partner_reports_retry')).length > 0;

/** Rows of the code table that cases stand under, for those that came into a state. */
export const readCodes = (tx: Tx, county: string, matters: readonly string[]): Promise<{ matter: string; code: string | null; origin: string | null }[]> => tx.query(
  `select m.id as matter, m.code, o.origin from matter m left join open311_report o on o.county = m.county and o.matter = m.id where m.county = $1 and m.id = any($2::uuid[])`, [county, matters], 'partner_codes');
