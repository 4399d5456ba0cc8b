import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { pieceBytes } from '../../src/modules/history/contract.ts';
import { readMapping } from '../../src/modules/history/index.ts';
import type { ImportRow } from '../../src/modules/history/store.ts';
import { county, done, type House, openHouse, type Served } from './house.ts';

const slow = 300_000;
let house: House;
let served: Served;
beforeAll(async () => {
  house = await openHouse();
  served = await house.serve();
  await served.start();
}, slow);
afterAll(() => house?.close(), slow);

it('kill -9 of the server in the middle of a check and twice in the middle of an import: it goes on by itself, no row is lost, none comes twice, and the ledger verifies', async () => {
  const { history, ledger, world } = house.modules;
  const rows = 16_000;
  const bytes = Buffer.from(['案件编号,上报时间,案件状态,结案时间,问题描述', ...Array.from({ length: rows }, (_, at) => `kill-${at},2023-05-04 08:12,已结案,2023-05-05 16:40,路灯不亮`)].join('\n'));
  const { id } = done(await history.runs.begin(theSystem, county, 'old.csv', bytes.length));
  for (let n = 0; n * pieceBytes < bytes.length; n++) done(await history.runs.piece(theSystem, county, id, n, bytes.subarray(n * pieceBytes, (n + 1) * pieceBytes)));
  const mapping = done(await history.mappings.save(theSystem, county, 'kill', 0, { ...done(await readMapping('city-management')), source: 'kill' }));
  const now = async (): Promise<ImportRow> => done(await history.runs.find(theSystem, county, id));
  const until = (what: (row: ImportRow) => boolean): Promise<ImportRow> => vi.waitFor(async () => {
    const row = await now();
    if (!what(row)) throw new Error(`${row.state} ${row.rows} ${row.added}`);
    return row;
  }, { timeout: 120_000, interval: 20 });
  const heldBy = async (): Promise<string | null> => (await world.db.query<{ held_by: string | null }>('select held_by from history_import where id = $1', [id]))[0]!.held_by;
  const again = async (): Promise<void> => { await served.kill(); await served.start(); };

  done(await history.runs.check(theSystem, county, id, mapping.name, mapping.version));
  await vi.waitFor(async () => expect(await heldBy()).not.toBeNull(), { timeout: 60_000, interval: 5 });
  await again();
  expect(await until(({ state }) => state === 'checked')).toMatchObject({ rows, refused: 0, known: 0, added: 0 });
  done(await history.runs.turn(theSystem, county, id, 'start', false));
  for (const least of [1, 6_000]) {
    const { added, state } = await until((row) => row.added >= least || row.state === 'done');
    expect([state, added < rows]).toEqual(['running', true]);
    await again();
  }
  expect(await until(({ state }) => state === 'done')).toMatchObject({ added: rows });
  const [counted] = await world.db.query(`select count(*) as rows, count(distinct matter) as matters from history_row where county = $1 and source = 'kill'`, [county]) as [{ rows: number; matters: number }];
  expect(counted).toEqual({ rows, matters: rows });
  expect(await world.db.query(`select count(*) as n from matter where county = $1 and data -> 'imported' ->> 'source' = 'kill'`, [county])).toEqual([{ n: rows }]);
  await served.stop();
  await ledger.sequencer.drain();
  expect((await ledger.verify()).flatMap(({ findings }) => findings)).toEqual([]);
}, slow);
