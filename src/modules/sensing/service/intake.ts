import { Counter, Gauge } from 'prom-client';
import { refuse, type Result } from '../../../base/result.ts';
import type { Remembered } from '../../../platform/remembered.ts';
import { isDuring, judge, type RuleMemory } from '../rules/judge.ts';
import { calibrated, marks, readLine, slotOf, type Line } from '../rules/lines.ts';
import { endAlarms, insertAlarms, openOf, type NewAlarm } from '../store/alarms.ts';
import { holdSeries, insertReadings, noteFaults, writeSeries, type NewReading, type SeriesChange } from '../store/readings.ts';
import { units, type Needs } from './needs.ts';
import type { Device, Registry } from './registry.ts';
import type { Counting } from './settings.ts';

/** A line that was not taken, by its place among those that came, from 0. */
export interface RefusedLine { readonly line: number; readonly reason: string; readonly device?: string }

/** What became of lines that came together. */
export interface Taken {
  /** Durable now: kept, thinned, or there before. */
  readonly accepted: number;
  readonly refused: readonly RefusedLine[];
}

/** Who brings readings: a device its own, a gateway those of every device. */
export type Bringer = { readonly device: Device } | 'gateway';

/** Readings of one transaction at the most. */
const batchSize = 5_000;
/** Readings that may wait; above it whoever brings more is told to come again. */
const waitingAtMost = 60_000;
/** Seconds until one should. */
const againSeconds = 2;

interface Waiting { readonly device: Device; readonly line: Line }
interface Job { readonly lines: readonly Waiting[]; readonly faults: readonly { readonly no: number; readonly fault: string; readonly count: number }[]; readonly done: () => void; readonly failed: (error: unknown) => void }
interface Lane { readonly jobs: Job[]; waiting: number; running: boolean }

/** Takes readings in: everything that waits for a county goes in one transaction, with what rules make of it, and only then is answered. */
export const createIntake = ({ world, matters, registry, counting }: Pick<Needs, 'world' | 'matters'> & { readonly registry: Registry; readonly counting: Remembered<Counting> }) => {
  const lanes = new Map<string, Lane>();
  const taken = new Counter({ name: 'lamplight_readings_total', help: 'Readings by outcome (kept, thinned, refused)', labelNames: ['outcome'], registers: [world.metrics] });
  const waiting = new Gauge({ name: 'lamplight_readings_waiting', help: 'Readings that wait to be written', registers: [world.metrics] });

  const write = async (county: string, jobs: readonly Job[]): Promise<void> => {
    const now = world.now();
    const offset = matters.calendar(county).offsetMinutes;
    const { active, night } = await counting(county);
    const lines = jobs.flatMap((job) => job.lines);
    lines.sort((a, b) => a.device.no - b.device.no || a.line.measure.n - b.line.measure.n || a.line.at - b.line.at || a.line.seq - b.line.seq);
    const faults = new Map<number, { no: number; fault: string; count: number }>();
    for (const one of jobs.flatMap((job) => job.faults)) faults.set(one.no, { ...one, count: one.count + (faults.get(one.no)?.count ?? 0) });

    await world.db.transaction(async (tx) => {
      const nos = [...new Set(lines.map(({ device }) => device.no))];
      const held = nos.length === 0 ? [] : await holdSeries(tx, county, nos);
      const open = new Map((nos.length === 0 ? [] : await openOf(tx, county, nos)).map(({ id, no, measure, rule }) => [`${no} ${measure} ${rule}`, id]));
      const series = new Map(held.map((row) => [`${row.no} ${row.measure}`, row]));
      const readings: NewReading[] = [];
      const changes: SeriesChange[] = [];
      /** Alarms that open and end, in turns: one series may open the same rule twice in a batch. */
      const turns: { readonly opens: NewAlarm[]; readonly ends: { id: string; at: number }[] }[] = [{ opens: [], ends: [] }];
      const turnOf = new Map<string, number>();
      let thinned = 0;

      for (let from = 0; from < lines.length;) {
        const { device, line: { measure } } = lines[from]!;
        let to = from;
        while (to < lines.length && lines[to]!.device.no === device.no && lines[to]!.line.measure.n === measure.n) to++;
        const row = series.get(`${device.no} ${measure.n}`);
        const before = row?.at.getTime() ?? -Infinity;
        const rules = (active.get(`${device.kind.code} ${measure.code}`) ?? []).filter(({ path }) => device.path.startsWith(path));
        let [at, value, few] = [before, row?.value ?? 0, 0];
        let memory: Record<string, RuleMemory> | null = row?.memory ?? null;
        for (const { line } of lines.slice(from, to)) {
          const counts = calibrated(device.calibrations, measure.n, line.at, line.raw);
          const late = line.at < at;
          // Sent twice, as it is when an answer was lost.
          if (line.at === at && counts === value) continue;
          if (!late && line.at - at < measure.least * 1000) { few++; continue; }
          readings.push({ no: device.no, measure: measure.n, slot: slotOf(line.at), at: line.at, seq: line.seq, value: counts, raw: counts === line.raw ? null : line.raw, marks: line.marks | (late ? marks.late : 0) });
          if (late) continue;
          at = line.at;
          const beyond = (line.marks & marks.beyond) !== 0;
          if (!beyond) value = counts;
          for (const { rule } of rules) {
            const key = `${device.no} ${measure.n} ${rule.code}`;
            const alarm = open.get(key);
            const { verdict, memory: kept } = rule.when === 'silent' ? { verdict: alarm === undefined ? 'nothing' as const : 'ends' as const, memory: null }
              : beyond ? { verdict: 'nothing' as const, memory: memory?.[rule.code] ?? null }
                : judge(rule, memory?.[rule.code] ?? null, { at, value: counts }, alarm !== undefined, isDuring(rule, at, night, offset));
            if (kept !== null) memory = { ...memory, [rule.code]: kept };
            else if (memory?.[rule.code] !== undefined) { const { [rule.code]: _, ...rest } = memory; memory = Object.keys(rest).length > 0 ? rest : null; }
            if (verdict === 'opens') {
              const id = world.random.uuid(now);
              const turn = turnOf.get(key) ?? 0;
              (turns[turn] ??= { opens: [], ends: [] }).opens.push({ id, no: device.no, measure: measure.n, kind: device.kind.code, rule: rule.code, severity: rule.severity, path: device.path, value: counts, openedAt: at });
              open.set(key, id);
            } else if (verdict === 'ends') {
              const turn = turnOf.get(key) ?? 0;
              (turns[turn] ??= { opens: [], ends: [] }).ends.push({ id: alarm!, at });
              turnOf.set(key, turn + 1);
              open.delete(key);
            }
          }
        }
        thinned += few;
        if (at > before || few > 0) changes.push({ no: device.no, measure: measure.n, at: at === -Infinity ? now : at, value, memory: memory === null ? null : JSON.stringify(memory), thinned: few });
        from = to;
      }
      if (readings.length > 0) await insertReadings(tx, county, readings, new Date(now));
      if (changes.length > 0) await writeSeries(tx, county, changes, new Date(now));
      if (faults.size > 0) await noteFaults(tx, county, [...faults.values()], new Date(now));
      for (const { opens, ends } of turns) {
        if (opens.length > 0) await insertAlarms(tx, county, opens, new Date(now));
        if (ends.length > 0) await endAlarms(tx, county, ends);
      }
      taken.inc({ outcome: 'kept' }, readings.length);
      taken.inc({ outcome: 'thinned' }, thinned);
    });
  };

  const run = async (county: string, lane: Lane): Promise<void> => {
    lane.running = true;
    while (lane.jobs.length > 0) {
      let [count, jobs] = [0, 0];
      while (jobs < lane.jobs.length && (jobs === 0 || count + lane.jobs[jobs]!.lines.length <= batchSize)) count += lane.jobs[jobs++]!.lines.length;
      const now = lane.jobs.splice(0, jobs);
      lane.waiting -= count;
      waiting.dec(count);
      try {
        await write(county, now);
        for (const job of now) job.done();
      } catch (error) {
        for (const job of now) job.failed(error);
      }
    }
    lane.running = false;
  };

  const put = (county: string, lines: readonly Waiting[], faults: Job['faults']): Promise<void> => new Promise((done, failed) => {
    let lane = lanes.get(county);
    if (!lane) lanes.set(county, lane = { jobs: [], waiting: 0, running: false });
    lane.jobs.push({ lines, faults, done, failed });
    lane.waiting += lines.length;
    waiting.inc(lines.length);
    // What comes in the same turn of the loop goes into the same transaction.
    if (!lane.running) { lane.running = true; setImmediate(() => void run(county, lane)); }
  });

  return {
    /**
     * Judges lines, and answers once those that are right are durable. The others are refused one by one.
     * Refusal: 503 `sensing.full` while more wait than can be written in a moment. @throws where the database fails: nothing is known to be kept
     */
    async take(county: string, bringer: Bringer, given: readonly unknown[]): Promise<Result<Taken>> {
      if ((lanes.get(county)?.waiting ?? 0) + given.length > waitingAtMost) return refuse(503, 'sensing.full', { seconds: againSeconds });
      const [devices, { backfillDays }] = await Promise.all([registry.of(county), counting(county)]);
      const now = world.now();
      const lines: Waiting[] = [];
      const refused: RefusedLine[] = [];
      const faults = new Map<number, { no: number; fault: string; count: number }>();
      for (const [line, one] of given.entries()) {
        const code = typeof one === 'object' && one !== null ? (one as { readonly device?: unknown }).device : undefined;
        const no = (reason: string): void => void refused.push({ line, reason, ...(typeof code === 'string' && { device: code.slice(0, 64) }) });
        const device = bringer === 'gateway' ? (typeof code === 'string' ? devices.byCode.get(code) : undefined) : bringer.device;
        if (!device) { no('sensing.no_device'); continue; }
        if (bringer !== 'gateway' && code !== undefined && code !== device.code) { no('sensing.not_theirs'); continue; }
        if (device.state !== 'active') { no(`sensing.${device.state}`); continue; }
        const read = readLine(one, device.kind, units, now, backfillDays * 86_400_000);
        if (typeof read !== 'string') { lines.push({ device, line: read }); continue; }
        no(read);
        faults.set(device.no, { no: device.no, fault: read, count: (faults.get(device.no)?.count ?? 0) + 1 });
      }
      if (refused.length > 0) taken.inc({ outcome: 'refused' }, refused.length);
      if (lines.length > 0 || faults.size > 0) await put(county, lines, [...faults.values()]);
      return { accepted: lines.length, refused };
    },
    /** Readings of a county that wait to be written. */
    waiting: (county: string): number => lanes.get(county)?.waiting ?? 0,
  };
};

export type Intake = ReturnType<typeof createIntake>;
