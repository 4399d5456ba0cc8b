import type { Tx } from '../../../platform/database/database.ts';

/** Quiet hours of a member of staff, minutes after local midnight of the county. */
export interface StaffQuietRow {
  readonly county: string;
  readonly account: string;
  readonly from: number;
  readonly until: number;
}

/** By the primary key. */
export const readStaffQuiet = (tx: Tx, counties: readonly string[], accounts: readonly string[]): Promise<StaffQuietRow[]> =>
  tx.query<StaffQuietRow>(`
    select county, account, quiet_from as "from", quiet_until as until from staff_quiet
    where county = any($1::text[]) and account = any($2::uuid[]) order by county`, [counties, accounts], 'outreach_staff_quiet');

/** Keeps or, with null, forgets what somebody chose. */
export const keepStaffQuiet = async (tx: Tx, county: string, account: string, quiet: { readonly from: number; readonly until: number } | null, at: Date): Promise<void> => {
  if (quiet === null) await tx.query('delete from staff_quiet where county = $1 and account = $2', [county, account]);
  else await tx.query(`
    insert into staff_quiet (county, account, quiet_from, quiet_until, changed_at) values ($1, $2, $3, $4, $5)
    on conflict (county, account) do update set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, changed_at = excluded.changed_at`,
  [county, account, quiet.from, quiet.until, at]);
};
