import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { corner, done } from '../pages/town.ts';
import { lampPhoto } from '../pages/photos.ts';
import { county, openEnd, type End } from './end.ts';

type Row = Record<string, unknown>;
let end: End;
const day = 86_400_000;

/** A case made by the town itself, at a time, of a row whose code begins so. */
const report = async (code: string, at: number, where: object = { lng: corner.lng + 0.005, lat: corner.lat + 0.005 }): Promise<string> => {
  const { world, town } = end.town;
  const { catalogue, matters } = town.modules;
  const row = catalogue.rows(county, catalogue.currentVersion(county, world.now())!).find((one) => one.code === code)!;
  const back = world.now();
  world.setNow(at);
  const made = done(await matters.act({ actor: theSystem, behalf: null, county, kind: 'case', matter: null, action: 'report', input: { ...where, code: row.key, text: '张三家门口，电话 13800001234', channel: 'field' }, op: world.random.uuid(at) }));
  world.setNow(back);
  return made.number;
};
const ids = (answer: { readonly json: unknown }): string[] => (answer.json as Row[]).map((row) => String(row['service_request_id']));
const idOf = async (number: string): Promise<string> => (await end.town.world.db.query<{ id: string }>('select id from matter where number = $1', [number]))[0]!.id;

// Most of what follows is about reading, not about who has looked at a report.
beforeAll(async () => { end = await openEnd(); await end.set({ from: 'reported' }, 'bulletin'); }, 120_000);
afterAll(async () => { await end?.close(); });

describe('discovery', () => {
  test('says where the end is and who answers for it, in both forms and at both addresses', async () => {
    const json = await end.get('/open311/discovery.json');
    expect(json).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' });
    expect(json.json).toMatchObject({ contact: expect.stringContaining('Yuyao'), key_service: expect.any(String), changeset: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), endpoints: [{ specification: 'http://wiki.open311.org/GeoReport_v2', url: `${end.town.world.config.url}/open311/v2`, type: 'test', formats: ['text/xml', 'application/json'] }] });
    const xml = await end.get('/open311/discovery.xml');
    expect(xml).toMatchObject({ status: 200, type: 'text/xml; charset=utf-8' });
    expect(xml.text.startsWith('<?xml version="1.0" encoding="utf-8"?>')).toBe(true);
    expect(xml.xml).toEqual({ discovery: { ...(json.json as Row), endpoints: { endpoint: [{ ...(json.json as { endpoints: Row[] }).endpoints[0], formats: { format: ['text/xml', 'application/json'] } }] } } });
    expect((await end.get('/open311/v2/discovery.json')).json).toEqual(json.json);
    expect((await end.get('/open311/v2/')).json).toEqual(json.json);
  });
});

describe('services', () => {
  test('are those that the county\'s code table has rows for, in the caller\'s language', async () => {
    const english = await end.get('/open311/v2/services.json');
    expect(english.json).toContainEqual({ service_code: 'streetlight', service_name: 'Street light fault', description: expect.any(String), metadata: true, type: 'realtime', keywords: expect.stringContaining('lamp'), group: 'Lighting' });
    const chinese = await end.get('/open311/v2/services.xml', { 'accept-language': 'zh-CN' });
    const { services } = chinese.xml as { services: { service: Row[] } };
    expect(services.service.find((one) => one['service_code'] === 'streetlight')).toMatchObject({ service_name: '路灯故障', metadata: 'true', group: '照明' });
    expect(services.service.length).toBe((english.json as Row[]).length);
    expect(english.headers.get('access-control-allow-origin')).toBe('*');
  });
  test('have questions with an order of their own and named values', async () => {
    const json = await end.get('/open311/v2/services/streetlight.json');
    const { attributes } = json.json as { attributes: Row[] };
    expect(json.json).toMatchObject({ service_code: 'streetlight' });
    expect(attributes.map((one) => one['order'])).toEqual(attributes.map((_, at) => at + 1));
    expect(attributes[0]).toMatchObject({ variable: true, code: 'fault', datatype: 'singlevaluelist', required: true, values: expect.arrayContaining([{ key: 'out', name: 'One lamp is out' }]) });
    const xml = await end.get('/open311/v2/services/streetlight.xml');
    const definition = (xml.xml as { service_definition: { attributes: { attribute: { values?: { value: Row[] } }[] } } }).service_definition;
    expect(definition.attributes.attribute[0]!.values!.value).toContainEqual({ key: 'out', name: 'One lamp is out' });
  });
  test('point to rows that are there: every service to some, every condition of a value to one', () => {
    const { catalogue } = end.town.town.modules;
    const rows = catalogue.rows(county, catalogue.currentVersion(county, end.town.world.now())!);
    return import('../../src/modules/cases/index.ts').then(({ shippedCategories }) => {
      for (const service of shippedCategories.categories) {
        const own = rows.filter(({ code }) => service.rows.includes(code));
        expect(own.length, service.code).toBeGreaterThan(0);
        for (const { values = [] } of service.questions) for (const { key, condition } of values)
          if (condition !== undefined) expect(own.some(({ openCondition }) => openCondition.includes(condition)), `${service.code} ${key}`).toBe(true);
      }
    });
  });
  test('that there are not are 404, in the form that was asked for', async () => {
    expect(await end.get('/open311/v2/services/ufo.json')).toMatchObject({ status: 404, type: 'application/json; charset=utf-8', json: [{ code: 404, description: expect.stringContaining('ufo') }] });
    expect(await end.get('/open311/v2/services/ufo.xml')).toMatchObject({ status: 404, type: 'text/xml; charset=utf-8', xml: { errors: { error: [{ code: '404', description: expect.stringContaining('ufo') }] } } });
    expect((await end.get('/open311/v2/services.yaml')).status).toBe(404);
  });
  test('of a jurisdiction that there is not are 404; its code and its own name are as good as none', async () => {
    expect(await end.get('/open311/v2/services.json?jurisdiction_id=999999')).toMatchObject({ status: 404, json: [{ code: 404, description: expect.stringContaining('999999') }] });
    expect((await end.get(`/open311/v2/services.json?jurisdiction_id=${county}`)).status).toBe(200);
    expect((await end.get('/open311/v2/services.json?jurisdiction_id=')).status).toBe(200);
    await end.set({ jurisdiction: 'yuyao.example' });
    expect((await end.get('/open311/v2/services.json?jurisdiction_id=yuyao.example')).status).toBe(200);
  });
  test('may be fewer where the county says so', async () => {
    await end.set({ services: ['streetlight'] });
    expect((await end.get('/open311/v2/services.json')).json).toHaveLength(1);
    expect((await end.get('/open311/v2/services/manhole.json')).status).toBe(404);
    await end.set({});
  });
});

describe('requests', () => {
  let lamp: string;
  let hole: string;
  let noise: string;
  let old: string;
  beforeAll(async () => {
    const now = end.town.world.now();
    old = await report('C0137', Date.parse('2026-07-27T09:00:00+08:00'));
    lamp = await report('C0137', Date.parse('2026-11-21T09:00:00+08:00'), { component: end.town.lamps[2]!.code });
    hole = await report('C0101', Date.parse('2026-11-22T09:00:00+08:00'), { lng: corner.lng + 0.0051, lat: corner.lat + 0.005 });
    noise = await report('E0128', now - day);
  });

  test('are the public kinds of the last 90 days, newest first, and nothing of whoever reported them', async () => {
    const answer = await end.get('/open311/v2/requests.json');
    expect(ids(answer)).toEqual([hole, lamp]);
    expect((answer.json as Row[])[1]).toEqual({
      service_request_id: lamp, status: 'open', status_notes: 'Received. An officer will look at it.', service_name: 'Street light fault', service_code: 'streetlight',
      description: expect.stringContaining('光明路3号灯'), requested_datetime: '2026-11-21T09:00:00+08:00', updated_datetime: expect.stringMatching(/\+08:00$/),
      address: expect.stringContaining('谢家路村'), address_id: expect.stringMatching(/^330281103203/), zipcode: null, lat: corner.lat + 0.005, long: expect.closeTo(end.town.lamps[2]!.lng, 9), media_url: null,
    });
    expect(answer.text).not.toMatch(/张三|13800001234|reporter|contact/);
    expect((await end.get('/open311/v2/requests.xml')).text).not.toMatch(/张三|13800001234/);
  });
  test('say the same as XML', async () => {
    const [json, xml] = [await end.get(`/open311/v2/requests/${lamp}.json`), await end.get(`/open311/v2/requests/${lamp}.xml`)];
    const { service_requests } = xml.xml as { service_requests: { request: Row[] } };
    const texts = Object.fromEntries(Object.entries((json.json as Row[])[0]!).map(([name, value]) => [name, value === null ? '' : String(value)]));
    expect(service_requests.request).toEqual([texts]);
  });
  test('of a sensitive kind are not there, neither in the list nor by their number', async () => {
    expect(ids(await end.get(`/open311/v2/requests.json?service_request_id=${noise},${lamp}`))).toEqual([lamp]);
    expect((await end.get(`/open311/v2/requests/${noise}.json`)).status).toBe(404);
  });
  test('are found by number however it is written, and override everything else', async () => {
    expect(ids(await end.get(`/open311/v2/requests.json?service_request_id=${old.replaceAll('-', '')}, ${lamp}&service_code=manhole&status=closed&start_date=2026-11-01`))).toEqual([old, lamp]);
    expect(ids(await end.get(`/open311/v2/requests/${old},${noise},${lamp}.json`))).toEqual([old, lamp]);
    expect((await end.get('/open311/v2/requests/,.json')).status).toBe(404);
    expect(ids(await end.get('/open311/v2/requests.json?service_request_id=000000-1234-00'))).toEqual([]);
    expect((await end.get('/open311/v2/requests/000000-1234-00.xml')).status).toBe(404);
  });
  test('are found by service and status', async () => {
    expect(ids(await end.get('/open311/v2/requests.json?service_code=streetlight'))).toEqual([lamp]);
    expect(ids(await end.get('/open311/v2/requests.json?service_code=streetlight,manhole'))).toEqual([hole, lamp]);
    expect(ids(await end.get('/open311/v2/requests.json?status=closed'))).toEqual([]);
    expect(ids(await end.get('/open311/v2/requests.json?status=open,closed&service_code='))).toEqual([hole, lamp]);
    expect(await end.get('/open311/v2/requests.json?status=broken')).toMatchObject({ status: 400, json: [{ code: 400 }] });
    expect((await end.get('/open311/v2/requests.json?service_code=ufo')).status).toBe(404);
  });
  test('are asked for by an empty value as by none', async () => {
    const empty = ['jurisdiction_id', 'api_key', 'service_request_id', 'service_code', 'start_date', 'end_date', 'status', 'extensions', 'page', 'page_size', 'after', 'lat', 'long', 'address_id', 'radius'].map((name) => `${name}=`).join('&');
    expect(ids(await end.get(`/open311/v2/requests.json?${empty}`))).toEqual(ids(await end.get('/open311/v2/requests.json')));
  });
  test('reach 90 days at a time and no further', async () => {
    expect(ids(await end.get('/open311/v2/requests.json?start_date=2026-07-01T00:00:00%2B08:00'))).toEqual([old]);
    expect(ids(await end.get('/open311/v2/requests.json?end_date=2026-07-31'))).toEqual([old]);
    expect(ids(await end.get('/open311/v2/requests.json?start_date=2026-11-22&end_date=2026-11-22'))).toEqual([hole]);
    expect(ids(await end.get('/open311/v2/requests.json?start_date=2026-11-22T09:00:00+08:00&end_date=2026-11-22T01:00:00Z'))).toEqual([hole]);
    expect(await end.get('/open311/v2/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z')).toMatchObject({ status: 400, json: [{ code: 400, description: expect.stringContaining('90') }] });
    expect((await end.get('/open311/v2/requests.json?start_date=2026-11-02&end_date=2026-11-01')).status).toBe(400);
    for (const wrong of ['yesterday', '2026-02-30', '2026-11-22T09:00:00', '2026-13-01T00:00:00Z']) expect(await end.get(`/open311/v2/requests.xml?start_date=${wrong}`)).toMatchObject({ status: 400, xml: { errors: { error: [{ code: '400', description: expect.stringContaining('start_date') }] } } });
  });
  test('come in pages that neither miss nor repeat, by number and by what follows', async () => {
    const now = end.town.world.now();
    const more: string[] = [];
    for (let at = 0; at < 5; at++) more.unshift(await report('C0402', now - 10_000));
    const paged = (await Promise.all([1, 2, 3].map((page) => end.get(`/open311/v2/requests.json?service_code=street-tree&page_size=2&page=${page}`)))).map(ids);
    expect(paged.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(new Set(paged.flat())).toEqual(new Set(more));
    const followed: string[] = [];
    for (let path: string | undefined = '/open311/v2/requests.json?service_code=street-tree&page_size=2&api_key='; path !== undefined;) {
      const answer = await end.get(path);
      followed.push(...ids(answer));
      path = /<[^>]*?(\/open311[^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
    }
    expect(followed).toEqual(paged.flat());
    expect((await end.get('/open311/v2/requests.json?page=2')).status).toBe(400);
    expect((await end.get('/open311/v2/requests.json?page=0')).status).toBe(400);
    expect((await end.get('/open311/v2/requests.json?page_size=1001')).status).toBe(400);
    expect((await end.get('/open311/v2/requests.json?after=x')).status).toBe(400);
  });
  test('are found near a point, nearest first, while they are open', async () => {
    const near = await end.get(`/open311/v2/requests.json?lat=${corner.lat + 0.005}&long=${end.town.lamps[2]!.lng}&radius=200&service_code=streetlight,manhole&extensions=true`);
    expect(ids(near)).toEqual([lamp, old, hole]);
    expect((near.json as { extended_attributes: { distance: number } }[])[1]!.extended_attributes.distance).toBe(38);
    expect(ids(await end.get(`/open311/v2/requests.json?lat=${corner.lat + 0.005}&long=${end.town.lamps[2]!.lng}&radius=5&service_code=streetlight,manhole`))).toEqual([lamp]);
    expect((await end.get('/open311/v2/requests.json?lat=30')).status).toBe(400);
    expect((await end.get('/open311/v2/requests.json?lat=30&long=121&status=closed')).status).toBe(400);
    expect((await end.get('/open311/v2/requests.json?lat=91&long=121')).status).toBe(400);
  });
  test('say how they stand, when they are due and who has them, and are closed with the day of their end', async () => {
    const id = await idOf(lamp);
    const row = (await end.town.world.db.query<{ code: string }>('select code from matter where id = $1', [id]))[0]!.code;
    await end.town.act('intake', id, 'file', { code: row });
    await end.town.act('dispatcher', id, 'dispatch', { unit: 'lighting' });
    const sent = (await end.get(`/open311/v2/requests/${lamp}.json`)).json as Row[];
    expect(sent).toMatchObject([{ status: 'open', status_notes: 'Sent to Lighting unit, which has yet to accept it.', agency_responsible: 'Lighting unit', expected_datetime: expect.stringMatching(/^2026-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/) }]);
    await end.town.act('unithandler', id, 'accept');
    await end.town.act('unithandler', id, 'finish', { blobs: [await end.town.photo('unithandler', await lampPhoto(null, true))] });
    await end.town.act('collector', id, 'verify');
    const closed = (await end.get(`/open311/v2/requests/${lamp}.json`)).json as Row[];
    expect(closed).toMatchObject([{ status: 'closed', status_notes: 'Done, verified and closed.', media_url: null }]);
    expect(closed[0]).not.toHaveProperty('expected_datetime');
    expect(ids(await end.get('/open311/v2/requests.json?status=closed'))).toEqual([lamp]);
  });
  test('show the picture of the finished work only where the county wants that', async () => {
    await end.set({ pictures: 'finished', zipcode: '315470' });
    const [row] = (await end.get(`/open311/v2/requests/${lamp}.json`)).json as Row[];
    expect(row!['zipcode']).toBe('315470');
    const path = new URL(String(row!['media_url']));
    const shown = await fetch(`${end.town.url}${path.pathname}${path.search}`);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    await shown.arrayBuffer();
    const guessed = path.pathname.replace(/[0-9a-f]{64}/, 'a'.repeat(64));
    expect((await end.get(guessed)).status).toBe(404);
    await end.set({});
    expect((await end.get(`${path.pathname}${path.search}`)).status).toBe(404);
  });
  test('stand in the list once an officer has filed them, unless the county says at once', async () => {
    const number = await report('C0305', end.town.world.now() - 900);
    const list = '/open311/v2/requests.json?service_code=litter-bin';
    expect(ids(await end.get(list))).toContain(number);
    await end.set({}, 'bulletin');
    expect(ids(await end.get(list))).not.toContain(number);
    expect((await end.get(`/open311/v2/requests/${number}.json`)).status, 'nobody sent it over Open311').toBe(404);
    const { catalogue } = end.town.town.modules;
    const row = catalogue.rows(county, catalogue.currentVersion(county, end.town.world.now())!).find(({ code, limit }) => code === 'C0305' && limit !== null)!;
    await end.town.act('intake', await idOf(number), 'file', { code: row.key });
    expect(ids(await end.get(list))).toContain(number);
    await end.set({ from: 'reported', categories: ['streetlight'] }, 'bulletin');
    expect((await end.get(list)).status, 'the county does not make this kind public').toBe(404);
    await end.set({ from: 'reported' }, 'bulletin');
  });
  test('of a kind that may name a home are shown in the neighbourhood, not at the door', async () => {
    await end.set({ categories: { rubbish: { place: 'coarse' } } }, 'reporting');
    const at = { lng: corner.lng + 0.00512, lat: corner.lat + 0.00513 };
    const number = await report('E0110', end.town.world.now() - 800, at);
    const [row] = (await end.get(`/open311/v2/requests/${number}.json`)).json as { lat: number; long: number }[];
    expect([row!.long, row!.lat]).not.toEqual([at.lng, at.lat]);
    expect(Math.abs(row!.lat - at.lat)).toBeLessThan(0.0016);
    await end.set({}, 'reporting');
  });
  test('name no house, even where the title of the case does', async () => {
    const number = await report('E0110', end.town.world.now() - 1_000);
    await end.town.world.db.query('update matter set title = $2 where number = $1', [number, '第一网格 光明路3号2单元 · 公共场所未倒入垃圾容器']);
    expect((await end.get(`/open311/v2/requests/${number}.json`)).json).toMatchObject([{ description: '第一网格 · 公共场所未倒入垃圾容器' }]);
  });
  test('that were annulled are not there any more', async () => {
    await end.town.act('intake', await idOf(hole), 'void', { reason: '测试' });
    expect(ids(await end.get('/open311/v2/requests.json?service_code=manhole'))).toEqual([]);
    expect((await end.get(`/open311/v2/requests/${hole}.json`)).status).toBe(404);
  });
});
