import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { openTown, type Town } from '../../src/entry/town/town.ts';
import { createServer } from '../../src/platform/http/server.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { county, openCaseTown, people, person, served, type CaseTown } from './made.ts';

const { collector, intake, dispatcher, keeper, other, operator, resident } = people;
const steward = person(20, 'steward');
let cases: CaseTown;
let town: Town;
let url: string;
let close: () => Promise<void>;
let { world, modules, done, reason, stateOf, filed, inHand } = {} as CaseTown;
const ok = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
};
const day = 86_400_000;

/** Cases in every stage, filed while the table still had lamps. */
const held: Record<'reported' | 'filed' | 'dispatched' | 'handling', string> = { reported: '', filed: '', dispatched: '', handling: '' };
let limitMs: number;
let limit: readonly [number, string];
let otherRow: string;

beforeAll(async () => {
  cases = await openCaseTown();
  ({ world, modules, done, reason, stateOf, filed, inHand } = cases);
  const { row, lamp } = cases;
  held.reported = (await done(resident, null, 'report', { text: '路灯不亮', component: lamp, code: row, blobs: [served] })).id;
  held.filed = await filed();
  await done(keeper, held.filed, 'return', { reason: '先还给派遣员' });
  held.dispatched = await filed();
  held.handling = await inHand();
  const clock = (await stateOf(held.handling)).clocks.find(({ name }) => name === 'handle')!;
  limitMs = clock.dueAt! - clock.startedAt;
  limit = [clock.amount, clock.unit];
  // The next table has no street lamp at all; the one before is withdrawn.
  const lamps = modules.catalogue.rows(county, 1).filter(({ code }) => code === 'C0137');
  otherRow = modules.catalogue.rows(county, 1).find(({ code, limit }) => code !== 'C0137' && limit?.unit === 'workingDay')!.key;
  ok(await modules.catalogue.editing.save(steward, county, { base: 1, edits: lamps.map(({ key }) => ({ key, values: null })) }));
  world.advance(1_000);
  ok(await modules.catalogue.editing.withdraw(steward, county, 1));
  town = await openTown({ ...world, metrics: createMetrics() });
  const server = await createServer(world, town.http);
  server.mount(town.routes);
  url = await server.listen();
  close = async () => { await server.drain(); await town.close(); };
}, 180_000);
afterAll(async () => { await close?.(); await cases?.close(); });

const handle = async (id: string) => (await stateOf(id)).clocks.find(({ name }) => name === 'handle')!;

test('nothing new is filed under it: a report that chose its row is filed under another, and suggestions name none of it', async () => {
  expect(await reason(intake, held.reported, 'file', { code: cases.row })).toBe('case.no-code');
  expect(await reason(collector, null, 'report', { text: '不亮', component: cases.lamp, code: cases.row })).toBe('case.no-code');
  expect(modules.catalogue.rank(county, '路灯不亮', { componentClass: '0137' }).map(({ key }) => modules.catalogue.row(county, 2, key)!.code)).not.toContain('C0137');
  await done(intake, held.reported, 'file', { code: otherRow });
  expect((await stateOf(held.reported)).matter.facets).toMatchObject({ code: otherRow, codeVersion: 2 });
});

test('a case filed under it goes through everything that is left to its end, with the limit of its own table', async () => {
  // In nobody's hands: sent out again under the limit that it was filed with.
  await done(dispatcher, held.filed, 'dispatch', { unit: 'lighting' });
  const clock = await handle(held.filed);
  expect([clock.amount, clock.unit]).toEqual([...limit]);
  await done(keeper, held.filed, 'accept');

  for (const id of [held.filed, held.dispatched, held.handling]) {
    if (id === held.dispatched) {
      await done(dispatcher, id, 'redispatch', { unit: 'works', reason: '改由养护站办' });
      await done(other, id, 'accept');
    }
    const who = id === held.dispatched ? other : keeper;
    const before = (await handle(id)).dueAt!;
    await done(dispatcher, id, 'addAssisting', { unit: 'enforcement', what: '维持秩序' });
    await done(people.enforcer, (await modules.matters.openChildren(world.db, county, id, 'task'))[0]!, 'accept');
    await done(people.enforcer, (await modules.matters.openChildren(world.db, county, id, 'task'))[0]!, 'finish', { blobs: [served], note: '好了' });
    await done(who, id, 'requestExtension', { amount: 1, reason: '缺货' });
    await done(dispatcher, id, 'approveExtension');
    expect((await handle(id)).dueAt! - before).toBeGreaterThanOrEqual(day - 3_600_000);
    await done(who, id, 'requestHold', { days: 3, reason: '等天晴' });
    await done(dispatcher, id, 'approveHold');
    world.advance(3_600_000);
    await done(dispatcher, id, 'resume');
    await done(who, id, 'appeal', { reason: '不是我们的责任' });
    await done(dispatcher, id, 'decideAppeal', { upheld: false, reason: '是' });
    await done(people.supervisor, id, 'urge', { reason: '抓紧' });
    await done(who, id, 'arrive');
    await done(who, id, 'finish', { blobs: [served] });
    await done(collector, id, 'rework', { reason: '还不亮' });
    await done(who, id, 'finish', { blobs: [served] });
    await done(collector, id, 'verify', { blobs: [served] });
    expect((await stateOf(id)).matter.state).toBe('closed');
    await done(operator, id, 'callback', { outcome: 'answered', solved: false });
    await done(intake, id, 'reopen', { reason: '又不亮了' });
    expect((await stateOf(id)).matter.facets).toMatchObject({ code: cases.row, codeVersion: 1 });
    await done(dispatcher, id, 'dispatch', { unit: 'lighting' });
    const again = await handle(id);
    expect([again.amount, again.unit]).toEqual(limit);
    await done(keeper, id, 'accept');
  }
  const fresh = await handle(held.handling);
  expect(fresh.dueAt! - fresh.startedAt).toBeGreaterThanOrEqual(limitMs - 3 * day);
  for (const id of [held.filed, held.dispatched, held.handling]) {
    await done(keeper, id, 'finish', { blobs: [served] });
    await done(collector, id, 'verify');
    expect((await stateOf(id)).matter.state).toBe('closed');
  }
});

test('its page, its row in lists and files, and Open311 say what it was filed under, and no service is offered for it', async () => {
  const row = modules.catalogue.row(county, 1, cases.row)!;
  const page = ok(await modules.matters.page(intake, held.handling, 'zh-Hans'));
  expect(page.matter.code).toMatchObject({ id: cases.row, name: expect.stringContaining(row.minorName) });
  expect(JSON.stringify(page.explain)).toContain(row.openCondition.slice(0, 6));
  const exported = ok(await modules.matters.exported(intake, { box: 'ended', format: 'csv' }, 'zh-Hans'));
  const lines: string[] = [];
  for await (const batch of exported.table.batches) lines.push(...batch.map((cells) => cells.join('|')));
  expect(lines.filter((line) => line.includes(page.matter.number) && line.includes(row.minorName))).toHaveLength(1);

  const ask = async (path: string) => { const answer = await fetch(`${url}/open311/v2/${path}`); return { status: answer.status, body: (await answer.json()) as Record<string, unknown>[] }; };
  const services = (await ask('services.json')).body.map(({ service_code: code }) => code);
  expect(services).not.toContain('streetlight');
  expect(services.length).toBeGreaterThan(3);
  const one = await ask(`requests/${page.matter.number}.json`);
  expect(one.status).toBe(200);
  expect(one.body[0]).toMatchObject({ service_request_id: page.matter.number, status: 'closed', service_code: 'streetlight' });
  expect((await ask('requests.json?service_code=streetlight&status=closed')).body.map(({ service_request_id: id }) => id)).toContain(page.matter.number);
  expect((await ask('services/streetlight.json')).status).toBe(404);
});

test('the ledger of it all verifies', async () => {
  await modules.matters.drain();
  await modules.ledger.sequencer.drain();
  expect((await modules.ledger.verify({ county })).flatMap(({ findings }) => findings)).toEqual([]);
});
