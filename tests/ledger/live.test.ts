import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { createLedger, ledgerRoutes, type Ledger, type Live, type LiveRights } from '../../src/modules/ledger/index.ts';
import { readTilePath } from '../../src/modules/ledger/service/serving.ts';
import { serve, someone, type Served } from '../platform/http/serving.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { entriesFor, until } from './made.ts';

const county = '330281';

interface Heard {
  readonly id: string;
  readonly event: string;
  readonly data: { readonly county?: string; readonly seq?: number; readonly at?: string };
}

/** Reads a stream of server-sent events as a browser does. */
const listen = async (served: Served, as: Actor, path = '/api/live', headers: Record<string, string> = {}) => {
  const cut = new AbortController();
  const response = await served.ask(path, { as, headers, signal: cut.signal });
  const heard: Heard[] = [];
  let lastId = '';
  let ended = false;
  const reading = (async () => {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(chunk, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const fields = new Map(text.slice(0, end).split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]));
        text = text.slice(end + 2);
        lastId = fields.get('id') ?? lastId;
        if (fields.has('data')) heard.push({ id: lastId, event: fields.get('event') ?? 'message', data: JSON.parse(fields.get('data')!) as Heard['data'] });
      }
    }
  })().catch(() => {}).finally(() => { ended = true; });
  return {
    status: response.status, heard,
    seqs: () => heard.filter(({ event }) => event === 'entry').map(({ data }) => data.seq!),
    get lastId() { return lastId; },
    get ended() { return ended; },
    async close() { cut.abort(); await reading; },
  };
};

describe('the live stream', () => {
  let world: TestWorld;
  let ledger: Ledger;
  let live: Live;
  let served: Served;
  const blind = new Set<string>();
  const gone = new Set<string>();
  const rights: LiveRights<string> = {
    counties: (actor) => [...new Set(actor.grants.map((grant) => grant.county as string))],
    subjects: async (_county, entries) => entries.map(({ entry }) => entry.actor.unit ?? ''),
    compile: (actor) => {
      const isBlind = blind.has(actor.id);
      const odd = actor.grants.some((grant) => grant.role === 'odd');
      return ({ seq }, unit) => !isBlind && unit !== 'secret' && (!odd || seq % 2 === 1);
    },
    reload: async (actor) => (gone.has(actor.id) ? undefined : actor),
    changes: ({ entry }) => (entry.subject === 'config' && entry.kind === 'grant' ? String(entry.set?.['account']) : undefined),
  };

  beforeAll(async () => {
    world = await testWorld();
    ledger = createLedger(world);
    live = ledger.openLive(rights);
    for (const part of [...ledger.hearing, ...ledger.works, live]) part.start();
    served = await serve(world, ledgerRoutes(ledger, { live, find: async (actor, matter) => (actor.grants.length > 0 && matter !== 'hidden' ? county : undefined), db: world.db, mayBrowse: () => false, seen: async () => new Set(), send: () => undefined }));
  });
  afterAll(async () => {
    await served.server.drain();
    for (const part of [live, ...ledger.works, ...ledger.hearing]) await part.stop();
    await world.close();
  });

  const write = async (count: number, seed: string, change: object = {}) => {
    await ledger.append(world.db, entriesFor(county, count, seed).map((entry) => ({ ...entry, ...change })));
    ledger.sequencer.nudge(county);
  };
  const size = () => ledger.position(world.db, county);
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + 1 + i);

  test('follows a snapshot, whoever wrote and whichever process put it in order', async () => {
    await write(30, 'before');
    await until(async () => (await size()) === 30);
    const stream = await listen(served, someone('01', 'x'), `/api/live?after=${county}:20`);
    await until(() => stream.seqs().length === 10);
    const elsewhere = createLedger({ ...world, metrics: createMetrics() });
    await elsewhere.append(world.db, entriesFor(county, 5, 'elsewhere'));
    await elsewhere.sequencer.drain(county);
    await until(() => stream.seqs().length === 15);
    expect(stream.heard[0]).toMatchObject({ event: 'open', id: `${county}:20` });
    expect(stream.seqs()).toEqual(range(20, 35));
    expect(stream.heard.at(-1)).toMatchObject({ id: `${county}:35`, data: { county, seq: 35 } });
    await stream.close();
  });

  test('resumes after every cut without a gap and without a double, while entries pour in', async () => {
    const start = await size();
    const all: number[] = [];
    let lastId = `${county}:${start}`;
    const writing = (async () => { for (let i = 0; i < 30; i++) await write(20, `pour ${i}`); })();
    while (all.length < 600) {
      const stream = await listen(served, someone('02', 'x'), '/api/live', { 'last-event-id': lastId });
      const enough = 15 + (all.length % 70);
      await until(() => stream.seqs().length >= Math.min(enough, 600 - all.length));
      await stream.close();
      all.push(...stream.seqs());
      lastId = stream.lastId;
    }
    await writing;
    expect(all).toEqual(range(start, start + 600));
  });

  test('shows each listener what its rights show, and encodes events for all of them together', async () => {
    const start = await size();
    const streams = await Promise.all([...Array(20).keys()].map((i) => listen(served, someone(String(20 + i), i % 2 ? 'odd' : 'x'))));
    await until(() => streams.every((stream) => stream.heard.length === 1));
    await write(4, 'open');
    await write(2, 'secret', { actor: { id: '0', role: 'x', unit: 'secret' } });
    await write(4, 'after');
    const wanted = [...range(start, start + 4), ...range(start + 6, start + 10)];
    await until(() => streams.every((stream, i) => stream.seqs().length === (i % 2 ? wanted.filter((seq) => seq % 2).length : wanted.length)));
    for (const [i, stream] of streams.entries()) expect(stream.seqs()).toEqual(i % 2 ? wanted.filter((seq) => seq % 2) : wanted);
    await Promise.all(streams.map((stream) => stream.close()));
    await until(() => live.listeners === 0);
  });

  test('takes a right away before the entry that says so is shown, and ends with the last right', async () => {
    const [actor, other] = [someone('51', 'x'), someone('52', 'x')];
    const [stream, witness] = [await listen(served, actor), await listen(served, other)];
    await until(() => stream.heard.length === 1 && witness.heard.length === 1);
    blind.add(actor.id);
    await write(1, 'grant ends', { subject: 'config', kind: 'grant', set: { account: actor.id } });
    await write(2, 'unseen');
    await until(() => witness.seqs().length === 3);
    expect(stream.seqs()).toEqual([]);
    gone.add(actor.id);
    await live.refresh(actor.id);
    await until(() => stream.ended);
    expect(stream.heard.at(-1)!.event).toBe('end');
    await witness.close();
  });

  test('of two counties bears both in its id, and starts over when asked for a place that the log does not reach', async () => {
    const second = '330282';
    await ledger.append(world.db, entriesFor(second, 3, 'second'));
    await ledger.sequencer.drain(second);
    const actor: Actor = { ...someone('61', 'x'), grants: [county, second].map((code) => ({ ...someone('61', 'x').grants[0]!, county: code as CountyCode })) };
    const at = await size();
    const stream = await listen(served, actor, `/api/live?after=${county}:${at},${second}:1`);
    await until(() => stream.seqs().length === 2);
    expect(stream.heard.map(({ id }) => id)).toEqual([`${county}:${at},${second}:1`, `${county}:${at},${second}:2`, `${county}:${at},${second}:3`]);
    await stream.close();
    const lost = await listen(served, actor, '/api/live', { 'last-event-id': `${county}:999999` });
    await until(() => lost.heard.length === 1);
    expect(lost.heard[0]).toMatchObject({ event: 'reset', data: { at: `${county}:${at},${second}:3` } });
    await lost.close();
    expect((await served.ask('/api/live?after=nonsense', { as: actor })).status).toBe(400);
    expect((await served.ask('/api/live')).status).toBe(401);
  });

  test('serves checkpoint, tiles and consistency to anybody, and a matter\'s proof to who may see it', async () => {
    const entry = (await world.db.query<{ matter: string }>(`select matter from ledger_entry where county = '${county}' limit 1`))[0]!;
    await ledger.sequencer.drain(county);
    const note = await (await served.ask(`/api/ledger/${county}/checkpoint`)).text();
    expect(note).toMatch(/^lamplight\.ledger\/330281\n\d+\n/);
    const total = await size();
    const tile = await served.ask(`/api/ledger/${county}/tile/0/000`);
    expect([tile.status, (await tile.arrayBuffer()).byteLength, tile.headers.get('cache-control')]).toEqual([200, 8192, 'public, max-age=31536000, immutable']);
    const partial = await served.ask(`/api/ledger/${county}/tile/0/00${Math.floor(total / 256)}.p/${total % 256}`);
    expect((await partial.arrayBuffer()).byteLength).toBe((total % 256) * 32);
    expect((await served.ask(`/api/ledger/${county}/tile/0/00${Math.floor(total / 256)}`)).status).toBe(404);
    expect(await (await served.ask(`/api/ledger/${county}/consistency?from=10&to=${total}`)).json()).toMatchObject({ from: 10, to: total });
    expect((await served.ask(`/api/ledger/${county}/consistency?from=10&to=${total + 1}`)).status).toBe(422);
    expect(await (await served.ask('/api/ledger/keys')).json()).toEqual({ keys: [world.keys.ledger.verifier] });
    const proof = await served.ask(`/api/matters/${entry.matter}/proof`, { as: someone('01', 'x') });
    expect(await proof.json()).toMatchObject({ county, matter: entry.matter, waiting: 0 });
    expect((await served.ask(`/api/matters/${entry.matter}/proof`, { as: someone('02') })).status).toBe(404);
  });

  test('tile addresses are those of C2SP tlog-tiles, one for each tile', () => {
    expect(readTilePath('x001/x234/067')).toEqual({ index: 1_234_067, width: 256 });
    expect(readTilePath('000.p/17')).toEqual({ index: 0, width: 17 });
    for (const path of ['', '67', 'x000/067', '067.p/0', '067.p/256', '067.p/300', 'x067', '../067']) expect(readTilePath(path)).toBeUndefined();
  });
});
