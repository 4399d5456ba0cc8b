import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import type { ActorId } from '../../src/base/ids.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { isSampled, ratesOf } from '../../src/modules/callbacks/rules.ts';
import { county, openCaseTown, people, person, served, type CaseTown } from '../cases/made.ts';

const { collector, intake, keeper, enforcer, operator } = people;
let town: CaseTown;
let { world, modules, done, stateOf } = {} as CaseTown;
const second = person(40, 'operator');
const hour = 3_600_000;
let serial = 0;
const op = (): string => `00000000-0000-4000-9000-${String(++serial).padStart(12, '0')}`;

/** A resident with a number of their own. */
const resident = async (phone: string): Promise<Actor> => {
  const made = await modules.identity.contacts.contactByPhone(world.db, county, phone, 'zh-Hans');
  if (isRefusal(made)) throw new Error(made.reason);
  return { id: made.id as ActorId, kind: 'resident', name: null, grants: [] };
};
const settle = async (): Promise<void> => {
  await modules.matters.drain();
  await modules.ledger.sequencer.drain();
  await modules.ledger.followers.catchUp(county);
};
const right = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(`${result.reason} ${JSON.stringify(result.errors ?? [])}`);
  return result as T;
};
const reasonOf = (result: Result<unknown>): string => (isRefusal(result) ? result.reason : 'done');
/** Handles a case that waits in a unit, and verifies it. */
const finish = async (id: string, by = keeper): Promise<void> => {
  await done(by, id, 'accept');
  await done(by, id, 'finish', { blobs: [served] });
  await done(collector, id, 'verify');
};
const closedFor = async (phone: string, more: object = {}): Promise<string> => {
  const contact = (await resident(phone)).id;
  const { id } = await done(operator, null, 'report', { text: '路灯不亮', component: town.lamp, channel: 'phone', contact, ...more });
  await done(intake, id, 'file', { code: town.row });
  await finish(id);
  return id;
};
const waiting = async () => right(await modules.callbacks.list(operator, county, {}, 'zh-Hans')).items;

beforeAll(async () => {
  town = await openCaseTown();
  ({ world, modules, done, stateOf } = town);
  right(await modules.settings.set({ id: 'system' as ActorId, kind: 'system', name: null, grants: [] }, county, ['callbacks'], { sampleShare: 0 }));
}, 120_000);
afterAll(() => town?.close());

test('who was promised a call, elders and low ratings are called, the low rating first; a case without a reason is not', async () => {
  const promised = await closedFor('13800000001', { callBack: 'promised' });
  const elder = await closedFor('13800000002', { callBack: 'elder' });
  await closedFor('13800000003');
  const low = await closedFor('13800000004');
  await done(await resident('13800000004'), low, 'rate', { stars: 1, text: '没修好' });
  await settle();
  expect((await waiting()).map(({ parts, reasons }) => [parts[0]!.id, ...reasons])).toEqual([[low, 'low'], [promised, 'promised'], [elder, 'elder']]);
  expect((await waiting())[0]).toMatchObject({ maskedPhone: expect.stringContaining('****'), tries: 0 });
});

test('two operators never get the same one, and the number is shown with an entry', async () => {
  const [one, two] = [right(await modules.callbacks.take(operator, county, null, 'zh-Hans')), right(await modules.callbacks.take(second, county, null, 'zh-Hans'))];
  expect(one.id).not.toBe(two.id);
  expect(one.script).toContain('回访员');
  expect(right(await modules.callbacks.take(operator, county, null, 'zh-Hans')).id).toBe(one.id);
  expect(reasonOf(await modules.callbacks.take(second, county, one.id, 'zh-Hans'))).toBe('callbacks.taken');
  expect(right(await modules.callbacks.phone(operator, county, one.id))).toEqual({ phone: '13800000004' });
  await settle();
  const looks = await world.ownerDb.query<{ count: number }>(`select count(*)::int as count from ledger_entry where county = $1 and position($2 in convert_from(canonical, 'UTF8')) > 0`, [county, '"action":"reveal"']);
  expect(looks[0]!.count).toBe(1);
  expect(reasonOf(await modules.callbacks.take(keeper, county, null, 'zh-Hans'))).toBe('identity.not_permitted');
});

test('nobody answers: again after some working hours, at most three times; "later" waits until the time that was agreed', async () => {
  const [first] = await waiting();
  const call = (outcome: 'unanswered' | 'later', nextAt?: string) => modules.callbacks.result(operator, county, first!.id, { outcome, op: op(), ...(nextAt && { nextAt }) });
  const tried = right(await call('unanswered'));
  expect(tried).toMatchObject({ state: 'waiting', tries: 1 });
  expect(Date.parse(tried.nextAt!) - world.now()).toBeGreaterThanOrEqual(4 * hour);
  expect(reasonOf(await call('later', new Date(world.now() - hour).toISOString()))).toBe('callbacks.no_time');
  expect(right(await call('later', new Date(world.now() + 30 * hour).toISOString())).state).toBe('waiting');
  expect((await modules.callbacks.take(operator, county, null, 'zh-Hans') as { id: string }).id).not.toBe(first!.id);
  expect(right(await call('unanswered'))).toMatchObject({ state: 'unreached', tries: 3 });
});

test('the answer is an action on the case by somebody who did not handle it; satisfaction comes from here only', async () => {
  const id = await closedFor('13800000005', { callBack: 'promised' });
  await done(await resident('13800000005'), id, 'rate', { stars: 5 });
  await settle();
  const card = (await waiting()).find(({ parts }) => parts[0]!.id === id)!;
  const handler = { ...keeper, grants: operator.grants };
  const answers = [{ matter: id, reached: true, solved: true, satisfaction: 4 }];
  expect(reasonOf(await modules.callbacks.result(handler, county, card.id, { outcome: 'answered', answers, op: op() }))).toBe('matters.not-the-same-person');
  expect(reasonOf(await modules.callbacks.result(operator, county, card.id, { outcome: 'answered', answers: [], op: op() }))).toBe('callbacks.answers');
  expect(right(await modules.callbacks.result(operator, county, card.id, { outcome: 'answered', answers, op: op() })).state).toBe('done');
  await settle();
  expect(right(await modules.callbacks.figures(operator, county, 30, 'zh-Hans'))).toMatchObject({
    answered: 1, response: 1, resolution: 1, satisfaction: 1, ratings: { count: 2, mean: 3 }, units: [{ unit: { id: 'lighting' }, satisfaction: 1 }],
  });
  expect((await stateOf(id)).matter.data['callback']).toMatchObject({ outcome: 'answered', satisfaction: 4 });
});

test('"not solved" asks for reopening, which somebody independent decides; a case that goes on leaves the list', async () => {
  const id = await closedFor('13800000006', { callBack: 'promised' });
  await settle();
  const card = (await waiting()).find(({ parts }) => parts[0]!.id === id)!;
  right(await modules.callbacks.result(operator, county, card.id, { outcome: 'answered', answers: [{ matter: id, solved: false, satisfaction: 1, note: '晚上又灭了' }], op: op() }));
  expect((await stateOf(id)).matter.data['reopenAsked']).toBe(world.now());
  await done(intake, id, 'reopen', { reason: '回访属实' });
  await settle();
  await done(people.dispatcher, id, 'dispatch', { unit: 'lighting' });
  world.advance(hour);
  await finish(id);
  await settle();
  // Closed anew: the promise still stands, and it was not asked since.
  expect((await waiting()).some(({ parts }) => parts[0]!.id === id)).toBe(true);
});

test('a complaint that was split is called about once, when all of it has ended, and each part is answered for', async () => {
  const noise = modules.catalogue.rows(county, 1).find(({ minorName }) => minorName.includes('噪'))!.key;
  const contact = (await resident('13800000007')).id;
  const { id } = await done(person(41, 'gridchief'), null, 'report', { text: '厂里整夜吵，三盏灯刺眼', component: town.lamp, channel: 'gridworker', contact });
  await done(intake, id, 'file', { code: town.row });
  const part = (await done(intake, id, 'split', { issue: '整夜噪音', code: noise })).also[0]!.id;
  await finish(id);
  await settle();
  expect((await waiting()).some(({ parts }) => parts.some((each) => each.id === id))).toBe(false);
  if ((await stateOf(part)).matter.state === 'filed') await done(people.dispatcher, part, 'dispatch', { unit: 'enforcement' });
  else if ((await stateOf(part)).matter.facets.leadUnit !== 'enforcement') await done(people.dispatcher, part, 'redispatch', { unit: 'enforcement', reason: '噪音归执法' });
  await finish(part, enforcer);
  await settle();
  const cards = (await waiting()).filter(({ parts }) => parts.some((each) => each.id === id));
  expect(cards).toHaveLength(1);
  expect(cards[0]).toMatchObject({ reasons: ['split'], parts: [{ id }, { id: part }] });
  right(await modules.callbacks.result(operator, county, cards[0]!.id, { outcome: 'answered', answers: [{ matter: id, solved: true, satisfaction: 5 }, { matter: part, solved: true, satisfaction: 4 }], op: op() }));
  await settle();
  expect(right(await modules.callbacks.figures(operator, county, 30, 'zh-Hans')).units.map(({ unit }) => unit.id).sort()).toEqual(['enforcement', 'lighting']);
});

test('the same op answers the same; a sample is a share of all cases, whoever asks', () => {
  fc.assert(fc.property(fc.uuid(), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (id, a, b) => {
    // Whoever is in a smaller sample is in a larger one.
    if (isSampled(id, Math.min(a, b))) expect(isSampled(id, Math.max(a, b))).toBe(true);
    expect(isSampled(id, 0)).toBe(false);
  }));
  expect(ratesOf({ asked: 3, answered: 0, reachedAsked: 0, reached: 0, solvedAsked: 0, solved: 0, rated: 0, satisfied: 0 })).toEqual({ response: null, resolution: null, satisfaction: null });
});
