import type { Tx } from '../../platform/database/database.ts';
import type { SealedTable } from '../../platform/sealed.ts';

/** Where this module keeps sealed values. */
export const webhooksSealed: readonly SealedTable[] = [{ table: 'webhook', columns: { secret: 'webhook' } }];

export interface WebhookRow {
  readonly county: string;
  readonly id: string;
  readonly account: string;
  readonly url: string;
  readonly secret: Buffer;
  readonly seq: number;
  readonly active: boolean;
  readonly failures: number;
  readonly error: string | null;
  readonly next_at: Date;
  readonly created_at: Date;
}

const columns = 'county, id, account, url, secret, seq::float8 as seq, active, failures, error, next_at, created_at';

export const readWebhooks = (tx: Tx, county: string): Promise<WebhookRow[]> =>
  tx.query<WebhookRow>(`select ${columns} from webhook where county = $1 order by id`, [county], 'webhooks_list');

export const insertWebhook = (tx: Tx, row: Pick<WebhookRow, 'county' | 'id' | 'account' | 'url' | 'secret' | 'seq'>, now: Date): Promise<unknown> =>
  tx.query('insert into webhook (county, id, account, url, secret, seq, active, failures, error, next_at, created_at) values ($1, $2, $3, $4, $5, $6, true, 0, null, $7, $7)',
    [row.county, row.id, row.account, row.url, row.secret, row.seq, now], 'webhooks_insert');

/** Rests or wakes one, or puts it back to a place; what it failed at is forgotten. */
export const updateWebhook = async (tx: Tx, county: string, id: string, active: boolean | null, seq: number | null, now: Date): Promise<WebhookRow | undefined> =>
  (await tx.query<WebhookRow>(
    `update webhook set active = coalesce($3, active), seq = coalesce($4, seq), failures = 0, error = null, next_at = $5 where county = $1 and id = $2 returning ${columns}`,
    [county, id, active, seq, now], 'webhooks_update'))[0];

export const deleteWebhook = async (tx: Tx, county: string, id: string): Promise<boolean> =>
  (await tx.query('delete from webhook where county = $1 and id = $2 returning 1', [county, id], 'webhooks_delete')).length > 0;

/** Takes those that are due for a while, so that no other process sends the same (webhook_due). */
export const claimDue = (tx: Tx, now: Date, until: Date, limit: number): Promise<WebhookRow[]> =>
  tx.query<WebhookRow>(
    `update webhook set next_at = $2 where (county, id) in (select county, id from webhook where active and next_at <= $1 order by next_at limit $3 for update skip locked) returning ${columns}`,
    [now, until, limit], 'webhooks_claim');

/** Writes down how a sending ended, unless the webhook was put elsewhere meanwhile. */
export const settle = (tx: Tx, { county, id, seq }: WebhookRow, to: number, failures: number, error: string | null, next: Date, active: boolean): Promise<unknown> =>
  tx.query('update webhook set seq = $4, failures = $5, error = $6, next_at = $7, active = active and $8 where county = $1 and id = $2 and seq = $3',
    [county, id, seq, to, failures, error, next, active], 'webhooks_settle');
