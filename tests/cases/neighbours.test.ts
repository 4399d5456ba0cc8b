import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import type { ActorId } from '../../src/base/ids.ts';
import { isRefusal } from '../../src/base/result.ts';
import { county, openCaseTown, people, person, served, type CaseTown } from './made.ts';

const { intake, dispatcher, keeper, collector } = people;
let town: CaseTown;
beforeAll(async () => { town = await openCaseTown(); }, 120_000);
afterAll(() => town?.close());

const neighbour = (n: number): Actor => ({ id: `00000000-0000-7000-8000-00000004${String(n).padStart(4, '0')}` as ActorId, kind: 'resident', name: null, grants: [] });

test('the same lamp from five hundred neighbours: one case leads, everybody follows it, each is told once when it is done', async () => {
  const { id } = await town.done(neighbour(0), null, 'report', { text: '路灯不亮', component: town.lamp });
  // Whoever comes next is shown what is there already.
  const shown = await town.modules.cases.suggest(neighbour(1), county, { text: '门口的路灯不亮', component: town.lamp });
  expect(shown.duplicates.map((double) => double.id)).toContain(id);
  // Most follow; sixty report it all the same, and are merged in one go.
  const followed = await Promise.all(Array.from({ length: 439 }, (_, n) => town.act(neighbour(n + 1), id, 'follow')));
  expect(followed.filter(isRefusal)).toEqual([]);
  const doubles = await Promise.all(Array.from({ length: 60 }, (_, n) => town.done(neighbour(n + 440), null, 'report', { text: '灯坏了', component: town.lamp })));
  const merged = await Promise.all(doubles.map((double) => town.act(intake, double.id, 'merge', { into: id })));
  expect(merged.filter(isRefusal)).toEqual([]);
  const { matter } = await town.stateOf(id);
  expect(new Set(matter.data['followers'] as unknown as string[]).size).toBe(499);
  await town.done(intake, id, 'file', { code: town.row });
  if ((await town.stateOf(id)).matter.state === 'filed') await town.done(dispatcher, id, 'dispatch', { unit: 'lighting' });
  await town.done(keeper, id, 'accept');
  await town.done(keeper, id, 'finish', { blobs: [served] });
  await town.done(collector, id, 'verify');
  const told = (await town.stateOf(id)).deliveries.filter(({ template }) => template === 'verified_closed').map(({ recipient }) => recipient);
  expect(told).toHaveLength(500);
  expect(new Set(told).size).toBe(500);
}, 120_000);

test('a case that nobody more can follow says so and loses nobody', async () => {
  const id = await town.reported(neighbour(0));
  const full = Array.from({ length: 2_000 }, (_, n) => `contact:${n}`);
  await town.world.ownerDb.query(`update matter set data = data || jsonb_build_object('followers', $3::jsonb) where county = $1 and id = $2`, [county, id, JSON.stringify(full)]);
  expect(await town.reason(neighbour(1), id, 'follow')).toBe('case.followers-full');
  const double = await town.reported(neighbour(2));
  expect(await town.reason(intake, double, 'merge', { into: id })).toBe('case.followers-full');
  expect((await town.stateOf(double)).matter.state).toBe('reported');
});

test('two of the desk who take the next at once get two different ones; who has no share in it gets none', async () => {
  const { sharing } = town.modules.cases;
  const system = { id: 'system' as ActorId, kind: 'system' as const, name: null, grants: [] };
  const clerk = async (login: string): Promise<Actor> => {
    const made = await town.modules.identity.accounts.create(system, county, { login, name: login });
    if (isRefusal(made)) throw new Error(made.reason);
    const granted = await town.modules.identity.accounts.grant(system, county, made.account.id, { role: 'intake', place: '', unit: 'centre' });
    if (isRefusal(granted)) throw new Error(granted.reason);
    return { ...person(60, 'intake'), id: made.account.id as ActorId };
  };
  const [first, second] = [await clerk('clerk.one'), await clerk('clerk.two')];
  await town.reported();
  await town.reported();
  const op = (n: number): string => `00000000-0000-4000-9100-${String(n).padStart(12, '0')}`;
  const taken = await Promise.all([sharing.next(first, county, op(1), 'zh-Hans'), sharing.next(second, county, op(2), 'zh-Hans')]);
  const ids = taken.map((one) => (isRefusal(one) ? one.reason : one.id));
  expect(new Set(ids).size, ids.join()).toBe(2);
  for (const [who, id] of [[first, ids[0]!], [second, ids[1]!]] as const) expect((await town.stateOf(id)).matter.facets.handler).toBe(who.id);
  const refused = await sharing.share(keeper, county, { matters: [ids[0]!], op: op(3) }, 'zh-Hans');
  expect(isRefusal(refused) && refused.reason).toBe('matters.not-allowed');
  expect(isRefusal(await sharing.load(keeper, county, 'zh-Hans'))).toBe(true);
});
