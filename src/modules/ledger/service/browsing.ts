import type { Tx } from '../../../platform/database/database.ts';
import { entriesBefore, seqAt, type BrowsedRow } from '../store/browse.ts';
import { lastWitnessed } from '../store/witnesses.ts';

/** Entries of a log of `size`, newest first: those before a seq, and before a moment (milliseconds since 1970), where given. */
export const readBack = async (db: Tx, county: string, size: number, from: { readonly before?: number; readonly at?: number }, limit: number): Promise<BrowsedRow[]> =>
  entriesBefore(db, county, Math.min(from.before ?? size + 1, from.at === undefined ? size + 1 : await seqAt(db, county, size, from.at)), limit);

/** What a witness has seen last; null where it has seen nothing. */
export const seenLast = async (db: Tx, county: string, witness: string): Promise<{ readonly size: number; readonly at: string } | null> => {
  const last = await lastWitnessed(db, county, witness);
  return last ? { size: last.size, at: new Date(last.at).toISOString() } : null;
};
