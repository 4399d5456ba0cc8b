import { Counter, Gauge } from 'prom-client';
import type { World } from '../../../platform/world.ts';
import { readEntry } from '../rules/entry.ts';
import { readLags } from '../store/followers.ts';
import { inboxState } from '../store/inbox.ts';

/** The ledger's series. Gauges are read from the database when somebody asks for them, and stay as they were while it is away. */
export interface LedgerMetrics {
  readonly sequenced: Counter;
  readonly checkpoints: Counter;
  readonly failures: Counter<'follower'>;
  readonly witnessFailures: Counter<'witness'>;
  /** 1 for a county whose head this process refuses to sign. */
  readonly refusals: Gauge<'county'>;
  readonly events: Counter;
  readonly dropped: Counter;
}

/** Seconds since the oldest entry in any inbox was written, and how many wait. */
export const ledgerLag = async ({ db, now }: Pick<World, 'db' | 'now'>): Promise<{ rows: number; seconds: number }> => {
  const state = await inboxState(db);
  const oldest = state.oldest.map((bytes) => Date.parse(readEntry(bytes)?.at ?? '')).filter((at) => !Number.isNaN(at));
  return { rows: state.rows, seconds: oldest.length === 0 ? 0 : Math.max(0, (now() - Math.min(...oldest)) / 1000) };
};

const refusals = 'lamplight_ledger_signing_refused';

/**
 * The series of a process. A registry that has them already (a second ledger on one world) keeps those it has.
 * @param listeners how many streams are open.
 */
export const createLedgerMetrics = (world: Pick<World, 'db' | 'now' | 'metrics'>, listeners: () => number): LedgerMetrics => {
  const registers = [world.metrics];
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]): Counter<Label> =>
    (world.metrics.getSingleMetric(name) as Counter<Label> | undefined) ?? new Counter({ name, help, labelNames, registers });
  if (!world.metrics.getSingleMetric('lamplight_ledger_inbox_rows')) addGauges(world, listeners);
  return {
    sequenced: counter('lamplight_ledger_sequenced_total', 'Entries that this process put into the log'),
    checkpoints: counter('lamplight_ledger_checkpoints_total', 'Checkpoints that this process signed'),
    failures: counter('lamplight_follower_failures_total', 'Batches that a follower failed on', 'follower'),
    witnessFailures: counter('lamplight_ledger_witness_failures_total', 'Checkpoints that a witness could not be shown', 'witness'),
    refusals: (world.metrics.getSingleMetric(refusals) as Gauge<'county'> | undefined)
      ?? new Gauge({ name: refusals, help: '1 for a county whose log does not continue what was signed, so that it is not signed', labelNames: ['county'], registers }),
    events: counter('lamplight_live_events_total', 'Events written to streams'),
    dropped: counter('lamplight_live_dropped_total', 'Streams ended because their listener was too slow'),
  };
};

const addGauges = (world: Pick<World, 'db' | 'now' | 'metrics'>, listeners: () => number): void => {
  const registers = [world.metrics];
  const age = new Gauge({ name: 'lamplight_ledger_inbox_age_seconds', help: 'Age of the oldest entry that is not sequenced yet', registers });
  new Gauge({
    name: 'lamplight_ledger_inbox_rows', help: 'Entries that are not sequenced yet', registers,
    async collect() {
      const lag = await ledgerLag(world).catch(() => undefined);
      if (!lag) return;
      this.set(lag.rows);
      age.set(lag.seconds);
    },
  });
  new Gauge({
    name: 'lamplight_follower_lag_entries', help: 'Entries that a follower has not seen yet, over all counties', labelNames: ['follower'], registers,
    async collect() {
      for (const { name, lag } of await readLags(world.db).catch(() => [])) this.set({ follower: name }, lag);
    },
  });
  new Gauge({ name: 'lamplight_live_streams', help: 'Open streams of live events', registers, collect() { this.set(listeners()); } });
};
