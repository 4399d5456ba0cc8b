import { readFileSync } from 'node:fs';
import type { Actor } from '../../src/base/actor.ts';
import { theSystem } from '../../src/base/actor.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { openModules } from '../../src/entry/town/modules.ts';
import { openTown, type Town } from '../../src/entry/town/town.ts';
import { newPlate } from '../../src/modules/components/rules/plate-codes.ts';
import { createServer } from '../../src/platform/http/server.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

export const county = '330281' as CountyCode;
const village = '330281103203';
/** South-west corner of the village, degrees; about 30 m are 0.0003 degrees of longitude. */
export const corner = { lng: 121.04, lat: 30.17 } as const;

export interface Lamp {
  readonly code: string;
  readonly name: string;
  readonly lng: number;
  readonly lat: number;
  readonly plate: string;
}

export interface ServedTown {
  readonly world: TestWorld;
  readonly town: Town;
  /** Where it is served. */
  readonly url: string;
  /** Twelve lamps along one road, from west to east. */
  readonly lamps: readonly Lamp[];
  /** The code that was sent last. */
  code(): Promise<string>;
  /** Takes an action on a case as somebody of that role. */
  act(role: string, matter: string, action: string, input?: object): Promise<void>;
  /** Stores a picture as taken by somebody of that role; gives what an action names it by. */
  photo(role: string, bytes: Buffer): Promise<string>;
  /** Ids of the cases, the newest first. */
  cases(): Promise<string[]>;
  close(): Promise<void>;
}

export const done = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
};

const ring = (west: number, south: number, wide: number, high: number): [number, number][] =>
  [[west, south], [west + wide, south], [west + wide, south + high], [west, south + high], [west, south]];

/**
 * One village of 泗门镇 with two grids, three roads, houses, twelve lamps with plates, the published code table and the
 * people of a case, behind the real server. Nothing stands in another's place.
 */
export const servedTown = async (): Promise<ServedTown> => {
  const world = await testWorld({ county: null, demo: true, seed: 'pages' });
  const contacts = {
    phones: [{ name: { 'zh-Hans': '便民热线', 'zh-Hant': '便民熱線', en: 'Public hotline' }, number: '12345', hours: { 'zh-Hans': '全天', 'zh-Hant': '全天', en: 'Day and night' } }],
    windows: [{ name: { 'zh-Hans': '便民服务中心', 'zh-Hant': '便民服務中心', en: 'Service centre' }, address: { 'zh-Hans': '镇北路 1 号', 'zh-Hant': '鎮北路 1 號', en: '1 Zhenbei Road' }, hours: { 'zh-Hans': '周一至周五 8:30–17:00', 'zh-Hant': '週一至週五 8:30–17:00', en: 'Mon to Fri, 8:30–17:00' } }],
  };
  await world.db.query('insert into county (county, name, demo, settings, created_at) values ($1, $2, true, $3, $4)',
    [county, { 'zh-Hans': '余姚市', 'zh-Hant': '餘姚市', en: 'Yuyao' }, JSON.stringify({ contacts }), new Date(world.now())]);
  const { places, components, catalogue, identity } = await openModules({ ...world, metrics: createMetrics() });
  const { lng, lat } = corner;
  const area = (west: number, wide: number): [number, number][][][] => [[ring(lng + west, lat, wide, 0.01)]];
  done(await places.importOfficial(county, { actor: theSystem, role: 'system' }, '330281103'));
  done(await places.importContent(county, { actor: theSystem, role: 'system' }, {
    places: [
      { code: '330281103', name: '泗门镇', level: 'town', area: area(0, 0.02) },
      { code: village, name: '谢家路村', level: 'village', area: area(0, 0.02) },
      { code: `${village}001`, name: '第一网格', level: 'grid', area: area(0, 0.01) },
      { code: `${village}002`, name: '第二网格', level: 'grid', area: area(0.01, 0.01) },
    ],
    features: [
      { layer: 'road', name: '光明路', wide: 12, geometry: { type: 'LineString', coordinates: [[lng, lat + 0.005], [lng + 0.02, lat + 0.005]] } },
      { layer: 'road', name: '东大街', wide: 7, geometry: { type: 'LineString', coordinates: [[lng + 0.003, lat], [lng + 0.003, lat + 0.01]] } },
      { layer: 'road', name: '后塘路', wide: 6, geometry: { type: 'LineString', coordinates: [[lng + 0.012, lat], [lng + 0.012, lat + 0.01]] } },
      { layer: 'water', name: '后塘河', wide: 20, geometry: { type: 'LineString', coordinates: [[lng, lat + 0.0078], [lng + 0.02, lat + 0.0082]] } },
      ...Array.from({ length: 40 }, (_, at) => ({
        layer: 'building' as const, name: null, wide: null,
        geometry: { type: 'MultiPolygon' as const, coordinates: [[ring(lng + 0.0005 + (at % 20) * 0.0009, lat + (at < 20 ? 0.0053 : 0.0044), 0.0004, 0.0003)]] },
      })),
    ],
    addresses: Array.from({ length: 12 }, (_, at) => ({ road: '光明路', number: 2 * at + 1, suffix: '', door: [lng + 0.004 + at * 0.0003, lat + 0.0052] as const })),
  }, { source: 'test' }));
  for (const [id, name] of [['lighting', '路灯管理所']] as const)
    done(await identity.units.put(theSystem, county, { id, name: { 'zh-Hans': name, 'zh-Hant': '路燈管理所', en: 'Lighting unit' }, kind: 'department' }));
  const lamps = Array.from({ length: 12 }, (_, at): Lamp => ({
    code: `3302810137${String(at + 1).padStart(6, '0')}`, name: `光明路${at + 1}号灯`, lng: lng + 0.004 + at * 0.0003, lat: lat + 0.005, plate: newPlate((length) => world.random.bytes(length)),
  }));
  const table = ['code,road,ordinal,lng,lat,accuracy,owner,plate', ...lamps.map((lamp, at) => [lamp.code, '光明路', at + 1, lamp.lng.toFixed(7), lamp.lat, 'A', 'lighting', lamp.plate].join(','))].join('\n');
  done(await components.importTable(theSystem, county, { source: { name: 'lamps.csv', bytes: Buffer.from(table) } }));
  done(await catalogue.importTable(theSystem, county, { source: { name: 'yuncheng.tsv', bytes: readFileSync('data/standards/yuncheng.tsv') }, effectiveAt: 0 }));

  const town = await openTown(world);
  const server = await createServer(world, town.http);
  server.mount(town.routes);
  server.mountPages(town.pages);
  const url = await server.listen();
  for (const work of [...town.hearing, ...town.works]) await work.start();
  const { matters } = town.modules;
  const people = new Map<string, Actor>();
  const personOf = (role: string): Actor => {
    const id = world.random.uuid(world.now());
    const known = people.get(role) ?? {
      id: id as Actor['id'], kind: 'account', name: role,
      grants: [{ id, county, role, unit: (role === 'unithandler' ? 'lighting' : null) as never, place: '' as never, purpose: null, from: 0, until: null }],
    };
    people.set(role, known);
    return known;
  };
  return {
    world, town, url, lamps,
    async code() {
      const [row] = await world.db.query<{ code: string }>(
        `select params ->> 'code' as code from delivery where county = $1 and template = 'sms_code' order by created_at desc, id desc limit 1`, [county]);
      if (!row) throw new Error('no code was sent');
      return row.code;
    },
    photo: async (role, bytes) => done(await town.modules.pictures.put(personOf(role), county, bytes)).served,
    async act(role, matter, action, input = {}) {
      done(await matters.act({ actor: personOf(role), behalf: null, county, kind: 'case', matter, action, input, op: world.random.uuid(world.now()) }));
    },
    cases: async () => (await world.db.query<{ id: string }>(`select id from matter where county = $1 and kind = 'case' order by id desc`, [county])).map(({ id }) => id),
    async close() {
      await server.drain();
      for (const work of [...town.works, ...town.hearing]) await work.stop();
      await town.close();
      await world.close();
    },
  };
};
