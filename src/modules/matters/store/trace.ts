import type { Tx } from '../../../platform/database/database.ts';

/** A text with what its digest is made of; null where it was erased. */
export interface SaltedText {
  readonly id: string;
  readonly name: string;
  readonly body: string | null;
  readonly salt: Buffer | null;
}

/** Texts by id (primary key). */
export const textsById = (tx: Tx, county: string, ids: readonly string[]): Promise<SaltedText[]> =>
  tx.query<SaltedText>('select id, name, body, salt from matter_text where county = $1 and id = any($2::uuid[])', [county, ids], 'matters_texts_by_id');

/** Texts of a matter that are still there, with their salts. */
export const textsOfMatter = (tx: Tx, county: string, matter: string): Promise<SaltedText[]> =>
  tx.query<SaltedText>('select id, name, body, salt from matter_text where county = $1 and matter = $2 and body is not null order by version, id', [county, matter]);

export interface PresentMatter {
  readonly id: string; readonly kind: string; readonly state: string; readonly version: number;
  readonly place: string | null; readonly component: string | null; readonly code: string | null; readonly codeVersion: number | null;
  readonly leadUnit: string | null; readonly handler: string | null; readonly reporter: string | null; readonly parent: string | null;
}

/** Matters as they stand, by id (primary key). */
export const presentMatters = (tx: Tx, county: string, ids: readonly string[]): Promise<PresentMatter[]> => tx.query<PresentMatter>(
  `select id, kind, state, version, place, component, code, code_version as "codeVersion", lead_unit as "leadUnit", handler, reporter, parent
   from matter where county = $1 and id = any($2::uuid[])`, [county, ids], 'matters_present');

/** Ids of a county's matters after one, in order (primary key). */
export const matterIds = async (tx: Tx, county: string, after: string, limit: number): Promise<string[]> =>
  (await tx.query<{ id: string }>('select id from matter where county = $1 and id > $2 order by id limit $3', [county, after, limit])).map(({ id }) => id);

/** Erases texts for good: body and salt go, the digest in the ledger stays and proves nothing any more. @returns how many */
export const eraseTexts = async (tx: Tx, county: string, ids: readonly string[], now: number): Promise<number> =>
  (await tx.query('update matter_text set body = null, salt = null, erased_at = $3 where county = $1 and id = any($2::uuid[]) and body is not null returning 1', [county, ids, new Date(now).toISOString()])).length;

/** Personal texts that somebody wrote, for the erasure of one's own words. */
export const personalTextsBy = async (tx: Tx, county: string, author: string): Promise<string[]> =>
  (await tx.query<{ id: string }>('select id from matter_text where county = $1 and author = $2 and personal and body is not null', [county, author])).map(({ id }) => id);
