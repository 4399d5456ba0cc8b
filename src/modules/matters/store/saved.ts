import type { Tx } from '../../../platform/database/database.ts';

export interface SavedRow {
  readonly name: string;
  readonly box: string;
  readonly filter: Readonly<Record<string, string>>;
}

/** What an account has saved, by name (primary key). */
export const readSaved = (tx: Tx, county: string, account: string): Promise<SavedRow[]> =>
  tx.query<SavedRow>('select name, box, filter from saved_filter where county = $1 and account = $2 order by name', [county, account], 'matters_saved');

/** Saves under a name, over what stood there. @returns false where the account has as many as it may and none of this name */
export const putSaved = async (tx: Tx, county: string, account: string, row: SavedRow, most: number, at: number): Promise<boolean> =>
  (await tx.query<{ name: string }>(
    `insert into saved_filter (county, account, name, box, filter, changed_at)
     select $1, $2, $3, $4, $5, $6 where (select count(*) from saved_filter where county = $1 and account = $2 and name <> $3) < $7
     on conflict (county, account, name) do update set box = excluded.box, filter = excluded.filter, changed_at = excluded.changed_at
     returning name`, [county, account, row.name, row.box, row.filter, new Date(at), most], 'matters_save')).length > 0;

export const dropSaved = async (tx: Tx, county: string, account: string, name: string): Promise<void> =>
  void await tx.query('delete from saved_filter where county = $1 and account = $2 and name = $3', [county, account, name], 'matters_unsave');
