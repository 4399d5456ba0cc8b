import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal } from '../../src/base/result.ts';
import { county, openCaseTown, people, person, served, type CaseTown } from './made.ts';

const { collector, intake, dispatcher, keeper, other, operator, resident } = people;
let town: CaseTown;
let { world, modules, done, reason, stateOf, reported, filed, inHand } = {} as CaseTown;

/** Accounts that there really are, by role: whoever is told must be found. */
const staff = new Map<string, string>();
const hour = 3_600_000;

beforeAll(async () => {
  town = await openCaseTown();
  ({ world, modules, done, reason, stateOf, reported, filed, inHand } = town);
  const account = async (login: string, role: string, unit: string | null): Promise<void> => {
    const made = await modules.identity.accounts.create({ id: 'system' as never, kind: 'system', name: null, grants: [] }, county, { login, name: login });
    if (isRefusal(made)) throw new Error(made.reason);
    const granted = await modules.identity.accounts.grant({ id: 'system' as never, kind: 'system', name: null, grants: [] }, county, made.account.id, { role, place: '', ...(unit && { unit }) });
    if (isRefusal(granted)) throw new Error(granted.reason);
    staff.set(login, made.account.id);
  };
  for (const [login, id] of await modules.identity.accounts.byLogin(world.db, ['head', 'supervisor', 'dispatcher', 'commander'])) staff.set(login, id);
  await account('head.works', 'head', 'works');
  await account('desk.one', 'intake', 'centre');
  await account('keeper.two', 'unithandler', 'lighting');
  await world.ownerDb.query(`update unit set parent = 'works' where id = 'lighting'`);
}, 120_000);
afterAll(() => town?.close());

/** Plays the clocks up to now. */
const tick = async (): Promise<void> => { for (let round = 0; round < 50 && (await modules.matters.tick()) > 0; round++); };
/** Who was told of a rung, in the order of the rungs. */
const risen = async (id: string): Promise<string[]> => {
  const names = new Map([...staff].map(([login, account]) => [`account:${account}`, login]));
  const rows = await world.ownerDb.query<{ version: number; recipient: string }>(`select version, recipient from delivery where matter = $1 and template = 'escalated' order by version`, [id]);
  return rows.map(({ recipient }) => names.get(recipient) ?? recipient);
};

test('a case that is sent back and elsewhere goes on rising from the same start, past nobody', async () => {
  const id = await filed();
  const start = (await stateOf(id)).clocks.find(({ name }) => name === 'rise.handle')!.startedAt;
  // 2 working days are 16 hours: half of it with the lighting unit, the rest in nobody's hands and then with the works.
  world.advance(24 * hour);
  await done(keeper, id, 'return', { reason: '不是我们的' });
  expect((await stateOf(id)).clocks.find(({ name }) => name === 'rise.handle')).toMatchObject({ startedAt: start, stoppedAt: null });
  await done(dispatcher, id, 'dispatch', { unit: 'works' });
  world.advance(24 * hour + 60_000);
  await tick();
  // 16 working hours after filing, though the works have 8 of their own left: to the head of the unit that has it now.
  expect(await risen(id)).toEqual(['head.works']);
  await done(other, id, 'return', { reason: '也不是' });
  world.advance(7 * hour);
  await tick();
  // In nobody's hands: the county's command stands for the department.
  expect((await risen(id)).slice(1)).toEqual(['commander']);
  expect((await stateOf(id)).matter.data['risen']).toBe(2);
});

test('a report that nobody looks at rises to those who share it out, then above', async () => {
  const id = await reported();
  world.advance(72 * hour);
  await tick();
  expect((await risen(id))[0]).toBe('dispatcher');
  expect(await risen(id)).toContain('commander');
});

test('a rung that belongs to the department goes to the head of the unit above', async () => {
  const id = await inHand();
  world.advance(7 * 24 * hour);
  await tick();
  expect(await risen(id)).toEqual(['head', 'head.works', 'supervisor']);
});

test('more time moves the rungs that are to come; a hold and a verification stop them', async () => {
  const id = await inHand();
  const rung = async () => (await stateOf(id)).clocks.find(({ name }) => name === 'rise.handle')!;
  const before = (await rung()).dueAt!;
  await done(keeper, id, 'requestExtension', { amount: 1, reason: '缺货' });
  await done(dispatcher, id, 'approveExtension');
  expect((await rung()).dueAt).toBeGreaterThan(before);
  expect((await rung()).amount).toBe(24);
  await done(keeper, id, 'requestHold', { days: 2, reason: '等停电' });
  await done(dispatcher, id, 'approveHold');
  expect(await rung()).toMatchObject({ dueAt: null });
  await done(dispatcher, id, 'resume');
  expect((await rung()).dueAt).not.toBeNull();
  await done(keeper, id, 'finish', { blobs: [served] });
  expect(await rung()).toMatchObject({ dueAt: null });
  expect((await stateOf(id)).clocks.find(({ name }) => name === 'rise.verify')).toMatchObject({ stoppedAt: null, amount: 8 });
  await done(collector, id, 'rework', { reason: '还在闪' });
  expect((await rung()).dueAt).not.toBeNull();
});

test('nobody grants what they asked for themselves', async () => {
  const id = await inHand();
  const both = { ...keeper, grants: [...keeper.grants, ...dispatcher.grants] };
  await done(both, id, 'requestExtension', { amount: 1, reason: '缺货' });
  expect(await reason(both, id, 'approveExtension')).toBe('matters.not-the-same-person');
  expect(await reason(both, id, 'refuseExtension', { reason: '不' })).toBe('matters.not-the-same-person');
  await done(dispatcher, id, 'refuseExtension', { reason: '够了' });
  await done(both, id, 'appeal', { reason: '不合理' });
  expect(await reason(both, id, 'decideAppeal', { upheld: true, reason: '对' })).toBe('matters.not-the-same-person');
});

test('an appeal that nobody has decided is not lost by finishing, and nothing closes before it is decided', async () => {
  const id = await inHand();
  await done(keeper, id, 'appeal', { reason: '时限不合理' });
  await done(keeper, id, 'finish', { blobs: [served] });
  expect(await done(collector, id, 'verify')).toMatchObject({ state: 'verified' });
  expect(await reason(intake, id, 'close')).toBe('case.appeal-open');
  expect(await reason(keeper, id, 'appeal', { reason: '再诉' })).toBe('matters.not-in-this-state');
  expect(await done(dispatcher, id, 'decideAppeal', { upheld: true, reason: '对' })).toMatchObject({ state: 'closed' });
});

test('who verified says how, a call counts as a callback, and nobody who had a hand in it verifies', async () => {
  const id = await inHand();
  const task = (await done(dispatcher, id, 'addAssisting', { unit: 'works', what: '开挖' })).also[0]!.id;
  await done(other, task, 'accept');
  await done(other, task, 'finish', { blobs: [served] });
  await done(keeper, id, 'finish', { blobs: [served] });
  expect(await reason({ ...other, grants: collector.grants }, id, 'verify', { method: 'site' })).toBe('case.assisted');
  expect(await reason({ ...other, grants: collector.grants }, id, 'rework', { reason: '不行' })).toBe('case.assisted');
  expect(await done(operator, id, 'verify', { method: 'site' })).toMatchObject({ state: 'closed' });
  expect((await stateOf(id)).matter.data['verifiedBy']).toBe('callback');
});

test('"not solved" is decided by somebody who neither handled nor verified it', async () => {
  const id = await town.reported(resident);
  await done(intake, id, 'file', { code: town.row });
  await done(keeper, id, 'accept');
  await done(keeper, id, 'finish', { blobs: [served] });
  await done(intake, id, 'verify');
  await done(resident, id, 'askReopen', { reason: '没修' });
  expect(await reason(intake, id, 'reopen', { reason: '属实' })).toBe('matters.not-the-same-person');
  expect(await done(person(30, 'intake'), id, 'reopen', { reason: '属实' })).toMatchObject({ state: 'filed' });
});

test('a dispatch is a wrong one when the unit says that it is not theirs and another takes it on; by which rule is known', async () => {
  const id = await filed();
  await done(keeper, id, 'return', { reason: '不归我们', why: 'notOurs' });
  await done(dispatcher, id, 'dispatch', { unit: 'works' });
  await done(other, id, 'accept');
  const unclear = await filed();
  await done(keeper, unclear, 'return', { reason: '看不清', why: 'unclear' });
  await done(dispatcher, unclear, 'dispatch', { unit: 'works' });
  await done(other, unclear, 'accept');
  expect((await stateOf(id)).matter.data).toMatchObject({ misdispatched: 1, returns: 1 });
  expect((await stateOf(unclear)).matter.data['misdispatched']).toBeUndefined();
  await modules.matters.drain();
  await modules.ledger.sequencer.drain();
  await modules.ledger.followers.catchUp(county);
  const quality = await modules.cases.quality(county, 90, 'zh-Hans');
  expect(quality).toMatchObject({ wrong: 1 });
  expect(quality.byRule.find(({ wrong }) => wrong > 0)).toMatchObject({ order: 2, wrong: 1, words: expect.any(String) });
  expect(quality.byUnit.find(({ wrong }) => wrong > 0)).toMatchObject({ unit: { id: 'lighting' } });
});

test('a case is handed to somebody of the desk until it is dispatched, and to somebody of the unit from then on', async () => {
  const id = await reported();
  expect(await reason(intake, id, 'hand', { account: staff.get('keeper.two') })).toBe('case.cannot-take');
  await done(intake, id, 'hand', { account: staff.get('desk.one') });
  expect((await stateOf(id)).matter.facets.handler).toBe(staff.get('desk.one'));
  await done(intake, id, 'file', { code: town.row });
  expect((await stateOf(id)).matter.facets.handler).toBeUndefined();
  const head = person(31, 'head', 'lighting');
  expect(await reason(person(32, 'head', 'works'), id, 'hand', { account: staff.get('keeper.two') })).toBe('matters.not-allowed');
  await done(head, id, 'hand', { account: staff.get('keeper.two') });
  expect((await stateOf(id)).matter).toMatchObject({ state: 'dispatched', facets: { handler: staff.get('keeper.two') } });
});
