import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { theSystem } from '../../src/base/actor.ts';
import { corner, done } from '../pages/town.ts';
import { lampPhoto } from '../pages/photos.ts';
import { county, openEnd, type Answer, type End } from './end.ts';

let end: End;
const path = '/open311/v2/requests.json';

/** A report of a lamp that is out, as a client sends it. */
const lampOut = (more: Record<string, string | readonly string[]> = {}): Record<string, string | readonly string[]> =>
  ({ api_key: end.key, service_code: 'streetlight', lat: String(corner.lat + 0.005), long: String(corner.lng + 0.005), 'attribute[fault]': 'out', description: '门口的灯不亮了，晚上老人走路怕摔。', ...more });
const numberOf = (answer: Answer): string => (answer.json as { service_request_id: string }[])[0]!.service_request_id;
const caseOf = async (number: string) => {
  const { world, town } = end.town;
  const [row] = await world.db.query<{ id: string }>('select id from matter where county = $1 and number = $2', [county, number]);
  return (await town.modules.matters.whole(world.db, county, row!.id))!;
};
const count = async (): Promise<number> => (await end.town.cases()).length;

beforeAll(async () => { end = await openEnd(); }, 120_000);
afterAll(async () => { await end?.close(); });

describe('a report over Open311', () => {
  test('is a case under the row that its answer points to, by the program whose key it is', async () => {
    const answer = await end.post(path, lampOut());
    expect(answer).toMatchObject({ status: 201, type: 'application/json; charset=utf-8', json: [{ service_request_id: expect.stringMatching(/^\d{6}-\d{4}-\d\d$/) }] });
    const { matter, texts } = await caseOf(numberOf(answer));
    expect(matter).toMatchObject({ kind: 'case', state: 'reported', data: { channel: 'api', byProgram: true }, facets: { code: expect.stringMatching(/^C0137-/), reporter: `account:${end.account}`, lng: corner.lng + 0.005 } });
    const { catalogue } = end.town.town.modules;
    expect(catalogue.row(county, matter.facets.codeVersion!, matter.facets.code!)!.openCondition).toContain('不亮');
    expect(texts).toMatchObject([{ name: 'description', personal: true, body: expect.stringMatching(/^门口的灯不亮了，晚上老人走路怕摔。\n路灯怎么了？ 一盏不亮$/) }]);
    expect((await end.get(`/open311/v2/requests/${numberOf(answer)}.json`)).json).toMatchObject([{ status: 'open', service_code: 'streetlight' }]);
  });
  test('is answered as XML where the address says so', async () => {
    const answer = await end.post('/open311/v2/requests.xml', lampOut({ service_code: 'manhole', 'attribute[fault]': 'missing' }));
    expect(answer).toMatchObject({ status: 201, type: 'text/xml; charset=utf-8', xml: { service_requests: { request: [{ service_request_id: expect.any(String), service_notice: expect.stringContaining('hotline') }] } } });
  });
  test('never shows anybody what was written, nor who wrote it', async () => {
    const secret = { description: '我是李四，住3幢201，丈夫打人', first_name: '李', last_name: '四', email: 'lisi@example.org', phone: '13900001111', device_id: 'device-77' };
    const number = numberOf(await end.post(path, lampOut(secret)));
    for (const one of ['/open311/v2/requests.json', `/open311/v2/requests/${number}.json`, `/open311/v2/requests/${number}.xml`, `/open311/v2/requests/${number}.json?api_key=${end.key}&extensions=true`])
      expect((await end.get(one)).text).not.toMatch(/李四|201|打人|lisi|13900001111|1111\b|device-77/);
  });
  test('with a phone is the resident\'s, who is written to; one phone is one person', async () => {
    const [first, second] = [await end.post(path, lampOut({ phone: '139 0000 2222' })), await end.post(path, lampOut({ phone: '13900002222' }))];
    const [one, two] = [await caseOf(numberOf(first)), await caseOf(numberOf(second))];
    expect(one.matter.facets.reporter).toMatch(/^contact:/);
    expect(two.matter.facets.reporter).toBe(one.matter.facets.reporter);
    expect(one.matter.data).not.toHaveProperty('byProgram');
  });
  test('may come with pictures, which are taken in like anybody\'s', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(lampOut())) form.append(name, value as string);
    form.append('media', new Blob([new Uint8Array(await lampPhoto())], { type: 'image/jpeg' }), 'lamp.jpg');
    const response = await fetch(`${end.town.url}${path}`, { method: 'POST', body: form });
    expect(response.status).toBe(201);
    const [{ service_request_id: number }] = (await response.json()) as [{ service_request_id: string }];
    expect((await caseOf(number)).files).toMatchObject([{ role: 'before' }]);
    expect((await end.get(`/open311/v2/requests/${number}.json`)).json).toMatchObject([{ media_url: null }]);
    form.set('media', new Blob(['<svg onload="alert(1)"/>']), 'lamp.jpg');
    const broken = await fetch(`${end.town.url}${path}`, { method: 'POST', body: form });
    expect([400, 415]).toContain(broken.status);
    expect(await broken.json()).toMatchObject([{ code: broken.status, description: expect.any(String) }]);
  });
  test('is found by the place it names: a lamp\'s code or plate, an address, a village, words for the desk to find', async () => {
    const by = async (more: Record<string, string>) => (await caseOf(numberOf(await end.post(path, lampOut({ lat: '', long: '', ...more }))))).matter.facets;
    const lamp = end.town.lamps[3]!;
    expect(await by({ address_id: lamp.code })).toMatchObject({ component: lamp.code });
    expect((await caseOf(numberOf(await end.post(path, lampOut({ 'attribute[plate]': lamp.plate }))))).matter.facets.component).toBe(lamp.code);
    expect(await by({ address_id: '330281103203' })).toMatchObject({ place: '330281103203' });
    expect(await by({ address_string: '光明路5号' })).toMatchObject({ lng: expect.closeTo(corner.lng + 0.0046, 6) });
    expect(await by({ address_string: '老菜场门口第二盏' })).toMatchObject({ place: '330281103' });
    expect(await end.post(path, lampOut({ lat: '', long: '', address_id: 'nowhere' }))).toMatchObject({ status: 400, json: [{ code: 400, description: expect.stringContaining('address_id') }] });
  });
  test('twice under one Idempotency-Key is one case with one answer, at once or later; another under it is refused', async () => {
    const before = await count();
    const key = { 'idempotency-key': 'order 4711' };
    const answers = await Promise.all([1, 2, 3].map(() => end.post(path, lampOut({ phone: '13900003333' }), key)));
    answers.push(await end.post(path, lampOut({ phone: '13900003333' }), key));
    expect(new Set(answers.map(numberOf)).size).toBe(1);
    expect(await count()).toBe(before + 1);
    expect(await end.post(path, lampOut({ description: 'another' }), key)).toMatchObject({ status: 409, json: [{ code: 409 }] });
    // The same words of another program are another report.
    const other = await end.post(path, { ...lampOut({ phone: '13900003333' }), api_key: end.otherKey }, key);
    expect(numberOf(other)).not.toBe(numberOf(answers[0]!));
    expect((await end.get(`/open311/v2/tokens/${encodeURIComponent('order 4711')}.json?api_key=${end.key}`)).json).toEqual([{ service_request_id: numberOf(answers[0]!), token: 'order 4711' }]);
    expect((await end.get(`/open311/v2/tokens/${encodeURIComponent('order 4711')}.xml?api_key=${end.otherKey}`)).xml).toEqual({ service_requests: { request: [{ service_request_id: numberOf(other), token: 'order 4711' }] } });
    expect((await end.get('/open311/v2/tokens/order%204711.json')).status).toBe(404);
  });
  test('twice without one is two cases: nobody can know that they are the same', async () => {
    const before = await count();
    await end.post(path, lampOut());
    await end.post(path, lampOut());
    expect(await count()).toBe(before + 2);
  });
});

describe('a key', () => {
  test('is needed to report, and one that does not hold is refused for reading too', async () => {
    expect(await end.post(path, lampOut({ api_key: '' }))).toMatchObject({ status: 403, json: [{ code: 403, description: expect.stringContaining('api_key') }] });
    for (const key of ['wrong', 'A'.repeat(43), "' or 1=1 --"]) expect((await end.post('/open311/v2/requests.xml', lampOut({ api_key: key }))).status).toBe(403);
    expect((await end.get('/open311/v2/requests.json?api_key=wrong')).status).toBe(403);
    expect(await end.post(path, lampOut({ api_key: '' }), { authorization: 'Bearer wrong' })).toMatchObject({ status: 403, json: [{ code: 403 }] });
  });
  test('may come as a bearer token', async () => {
    expect((await end.post(path, lampOut({ api_key: '' }), { authorization: `Bearer ${end.key}` })).status).toBe(201);
  });
  test('that was taken away reports nothing any more', async () => {
    const { accounts } = end.town.town.modules.identity;
    const { account } = done(await accounts.create(theSystem, county, { kind: 'program', login: 'short-app', name: 'short' }));
    done(await accounts.grant(theSystem, county, account.id, { role: 'proxy', place: '' }));
    const token = done(await accounts.makeToken(theSystem, account.id, { name: 'short', roles: ['proxy'], days: 1 }));
    expect((await end.post(path, lampOut({ api_key: token.token }))).status).toBe(201);
    done(await accounts.revokeToken(theSystem, account.id, token.id));
    expect((await end.post(path, lampOut({ api_key: token.token }))).status).toBe(403);
  });
  test('shows its program what became of a report that is public no more, and nobody else', async () => {
    const number = numberOf(await end.post(path, lampOut()));
    const { catalogue } = end.town.town.modules;
    const noise = catalogue.rows(county, catalogue.currentVersion(county, end.town.world.now())!).find(({ code }) => code === 'E0128')!;
    await end.town.act('intake', (await caseOf(number)).matter.id, 'file', { code: noise.key });
    expect((await end.get(`/open311/v2/requests/${number}.json`)).status).toBe(404);
    expect((await end.get(`/open311/v2/requests/${number}.json?api_key=${end.otherKey}`)).status).toBe(404);
    expect((await end.get(`/open311/v2/requests/${number}.json?api_key=${end.key}`)).json).toMatchObject([{ service_code: 'streetlight', status: 'open' }]);
    expect((await end.get('/open311/v2/requests.json')).text).not.toContain(number);
  });
  test('is not needed where the county says so: then nobody is written to, and reports are few a minute', async () => {
    await end.set({ keyRequired: false });
    const answer = await end.post(path, lampOut({ api_key: '' }));
    expect(answer.status).toBe(201);
    expect((await caseOf(numberOf(answer))).matter.facets.reporter).toMatch(/^contact:/);
    expect((await end.post(path, lampOut({ api_key: '', phone: '13900004444' })))).toMatchObject({ status: 403, json: [{ description: expect.stringContaining('phone') }] });
    expect((await end.post(path, lampOut({ api_key: 'wrong' }))).status).toBe(403);
    const statuses: number[] = [];
    for (let at = 0; at < 25; at++) statuses.push((await end.post(path, lampOut({ api_key: '' }))).status);
    expect(new Set(statuses)).toEqual(new Set([201, 429]));
    await end.set({});
  });
});

describe('what is wrong with a report', () => {
  const refused = async (more: Record<string, string | readonly string[]>, name: string, status = 400): Promise<void> => {
    const before = await count();
    for (const form of ['json', 'xml'] as const) {
      const answer = await end.post(`/open311/v2/requests.${form}`, lampOut(more));
      const errors = form === 'json' ? (answer.json as { code: number; description: string }[]) : (answer.xml as { errors: { error: { code: string; description: string }[] } }).errors.error;
      expect(answer.status, name).toBe(status);
      expect(errors.map(({ code }) => Number(code))).toContain(status);
      expect(errors.some(({ description }) => description.includes(name)), `${name}: ${JSON.stringify(errors)}`).toBe(true);
    }
    expect(await count()).toBe(before);
  };
  test('is said of each value: missing, unknown, too long, no place, outside', async () => {
    await refused({ service_code: '' }, 'service_code');
    await refused({ service_code: 'ufo' }, 'ufo', 404);
    await refused({ 'attribute[fault]': '' }, 'attribute[fault]');
    await refused({ 'attribute[fault]': 'exploded' }, 'attribute[fault]');
    await refused({ 'attribute[fault]': ['out', 'rust'] }, 'attribute[fault]');
    await refused({ 'attribute[colour]': 'red' }, 'attribute[colour]');
    await refused({ 'attribute[since]': 'last week' }, 'attribute[since]');
    await refused({ lat: '', long: '' }, 'lat');
    await refused({ lat: '30.1', long: '' }, 'long');
    await refused({ lat: '30,17' }, 'lat');
    await refused({ lat: '91' }, 'lat');
    await refused({ lat: 'NaN' }, 'lat');
    await refused({ lat: '10', long: '10' }, 'outside');
    await refused({ description: 'x'.repeat(4_001) }, 'description');
    await refused({ media_url: 'javascript:alert(1)' }, 'media_url');
    await refused({ phone: '12' }, 'phone');
    await refused({ jurisdiction_id: '110000' }, '110000', 404);
    await refused({ description: 'a\u202Eb' }, 'description');
    await refused({ description: 'a\u0000b' }, 'description');
  });
  test('is all said at once', async () => {
    const answer = await end.post(path, { api_key: end.key, service_code: 'streetlight', lat: 'x' });
    expect((answer.json as unknown[]).length).toBeGreaterThanOrEqual(3);
  });
  test('a description of 4,000 signs is taken, and HTML in it is words', async () => {
    const answer = await end.post(path, lampOut({ description: `<script>alert(1)</script>${'灯'.repeat(3_970)}`.slice(0, 4_000) }));
    expect(answer.status).toBe(201);
    expect((await caseOf(numberOf(answer))).texts[0]!.body).toMatch(/^<script>/);
    expect((await end.get(`/open311/v2/requests/${numberOf(answer)}.xml`)).text).not.toContain('alert');
  });
  test('is another body than a form, broken text, or too much', async () => {
    const send = (body: string | Buffer, type: string) => fetch(`${end.town.url}${path}`, { method: 'POST', body: typeof body === 'string' ? body : new Uint8Array(body), headers: { 'content-type': type } });
    expect((await send('{"service_code":"streetlight"}', 'application/json')).status).toBe(415);
    expect((await send(`api_key=${end.key}&service_code=streetlight&lat=30.175&long=121.045&attribute[fault]=out&description=%C2%B7%B5%C6`, 'application/x-www-form-urlencoded')).status).toBe(400);
    expect((await send('', 'application/x-www-form-urlencoded')).status).toBe(403);
    expect((await send(`description=${'x'.repeat(34_000_000)}`, 'application/x-www-form-urlencoded')).status).toBe(413);
  });
  test('whatever comes is answered with a list of errors or a number, never with an error of ours', async () => {
    await fc.assert(fc.asyncProperty(
      fc.dictionary(fc.oneof(fc.constantFrom('service_code', 'lat', 'long', 'attribute[fault]', 'attribute[', 'attribute[][]', 'address_id', 'address_string', 'phone', 'jurisdiction_id', '__proto__'), fc.string()), fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('streetlight', 'out', '30.17', '121.04'))),
      fc.constantFrom('json', 'xml'),
      async (form, format) => {
        const answer = await end.post(`/open311/v2/requests.${format}`, { ...form, api_key: end.key });
        expect([201, 400, 404]).toContain(answer.status);
        expect(answer.type).toBe(format === 'json' ? 'application/json; charset=utf-8' : 'text/xml; charset=utf-8');
      }), { numRuns: 60 });
  });
});

test('a report whose reporter and words were erased stands in the list as it did', async () => {
  const number = numberOf(await end.post(path, lampOut({ phone: '13900005555', description: '我叫王五' })));
  const before = (await end.get(`/open311/v2/requests/${number}.json`)).json;
  const { identity, matters } = end.town.town.modules;
  const { matter, texts } = await caseOf(number);
  const resident = { id: matter.facets.reporter!.split(':')[1]! as never, kind: 'resident' as const, name: null, grants: [{ id: 'own', county: county as never, role: 'resident', unit: null, place: '' as never, purpose: null, from: 0, until: null }] };
  done(await identity.contacts.eraseOwn(resident));
  await matters.erase(county, texts.map(({ id }) => id));
  expect((await end.get(`/open311/v2/requests/${number}.json`)).json).toEqual(before);
});
