import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/base/result.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { createLedger, type Follower } from '../../src/modules/ledger/index.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { entriesFor, until } from './made.ts';

const county = '330281';

/** Counts actions; one more with every entry, so that an entry seen twice or not at all shows. */
const tally = (name: string, broken: () => boolean = () => false): Follower => ({
  name,
  async apply(code, entries, tx) {
    for (const { seq, entry } of entries)
      await tx.query('insert into tally (county, name, seq, action) values ($1, $2, $3, $4)', [code, name, seq, entry.action]);
    if (broken()) throw new Error('killed in the middle of a batch');
  },
  beside: {
    begin: async (code, tx) => void (await tx.query('delete from tally_beside where county = $1', [code])),
    async apply(code, entries, tx) {
      for (const { seq, entry } of entries)
        await tx.query('insert into tally_beside (county, name, seq, action) values ($1, $2, $3, $4)', [code, name, seq, `${entry.action}!`]);
    },
    async swap(code, tx) {
      await tx.query('delete from tally where county = $1 and name = $2', [code, name]);
      await tx.query('insert into tally select * from tally_beside where county = $1 and name = $2', [code, name]);
    },
  },
});

describe('followers', () => {
  let world: TestWorld;
  beforeAll(async () => {
    world = await testWorld();
    for (const table of ['tally', 'tally_beside']) {
      await world.ownerDb.query(`create table ${table} (county text, name text, seq bigint, action text, primary key (county, name, seq))`);
      await world.ownerDb.query(`grant all on ${table} to lamplight_app`);
    }
  });
  afterAll(() => world.close());

  const another = () => createLedger({ ...world, metrics: createMetrics() });
  const withIt = (follower: Follower) => { const ledger = another(); ledger.followers.register(follower); return ledger; };
  const seqs = async (name: string) =>
    (await world.db.query<{ seq: number }>('select seq from tally where county = $1 and name = $2 order by seq', [county, name])).map((row) => row.seq);
  const upTo = (size: number) => Array.from({ length: size }, (_, i) => i + 1);

  test('see each entry once, in two processes at once, and go on when one of them ends', async () => {
    const [a, b] = [another(), another()];
    for (const ledger of [a, b]) {
      ledger.followers.register(tally('one'));
      ledger.followers.register(tally('two'));
      for (const part of [...ledger.hearing, ...ledger.works]) part.start();
    }
    const stop = async (ledger: typeof a) => { for (const part of [...ledger.works, ...ledger.hearing]) await part.stop(); };
    for (let round = 0; round < 6; round++) {
      await a.append(world.db, entriesFor(county, 50, `followers ${round}`));
      a.sequencer.nudge(county);
      if (round === 3) {
        await until(async () => (await seqs('one')).length > 0);
        await stop(a);
      }
    }
    await until(async () => (await seqs('two')).length === 300 && (await seqs('one')).length === 300);
    await stop(b);
    expect(await seqs('one')).toEqual(upTo(300));
    expect(await seqs('two')).toEqual(upTo(300));
  });

  test('that fail in the middle of a batch leave nothing of it, hold nobody up, and take it up again', async () => {
    let broken = true;
    const ledger = another();
    ledger.followers.register(tally('steady'));
    ledger.followers.register(tally('weak', () => broken));
    await ledger.followers.catchUp(county);
    expect(await seqs('steady')).toEqual(upTo(300));
    expect(await seqs('weak')).toEqual([]);
    expect(await world.db.query('select seq from follower_cursor where name = $1', ['weak'])).toEqual([{ seq: 0 }]);
    broken = false;
    const again = another();
    again.followers.register(tally('weak'));
    await again.followers.catchUp(county);
    expect(await seqs('weak')).toEqual(upTo(300));
  });

  test('are made anew beside what is read, and swapped', async () => {
    const ledger = another();
    ledger.followers.register(tally('steady'));
    await ledger.append(world.db, entriesFor(county, 20, 'later'));
    await ledger.sequencer.drain(county);
    expect(await ledger.followers.rebuild('steady', county)).toEqual({ swapped: true, reached: 320, from: 0 });
    expect(await seqs('steady')).toEqual(upTo(320));
    const rows = await world.db.query<{ action: string }>(`select distinct right(action, 1) as action from tally where name = 'steady'`);
    expect(rows).toEqual([{ action: '!' }]);
    await ledger.append(world.db, entriesFor(county, 3, 'last'));
    await ledger.sequencer.drain(county);
    await ledger.followers.catchUp(county);
    expect(await seqs('steady')).toEqual(upTo(323));
    expect(await ledger.followers.rebuild('nobody', county)).toMatchObject({ status: 404, reason: 'ledger.follower', params: { known: 'steady' } });
  });

  test('a rebuild that is stopped or killed goes on where it was, is dropped when asked, and leaves what is read alone meanwhile', async () => {
    const ledger = another();
    const steady = tally('steady');
    let batches = 0;
    const weak: Follower = { ...steady, beside: { ...steady.beside!, apply: async (code, entries, tx) => { if (++batches === 2) throw new Error('killed in the middle of a batch'); await steady.beside!.apply(code, entries, tx); } } };
    ledger.followers.register(weak);
    await ledger.append(world.db, entriesFor(county, 900, 'much'));
    await ledger.sequencer.drain(county);
    await ledger.followers.catchUp(county);
    const size = 323 + 900;
    await expect(ledger.followers.rebuild('steady', county)).rejects.toThrow('killed');
    expect(await seqs('steady')).toEqual(upTo(size));
    expect(await ledger.followers.rebuild('steady', county, { signal: AbortSignal.abort() })).toEqual({ swapped: false, reached: 500, from: 500 });
    const told: number[] = [];
    expect(await ledger.followers.rebuild('steady', county, { progress: (at) => void told.push(at) })).toEqual({ swapped: true, reached: size, from: 500 });
    expect(told).toEqual([1000, size]);
    expect(await seqs('steady')).toEqual(upTo(size));
    // Two at once: what one has swapped the other does not empty.
    const both = await Promise.all([ledger.followers.rebuild('steady', county), withIt(weak).followers.rebuild('steady', county)]);
    expect(both.filter((one) => isRefusal(one) && one.reason === 'ledger.rebuild_elsewhere').length).toBeLessThan(2);
    expect(await seqs('steady')).toEqual(upTo(size));
    await ledger.followers.rebuild('steady', county, { fresh: true, signal: AbortSignal.abort() });
    expect(await ledger.followers.dropRebuild('steady', county)).toEqual({ done: true });
    expect(await world.db.query(`select 1 from follower_cursor where name = 'steady~beside'`)).toEqual([]);
  });

  test('a rebuild that moves one cursor costs the others none of their entries', async () => {
    const ledger = another();
    for (const name of ['left', 'right']) ledger.followers.register(tally(name));
    await ledger.followers.catchUp(county);
    await ledger.append(world.db, entriesFor(county, 5, 'while held'));
    await ledger.sequencer.drain(county);
    const [head] = await world.db.query<{ size: number }>('select size from ledger_head where county = $1', [county]);
    // As the swap of a rebuild does: it holds one cursor, and has moved it when it lets go.
    let letGo = (): void => {};
    const go = new Promise<void>((resolve) => { letGo = resolve; });
    await new Promise<void>((held) => void world.db.transaction(async (tx) => {
      await tx.query(`select 1 from follower_cursor where county = $1 and name = 'left' for update`, [county]);
      held();
      await go;
      await tx.query(`update follower_cursor set seq = $2 where county = $1 and name = 'left'`, [county, head!.size]);
    }));
    const caught = ledger.followers.catchUp(county);
    await until(async () => (await world.db.query(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%follower_cursor%'`)).length > 0);
    letGo();
    await caught;
    expect((await seqs('right')).length).toBe(head!.size);
  });

  test('lag is how many entries they have not seen', async () => {
    const ledger = createLedger(world);
    await ledger.append(world.db, entriesFor(county, 7, 'lag'));
    await ledger.sequencer.drain(county);
    expect(await world.metrics.metrics()).toContain('lamplight_follower_lag_entries{follower="right"} 7');
  });
});
