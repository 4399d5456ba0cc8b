import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal } from '../../src/base/result.ts';
import { textsOf } from '../../src/platform/texts.ts';
import { erasureFollower } from '../../src/modules/matters/index.ts';
import { county, openCaseTown, people, served, type CaseTown } from './made.ts';

const { collector, intake, dispatcher, keeper, resident } = people;
let town: CaseTown;
beforeAll(async () => { town = await openCaseTown(); }, 120_000);
afterAll(() => town?.close());

test('a picture without words goes with whoever sent it, the others stay', async () => {
  const { world, modules, done } = town;
  const id = await town.filed();
  if ((await town.stateOf(id)).matter.state === 'filed') await done(dispatcher, id, 'dispatch', { unit: 'lighting' });
  await done(keeper, id, 'accept');
  await done(keeper, id, 'finish', { blobs: [served] });
  await modules.ledger.sequencer.drain(county);
  const files = async () => (await town.stateOf(id)).files.map(({ role }) => role);
  const all = await files();
  expect(all.length).toBe(2);
  const dropped: string[] = [];
  const follower = erasureFollower(world, modules.ledger, async (_, __, gone) => { dropped.push(...gone); });
  const erased = (contact: string) => world.db.transaction((tx) => follower.apply(county, [{ seq: 1, entry: { v: 1, county, subject: 'access', kind: 'contact', action: 'erase', at: new Date(world.now()).toISOString(), actor: { id: contact, role: 'resident' }, set: { contact } } as never }], tx));
  await erased(resident.id);
  expect(await files()).toEqual(all);
  await erased(keeper.id);
  expect((await town.stateOf(id)).files).toHaveLength(1);
  expect(dropped).toEqual([served]);
  await erased(collector.id);
  expect((await town.stateOf(id)).files).toHaveLength(0);
});

test('the trace shows what was sent in the county’s own words', async () => {
  const { modules, done } = town;
  const { id } = await done(resident, null, 'report', { text: '路灯不亮', component: town.lamp });
  await done(intake, id, 'file', { code: town.row });
  const said = async () => {
    const page = await modules.matters.page(intake, id, 'zh-Hans');
    if (isRefusal(page)) throw new Error(page.reason);
    return page.timeline.flatMap(({ deliveries }) => deliveries.map(({ text }) => text));
  };
  const before = await said();
  expect(before.length).toBeGreaterThan(0);
  const templates = [...new Set((await town.stateOf(id)).deliveries.map(({ template }) => template))];
  const ships = textsOf('messages');
  const keys = Object.keys(ships).filter((key) => templates.includes(key.split('.')[0]!));
  const shipped = Object.fromEntries(keys.map((key) => [key, Object.fromEntries(Object.entries(ships[key]!).map(([language, words]) => [language, `【泗门镇】${words}`]))]));
  const saved = await modules.settings.save(theSystem, county, 'messages', { base: 0, document: shipped });
  expect(saved).not.toMatchObject({ refused: true });
  for (const text of await said()) expect(text).toMatch(/^【泗门镇】/u);
});
