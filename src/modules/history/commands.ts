import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { theSystem } from '../../base/actor.ts';
import type { Json } from '../../base/canonical.ts';
import { isRefusal, type Refusal } from '../../base/result.ts';
import { say } from '../../base/text/language.ts';
import type { Command, CommandCall, CommandResult } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from '../identity/index.ts';
import type { HistoryReport } from './contract.ts';
import { readMapping, type History } from './index.ts';

/** What the command needs of the town that it opens. */
export interface HistoryTown {
  readonly history: History;
  readonly identity: Pick<Identity, 'county'>;
}

const words = (call: CommandCall, reason: string, params?: Readonly<Record<string, string | number>>): string => say(textsOf('reasons'), call.language, reason, params);

const refused = (call: CommandCall, { reason, params, errors = [] }: Refusal): CommandResult => ({
  done: false,
  data: { done: false, reason, params: { ...params }, errors: errors.map((one) => ({ path: one.path, reason: one.reason, params: { ...one.params }, message: words(call, one.reason, one.params) })) },
  lines: [words(call, reason, params), ...errors.slice(0, 40).map((one) => `  ${one.path}  ${words(call, one.reason, one.params)}`)],
});

const linesOf = (call: CommandCall, report: HistoryReport): string[] => [
  call.say(report.dryRun ? 'import.history.checked' : report.cancelled ? 'import.history.cancelled' : 'import.history.done', { rows: report.rows, added: report.added, known: report.known, refused: report.refused, open: report.open }),
  ...report.problems.map(({ rule, column, level, count, lines }) =>
    `  ${call.say(`import.history.${level}`)}  ${count}  ${column}  ${words(call, rule, { column, value: lines[0]?.value ?? '', line: lines[0]?.line ?? 0 })}  ${call.say('import.history.lines', { lines: lines.slice(0, 8).map(({ line }) => line).join(', ') })}`),
  ...(report.ignored.length > 0 ? [call.say('import.ignored', { columns: report.ignored.join('、') })] : []),
];

/** Bytes that are read of a file at once. */
const readAtOnce = 1_048_576;

/** `import history FILE --mapping NAME`: checks, or takes in, with a line of progress a second; interrupted it stops between two batches. */
export const historyCommands = (open: () => Promise<HistoryTown>): readonly Command[] => [{
  name: 'import history',
  args: [{ name: 'file', required: true }],
  options: [{ name: 'mapping', value: 'text', required: true }, { name: 'county', value: 'text' }, { name: 'dry-run', value: 'flag' }, { name: 'leave-out', value: 'flag' }],
  async run(call) {
    const path = call.arg('file');
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return { done: false, data: { done: false, reason: 'import.no_file', file: path }, lines: [call.say('import.no_file', { file: path })] };
    const mapping = await readMapping(call.text('mapping')!);
    if (isRefusal(mapping)) return refused(call, mapping);
    const { history, identity } = await open();
    const county = await identity.county(call.text('county'));
    if (isRefusal(county)) return refused(call, county);
    let told = performance.now();
    const done = await history.import(theSystem, county, {
      source: { name: basename(path), size: found.size, read: () => createReadStream(path, { highWaterMark: readAtOnce }) as AsyncIterable<Uint8Array> }, mapping, dryRun: call.flag('dry-run'), leaveOut: call.flag('leave-out'), signal: call.signal,
      onProgress({ phase, rows, added, done: share }) {
        if (performance.now() - told < 1_000) return;
        told = performance.now();
        call.progress(call.say(`import.history.${phase}`, { rows, added, percent: Math.floor(share * 100) }));
      },
    });
    if (isRefusal(done)) return refused(call, done);
    return { done: !done.cancelled, data: { ...done, done: !done.cancelled } as unknown as Json, lines: linesOf(call, done) };
  },
}];
