import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal } from '../../src/base/result.ts';
import type { HistoryReport, Mapping } from '../../src/modules/history/contract.ts';
import { readMapping } from '../../src/modules/history/index.ts';
import { readHistoricTime } from '../../src/modules/history/rules/times.ts';
import { piecesOf } from '../../src/platform/tables/table.ts';
import { county, corner, done, servedTown, type ServedTown } from '../pages/town.ts';

let town: ServedTown;
let mapping: Mapping;
const titles = '案件编号,上报时间,案件状态,结案时间,小类代码,问题描述,经度,纬度,所属社区,处置部门,立案时间';
const table = (...rows: string[]): Buffer => Buffer.from([titles, ...rows].join('\n'));
/** A closed case, inside the village, in GCJ-02. */
const row = (id: string, more = ''): string => `${id},2023-05-04 08:12,${more || '已结案'},2023-05-05 16:40,0137,张三说路灯不亮,${corner.lng + 0.0105},${corner.lat + 0.0025},谢家路村,路灯所,2023-05-04 09:00`;
const bring = (bytes: Buffer, more: { dryRun?: boolean; leaveOut?: boolean; signal?: AbortSignal; source?: string; onProgress?: () => void } = {}) => {
  const { source, ...order } = more;
  return town.town.modules.history.import(theSystem, county, { source: { name: 'old.csv', ...piecesOf(bytes) }, mapping: { ...mapping, ...(source && { source }) }, ...order });
};
const report = async (bytes: Buffer, more: Parameters<typeof bring>[1] = {}): Promise<HistoryReport> => done(await bring(bytes, more));
const kinds = ({ problems }: HistoryReport): Record<string, number[]> => {
  const found: Record<string, number[]> = {};
  for (const { rule, lines } of problems) (found[rule] ??= []).push(...lines.map(({ line }) => line));
  return found;
};
const verified = async () => {
  await town.town.modules.ledger.sequencer.drain();
  return (await town.town.modules.ledger.verify()).flatMap(({ findings }) => findings);
};

beforeAll(async () => {
  town = await servedTown();
  mapping = done(await readMapping('city-management'));
}, 120_000);
afterAll(async () => { await town?.close(); });

test('the sample that ships is read whole: serial dates, full-width figures, coordinates of maps', async () => {
  const sample = readFileSync('data/history/city-management.sample.csv');
  const checked = await report(sample, { dryRun: true });
  expect(checked).toMatchObject({ rows: 4, added: 4, refused: 0, open: 1, problems: [] });
  expect(await town.cases()).toEqual([]);
  expect(await report(sample)).toMatchObject({ added: 4, known: 0, cancelled: false });
  const rows = await town.world.db.query<{ state: string; number: string; created_at: Date; ended_at: Date | null; due_clock: string | null; lead_unit: string | null }>(`select state, number, created_at, ended_at, due_clock, lead_unit from matter order by created_at`);
  expect(rows.map(({ state, number }) => [state, number.slice(0, 6)])).toEqual([['closed', '230504'], ['declined', '230601'], ['closed', '230623'], ['reported', '240301']]);
  expect(rows[2]!.created_at.toISOString()).toBe('2023-06-23T04:00:00.000Z');
  expect(rows[0]).toMatchObject({ ended_at: new Date('2023-05-05T16:40:00+08:00'), lead_unit: 'lighting', due_clock: null });
  expect(rows[3]).toMatchObject({ created_at: new Date('2024-03-01T08:05:00+08:00'), ended_at: null, due_clock: 'file', lead_unit: null });
  expect(await verified()).toEqual([]);
});

test('each row is one entry that says it was brought in, with the past as the other system told it, and no word of a person', async () => {
  await report(table(row('past-1')), { source: 'past' });
  await town.town.modules.ledger.sequencer.drain();
  const [{ matter }] = await town.world.db.query<{ matter: string }>(`select matter from history_row where source = 'past'`) as [{ matter: string }];
  const entries = await town.town.modules.ledger.entriesOf(town.world.db, county, matter);
  expect(entries).toHaveLength(1);
  const { entry } = entries[0]!;
  expect(entry).toMatchObject({ action: 'import', to: 'closed', mv: 1, at: new Date(town.world.now()).toISOString(), actor: { role: 'system' }, set: { imported: { source: 'past', id: 'past-1', reportedAt: '2023-05-04T00:12:00.000Z', endedAt: '2023-05-05T08:40:00.000Z' } } });
  expect(JSON.stringify(entry)).not.toMatch(/张三|不亮/);
  const whole = (await town.town.modules.matters.whole(town.world.db, county, matter))!;
  expect([...whole.texts].sort((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([{ name: 'description', personal: true, body: '张三说路灯不亮' }, { name: 'past', personal: false, body: '2023-05-04 09:00 立案' }]);
  expect(whole.matter.title).toMatch(/^泗门镇 谢家路村|第[一二]网格/);
  expect(whole.matter.facets).toMatchObject({ code: expect.stringMatching(/^C0137-/), lng: expect.closeTo(corner.lng + 0.006, 2) });
  // Nobody may import by hand, whatever role they have.
  expect(await town.town.modules.matters.act({ actor: theSystem, behalf: null, county, kind: 'case', matter: null, action: 'import', input: {}, op: town.world.random.uuid(0) })).toMatchObject({ status: 422 });
});

test('a row is taken in once by its source and id, and another source\'s of the same id is another', async () => {
  const before = (await town.cases()).length;
  await report(table(row('a1'), row('a2')), { source: 'one' });
  expect(await report(table(row('a1'), row('a2'), row('a3')), { source: 'one' })).toMatchObject({ added: 1, known: 2 });
  expect(await report(table(row('a1')), { source: 'two' })).toMatchObject({ added: 1, known: 0 });
  expect((await town.cases()).length).toBe(before + 4);
});

test('what was stopped, or cut off in the middle, goes on where it was', async () => {
  const rows = Array.from({ length: 5_000 }, (_, at) => row(`long-${at}`));
  const stop = new AbortController();
  const first = await report(table(...rows), { source: 'long', signal: stop.signal, onProgress: () => { if (stop.signal.aborted) return; void town.world.db.query(`select 1 from history_import where source = 'long' and added > 0`).then((found) => { if (found.length > 0) stop.abort(); }); } });
  expect(first.added).toBeLessThanOrEqual(5_000);
  // A batch that fails leaves nothing of itself: here the rows of one are there already under another matter.
  const { ownerDb } = town.world;
  await ownerDb.query(`alter table history_row add constraint cut check (id <> 'long-4500')`);
  if (first.added < 5_000) await expect(bring(table(...rows), { source: 'long' })).rejects.toThrow('cut');
  await ownerDb.query('alter table history_row drop constraint cut');
  const last = await report(table(...rows), { source: 'long' });
  expect(last.added + last.known).toBe(5_000);
  const [{ rows: count, matters }] = await town.world.db.query(`select count(*) as rows, count(distinct matter) as matters from history_row where source = 'long'`) as [{ rows: number; matters: number }];
  expect([count, matters]).toEqual([5_000, 5_000]);
  expect(await town.world.db.query(`select count(*) as n from matter where data -> 'imported' ->> 'source' = 'long'`)).toEqual([{ n: 5_000 }]);
  expect(await verified()).toEqual([]);
});

describe('what is wrong', () => {
  const bad = table(
    row('ok'), row('ok'), row(''), `x1,soon,已结案,,,,,,,,`, `x2,2027-01-01,已结案,,,,,,,,`, `x3,2023-01-01,飞了,,,,,,,,`, `x4,,已结案,,,,,,,,`,
    `y1,2023-02-01,已结案,2023-01-01,9999,词,10,20,无此村,无此所,31/31/2023`, `y2,2023-02-01,已结案,,,词,${corner.lat + 0.0025},${corner.lng + 0.0105},,,`, `z1,2023-02-01,已结案,,,${iconv.decode(Buffer.from('路灯不亮了，请来修'), 'gb18030')},,,,,`,
  );
  test('is listed by its kind with the lines, and nothing is taken in unless the rest is asked for', async () => {
    const checked = await report(bad, { dryRun: true, source: 'bad' });
    expect(kinds(checked)).toEqual({
      'history.twice': [3], 'history.id': [4], 'history.date': [5, 9], 'history.future': [6], 'history.state': [7], 'history.date_missing': [8], 'tables.mojibake': [11],
      'history.backwards': [9], 'history.code': [9], 'history.unit': [9], 'history.outside': [9], 'history.place': [9], 'history.swapped': [10],
    });
    expect(checked).toMatchObject({ rows: 10, refused: 7, added: 3 });
    const whole = await bring(bad, { source: 'bad' });
    expect(isRefusal(whole) && whole).toMatchObject({ status: 422, reason: 'history.import', params: { count: 7 } });
    expect(await report(bad, { source: 'bad', leaveOut: true })).toMatchObject({ added: 3, refused: 7 });
  });
  test('in the encoding is told from what is merely another one', async () => {
    expect(await report(iconv.encode(table(row('gb-1')).toString(), 'gb18030'), { dryRun: true })).toMatchObject({ encoding: 'gb18030', added: 1, refused: 0 });
    expect(await bring(iconv.encode(iconv.decode(table(row('gb-2')), 'gb18030'), 'utf-8'), { dryRun: true })).toMatchObject({ status: 422, reason: 'tables.missing_column' });
    expect(await bring(Buffer.from('nothing\n1\n'), { dryRun: true })).toMatchObject({ status: 422, reason: 'tables.missing_column' });
  });
  test('in a mapping is said', async () => {
    expect(await readMapping('no-such')).toMatchObject({ status: 404, reason: 'history.mapping', params: { known: expect.stringContaining('city-management') } });
    expect(await readMapping('package.json')).toMatchObject({ status: 422 });
  });
});

describe('a moment of another system', () => {
  test.each([
    ['2024-03-01', '2024-03-01T00:00:00+08:00'], ['2024/3/1 8:05', '2024-03-01T08:05:00+08:00'], ['2024.3.1 08:05:30', '2024-03-01T08:05:30+08:00'], ['2024年3月1日 8时5分', '2024-03-01T08:05:00+08:00'], ['2024年3月1日 9时', '2024-03-01T09:00:00+08:00'],
    ['20240301', '2024-03-01T00:00:00+08:00'], ['20240301080530', '2024-03-01T08:05:30+08:00'], ['2024-03-01T00:05:00Z', '2024-03-01T00:05:00Z'], ['45352', '2024-03-01T00:00:00+08:00'], ['45352.337', '2024-03-01T08:05:17+08:00'],
  ])('%s is read', (text, at) => {
    expect(new Date(readHistoricTime(text, 480)!).toISOString()).toBe(new Date(at).toISOString());
  });
  test.each(['2024-02-30', '2024-13-01', '3/1/2024', '', '昨天', '2024-03-01 25:00', '1'])('%s is none', (text) => expect(readHistoricTime(text, 480)).toBeUndefined());
  test('with the year last is read in the order that the mapping says', () => {
    expect(readHistoricTime('3/1/2024', 480, 'mdy')).toBe(Date.parse('2024-03-01T00:00:00+08:00'));
    expect(readHistoricTime('3/1/2024 07:00', 480, 'dmy')).toBe(Date.parse('2024-01-03T07:00:00+08:00'));
  });
  test('written out by a machine comes back to the second', () => {
    fc.assert(fc.property(fc.integer({ min: Date.UTC(1990, 0, 1) / 1000, max: Date.UTC(2026, 0, 1) / 1000 }), (second) => {
      const text = new Date(second * 1000 + 480 * 60_000).toISOString().slice(0, 19).replace('T', ' ');
      expect(readHistoricTime(text, 480)).toBe(second * 1000);
      expect(readHistoricTime(text.replace(/-/g, '/'), 480)).toBe(second * 1000);
    }));
  });
});
