import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Counter, Gauge, Histogram } from 'prom-client';
import { isMobile, maskEmail, maskPhone } from '../../../base/text/phone.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { World } from '../../../platform/world.ts';
import type { Identity, Reach } from '../../identity/index.ts';
import type { Adapter, Outcome } from '../adapters/adapter.ts';
import {
  afterQuiet, channelsFor, dayStart, messageText, nextDay, pauseAfter, settingsOf, triesAtMost, type Channel, type OutreachSettings,
} from '../rules.ts';
import { countOpen } from '../store/lists.ts';
import { claim, countToday, readCounties, releaseExpired, settle, type ClaimedRow, type LogLine, type Step } from '../store/work.ts';
import { offsetOf } from './zone.ts';

/** How long a claim holds: well beyond what any adapter takes for a message. */
const leaseMs = 60_000;
/** Milliseconds between looks while nothing waits. */
const idleMs = 400;
/** How many the logbook takes at once. */
const logbookWindow = 500;

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
}

interface Prepared {
  readonly row: ClaimedRow;
  readonly reach: Reach;
  readonly channel: Channel;
  readonly address: string;
  /** undefined: the logbook. */
  readonly adapter: Adapter | undefined;
}

const masked = (channel: Channel, address: string): string => (channel === 'sms' ? maskPhone(address) : maskEmail(address));

/**
 * Sends what waits. Any number of processes may run one.
 * @param adapters ways out that are connected; in a demo none is used, whatever is given.
 */
export const createWorker = (world: World, identity: Pick<Identity, 'contacts'>, adapters: readonly Adapter[]): Worker => {
  const { db, log } = world;
  const connected = world.demo ? [] : adapters;
  const idempotent = ['logbook', ...connected.filter((adapter) => adapter.idempotent).map(({ name }) => name)];
  const window = connected.length === 0 ? logbookWindow : Math.min(...connected.map((adapter) => adapter.window));
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

  const stepOf = (row: ClaimedRow, state: Step['state'], more: Partial<Step> = {}): Step => ({
    county: row.county, id: row.id, state, channel: null, adapter: null, error: null, peer: null, at: new Date(world.now()).toISOString(), uncounted: false, ...more,
  });

  /** A fraction in [0, 1) for the jitter of a pause. */
  const fraction = (): number => Buffer.from(world.random.bytes(4)).readUInt32BE() / 2 ** 32;

  /** Finds address and way out, or the step that ends it. */
  const prepare = (row: ClaimedRow, reach: Reach | undefined): Prepared | Step => {
    if (!reach) return stepOf(row, 'failed', { error: 'no_recipient' });
    const channels = channelsFor(row.template, reach).filter((channel) => channel !== 'sms' || isMobile(reach.phone!));
    if (channels.length === 0) return stepOf(row, 'failed', { error: reach.channel === 'none' ? 'chose_none' : 'no_address' });
    const addressOf = (channel: Channel): string => (channel === 'sms' ? reach.phone! : reach.email!);
    if (connected.length === 0) return { row, reach, channel: channels[0]!, address: addressOf(channels[0]!), adapter: undefined };
    for (const channel of channels) {
      const adapter = connected.find((one) => one.channel === channel);
      if (adapter) return { row, reach, channel, address: addressOf(channel), adapter };
    }
    return stepOf(row, 'failed', { error: 'no_adapter' });
  };

  /** Puts back what must not leave now: in quiet hours, or beyond the day's cap. */
  const heldBack = async (rows: readonly ClaimedRow[], now: number): Promise<Map<string, Step>> => {
    const held = new Map<string, Step>();
    const easy = rows.filter((row) => !row.urgent);
    if (easy.length === 0) return held;
    const rules = new Map<string, { settings: OutreachSettings; offset: number; today: Map<string, number> }>();
    for (const { county, zone, outreach } of await readCounties(db, [...new Set(easy.map((row) => row.county))])) {
      const offset = offsetOf(zone, now);
      const recipients = [...new Set(easy.filter((row) => row.county === county).map((row) => row.recipient))];
      rules.set(county, { settings: settingsOf(outreach), offset, today: await countToday(db, county, recipients, new Date(dayStart(now, offset))) });
    }
    for (const row of easy) {
      const rule = rules.get(row.county);
      if (!rule) continue;
      const { settings, offset, today } = rule;
      const free = afterQuiet(settings, now, offset);
      const sent = today.get(row.recipient) ?? 0;
      const cap = row.recipient.startsWith('contact:') ? settings.dailyCap : settings.staffDailyCap;
      if (free > now) held.set(row.id, stepOf(row, 'queued', { at: new Date(free).toISOString(), error: 'quiet_hours', uncounted: true }));
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
        return stepOf(row, 'sent', { peer: outcome.peer });
      case 'refused': return stepOf(row, 'failed', { error: outcome.error });
      case 'later': return again(outcome.error, outcome.afterMs);
      case 'unknown': return adapter!.idempotent ? again(outcome.error) : stepOf(row, 'unknown', { error: outcome.error });
    }
  };

  const runOnce = async (): Promise<number> => {
    const now = world.now();
    await releaseExpired(db, new Date(now), idempotent);
    const rows = await claim(db, me, new Date(now), new Date(now + leaseMs), window);
    if (rows.length === 0) return 0;
    const held = await heldBack(rows, now);
    const reaches = new Map<string, Reach | undefined>();
    for (const row of rows) {
      const key = `${row.county} ${row.recipient}`;
      if (!held.has(row.id) && !reaches.has(key)) reaches.set(key, await identity.contacts.reach(db, row.county, row.recipient));
    }
    const steps: Step[] = [...held.values()];
    const lines: LogLine[] = [];
    const leaving: Prepared[] = [];
    for (const row of rows) {
      if (held.has(row.id)) continue;
      const prepared = prepare(row, reaches.get(`${row.county} ${row.recipient}`));
      if ('state' in prepared) steps.push(prepared);
      else if (prepared.adapter) leaving.push(prepared);
      else {
        const step = stepOf(row, 'logged', { channel: prepared.channel, adapter: 'logbook' });
        steps.push(step);
        lines.push({ county: row.county, id: row.id, channel: prepared.channel, address: masked(prepared.channel, prepared.address), language: prepared.reach.language, at: step.at });
        outcomes.inc({ adapter: 'logbook', outcome: 'logged' });
        delay.observe({ adapter: 'logbook' }, Math.max(0, now - row.created_at.getTime()) / 1000);
      }
    }
    // By which way it leaves is committed before anything leaves: a claim that runs out says whether something may have.
    const noted = await settle(db, me, [...steps, ...leaving.map(({ row, channel, adapter }) => stepOf(row, 'claimed', { channel, adapter: adapter!.name }))], lines, world.demo);
    await Promise.all(leaving.map(async (prepared) => {
      const { row, reach, channel, address, adapter } = prepared;
      // Lost to another worker: this process was held up for longer than the claim held.
      if (!noted.has(row.id)) return;
      const text = messageText(textsOf('messages'), row.template, row.params, reach.language, 'shown');
      const outcome = await adapter!.send({ id: row.id, county: row.county, channel, to: address, text, language: reach.language });
      await settle(db, me, [stepAfter(prepared, outcome)], [], false);
    }));
    return rows.length;
  };

  let running = false;
  let wake = new AbortController();
  let working: Promise<void> = Promise.resolve();

  const work = async (): Promise<void> => {
    while (running) {
      let wait = idleMs;
      try {
        if ((await runOnce()) > 0) wait = 0;
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
      working = work();
    },
    async stop() {
      running = false;
      wake.abort();
      await working;
    },
    nudge: () => wake.abort(),
    runOnce,
    async drain() {
      let all = 0;
      for (let batch = await runOnce(); batch > 0; batch = await runOnce()) all += batch;
      return all;
    },
  };
};
