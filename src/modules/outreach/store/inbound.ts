import type { Tx } from '../../../platform/database/database.ts';
import type { Meaning } from '../rules/replies.ts';
import type { SealedTable } from '../../../platform/sealed.ts';

/** A text that a phone sent, as it is kept. */
export interface InboundRow {
  readonly county: string;
  readonly id: string;
  readonly adapter: string;
  readonly phone: Buffer | null;
  readonly words: Buffer | null;
  readonly contact: string | null;
  readonly delivery: string | null;
  readonly matter: string | null;
  readonly meaning: Meaning;
  readonly state: 'waiting' | 'done' | 'open';
  readonly reason: string | null;
  readonly received_at: Date;
}

const columns = 'county, id, adapter, phone, words, contact, delivery, matter, meaning, state, reason, received_at';

/** Keeps a text; false where it was there already, under the same mark or the one before it. By its unique key. */
export const insertInbound = async (
  tx: Tx, row: Omit<InboundRow, 'state' | 'reason'> & { readonly once: string; readonly before: string },
): Promise<boolean> =>
  (await tx.query(`
    insert into inbound_message (county, id, adapter, once, phone, words, contact, delivery, matter, meaning, state, received_at)
    select $1, $2, $3, $4, $6, $7, $8, $9, $10, $11, 'waiting', $12
    where not exists (select 1 from inbound_message where county = $1 and adapter = $3 and once = $5)
    on conflict (county, adapter, once) do nothing returning id`,
  [row.county, row.id, row.adapter, row.once, row.before, row.phone, row.words, row.contact, row.delivery, row.matter, row.meaning, row.received_at], 'outreach_inbound')).length === 1;

/** Texts that were kept and that nothing has come of yet: the process that took them ended in between. By inbound_message_waiting. */
export const waitingInbound = (tx: Tx, before: Date, limit: number): Promise<InboundRow[]> =>
  tx.query<InboundRow>(`select ${columns} from inbound_message where state = 'waiting' and received_at < $1 order by county, id limit $2`, [before, limit]);

/** False where its state has changed meanwhile. */
export const settleInbound = async (
  tx: Tx, county: string, id: string, from: InboundRow['state'], to: 'done' | 'open', how: { readonly reason: string | null; readonly by: string | null; readonly at: Date },
): Promise<boolean> =>
  (await tx.query(`
    update inbound_message set state = $4, reason = $5, settled_by = $6, settled_at = case when $4 = 'done' then $7::timestamptz end
    where county = $1 and id = $2 and state = $3 returning id`, [county, id, from, to, how.reason, how.by, how.at])).length === 1;

/** Texts that need a person, newest first. By inbound_message_open. */
export const openInbound = (tx: Tx, county: string, after: string | null, limit: number): Promise<InboundRow[]> =>
  tx.query<InboundRow>(`select ${columns} from inbound_message where county = $1 and state = 'open' and ($2::uuid is null or id < $2) order by id desc limit $3`, [county, after, limit]);

export const findInbound = async (tx: Tx, county: string, id: string): Promise<InboundRow | undefined> =>
  (await tx.query<InboundRow>(`select ${columns} from inbound_message where county = $1 and id = $2`, [county, id]))[0];

/** What of ours a phone was last sent. By delivery_recipient. */
export interface Answered {
  readonly id: string;
  readonly matter: string;
  readonly template: string;
  readonly sent_at: Date;
}

/** The newest messages about matters that left for somebody since a moment, newest first. */
export const lastSent = (tx: Tx, county: string, recipient: string, since: Date, limit: number): Promise<Answered[]> =>
  tx.query<Answered>(`
    select id, matter, template, sent_at from delivery
    where county = $1 and recipient = $2 and sent_at is not null and not urgent and sent_at >= $3 and matter is not null
    order by sent_at desc, id desc limit $4`, [county, recipient, since, limit], 'outreach_last_sent');

/** Erases phone and words of everything that somebody sent. By inbound_message_contact. */
export const eraseInbound = (tx: Tx, county: string, contact: string): Promise<unknown> =>
  tx.query('update inbound_message set phone = null, words = null where county = $1 and contact = $2', [county, contact]);

/** Erases what was said to somebody and where to; what has not left yet does not leave. That something was sent, and when, stays. */
export const eraseOutbound = async (tx: Tx, county: string, recipient: string): Promise<void> => {
  await tx.query(`update delivery_log l set address_masked = '' from delivery d where l.county = $1 and d.county = $1 and d.recipient = $2 and l.delivery = d.id`, [county, recipient]);
  await tx.query(`
    update delivery set params = '{}', error = null,
      state = case when state in ('sent', 'logged', 'skipped') then state else 'skipped' end, claimed_until = null, claimed_by = null
    where county = $1 and recipient = $2`, [county, recipient]);
};

/** Where this module keeps sealed values. */
export const outreachSealed: readonly SealedTable[] = [
  { table: 'inbound_message', columns: { phone: 'inbound.phone', words: 'inbound.words' } }, { table: 'reach_address', columns: { address: 'reach.address' } },
  { table: 'push_key', columns: { private_key: 'push.key' } },
];

/** All counties, in order. */
export const countyCodes = async (tx: Tx): Promise<string[]> =>
  (await tx.query<{ county: string }>('select county from county order by county', [], 'outreach_all_counties')).map((row) => row.county);

/**
 * Notes a peer's reports on parts of messages, in whatever county they are. A later word replaces an earlier one, but nothing
 * replaces that it arrived or did not. By delivery_part_peer.
 * @returns peer ids that are ours
 */
export const noteReceipts = async (tx: Tx, counties: readonly string[], adapter: string, receipts: readonly { readonly peer: string; readonly state: string; readonly code: string }[], at: Date): Promise<Set<string>> =>
  new Set((await tx.query<{ peer: string }>(`
    with said as (
      select distinct on (peer) * from rows from (jsonb_to_recordset($3::jsonb) as (peer text, state text, code text)) with ordinality as r (peer, state, code, n) order by peer, n desc
    ),
    noted as (
      update delivery_part p set receipt = s.state, code = s.code, receipt_at = $4 from said s
      where p.county = any($1::text[]) and p.peer = s.peer and p.adapter = $2 and (p.receipt is null or p.receipt = 'under_way')
      returning p.peer
    ) select p.peer from delivery_part p where p.county = any($1::text[]) and p.peer = any($5::text[]) and p.adapter = $2`,
  [counties, adapter, JSON.stringify(receipts), at, receipts.map(({ peer }) => peer)], 'outreach_receipts')).map((row) => row.peer));
