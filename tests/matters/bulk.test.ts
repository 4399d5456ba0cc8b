import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { isUuid } from '../../src/base/ids.ts';
import { opOfMatter } from '../../src/modules/matters/service/desk/bulk.ts';
import type { BulkResult } from '../../src/modules/matters/contract.ts';
import { benchTown, county, person } from './kernel.ts';

const done = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(result.reason);
  return result;
};
const chief = person(2, 'gridworker');
const keeper = { ...person(3, 'unithandler', 'parks'), grants: [...person(3, 'supervisor').grants, ...person(3, 'unithandler', 'parks').grants] };
const second = person(4, 'gridworker');

let town: Awaited<ReturnType<typeof benchTown>>;
beforeAll(async () => { town = await benchTown(); });
afterAll(() => town.close());

const act = (actor: typeof chief, matter: string | null, action: string, input: object = {}) =>
  town.matters.act({ actor, behalf: null, county, kind: 'bench', matter, action, input, op: town.op() }).then(done);
const make = async (n: number): Promise<string[]> => (await Promise.all(Array.from({ length: n }, () => act(chief, null, 'report', { text: 'x' })))).map(({ id }) => id);
const standing = async (ids: readonly string[]) => (await town.matters.standings(town.world.db, county, ids));
const carry = async (actor: typeof chief, ask: { matters: string[]; action: string; input?: unknown; op: string }): Promise<BulkResult[]> => {
  const results: BulkResult[] = [];
  for await (const result of done(await town.matters.bulk.carry(actor, ask, 'en'))) results.push(result);
  return results;
};
const changes = async (): Promise<string[]> =>
  (await town.world.db.query<{ rows: string }>(`select format('%s %s', (select count(*) from ledger_inbox), (select count(*) from ledger_entry)) || ' ' || (select count(*) from operation) || ' ' || (select coalesce(sum(next), 0) from number_lease) || ' ' || (select sum(version) from matter) as rows`)).map(({ rows }) => rows);

test('the preview says who would be refused and why, and changes nothing at all', async () => {
  const [a, b, c] = (await make(3)) as [string, string, string];
  await act(keeper, b, 'take');
  const before = await changes();
  const results = done(await town.matters.bulk.preview(chief, { matters: [a, b, c, '01900000-0000-7000-8000-0000000000ff'], action: 'swap', input: { with: c } }, 'en'));
  expect(results.map(({ ok, reason }) => reason ?? ok)).toEqual([true, 'matters.not-in-this-state', 'matters.not-in-this-state', 'matters.not-found']);
  expect(results[1]!.words).toBe('This step is not possible in the present state. Reload to see what is.');
  expect(done(await town.matters.bulk.preview(chief, { matters: [a], action: 'pass' }, 'en'))[0]).toMatchObject({ reason: 'matters.not-in-this-state' });
  expect(done(await town.matters.bulk.preview(chief, { matters: [a], action: 'take' }, 'en'))[0]).toMatchObject({ reason: 'matters.not-allowed' });
  expect(done(await town.matters.bulk.preview(chief, { matters: [a], action: 'swap', input: {} }, 'en'))[0]).toMatchObject({ reason: 'matters.input-invalid' });
  expect(await changes()).toEqual(before);
});

test('what the preview promised is what is done, and asking again with the same op changes nothing and says the same', async () => {
  const ids = await make(70);
  for (const id of ids.slice(0, 9)) await act(keeper, id, 'take');
  const ask = { matters: ids, action: 'take', input: {}, op: town.op() };
  const preview = done(await town.matters.bulk.preview(keeper, ask, 'en'));
  expect(preview.filter(({ ok }) => !ok)).toHaveLength(9);
  const first = await carry(keeper, ask);
  expect(first.map(({ id, ok, reason }) => [id, ok, reason])).toEqual(preview.map(({ id, ok, reason }) => [id, ok, reason]));
  expect([...(await standing(ids)).values()].every(({ state }) => state === 'mending')).toBe(true);
  const before = await changes();
  expect((await carry(keeper, ask)).map(({ id, ok, reason }) => [id, ok, reason])).toEqual(first.map(({ id, ok, reason }) => [id, ok, reason]));
  expect(await changes()).toEqual(before);
});

test('a bulk that was broken off is taken up where it stopped, under the same op', async () => {
  const ids = await make(100);
  const ask = { matters: ids, action: 'take', input: {}, op: town.op() };
  const started = done(await town.matters.bulk.carry(keeper, ask, 'en'));
  await started.next();
  await started.return(undefined);
  const partly = [...(await standing(ids)).values()].filter(({ state }) => state === 'mending').length;
  expect(partly).toBeGreaterThan(0);
  expect(partly).toBeLessThan(100);
  expect((await carry(keeper, ask)).every(({ ok }) => ok)).toBe(true);
  const versions = await town.world.db.query<{ version: number }>('select version from matter where id = any($1::uuid[])', [ids]);
  expect(versions.every(({ version }) => version === 2)).toBe(true);
});

test('the actions offered are those possible for at least one, with how many, the commonest first', async () => {
  const ids = await make(4);
  await act(keeper, ids[0]!, 'take');
  expect(done(await town.matters.bulk.actions(keeper, ids, 'en')).map(({ name, count }) => [name, count])).toEqual([['take', 3], ['wait', 1], ['goOn', 1]]);
});

test('each matter of a bulk has a valid op of its own that follows from the bulk\'s', () => {
  const ops = new Set(['a', 'b', 'c'].flatMap((matter) => ['x', 'y'].map((op) => opOfMatter(op, matter))));
  expect(ops.size).toBe(6);
  expect([...ops].every(isUuid)).toBe(true);
  expect(opOfMatter('x', 'a')).toBe(opOfMatter('x', 'a'));
});

test('a filter is kept under its name for its account alone, and no more than thirty are', async () => {
  const { saved } = town.matters;
  done(await saved.put(chief, { name: '超期', box: 'all', filter: { due: 'late' } }));
  expect(done(await saved.put(chief, { name: '超期', box: 'unit', filter: { due: 'late', state: 'broken' } }))).toEqual([{ name: '超期', box: 'unit', filter: { due: 'late', state: 'broken' } }]);
  expect(done(await saved.list(second))).toEqual([]);
  for (let n = 1; n < 30; n++) done(await saved.put(chief, { name: `n${n}`, box: 'all', filter: {} }));
  expect(await saved.put(chief, { name: 'one more', box: 'all', filter: {} })).toMatchObject({ reason: 'matters.saved-full' });
  done(await saved.put(chief, { name: '超期', box: 'todo', filter: {} }));
  expect(done(await saved.drop(chief, '超期'))).toHaveLength(29);
});
