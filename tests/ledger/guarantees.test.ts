import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedger, textDigest, type Ledger, type NamedText, type Replayed, type TraceChecker } from '../../src/modules/ledger/index.ts';
import { readCheckpointText, readNote, toBase64 } from '../../src/modules/ledger/rules/notes.ts';
import { isConsistent } from '../../src/modules/ledger/rules/proofs.ts';
import { nodeCrypto, splitNotes } from '../../src/modules/ledger/service/verify/anchors.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { entriesFor } from './made.ts';

const county = '330281';

/** The same database with metrics of its own, as another process has it. */
const again = (world: TestWorld): TestWorld => ({ ...world, metrics: createMetrics() });

describe('the ledger', () => {
  let world: TestWorld;
  let ledger: Ledger;
  beforeAll(async () => {
    world = await testWorld();
    ledger = createLedger(world);
    await ledger.append(world.db, entriesFor(county, 300, 'guarantees'));
    await ledger.sequencer.drain(county);
  });
  afterAll(() => world.close());

  test.each(['ledger_entry', 'ledger_tile', 'ledger_checkpoint'])('does not let the application change, delete or empty %s', async (table) => {
    for (const sql of [`update ${table} set county = county`, `delete from ${table}`, `truncate ${table}`, `drop table ${table}`, `alter table ${table} disable trigger all`])
      await expect(world.db.query(sql)).rejects.toThrow(/permission denied|must be owner/);
  });

  test('holds no text: erasing one leaves every proof valid, and only a surviving text is opened', async () => {
    const salt = Buffer.alloc(16, 7);
    const kept = new Map([['kept', '路灯修好了'], ['gone', '我叫王建国'], ['changed', 'as it was']]);
    const own = entriesFor('330282', 3, 'texts').map((entry, i) => {
      const [id, text] = [...kept][i]!;
      return { ...entry, texts: [{ id, name: 'note', digest: textDigest(salt, text) }] };
    });
    await ledger.append(world.db, own);
    await ledger.sequencer.drain('330282');
    const checker: TraceChecker = {
      texts: async (_tx, code, texts) => texts.flatMap((text: NamedText) => {
        const now = kept.get(text.id);
        return now === undefined || textDigest(salt, now) === text.digest ? [] : [{ county: code, seq: text.seq, what: 'text_changed', params: { text: text.id, name: text.name } }];
      }),
    };
    const checked = createLedger(again(world));
    checked.registerChecker(checker);
    kept.delete('gone');
    expect((await checked.verify({ county: '330282' }))[0]!.findings).toEqual([]);
    kept.set('changed', 'as it never was');
    expect((await checked.verify({ county: '330282' }))[0]!.findings).toMatchObject([{ seq: 3, what: 'text_changed' }]);
    expect((await ledger.exportMatter('330282', own[0]!.matter!))!.file).not.toContain('王建国');
  });

  test('replays every matter to its present state, with what waits in the inbox', async () => {
    const seen = new Map<string, Replayed>();
    const checked = createLedger(again(world));
    checked.registerChecker({ matters: async (_tx, _county, matters) => { for (const each of matters) seen.set(each.matter, each); return []; } });
    const entries = entriesFor('330284', 8, 'replay');
    await checked.append(world.db, entries.slice(0, 7));
    await checked.sequencer.drain('330284');
    await checked.append(world.db, entries.slice(7));
    const [report] = await checked.verify({ county: '330284' });
    expect(report).toMatchObject({ findings: [], entries: 7, outside: { inbox: 1 } });
    expect(seen.get(entries[7]!.matter!)).toMatchObject({ version: 4, state: 'closed', seq: null, set: { code: '0106' } });
    expect(seen.size).toBe(2);
  });

  test('names a version that is left out and a state that does not follow', async () => {
    const [first, second, , fourth] = entriesFor('330285', 4, 'gap');
    await ledger.append(world.db, [first!, { ...second!, from: 'filed' }, fourth!]);
    await ledger.sequencer.drain('330285');
    expect((await ledger.verify({ county: '330285' }))[0]!.findings).toMatchObject([{ seq: 2, what: 'state_breaks' }, { seq: 3, what: 'version_gap', params: { version: 4, expected: 3 } }]);
  });

  test('shows a file witness each checkpoint once, and refuses when the file has seen another past', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lamplight-witness-'));
    const target = join(folder, 'kept', 'seen.txt');
    await ledger.putWitness({ county, name: 'notary', kind: 'file', target, verifier: null, everySeconds: 60, active: true });
    expect(await ledger.witnesses.show(county)).toEqual(new Map());
    expect(await ledger.witnesses.show(county)).toEqual(new Map());
    await ledger.append(world.db, entriesFor(county, 5, 'more'));
    await ledger.sequencer.drain(county);
    expect(await ledger.witnesses.show(county)).toEqual(new Map());
    const notes = splitNotes(await readFile(target, 'utf8'));
    expect(notes.map((note) => readCheckpointText(readNote(note)!.text)!.size)).toEqual([300, 305]);
    expect((await ledger.verify({ county }))[0]).toMatchObject({ witnessed: 305, findings: [] });
    await rm(folder, { recursive: true });
  });

  test('posts a webhook witness the proof from what it saw last, and takes only a valid cosignature', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const typed = Buffer.concat([Buffer.of(4), publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)]);
    const id = createHash('sha256').update('witness.example\n').update(typed).digest().subarray(0, 4);
    let saw: { size: number; root: Uint8Array } | undefined;
    let honest = true;
    const asked: string[] = [];
    const peer = createServer((request, response) => void (async () => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
      const [head, note] = [body.slice(0, body.indexOf('\n\n') + 1), body.slice(body.indexOf('\n\n') + 2)];
      const [old, ...proof] = head.trimEnd().split('\n');
      asked.push(old!);
      const next = readCheckpointText(readNote(note)!.text)!;
      if (Number(old!.slice(4)) !== (saw?.size ?? 0)) {
        response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(`${saw?.size ?? 0}\n`);
        return;
      }
      if (saw && !(await isConsistent(nodeCrypto.sha256, saw, next, proof.map((hash) => Buffer.from(hash, 'base64'))))) {
        response.writeHead(422).end();
        return;
      }
      saw = next;
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(1_790_000_000n);
      const signed = sign(null, Buffer.from(`cosignature/v1\ntime 1790000000\n${honest ? readNote(note)!.text : 'something else\n'}`), privateKey);
      response.end(`— witness.example ${toBase64(Buffer.concat([id, time, signed]))}\n`);
    })());
    await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/add-checkpoint`;
    const here = '330286';
    const grow = async (seed: string) => {
      await ledger.append(world.db, entriesFor(here, 40, seed));
      await ledger.sequencer.drain(here);
      return (await ledger.witnesses.show(here)).get('web')?.message;
    };
    await ledger.putWitness({ county: here, name: 'web', kind: 'webhook', target, verifier: `witness.example+${id.toString('hex')}+${toBase64(typed)}`, everySeconds: 60, active: true });
    expect(await grow('w1')).toBeUndefined();
    expect(await grow('w2')).toBeUndefined();
    expect(asked).toEqual(['old 0', 'old 40']);
    honest = false;
    expect(await grow('w3')).toContain('no valid cosignature');
    honest = true;
    // It did see that one, whatever we made of its answer: the next is proved from there.
    expect(await grow('w4')).toBeUndefined();
    expect(asked.slice(-2)).toEqual(['old 80', 'old 120']);
    const [kept] = await world.db.query<{ note: string }>(`select note from ledger_witnessed where county = '${here}' order by size desc limit 1`);
    expect(readNote(kept!.note)!.signatures).toHaveLength(2);
    expect((await ledger.verify({ county: here }))[0]).toMatchObject({ witnessed: 160, findings: [] });
    await new Promise((resolve) => peer.close(resolve));
  });

  test('measures what waits', async () => {
    world.advance(90_000);
    await ledger.append(world.db, entriesFor('330287', 3, 'waiting').map((entry) => ({ ...entry, at: new Date(world.now() - 2_500).toISOString() })));
    expect(await ledger.lag()).toMatchObject({ rows: 4 });
    const text = await world.metrics.metrics();
    expect(text).toMatch(/lamplight_ledger_inbox_rows 4\n/);
    expect(text).toMatch(/lamplight_ledger_sequenced_total \d{3}/);
  });
});
