import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSigning, createLedger, signingObstacles } from '../../src/modules/ledger/index.ts';
import { encodeEdge, extend, hashLeaf, rootOf } from '../../src/modules/ledger/rules/tree.ts';
import { sha256 } from '../../src/modules/ledger/service/sha256.ts';
import { addKey, openKeys } from '../../src/platform/keys.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { entriesFor } from './made.ts';

describe('a head is signed only where it continues what was signed', () => {
  let world: TestWorld;
  const folders: string[] = [];
  const otherKeys = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lamplight-keys-'));
    folders.push(folder);
    return openKeys(folder);
  };
  beforeAll(async () => { world = await testWorld(); });
  afterAll(async () => {
    await world.close();
    for (const folder of folders) await rm(folder, { recursive: true });
  });
  const sizes = async (county: string): Promise<number[]> =>
    (await world.db.query<{ size: number }>('select size from ledger_checkpoint where county = $1 order by size', [county])).map(({ size }) => size);
  /** Another process: it remembers nothing. */
  const started = (more: Partial<TestWorld> = {}) => createLedger({ ...world, ...more, metrics: createMetrics() });
  const grow = async (ledger: ReturnType<typeof createLedger>, county: string, count: number, seed: string): Promise<void> => {
    await ledger.append(world.db, entriesFor(county, count, seed));
    await ledger.sequencer.drain(county);
  };

  test('a log that was rewritten whole under a checkpoint is not signed on, and it is said', async () => {
    const county = '330301';
    await grow(started(), county, 300, 'a');
    const owner = world.ownerDb;
    await owner.query(`update ledger_entry set canonical = convert_to(replace(convert_from(canonical, 'UTF8'), '"step1"', '"step9"'), 'UTF8'), action = 'step9' where county = $1 and seq = 201`, [county]);
    const rows = await owner.query<{ canonical: Buffer }>('select canonical from ledger_entry where county = $1 order by seq', [county]);
    const { edge, tiles } = extend(sha256, 0, [], Buffer.concat(rows.map((row) => hashLeaf(sha256, row.canonical))));
    for (const tile of tiles) await owner.query('update ledger_tile set hashes = $1 where county = $4 and level = $2 and index = $3', [tile.hashes, tile.level, tile.index, county]);
    await owner.query('update ledger_head set edge = $1, root = $2 where county = $3', [encodeEdge(edge), rootOf(sha256, edge), county]);
    const metrics = createMetrics();
    const ledger = createLedger({ ...world, metrics });
    await grow(ledger, county, 8, 'b');
    expect(await sizes(county)).toEqual([300]);
    expect(await ledger.unsigned()).toEqual(new Map([[county, 'rewritten']]));
    expect(await checkSigning(world.db, world.keys)).toMatchObject([{ check: 'signing', state: 'bad', key: 'doctor.signing.broken', params: { counties: county } }]);
    expect(await metrics.metrics()).toContain(`lamplight_ledger_signing_refused{county="${county}"} 1`);
    await owner.query('delete from ledger_checkpoint where county = $1', [county]);
    expect((await signingObstacles(world.db, world.keys)).get(county)).toBe('missing');
  });

  test('checkpoints that were taken out, head and all, are missed by the process that signed them', async () => {
    const county = '330302';
    const ledger = started();
    await grow(ledger, county, 20, 'a');
    await world.ownerDb.query('delete from ledger_checkpoint where county = $1', [county]);
    await world.ownerDb.query('update ledger_head set signed_size = 0 where county = $1', [county]);
    await grow(ledger, county, 4, 'b');
    expect(await sizes(county)).toEqual([]);
    expect((await ledger.unsigned()).get(county)).toBe('missing');
  });

  test('a lost key is followed by another only by an entry that says so, and its checkpoints stay provable', async () => {
    const county = '330303';
    await grow(started(), county, 40, 'a');
    const keys = await otherKeys();
    const ledger = started({ keys });
    await grow(ledger, county, 4, 'b');
    expect(await sizes(county)).toEqual([40]);
    expect((await ledger.unsigned()).get(county)).toBe('key');
    expect((await ledger.verify({ county }))[0]!.findings).toMatchObject([{ what: 'checkpoint_signature' }]);
    expect(await ledger.rekey(county, '钥匙随旧服务器丢失', (await otherKeys()).ledger.verifier)).toMatchObject({ done: false, reason: 'unknown' });
    expect(await ledger.rekey(county, '钥匙随旧服务器丢失')).toMatchObject({ done: true, previous: world.keys.ledger.verifier, verifier: keys.ledger.verifier, size: 40 });
    expect(await sizes(county)).toEqual([40, 45]);
    expect((await ledger.unsigned()).has(county)).toBe(false);
    expect((await ledger.verify({ county }))[0]).toMatchObject({ entries: 45, findings: [] });
    expect(await ledger.rekey(county, 'again')).toMatchObject({ done: false, reason: 'current' });
    await grow(ledger, county, 4, 'c');
    expect(await sizes(county)).toEqual([40, 45, 49]);
  });

  test('a key that was rotated, with the earlier one still in its folder, signs on without a word', async () => {
    const county = '330304';
    await grow(started(), county, 10, 'a');
    const next = await otherKeys();
    const keys = { ...next, ledgerKeys: [...world.keys.ledgerKeys, ...next.ledgerKeys] };
    const ledger = started({ keys });
    await grow(ledger, county, 4, 'b');
    expect(await sizes(county)).toEqual([10, 14]);
    expect((await ledger.verify({ county }))[0]!.findings).toEqual([]);
  });

  test('processes that run take a rotated key at once: each signs with it, takes what another has signed with it, and publishes it', async () => {
    const county = '330305';
    const folder = await mkdtemp(join(tmpdir(), 'lamplight-keys-'));
    folders.push(folder);
    const [one, other] = [started({ keys: openKeys(folder) }), started({ keys: openKeys(folder) })];
    await grow(one, county, 3, 'a');
    await grow(other, county, 3, 'b');
    addKey(folder, 'ledger');
    await grow(one, county, 3, 'c');
    await grow(other, county, 3, 'd');
    const signers = (await world.db.query<{ note: string }>('select note from ledger_checkpoint where county = $1 order by size', [county])).map(({ note }) => /\n— (\S+) /u.exec(note)![1]);
    const [first, second] = openKeys(folder).ledgerKeys.map(({ name }) => name);
    expect(signers).toEqual([first, first, second, second]);
    expect((await other.unsigned()).has(county)).toBe(false);
    expect((await one.verify({ county }))[0]!.findings).toEqual([]);
    expect(one.publicLog.keys).toHaveLength(2);
  });
});
