import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { writeTable } from '../../src/platform/tables/written.ts';
import { benchTown, county, person } from './kernel.ts';

const done = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(result.reason);
  return result;
};
const villages = ['33/3302/330281/330281103/330281103203/', '33/3302/330281/330281103/330281103204/'] as const;
const all = person(2, 'gridworker');
const one = person(3, 'supervisor', null, villages[0]);
const count = 2_301;

let town: Awaited<ReturnType<typeof benchTown>>;
beforeAll(async () => {
  town = await benchTown();
  await Promise.all(Array.from({ length: count }, (_, n) =>
    town.matters.act({ actor: all, behalf: null, county, kind: 'bench', matter: null, action: 'report', input: { text: 'x', place: villages[n % 2]! }, op: town.op() }).then(done)));
}, 60_000);
afterAll(() => town.close());

const csv = async (actor: typeof all, ask: object = {}): Promise<string[]> => {
  const made = done(await town.matters.exported(actor, { format: 'csv', ...ask }, 'zh-Hans'));
  let text = '';
  for await (const piece of writeTable('csv', made.table)) text += Buffer.from(piece).toString('utf8');
  return text.replace(/\r\n$/u, '').split('\r\n');
};
const traced = async (): Promise<{ action: string; actor: { id: string }; set: Record<string, unknown> }[]> =>
  (await town.world.db.query<{ entry: string }>(`select convert_from(entry, 'UTF8') as entry from ledger_inbox union all select convert_from(canonical, 'UTF8') from ledger_entry`))
    .map(({ entry }) => JSON.parse(entry) as { subject: string; at: string; action: string; actor: { id: string }; set: Record<string, unknown> })
    .filter(({ subject }) => subject === 'access');

test('an export holds the whole list, beyond any page, each matter once, with the titles in the reader\'s language', async () => {
  const lines = await csv(all);
  expect(lines[0]).toMatch(/^\uFEFF编号,类型,事项,/u);
  expect(new Set(lines).size).toBe(count + 1);
  expect(lines[1]).toContain('2026-11-26 09:00');
});

test('an export shows what its reader may see and nothing else, under the same filters as the list', async () => {
  expect(await csv(one)).toHaveLength(1 + Math.ceil(count / 2));
  expect(await csv(all, { path: villages[1] })).toHaveLength(1 + Math.floor(count / 2));
  expect(await csv(all, { state: 'mending' })).toHaveLength(1);
  expect(await town.matters.exported(all, { format: 'csv', number: '123' }, 'zh-Hans')).toMatchObject({ reason: 'matters.number-wrong' });
  expect(await town.matters.exported({ ...all, grants: [] }, { format: 'csv' }, 'zh-Hans')).toMatchObject({ status: 403 });
});

test('the trace says who exported what, by which filter, and how many rows went out; also where the reader left', async () => {
  const before = (await traced()).length;
  await csv(one, { state: 'broken', due: 'late' });
  const made = done(await town.matters.exported(all, { format: 'xlsx', box: 'all' }, 'en'));
  const writer = writeTable('xlsx', made.table);
  await writer.next();
  await writer.return(undefined);
  const entries = (await traced()).slice(before);
  const of = (actor: string) => entries.filter((entry) => entry.actor.id === actor).sort((a, b) => a.action.length - b.action.length);
  expect(of(one.id)).toMatchObject([{ action: 'export', set: { format: 'csv', 'filter.state': 'broken', 'filter.due': 'late' } }, { action: 'exported', set: { rows: 0, whole: true } }]);
  expect(of(all.id)).toMatchObject([{ action: 'export', set: { format: 'xlsx', 'filter.box': 'all' } }, { action: 'exported', set: { rows: 1_000, whole: false } }]);
  expect(of(all.id)[0]!.set['export']).toBe(of(all.id)[1]!.set['export']);
});
