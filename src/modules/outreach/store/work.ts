import type { Params } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { secretParams } from '../rules/sending.ts';

/** A delivery whose time has come. */
export interface DueRow {
  readonly county: string;
  readonly id: string;
  readonly matter: string | null;
  readonly template: string;
  readonly recipient: string;
  readonly params: Params;
  readonly urgent: boolean;
  /** This try's number, from 1. */
  readonly attempts: number;
  readonly created_at: Date;
}

/**
 * Up to `limit` deliveries whose time has come, oldest first, locked until the transaction ends: no other worker sees them
 * (SKIP LOCKED). `take` then writes what becomes of each. By delivery_waiting.
 */
export const due = (tx: Tx, now: Date, limit: number): Promise<DueRow[]> =>
  tx.query<DueRow>(`
    select county, id, matter, template, recipient, params, urgent, attempts + 1 as attempts, created_at from delivery
    where state = 'queued' and next_at <= $1 order by next_at limit $2 for update skip locked`, [now, limit], 'outreach_due');

/** How one delivery goes on. */
export interface Step {
  readonly county: string;
  readonly id: string;
  readonly state: 'queued' | 'claimed' | 'sent' | 'logged' | 'unknown' | 'failed' | 'given_up' | 'skipped' | 'to_call' | 'to_print';
  readonly channel: string | null;
  readonly adapter: string | null;
  readonly error: string | null;
  readonly peer: string | null;
  /** RFC 3339; when it may be tried again, or when it left. */
  readonly at: string;
  /** The try is not counted: it was put back before anybody was called. */
  readonly uncounted: boolean;
  /** The peer's ids of the parts that it took and will report on. */
  readonly peers: readonly string[] | null;
}

/** Line of the logbook, written together with the step that ends its delivery. */
export interface LogLine {
  readonly county: string;
  readonly id: string;
  readonly channel: string;
  readonly address: string;
  readonly language: string;
  readonly at: string;
}

const stepColumns = 's (county text, id uuid, state text, channel text, adapter text, error text, peer text, at timestamptz, uncounted boolean, peers text[])';

/** Lines of the logbook for what was written in the same statement. */
const noted = (lines: string): string => `
  insert into delivery_log (county, delivery, channel, address_masked, language, at)
  select l.county, l.id, l.channel, l.address, l.language, l.at
  from jsonb_to_recordset(${lines}::jsonb) as l (county text, id uuid, channel text, address text, language text, at timestamptz)
  where exists (select 1 from done where done.county = l.county and done.id = l.id)
  on conflict (county, delivery) do nothing`;

/** Once a message has left, what it opened (a code, a link) is forgotten, except in a demo, whose logbook is where residents read their codes. */
const forgotten = (keep: string, secrets: string): string => `case when s.state in ('sent', 'logged') and not ${keep} then d.params - ${secrets}::text[] else d.params end`;

/**
 * Writes what becomes of deliveries that `due` locked, in the same transaction: taken in hand until `until` with the way by
 * which each will leave, put back, or ended. When it is committed, a claim that runs out says whether something may have left.
 */
export const take = (tx: Tx, worker: string, until: Date, steps: readonly Step[], lines: readonly LogLine[], keepSecrets: boolean): Promise<unknown> =>
  tx.query(`
    with step as (select * from jsonb_to_recordset($2::jsonb) as ${stepColumns}),
    done as (
      update delivery d set state = s.state, channel = s.channel, adapter = s.adapter, error = s.error,
        next_at = case when s.state = 'queued' then s.at else d.next_at end,
        sent_at = case when s.state = 'logged' then s.at else d.sent_at end,
        attempts = case when s.uncounted then d.attempts else d.attempts + 1 end,
        claimed_by = case when s.state = 'claimed' then $1::uuid end, claimed_until = case when s.state = 'claimed' then $6::timestamptz end,
        params = ${forgotten('$5', '$4')}
      from step s where d.county = any($7::text[]) and d.id = any($8::uuid[]) and d.county = s.county and d.id = s.id
      returning d.county, d.id
    ), noted as (${noted('$3')}) select count(*) from done`,
  [worker, JSON.stringify(steps), JSON.stringify(lines), secretParams, keepSecrets, until, [...new Set(steps.map(({ county }) => county))], steps.map(({ id }) => id)], 'outreach_take');

/**
 * Writes how deliveries in a worker's hand go on, with the parts that a peer will report on. What is no longer in its hand,
 * because the claim ran out and another has it, is left alone.
 * @returns ids of what was written
 */
export const settle = async (tx: Tx, worker: string, steps: readonly Step[], keepSecrets: boolean): Promise<Set<string>> => {
  if (steps.length === 0) return new Set();
  const rows = await tx.query<{ id: string }>(`
    with step as (select * from jsonb_to_recordset($2::jsonb) as ${stepColumns}),
    done as (
      update delivery d set state = s.state, error = s.error, peer_id = coalesce(s.peer, d.peer_id),
        next_at = case when s.state = 'queued' then s.at else d.next_at end,
        sent_at = case when s.state = 'sent' then s.at else d.sent_at end,
        claimed_by = null, claimed_until = null, params = ${forgotten('$4', '$3')}
      from step s where d.county = any($5::text[]) and d.id = any($6::uuid[]) and d.county = s.county and d.id = s.id and d.state = 'claimed' and d.claimed_by = $1
      returning d.county, d.id, d.adapter, s.peers
    ), parts as (
      insert into delivery_part (county, delivery, part, adapter, peer)
      select d.county, d.id, p.part, d.adapter, p.peer from done d cross join lateral unnest(d.peers) with ordinality as p (peer, part)
      on conflict (county, delivery, part) do update set adapter = excluded.adapter, peer = excluded.peer, receipt = null, code = null, receipt_at = null
    ) select id from done`,
  [worker, JSON.stringify(steps), secretParams, keepSecrets, [...new Set(steps.map(({ county }) => county))], steps.map(({ id }) => id)], 'outreach_settle');
  return new Set(rows.map((row) => row.id));
};

/**
 * Looks after claims that ran out because their worker died. Nothing had left where no adapter was noted yet, and nothing
 * leaves twice where the peer knows idempotency keys: those are queued again. Of the rest nobody can tell: `unknown`.
 * By delivery_claimed.
 */
export const releaseExpired = async (tx: Tx, now: Date, idempotent: readonly string[]): Promise<number> =>
  (await tx.query(`
    with gone as materialized (
      select county, id from delivery where state = 'claimed' and claimed_until < $1 order by claimed_until limit 500 for update skip locked)
    update delivery d set claimed_by = null, claimed_until = null, next_at = $1,
      state = case when d.adapter is null or d.adapter = any($2) then 'queued' else 'unknown' end,
      error = case when d.adapter is null or d.adapter = any($2) then d.error else 'worker_died' end
    from gone where d.county = gone.county and d.id = gone.id returning d.id`, [now, idempotent], 'outreach_release')).length;

/** How many messages that are not urgent left for each recipient since the day began. By delivery_recipient. */
export const countToday = async (tx: Tx, county: string, recipients: readonly string[], since: Date): Promise<Map<string, number>> =>
  new Map((await tx.query<{ recipient: string; count: number }>(`
    select recipient, count(*) from delivery
    where county = $1 and recipient = any($2) and sent_at >= $3 and not urgent group by recipient`,
  [county, recipients, since], 'outreach_today')).map((row) => [row.recipient, row.count]));

/** Zone and settings of counties. */
export const readCounties = (tx: Tx, counties: readonly string[]): Promise<{ county: string; zone: string; outreach: unknown }[]> =>
  tx.query(`select county, coalesce(settings -> 'calendar' ->> 'zone', zone) as zone, settings -> 'outreach' as outreach from county where county = any($1)`, [counties], 'outreach_counties');

/** Writes one delivery that belongs to no matter. */
export const insertLoose = (
  tx: Tx, row: { county: string; id: string; template: string; recipient: string; params: Params; at: Date },
): Promise<unknown> =>
  tx.query(`
    insert into delivery (county, id, template, recipient, params, urgent, state, attempts, next_at, created_at)
    values ($1, $2, $3, $4, $5, true, 'queued', 0, $6, $6)
    on conflict (county, id) do nothing`,
  [row.county, row.id, row.template, row.recipient, row.params, row.at], 'outreach_loose');

/** Recipients of a county that something is queued for. */
export const queuedRecipients = async (tx: Tx, county: string): Promise<string[]> =>
  (await tx.query<{ recipient: string }>(`select distinct recipient from delivery where county = $1 and state = 'queued'`, [county])).map((row) => row.recipient);

/**
 * Enters in the logbook all that is queued in a county, each at the time of its action: for a simulated history, whose
 * messages left long ago.
 */
export const logQueued = async (
  tx: Tx, county: string, recipients: readonly { recipient: string; channel: string; address: string; language: string }[],
): Promise<number> =>
  (await tx.query<{ count: number }>(`
    with who as (
      select * from jsonb_to_recordset($2::jsonb) as w (recipient text, channel text, address text, language text)
    ), done as (
      update delivery d set state = 'logged', adapter = 'logbook', channel = who.channel, attempts = 1, sent_at = d.created_at
      from who where d.county = $1 and d.state = 'queued' and d.recipient = who.recipient
      returning d.county, d.id, who.channel, who.address, who.language, d.created_at
    ), noted as (
      insert into delivery_log (county, delivery, channel, address_masked, language, at)
      select county, id, channel, address, language, created_at from done on conflict (county, delivery) do nothing
    ) select count(*) from done`, [county, JSON.stringify(recipients)]))[0]!.count;
