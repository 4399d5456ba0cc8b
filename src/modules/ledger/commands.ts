import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Json } from '../../base/canonical.ts';
import { isRefusal, refuse, type Refusal } from '../../base/result.ts';
import { say, type Language } from '../../base/text/language.ts';
import { WrongUse, type Command, type CommandCall, type CommandResult } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import { checkBundle, type Bundle } from './rules/bundle.ts';
import type { Ledger } from './service/ledger.ts';
import { nodeCrypto, splitNotes } from './service/verify/anchors.ts';
import type { CountyReport } from './service/verify/findings.ts';

/** What the commands need of the town that they open. `texts` gives those of a matter that are still there, with their salts. */
export interface LedgerTown {
  readonly ledger: Ledger;
  readonly texts?: (county: string, matter: string) => Promise<Bundle['texts']>;
}

/** Findings of one county that are printed; `--json` has them all. */
const mostLines = 200;

const words = (language: Language, finding: { what: string; seq: number | null; line?: number; params: Readonly<Record<string, string | number>> }): string =>
  say(textsOf('trace'), language, finding.what, { line: finding.line ?? '-', seq: finding.seq ?? '-', ...finding.params });

const countyLines = (call: CommandCall, report: CountyReport): string[] => {
  const { county, entries, checkpoints, root, witnessed, outside, configured, findings } = report;
  return [
    findings.length === 0
      ? call.say('trace.ok', { county, entries, checkpoints, root })
      : call.say('trace.bad', { county, entries, checkpoints, count: findings.length }),
    ...findings.slice(0, mostLines).map((finding) => `  ${words(call.language, finding)}`),
    ...(findings.length > mostLines ? ['  …'] : []),
    call.say('trace.compared', { configured: configured.join(', ') || '-', plain: outside.plain }),
    witnessed === null ? call.say('trace.unwitnessed', outside) : call.say('trace.witnessed', { witnessed, ...outside }),
  ];
};

const missing = (call: CommandCall, file: string): CommandResult => ({ done: false, data: { reason: 'trace.no_file', file }, lines: [call.say('trace.no_file', { file })] });

/** `trace verify --bundle FILE`: needs neither database nor network. */
const verifyBundle = async (call: CommandCall, file: string): Promise<CommandResult> => {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return missing(call, file);
  const key = call.text('key');
  const report = await checkBundle(text, nodeCrypto, key);
  const { matter, verifier, time, entries, texts, complete, findings } = report;
  const data = { ...report, entries: entries.map(({ seq, entry }) => ({ seq, entry: entry as unknown as Json })), findings: findings.map((each) => ({ ...each })) };
  return findings.length === 0
    ? { done: true, data, lines: [
        call.say('trace.bundle_ok', { matter: matter ?? '-', entries: entries.length, texts, time: time ?? '-', verifier: verifier ?? '-' }),
        complete === null
          ? call.say('trace.bundle_open', { entries: entries.length })
          : call.say('trace.bundle_complete', { entries: complete.entries, version: complete.version, time: complete.time }),
        ...(key === undefined ? [call.say('trace.bundle_untrusted')] : []),
      ] }
    : { done: false, data, lines: [call.say('trace.bundle_bad', { count: findings.length }), ...findings.map((finding) => `  ${words(call.language, finding)}`)] };
};

/**
 * `rebuild FOLLOWER`: a table that followers keep is made anew out of the ledger, county by county, while everything runs. Stopped or
 * killed it goes on where it was when it is called again.
 */
export const rebuildCommand = (open: () => Promise<Pick<LedgerTown, 'ledger'>>): Command => ({
  name: 'rebuild', args: [{ name: 'follower', required: true }],
  options: [{ name: 'county', value: 'text' }, { name: 'fresh', value: 'flag' }, { name: 'drop', value: 'flag' }],
  async run(call) {
    const { ledger } = await open();
    const name = call.arg('follower');
    const all = await ledger.counties();
    const asked = call.text('county');
    const refused = ({ reason, params }: Refusal): CommandResult => ({ done: false, data: { done: false, reason, params: { ...params } }, lines: [say(textsOf('reasons'), call.language, reason, params)] });
    if (asked !== undefined && !all.includes(asked)) return refused(refuse(404, 'ledger.no_county', { county: asked }));
    const counties: Json[] = [];
    const lines: string[] = [];
    let done = true;
    for (const county of asked === undefined ? all : [asked]) {
      if (call.flag('drop')) {
        const dropped = await ledger.followers.dropRebuild(name, county);
        if (isRefusal(dropped)) return refused(dropped);
        lines.push(call.say('rebuild.dropped', { name, county }));
        continue;
      }
      let told = performance.now();
      const made = await ledger.followers.rebuild(name, county, {
        fresh: call.flag('fresh'), signal: call.signal,
        progress(at, of) {
          if (performance.now() - told < 1_000) return;
          told = performance.now();
          call.progress(call.say('rebuild.progress', { name, county, done: at, of }));
        },
      });
      if (isRefusal(made)) return refused(made);
      counties.push({ county, ...made });
      lines.push(call.say(made.swapped ? (made.from > 0 ? 'rebuild.resumed' : 'rebuild.done') : 'rebuild.stopped', { name, county, entries: made.reached, from: made.from }));
      if (made.swapped) continue;
      done = false;
      break;
    }
    return { done, data: { done, follower: name, counties }, lines: lines.length === 0 ? [call.say('trace.none')] : lines };
  },
});

/** `trace verify`, `trace export`, `trace witness`, `trace rekey`. */
export const ledgerCommands = (open: () => Promise<LedgerTown>): Command[] => [
  {
    name: 'trace verify',
    options: [{ name: 'county', value: 'text' }, { name: 'bundle', value: 'text' }, { name: 'key', value: 'text' }, { name: 'checkpoints', value: 'text' }],
    async run(call) {
      const bundle = call.text('bundle');
      if (bundle !== undefined) return verifyBundle(call, bundle);
      const brought = call.text('checkpoints');
      const notes = brought === undefined ? undefined : await readFile(brought, 'utf8').catch(() => undefined);
      if (brought !== undefined && notes === undefined) return missing(call, brought);
      const { ledger } = await open();
      const county = call.text('county');
      let told = performance.now();
      const reports = await ledger.verify({
        ...(county !== undefined && { county }), ...(notes !== undefined && { notes: splitNotes(notes) }), signal: call.signal,
        progress(which, done, of) {
          if (performance.now() - told < 2_000) return;
          told = performance.now();
          call.progress(call.say('trace.progress', { county: which, done, of }));
        },
      });
      return {
        done: reports.every((report) => report.findings.length === 0),
        data: { counties: reports.map((report) => ({ ...report, outside: { ...report.outside }, configured: [...report.configured], findings: report.findings.map((each) => ({ ...each })) })) },
        lines: reports.length === 0 ? [call.say('trace.none')] : reports.flatMap((report) => countyLines(call, report)),
      };
    },
  },
  {
    name: 'trace export',
    options: [{ name: 'matter', value: 'text', required: true }, { name: 'out', value: 'text', required: true }, { name: 'texts', value: 'flag' }],
    async run(call) {
      const matter = call.text('matter')!;
      const file = resolve(call.text('out')!);
      const { ledger, texts } = await open();
      for (const county of await ledger.counties()) {
        if (!(await ledger.hasMatter(county, matter))) continue;
        // Signs what is not signed yet, so that the file holds the whole matter.
        await ledger.sequencer.drain(county);
        const opened = call.flag('texts') && texts ? await texts(county, matter) : [];
        const exported = await ledger.exportMatter(county, matter, opened);
        if (!exported) continue;
        await writeFile(file, exported.file);
        const { entries, waiting } = exported;
        return {
          done: true, data: { file, county, matter, entries, waiting, texts: opened.length },
          lines: [call.say('trace.exported', { file, entries, texts: opened.length }), ...(waiting > 0 ? [call.say('trace.waiting', { waiting })] : [])],
        };
      }
      return { done: false, data: { reason: 'trace.no_matter', matter }, lines: [call.say('trace.no_matter', { matter })] };
    },
  },
  {
    name: 'trace rekey',
    options: [{ name: 'county', value: 'text', required: true }, { name: 'reason', value: 'text', required: true }, { name: 'old', value: 'text' }],
    async run(call) {
      const { ledger } = await open();
      const done = await ledger.rekey(call.text('county')!, call.text('reason')!, call.text('old'));
      return done.done
        ? { done: true, data: { ...done }, lines: [call.say('trace.rekeyed', { previous: done.previous, verifier: done.verifier, size: done.size })] }
        : { done: false, data: { ...done, reason: `trace.rekey_${done.reason}` }, lines: [call.say(`trace.rekey_${done.reason}`, { key: done.key })] };
    },
  },
  {
    name: 'trace witness', args: [{ name: 'name', required: true }],
    options: [
      { name: 'county', value: 'text', required: true }, { name: 'file', value: 'text' }, { name: 'url', value: 'text' },
      { name: 'verifier', value: 'text' }, { name: 'off', value: 'flag' },
    ],
    async run(call) {
      const [name, county] = [call.arg('name'), call.text('county')!];
      const [file, url] = [call.text('file'), call.text('url')];
      const { ledger } = await open();
      const known = (await ledger.witnessesOf(county)).find((each) => each.name === name);
      const off = call.flag('off');
      if (off ? !known : (file === undefined) === (url === undefined)) throw new WrongUse('trace.witness_which');
      const witness = off
        ? { ...known!, active: false }
        : { county, name, kind: file === undefined ? 'webhook' as const : 'file' as const, target: file === undefined ? new URL(url!).href : resolve(file),
            verifier: call.text('verifier') ?? null, everySeconds: known?.everySeconds ?? 60, active: true };
      await ledger.putWitness(witness);
      const lines = [call.say('trace.witness_set', { county, name, target: witness.target })];
      const failure = off ? undefined : (await ledger.witnesses.show(county)).get(name);
      if (!off) lines.push(failure ? call.say('trace.witness_failed', { error: failure.message }) : call.say('trace.witness_shown'));
      return { done: failure === undefined, data: { ...witness, error: failure?.message ?? null }, lines };
    },
  },
];
