import type { Tx } from '../../../platform/database/database.ts';

export interface ConsentRow {
  readonly id: string;
  readonly contact: string;
  readonly holder: string;
  readonly purpose: 'visit' | 'proxy';
  readonly scope: string[];
  readonly way: 'code' | 'witness';
  readonly blob: string | null;
  readonly spoken: Buffer | null;
  readonly given_at: Date;
  readonly until: Date;
  readonly revoked_at: Date | null;
}

const columns = 'id, contact, holder, purpose, scope, way, blob, spoken, given_at, until, revoked_at';

/** Adds a consent; false where its id is there already. */
export const insertConsent = async (tx: Tx, county: string, row: Omit<ConsentRow, 'revoked_at'>): Promise<boolean> =>
  (await tx.query(
    `insert into consent (county, id, contact, holder, purpose, scope, way, blob, spoken, given_at, until) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (county, id) do nothing returning id`,
    [county, row.id, row.contact, row.holder, row.purpose, row.scope, row.way, row.blob, row.spoken, row.given_at, row.until], 'identity_consent_insert')).length === 1;

export const findConsents = (tx: Tx, county: string, ids: readonly string[]): Promise<ConsentRow[]> =>
  tx.query<ConsentRow>(`select ${columns} from consent where county = $1 and id = any($2::uuid[])`, [county, ids], 'identity_consents');

/** Consents that somebody holds, or that a resident has given, newest first, at most 200. */
export const consentsOf = (tx: Tx, county: string, person: { readonly holder: string } | { readonly contact: string }): Promise<ConsentRow[]> =>
  'holder' in person
    ? tx.query<ConsentRow>(`select ${columns} from consent where county = $1 and holder = $2 order by given_at desc, id limit 200`, [county, person.holder], 'identity_consents_holder')
    : tx.query<ConsentRow>(`select ${columns} from consent where county = $1 and contact = $2 order by given_at desc, id limit 200`, [county, person.contact], 'identity_consents_contact');

/** Takes a consent back; false where that was done before. What was said by way of proof goes with it. */
export const revokeConsent = async (tx: Tx, county: string, id: string, now: Date): Promise<boolean> =>
  (await tx.query('update consent set revoked_at = $3, spoken = null where county = $1 and id = $2 and revoked_at is null returning id', [county, id, now], 'identity_consent_revoke')).length === 1;

/** Ids of the consents of a resident that still hold. */
export const openConsents = async (tx: Tx, county: string, contact: string): Promise<string[]> =>
  (await tx.query<{ id: string }>('select id from consent where county = $1 and contact = $2 and revoked_at is null', [county, contact], 'identity_consents_open')).map(({ id }) => id);

/** Which of these pictures prove a consent. */
export const consentBlobs = async (tx: Tx, county: string, blobs: readonly string[]): Promise<string[]> =>
  (await tx.query<{ blob: string }>('select distinct blob from consent where county = $1 and blob = any($2)', [county, blobs], 'identity_consent_blobs')).map(({ blob }) => blob);
