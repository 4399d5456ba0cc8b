import type { Tx } from '../../../platform/database/database.ts';

/** A row of the log for reading on: its columns, and the bytes that they were taken from. */
export interface BrowsedRow {
  readonly seq: number;
  /** Milliseconds since 1970; null for bytes that are no entry. */
  readonly at: number | null;
  readonly subject: string;
  readonly kind: string;
  readonly action: string;
  readonly matter: string | null;
  readonly canonical: Buffer;
}

/** Entries before a seq, the newest first. By the primary key. */
export const entriesBefore = (tx: Tx, county: string, before: number, limit: number): Promise<BrowsedRow[]> =>
  tx.query<BrowsedRow>(
    `select seq, (extract(epoch from at) * 1000)::float8 as at, subject, kind, action, matter, canonical
     from ledger_entry where county = $1 and seq < $2 order by seq desc limit $3`, [county, before, limit], 'ledger.browse');

/** What changed of how a county is run: entries about configuration, the newest first; every member narrows. */
export interface ChangesAsk {
  readonly before: number | null;
  readonly kinds: readonly string[] | null;
  /** Id of the account that changed it. */
  readonly author: string | null;
  /** A member of what was set, and its value: the unit, the grant. */
  readonly about: { readonly member: string; readonly value: string } | null;
}

/** By ledger_entry_config. */
export const configEntries = (tx: Tx, county: string, { before, kinds, author, about }: ChangesAsk, limit: number): Promise<BrowsedRow[]> =>
  tx.query<BrowsedRow>(
    `select seq, (extract(epoch from at) * 1000)::float8 as at, subject, kind, action, matter, canonical
     from ledger_entry where county = $1 and subject = 'config' and ($2::bigint is null or seq < $2) and ($3::text[] is null or kind = any($3)) and ($4::text is null or actor = $4)
       and ($5::text is null or convert_from(canonical, 'UTF8')::jsonb -> 'set' ->> $5 = $6)
     order by seq desc limit $7`, [county, before, kinds, author, about?.member ?? null, about?.value ?? null, limit], 'ledger.changes');

/**
 * The first seq written at a moment or later (`at` in milliseconds since 1970), one more than the size where there is none.
 * Times of a log rise with its seq but for fractions of a second, so that it is found by halving, each step by the primary key.
 */
export const seqAt = async (tx: Tx, county: string, size: number, at: number): Promise<number> => {
  let [low, high] = [1, size + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const [row] = await tx.query<{ at: number | null }>(
      'select (extract(epoch from at) * 1000)::float8 as at from ledger_entry where county = $1 and seq = $2', [county, middle], 'ledger.browse.at');
    if (row && row.at !== null && row.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
};
