import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal, refuse } from '../../src/base/result.ts';
import { componentPages, componentRoutes, plateRoutes, showPlate } from '../../src/modules/components/index.ts';
import { serve, someone, type Served } from '../platform/http/serving.ts';
import { codeOf, componentTown, county, done, refused, type ComponentTown } from './town.ts';

let town: ComponentTown;
let served: Served;
const steward = someone('51', 'steward');
const collector = someone('52', 'collector');
const clerk = someone('53', 'clerk');
const json = async (path: string, init?: Parameters<Served['ask']>[1]) => {
  const response = await served.ask(path, init);
  return { status: response.status, body: (await response.json()) as never };
};
const upload = (path: string, text: string, as: ReturnType<typeof someone>) =>
  json(path, { method: 'POST', body: text, headers: { 'content-type': 'text/csv' }, as });

beforeAll(async () => {
  town = await componentTown();
  served = await serve(town.world, [...componentRoutes(town.world, town.components, town.identity, { tree: async () => town.tree }), ...plateRoutes(town.world, town.components, town.identity, { tree: async () => town.tree }, { own: async () => refuse(422, 'pictures.unknown') })], componentPages(town.world, town.components, town.identity, { tree: async () => town.tree }));
  const rows = Array.from({ length: 25 }, (_, i) => `${codeOf(i + 1)},光明路,${i + 1},${(121.041 + i / 2_000).toFixed(4)},30.18,B,lighting`);
  done(await town.components.importTable(theSystem, county, { source: { name: 'a.csv', bytes: Buffer.from(['code,road,ordinal,lng,lat,accuracy,manager', ...rows].join('\n')) } }));
});
afterAll(async () => {
  await served.server.drain();
  await town.world.close();
});

describe('the addresses of components', () => {
  it('list a page at a time, with names in the caller’s language', async () => {
    const first = await json('/api/components?limit=10', { as: collector });
    expect(first).toMatchObject({ status: 200, body: { next: codeOf(10) } });
    const second = await json(`/api/components?limit=20&after=${codeOf(10)}`, { as: collector });
    expect(second).toMatchObject({ body: { next: null, items: { length: 15 } } });
    expect(second.body['items'][0]).toMatchObject({
      code: codeOf(11), className: 'Street lamp', name: '光明路11号灯', stateLabel: 'Intact', manager: { id: 'lighting', name: 'lighting' }, owner: null,
      place: { code: '330281103203001', names: ['330281', '330281103', '330281103203', '330281103203001'] },
    });
    expect(await json('/api/components?place=330281103203002&limit=200', { as: collector })).toMatchObject({ body: { items: { length: 6 } } });
    expect(await json('/api/components?place=999', { as: collector })).toMatchObject({ status: 422, body: { reason: 'components.no_place' } });
    expect(await json('/api/components?class=0102', { as: collector })).toMatchObject({ body: { items: [] } });
  });

  it('show owners to those who work with them only, and where a lamp is to anybody', async () => {
    expect((await json('/api/components')).status).toBe(401);
    expect((await json('/api/components', { as: clerk })).status).toBe(403);
    expect((await json(`/api/components/${codeOf(1)}`, { as: clerk })).status).toBe(403);
    expect(await json(`/api/components/${codeOf(1)}`, { as: collector })).toMatchObject({ status: 200, body: { code: codeOf(1) } });
    expect(await json(`/api/components/${codeOf(999)}`, { as: collector })).toMatchObject({ status: 404, body: { reason: 'components.no_component' } });
    const near = await json('/api/components/nearest?lng=121.0411&lat=30.18&accuracy=5&limit=3');
    expect(near.status).toBe(200);
    expect(near.body['items'][0]).toMatchObject({ code: codeOf(1), metres: 9.6 });
    expect(Object.keys(near.body['items'][0])).not.toContain('manager');
    const map = await served.ask('/api/components/map?bbox=121.04,30.17,121.045,30.19');
    expect(map.headers.get('content-type')).toMatch(/geo\+json/u);
    expect(await map.json()).toMatchObject({ type: 'FeatureCollection', more: false, features: { length: 9 } });
    expect((await json('/api/components/map?bbox=100,20,121,31')).status).toBe(422);
    expect(await json('/api/components/classes')).toMatchObject({ status: 200 });
  });

  it('import for a data steward, with every wrong line in words', async () => {
    expect((await upload('/api/components/import', 'code,lng,lat\n', collector)).status).toBe(403);
    expect(await upload('/api/components/import?dryRun=true', `code,lng,lat\n${codeOf(40)},121.045,30.18\n`, steward)).toMatchObject({ status: 200, body: { dryRun: true, rows: 1, added: 0 } });
    expect(await upload('/api/components/import', `code,lng,lat\n${codeOf(41)},30.18,121.045\n`, steward)).toMatchObject({
      status: 422, body: { reason: 'components.import', errors: [{ path: '2:lat', message: expect.stringContaining('swapped') }] },
    });
    expect(await upload('/api/components/import', `code,lng,lat\n${codeOf(40)},121.045,30.18\n`, steward)).toMatchObject({ status: 200, body: { rows: 1, added: 1, classes: [{ code: '0137', name: 'Street lamp', rows: 1 }] } });
  });
});

describe('a QR plate', () => {
  it('is issued once for each component, traced, and leads back to it', async () => {
    const codes = [codeOf(1), codeOf(2)];
    expect((await json('/api/components/plates', { json: { codes }, as: collector })).status).toBe(403);
    expect((await json('/api/components/plates', { json: { codes: [codeOf(999)] }, as: steward })).status).toBe(422);
    const issued = await json('/api/components/plates', { json: { codes }, as: steward });
    expect(issued.status).toBe(200);
    const items = issued.body['items'] as { plate: string; target: string; address: string }[];
    expect(items.map(({ target }) => target)).toEqual(codes);
    const again = await json('/api/components/plates', { json: { codes: [...codes, codeOf(3)] }, as: steward });
    expect((again.body['items'] as { plate: string }[]).slice(0, 2).map(({ plate }) => plate)).toEqual(items.map(({ plate }) => plate));
    expect(items[0]!.address).toBe(`${town.world.config.url}/q/${items[0]!.plate}`);
    expect(await json(`/api/plates/${showPlate(items[0]!.plate).toLowerCase()}`)).toMatchObject({ status: 200, body: { kind: 'component', target: codes[0], component: { name: '光明路1号灯' } } });
    const wrong = items[0]!.plate.replace(/.$/u, (char) => (char === 'A' ? 'B' : 'A'));
    expect(await json(`/api/plates/${wrong}`)).toMatchObject({ status: 422, body: { reason: 'components.plate_misread' } });
  });

  it('is printed on a sheet with its code as a picture, its number in clear and three languages, for a steward', async () => {
    const path = `/api/components/plates?ids=${codeOf(1)},${codeOf(2)}`;
    expect((await served.ask(path, { as: collector })).status).toBe(403);
    const sheet = await served.ask(path, { as: steward });
    expect(sheet.status).toBe(200);
    const html = await sheet.text();
    const lamp = await town.components.find(county, codeOf(1));
    expect(html).toContain(showPlate(lamp!.plate!));
    for (const words of ['扫码报修', '掃碼報修', 'Scan to report', '光明路1号灯']) expect(html).toContain(words);
    expect(html.match(/<svg/gu)).toHaveLength(4);
    expect(html).not.toContain('<script');
    expect((await served.ask(`/api/components/plates?ids=${codeOf(20)}`, { as: steward })).status).toBe(422);
    expect((await served.ask('/api/components/plates?ids=', { as: steward })).status).toBe(422);
  });

  it('stands for nothing once it is withdrawn, and the component gets another', async () => {
    const [first] = done(await town.components.issuePlates(theSystem, county, 'component', [codeOf(5)]));
    expect((await json(`/api/plates/${first!.plate}`, { method: 'DELETE', as: collector })).status).toBe(403);
    expect((await json(`/api/plates/${first!.plate}`, { method: 'DELETE', as: steward })).status).toBe(200);
    expect(refused(await town.components.plate(county, first!.plate))).toMatchObject({ status: 404, reason: 'components.plate_withdrawn' });
    const [second] = done(await town.components.issuePlates(theSystem, county, 'component', [codeOf(5)]));
    expect(second!.plate).not.toBe(first!.plate);
  });

  it('may stand for a gate or a counter as well, and is found without its county', async () => {
    const [gate] = done(await town.components.issuePlates(theSystem, county, 'gate', ['330281103203001']));
    expect(await town.components.plate(null, gate!.plate)).toEqual({ county, plate: gate!.plate, kind: 'gate', target: '330281103203001' });
    expect(await town.components.byPlate(county, gate!.plate)).toBeUndefined();
    expect(isRefusal(await town.components.plate('330282', gate!.plate))).toBe(true);
  });

  it('is one for each component though it is asked for many times at once', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => town.components.issuePlates(theSystem, county, 'component', [codeOf(8), codeOf(9)])));
    expect(new Set(all.map((one) => done(one).map(({ plate }) => plate).join(' '))).size).toBe(1);
  });
});
