import type { Tx } from '../../../platform/database/database.ts';

export type Every = 'once' | 'daily';

/** What somebody wants to be told of by e-mail. */
export interface MailRow {
  readonly id: string;
  readonly contact: string;
  readonly category: string | null;
  readonly village: string | null;
  readonly street: string | null;
  readonly every: Every;
  readonly asked_at: Date;
  readonly confirmed_at: Date | null;
  readonly sent_at: Date | null;
}

export interface NewsRow {
  readonly matter: string;
  readonly what: 'new' | 'ended';
}

const columns = 'id, contact, category, village, street, every, asked_at, confirmed_at, sent_at';

/** All asks of an address, confirmed or not (bulletin_mail_address). */
export const mailsOf = (tx: Tx, county: string, index: Buffer): Promise<{ id: string }[]> =>
  tx.query<{ id: string }>('select id from bulletin_mail where county = $1 and address_index = $2', [county, index]);

/** How often this address was asked for since then, confirmed or not (bulletin_mail_address). */
export const countAsks = async (tx: Tx, county: string, index: Buffer, since: Date): Promise<number> =>
  (await tx.query<{ n: number }>('select count(*)::int as n from bulletin_mail where county = $1 and address_index = $2 and asked_at > $3', [county, index, since], 'bulletin_mail_asks'))[0]!.n;

export const insertMail = (tx: Tx, county: string, row: Pick<MailRow, 'id' | 'contact' | 'category' | 'village' | 'street' | 'every' | 'asked_at'> & { readonly index: Buffer }): Promise<unknown> =>
  tx.query('insert into bulletin_mail (county, id, contact, address_index, category, village, street, every, asked_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [county, row.id, row.contact, row.index, row.category, row.village, row.street, row.every, row.asked_at], 'bulletin_mail_insert');

export const findMail = async (tx: Tx, county: string, id: string): Promise<MailRow | undefined> =>
  (await tx.query<MailRow>(`select ${columns} from bulletin_mail where county = $1 and id = $2`, [county, id], 'bulletin_mail_find'))[0];

/** False where it was confirmed before. */
export const confirmMail = async (tx: Tx, county: string, id: string, now: Date): Promise<boolean> =>
  (await tx.query('update bulletin_mail set confirmed_at = $3 where county = $1 and id = $2 and confirmed_at is null returning id', [county, id, now], 'bulletin_mail_confirm')).length === 1;

/** The contact whose address it was; undefined where it had ended. */
export const removeMail = async (tx: Tx, county: string, id: string): Promise<string | undefined> =>
  (await tx.query<{ contact: string }>('delete from bulletin_mail where county = $1 and id = $2 returning contact', [county, id], 'bulletin_mail_remove'))[0]?.contact;

/** Asks that nobody confirmed (bulletin_mail_asked). */
export const unconfirmed = (tx: Tx, county: string, before: Date): Promise<{ id: string }[]> =>
  tx.query('select id from bulletin_mail where county = $1 and confirmed_at is null and asked_at < $2', [county, before], 'bulletin_mail_unconfirmed');

/** All that are confirmed: some hundred in a town. */
export const confirmedMails = (tx: Tx, county: string): Promise<MailRow[]> =>
  tx.query<MailRow>(`select ${columns} from bulletin_mail where county = $1 and confirmed_at is not null`, [county], 'bulletin_mail_confirmed');

/** Nothing where it is known already. */
export const putNews = (tx: Tx, county: string, mail: string, { matter, what }: NewsRow, at: Date): Promise<unknown> =>
  tx.query('insert into bulletin_mail_news (county, mail, matter, what, at) values ($1, $2, $3, $4, $5) on conflict do nothing', [county, mail, matter, what, at], 'bulletin_news_put');

/** Subscriptions for which something waits, their rows locked until the transaction ends (bulletin_mail_news_waiting). */
export const waitingMails = (tx: Tx, county: string, dayBegan: Date | null): Promise<MailRow[]> =>
  tx.query<MailRow>(
    `select ${columns} from bulletin_mail m where m.county = $1 and m.confirmed_at is not null and (m.every = 'once' or ($2::timestamptz is not null and (m.sent_at is null or m.sent_at < $2)))
       and exists (select 1 from bulletin_mail_news n where n.county = $1 and n.mail = m.id and n.sent_at is null) limit 200 for update skip locked`, [county, dayBegan], 'bulletin_mail_waiting');

/** Takes what waits for one subscription. */
export const takeNews = async (tx: Tx, county: string, mail: string, now: Date): Promise<NewsRow[]> => {
  await tx.query('update bulletin_mail set sent_at = $3 where county = $1 and id = $2', [county, mail, now], 'bulletin_mail_sent');
  return tx.query<NewsRow>('update bulletin_mail_news set sent_at = $3 where county = $1 and mail = $2 and sent_at is null returning matter, what', [county, mail, now], 'bulletin_news_take');
};

/** Forgets what was told long ago (bulletin_mail_news_at). */
export const forgetNews = (tx: Tx, county: string, before: Date): Promise<unknown> =>
  tx.query('delete from bulletin_mail_news where county = $1 and at < $2', [county, before], 'bulletin_news_forget');
