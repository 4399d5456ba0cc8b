import { afterAll, beforeAll, expect, test } from 'vitest';
import { corner } from '../pages/town.ts';
import { lampPhoto } from '../pages/photos.ts';
import { county, openEnd, type Answer, type End } from './end.ts';

interface Update { readonly update_id: string; readonly service_request_id: string; readonly status: string; readonly updated_datetime: string; readonly description: string }

let end: End;
const path = '/open311/v2/servicerequestupdates';
const updatesOf = (answer: Answer): Update[] => answer.json as Update[];

const report = async (more: Record<string, string> = {}): Promise<string> => {
  const answer = await end.post('/open311/v2/requests.json', {
    api_key: end.key, service_code: 'streetlight', lat: String(corner.lat + 0.005), long: String(corner.lng + 0.005), 'attribute[fault]': 'out', ...more,
  });
  return (answer.json as { service_request_id: string }[])[0]!.service_request_id;
};
const idOf = async (number: string): Promise<string> => (await end.town.world.db.query<{ id: string }>('select id from matter where number = $1', [number]))[0]!.id;
const close = async (number: string): Promise<void> => {
  const id = await idOf(number);
  const [row] = await end.town.world.db.query<{ code: string }>('select code from matter where id = $1', [id]);
  await end.town.act('intake', id, 'file', { code: row!.code });
  await end.town.act('dispatcher', id, 'dispatch', { unit: 'lighting' });
  await end.town.act('unithandler', id, 'accept');
  await end.town.act('unithandler', id, 'finish', { blobs: [await end.town.photo('unithandler', await lampPhoto(null, true))] });
  await end.town.act('collector', id, 'verify');
};
/** Puts what happened into the ledger and lets the followers read it. */
const settle = async (): Promise<void> => {
  const { ledger } = end.town.town.modules;
  await ledger.sequencer.drain();
  await ledger.followers.catchUp(county);
};
const textsOf = async (number: string) => {
  const { matters } = end.town.town.modules;
  return (await matters.whole(end.town.world.db, county, await idOf(number)))!;
};

beforeAll(async () => { end = await openEnd(); }, 120_000);
afterAll(async () => { await end?.close(); });

test('every change of state of a public request is an update, in order, as JSON and as XML', async () => {
  const number = await report();
  await close(number);
  await settle();
  const answer = await end.get(`${path}.json`);
  const all = updatesOf(answer).filter((one) => one.service_request_id === number);
  expect(all.map(({ description }) => description)).toEqual(expect.arrayContaining(['Lighting unit is working on it.', 'Done, verified and closed.']));
  expect(all.at(-1)).toMatchObject({ status: 'closed', updated_datetime: expect.stringMatching(/^2026-11-24T.*\+08:00$/) });
  expect(all.slice(0, -1).every(({ status }) => status === 'open')).toBe(true);
  const seqs = all.map(({ update_id: id }) => Number(id));
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  const xml = (await end.get(`${path}.xml`)).xml as { service_request_updates: { request_update: Update[] } };
  expect(xml.service_request_updates.request_update.map(({ update_id: id }) => id)).toEqual(updatesOf(answer).map(({ update_id: id }) => id));
});

test('who was away replays from the last update on, and sees each once', async () => {
  const all = updatesOf(await end.get(`${path}.json`));
  const seen: string[] = [];
  for (let next: string | undefined = `${path}.json?after=0&page_size=2`; next !== undefined;) {
    const answer = await end.get(next);
    seen.push(...updatesOf(answer).map(({ update_id: id }) => id));
    next = /<[^>]*?(\/open311[^>]*)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  expect(seen).toEqual(all.map(({ update_id: id }) => id));
  expect(updatesOf(await end.get(`${path}.json?after=${seen.at(-1)!}`))).toEqual([]);
  const more = await report();
  await close(more);
  await settle();
  const news = updatesOf(await end.get(`${path}.json?after=${seen.at(-1)!}`));
  expect(new Set(news.map((one) => one.service_request_id))).toEqual(new Set([more]));
  expect(updatesOf(await end.get(`${path}.json?start_date=2026-01-01&end_date=2026-02-01`))).toEqual([]);
  expect((await end.get(`${path}.json?after=x`)).status).toBe(400);
  expect((await end.get(`${path}.json?start_date=2026-01-01&end_date=2026-11-01`)).status).toBe(400);
});

test('a request that is public no more takes its updates with it', async () => {
  const number = await report();
  const { catalogue } = end.town.town.modules;
  const noise = catalogue.rows(county, catalogue.currentVersion(county, end.town.world.now())!).find(({ code }) => code === 'E0128')!;
  await end.town.act('intake', await idOf(number), 'file', { code: noise.key });
  await settle();
  expect(updatesOf(await end.get(`${path}.json`)).some((one) => one.service_request_id === number)).toBe(false);
});

test('the program that sent a report may add to it, once for each update_id, for the resident too', async () => {
  for (const more of [{}, { phone: '13900006666' }] as Record<string, string>[]) {
    const number = await report(more);
    const sent = { api_key: end.key, service_request_id: number, update_id: 'c-1', status: 'OPEN', description: '现在整条路都不亮了' };
    const first = await end.post(`${path}.json`, sent);
    expect(first).toMatchObject({ status: 201, json: [{ update_id: expect.any(String) }] });
    expect((await end.post(`${path}.xml`, sent)).xml).toEqual({ service_request_updates: { request_update: [{ update_id: (first.json as Update[])[0]!.update_id }] } });
    const { texts, matter } = await textsOf(number);
    expect(texts.filter(({ body }) => body === sent.description)).toMatchObject([{ personal: true }]);
    expect(matter.version).toBe(2);
    expect((await end.post(`${path}.json`, { ...sent, description: 'another' })).status).toBe(409);
    expect((await end.get('/open311/v2/requests.json')).text + (await end.get(`${path}.json`)).text).not.toContain('整条路');
  }
});

test('an update that says open of a closed request asks for it to be opened again; nobody closes one from outside', async () => {
  const number = await report();
  const add = (more: Record<string, string>) => end.post(`${path}.json`, { api_key: end.key, service_request_id: number, description: '又不亮了', ...more });
  expect((await add({ status: 'closed' })).status).toBe(201);
  expect((await textsOf(number)).matter.state).toBe('reported');
  await close(number);
  expect(await add({ status: 'closed' })).toMatchObject({ status: 409, json: [{ code: 409 }] });
  expect((await add({ status: 'open' })).status).toBe(201);
  expect((await textsOf(number)).matter.data['reopenAsked']).toBeDefined();
});

test('nobody else may add, and what is wrong is said', async () => {
  const number = await report();
  const sent = { service_request_id: number, description: 'x' };
  expect((await end.post(`${path}.json`, sent)).status).toBe(403);
  expect((await end.post(`${path}.json`, { ...sent, api_key: 'wrong' })).status).toBe(403);
  expect((await end.post(`${path}.xml`, { ...sent, api_key: end.otherKey })).status).toBe(404);
  expect((await end.post(`${path}.json`, { ...sent, api_key: end.key, service_request_id: '000000-0000-00' })).status).toBe(404);
  for (const wrong of [{ description: '' }, { service_request_id: '' }, { status: 'fixed?' }, { description: 'x'.repeat(2_001) }] as Record<string, string>[])
    expect(await end.post(`${path}.json`, { ...sent, api_key: end.key, ...wrong })).toMatchObject({ status: 400, json: [{ code: 400, description: expect.stringContaining(Object.keys(wrong)[0]!) }] });
});
