import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/platform/command/run.ts';
import { webCrypto } from '../../src/modules/ledger/rules/notes.ts';
import { checkBundle, createLedger, ledgerCommands, nodeCrypto, textDigest, type Ledger } from '../../src/modules/ledger/index.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { entriesFor } from './made.ts';

const county = '330281';

describe('the exported trace of a matter', () => {
  let world: TestWorld;
  let ledger: Ledger;
  let matter: string;
  let file: string;
  const texts = ['灯不亮了', 'the lamp does not burn'].map((text, i) => ({ id: `text-${i}`, text, salt: Buffer.alloc(16, i + 1) }));

  beforeAll(async () => {
    world = await testWorld();
    ledger = createLedger(world);
    const entries = entriesFor(county, 400, 'bundle').map((entry, i) =>
      (i === 80 || i === 81 ? { ...entry, texts: [{ id: texts[i - 80]!.id, name: 'note', digest: textDigest(texts[i - 80]!.salt, texts[i - 80]!.text) }] } : entry));
    matter = entries[80]!.matter!;
    await ledger.append(world.db, entries);
    await ledger.sequencer.drain(county);
    file = (await ledger.exportMatter(county, matter, texts))!.file;
  });
  afterAll(() => world.close());

  test('proves itself with no database and no network, on the server and in the browser alike', async () => {
    for (const crypto of [nodeCrypto, webCrypto]) {
      const report = await checkBundle(file, crypto, world.keys.ledger.verifier);
      expect(report).toMatchObject({ county, matter, texts: 2, size: 400, findings: [] });
      expect(report.entries.map(({ seq }) => seq)).toEqual([81, 82, 83, 84]);
    }
  });

  test('names the line in which any one byte is changed', async () => {
    const bytes = Buffer.from(file);
    const lineEnds = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([at]) => at);
    const unnamed: string[] = [];
    for (let at = 0; at < bytes.length; at += 5) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      const { findings } = await checkBundle(changed.toString('utf8'), nodeCrypto);
      const line = lineEnds.filter((end) => end < at).length + 1;
      if (!findings.some((finding) => finding.line === line)) unnamed.push(`byte ${at} of line ${line}: ${JSON.stringify(findings)}`);
    }
    expect(unnamed).toEqual([]);
  });

  test('blames one entry for a byte changed in it, and no other', async () => {
    const lines = file.split('\n');
    lines[2] = lines[2]!.replace('step2', 'step9');
    const { findings } = await checkBundle(lines.join('\n'), nodeCrypto);
    expect(findings).toContainEqual({ line: 3, seq: 82, what: 'bundle_entry', params: {} });
    expect(findings.filter(({ what }) => what === 'bundle_entry')).toHaveLength(1);
  });

  test('says so when lines are missing, doubled or changed places', async () => {
    const lines = file.split('\n');
    const without = [...lines.slice(0, 2), ...lines.slice(3)];
    const doubled = [...lines.slice(0, 3), ...lines.slice(2)];
    const swapped = [lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)];
    for (const changed of [without, doubled, swapped, lines.slice(0, -2), []]) expect((await checkBundle(changed.join('\n'), nodeCrypto)).findings).not.toEqual([]);
  });

  test('with its last entries cut off and the head counting what is left is found out by the signed statement', async () => {
    const [head, ...lines] = (await ledger.exportMatter(county, matter))!.file.split('\n');
    const cut = [head!.replace('"entries":4', '"entries":3'), ...lines.slice(0, 3), ''].join('\n');
    const report = await checkBundle(cut, nodeCrypto, world.keys.ledger.verifier);
    expect(report.findings).toEqual([{ line: 1, seq: null, what: 'bundle_cut', params: { entries: 3, of: 4, version: 4, last: 84 } }]);
    expect(report.complete).toBeNull();
    expect((await checkBundle([head, ...lines].join('\n'), nodeCrypto)).complete).toMatchObject({ entries: 4, version: 4 });
  });

  test('of the first format, without a statement, still holds and says that it is not known to be complete', async () => {
    const [head, ...lines] = (await ledger.exportMatter(county, matter))!.file.split('\n');
    const { statement, ...first } = JSON.parse(head!) as Record<string, unknown>;
    expect(statement).toContain('entries 4');
    const sorted = Object.fromEntries(Object.entries({ ...first, format: 'lamplight-trace-1' }).sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(await checkBundle([JSON.stringify(sorted), ...lines].join('\n'), nodeCrypto)).toMatchObject({ findings: [], complete: null });
  });

  test('signed by another key does not pass for the county whose key is known', async () => {
    const other = await testWorld();
    const report = await checkBundle(file, nodeCrypto, other.keys.ledger.verifier);
    await other.close();
    expect(report.findings).toMatchObject([{ line: 1, what: 'bundle_other_key' }]);
  });

  test('goes from export to verify on the command line, and one changed byte is named there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lamplight-bundle-'));
    const path = join(folder, 'case.trace');
    const run = async (words: string[], open: () => Promise<{ ledger: Ledger; texts: (county: string, matter: string) => Promise<typeof texts> }>) => {
      const out: string[] = [];
      const code = await runCommand(ledgerCommands(open), words, { language: 'en', signal: new AbortController().signal, out: (line) => out.push(line), err: (line) => out.push(line) });
      return { code, out: out.join('\n') };
    };
    const closed = () => Promise.reject(new Error('no database here'));
    expect((await run(['trace', 'export', '--matter', matter, '--out', path, '--texts'], async () => ({ ledger, texts: async () => texts }))).code).toBe(0);
    const good = await run(['trace', 'verify', '--bundle', path, '--key', world.keys.ledger.verifier], closed);
    expect(good).toMatchObject({ code: 0 });
    expect(good.out).toContain('4 entries, 2 texts');
    await writeFile(path, (await readFile(path, 'utf8')).replace('collector', 'collectoR'));
    const bad = await run(['trace', 'verify', '--bundle', path], closed);
    expect(bad).toMatchObject({ code: 1 });
    expect(bad.out).toContain('entry 81');
    const whole = await run(['trace', 'verify'], async () => ({ ledger, texts: async () => [] }));
    expect(whole).toMatchObject({ code: 0 });
    expect(whole.out).toContain('400 entries');
    await rm(folder, { recursive: true });
  });
});
