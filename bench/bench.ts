import { cpus, release, totalmem } from 'node:os';
import type { Json } from '../src/base/canonical.ts';
import { table, type CommandCall, type CommandResult } from '../src/platform/command/command.ts';
import { measurements, type Measurement } from './measurements.ts';
import type { Measure, Row } from './row.ts';

const measures: Readonly<Record<Measurement, () => Promise<Measure>>> = {
  intake: async () => (await import('./measure/kernel/intake.ts')).intake,
  lifecycle: async () => (await import('./measure/kernel/lifecycle.ts')).lifecycle,
  locate: async () => (await import('./measure/finding/locate.ts')).locate,
  inbox: async () => (await import('./measure/finding/inbox.ts')).inbox,
  search: async () => (await import('./measure/finding/search.ts')).search,
  proposal: async () => (await import('./measure/finding/proposal.ts')).proposal,
  open311: async () => (await import('./measure/outside/open311.ts')).open311,
  events: async () => (await import('./measure/kernel/events.ts')).events,
  trace: async () => (await import('./measure/kernel/trace.ts')).trace,
  page: async () => (await import('./measure/ends/page.ts')).page,
  map: async () => (await import('./measure/ends/map.ts')).map,
  outbox: async () => (await import('./measure/ends/outbox.ts')).outbox,
  sms: async () => (await import('./measure/outside/sms.ts')).sms,
  desk: async () => (await import('./measure/ends/desk.ts')).desk,
  history: async () => (await import('./measure/outside/history.ts')).history,
  sensors: async () => (await import('./measure/kernel/sensors.ts')).sensors,
  start: async () => (await import('./measure/ends/start.ts')).start,
};

const figure = (value: number | undefined): string =>
  value === undefined ? '' : value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 1 });

const tableOf = (call: CommandCall, rows: readonly Row[]): string[] => table([
  ['bench.name', 'bench.figure', 'bench.unit', 'bench.anchor', 'bench.ratio', 'bench.target', 'bench.met', 'bench.note'].map((key) => call.say(key)),
  ...rows.map((row) => [
    row.name, figure(row.figure), row.unit, figure(row.anchor), row.ratio === undefined ? '' : row.ratio.toFixed(2), row.target ?? '',
    row.met === undefined ? '' : call.say(row.met ? 'bench.yes' : 'bench.no'), row.note ?? '',
  ]),
]);

/** Takes one measurement or all, one after the other; one that fails is said to be not measured and keeps none of the others. */
export const bench = async (call: CommandCall): Promise<CommandResult> => {
  const asked = call.arg('measurement') as Measurement | '';
  const [quick, large] = [call.flag('quick'), call.flag('large')];
  const machine = { processor: cpus()[0]?.model ?? '', processors: cpus().length, memoryGb: Math.round(totalmem() / 2 ** 30), kernel: release(), node: process.version };
  const results: { name: string; rows: Row[]; failed?: string }[] = [];
  const lines = [call.say('bench.machine', machine), ...(quick ? [call.say('bench.quick_figures')] : [])];
  for (const name of asked === '' ? measurements : [asked]) {
    if (call.signal.aborted) break;
    try {
      const rows = await (await measures[name]())({ quick, large, signal: call.signal, progress: (line) => call.progress(line) });
      results.push({ name, rows });
      lines.push('', ...tableOf(call, rows));
    } catch (error) {
      results.push({ name, rows: [], failed: (error as Error).message });
      lines.push('', call.say('bench.not_measured', { name, error: (error as Error).message }));
    }
  }
  const done = results.every(({ failed }) => failed === undefined);
  return { done, data: { quick, large, machine, results } as unknown as Json, lines };
};
