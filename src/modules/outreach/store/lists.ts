import type { Language, Params } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { secretParams, type DeliveryState } from '../rules/sending.ts';

/** A delivery as lists show it. */
export interface DeliveryListRow {
  readonly county: string;
  readonly id: string;
  readonly matter: string | null;
  readonly version: number | null;
  readonly template: string;
  readonly recipient: string;
  readonly channel: string | null;
  readonly adapter: string | null;
  readonly params: Params;
  readonly urgent: boolean;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly next_at: Date;
  readonly error: string | null;
  readonly created_at: Date;
  readonly sent_at: Date | null;
  readonly address_masked: string | null;
  readonly language: Language | null;
  /** Parts that a peer reports on, those that arrived, and those that did not. */
  readonly parts: number;
  readonly arrived: number;
  readonly lost: number;
}

const columns = `d.county, d.id, d.matter, d.version, d.template, d.recipient, d.channel, d.adapter, d.params, d.urgent, d.state, d.attempts,
  d.next_at, d.error, d.created_at, d.sent_at, l.address_masked, l.language, p.parts, p.arrived, p.lost`;
const joined = `delivery d left join delivery_log l on l.county = d.county and l.delivery = d.id
  left join lateral (
    select count(*) as parts, count(*) filter (where receipt = 'delivered') as arrived, count(*) filter (where receipt in ('failed', 'expired')) as lost
    from delivery_part p where p.county = d.county and p.delivery = d.id
  ) p on true`;

export interface DeliveryFilter {
  readonly states?: readonly DeliveryState[];
  readonly matter?: string;
  readonly template?: string;
  readonly recipient?: string;
  readonly channel?: string;
  /** Id of the last row of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** Deliveries of a county, newest first: ids are UUIDs of version 7, so the primary key has them in order of time. */
export const listDeliveries = (tx: Tx, county: string, filter: DeliveryFilter): Promise<DeliveryListRow[]> => {
  const params: unknown[] = [county];
  const parts = ['d.county = $1'];
  const add = (sql: string, value: unknown): void => { parts.push(sql.replace('?', `$${params.push(value)}`)); };
  if (filter.states) add('d.state = any(?)', filter.states);
  if (filter.matter !== undefined) add('d.matter = ?', filter.matter);
  if (filter.template !== undefined) add('d.template = ?', filter.template);
  if (filter.recipient !== undefined) add('d.recipient = ?', filter.recipient);
  if (filter.channel !== undefined) add('d.channel = ?', filter.channel);
  if (filter.after !== undefined) add('d.id < ?', filter.after);
  return tx.query<DeliveryListRow>(`select ${columns} from ${joined} where ${parts.join(' and ')} order by d.id desc limit $${params.push(filter.limit)}`, params);
};

export const findDelivery = async (tx: Tx, county: string, id: string): Promise<DeliveryListRow | undefined> =>
  (await tx.query<DeliveryListRow>(`select ${columns} from ${joined} where d.county = $1 and d.id = $2`, [county, id]))[0];

/** Queues again what a person looked at; false where its state has changed meanwhile. */
export const requeue = async (tx: Tx, county: string, id: string, from: DeliveryState, now: Date): Promise<boolean> =>
  (await tx.query(`
    update delivery set state = 'queued', attempts = 0, next_at = $4, error = null, channel = null, adapter = null
    where county = $1 and id = $2 and state = $3 returning id`, [county, id, from, now])).length === 1;

/** Settles what a person found out; false where its state has changed meanwhile. */
export const mark = async (tx: Tx, county: string, id: string, from: DeliveryState, to: 'sent' | 'given_up', now: Date): Promise<boolean> =>
  (await tx.query(`
    update delivery set state = $4, sent_at = case when $4 = 'sent' then $5 else sent_at end
    where county = $1 and id = $2 and state = $3 returning id`, [county, id, from, to, now])).length === 1;

/** What people brought to an end, or tried to; false where its state has changed meanwhile. What was said opens nothing any more; a letter may come back. @param batch of letters */
export const bring = async (tx: Tx, county: string, id: string, from: DeliveryState, to: DeliveryState, now: Date, error: string | null, batch: string | null = null): Promise<boolean> =>
  (await tx.query(`
    update delivery set state = $4, error = $6, attempts = attempts + 1, sent_at = case when $4 = 'sent' then $5::timestamptz end, peer_id = coalesce($7, peer_id),
      params = case when $4 = 'sent' and $7::text is null then params - $8::text[] else params end
    where county = $1 and id = $2 and state = $3 returning id`, [county, id, from, to, now, error, batch, secretParams])).length === 1;

/** What a county calls itself, by language. */
export const countyName = async (tx: Tx, county: string): Promise<Readonly<Record<string, string>>> =>
  (await tx.query<{ name: Record<string, string> }>('select name from county where county = $1', [county]))[0]?.name ?? {};

/** How many wait, are under way or need a person, over all counties, and since when the oldest waits. By the partial indexes. */
export const countOpen = (tx: Tx): Promise<{ state: string; count: number; oldest: Date }[]> =>
  tx.query(`
    select state, count(*), min(created_at) as oldest from delivery
    where state in ('queued', 'claimed', 'unknown', 'failed', 'given_up', 'to_call', 'to_print') group by state`);

/** How many deliveries of a county are in the hand of a way out. By delivery_claimed. */
export const countClaimed = async (tx: Tx, county: string, adapter: string): Promise<number> =>
  (await tx.query<{ count: number }>(`select count(*) from delivery where county = $1 and adapter = $2 and state = 'claimed'`, [county, adapter]))[0]!.count;
