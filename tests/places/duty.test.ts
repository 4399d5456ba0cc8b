import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { isRefusal } from '../../src/base/result.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { createPlaces, type Places, type PostDraft, type Shift } from '../../src/modules/places/index.ts';
import { shiftAt } from '../../src/modules/places/rules/duty.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { chunks, corner, feature, fileOf, gridCode, square, townFeatures, villages } from './town.ts';

const yuyao = '330281' as CountyCode;
const acting = { actor: theSystem, role: 'system' };
const at = (text: string): number => Date.parse(`${text}+08:00`);
const person = (n: number): string => `account:00000000-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`;
const shift = (more: Partial<Omit<Shift, 'id' | 'post'>> = {}): Omit<Shift, 'id' | 'post'> =>
  ({ person: person(1), standIn: null, weekdays: '1234567', starts: 0, ends: 1440, fromDay: '2026-01-01', untilDay: null, ...more });

describe('a shift', () => {
  const whole = (more: Partial<Shift>): Shift => ({ id: 'a', post: 'b', ...shift(more) });
  it.each<[string, Partial<Shift>, string, [string, string] | null]>([
    ['by day, in the morning', { starts: 480, ends: 1020 }, '2026-11-24T08:00', ['2026-11-24T08:00', '2026-11-24T17:00']],
    ['by day, at its end', { starts: 480, ends: 1020 }, '2026-11-24T17:00', null],
    ['by night, before midnight', { starts: 1200, ends: 480 }, '2026-11-24T23:59', ['2026-11-24T20:00', '2026-11-25T08:00']],
    ['by night, after midnight', { starts: 1200, ends: 480 }, '2026-11-25T07:59', ['2026-11-24T20:00', '2026-11-25T08:00']],
    ['of a Friday night, on Saturday morning', { starts: 1200, ends: 480, weekdays: '5' }, '2026-11-28T03:00', ['2026-11-27T20:00', '2026-11-28T08:00']],
    ['of a Friday night, on Saturday evening', { starts: 1200, ends: 480, weekdays: '5' }, '2026-11-28T21:00', null],
    ['on weekdays, on a Sunday', { starts: 480, ends: 1020, weekdays: '12345' }, '2026-11-29T09:00', null],
    ['all day long', {}, '2026-11-24T00:00', ['2026-11-24T00:00', '2026-11-25T00:00']],
    ['before its first day', { fromDay: '2026-11-25' }, '2026-11-24T12:00', null],
    ['on its last night', { starts: 1200, ends: 480, untilDay: '2026-11-24' }, '2026-11-25T03:00', ['2026-11-24T20:00', '2026-11-25T08:00']],
    ['after its last day', { untilDay: '2026-11-24' }, '2026-11-25T00:00', null],
  ])('%s', (_, more, moment, expected) => {
    expect(shiftAt(whole(more), at(moment), 480)).toEqual(expected ? { from: at(expected[0]), until: at(expected[1]) } : undefined);
  });
});

describe('who is in charge', () => {
  let world: TestWorld;
  let places: Places;
  const reachable = new Set<string>();
  const grid = gridCode(0, 1);
  const micro = `${grid}001`;
  const morning = at('2026-11-24T09:00');
  const set = async (...posts: PostDraft[]) => {
    const done = await places.setRoster(yuyao, acting, posts);
    if (isRefusal(done)) throw new Error(JSON.stringify(done));
  };

  beforeAll(async () => {
    world = await testWorld();
    places = createPlaces(world, createLedger(world), async (_, persons) => new Set(persons.filter((one) => reachable.has(one))));
    await places.importOfficial(yuyao, acting, '330281103');
    await places.importGeoJson(yuyao, acting, chunks(fileOf([
      ...townFeatures(), feature({ code: micro, name: '东楼道', kind: '楼道' }, square(...corner(0, 1), 0.0005, 0.0005)),
    ])), { source: 'town' });
  });
  afterAll(() => world.close());

  it('is nobody while no post is set up anywhere above, and every grid is a gap', async () => {
    expect(await places.inCharge(yuyao, micro, morning)).toEqual({ gap: true, reason: 'noPost' });
    expect((await places.gaps(yuyao, morning)).map((gap) => [gap.place.code, gap.reason])).toEqual(
      [0, 1].flatMap((village) => [1, 2, 3, 4].map((n) => [gridCode(village, n), 'noPost'])));
  });

  it('is the first by rank of the place itself, with the others beside', async () => {
    await set({ place: grid, role: 'gridworker', rank: 2, shifts: [shift({ person: person(2) })] }, { place: grid, role: 'gridchief', rank: 1, shifts: [shift({ person: person(1) })] });
    expect(await places.inCharge(yuyao, grid, morning)).toMatchObject({ gap: false, person: person(1), role: 'gridchief', place: { code: grid }, others: [{ person: person(2) }] });
  });

  it('is that of the grid where a micro-grid has none, and of the village where the grid has none', async () => {
    await set({ place: villages[0], role: 'gridchief', shifts: [shift({ person: person(9) })] });
    expect(await places.inCharge(yuyao, micro, morning)).toMatchObject({ person: person(1), place: { code: grid } });
    expect(await places.inCharge(yuyao, gridCode(0, 2), morning)).toMatchObject({ person: person(9), place: { code: villages[0] } });
    await set({ place: micro, role: 'gridworker', shifts: [shift({ person: person(5), starts: 480, ends: 720 })] });
    expect(await places.inCharge(yuyao, micro, morning)).toMatchObject({ person: person(5), place: { code: micro } });
    expect(await places.inCharge(yuyao, micro, at('2026-11-24T15:00'))).toMatchObject({ person: person(1), place: { code: grid } });
  });

  it('is the stand-in while the person is away, and nobody when both are', async () => {
    await set({ place: gridCode(1, 1), role: 'gridworker', shifts: [shift({ person: person(3), standIn: person(4) })] });
    await places.addAbsence(yuyao, acting, { person: person(3), from: morning, until: morning + 3_600_000 });
    expect(await places.inCharge(yuyao, gridCode(1, 1), morning - 1)).toMatchObject({ person: person(3), standIn: person(4), standingIn: false });
    expect(await places.inCharge(yuyao, gridCode(1, 1), morning)).toMatchObject({ person: person(4), standIn: null, standingIn: true });
    await places.addAbsence(yuyao, acting, { person: person(4), from: morning, until: morning + 1000 });
    expect(await places.inCharge(yuyao, gridCode(1, 1), morning)).toEqual({ gap: true, reason: 'nobodyOnDuty' });
    expect(await places.inCharge(yuyao, gridCode(1, 1), morning + 1000)).toMatchObject({ person: person(4) });
  });

  it('leaves a gap where nobody on duty can be reached, though a reachable stand-in closes it', async () => {
    const gapOf = async (code: string, when = morning + 2000) => (await places.gaps(yuyao, when)).find((gap) => gap.place.code === code);
    expect(await gapOf(grid)).toMatchObject({ reason: 'unreachable', persons: [person(1), person(2)] });
    reachable.add(person(2));
    expect(await gapOf(grid)).toBeUndefined();
    expect(await gapOf(gridCode(1, 1), morning + 7_200_000)).toMatchObject({ reason: 'unreachable' });
    reachable.add(person(4));
    expect(await gapOf(gridCode(1, 1), morning + 7_200_000)).toBeUndefined();
    expect(await gapOf(micro, at('2026-11-24T15:00'))).toMatchObject({ reason: 'nobodyOnDuty' });
  });

  it('is counted as a metric', async () => {
    world.setNow(morning);
    expect(await world.metrics.getSingleMetricAsString('lamplight_duty_gaps')).toContain('lamplight_duty_gaps{county="330281",reason="noPost"} 6');
  });

  it('of two who change rosters from the same state one is told that it has changed, and nothing of theirs is written', async () => {
    const since = await places.dutyHead(yuyao);
    const draft = (n: number): PostDraft[] => [{ place: gridCode(0, 2), role: 'gridworker', shifts: [shift({ person: person(n) })] }] as PostDraft[];
    const both = await Promise.all([places.setRoster(yuyao, acting, draft(7), since), places.setRoster(yuyao, acting, draft(8), since)]);
    expect(both.map((one) => (isRefusal(one) ? one.reason : 'done')).sort()).toEqual(['done', 'places.roster_changed']);
    const kept = await places.roster(yuyao, gridCode(0, 2));
    expect(kept.flatMap(({ shifts }) => shifts.map((each) => each.person))).toEqual([person(isRefusal(both[0]!) ? 8 : 7)]);
    expect(await places.dutyHead(yuyao)).toBe(since + 1);
    expect(isRefusal(await places.setRoster(yuyao, acting, draft(7), since + 1))).toBe(false);
  });

  it('is refused as a whole where a shift is wrong, with each wrong value', async () => {
    const refusal = await places.setRoster(yuyao, acting, [
      { place: grid, role: 'gridworker', shifts: [shift({ weekdays: '8' }), shift(), shift({ person: '张三' }), shift({ starts: 1500 }), shift({ untilDay: '2025-02-30' })] },
      { place: '999', role: 'gridworker', shifts: [] },
    ]);
    expect(refusal).toMatchObject({
      reason: 'places.roster_refused',
      errors: [
        { path: '/posts/0/shifts/0', reason: 'places.bad_weekdays' }, { path: '/posts/0/shifts/2', reason: 'places.bad_person' },
        { path: '/posts/0/shifts/3', reason: 'places.bad_shift_time' }, { path: '/posts/0/shifts/4', reason: 'places.bad_shift_day' },
        { path: '/posts/1/place', reason: 'places.unknown' },
      ],
    });
    expect(await places.inCharge(yuyao, grid, morning)).toMatchObject({ person: person(1) });
  });
});
