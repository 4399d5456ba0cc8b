import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { createPlaces, type Places } from '../../src/modules/places/index.ts';
import { placesRoutes } from '../../src/modules/places/routes.ts';
import { made, type Made } from '../identity/made.ts';
import { serve, someone, type Served } from '../platform/http/serving.ts';
import { chunks, fileOf, gridCode, townFeatures, villages } from './town.ts';

const yuyao = '330281' as CountyCode;
const acting = { actor: theSystem, role: 'system' };
const steward = someone('01', 'steward');
const dispatcher = someone('03', 'dispatcher');
const clerk = someone('04', 'clerk');

let here: Made;
let places: Places;
let served: Served;
let people: [string, string];
const json = async (path: string, init?: Parameters<Served['ask']>[1]) => {
  const answer = await served.ask(path, init);
  return { status: answer.status, body: (await answer.json()) as Record<string, never> };
};
const hour = 3_600_000;
const today = () => new Date(here.world.now() + 8 * hour).toISOString().slice(0, 10);
/** A moment of the county, days from today. */
const at = (days: number, time: string) => new Date(Date.parse(`${today()}T${time}:00+08:00`) + days * 24 * hour).toISOString();
const away = (from: string, until: string, person = people[0], as = steward) => json('/api/duty/absences', { json: { person, from, until }, as });

beforeAll(async () => {
  here = await made();
  places = createPlaces(here.world, here.ledger);
  await places.importOfficial(yuyao, acting, '330281103');
  await places.importGeoJson(yuyao, acting, chunks(fileOf(townFeatures())), { source: 'town' });
  people = [`account:${(await here.actor('gridworker')).id}`, `account:${(await here.actor('collector')).id}`];
  await places.setRoster(yuyao, acting, [{ place: gridCode(0, 1), role: 'gridworker', shifts: [{ person: people[0], standIn: people[1], weekdays: '1234567', starts: 480, ends: 1080, fromDay: '2020-01-01', untilDay: null }] }]);
  served = await serve(here.world, placesRoutes(places, here.identity));
});
afterAll(async () => {
  await served.server.drain();
  await here.world.close();
});
beforeEach(() => here.world.db.query('delete from duty_absence'));

describe('an absence', () => {
  it('stands in the list with who takes the shifts and who entered it, and in the week', async () => {
    expect((await away(at(1, '06:00'), at(2, '20:00'))).status).toBe(200);
    const list = await json(`/api/duty/absences?week=${today()}`, { as: dispatcher });
    expect(list).toMatchObject({ status: 200, body: { next: null, items: [{ person: people[0], state: 'coming', mayWithdraw: false, covers: [{ place: '第一网格', role: 'Grid worker', standIn: expect.any(String) }] }] } });
    const week = await json(`/api/duty/week?under=${villages[0]}&from=${today()}`, { as: dispatcher });
    expect((week.body['away'] as unknown as { person: string; day: string }[]).map(({ person }) => person)).toEqual([people[0], people[0]]);
    expect((await json('/api/duty/absences', { as: clerk })).status).toBe(403);
    expect((await away(at(5, '06:00'), at(6, '06:00'), people[0], dispatcher)).status).toBe(403);
  });

  it('that overlaps another of the same person is refused with its times, even where both are entered at once', async () => {
    expect((await away(at(1, '08:00'), at(3, '08:00'))).status).toBe(200);
    expect(await away(at(2, '08:00'), at(4, '08:00'))).toMatchObject({ status: 409, body: { reason: 'places.absence_overlaps', detail: expect.stringContaining('08:00') } });
    // One that begins where the other ends does not overlap; nor does another person's.
    expect((await away(at(3, '08:00'), at(4, '08:00'))).status).toBe(200);
    expect((await away(at(2, '08:00'), at(4, '08:00'), people[1])).status).toBe(200);
    const both = await Promise.all(Array.from({ length: 6 }, () => away(at(10, '08:00'), at(11, '08:00'))));
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await away(at(1, '08:00'), at(1, '08:00'), people[1])).status).toBe(422);
    expect((await away('soon', at(1, '08:00'), people[1])).status).toBe(422);
  });

  it('that is withdrawn gives the shifts back; twice is once; one that is over stays', async () => {
    const { body } = await away(at(0, '00:00'), at(2, '00:00'));
    const noon = Date.parse(at(1, '12:00'));
    expect(await places.inCharge(yuyao, gridCode(0, 1), noon)).toMatchObject({ person: people[1], standingIn: true });
    expect((await json(`/api/duty/absences/${String(body['id'])}`, { method: 'DELETE', as: dispatcher })).status).toBe(403);
    for (let time = 0; time < 2; time++) expect((await json(`/api/duty/absences/${String(body['id'])}`, { method: 'DELETE', as: steward })).status).toBe(200);
    expect(await places.inCharge(yuyao, gridCode(0, 1), noon)).toMatchObject({ person: people[0], standingIn: false });
    expect(await json('/api/duty/absences', { as: steward })).toMatchObject({ body: { items: [{ state: 'withdrawn', mayWithdraw: false }] } });
    const entries = await here.world.db.query<{ action: string }>(`select convert_from(entry, 'UTF8')::jsonb ->> 'action' as action from ledger_inbox where convert_from(entry, 'UTF8')::jsonb -> 'set' ->> 'id' = $1`, [String(body['id'])]);
    expect(entries.map(({ action }) => action)).toEqual(['absence', 'absence_withdrawn']);
    const over = await away(at(-3, '00:00'), at(-2, '00:00'));
    expect(await json(`/api/duty/absences/${String(over.body['id'])}`, { method: 'DELETE', as: steward })).toMatchObject({ status: 409, body: { reason: 'places.absence_over' } });
    expect((await json('/api/duty/absences/01930000-0000-7000-8000-000000000001', { method: 'DELETE', as: steward })).status).toBe(404);
  });

  it('is listed a page at a time, the latest first, of one person where that is asked', async () => {
    for (let day = 1; day <= 7; day++) await away(at(day, '08:00'), at(day, '09:00'), people[day % 2]);
    const seen: string[] = [];
    for (let after: string | null = ''; after !== null;) {
      const page = await json(`/api/duty/absences?limit=3${after && `&after=${after}`}`, { as: steward });
      seen.push(...(page.body['items'] as unknown as { from: string }[]).map(({ from }) => from));
      after = page.body['next'] as unknown as string | null;
    }
    expect(seen).toHaveLength(7);
    expect(seen).toEqual(seen.toSorted().reverse());
    expect((await json(`/api/duty/absences?person=${people[1]}`, { as: steward })).body['items']).toHaveLength(4);
  });
});
