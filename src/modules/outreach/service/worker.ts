import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Tx } from '../../../platform/database/database.ts';
import type { Wordings } from './wordings.ts';
import type { World } from '../../../platform/world.ts';
import type { Identity, Reach } from '../../identity/index.ts';
import type { Adapter, LinkState, Outcome } from '../adapters/adapter.ts';
import {
  addressOf, afterQuiet, channelsFor, dayStart, deskStates, maskedAddress, messageText, nextDay, pauseAfter, quietOf, settingsOf, templateFor, triesAtMost, waitsForStaff,
  type Channel, type OutreachSettings,
} from '../rules/sending.ts';
import { countOpen } from '../store/lists.ts';
import { countToday, due, readCounties, releaseExpired, settle, take, type DueRow, type LogLine, type Step } from '../store/work.ts';
import type { Addresses, Others } from './addresses.ts';
import { gathered } from './gathered.ts';
import { offsetMinutesOf } from '../../../base/time/zone.ts';

/** How long a claim holds: well beyond what any adapter takes for a message. */
const leaseMs = 60_000;
/** Milliseconds between looks while nothing waits. */
const idleMs = 400;
/** How many the logbook takes at once, and the most that are taken in one transaction. */
const logbookWindow = 500;
const mostTaken = 1_000;
/** Steps that are written in one statement. */
const mostWritten = 500;
/** For how long a message waits whose way out is busy with others, in milliseconds. */
const busyMs = 500;

export interface Worker {
  start(): void;
  /** Finishes what it has in hand and ends. */
  stop(): Promise<void>;
  /** Saves the wait for the next look. */
  nudge(): void;
  /** Takes one batch and brings it to an end. @returns how many deliveries it had in hand. */
  runOnce(): Promise<number>;
  /** Runs until nothing is due. @returns how many deliveries it had in hand. */
  drain(): Promise<number>;
  /** Ways out that are connected to this process, as they stand; empty in a demo. */
  links(): readonly Link[];
}

/** A way out as it stands. */
export interface Link extends LinkState {
  readonly name: string;
  readonly channel: Channel;
}

interface Prepared {
  readonly row: DueRow;
  readonly reach: Reach;
  readonly channel: Channel;
  readonly address: string;
  /** undefined: the logbook. */
  readonly adapter: Adapter | undefined;
}

const keyOf = ({ county, recipient }: { readonly county: string; readonly recipient: string }): string => `${county} ${recipient}`;

/**
 * Sends what waits. Any number of processes may run one.
 * @param adapters ways out that are connected; in a demo none is used, whatever is given.
 * @param others addresses of people that identity does not know: browsers, followers of an account
 */
export const createWorker = (
  world: World, identity: Pick<Identity, 'contacts'>, adapters: readonly Adapter[],
  others: Pick<Addresses, 'of' | 'forget'>,
  wordings: Pick<Wordings, 'of'>,
): Worker => {
  const { db, log } = world;
  const connected = world.demo ? adapters.filter((adapter) => adapter.welcome) : adapters;
  /** What no way out takes is entered in the logbook: always in a demo, and where nothing is connected but what people asked for themselves. */
  const logs = connected.every((adapter) => adapter.welcome);
  const idempotent = ['logbook', ...connected.filter((adapter) => adapter.idempotent).map(({ name }) => name)];
  // Of the system's own source: a demo's repeatable one is for what the ledger sees.
  const me = randomUUID();

  const outcomes = new Counter({ name: 'lamplight_delivery_tries_total', help: 'Tries to deliver a message, by adapter and outcome', labelNames: ['adapter', 'outcome'], registers: [world.metrics] });
  const delay = new Histogram({ name: 'lamplight_delivery_delay_seconds', help: 'From the action to its message having left', labelNames: ['adapter'], buckets: [0.5, 1, 2, 5, 15, 60, 300, 3600, 43_200], registers: [world.metrics] });
  new Gauge({
    name: 'lamplight_deliveries_open', help: 'Deliveries that wait, are under way or need a person', labelNames: ['state'], registers: [world.metrics],
    async collect() {
      this.reset();
      // Metrics are asked for when the database is away too.
      for (const { state, count } of await countOpen(db).catch(() => [])) this.set({ state }, count);
    },
  });

  const stepOf = (row: DueRow, state: Step['state'], more: Partial<Step> = {}): Step => ({
    county: row.county, id: row.id, state, channel: null, adapter: null, error: null, peer: null, at: new Date(world.now()).toISOString(), uncounted: false, peers: null, ...more,
  });

  let wake = new AbortController();
  /** A fraction in [0, 1) for the jitter of a pause. */
  const fraction = (): number => Buffer.from(world.random.bytes(4)).readUInt32BE() / 2 ** 32;

  /** Finds address and way out, or the step that ends it. */
  const prepare = (row: DueRow, reach: (Reach & Others) | undefined): Prepared | Step => {
    if (!reach) return stepOf(row, 'failed', { error: 'no_recipient' });
    // A new mail address is written to before it is anybody's.
    if (row.template === 'email_confirm') reach = { ...reach, email: reach.pendingEmail ?? null };
    const { channels, none } = channelsFor(row.template, row.urgent, reach);
    if (none) return stepOf(row, 'skipped', { error: none });
    // Staff are not on a list of people to be called: whoever would call them is staff too.
    const open = row.recipient.startsWith('contact:') ? channels : channels.filter((channel) => !deskStates[channel]);
    const first = open[0];
    if (!first) return stepOf(row, 'failed', { error: 'no_address' });
    // A call and a letter are the desk's work whatever is connected: nobody is told by a line in the logbook.
    const byDesk = (channel: Channel): Step | undefined => (deskStates[channel] ? stepOf(row, deskStates[channel], { channel, adapter: 'desk' }) : undefined);
    if (logs) return byDesk(first) ?? { row, reach, channel: first, address: addressOf(reach, first)!, adapter: connected.find((one) => one.channel === first) };
    for (const channel of open) {
      const desk = byDesk(channel);
      if (desk) return desk;
      const adapter = connected.find((one) => one.channel === channel);
      if (adapter) return { row, reach, channel, address: addressOf(reach, channel)!, adapter };
    }
    return stepOf(row, 'failed', { error: 'no_adapter' });
  };

  const reachesOf = async (tx: Tx, rows: readonly DueRow[]): Promise<Map<string, Reach & Others>> => {
    const [known, found] = [await identity.contacts.reaches(tx, rows), await others.of(tx, rows)];
    // Staff who have the field end tell them are told there first.
    return new Map([...known].map(([key, reach]) => [key, { ...reach, ...found.get(key)?.quiet, ...found.get(key), ...(key.includes(' account:') && reach.channel !== 'none' && found.get(key)?.push && { channel: 'push' as const }) }]));
  };

  /** Puts back what must not leave now: in quiet hours, or beyond the day's cap. */
  const heldBack = async (tx: Tx, rows: readonly DueRow[], reaches: ReadonlyMap<string, Reach | undefined>, now: number): Promise<Map<string, Step>> => {
    const held = new Map<string, Step>();
    const staff = (row: DueRow): boolean => row.recipient.startsWith('account:');
    const easy = rows.filter((row) => !row.urgent || staff(row));
    if (easy.length === 0) return held;
    const rules = new Map<string, { settings: OutreachSettings; offset: number; today: Map<string, number> }>();
    for (const { county, zone, outreach } of await readCounties(tx, [...new Set(easy.map((row) => row.county))])) {
      const offset = offsetMinutesOf(zone, now);
      const recipients = [...new Set(easy.filter((row) => row.county === county).map((row) => row.recipient))];
      rules.set(county, { settings: settingsOf(outreach), offset, today: await countToday(tx, county, recipients, new Date(dayStart(now, offset))) });
    }
    for (const row of easy) {
      const rule = rules.get(row.county);
      if (!rule) continue;
      const { settings, offset, today } = rule;
      if (row.urgent && !waitsForStaff(settings, row.template, reaches.get(keyOf(row)))) continue;
      const free = afterQuiet(quietOf(settings, reaches.get(keyOf(row))), now, offset);
      const sent = today.get(row.recipient) ?? 0;
      const cap = staff(row) ? settings.staffDailyCap : settings.dailyCap;
      if (free > now) held.set(row.id, stepOf(row, 'queued', { at: new Date(free).toISOString(), error: 'quiet_hours', uncounted: true }));
      else if (row.urgent) continue;
      else if (sent >= cap) held.set(row.id, stepOf(row, 'queued', { at: new Date(nextDay(settings, now, offset)).toISOString(), error: 'daily_cap', uncounted: true }));
      else today.set(row.recipient, sent + 1);
    }
    return held;
  };

  const stepAfter = ({ row, adapter }: Prepared, outcome: Outcome): Step => {
    outcomes.inc({ adapter: adapter!.name, outcome: outcome.state });
    const again = (error: string, afterMs = 0): Step => (row.attempts >= triesAtMost
      ? stepOf(row, 'given_up', { error })
      : stepOf(row, 'queued', { error, at: new Date(world.now() + Math.max(afterMs, pauseAfter(row.attempts, fraction()))).toISOString() }));
    switch (outcome.state) {
      case 'sent':
        delay.observe({ adapter: adapter!.name }, Math.max(0, world.now() - row.created_at.getTime()) / 1000);
        return stepOf(row, 'sent', { peer: outcome.peer, peers: outcome.peers ?? null });
      // Nobody is at that address any more: the next look finds another way, if there is one.
      case 'refused': return outcome.lost ? again(outcome.error) : stepOf(row, 'failed', { error: outcome.error });
      case 'later': return again(outcome.error, outcome.afterMs);
      case 'unknown': return adapter!.idempotent ? again(outcome.error) : stepOf(row, 'unknown', { error: outcome.error, peers: outcome.peers ?? null });
    }
  };

  /** How much each way out has in hand. */
  const inHand = new Map<string, number>();
  const roomOf = (adapter: Adapter): number => adapter.window - (inHand.get(adapter.name) ?? 0);
  const busy = (adapter: Adapter, by: number): void => { inHand.set(adapter.name, (inHand.get(adapter.name) ?? 0) + by); };

  const settleOne = gathered<Step, Set<string>>(mostWritten, (steps) => settle(db, me, steps, false));

  const send = async (prepared: Prepared & { readonly adapter: Adapter }): Promise<void> => {
    const { row, reach, channel, address, adapter } = prepared;
    try {
      const catalogue = await wordings.of(row.county);
      const text = messageText(catalogue, templateFor(catalogue, row.template, { channel, plain: reach.plain, heard: adapter.hears === true }), row.params, reach.language, 'shown');
      // Whoever works here is led to the matter itself, and not to the page that its reporter follows.
      const worksHere = row.recipient.startsWith('account:');
      const { link, unsubscribe } = row.params;
      const outcome = await adapter.send({ id: row.id, county: row.county, channel, to: address, text, language: reach.language, urgent: row.urgent, params: row.params, ...(typeof link === 'string' && !worksHere && { link }), ...(worksHere && row.matter !== null && { matter: row.matter }), ...(typeof unsubscribe === 'string' && { unsubscribe }) });
      if (outcome.lost) await others.forget(db, row.county, channel, outcome.lost);
      await settleOne(stepAfter(prepared, outcome));
    } finally {
      busy(adapter, -1);
      wake.abort();
    }
  };

  /** Takes what is due and writes how each will leave, in one transaction; nothing leaves before that is committed. */
  const taken = async (now: number, limit: number): Promise<{ readonly count: number; readonly leaving: readonly (Prepared & { readonly adapter: Adapter })[] }> =>
    db.transaction(async (tx) => {
      const rows = await due(tx, new Date(now), limit);
      if (rows.length === 0) return { count: 0, leaving: [] };
      const reaches = await reachesOf(tx, rows);
      const held = await heldBack(tx, rows, reaches, now);
      const steps: Step[] = [...held.values()];
      const lines: LogLine[] = [];
      const leaving: (Prepared & { readonly adapter: Adapter })[] = [];
      const room = new Map(connected.map((adapter) => [adapter, roomOf(adapter)]));
      for (const row of rows) {
        if (held.has(row.id)) continue;
        const prepared = prepare(row, reaches.get(keyOf(row)));
        if ('state' in prepared) { steps.push(prepared); continue; }
        const { channel, adapter } = prepared;
        if (!adapter) {
          const step = stepOf(row, 'logged', { channel, adapter: 'logbook' });
          steps.push(step);
          lines.push({ county: row.county, id: row.id, channel, address: maskedAddress(channel, prepared.address), language: prepared.reach.language, at: step.at });
          outcomes.inc({ adapter: 'logbook', outcome: 'logged' });
          delay.observe({ adapter: 'logbook' }, Math.max(0, now - row.created_at.getTime()) / 1000);
        } else if (room.get(adapter)! > 0) {
          room.set(adapter, room.get(adapter)! - 1);
          leaving.push({ ...prepared, adapter });
          steps.push(stepOf(row, 'claimed', { channel, adapter: adapter.name }));
        } else steps.push(stepOf(row, 'queued', { at: new Date(now + busyMs).toISOString(), uncounted: true }));
      }
      await take(tx, me, new Date(now + leaseMs), steps, lines, world.demo);
      return { count: rows.length, leaving };
    });

  let releasedAt = -Infinity;
  const begin = async (): Promise<{ readonly count: number; readonly ended: Promise<unknown> }> => {
    const now = world.now();
    if (now - releasedAt >= 1_000 || now < releasedAt) { releasedAt = now; await releaseExpired(db, new Date(now), idempotent); }
    const limit = logs ? logbookWindow : Math.min(mostTaken, Math.max(...connected.map(roomOf)));
    if (limit < 1) return { count: 0, ended: Promise.resolve() };
    const { count, leaving } = await taken(now, limit);
    for (const { adapter } of leaving) busy(adapter, 1);
    const ended = Promise.all(leaving.map((one) => send(one)));
    // A settlement that could not be written is found by its claim's end; here it is only said.
    ended.catch((error: unknown) => log.warn({ err: error }, 'what came of a delivery could not be written'));
    return { count, ended };
  };

  const runOnce = async (): Promise<number> => {
    const { count, ended } = await begin();
    await ended;
    return count;
  };

  let running = false;
  const under = new Set<Promise<unknown>>();
  let working: Promise<void> = Promise.resolve();

  const work = async (): Promise<void> => {
    while (running) {
      let wait = idleMs;
      try {
        // With little room it is better to wait for more than to take message by message.
        if (logs || connected.some((adapter) => roomOf(adapter) * 2 > adapter.window)) {
          const { count, ended } = await begin();
          under.add(ended);
          void ended.catch(() => {}).finally(() => under.delete(ended));
          if (count > 0) wait = 0;
        }
      } catch (error) {
        log.warn({ err: error }, 'deliveries cannot be worked on; trying again');
        wait = 1_000;
      }
      if (wait > 0 && running) {
        wake = new AbortController();
        await pause(wait, undefined, { signal: wake.signal }).catch(() => {});
      }
    }
  };

  return {
    start() {
      if (running) return;
      running = true;
      for (const adapter of connected) adapter.start?.();
      working = work();
    },
    async stop() {
      running = false;
      wake.abort();
      await working;
      await Promise.allSettled(under);
      for (const adapter of connected) await adapter.close();
    },
    links: () => connected.map((adapter) => ({ name: adapter.name, channel: adapter.channel, ...(adapter.state?.() ?? { connected: true, error: null }) })),
    nudge: () => wake.abort(),
    runOnce,
    async drain() {
      let all = 0;
      for (let batch = await runOnce(); batch > 0; batch = await runOnce()) all += batch;
      return all;
    },
  };
};
