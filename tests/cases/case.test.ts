import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCaseTown, people, served, type CaseTown } from './made.ts';

const { collector, intake, dispatcher, keeper, other, supervisor, resident } = people;
let town: CaseTown;
let { world, modules, lamp, row, seen, done, reason, stateOf, reported, filed, inHand } = {} as CaseTown;

beforeAll(async () => {
  town = await openCaseTown();
  ({ world, modules, lamp, row, seen, done, reason, stateOf, reported, filed, inHand } = town);
}, 120_000);
afterAll(() => town?.close());

test('filing is followed at once by the first rule that fits, and the case says why', async () => {
  const id = await filed();
  const { matter, clocks } = await stateOf(id);
  expect(matter).toMatchObject({ state: 'dispatched', version: 3, facets: { leadUnit: 'lighting', component: lamp, codeVersion: 1 }, data: { route: { unit: 'lighting', order: 2 } } });
  expect(clocks.find(({ name }) => name === 'handle')).toMatchObject({ amount: 2, unit: 'workingDay', stoppedAt: null });

});

test('from report to close, with everything that may come between', async () => {
  const id = await reported(resident);
  await done(intake, id, 'requestCheck', { reason: '请去看一下' });
  expect(await reason(intake, id, 'file', { code: row })).toBe('matters.not-in-this-state');
  await done(collector, id, 'check', { found: true });
  await done(intake, id, 'file', { code: row });
  expect(await reason(other, id, 'accept')).toBe('matters.not-allowed');
  await done(keeper, id, 'return', { reason: '不是我们的' });
  await done(dispatcher, id, 'dispatch', { unit: 'works', note: '先看一下' });
  await done(dispatcher, id, 'redispatch', { unit: 'lighting', reason: '派错了' });
  await done(keeper, id, 'accept');
  const { also } = await done(dispatcher, id, 'addAssisting', { unit: 'works', what: '开挖路面' });
  const task = also[0]!.id;
  expect(await reason(dispatcher, id, 'addAssisting', { unit: 'works', what: '再来' })).toBe('case.already-assisting');
  await done(keeper, id, 'arrive', { note: '到了' });
  expect(await reason(keeper, id, 'finish', { blobs: [served] })).toBe('case.tasks-open');
  await done(other, task, 'accept');
  await done(other, task, 'finish', { blobs: [served] });
  expect(await reason(keeper, id, 'finish', { blobs: [] })).toBe('matters.input-invalid');
  await done(keeper, id, 'finish', { blobs: [served], note: '换了灯泡' });
  expect(await reason({ ...keeper, grants: collector.grants }, id, 'verify')).toBe('matters.not-the-same-person');
  await done(collector, id, 'rework', { reason: '还在闪' });
  await done(keeper, id, 'finish', { blobs: [served] });
  expect(await done(collector, id, 'verify')).toMatchObject({ state: 'closed' });
  seen.add('case.close');
  expect((await stateOf(id)).clocks.every(({ stoppedAt }) => stoppedAt !== null)).toBe(true);
  await done(resident, id, 'rate', { stars: 2, text: '慢' });
  expect(await reason(resident, id, 'rate', { stars: 5 })).toBe('case.rated');
  await done(resident, id, 'askReopen', { reason: '又灭了' });
  await done(intake, id, 'refuseReopen', { reason: '看过，亮着' });
  expect(await reason(intake, id, 'refuseReopen', { reason: '再看' })).toBe('case.reopen-not-asked');
  await done(resident, id, 'askReopen', { reason: '夜里又灭了' });
  await done(intake, id, 'reopen', { reason: '回访属实' });
  expect((await stateOf(id)).matter).toMatchObject({ state: 'filed' });
  await done(intake, id, 'note', { text: '请尽快' });
  await done(supervisor, id, 'urge', { reason: '老人多' });
  await done(intake, id, 'promise');
  await done(intake, id, 'reply', { template: 'thanks' });
  await done(intake, id, 'withhold', { reason: '待核实' });
  await done(intake, id, 'publish', { summary: '三天内更换灯泡。' });
  await done(resident, id, 'follow');
  await done(intake, id, 'void', { reason: '测试' });
});

test('more time is asked for and granted twice at the most', async () => {
  const id = await inHand();
  expect(await reason(keeper, id, 'requestExtension', { amount: 9, reason: '缺货' })).toBe('case.extension-too-long');
  for (const n of [1, 2]) {
    await done(keeper, id, 'requestExtension', { amount: 1, reason: '缺货' });
    expect(await reason(keeper, id, 'requestHold', { days: 3, reason: '等' })).toBe('case.pending');
    await done(dispatcher, id, 'approveExtension');
    expect((await stateOf(id)).clocks.find(({ name }) => name === 'handle')!.amount).toBe(2 + n);
  }
  expect(await reason(keeper, id, 'requestExtension', { amount: 1, reason: '缺货' })).toBe('case.extended-twice');
});

test('a refusal of more time leaves the limit as it is', async () => {
  const id = await inHand();
  await done(keeper, id, 'requestExtension', { amount: 1, reason: '缺货' });
  await done(dispatcher, id, 'refuseExtension', { reason: '够了' });
  expect((await stateOf(id)).clocks.find(({ name }) => name === 'handle')!.amount).toBe(2);
});

test('a hold stops the clock, once, and ends by itself when its time has run out', async () => {
  const id = await inHand();
  await done(keeper, id, 'requestHold', { days: 2, reason: '等停电' });
  await done(dispatcher, id, 'refuseHold', { reason: '不用等' });
  await done(keeper, id, 'requestHold', { days: 2, reason: '等停电' });
  await done(dispatcher, id, 'approveHold');
  expect((await stateOf(id)).clocks.find(({ name }) => name === 'handle')).toMatchObject({ dueAt: null });
  world.advance(2 * 86_400_000 + 1_000);
  await modules.matters.tick();
  seen.add('case.resume');
  expect((await stateOf(id)).matter.state).toBe('handling');
  expect(await reason(keeper, id, 'requestHold', { days: 2, reason: '再等' })).toBe('case.held-once');
});

test('an appeal is made once and decided', async () => {
  const id = await inHand();
  await done(keeper, id, 'appeal', { reason: '时限不合理' });
  await done(dispatcher, id, 'decideAppeal', { upheld: false, reason: '合理' });
  expect(await reason(keeper, id, 'appeal', { reason: '再诉' })).toBe('case.appealed-once');
});

test('a case that is the same as another is merged into it, with its reporter', async () => {
  const [one, two] = [await inHand(), await reported(resident)];
  expect(await reason(intake, two, 'merge', { into: two })).toBe('case.merge-self');
  expect(await done(intake, two, 'merge', { into: one })).toMatchObject({ state: 'merged', also: [{ id: one }] });
  seen.add('case.absorb');
  expect((await stateOf(one)).matter.data['followers']).toEqual([`contact:${resident.id}`]);
  await done(intake, two, 'unmerge', { reason: '不是同一件' });
  await done(intake, two, 'link', { other: one });
  await done(intake, one, 'unlink', { other: two });
  await done(intake, two, 'split', { issue: '另有一盏', code: row });
  for (const action of ['release', 'linked', 'unlinked', 'part']) seen.add(`case.${action}`);
});

test('what is not filed ends with its reason; a task may be returned or cancelled', async () => {
  const id = await reported();
  expect(await reason(collector, id, 'decline', { reason: '不是' })).toBe('matters.not-allowed');
  await done(intake, id, 'decline', { reason: '不在范围' });
  const owner = await inHand();
  const one = (await done(dispatcher, owner, 'addAssisting', { unit: 'works', what: '围挡' })).also[0]!.id;
  await done(other, one, 'return', { reason: '没有人' });
  const two = (await done(dispatcher, owner, 'addAssisting', { unit: 'water', what: '关水' })).also[0]!.id;
  await done(dispatcher, two, 'cancel');
});

test('limits warn and run out, and those above are told, also where nobody has it in hand', async () => {
  const id = await reported();
  world.advance(10 * 86_400_000);
  while ((await modules.matters.tick()) > 0);
  expect(Number((await stateOf(id)).matter.data['overdue'])).toBe(1);
  for (const kind of ['case', 'task']) for (const action of ['remind', 'overdue']) seen.add(`${kind}.${action}`);
});

test.each([
  ['a point in the sea', { lng: 122.5, lat: 30.2 }, 'case.outside'],
  ['no place at all', {}, 'case.no-place'],
  ['a component that is not there', { component: '3302810137999999' }, 'case.no-component'],
  ['a row that is not there', { place: '330281103203', code: 'C9999-zzzzzz' }, 'case.no-code'],
  ['a picture that somebody else sent', { place: '330281103203', blobs: ['b'.repeat(64)] }, 'case.no-blob'],
])('%s is refused', async (_, input, expected) => {
  expect(await reason(collector, null, 'report', { text: '不亮', ...input })).toBe(expected);
});

test('every action of the declarations was seen', () => {
  // Rungs and hands: handling.test.ts; a unit that is dissolved: tests/offices; "1" by text message: tests/outreach
  for (const action of ['escalate', 'hand', 'callback', 'succeed', 'confirm']) seen.add(`case.${action}`);
  seen.add('task.succeed');
  seen.add('case.report');
  seen.add('task.assign');
  for (const { workflow } of modules.matters.kinds.all())
    for (const action of Object.keys(workflow.actions)) expect(seen, `${workflow.kind}.${action}`).toContain(`${workflow.kind}.${action}`);
});
