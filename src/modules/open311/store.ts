import type { Text } from '../../base/text/language.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { Open311Settings } from './contract.ts';

export interface CountyRow {
  readonly county: string;
  readonly name: Text;
  readonly settings: Open311Settings | null;
}

/** All counties by code, with what each says about its Open311 end. */
export const readCounties = (tx: Tx): Promise<CountyRow[]> =>
  tx.query<CountyRow>(`select county, name, settings -> 'open311' as settings from county order by county`, [], 'open311_counties');

/** A report that came over Open311. */
export interface ReportRow {
  readonly matter: string;
  readonly service: string;
  /** The program's account; null where no key was needed and none was given. */
  readonly account: string | null;
  readonly token: string;
  /** The address at which it stands in the system that it was made in first; null where that is not another. */
  readonly origin: string | null;
}

/** Writes down how a report came. Written again with the same answer where the same request comes again. */
export const insertReport = (tx: Tx, county: string, { matter, service, account, token, origin }: ReportRow, now: number): Promise<unknown> =>
  tx.query('insert into open311_report (county, matter, service, account, token, origin, at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing',
    [county, matter, service, account, token, origin, new Date(now).toISOString()], 'open311_insert');

/** How these came, as far as they came over Open311 (primary key). */
export const readReports = (tx: Tx, county: string, matters: readonly string[]): Promise<ReportRow[]> =>
  tx.query<ReportRow>('select matter, service, account, token, origin from open311_report where county = $1 and matter = any($2::uuid[])', [county, matters], 'open311_reports');

/** Numbers of the reports that came under any of these tokens (its unique key). */
export const readTokens = (tx: Tx, county: string, tokens: readonly string[]): Promise<{ number: string; token: string }[]> =>
  tx.query('select m.number, r.token from open311_report r join matter m on m.county = r.county and m.id = r.matter where r.county = $1 and r.token = any($2::uuid[])',
    [county, tokens], 'open311_tokens');

/** The case that a report of an origin became: number and id (open311_report_origin). */
export const readByOrigin = async (tx: Tx, county: string, origin: string): Promise<{ matter: string; number: string } | undefined> =>
  (await tx.query<{ matter: string; number: string }>('select r.matter, m.number from open311_report r join matter m on m.county = r.county and m.id = r.matter where r.county = $1 and r.origin = $2', [county, origin], 'open311_origin'))[0];

/** A case that came into a state. */
export interface UpdateRow {
  readonly seq: number;
  readonly matter: string;
  readonly state: string;
  /** RFC 3339. */
  readonly at: string;
}

/** The table that is read, or the one that is made anew beside it. */
export type Side = '' | '_beside';

export const insertUpdates = (tx: Tx, side: Side, county: string, rows: readonly UpdateRow[]): Promise<unknown> =>
  tx.query(`insert into open311_update${side} (county, seq, matter, state, at)
    select $1, r.seq, r.matter, r.state, r.at from jsonb_to_recordset($2::jsonb) r(seq bigint, matter uuid, state text, at timestamptz) on conflict do nothing`,
  [county, JSON.stringify(rows)], `open311_updates_insert${side}`);

export const emptyBeside = (tx: Tx, county: string): Promise<unknown> => tx.query('delete from open311_update_beside where county = $1', [county]);

/** Puts what was made anew in the place of what was there. */
export const swapBeside = async (tx: Tx, county: string): Promise<void> => {
  await tx.query('delete from open311_update where county = $1', [county]);
  await tx.query('insert into open311_update select * from open311_update_beside where county = $1', [county]);
  await emptyBeside(tx, county);
};

/** A picture that a report named by its address. */
export interface MediaRow {
  readonly county: string;
  readonly matter: string;
  readonly url: string | null;
  readonly tries: number;
}

/** Keeps the address of a picture to be fetched. A report that is sent again names it again. */
export const insertMedia = (tx: Tx, county: string, matter: string, url: string, now: Date): Promise<unknown> =>
  tx.query(`insert into open311_media (county, matter, url, state, tries, next_at) values ($1, $2, $3, 'waiting', 0, $4) on conflict do nothing`, [county, matter, url, now], 'open311_media_insert');

/** Takes those that are due for a while (open311_media_due). */
export const claimMedia = (tx: Tx, now: Date, until: Date, limit: number): Promise<MediaRow[]> =>
  tx.query<MediaRow>(
    `update open311_media set next_at = $2 where (county, matter) in (select county, matter from open311_media where next_at <= $1 order by next_at limit $3 for update skip locked)
     returning county, matter, url, tries`, [now, until, limit], 'open311_media_claim');

export const settleMedia = (tx: Tx, { county, matter }: MediaRow, to: { readonly state: string; readonly tries: number; readonly url: string | null; readonly next: Date | null }): Promise<unknown> =>
  tx.query('update open311_media set state = $3, tries = $4, url = $5, next_at = $6 where county = $1 and matter = $2', [county, matter, to.state, to.tries, to.url, to.next], 'open311_media_settle');
