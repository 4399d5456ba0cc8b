import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { fromWgs84 } from '../../src/base/geo/coordinates.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { isRefusal, type Refusal } from '../../src/base/result.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { createPlaces, type Places } from '../../src/modules/places/index.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import type { World } from '../../src/platform/world.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { chunks, corner, feature, fileOf, gridCode, middle, point, square, townFeatures, type TestFeature } from './town.ts';

const yuyao = '330281' as CountyCode;
const acting = { actor: theSystem, role: 'system' };
const grid = (n: number) => 1 + n;

let world: TestWorld;
let places: Places;
beforeAll(async () => {
  world = await testWorld();
  places = createPlaces(world, createLedger(world));
  await places.importOfficial(yuyao, acting, '330281103');
});
afterAll(() => world.close());

const load = (text: string, more: Partial<Parameters<Places['importGeoJson']>[3]> = {}) =>
  places.importGeoJson(yuyao, acting, chunks(text), { source: 'town.geojson', dryRun: true, ...more });

const refusalOf = async (features: readonly unknown[]): Promise<Refusal> => {
  const done = await load(fileOf(features));
  if (!isRefusal(done)) throw new Error('the import was not refused');
  return done;
};

const withFeature = (at: number, change: (one: TestFeature) => unknown): unknown[] => townFeatures().map((one, i) => (i === at ? change(one) : one));
const moved = (one: TestFeature, coordinates: unknown): unknown => ({ ...one, geometry: { type: 'MultiPolygon', coordinates } });
const step = 0.002;
const third = corner(0, 3);

describe('an import refuses, naming feature, line and pair', () => {
  it.each<[string, () => unknown[], string, Record<string, unknown>]>([
    ['two grids that overlap', () => withFeature(grid(1), (one) => moved(one, square(...corner(0, 1), step * 1.2, step))),
      'places.overlap', { a: `${gridCode(0, 1)} 第一网格 #4`, b: `${gridCode(0, 2)} 第二网格 #5`, line: 5 }],
    ['two grids of different villages that overlap', () => withFeature(grid(2), (one) => moved(one, square(...corner(0, 2), step * 1.1, step))),
      'places.overlap', { b: `${gridCode(1, 1)} 第一网格 #9` }],
    ['a sliver between neighbours that overlap by a metre', () => withFeature(grid(1), (one) => moved(one, square(...corner(0, 1), step + 0.00001, step))),
      'places.sliver_overlap', { a: `${gridCode(0, 1)} 第一网格 #4` }],
    ['a sliver gap between neighbours', () => withFeature(grid(1), (one) => moved(one, square(...corner(0, 1), step - 0.00001, step))),
      'places.sliver_gap', { code: '330281103203', beside: expect.stringContaining(gridCode(0, 2)) }],
    ['a hole in the coverage of the village', () => townFeatures().filter((_, i) => i !== grid(4)), 'places.gap', { code: '330281103203', line: 3 }],
    ['a grid that reaches beyond its village', () => withFeature(grid(1), (one) => moved(one, square(third[0] - step / 2, corner(0, 1)[1], step * 1.5, step))),
      'places.outside_parent', { code: gridCode(0, 1), line: 4, percent: 33.3 }],
    ['a grid in another village than its code says', () => withFeature(grid(1), (one) => moved(one, square(...corner(1, 1), step, step))),
      'places.elsewhere', { code: gridCode(0, 1), found: '330281103204 夹塘村' }],
    ['a border that meets itself', () => withFeature(grid(1), (one) => {
      const [x, y] = corner(0, 1);
      return moved(one, [[[[x, y], [x + step, y + step], [x + step, y], [x, y + step], [x, y]]]]);
    }), 'places.self_intersection', { code: gridCode(0, 1), line: 4 }],
    ['a border that does not close', () => withFeature(grid(1), (one) => moved(one, [[square(...corner(0, 1), step, step)[0]![0]!.slice(0, -1)]])),
      'places.unclosed', { code: gridCode(0, 1), line: 4 }],
    ['latitude before longitude', () => withFeature(grid(1), (one) => moved(one, square(corner(0, 1)[1], corner(0, 1)[0], step, step))),
      'places.swapped', { code: gridCode(0, 1), line: 4 }],
    ['metres where degrees belong', () => withFeature(grid(1), (one) => moved(one, square(500_000, 3_300_000, 100, 100))), 'places.out_of_range', { line: 4 }],
    ['a position that is no number', () => withFeature(grid(1), (one) => moved(one, [[[[121, null], [121, 30], [122, 30], [121, null]]]])), 'places.not_numbers', { line: 4 }],
    ['a grid of another county', () => [...townFeatures(), feature({ code: '330282103203001', name: '外县' }, square(121, 30, step, step))],
      'places.other_county', { code: '330282103203001', county: '330281' }],
    ['a parent that the code does not begin with', () => withFeature(grid(1), (one) => ({ ...one, properties: { ...one.properties, parent: '330281103204' } })),
      'places.not_under', { parent: '330281103204' }],
    ['a parent of the wrong level', () => withFeature(grid(1), (one) => ({ ...one, properties: { ...one.properties, parent: '330281103' } })), 'places.wrong_level', {}],
    ['a village that is not there', () => [...townFeatures(), feature({ code: '330281103999001', name: '无村' }, square(121, 30, step, step))],
      'places.no_parent', { parent: '330281103999' }],
    ['a code that is there twice', () => [...townFeatures(), feature({ code: gridCode(0, 1), name: '又一个' }, null)], 'places.duplicate_code', { first: 4, line: 13 }],
    ['a code of 13 digits', () => withFeature(grid(1), (one) => ({ ...one, properties: { code: '3302811032031', name: '短码' } })), 'places.bad_code', { digits: 13 }],
    ['an 18-digit code that was written as a number', () => [...townFeatures(), { type: 'Feature', properties: { code: Number(`${gridCode(0, 1)}001`), name: '数字' }, geometry: null }],
      'places.code_as_number', {}],
    ['a micro-grid of a seventh type', () => [...townFeatures(), feature({ code: `${gridCode(0, 1)}001`, name: '微', kind: '河道' }, square(...corner(0, 1), step / 4, step / 4))],
      'places.bad_kind', { kind: '河道' }],
    ['a micro-grid without area and addresses', () => [...townFeatures(), feature({ code: `${gridCode(0, 1)}001`, name: '微', kind: '楼道' }, null)], 'places.empty_microgrid', {}],
    ['a micro-grid that leaves its grid', () => [...townFeatures(), feature({ code: `${gridCode(0, 1)}001`, name: '微', kind: '楼道' }, square(...corner(0, 2), step / 4, step / 4))],
      'places.outside_parent', { code: `${gridCode(0, 1)}001`, percent: 100 }],
    ['a door outside of the grid', () => [...townFeatures(), point({ code: `${gridCode(0, 1)}001`, name: '微', kind: '单位', addresses: ['乐业路1号'] }, middle(0, 4))],
      'places.door_outside', { code: `${gridCode(0, 1)}001` }],
    ['a name with a hidden character', () => withFeature(grid(1), (one) => ({ ...one, properties: { ...one.properties, name: '第\u202e一网格' } })), 'places.bad_name', {}],
    ['a hole outside of its outline', () => withFeature(grid(1), (one) => moved(one, [[square(...corner(0, 1), step, step)[0]![0], square(...corner(0, 4), step / 4, step / 4)[0]![0]]])),
      'places.hole_outside', {}],
    ['a line where a polygon belongs', () => withFeature(grid(1), (one) => ({ ...one, geometry: { type: 'LineString', coordinates: [[121, 30], [121.1, 30]] } })), 'places.bad_geometry', { type: 'LineString' }],
  ])('%s', async (_, make, reason, params) => {
    const refusal = await refusalOf(make());
    expect(refusal).toMatchObject({ status: 422, reason: 'places.import_refused' });
    const found = refusal.errors?.filter((error) => error.reason === reason) ?? [];
    expect(found.map((error) => error.params), JSON.stringify(refusal.errors, null, 1)).toContainEqual(expect.objectContaining(params));
  });

  it.each<[string, string, string, Record<string, unknown>]>([
    ['a file that breaks off', fileOf(townFeatures()).slice(0, -400), 'places.broken_off', {}],
    ['a file that is no collection', '{"type":"Feature","features":[]}', 'places.not_geojson', {}],
    ['a projected coordinate system', fileOf(townFeatures(), '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}},'), 'places.projected', { crs: 'urn:ogc:def:crs:EPSG::4549' }],
    ['a feature that is no JSON', fileOf(townFeatures()).replace('"第二网格"', '"第二网格'), 'places.broken_off', {}],
    ['a member without its value', fileOf(townFeatures()).replace('"name":"第二网格"', '"name":'), 'places.not_json', { line: 5 }],
    ['endless nesting', `{"type":"FeatureCollection","features":[{"a":${'['.repeat(100)}`, 'places.too_deep', { line: 1 }],
    ['a file without features', fileOf([]), 'places.nothing_in_it', {}],
  ])('%s', async (_, text, reason, params) => {
    expect(await load(text)).toMatchObject({ refused: true, reason, ...(Object.keys(params).length > 0 && { params }) });
  });

  it('bytes that are not UTF-8, with the line', async () => {
    const bytes = new TextEncoder().encode(fileOf(townFeatures()));
    bytes[bytes.indexOf(0xe6, 300)] = 0xb0;
    async function* source() { yield bytes; }
    expect(await places.importGeoJson(yuyao, acting, source(), { source: 'x' })).toMatchObject({ reason: 'places.not_utf8' });
  });

  it('leaves nothing behind', async () => {
    await places.importGeoJson(yuyao, acting, chunks(fileOf(townFeatures().slice(0, -1))), { source: 'town.geojson' });
    expect((await places.tree(yuyao)).version).toBe(1);
    expect(await world.db.query('select count(*) as n from place where from_version > 1')).toEqual([{ n: 0 }]);
  });
});

describe('an import that is right', () => {
  it('is written in one version, whatever the sizes of the chunks it comes in', async () => {
    const dry = await places.importGeoJson(yuyao, acting, chunks(fileOf(townFeatures()), 7), { source: 'town.geojson', dryRun: true });
    expect(dry).toMatchObject({ dryRun: true, version: 1, added: 8, changed: 3 });
    const done = await load(fileOf(townFeatures()), { dryRun: false });
    expect(done).toMatchObject({ version: 2, added: 8, changed: 3, ended: 0, unchanged: 0 });
    const [x, y] = middle(1, 3);
    expect(await places.locate(yuyao, x, y)).toMatchObject({ outcome: 'inside', place: gridCode(1, 3), path: `33/3302/330281/330281103/330281103204/${gridCode(1, 3)}/` });
  });

  it('changes nothing when it comes again', async () => {
    expect(await load(fileOf(townFeatures()), { dryRun: false })).toMatchObject({ version: 2, added: 0, changed: 0, unchanged: 11 });
  });

  it('keeps what a place was before', async () => {
    world.advance(60_000);
    const [first] = townFeatures().slice(grid(1));
    await load(fileOf([{ ...first!, properties: { ...first!.properties, name: '路口网格' } }]), { dryRun: false });
    const { stretches, codes } = await places.history(yuyao, gridCode(0, 1));
    expect(stretches).toMatchObject([{ name: '第一网格', fromVersion: 2, untilVersion: 3 }, { name: '路口网格', fromVersion: 3, untilVersion: null }]);
    expect(codes).toMatchObject([{ code: gridCode(0, 1), validUntil: null }]);
    expect((await places.treeAt(yuyao, 2)).find(gridCode(0, 1))!.name).toBe('第一网格');
    expect((await places.treeAt(yuyao, 1)).find(gridCode(0, 1))).toBeUndefined();
  });

  it('may replace the grids of a village, and then those that it does not name end', async () => {
    const [x, y] = corner(1, 1);
    const halves = [
      feature({ code: '33028110320411', name: '东半' }, square(x + step, y, step, step * 2)),
      feature({ code: gridCode(1, 1), name: '西半' }, square(x, y, step, step * 2)),
    ];
    expect(await load(fileOf(halves))).toMatchObject({ refused: true });
    expect(await load(fileOf(halves), { mode: 'replace', dryRun: false })).toMatchObject({ added: 1, changed: 1, ended: 3 });
    expect((await places.locate(yuyao, ...middle(1, 4))).chain.at(-1)).toMatchObject({ code: '33028110320411', level: 'grid' });
  });

  it('takes micro-grids as areas and as sets of addresses whose doors it finds', async () => {
    const [x, y] = corner(0, 1);
    const done = await load(fileOf([
      feature({ code: `${gridCode(0, 1)}001`, name: '一号楼', type: '楼宇' }, square(x, y, step / 4, step / 4)),
      feature({ code: `${gridCode(0, 1)}002`, name: '一号楼东楼道', type: 'stairwell' }, square(x, y, step / 8, step / 4)),
      feature({ 编码: `${gridCode(0, 1)}003`, 名称: '沿街店铺', 类型: '企业', 地址: '乐业路57号；乐业路59号' }, null),
      point({ layer: 'address', road: '乐业路', number: '59号' }, [x + step / 2, y + step / 2]),
    ]), { dryRun: false });
    expect(done).toMatchObject({ added: 3, addresses: 1 });
    expect((await places.locate(yuyao, x + step / 16, y + step / 16)).microgrids.map((one) => one.name)).toEqual(['一号楼', '一号楼东楼道']);
    expect((await places.locate(yuyao, x + step / 2, y + step / 2 + 0.0001)).microgrids.map((one) => one.name)).toEqual(['沿街店铺']);
  });

  it('converts coordinates by the name of their system', async () => {
    const shifted = townFeatures().slice(grid(3), grid(4)).map((one) => ({
      ...one, geometry: { type: 'MultiPolygon', coordinates: (one.geometry!.coordinates as [number, number][][][]).map((polygon) => polygon.map((ring) => ring.map(([x, y]) => fromWgs84('gcj02', x, y)))) },
    }));
    expect(await load(fileOf(shifted), { system: 'gcj02' })).toMatchObject({ added: 0 });
    expect(await load(fileOf(shifted))).toMatchObject({ refused: true });
  });
});

describe('a new official code', () => {
  it('changes neither id nor path, is what places are found by, and leaves the old one in the history', async () => {
    const [from, to] = [gridCode(0, 2), `330281103203012`];
    world.advance(60_000);
    const before = (await places.tree(yuyao)).version;
    expect(await places.recode(yuyao, acting, [{ from, to }])).toEqual({ version: before + 1 });
    expect((await places.tree(yuyao)).find(to)).toMatchObject({ id: from, code: to, path: `33/3302/330281/330281103/330281103203/${from}/` });
    expect((await places.locate(yuyao, ...middle(0, 2))).chain.at(-1)).toMatchObject({ id: from, code: to });
    expect((await places.history(yuyao, from)).codes).toMatchObject([{ code: from, validUntil: expect.any(Date) }, { code: to, validUntil: null }]);
    expect((await places.treeAt(yuyao, before)).find(from)!.code).toBe(from);
  });
  it('swaps codes of two places at once, and refuses one that is taken or of another level', async () => {
    const [a, b] = [gridCode(0, 3), gridCode(0, 4)];
    world.advance(60_000);
    expect(await places.recode(yuyao, acting, [{ from: a, to: b }])).toMatchObject({ errors: [{ path: '/codes/0', reason: 'places.code_taken', params: { code: b } }] });
    expect(await places.recode(yuyao, acting, [{ from: a, to: '330281103' }, { from: '1', to: b }])).toMatchObject({ errors: [{ reason: 'places.other_level' }, { reason: 'places.unknown' }] });
    expect(await places.recode(yuyao, acting, [{ from: a, to: b }, { from: b, to: a }])).toMatchObject({ version: expect.any(Number) });
    const tree = await places.tree(yuyao);
    expect([...tree.all()].filter((one) => one.id === a || one.id === b).map((one) => [one.id, one.code]).sort()).toEqual([[a, b], [b, a]]);
    await load(fileOf([{ ...townFeatures()[grid(4)]!, properties: { code: a, name: '换了号的' } }]), { dryRun: false });
    expect((await places.tree(yuyao)).byCode(a)).toMatchObject({ id: b, name: '换了号的' });
  });
});

describe('without the database', () => {
  it('places are still answered from memory, until it is back', async () => {
    let away = false;
    const gone = <T>(run: () => Promise<T>): Promise<T> => (away ? Promise.reject(new Error('connection refused')) : run());
    const shaky: World = { ...world, metrics: createMetrics(), db: { ...world.db, query: <Row>(...args: Parameters<typeof world.db.query>) => gone(() => world.db.query<Row>(...args)) } };
    const here = createPlaces(shaky, createLedger(shaky));
    const known = await here.locate(yuyao, ...middle(1, 1));
    away = true;
    world.advance(5000);
    expect(await here.locate(yuyao, ...middle(1, 1))).toEqual(known);
    await expect(here.locate('110101' as CountyCode, 116, 39)).rejects.toThrow('connection refused');
    away = false;
    expect((await here.tree(yuyao)).version).toBe((await places.tree(yuyao)).version);
  });
});
