import type { Language } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';

/** By what a resident wants to be told. */
export const contactChannels = ['sms', 'email', 'push', 'wechat', 'voice', 'letter', 'none'] as const;
export type ContactChannel = (typeof contactChannels)[number];

/** How somebody said how they want to be told: by themselves, or to the desk. */
export type PreferredBy = 'self' | 'call' | 'window' | 'letter';

export interface ContactRow {
  readonly county: string;
  readonly id: string;
  readonly phone: Buffer | null;
  readonly email: Buffer | null;
  readonly language: Language;
  readonly channel: ContactChannel;
  /** When they opted out of text messages that are not urgent. */
  readonly stopped_at: Date | null;
  /** Wants plainer words. */
  readonly plain: boolean;
  /** Their own quiet hours, minutes after local midnight. */
  readonly quiet_from: number | null;
  readonly quiet_until: number | null;
  readonly postal: Buffer | null;
  /** When they last chose how they are told, and how they said so. */
  readonly preferred_at: Date | null;
  readonly preferred_by: PreferredBy | null;
  readonly verified_at: Date | null;
  readonly created_at: Date;
  readonly erased_at: Date | null;
}

const columns = 'county, id, phone, email, language, channel, verified_at, created_at, erased_at, stopped_at, plain, quiet_from, quiet_until, postal, preferred_at, preferred_by';

export const findContact = async (tx: Tx, county: string, id: string): Promise<ContactRow | undefined> =>
  (await tx.query<ContactRow>(`select ${columns} from contact where county = $1 and id = $2`, [county, id], 'identity_contact'))[0];

export const findContacts = (tx: Tx, county: string, ids: readonly string[]): Promise<ContactRow[]> =>
  tx.query<ContactRow>(`select ${columns} from contact where county = $1 and id = any($2::uuid[])`, [county, ids], 'identity_contacts');

/** The same, locked until the transaction ends. */
export const lockContact = async (tx: Tx, county: string, id: string): Promise<ContactRow | undefined> =>
  (await tx.query<ContactRow>(`select ${columns} from contact where county = $1 and id = $2 for update`, [county, id], 'identity_contact_lock'))[0];

/** By the unique key on the blind index. */
export const findContactByPhone = async (tx: Tx, county: string, index: Buffer): Promise<ContactRow | undefined> =>
  (await tx.query<ContactRow>(`select ${columns} from contact where county = $1 and phone_index = $2`, [county, index], 'identity_contact_phone'))[0];

/** False where somebody else has just added the same phone. */
export const insertContact = async (
  tx: Tx, contact: { county: string; id: string; phone: Buffer; index: Buffer; language: Language; now: Date },
): Promise<boolean> =>
  (await tx.query(`
    insert into contact (county, id, phone, phone_index, language, channel, created_at) values ($1, $2, $3, $4, $5, 'sms', $6)
    on conflict (county, phone_index) do nothing returning id`,
  [contact.county, contact.id, contact.phone, contact.index, contact.language, contact.now], 'identity_contact_insert')).length === 1;

export const insertMailbox = (tx: Tx, contact: { county: string; id: string; email: Buffer; language: Language; now: Date }): Promise<unknown> =>
  tx.query(`insert into contact (county, id, email, language, channel, created_at) values ($1, $2, $3, $4, 'email', $5)`,
    [contact.county, contact.id, contact.email, contact.language, contact.now], 'identity_mailbox_insert');

export const markVerified = (tx: Tx, county: string, id: string, now: Date): Promise<unknown> =>
  tx.query('update contact set verified_at = $3 where county = $1 and id = $2', [county, id, now]);

/** What may change of how somebody is reached; an absent member stays as it is. */
export interface ContactChange {
  readonly email?: Buffer | null;
  readonly postal?: Buffer | null;
  readonly language?: Language;
  readonly channel?: ContactChannel;
  readonly plain?: boolean;
  readonly quiet?: { readonly from: number | null; readonly until: number | null };
  readonly stopped?: Date | null;
  readonly preferred: { readonly at: Date; readonly by: PreferredBy };
}

export const updateContact = (tx: Tx, county: string, id: string, change: ContactChange): Promise<unknown> =>
  tx.query(`
    update contact set email = case when $3 then $4 else email end, language = coalesce($5, language), channel = coalesce($6, channel),
      plain = coalesce($7, plain), postal = case when $8 then $9 else postal end, stopped_at = case when $10 then $11 else stopped_at end,
      quiet_from = case when $12 then $13 else quiet_from end, quiet_until = case when $12 then $14 else quiet_until end, preferred_at = $15, preferred_by = $16
    where county = $1 and id = $2 and erased_at is null`,
  [county, id, 'email' in change, change.email ?? null, change.language ?? null, change.channel ?? null, change.plain ?? null,
    'postal' in change, change.postal ?? null, 'stopped' in change, change.stopped ?? null, change.quiet !== undefined, change.quiet?.from ?? null, change.quiet?.until ?? null, change.preferred.at, change.preferred.by]);

/** The codes that its phone was sent go too. False where it was erased before. */
export const eraseContact = async (tx: Tx, county: string, id: string, now: Date): Promise<boolean> => {
  await tx.query('delete from code_check where county = $1 and phone_index = (select phone_index from contact where county = $1 and id = $2)', [county, id]);
  return (await tx.query(`
    update contact set phone = null, phone_index = null, email = null, postal = null, quiet_from = null, quiet_until = null, plain = false, stopped_at = null, preferred_at = null, preferred_by = null,
      channel = 'none', verified_at = null, erased_at = $3
    where county = $1 and id = $2 and erased_at is null returning id`, [county, id, now])).length === 1;
};

/** How many codes went out: to this phone in the last day, the last of them, and to everybody in the county in a day. */
export const countCodes = async (tx: Tx, county: string, index: Buffer, dayAgo: Date): Promise<{ readonly phone: number; readonly last: Date | null; readonly county: number }> =>
  (await tx.query<{ phone: number; last: Date | null; county: number }>(`
    select count(*) filter (where phone_index = $2) as phone, max(sent_at) filter (where phone_index = $2) as last, count(*) as county
    from code_check where county = $1 and sent_at > $3`, [county, index, dayAgo]))[0]!;

/** Serialises the sending of codes to one phone until the transaction ends, so that a burst counts as it should. */
export const lockPhone = (tx: Tx, index: Buffer): Promise<unknown> =>
  tx.query('select pg_advisory_xact_lock($1, $2)', [index.readInt32BE(index.length - 8), index.readInt32BE(index.length - 4)]);

export const insertCode = (
  tx: Tx, code: { county: string; id: string; index: Buffer; code: Buffer; now: Date; until: Date },
): Promise<unknown> =>
  tx.query('insert into code_check (county, id, phone_index, code, sent_at, expires_at, tries) values ($1, $2, $3, $4, $5, $6, 0)',
    [code.county, code.id, code.index, code.code, code.now, code.until]);

/**
 * Counts a try of the latest code of a phone and returns what the code is, or undefined where none holds: used, run out,
 * replaced by a later one, or tried five times. The try is counted before anybody knows whether it was right.
 */
export const tryCode = async (tx: Tx, county: string, index: Buffer, now: Date): Promise<{ readonly id: string; readonly code: Buffer } | undefined> =>
  (await tx.query<{ id: string; code: Buffer }>(`
    update code_check set tries = tries + 1
    where county = $1 and id = (select id from code_check where county = $1 and phone_index = $2 order by sent_at desc, id desc limit 1)
      and used_at is null and expires_at > $3 and tries < 5
    returning id, code`, [county, index, now]))[0];

/** False where another request has just used it. */
export const useCode = async (tx: Tx, county: string, id: string, now: Date): Promise<boolean> =>
  (await tx.query('update code_check set used_at = $3 where county = $1 and id = $2 and used_at is null returning id', [county, id, now])).length === 1;
