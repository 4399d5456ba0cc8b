import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { heldBy } from '../../src/entry/operator/held.ts';
import { county, openCaseTown, people, person, served, type CaseTown } from '../cases/made.ts';

const { dispatcher, keeper, other } = people;
const admin = person(9, 'admin');
let town: CaseTown;
let { world, modules, done, reason, stateOf, filed, inHand } = {} as CaseTown;

const ok = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result as T;
};
const verified = async () => {
  await modules.ledger.sequencer.drain();
  return (await modules.ledger.verify()).flatMap(({ findings }) => findings);
};
const unit = async (id: string) => (await modules.identity.units.get(world.db, county, [id])).get(id)!;
const held = async (id: string) => ok(await modules.identity.grants.held(theSystem, county, { unit: id, limit: 100 }));

beforeAll(async () => {
  town = await openCaseTown();
  ({ world, modules, done, reason, stateOf, filed, inHand } = town);
}, 120_000);
afterAll(() => town?.close());

const heirs = { cases: 'works', tasks: 'works', people: 'works', rules: 'works', components: 'works', units: 'works', places: 'works' };
let worker: string;
let [waiting, handling, task, finished, held1] = ['', '', '', '', ''];

test('a unit that holds something is not dissolved without a successor for each group, nor by just closing it', async () => {
  const name = { 'zh-Hans': '东片路灯班', 'zh-Hant': '東片路燈班', en: 'Lamps east' };
  worker = ok(await modules.identity.accounts.create(theSystem, county, { login: 'lamp.worker', name: '灯工' })).account.id;
  ok(await modules.identity.accounts.grant(theSystem, county, worker, { role: 'unithandler', unit: 'lighting', place: '' }));
  const lighting = await unit('lighting');
  ok(await modules.identity.units.put(admin, county, { ...lighting, places: ['330281103'], closed: false }));
  ok(await modules.identity.units.put(admin, county, { id: 'lamps-east', name, kind: 'station', parent: 'lighting' }));
  expect(await modules.identity.units.put(admin, county, { ...lighting, closed: true })).toMatchObject({ status: 409, reason: 'identity.close_by_dissolving' });
  waiting = await filed();
  handling = await inHand();
  task = (await done(dispatcher, await inHandOf('works'), 'addAssisting', { unit: 'lighting', what: '接线' })).also[0]!.id;
  finished = await inHand();
  await done(keeper, finished, 'finish', { blobs: [served] });
  held1 = await inHand();
  await done(keeper, held1, 'requestHold', { days: 3, reason: '等停电' });
  await done(dispatcher, held1, 'approveHold');

  const seen = ok(await modules.offices.holds(admin, county, 'lighting'));
  const counts = Object.fromEntries(seen.holds.map(({ group, count }) => [group, count]));
  expect(counts).toMatchObject({ cases: 4, tasks: 1, units: 1, places: 1 });
  expect(counts['people']).toBeGreaterThan(0);
  expect(counts['rules']).toBeGreaterThan(0);
  expect(counts['components']).toBeGreaterThan(0);
  expect(await modules.offices.judge(admin, county, 'lighting', { cases: 'works' })).toMatchObject({ status: 422, reason: 'offices.successors', errors: [{ path: '/successors/tasks' }, { path: '/successors/people' }, { path: '/successors/rules' }, { path: '/successors/components' }, { path: '/successors/units' }, { path: '/successors/places' }] });
  expect(await modules.offices.judge(admin, county, 'lighting', { ...heirs, units: 'lamps-east' })).toMatchObject({ errors: [{ path: '/successors/units', reason: 'offices.under_itself' }] });
  expect(await modules.offices.judge(admin, county, 'lighting', { ...heirs, cases: 'lighting' })).toMatchObject({ errors: [{ path: '/successors/cases', reason: 'offices.no_successor' }] });
  for (const who of [dispatcher, person(8, 'steward')] as Actor[]) expect(await modules.offices.dissolve(who, county, 'lighting', { reason: '合并', successors: heirs })).toMatchObject({ status: 403 });
  // Nor does a table close it; an empty unit it does.
  const table = (line: string) => modules.identity.importUnits(theSystem, county, { source: { name: 'units.csv', bytes: Buffer.from(`代码,名称,类型,上级单位,停用\n${line}\n`) }, inHand: (one) => heldBy(modules.offices, county, one) });
  expect(await table('lighting,路灯管理所,department,,是')).toMatchObject({ status: 422, reason: 'identity.import', errors: [{ path: '2:停用', reason: 'identity.line_in_hand' }] });
  expect((await unit('lighting')).closed_at).toBeNull();
  ok(await modules.identity.units.put(admin, county, { id: 'empty', name, kind: 'station', parent: null }));
  ok(await table('empty,空班组,station,,是'));
  expect((await unit('empty')).closed_at).not.toBeNull();
});

/** A case that another unit leads. */
const inHandOf = async (lead: string): Promise<string> => {
  const id = await filed();
  await done(dispatcher, id, 'redispatch', { unit: lead, reason: '由养护站主办' });
  await done(other, id, 'accept');
  return id;
};

test('a setting that names the unit keeps it from being dissolved, and says where', async () => {
  await world.ownerDb.query(`update county set settings = coalesce(settings, '{}') || '{"callbacks":{"opening":"lighting"}}' where county = $1`, [county]);
  const judged = await modules.offices.judge(admin, county, 'lighting', heirs);
  await world.ownerDb.query(`update county set settings = settings - 'callbacks' where county = $1`, [county]);
  expect(judged).toMatchObject({ status: 422, reason: 'offices.named', params: { where: 'callbacks.opening' } });
});

test('a unit dissolved with work in hand: every case, task, right, rule, component and place goes to its successor, clocks run on, the ledger verifies', async () => {
  const before = new Map(await Promise.all([waiting, handling, held1].map(async (id) => [id, (await stateOf(id)).clocks.map(({ name, dueAt, startedAt }) => ({ name, dueAt, startedAt }))] as const)));
  const components = await modules.components.ofUnit(county, 'lighting');
  const given = ok(await modules.offices.dissolve(admin, county, 'lighting', { reason: '机构改革，路灯所并入养护站', successors: heirs }));
  expect(given).toMatchObject({ left: 0, back_of: null });
  expect(given.ended_at).not.toBeNull();

  for (const id of [waiting, handling, finished, held1]) expect((await stateOf(id)).matter.facets.leadUnit).toBe('works');
  expect((await stateOf(handling)).matter).toMatchObject({ state: 'handling', facets: { handler: keeper.id } });
  expect((await stateOf(finished)).matter.state).toBe('verifying');
  expect((await stateOf(held1)).matter.state).toBe('held');
  for (const [id, clocks] of before) expect((await stateOf(id)).clocks.map(({ name, dueAt, startedAt }) => ({ name, dueAt, startedAt }))).toEqual(clocks);
  const taken = await stateOf(task);
  expect(taken.matter.facets.leadUnit).toBe('works');
  expect((await stateOf(taken.matter.facets.parent!)).matter.data['assisting']).toEqual([]);
  expect((await modules.cases.routing.rules(county)).rules.some((rule) => rule.unit === 'lighting')).toBe(false);
  expect(await modules.components.ofUnit(county, 'lighting')).toEqual({ owner: 0, manager: 0 });
  expect(components.owner + components.manager).toBeGreaterThan(0);
  expect(await unit('lamps-east')).toMatchObject({ parent: 'works' });
  expect((await unit('lighting')).closed_at).not.toBeNull();
  expect(await held('lighting')).toEqual([]);
  expect((await held('works')).some(({ account, grant }) => account === worker && grant.role === 'unithandler')).toBe(true);

  await modules.ledger.sequencer.drain();
  const [entry] = (await modules.ledger.entriesOf(world.db, county, handling)).slice(-1);
  expect(entry!.entry).toMatchObject({ action: 'succeed', behalf: `account:${admin.id}`, set: { succeeds: 'lighting', leadUnit: 'works' } });
  expect((await stateOf(handling)).texts.at(-1)).toMatchObject({ name: 'reason' });
  expect(await reason(keeper, waiting, 'accept')).toBe('matters.not-allowed');
  await done(other, waiting, 'accept');
  await done(other, handling, 'finish', { blobs: [served] });
  expect(await modules.offices.dissolve(admin, county, 'lighting', { reason: '再来', successors: heirs })).toMatchObject({ status: 409, reason: 'offices.closed' });
  expect(await verified()).toEqual([]);
});

test('taken back, the unit opens and gets what its successor has not brought to an end; whoever lost the right since stays without', async () => {
  const rules = (await modules.cases.routing.rules(county)).rules;
  await done(people.collector, handling, 'verify');
  const grant = (await held('works')).find(({ account }) => account === worker)!;
  ok(await modules.identity.accounts.endGrant(theSystem, county, grant.grant.id));
  expect(ok(await modules.offices.back(admin, county, 'lighting', '改革推迟'))).toMatchObject({ back_of: expect.any(String) });
  expect(await unit('lighting')).toMatchObject({ closed_at: null, places: ['330281103'] });
  expect((await stateOf(waiting)).matter.facets).toMatchObject({ leadUnit: 'lighting' });
  expect((await stateOf(handling)).matter).toMatchObject({ state: 'closed', facets: { leadUnit: 'works' } });
  expect((await stateOf(task)).matter.facets.leadUnit).toBe('lighting');
  expect((await modules.components.ofUnit(county, 'lighting')).owner + (await modules.components.ofUnit(county, 'lighting')).manager).toBeGreaterThan(0);
  expect((await modules.cases.routing.rules(county)).rules.map(({ unit: to }) => to)).not.toEqual(rules.map(({ unit: to }) => to));
  expect((await held('lighting')).some(({ account }) => account === worker)).toBe(false);
  expect(await modules.offices.back(admin, county, 'lighting', '再来')).toMatchObject({ status: 409, reason: 'offices.not_dissolved' });
  expect(await verified()).toEqual([]);
});

test('a dissolution that was cut off goes on by itself and gives nothing twice', async () => {
  const cases = await Promise.all([inHand(), inHand()]);
  const order = { id: '01900000-0000-7000-8000-0000000000aa', reason: '第二次合并' };
  await world.ownerDb.query('insert into unit_dissolution (county, id, unit, successors, reason, account, at) values ($1, $2, $3, $4, $5, $6, $7)',
    [county, order.id, 'lighting', JSON.stringify({ ...heirs, people: null }), order.reason, admin.id, new Date(world.now())]);
  expect(await modules.offices.turn()).toBe(1);
  expect(await modules.offices.turn()).toBe(0);
  for (const id of cases) {
    const { matter } = await stateOf(id);
    expect(matter.facets.leadUnit).toBe('works');
    expect(matter.facets.handler).toBeUndefined();
  }
  await modules.ledger.sequencer.drain();
  expect((await modules.ledger.entriesOf(world.db, county, cases[0]!)).filter(({ entry }) => entry.action === 'succeed')).toHaveLength(1);
  expect(await verified()).toEqual([]);
});
