import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { cameraRoutes } from '../../src/modules/cameras/routes/cameras.ts';
import { cameraChecker } from '../../src/modules/cameras/index.ts';
import { serve, someone, type Served } from '../platform/http/serving.ts';
import { cameraTown, codeOf, county, done, entriesOf, head, lineOf, refused, tableOf, type CameraTown } from './town.ts';

let town: CameraTown;
let served: Served;
const steward = someone('51', 'steward');
const dispatcher = someone('52', 'dispatcher');
const collector = someone('53', 'collector');
const json = async (path: string, init?: Parameters<Served['ask']>[1]) => {
  const response = await served.ask(path, init);
  return { status: response.status, body: (await response.json()) as never };
};
const upload = (path: string, text: string | Buffer, as = steward) => json(path, { method: 'POST', body: text as BodyInit, headers: { 'content-type': 'text/csv' }, as });

beforeAll(async () => {
  town = await cameraTown();
  served = await serve(town.world, cameraRoutes(town.cameras));
  done(await town.cameras.register.importTable(theSystem, county, { source: tableOf(...Array.from({ length: 25 }, (_, i) => lineOf(i + 1, { 经度: (121.041 + i / 2_000).toFixed(4) }))) }));
});
afterAll(async () => {
  await served.server.drain();
  await town.world.close();
});

describe('an import of cameras', () => {
  it('names every value that is wrong, by its line and the file’s own column, and writes nothing', async () => {
    const lines = [
      lineOf(90), lineOf(90), lineOf(91, { 国标编码: '3302810000118000000' }), lineOf(92, { 国标编码: '33028100001110000001' }), lineOf(93, { 国标编码: '33010000001320000001' }), lineOf(94, { 国标编码: '3.30281E+19' }),
      lineOf(95, { 经度: 30.18, 纬度: 121.045 }), lineOf(96, { 经度: 122 }), lineOf(97, { 建设单位: '没有的单位' }), lineOf(98, { 用途: '好奇' }), lineOf(99, { 保存天数: 365 }), lineOf(100, { 现场提示: '大概' }),
      lineOf(101, { 朝向: 400, 可视距离: '' }), lineOf(102, { 网关: '没有' }), lineOf(103, { 流编号: '../../etc' }), lineOf(104, { onvif地址: 'http://admin:secret@10.0.0.5/onvif' }), lineOf(105, { onvif地址: 'http://198.51.100.7/onvif' }),
    ];
    const { errors, params } = refused(await town.cameras.register.importTable(theSystem, county, { source: tableOf(...lines) }));
    expect(errors!.map(({ path, reason }) => `${path} ${reason.replace('cameras.', '')}`)).toEqual([
      '3:国标编码 duplicate', '4:国标编码 code', '5:国标编码 code_type', '6:国标编码 code_county', '7:国标编码 code_digits', '8:纬度 swapped', '9:经度 outside', '10:建设单位 unit', '11:用途 purpose', '12:保存天数 retention', '13:现场提示 yes_no',
      '14:朝向 number', '14:可视距离 missing', '15:网关 gateway', '16:流编号 stream', '17:onvif地址 password_in_address', '18:onvif地址 address_outside',
    ].map((text) => text).sort((a, b) => Number.parseInt(a) - Number.parseInt(b)));
    expect(params).toEqual({ count: 17, line: 3 });
    expect(await town.cameras.register.find(county, codeOf(90))).toBeUndefined();
  });

  it('tries without writing, then writes once, and a second time changes nothing', async () => {
    const file = [head, lineOf(201), lineOf(202, { 朝向: '' })].join('\n');
    expect(await upload('/api/cameras/import?dryRun=true', file)).toMatchObject({ status: 200, body: { dryRun: true, rows: 2, added: 0 } });
    expect(await town.cameras.register.find(county, codeOf(201))).toBeUndefined();
    expect(await upload('/api/cameras/import', file)).toMatchObject({ body: { added: 2, changed: 0 } });
    expect(await upload('/api/cameras/import', file)).toMatchObject({ body: { added: 0, changed: 0 } });
    expect(await upload('/api/cameras/import', [head, lineOf(201, { 名称: '中心路口' })].join('\n'))).toMatchObject({ body: { added: 0, changed: 1 } });
    expect(await town.cameras.register.find(county, codeOf(201))).toMatchObject({ name: '中心路口', version: 2, place: '330281103203001', owner: 'police', purpose: 'traffic', state: 'works' });
    expect((await upload('/api/cameras/import', file, dispatcher)).status).toBe(403);
    expect((await upload('/api/cameras/import', '国标编码,名称\n1,x')).status).toBe(422);
    expect((await upload('/api/cameras/import', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).status).toBe(422);
  });

  it('reads what an export wrote', async () => {
    const text = await (await served.ask('/api/cameras/export?format=csv', { as: dispatcher, headers: { 'accept-language': 'zh-CN' } })).text();
    expect(text.split('\r\n')[0]).toContain('国标编码,名称,经度,纬度');
    expect(await upload('/api/cameras/import?dryRun=true', text)).toMatchObject({ status: 200, body: { rows: 27 } });
    expect(await upload('/api/cameras/import', text)).toMatchObject({ body: { added: 0, changed: 0 } });
  });
});

describe('the register', () => {
  it('lists a page at a time, by state, purpose, unit, place and name, for those who may read it', async () => {
    const first = await json('/api/cameras?limit=10', { as: dispatcher });
    expect(first).toMatchObject({ status: 200, body: { next: codeOf(10), items: { length: 10 } } });
    expect(first.body['items'][0]).toMatchObject({ code: codeOf(1), owner: { id: 'police', name: 'police' }, purpose: { key: 'traffic', name: 'Traffic order' }, state: 'works', viewable: false, gateway: null });
    expect(await json(`/api/cameras?limit=100&after=${codeOf(20)}&place=330281103203002`, { as: dispatcher })).toMatchObject({ body: { next: null, items: { length: 5 } } });
    expect(await json('/api/cameras?state=off', { as: dispatcher })).toMatchObject({ body: { items: [] } });
    expect(await json(`/api/cameras?q=${encodeURIComponent('中心路7号')}`, { as: dispatcher })).toMatchObject({ body: { items: { length: 1 } } });
    expect(await json('/api/cameras?place=999', { as: dispatcher })).toMatchObject({ status: 422, body: { reason: 'cameras.no_place' } });
    expect((await json('/api/cameras', { as: collector })).status).toBe(403);
    expect((await json('/api/cameras')).status).toBe(401);
    expect(await json('/api/cameras/map?bbox=121.04,30.17,121.045,30.19', { as: dispatcher })).toMatchObject({ body: { type: 'FeatureCollection', more: false } });
  });

  it('changes a camera once for each version; a second hand is told that it is late', async () => {
    const change = (body: object) => json(`/api/cameras/${codeOf(3)}`, { method: 'PUT', json: body, as: steward });
    expect(await change({ version: 1, bearing: 45, retention: 15, off: true })).toMatchObject({ status: 200, body: { bearing: 45, retention: 15, state: 'off', version: 2 } });
    expect(await change({ version: 1, bearing: 50 })).toMatchObject({ status: 409, body: { reason: 'cameras.changed' } });
    expect(await change({ version: 2, retention: 365 })).toMatchObject({ status: 422, body: { errors: [{ path: '/retention' }] } });
    expect(await change({ version: 2, purpose: 'curious' })).toMatchObject({ status: 422 });
    expect(await change({ version: 2, lng: 125 })).toMatchObject({ status: 422 });
    expect(await json(`/api/cameras/${codeOf(999)}`, { method: 'PUT', json: { version: 1 }, as: steward })).toMatchObject({ status: 404 });
    expect((await entriesOf(town, 'change')).map((entry) => entry.set)).toMatchObject([{ camera: codeOf(3), version: 2, changed: ['bearing', 'retention', 'off'] }]);
    expect(await json(`/api/cameras/${codeOf(25)}`, { method: 'DELETE', as: steward })).toMatchObject({ status: 200 });
    expect(await json(`/api/cameras/${codeOf(25)}`, { as: steward })).toMatchObject({ status: 404 });
  });

  it('is vouched for by the ledger: a row that was changed beside it is named', async () => {
    await town.ledger.sequencer.drain(county);
    const entries = (await entriesOf(town, 'remove')).map((entry, at) => ({ seq: at + 1, action: 'remove', at: 0, set: entry.set }));
    const check = () => town.world.db.transaction((tx) => cameraChecker.config![0]!.check(tx, county, entries as never));
    expect(await check()).toEqual([]);
    await town.world.ownerDb.query('update camera set retention = 900 where code = $1', [codeOf(4)]);
    expect(await check()).toMatchObject([{ what: 'config_differs', params: { what: 'cameras' } }]);
    await town.world.ownerDb.query('update camera set retention = 30 where code = $1', [codeOf(4)]);
  });

  it('shows anybody where cameras are and why, and nobody how they are reached', async () => {
    const open = await served.ask('/api/cameras/public');
    expect(open.headers.get('content-type')).toContain('application/geo+json');
    const text = await open.text();
    expect(JSON.parse(text)).toMatchObject({ features: expect.arrayContaining([expect.objectContaining({ properties: expect.objectContaining({ owner: 'police', purpose: 'Traffic order', retention: 30 }) })]) });
    expect(text).not.toMatch(/gateway|stream|onvif|source/);
    expect((await (await served.ask('/api/cameras/public?format=csv')).text()).split('\r\n')[0]).toBe('code,name,lng,lat,spot,place,owner,purpose,retention_days,notice');
  });
});

describe('the cameras for a point', () => {
  const near = (more = '') => json(`/api/cameras/nearest?lng=121.0411&lat=30.18&limit=3${more}`, { as: dispatcher });
  it('say that the line of sight is not known while no building was loaded, and which is hidden afterwards', async () => {
    const before = (await near()).body['items'] as { words: string }[];
    expect(before[0]).toMatchObject({ camera: { code: codeOf(1) }, sight: 'unknown', tier: 0, inReach: true });
    expect(before[0]!.words).toBe('10 m away, looks that way, line of sight not known');
    const wall = { type: 'FeatureCollection', features: [{ type: 'Feature', properties: { height: 30 }, geometry: { type: 'Polygon', coordinates: [[[121.04105, 30.1799], [121.04108, 30.1799], [121.04108, 30.1801], [121.04105, 30.1801], [121.04105, 30.1799]]] } }] };
    expect(await upload('/api/cameras/buildings', JSON.stringify({ ...wall, features: [{ ...wall.features[0], geometry: { type: 'Polygon', coordinates: [[[121, 30], [121, 31], [122, 31]]] } }] }))).toMatchObject({ status: 422, body: { errors: [{ reason: 'cameras.building' }] } });
    expect(await upload('/api/cameras/buildings', JSON.stringify(wall))).toMatchObject({ status: 200, body: { rows: 1 } });
    const after = (await near()).body['items'] as never[];
    expect(after[0]).toMatchObject({ camera: { code: codeOf(2) }, sight: 'clear', tier: 0 });
    expect((after as { camera: { code: string }; sight: string }[]).find(({ camera }) => camera.code === codeOf(1))?.sight ?? 'blocked').toBe('blocked');
  });
});
