import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { metresBetween, type Position } from '../../src/base/geo/geometry.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { createPlaces, type Places } from '../../src/modules/places/index.ts';
import { chineseNumber, houseNumber, parseAddress, plainWords, withoutPosition } from '../../src/modules/places/rules/address.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { chunks, corner, feature, fileOf, gridCode, middle, point, square, townFeatures } from './town.ts';

describe('words of an address', () => {
  it.each([['五十九', 59], ['一百零三', 103], ['二〇三', 203], ['十', 10], ['两千', 2000], ['路', undefined], ['', undefined]])('%s is the number %s', (text, number) => {
    expect(chineseNumber(text)).toBe(number);
  });
  it('are compared in half width, without spaces, with figures', () => {
    expect(plainWords('乐业路 ５９ 号，')).toBe('乐业路59号');
    expect(plainWords('乐业路五十九号')).toBe('乐业路59号');
    expect(plainWords('三里桥路')).toBe('三里桥路');
  });
  it.each([['59号', { number: 59, suffix: '' }], ['59-1号', { number: 59, suffix: '-1' }], ['甲59号', { number: 59, suffix: '甲' }], ['59号3幢2单元', { number: 59, suffix: '' }], ['号', undefined]])(
    'a house number at the beginning of %s', (text, expected) => expect(houseNumber(text)).toEqual(expected));
  it('road and number', () => {
    expect(parseAddress('泗门镇乐业路59号')).toEqual({ road: '泗门镇乐业路', number: 59, suffix: '' });
    expect(parseAddress('老菜场')).toBeUndefined();
  });
  it.each([['老菜场门口', '老菜场'], ['老菜场南侧', '老菜场'], ['卫生院对面', '卫生院'], ['老菜场', '老菜场']])('%s means %s', (text, bare) => {
    expect(withoutPosition(text)).toBe(bare);
  });
});

describe('finding an address', () => {
  const yuyao = '330281' as CountyCode;
  const acting = { actor: theSystem, role: 'system' };
  let world: TestWorld;
  let places: Places;
  const [x, y] = corner(0, 1);
  const door = (n: number): Position => [x + 0.0001 + n * 0.00002, y + (n % 2 === 0 ? 0.0011 : 0.0009)];
  const line = (properties: Record<string, unknown>, coordinates: Position[]) => ({ type: 'Feature', properties, geometry: { type: 'LineString', coordinates } });

  beforeAll(async () => {
    world = await testWorld();
    places = createPlaces(world, createLedger(world));
    await places.importOfficial(yuyao, acting, '330281103');
    await places.importGeoJson(yuyao, acting, chunks(fileOf([
      ...townFeatures(),
      line({ layer: 'road', name: '乐业路', wide: 12 }, [[x, y + 0.001], [x + 0.004, y + 0.001]]),
      line({ layer: 'road', name: '新乐业路' }, [[x + 0.004, y + 0.003], [x + 0.008, y + 0.003]]),
      ...[51, 53, 57, 59, 60, 62].map((n) => point({ layer: 'address', road: '乐业路', number: n }, door(n))),
      point({ layer: 'address', road: '乐业路', number: '59-1号' }, door(59.5)),
      point({ layer: 'landmark', name: '老菜场' }, middle(0, 3)),
      point({ layer: 'landmark', name: '泗门卫生院' }, middle(1, 3)),
      feature({ layer: 'building', name: null }, square(x, y, 0.0002, 0.0001)),
      feature({ code: `${gridCode(0, 1)}001`, name: '沿街楼', kind: '楼宇', addresses: ['乐业路59号'] }, null),
    ])), { source: 'town' });
  });
  afterAll(() => world.close());

  const first = async (words: string) => (await places.findAddress(yuyao, words))[0];

  it('with a house number is that door', async () => {
    expect(await first('乐业路59号')).toMatchObject({ label: '乐业路59号', kind: 'house', confidence: 1, lng: door(59)[0], located: { place: gridCode(0, 1) } });
    expect(await first('余姚市泗门镇乐业路五十九号门口')).toMatchObject({ label: '乐业路59号', confidence: 1 });
    expect(await first('樂業路 59-1 號')).toMatchObject({ label: '乐业路59-1号', confidence: 1 });
  });
  it('with a number that has no door is between its neighbours on that side', async () => {
    const found = await first('乐业路55号');
    expect(found).toMatchObject({ label: '乐业路55号', kind: 'between', confidence: 0.7 });
    expect(metresBetween(found!.lng, found!.lat, ...door(55))).toBeLessThan(0.5);
  });
  it('by a landmark, with the words that say where at it', async () => {
    expect(await first('老菜场门口')).toMatchObject({ label: '老菜场', kind: 'landmark', confidence: 0.95, located: { place: gridCode(0, 3) } });
    expect(await first('卫生院对面')).toMatchObject({ label: '泗门卫生院', kind: 'landmark', confidence: 0.6 });
  });
  it('by a road alone is somewhere on it, and a longer name is not the shorter one', async () => {
    expect((await places.findAddress(yuyao, '乐业路')).map((one) => one.label)).toContain('乐业路');
    expect((await places.findAddress(yuyao, '新乐业路上')).map((one) => one.label)).toEqual(['新乐业路']);
  });
  it('by a village alone is its middle, and a village makes the same words elsewhere less likely', async () => {
    expect(await first('谢家路')).toMatchObject({ label: '谢家路村', kind: 'village', confidence: 0.3 });
    expect((await first('夹塘村乐业路59号'))!.confidence).toBe(0.6);
  });
  it('finds nothing for words that name nothing', async () => {
    expect(await places.findAddress(yuyao, '某处')).toEqual([]);
    expect(await places.findAddress(yuyao, '路')).toEqual([]);
    expect(await places.findAddress(yuyao, "'; drop table place; --")).toEqual([]);
  });
  it('back from a point: the house with the nearest door', async () => {
    expect(await places.addressNear(yuyao, door(57)[0], door(57)[1], 30)).toBe('乐业路57号');
    expect(await places.addressNear(yuyao, 121.5, 30.5, 30)).toBeNull();
  });
  it('lists the roads of a place with a point inside it', async () => {
    const [road, ...more] = await places.roadsIn(yuyao, '330281103203');
    expect(more).toEqual([]);
    expect(road).toMatchObject({ name: '乐业路' });
    expect((await places.locate(yuyao, road!.lng, road!.lat)).chain.map((one) => one.code)).toContain('330281103203');
  });
  it('brings a door to the micro-grid that is a set of addresses', async () => {
    expect((await places.locate(yuyao, ...door(59))).microgrids.map((one) => one.name)).toEqual(['沿街楼']);
  });
  it('draws the map by boxes, larger things first', async () => {
    const drawn = await places.drawn(yuyao, { box: { west: x, south: y, east: x + 0.0001, north: y + 0.0001 }, kinds: ['building', 'road', 'grid'] });
    expect(drawn.features.map(({ properties }) => [properties.kind, properties.wide])).toEqual([['building', null], ['grid', null]]);
    expect((await places.drawn(yuyao, { kinds: ['road'] })).features.map(({ properties }) => [properties.name, properties.wide])).toContainEqual(['乐业路', 12]);
    expect(await places.extent(yuyao)).toMatchObject({ west: expect.closeTo(121.02, 6), north: expect.closeTo(30.164, 6) });
  });
  it('is replaced when the same source comes again', async () => {
    const again = fileOf([point({ layer: 'address', road: '光明路', number: 1 }, middle(0, 1))]);
    await places.importGeoJson(yuyao, acting, chunks(again), { source: 'second' });
    await places.importGeoJson(yuyao, acting, chunks(again), { source: 'second' });
    expect((await places.findAddress(yuyao, '光明路1号'))).toHaveLength(1);
    expect(await first('乐业路59号')).toMatchObject({ confidence: 1 });
    expect(await world.db.query("select count(*) as n from address where source = 'second'")).toEqual([{ n: 1 }]);
  });
});
