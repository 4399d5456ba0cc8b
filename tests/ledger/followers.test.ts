import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

  test('lag is how many entries they have not seen', async () => {
    const ledger = createLedger(world);
    await ledger.append(world.db, entriesFor(county, 7, 'lag'));
    await ledger.sequencer.drain(county);
    expect(await world.metrics.metrics()).toContain('lamplight_follower_lag_entries{follower="steady"} 7');
  });
});
