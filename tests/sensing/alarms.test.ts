import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from '../cases/made.ts';
import { county, openSensorTown, right, steward, type SensorTown } from './made.ts';

const minute = 60_000;
let town: SensorTown;
let { world, modules, send, turn, rows, done, stateOf } = {} as SensorTown;

interface Row { id: string; code: string; rule: string; outcome: string | null; reason: string | null; matter: string | null; event: string | null; ended_at: Date | null }
const alarms = (rule: string): Promise<Row[]> => rows('select a.*, s.code from sensor_alarm a join sensor s using (county, no) where a.county = $1 and rule = $2 order by known_at, a.id', [county, rule]);
/** One reading a step of every device, minute by minute. */
const play = async (minutes: number, values: Readonly<Record<string, number | undefined>>): Promise<void> => {
  for (let at = 0; at < minutes; at += 5) {
    world.advance(5 * minute);
    await send(...Object.entries(values).flatMap(([device, value]) => (value === undefined ? [] : [{ device, value }])));
  }
};

beforeAll(async () => {
  town = await openSensorTown();
  ({ world, modules, send, turn, rows, done, stateOf } = town);
  right(await modules.sensing.register.add(steward, county, [
    ...town.lamps.map((component, at) => ({ code: `L${at}`, kind: 'lamp', component })),
    { code: 'W1', kind: 'water', component: town.lamp, name: '泵站水位计' },
  ], false));
}, 120_000);
afterAll(() => town?.close());

test('a lamp that is dark at night while its neighbours burn reports itself, with its component and its row, once', async () => {
  await play(20, { L0: 0.42, L1: 0.4, L2: 0.41, L3: 0.4, L4: 0.4 });
  await play(15, { L0: 0, L1: 0.4, L2: 0.41, L3: 0.4, L4: 0.4 });
  await turn();
  // It waits for others like it before it is a case.
  expect((await alarms('lamp-dark')).map(({ code, outcome }) => [code, outcome])).toEqual([['L0', null]]);
  world.advance(2 * minute);
  await turn();
  const [alarm] = await alarms('lamp-dark');
  expect(alarm).toMatchObject({ outcome: 'reported', matter: expect.any(String) });
  const { matter } = await stateOf(alarm!.matter!);
  expect(matter).toMatchObject({ kind: 'case', state: 'reported', facets: { component: town.lamp, code: town.row }, data: { channel: 'device', byProgram: true } });
  const texts = await modules.matters.texts(world.db, county, matter.id);
  expect(texts.map(({ text }) => text).join('')).toContain('夜里灯不亮');
  await modules.ledger.sequencer.drain();
  const entries = await rows<{ canonical: string }>(`select convert_from(canonical, 'UTF8') as canonical from ledger_entry where county = $1 and position($2 in convert_from(canonical, 'UTF8')) > 0`, [county, matter.id]);
  expect(entries.map(({ canonical }) => (JSON.parse(canonical) as { action: string }).action)).toEqual(['report']);
  expect(right(await modules.sensing.views.alarms(steward, county, { matter: matter.id }, 'en')).items).toMatchObject([{ rule: { name: 'Lamp dark at night' }, device: { code: 'L0' }, outcomeWords: 'Case reported' }]);
});

test('it burns again: its alarm ends and the case is told, and stays open', async () => {
  const [before] = await alarms('lamp-dark');
  await play(5, { L0: 0.42, L1: 0.4, L2: 0.41, L3: 0.4, L4: 0.4 });
  await turn();
  expect((await alarms('lamp-dark'))[0]!.ended_at).not.toBeNull();
  expect((await stateOf(before!.matter!)).matter.state).toBe('reported');
  expect((await modules.matters.texts(world.db, county, before!.matter!)).map(({ text }) => text).join('')).toContain('已解除');
});

test('it goes on and off: alarms of its own, one case, and no second word in it within hours', async () => {
  const [first] = await alarms('lamp-dark');
  const words = async (): Promise<number> => (await modules.matters.texts(world.db, county, first!.matter!)).length;
  const before = await words();
  for (let time = 0; time < 6; time++) {
    await play(15, { L0: 0, L1: 0.4, L2: 0.41, L3: 0.4, L4: 0.4 });
    world.advance(2 * minute);
    await turn();
    await play(5, { L0: 0.4, L1: 0.4, L2: 0.41, L3: 0.4, L4: 0.4 });
    await turn();
  }
  const found = await alarms('lamp-dark');
  expect(found).toHaveLength(7);
  expect(new Set(found.map(({ matter }) => matter))).toEqual(new Set([first!.matter]));
  expect(found.slice(1).every(({ outcome, reason }) => outcome === 'attached' && reason === 'quiet')).toBe(true);
  expect(await words()).toBe(before);
  const { items, counts } = right(await modules.sensing.views.devices(steward, county, { box: 'flapping' }, 'zh-Hans'));
  expect([items.map(({ code }) => code), counts.flapping]).toEqual([[], 0]);
});

test('the case was ended as nothing: the lamp brings no second one that day, and one the day after', async () => {
  const [{ matter } = { matter: null }] = await alarms('lamp-dark');
  await done(people.intake, matter, 'decline', { reason: '现场查看灯是好的' });
  const dark = { L0: 0, L1: 0.4, L2: 0.41, L3: 0.4, L4: 0.4 };
  world.setNow(Date.parse('2026-11-25T03:00:00+08:00'));
  await play(15, dark);
  world.advance(2 * minute);
  await turn();
  expect((await alarms('lamp-dark')).at(-1)).toMatchObject({ outcome: 'held', matter });
  await play(5, { L0: 0.4 });
  world.setNow(Date.parse('2026-11-26T19:00:00+08:00'));
  await play(15, dark);
  world.advance(2 * minute);
  await turn();
  const last = (await alarms('lamp-dark')).at(-1)!;
  expect(last.outcome).toBe('reported');
  expect(last.matter).not.toBe(matter);
  await done(people.intake, last.matter, 'decline', { reason: '试验' });
});

test('somebody reported the lamp before it did: the open case is told, and no second one is made', async () => {
  world.setNow(Date.parse('2026-11-28T20:00:00+08:00'));
  const { id } = await done(people.operator, null, 'report', { text: '灯不亮', component: town.lamps[1], channel: 'phone' });
  await play(15, { L0: 0.4, L1: 0, L2: 0.41, L3: 0.4, L4: 0.4 });
  world.advance(2 * minute);
  await turn();
  expect((await alarms('lamp-dark')).at(-1)).toMatchObject({ code: 'L1', outcome: 'attached', matter: id, reason: null });
  expect((await modules.matters.texts(world.db, county, id)).map(({ text }) => text).join('')).toContain('再次报警');
  await play(5, { L0: 0.4, L1: 0.4, L2: 0.4, L3: 0.4, L4: 0.4 });
});

test('a whole street goes dark: one event with parts and one case, and a lamp that follows joins it', async () => {
  world.setNow(Date.parse('2026-11-30T21:00:00+08:00'));
  const before = (await alarms('lamp-dark')).length;
  await play(15, { L0: 0.4, L1: 0, L2: 0, L3: 0, L4: 0 });
  await turn();
  const parts = (await alarms('lamp-dark')).slice(before);
  expect(parts.map(({ code, outcome }) => [code, outcome]).sort()).toEqual([['L1', 'event'], ['L2', 'event'], ['L3', 'event'], ['L4', 'event']]);
  expect(new Set(parts.map(({ event }) => event)).size).toBe(1);
  const [event] = await rows<{ parts: number; matter: string }>('select parts, matter from sensor_event where county = $1 order by opened_at desc');
  expect((await stateOf(event!.matter)).matter.facets.component).toBeUndefined();
  await play(15, { L0: 0, L1: 0, L2: 0, L3: 0, L4: 0 });
  await turn();
  expect((await rows<{ parts: number }>('select parts from sensor_event where county = $1 order by opened_at desc'))[0]!.parts).toBe(5);
  await play(5, { L0: 0.4, L1: 0.4, L2: 0.4, L3: 0.4, L4: 0.4 });
  await turn();
  expect((await rows<{ ended_at: Date | null }>('select ended_at from sensor_event where county = $1 order by opened_at desc'))[0]!.ended_at).not.toBeNull();
  expect((await modules.matters.texts(world.db, county, event!.matter)).map(({ text }) => text).join('')).toContain('全部解除');
});

test('silence is an alarm by the clock, ends with the next reading, and a device that rests has none', async () => {
  await send({ device: 'W1', value: 0.05 });
  world.advance(11 * minute);
  await turn();
  expect(await alarms('water-silent')).toMatchObject([{ code: 'W1', ended_at: null }]);
  expect(right(await modules.sensing.views.devices(steward, county, { box: 'silent' }, 'zh-Hans')).items.map(({ code }) => code)).toEqual(['W1']);
  await send({ device: 'W1', value: 0.05 });
  expect((await alarms('water-silent'))[0]!.ended_at).not.toBeNull();
  world.advance(11 * minute);
  await turn();
  right(await modules.sensing.register.change(steward, county, 'W1', { state: 'resting' }));
  await turn();
  expect((await alarms('water-silent')).map(({ ended_at: ended }) => ended !== null)).toEqual([true, true]);
  expect(await send({ device: 'W1', value: 0.05 })).toMatchObject([{ reason: 'sensing.resting' }]);
  right(await modules.sensing.register.change(steward, county, 'W1', { state: 'active' }));
});

test('five in a hundred at once: one case for all of them and not one each', async () => {
  const { lng, lat } = (await modules.components.find(county, town.lamp))!;
  right(await modules.sensing.register.add(steward, county, Array.from({ length: 60 }, (_, at) => ({ code: `M${at}`, kind: 'manhole', lng: lng + at * 1e-6, lat, name: `井盖${at}` })), false));
  const cases = async (): Promise<number> => (await rows<{ count: number }>(`select count(*)::int as count from matter where county = $1 and kind = 'case'`))[0]!.count;
  const before = await cases();
  await send(...Array.from({ length: 40 }, (_, at) => ({ device: `M${at}`, value: 40 })));
  await turn();
  expect((await alarms('manhole-open')).filter(({ outcome }) => outcome === 'event')).toHaveLength(40);
  expect(await cases()).toBe(before + 1);
  // A quake goes on: what comes a minute later is the same event.
  world.advance(minute);
  await send(...Array.from({ length: 20 }, (_, at) => ({ device: `M${40 + at}`, value: 40 })));
  await turn();
  expect(await cases()).toBe(before + 1);
  expect((await rows<{ parts: number; devices: number }>(`select parts, devices from sensor_event where county = $1 and rule = 'manhole-open'`))).toEqual([{ parts: 60, devices: 60 }]);
});

test('a county\'s own rule counts from the next reading, a rule that is off lets go of its alarms, and one can be tried before', async () => {
  const shipped = (await modules.sensing.counting(county)).byCode.get('water-high')!;
  const rule = { ...shipped, limit: 2, clear: 1, holdSeconds: 0 };
  for (const value of [0.1, 2.5, 0.2, 3, 0.1]) { world.advance(5 * minute); await send({ device: 'W1', value }); }
  const tried = right(await modules.sensing.trying.try(steward, county, rule, 7));
  expect(tried).toMatchObject({ alarms: 2, devicesWithAlarms: 1, cases: 1 });
  right(await modules.settings.set(steward, county, ['sensing'], { rules: [rule] } as never));
  await send({ device: 'W1', value: 2.5, at: new Date(world.now() + 10_000).toISOString() });
  expect((await alarms('water-high')).filter(({ ended_at: ended }) => ended === null)).toHaveLength(1);
  right(await modules.settings.set(steward, county, ['sensing'], { rules: [{ ...rule, off: true }] } as never));
  await turn();
  expect((await alarms('water-high')).filter(({ ended_at: ended }) => ended === null)).toHaveLength(0);
  expect(right(await modules.sensing.trying.list(steward, county, 'en')).items.find(({ rule: { code } }) => code === 'water-high')).toMatchObject({ own: true, says: 'Above 2 m; over at 1 m' });
  await expect(modules.settings.set(steward, county, ['sensing'], { rules: [{ ...rule, clear: 9 }] } as never)).resolves.toMatchObject({ reason: 'sensing.rule.clear' });
});

test('what devices did verifies like all else', async () => {
  await modules.matters.drain();
  await modules.ledger.sequencer.drain();
  expect((await modules.ledger.verify()).flatMap(({ findings }) => findings)).toEqual([]);
});
