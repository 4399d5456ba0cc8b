import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { prepareTown } from '../../bench/prepare.ts';
import type { Actor, Grant } from '../../src/base/actor.ts';
import type { ActorId, CountyCode, PlacePath, UnitId } from '../../src/base/ids.ts';
import { isRefusal, type Refusal, type Result } from '../../src/base/result.ts';
import { openModules, type Modules } from '../../src/entry/town/modules.ts';
import { caseWorkflow } from '../../src/modules/cases/rules/case.ts';
import { absorb, release } from '../../src/modules/cases/rules/links.ts';
import type { Change, Done, Matter } from '../../src/modules/matters/index.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281' as CountyCode;
let world: TestWorld;
let modules: Modules;
const person = (n: number, role: string, unit: string | null = null): Actor => {
  const grant: Grant = { id: `g${n}`, county, role, unit: unit as UnitId | null, place: '' as PlacePath, purpose: null, from: 0, until: null };
  return { id: `00000000-0000-7000-8000-0000000004${String(n).padStart(2, '0')}` as ActorId, kind: 'account', name: role, grants: [grant] };
};
const chief = person(1, 'gridchief');
const intake = person(2, 'intake');
const dispatcher = person(3, 'dispatcher');
const collector = person(4, 'collector');
const resident: Actor = { id: '00000000-0000-7000-8000-000000000499' as ActorId, kind: 'resident', name: null, grants: [] };
const second: Actor = { ...resident, id: '00000000-0000-7000-8000-000000000498' as ActorId };
const contact = '00000000-0000-7000-8000-000000000497';
const photo = 'c'.repeat(64);

beforeAll(async () => {
  world = await testWorld({ county: null, demo: true });
  await prepareTown(world, 1);
  modules = await openModules({ ...world, metrics: createMetrics() });
}, 120_000);
afterAll(async () => { await modules?.matters.drain(); await world?.close(); });

let serial = 0;
const act = (who: Actor, matter: string | null, action: string, input: object = {}): Promise<Result<Done>> => {
  const actor = { ...who };
  modules.cases.vouch(actor, new Map([[photo, photo]]));
  return modules.matters.act({ actor, behalf: null, county, kind: 'case', matter, action, input, op: `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}` });
};
const done = async (...call: Parameters<typeof act>): Promise<Done> => {
  const result = await act(...call);
  if (isRefusal(result)) throw new Error(`${call[2]}: ${result.reason} ${JSON.stringify(result.errors ?? [])}`);
  return result;
};
const reason = async (...call: Parameters<typeof act>): Promise<string> => {
  const result = await act(...call);
  return isRefusal(result) ? result.reason : `done ${result.state}`;
};
const whole = async (id: string) => (await modules.matters.whole(world.db, county, id))!;
const rowOf = (code: string): string => modules.catalogue.rows(county, 1).find((row) => row.code === code && row.limit)!.key;
const reported = async (who: Actor = resident) => (await done(who, null, 'report', { text: '不亮', place: '330281103203' })).id;
const told = async (id: string, template: string): Promise<string[]> => (await whole(id)).deliveries.filter((one) => one.template === template).map(({ recipient }) => recipient).sort();
const pageOf = async (who: Actor, id: string) => {
  const page = await modules.matters.page(who, id, 'zh-Hans');
  if (isRefusal(page)) throw new Error(page.reason);
  return page;
};

test('a factory with noise all night and three glaring lamps: one report becomes two linked cases with rows and units of their own, and each result goes to the chief and to the resident', async () => {
  const codes = [...new Set(modules.catalogue.rows(county, 1).filter((row) => row.limit).map(({ code }) => code))];
  const [noise, glare] = [rowOf(codes.find((code) => code.startsWith('B'))! ?? codes[0]!), rowOf('C0137')];
  const { id } = await done(chief, null, 'report', { text: '厂里整夜噪音，还有三盏灯刺眼', place: '330281103203', address: '乐业路59号', contact, blobs: [photo] });
  const split = await done(intake, id, 'split', { issue: '三盏灯整夜刺眼', code: glare });
  expect(split.also).toHaveLength(1);
  const lamps = split.also[0]!.id;
  expect(await told(id, 'split')).toEqual([`account:${chief.id}`, `contact:${contact}`]);
  await done(intake, id, 'file', { code: noise });
  const [one, two] = [await whole(id), await whole(lamps)];
  expect(two.matter.facets).toMatchObject({ parent: id, place: one.matter.facets.place, reporter: `contact:${contact}`, code: glare });
  expect(one.matter.facets.code).toBe(noise);
  expect(two.matter.number).not.toBe(one.matter.number);
  expect(two.files.map(({ served, role }) => [served, role])).toEqual([[photo, 'before']]);
  expect(two.texts.map(({ body }) => body)).toEqual(['三盏灯整夜刺眼']);
  const stands = async (matter: string, unit: string) => {
    const { state, facets } = (await whole(matter)).matter;
    if (state === 'filed') await done(dispatcher, matter, 'dispatch', { unit });
    else if (facets.leadUnit !== unit) await done(dispatcher, matter, 'redispatch', { unit, reason: '归口办理' });
  };
  await stands(id, 'works');
  await stands(lamps, 'lighting');
  // Enforcement comes the next day.
  world.advance(86_400_000);
  for (const [matter, unit] of [[id, 'works'], [lamps, 'lighting']] as const) {
    const keeper = person(unit === 'works' ? 5 : 6, 'unithandler', unit);
    expect((await whole(matter)).matter.facets.leadUnit).toBe(unit);
    await done(keeper, matter, 'accept');
    await done(keeper, matter, 'finish', { blobs: [photo] });
    await done(collector, matter, 'verify');
    if ((await whole(matter)).matter.state === 'verified') await done(intake, matter, 'close');
    expect(await told(matter, 'verified_closed')).toEqual([`account:${chief.id}`, `contact:${contact}`]);
  }
  expect((await pageOf(intake, lamps)).related.map(({ relation, item }) => [relation, item.id])).toEqual([['parent', id]]);
  expect((await pageOf(intake, id)).children.map((child) => child.id)).toEqual([lamps]);
});

test('a part is not split again, and a report that has ended is not split', async () => {
  const id = await reported();
  const lamps = (await done(intake, id, 'split', { issue: '灯', code: rowOf('C0137') })).also[0]!.id;
  expect(await reason(dispatcher, lamps, 'split', { issue: '灯', code: rowOf('C0137') })).toBe('case.split-part');
  expect(await reason(intake, id, 'split', { issue: '灯', code: 'C9999-zzzzzz' })).toBe('case.no-code');
  expect(await reason(intake, null, 'part', { issue: '灯', code: rowOf('C0137'), parent: id, number: 'x', channel: 'web', asked: [] })).toBe('matters.not-allowed');
  // Ending the report leaves its part as it is: it is no task of it.
  await done(intake, id, 'void', { reason: '重复' });
  expect((await whole(lamps)).matter.state).not.toBe('void');
  expect(await reason(intake, id, 'split', { issue: '灯', code: rowOf('C0137') })).toBe('matters.not-in-this-state');
});

test('two cases are linked both ways and taken apart both ways; each is shown on the other\'s page to those who may see it', async () => {
  const [one, two] = [await reported(), await reported(second)];
  expect(await reason(intake, one, 'link', { other: one })).toBe('case.link-self');
  await done(intake, one, 'link', { other: two, note: '同一条路' });
  expect(await reason(intake, two, 'link', { other: one })).toBe('case.linked');
  expect((await pageOf(intake, two)).related.map(({ relation, item }) => [relation, item.id])).toEqual([['linked', one]]);
  // The reporter sees the own case and not that of somebody else.
  const own = { ...resident, grants: [{ ...person(9, 'resident').grants[0]! }] };
  expect((await pageOf(own, one)).related).toEqual([]);
  await done(intake, two, 'unlink', { other: one });
  expect([(await whole(one)).matter.data['linked'], (await whole(two)).matter.data['linked']]).toEqual([undefined, undefined]);
  expect(await reason(intake, one, 'unlink', { other: two })).toBe('case.not-linked');
});

test('a merge is undone: the case is looked at anew, its limit runs again, its reporters go back with it and are told', async () => {
  const [one, two] = [await reported(), await reported(second)];
  await done(intake, two, 'merge', { into: one });
  expect((await whole(one)).matter.data['followers']).toEqual([`contact:${second.id}`]);
  expect((await pageOf(intake, one)).related.map(({ relation, item }) => [relation, item.id])).toEqual([['merged', two]]);
  expect(await reason(collector, two, 'unmerge', { reason: '两码事' })).toBe('matters.not-allowed');
  expect(await done(intake, two, 'unmerge', { reason: '两码事' })).toMatchObject({ state: 'reported', also: [{ id: one }] });
  const [left, back] = [await whole(one), await whole(two)];
  expect(left.matter.data).toMatchObject({ followers: [] });
  expect(left.matter.data['absorbed']).toBeUndefined();
  expect(back.matter.data['mergedInto']).toBeUndefined();
  expect(back.clocks.find(({ name }) => name === 'file')).toMatchObject({ stoppedAt: null });
  expect(await told(two, 'unmerged')).toEqual([`contact:${second.id}`]);
  expect(await reason(intake, two, 'unmerge', { reason: '再来' })).toBe('matters.not-in-this-state');
  // It goes on as any report does.
  await done(intake, two, 'decline', { reason: '不在范围' });
});

test('whoever was brought by several merges, or followed before, stays until the last of them is undone, whatever the order', () => {
  const people = ['contact:a', 'contact:b', 'contact:c', 'contact:d'];
  const some = fc.subarray(people);
  fc.assert(fc.property(some, fc.array(some, { maxLength: 5 }), fc.infiniteStream(fc.nat(100)), (before, merges, chance) => {
    let matter = { facets: {}, data: { followers: before } } as unknown as Matter;
    const after = (change: Change | Refusal): void => {
      if (isRefusal(change)) throw new Error(change.reason);
      const data: Record<string, unknown> = { ...matter.data };
      for (const [name, value] of Object.entries(change.data ?? {})) if (value === null) delete data[name]; else data[name] = value;
      matter = { ...matter, data } as Matter;
    };
    merges.forEach((followers, n) => after(absorb(matter, { from: `m${n}`, followers: [...followers] })));
    const left = merges.map((_, n) => n);
    while (left.length > 0) {
      left.splice(chance.next().value % left.length, 1).forEach((n) => after(release(matter, { from: `m${n}` })));
      const wanted = new Set([...before, ...left.flatMap((n) => merges[n]!)]);
      expect(new Set(matter.data['followers'] as string[])).toEqual(wanted);
    }
    expect(matter.data['absorbed']).toBeUndefined();
  }));
});

test('every action that ties cases together is one of the case workflow', () => {
  for (const action of ['merge', 'absorb', 'unmerge', 'release', 'link', 'linked', 'unlink', 'unlinked', 'split', 'part']) expect(caseWorkflow.actions).toHaveProperty(action);
});
