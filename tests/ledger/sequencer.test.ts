import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { decodeEdge, extend, hashLeaf, rootOf } from '../../src/modules/ledger/rules/tree.ts';
import { sha256 } from '../../src/modules/ledger/service/sha256.ts';
import { readHead } from '../../src/modules/ledger/store/log.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { entriesFor, until } from './made.ts';

describe('sequencer', () => {
  let world: TestWorld;
  beforeAll(async () => { world = await testWorld(); });
  afterAll(() => world.close());

  /** The whole tree again, from the bytes alone. */
  const recomputed = async (county: string) => {
    const rows = await world.db.query<{ seq: number; canonical: Buffer }>('select seq, canonical from ledger_entry where county = $1 order by seq', [county]);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((_, i) => i + 1));
    const leaves = Buffer.concat(rows.map((row) => hashLeaf(sha256, row.canonical)));
    const { edge, tiles } = extend(sha256, 0, [], leaves);
    return { size: rows.length, root: Buffer.from(rootOf(sha256, edge)), tiles };
  };

  test('what many writers append at once is in the log once each, gapless, under the right root, by two sequencers', async () => {
    const [a, b] = [createLedger(world), createLedger(world)];
    a.sequencer.start();
    b.sequencer.start();
    await Promise.all(Array.from({ length: 8 }, async (_, writer) => {
      for (let round = 0; round < 25; round++) {
        await world.db.transaction((tx) => a.append(tx, entriesFor('330281', 4, `${writer}.${round}`)));
        a.sequencer.nudge('330281');
        b.sequencer.nudge('330281');
      }
    }));
    await until(async () => (await a.position(world.db, '330281')) === 800);
    await a.sequencer.stop();
    await b.sequencer.stop();
    await a.sequencer.drain();
    const head = (await readHead(world.db, '330281'))!;
    const again = await recomputed('330281');
    expect(again.size).toBe(800);
    expect(head.root).toEqual(again.root);
    expect(head.signedSize).toBe(800);
    expect(decodeEdge(800, head.edge).map((level) => level.length / 32)).toEqual([32, 3]);
    const ops = await world.db.query<{ n: number }>(`select count(distinct convert_from(canonical, 'UTF8')::jsonb->>'op') as n from ledger_entry where county = '330281'`);
    expect(ops[0]!.n).toBe(800);
    const tiles = await world.db.query<{ n: number }>(`select count(*) as n from ledger_tile where county = '330281'`);
    expect(tiles[0]!.n).toBe(again.tiles.length);
  });

  test('an action that rolls back leaves nothing in the ledger', async () => {
    const ledger = createLedger(world);
    await expect(world.db.transaction(async (tx) => {
      await ledger.append(tx, entriesFor('330282', 1, 'lost'));
      throw new Error('changed my mind');
    })).rejects.toThrow('changed my mind');
    expect(await ledger.sequencer.drain('330282')).toBe(0);
  });

  test('bytes that are no entry keep their place and stop nobody', async () => {
    const ledger = createLedger(world);
    await world.db.query(`insert into ledger_inbox (county, entry) values ('330283', '\\xff00'), ('330283', '{"kind":"a\\\\u0000b"}')`);
    await ledger.append(world.db, entriesFor('330283', 1, 'fine'));
    expect(await ledger.sequencer.drain('330283')).toBe(3);
    const rows = await world.db.query<{ subject: string }>(`select subject from ledger_entry where county = '330283' order by seq`);
    expect(rows.map((row) => row.subject)).toEqual(['unreadable', '', 'matter']);
  });
});
