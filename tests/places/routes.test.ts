import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import { fromWgs84 } from '../../src/base/geo/coordinates.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { placesCommands } from '../../src/modules/places/commands.ts';
import { createPlaces, type Places } from '../../src/modules/places/index.ts';
import { placesRoutes } from '../../src/modules/places/routes.ts';
import { made, type Made } from '../identity/made.ts';
import { serve, someone, type Served } from '../platform/http/serving.ts';
import { chunks, corner, feature, fileOf, gridCode, middle, point, square, townFeatures, villages } from './town.ts';

const yuyao = '330281' as CountyCode;
const acting = { actor: theSystem, role: 'system' };

let here: Made;
let places: Places;
let served: Served;
let worker: Actor;
const steward = someone('01', 'steward');
const resident = someone('02', null, 'resident');

beforeAll(async () => {
  here = await made();
  places = createPlaces(here.world, here.ledger);
  await places.importOfficial(yuyao, acting, '330281103');
  await places.importGeoJson(yuyao, acting, chunks(fileOf([
    ...townFeatures(),
    feature({ code: `${gridCode(0, 1)}001`, name: '东楼道', kind: '楼道' }, square(...corner(0, 1), 0.0005, 0.0005)),
    point({ layer: 'address', road: '乐业路', number: 59 }, middle(0, 2)),
  ])), { source: 'town' });
  worker = await here.actor('gridworker');
  await places.setRoster(yuyao, acting, [{ place: gridCode(0, 1), role: 'gridworker', shifts: [{ person: `account:${worker.id}`, standIn: null, weekdays: '1234567', starts: 0, ends: 1440, fromDay: '2026-01-01', untilDay: null }] }]);
  served = await serve(here.world, placesRoutes(places, here.identity));
});
afterAll(async () => {
  await served.server.drain();
  await here.world.close();
});

const json = async (path: string, init?: Parameters<Served['ask']>[1]) => {
  const answer = await served.ask(path, init);
  return { status: answer.status, body: (await answer.json()) as Record<string, never> };
};

describe('places over HTTP', () => {
  it('anyone may ask where a point is, in the coordinate system that they name', async () => {
    const [lng, lat] = middle(0, 2);
    expect(await json(`/api/places/locate?lng=${lng}&lat=${lat}`)).toMatchObject({
      status: 200, body: { outcome: 'inside', county: '330281', place: gridCode(0, 2), address: '乐业路59号', chain: [{ code: '33', label: 'Province' }, {}, {}, {}, {}, { code: gridCode(0, 2), label: 'Grid' }] },
    });
    const [gLng, gLat] = fromWgs84('gcj02', lng, lat);
    expect((await json(`/api/places/locate?lng=${gLng}&lat=${gLat}&crs=gcj02`)).body).toMatchObject({ place: gridCode(0, 2), address: '乐业路59号' });
    expect((await json('/api/places/locate?lng=123&lat=30')).body).toMatchObject({ outcome: 'outside', place: null, chain: [] });
    expect((await json('/api/places/locate?lng=nowhere&lat=30')).status).toBe(422);
  });
  it('the tree, a place, a search, and 404 for what is not there', async () => {
    expect((await json(`/api/places/tree?parent=${villages[0]}`)).body).toMatchObject({ places: [{ code: gridCode(0, 1), children: 1 }, {}, {}, {}] });
    expect((await json(`/api/places/${gridCode(0, 1)}001`, { headers: { 'accept-language': 'zh-CN' } })).body).toMatchObject({ label: '楼道', path: `33/3302/330281/330281103/${villages[0]}/${gridCode(0, 1)}/${gridCode(0, 1)}001/`, history: [{ fromVersion: 2 }] });
    expect((await json(`/api/places/search?q=${encodeURIComponent('夹塘')}`)).body).toMatchObject({ places: [{ code: villages[1] }] });
    expect(await json('/api/places/999999')).toMatchObject({ status: 404, body: { reason: 'places.unknown' } });
  });
  it('the map as GeoJSON, by box and kind', async () => {
    const [x, y] = corner(0, 1);
    const { body } = await json(`/api/places/geometry?kinds=grid&bbox=${x},${y},${x + 0.001},${y + 0.001}`);
    expect(body).toMatchObject({ type: 'FeatureCollection', features: [{ properties: { kind: 'grid', code: gridCode(0, 1) }, geometry: { type: 'MultiPolygon' } }] });
    expect(await json('/api/places/geometry?bbox=3,2,1,0')).toMatchObject({ status: 422, body: { reason: 'places.bad_box' } });
  });
  it('address words go in the body', async () => {
    expect((await json('/api/places/addresses', { json: { words: '乐业路59号' } })).body).toMatchObject({ candidates: [{ label: '乐业路59号', confidence: 1, place: gridCode(0, 2) }] });
  });
  it('who is on duty is for staff, and for a grid worker in their own place only', async () => {
    expect((await json(`/api/duty?place=${gridCode(0, 1)}`)).status).toBe(401);
    expect((await json(`/api/duty?place=${gridCode(0, 1)}`, { as: resident })).status).toBe(403);
    expect(await json(`/api/duty?place=${gridCode(0, 1)}001`, { as: worker })).toMatchObject({
      status: 200, body: { inCharge: { person: { name: worker.name }, role: 'gridworker' }, found: { code: gridCode(0, 1) }, gap: null },
    });
    expect(await json(`/api/duty?place=${gridCode(1, 1)}`, { as: worker })).toMatchObject({ status: 403, body: { reason: 'places.may_not_see_duty' } });
    expect((await json(`/api/duty?place=${gridCode(1, 1)}`, { as: steward })).body).toMatchObject({ inCharge: null, gap: { reason: 'noPost', words: 'no post has been set up' } });
    expect((await json(`/api/duty?place=${gridCode(0, 1)}&at=yesterday`, { as: steward })).body).toMatchObject({ reason: 'places.bad_moment' });
  });
  it('gaps are listed with how many posts there are', async () => {
    const { body } = await json(`/api/duty/gaps?under=${villages[0]}`, { as: steward });
    expect(body).toMatchObject({ posts: 4, gaps: [{ place: { code: gridCode(0, 2) }, reason: 'noPost' }, {}, {}] });
  });
  it('a week shows rosters, gaps and double bookings; a change is previewed, saved once, and refused when somebody else was faster', async () => {
    const read = async () => (await json(`/api/duty/week?under=${villages[0]}&from=2027-01-04`, { as: steward })).body as unknown as { days: string[]; rows: { place: { code: string }; seen: string; gaps: unknown[]; stretches: unknown[] }[]; doubles: unknown[] };
    const before = await read();
    expect(before.days).toHaveLength(7);
    const rowOf = (week: typeof before, code: string) => week.rows.find(({ place }) => place.code === code)!;
    expect(rowOf(before, gridCode(0, 1))).toMatchObject({ gaps: [], stretches: Array.from({ length: 7 }, () => ({ person: `account:${worker.id}`, from: 0, until: 1440 })) });
    expect(rowOf(before, gridCode(0, 2)).gaps).toHaveLength(7);
    const shift = { person: `account:${worker.id}`, standIn: null, weekdays: '1', starts: 1320, ends: 360, fromDay: '2027-01-01', untilDay: null };
    const body = (dryRun: boolean) => ({ from: '2027-01-04', dryRun, places: [{ place: gridCode(0, 2), seen: rowOf(before, gridCode(0, 2)).seen, posts: [{ role: 'gridworker', rank: 1, shifts: [shift] }] }] });
    const put = (sent: unknown, as: Actor) => json('/api/duty/rosters', { as, method: 'POST', body: JSON.stringify(sent), headers: { 'content-type': 'application/json' } });
    expect(await put(body(true), steward)).toMatchObject({ status: 200, body: { done: false, before: { openMinutes: 10_080, doubles: [] }, after: { openMinutes: 9_600, doubles: [{ day: '2027-01-04', from: 1320, until: 1440 }, { day: '2027-01-05', from: 0, until: 360 }] } } });
    expect(rowOf(await read(), gridCode(0, 2)).gaps).toHaveLength(7);
    expect(await put(body(false), worker)).toMatchObject({ status: 403 });
    expect(await put(body(false), steward)).toMatchObject({ status: 200, body: { done: true } });
    expect((await read()).doubles).toHaveLength(2);
    expect(await put(body(false), steward)).toMatchObject({ status: 409, body: { reason: 'places.roster_changed' } });
  });
  it('only a data steward imports, and a refusal names every fault in words', async () => {
    const send = (as: Actor, text: string, query = '') => json(`/api/places/import?source=town${query}`, { as, method: 'POST', body: text, headers: { 'content-type': 'application/geo+json' } });
    expect((await send(worker, fileOf(townFeatures()))).status).toBe(403);
    expect(await send(steward, fileOf(townFeatures()), '&dryRun=true')).toMatchObject({ status: 200, body: { dryRun: true, unchanged: 11 } });
    const bad = await send(steward, fileOf(townFeatures().filter((_, i) => i !== 2)), '&mode=replace');
    expect(bad).toMatchObject({ status: 422, body: { reason: 'places.import_refused', errors: [{ path: '/', message: expect.stringContaining(`${gridCode(0, 1)}001 is still under it`) }] } });
  });
});

describe('the command', () => {
  const run = async (words: Record<string, string | boolean>) => {
    const command = placesCommands(async () => ({ places, identity: here.identity })).find(({ name }) => name === 'import places');
    return command!.run({
      arg: (name) => String(words[name] ?? ''), args: () => [], flag: (name) => words[name] === true, number: () => undefined,
      text: (name) => (typeof words[name] === 'string' ? words[name] : undefined),
      language: 'en', json: false, say: (key) => key, progress: () => {}, signal: new AbortController().signal,
    });
  };
  it('imports a file, and fails with the faults of one that is wrong', async () => {
    const file = `${here.world.config.data}/town.geojson`;
    await writeFile(file, fileOf(townFeatures()));
    expect(await run({ file, 'dry-run': true })).toMatchObject({ done: true, data: { unchanged: 11, dryRun: true }, lines: ['import.places.dryRun'] });
    await writeFile(file, fileOf(townFeatures().map((one, i) => (i === 2 ? { ...one, properties: { code: '12', name: 'x' } } : one))));
    const failed = await run({ file });
    expect(failed).toMatchObject({ done: false, data: { reason: 'places.import_refused' } });
    expect(failed.lines[1]).toContain('Line 4');
    expect(await run({ file: `${file}.none` })).toMatchObject({ done: false });
    await expect(run({ file, crs: 'lambert' })).rejects.toThrow('import.places.badCrs');
  });
});
