import { request as rawRequest } from 'node:http';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corner } from '../pages/town.ts';
import { county, openEnd, type Answer, type End } from './end.ts';

/**
 * GeoReport v2 from its first section to its last: for each sentence the requests that try it, and what is answered.
 * What is read in depth (pages, places, pictures, what becomes of a report) stands in reading.test.ts and reporting.test.ts.
 */
type Row = Record<string, unknown>;
/** A request and what is answered: the status, and of errors a word that the description must hold. */
type Line = readonly [ask: string, status: number, says?: string];

let end: End;
const v2 = '/open311/v2';
const three = (en: string) => ({ 'zh-Hans': en, 'zh-Hant': en, en });
const choices = ['red', 'green', 'blue'].map((key) => ({ key, name: three(`Colour ${key}`) }));
/** A service with a question of every datatype. */
const asked = [
  { code: 'text', datatype: 'string', required: true, description: three('Words?') },
  { code: 'many', datatype: 'multivaluelist', required: true, description: three('Which colours?'), values: choices },
  { code: 'one', datatype: 'singlevaluelist', required: false, description: three('Which one?'), hint: three('the brightest'), values: choices },
  { code: 'count', datatype: 'number', required: false, description: three('How many?') },
  { code: 'when', datatype: 'datetime', required: false, description: three('Since when?') },
];
const here = { lat: String(corner.lat + 0.005), long: String(corner.lng + 0.005) };
const complete = (): Record<string, string | readonly string[]> => ({ api_key: end.key, service_code: 'road-sign', ...here, 'attribute[text]': 'a sign', 'attribute[many][]': ['red', 'blue'] });
const without = (...names: string[]): Record<string, string | readonly string[]> => Object.fromEntries(Object.entries(complete()).filter(([name]) => !names.includes(name)));

/** Errors as both forms say them. */
const errorsOf = (answer: Answer): { code: string; description: string }[] =>
  answer.json !== null ? (answer.json as { code: number; description: string }[]).map(({ code, description }) => ({ code: String(code), description }))
    : (answer.xml as { errors: { error: { code: string; description: string }[] } }).errors.error;
const isXml = (answer: Answer): void => {
  expect(answer.type).toBe('text/xml; charset=utf-8');
  expect(answer.text.startsWith('<?xml version="1.0" encoding="utf-8"?>')).toBe(true);
  expect(XMLValidator.validate(answer.text)).toBe(true);
};
const isError = (answer: Answer, status: number, says: string, about: string): void => {
  expect(answer.status, about).toBe(status);
  const errors = errorsOf(answer);
  for (const error of errors) expect(Object.keys(error).sort(), about).toEqual(['code', 'description']);
  expect(errors.map(({ code }) => code), about).toContain(String(status));
  expect(errors.some(({ description }) => description.includes(says)), `${about}: ${JSON.stringify(errors)}`).toBe(true);
};
/** Asks each line as XML and as JSON; `.x` in its address is the suffix. */
const inBothForms = async (lines: readonly Line[], send: (path: string) => Promise<Answer> = (path) => end.get(path)): Promise<void> => {
  for (const [ask, status, says] of lines) for (const form of ['xml', 'json']) {
    const path = `${v2}/${ask.replace('.x', `.${form}`)}`;
    const answer = await send(path);
    if (form === 'xml') isXml(answer);
    else expect(answer.type, path).toBe('application/json; charset=utf-8');
    if (status >= 400) isError(answer, status, says ?? '', path);
    else expect(answer.status, `${path}: ${answer.text.slice(0, 200)}`).toBe(status);
  }
};
/** Any method, also those that fetch does not let through, with whatever body and type. */
const raw = (method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<Answer> => new Promise((resolve, reject) => {
  const sent = rawRequest(`${end.town.url}${path}`, { method, headers: { 'accept-language': 'en', 'content-length': String(Buffer.byteLength(body)), ...headers } }, (answer) => {
    const parts: Buffer[] = [];
    answer.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      const text = Buffer.concat(parts).toString('utf8');
      const type = answer.headers['content-type'] ?? '';
      const wellFormed = type.startsWith('text/xml') ? { errors: { error: [...text.matchAll(/<code>(.*?)<\/code><description>(.*?)<\/description>/g)].map(([, code, description]) => ({ code, description })) } } : {};
      resolve({ status: answer.statusCode!, type, text, headers: new Headers(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])), json: type.startsWith('application/json') && text !== '' ? (JSON.parse(text) as unknown) : null, xml: wellFormed });
    });
  });
  sent.on('error', reject).end(body);
});
const report = async (form: Record<string, string | readonly string[]> = complete()): Promise<string> => {
  const answer = await end.post(`${v2}/requests.json`, form);
  expect(answer.status, answer.text).toBe(201);
  return (answer.json as { service_request_id: string }[])[0]!.service_request_id;
};
const wordsOf = async (number: string): Promise<string> => {
  const { world, town } = end.town;
  const [row] = await world.db.query<{ id: string }>('select id from matter where county = $1 and number = $2', [county, number]);
  return (await town.modules.matters.whole(world.db, county, row!.id))!.texts[0]!.body!;
};

beforeAll(async () => {
  end = await openEnd();
  await end.set({ from: 'reported' }, 'bulletin');
  await end.set({ categories: { 'road-sign': { questions: asked } } }, 'reporting');
}, 120_000);
afterAll(async () => { await end?.close(); });

describe('General', () => {
  test('the suffix alone says which form is answered; without one, or with another, there is nothing at the address', async () => {
    for (const accept of ['application/json', 'text/html', 'text/xml', '*/*', 'image/png;q=1', 'nonsense']) {
      isXml(await end.get(`${v2}/services.xml`, { accept }));
      expect((await end.get(`${v2}/services.json`, { accept })).type).toBe('application/json; charset=utf-8');
    }
    for (const path of ['services', 'requests', 'services/streetlight', 'requests/1', 'tokens/1', 'discovery', 'services.yaml', 'services.', 'requests.json.gz', 'services.xml/']) {
      const answer = await end.get(`${v2}/${path}`);
      isXml(answer);
      isError(answer, 404, '', path);
    }
  });
  test('UTF-8 goes both ways, and a form that says another charset by its bytes is refused', async () => {
    const number = await report({ ...complete(), 'attribute[text]': '灯🏮é' });
    expect(await wordsOf(number)).toContain('灯🏮é');
    isXml(await end.get(`${v2}/services.xml`, { 'accept-language': 'zh-CN' }));
    expect((await end.get(`${v2}/services.xml`, { 'accept-language': 'zh-CN' })).text).toContain('路灯故障');
    const gbk = await raw('POST', `${v2}/requests.json`, { 'content-type': 'application/x-www-form-urlencoded; charset=GBK' }, `api_key=${end.key}&service_code=street-tree&lat=${here.lat}&long=${here.long}&description=%C2%B7%B5%C6`);
    isError(gbk, 400, 'description', 'GBK');
  });
  test('JSON is bare: a list of one is a list, nothing wraps it, and an empty answer is an empty list', async () => {
    const number = await report();
    expect((await end.get(`${v2}/requests/${number}.json`)).json).toEqual([expect.objectContaining({ service_request_id: number })]);
    const none = 'requests.x?start_date=2001-01-01&end_date=2001-01-02';
    expect((await end.get(`${v2}/${none.replace('.x', '.json')}`)).json).toEqual([]);
    const xml = await end.get(`${v2}/${none.replace('.x', '.xml')}`);
    isXml(xml);
    expect(xml.text).toContain('<service_requests/>');
  });
  test('a jurisdiction that there is not is 404 at every address; an empty one is as good as none', async () => {
    const number = await report();
    await inBothForms([
      ...['services.x', 'services/streetlight.x', 'requests.x', `requests/${number}.x`, 'tokens/1.x', 'servicerequestupdates.x'].map((path): Line => [`${path}?jurisdiction_id=nowhere.gov`, 404, 'nowhere.gov']),
      ...['services.x', 'services/streetlight.x', 'requests.x', `requests/${number}.x`, 'servicerequestupdates.x'].map((path): Line => [`${path}?jurisdiction_id=`, 200]),
      [`requests.x?jurisdiction_id=${county}`, 200],
    ]);
    for (const form of ['xml', 'json']) isError(await end.post(`${v2}/requests.${form}`, { ...complete(), jurisdiction_id: 'nowhere.gov' }), 404, 'nowhere.gov', 'POST');
    // Some clients put it into the address of a POST.
    isError(await end.post(`${v2}/requests.json?jurisdiction_id=nowhere.gov`, complete()), 404, 'nowhere.gov', 'POST with a query');
    expect((await end.post(`${v2}/requests.json?jurisdiction_id=${county}`, { ...complete(), jurisdiction_id: '' })).status).toBe(201);
  });
  test('a key is needed to report and for nothing else; none and a wrong one are 403', async () => {
    for (const form of ['xml', 'json']) {
      for (const wrong of [without('api_key'), { ...complete(), api_key: '' }, { ...complete(), api_key: 'wrong' }, { ...complete(), api_key: 'x'.repeat(150) }]) isError(await end.post(`${v2}/requests.${form}`, wrong), 403, 'api_key', 'POST');
      expect((await end.post(`${v2}/requests.${form}?api_key=${end.key}`, without('api_key'))).status).toBe(201);
    }
    await inBothForms([['requests.x', 200], ['services.x', 200], [`requests.x?api_key=${end.key}`, 200], ['services.x?api_key=wrong', 200]]);
  });
  test('an answer to HEAD has no body, one to OPTIONS says what may be called, and another method is 405', async () => {
    const head = await raw('HEAD', `${v2}/requests.xml`);
    expect([head.status, head.type, head.text]).toEqual([200, 'text/xml; charset=utf-8', '']);
    expect((await raw('HEAD', `${v2}/services/ufo.json`)).status).toBe(404);
    const options = await raw('OPTIONS', `${v2}/requests.json`, { origin: 'https://map.example', 'access-control-request-method': 'POST' });
    expect([options.status, options.headers.get('access-control-allow-origin'), options.headers.get('access-control-allow-methods')]).toEqual([204, '*', 'GET, HEAD, POST']);
    for (const [method, path, allow] of [
      ['PUT', 'requests', 'GET, HEAD, OPTIONS, POST'], ['DELETE', 'requests/261124-5831-07', 'GET, HEAD, OPTIONS'], ['PATCH', 'requests/261124-5831-07', 'GET, HEAD, OPTIONS'],
      ['POST', 'services', 'GET, HEAD, OPTIONS'], ['POST', 'discovery', 'GET, HEAD, OPTIONS'], ['POST', 'services/streetlight', 'GET, HEAD, OPTIONS'], ['PUT', 'tokens/1', 'GET, HEAD, OPTIONS'],
    ] as const) for (const form of ['xml', 'json']) for (const headers of [{}, { 'content-type': 'application/x-www-form-urlencoded' }, { 'content-type': 'application/json' }] as Record<string, string>[]) {
      const answer = await raw(method, `${v2}/${path}.${form}`, headers, headers['content-type'] === undefined ? '' : '{}');
      expect(answer.headers.get('allow'), `${method} ${path}`).toBe(allow);
      isError(answer, 405, method, `${method} ${path}.${form}`);
    }
    isError(await raw('POST', `${v2}/nothing.json`), 404, '', 'POST nothing');
    isError(await raw('DELETE', `${v2}/services.yaml`), 404, '', 'DELETE services.yaml');
  });
});

describe('Discovery', () => {
  test('has every field filled, at both addresses and in both forms, and its endpoint is where the rest is', async () => {
    for (const path of ['/open311/discovery', `${v2}/discovery`]) {
      const json = (await end.get(`${path}.json`)).json as Row;
      expect(Object.keys(json)).toEqual(['changeset', 'contact', 'key_service', 'endpoints']);
      for (const endpoint of json['endpoints'] as Row[]) {
        expect(Object.keys(endpoint)).toEqual(['specification', 'url', 'changeset', 'type', 'formats']);
        expect(endpoint['specification']).toBe('http://wiki.open311.org/GeoReport_v2');
        expect(['production', 'test']).toContain(endpoint['type']);
      }
      const xml = await end.get(`${path}.xml`);
      isXml(xml);
      expect(xml.text).toMatch(/<discovery><changeset>[^<]+<\/changeset><contact>[^<]+<\/contact><key_service>[^<]+<\/key_service><endpoints><endpoint>/);
    }
    // Whoever opens the endpoint that the discovery names finds the discovery.
    for (const path of [v2, `${v2}/`]) expect((await end.get(path)).json).toMatchObject({ endpoints: [{ url: expect.stringMatching(/\/open311\/v2$/) }] });
  });
});

describe('GET services', () => {
  test('each has the seven fields, and metadata says whether it has questions', async () => {
    const services = (await end.get(`${v2}/services.json`)).json as Row[];
    for (const service of services) {
      expect(Object.keys(service)).toEqual(['service_code', 'service_name', 'description', 'metadata', 'type', 'keywords', 'group']);
      expect(['realtime', 'batch', 'blackbox']).toContain(service['type']);
      const definition = (await end.get(`${v2}/services/${String(service['service_code'])}.json`)).json as { attributes: Row[] };
      expect(definition.attributes.length > 0, String(service['service_code'])).toBe(service['metadata']);
    }
    expect(services.some(({ metadata }) => metadata === true)).toBe(true);
  });
});

describe('GET services/{service_code}', () => {
  test('has questions of every datatype with an order of their own, and values where they are chosen from', async () => {
    const { attributes } = (await end.get(`${v2}/services/road-sign.json`)).json as { attributes: Row[] };
    expect(attributes).toEqual(asked.map(({ code, datatype, required, values }, at) => ({
      variable: true, code, datatype, required, datatype_description: code === 'one' ? 'the brightest' : '', order: at + 1, description: expect.any(String), ...(values && { values: values.map(({ key }) => ({ key, name: `Colour ${key}` })) }),
    })));
    const xml = await end.get(`${v2}/services/road-sign.xml`);
    isXml(xml);
    expect(xml.text).toContain('<service_definition><service_code>road-sign</service_code><attributes><attribute><variable>true</variable><code>text</code><datatype>string</datatype><required>true</required><datatype_description/><order>1</order>');
    expect(xml.text).toContain('<values><value><key>red</key><name>Colour red</name></value>');
  });
  test('that there is not is 404', async () => {
    await inBothForms([['services/ufo.x', 404, 'ufo'], ['services/%3Cb%3E.x', 404], [`services/${'x'.repeat(200)}.x`, 400], ['services/STREETLIGHT.x', 404, 'STREETLIGHT']]);
  });
});

describe('POST requests', () => {
  test('is taken as a form of either kind, and answers one number and no token', async () => {
    const urlencoded = await end.post(`${v2}/requests.json`, complete());
    expect([urlencoded.status, urlencoded.json]).toEqual([201, [{ service_request_id: expect.stringMatching(/^\d{6}-\d{4,6}-\d\d$/) }]]);
    const form = new FormData();
    for (const [name, value] of Object.entries(complete())) for (const one of [value].flat()) form.append(name, one);
    const multipart = await fetch(`${end.town.url}${v2}/requests.xml`, { method: 'POST', body: form });
    expect(multipart.status).toBe(201);
    expect(await multipart.text()).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>\n<service_requests><request><service_request_id>[\d-]+<\/service_request_id><\/request><\/service_requests>\n$/);
    for (const type of ['application/json', 'text/plain', 'application/xml']) isError(await raw('POST', `${v2}/requests.json`, { 'content-type': type }, '{"service_code":"road-sign"}'), 415, '', type);
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) expect([400, 415], type).toContain((await raw('POST', `${v2}/requests.json`, { 'content-type': type }, 'nonsense')).status);
  });
  test('needs a service and a place, each way of saying it alone or beside another', async () => {
    const place = ['lat', 'long'];
    const cases: [Record<string, string | readonly string[]>, number, string?][] = [
      [without('service_code'), 400, 'service_code'], [{ ...complete(), service_code: '' }, 400, 'service_code'], [{ ...complete(), service_code: 'ufo' }, 404, 'ufo'],
      [without(...place), 400, 'lat'], [without('long'), 400, 'long'], [without('lat'), 400, 'lat'],
      [{ ...without(...place), address_string: '光明路5号' }, 201], [{ ...without(...place), address_id: '330281103203' }, 201],
      [{ ...complete(), address_string: 'anywhere', address_id: 'nonsense' }, 201], [{ ...complete(), lat: '', long: '', address_string: '光明路5号' }, 201],
      [{ ...without('long'), address_string: '光明路5号' }, 400, 'long'], [{ ...without(...place), address_id: 'nonsense' }, 400, 'address_id'],
      ...['91', '-90.1', '30,17', '30.17N', '3e1', 'NaN', 'Infinity', '0x1e', '1'.repeat(60)].map((lat): [Record<string, string>, number, string] => [{ ...complete() as Record<string, string>, lat }, 400, 'lat']),
      [{ ...complete(), long: '180.1' }, 400, 'long'], [{ ...complete(), lat: '0', long: '0' }, 400, 'outside'],
      // A plus arrives as a space where it was not escaped, and some languages write seventeen digits.
      [{ ...complete(), lat: ` ${here.lat}` }, 201], [{ ...complete(), lat: `+${here.lat}` }, 201], [{ ...complete(), lat: `${here.lat}00000000000001`, long: `${here.long}00000000000001` }, 201],
    ];
    for (const [form, status, says] of cases) for (const kind of ['json', 'xml']) {
      const answer = await end.post(`${v2}/requests.${kind}`, form);
      if (status >= 400) isError(answer, status, says ?? '', JSON.stringify(form));
      else expect(answer.status, JSON.stringify([form, answer.text])).toBe(status);
    }
  });
  test('takes answers of every datatype, written in every way that clients write them, and refuses what is none', async () => {
    const cases: [Record<string, string | readonly string[]>, number, string?][] = [
      [{ 'attribute[many]': 'red' }, 201], [{ 'attribute[many]': ['red', 'blue'] }, 201], [{ 'attribute[many][]': ['red', 'red', ''] }, 201], [{ 'attribute[many][0]': 'red', 'attribute[many][1]': 'green' }, 201],
      [{ 'attribute[many][]': ['red', 'pink'] }, 400, 'attribute[many]'], [{ 'attribute[many]': 'red,blue' }, 400, 'attribute[many]'],
      [{ 'attribute[one]': 'green' }, 201], [{ 'attribute[one]': '' }, 201], [{ 'attribute[one]': ['green', 'red'] }, 400, 'attribute[one]'], [{ 'attribute[one]': 'Colour green' }, 400, 'attribute[one]'],
      ...['7', '-7', '+7.25', ' 7 '].map((count): [Record<string, string>, number] => [{ 'attribute[count]': count }, 201]),
      ...['seven', '7 pieces', '1e3', '7,5', 'NaN'].map((count): [Record<string, string>, number, string] => [{ 'attribute[count]': count }, 400, 'attribute[count]']),
      ...['2026-11-20T08:00:00Z', '2026-11-20T08:00:00.5+08:00', '2026-11-20T08:00:00 08:00', '2026-11-20'].map((when): [Record<string, string>, number] => [{ 'attribute[when]': when }, 201]),
      ...['yesterday', '2026-02-30', '20/11/2026', '2026-11-20T25:00:00Z'].map((when): [Record<string, string>, number, string] => [{ 'attribute[when]': when }, 400, 'attribute[when]']),
      [{ 'attribute[text]': 'x'.repeat(501) }, 400, 'attribute[text]'],
      [{ 'attribute[size]': '1' }, 400, 'attribute[size]'], [{ [`attribute[${'y'.repeat(100)}]`]: '1' }, 400, 'attribute[yyy'], [{ 'attribute[]': '1' }, 400, 'attribute[]'], [{ 'attribute[a][b]': '1' }, 400, 'attribute[a][b]'],
    ];
    for (const [more, status, says] of cases) {
      const form = Object.keys(more).some((name) => name.startsWith('attribute[many]')) ? without('attribute[many][]') : complete();
      const answer = await end.post(`${v2}/requests.json`, { ...form, ...more });
      if (status >= 400) isError(answer, status, says ?? '', JSON.stringify(more));
      else expect(answer.status, JSON.stringify([more, answer.text])).toBe(status);
    }
    for (const missing of ['attribute[text]', 'attribute[many][]']) isError(await end.post(`${v2}/requests.xml`, without(missing)), 400, missing.slice(0, 14), missing);
    const words = await wordsOf(await report({ ...complete(), 'attribute[count]': '7', 'attribute[when]': '2026-11-20' }));
    expect(words.split('\n')).toEqual(['Words? a sign', 'Which colours? Colour red · Colour blue', 'How many? 7', 'Since when? 2026-11-20']);
  });
  test('takes everything that is optional, none of which is asked for, and nothing longer than it may be', async () => {
    expect((await end.post(`${v2}/requests.json`, { ...complete(), email: 'a@example.org', device_id: 'd1', account_id: '77', first_name: 'A', last_name: 'B', phone: '13900001111', description: 'd', media_url: 'https://example.org/a.jpg', colour: 'a field of nobody' })).status).toBe(201);
    expect((await end.post(`${v2}/requests.json`, { ...complete(), description: '灯'.repeat(4_000 - 200) })).status).toBe(201);
    for (const [name, value] of [['description', 'x'.repeat(4_001)], ['media_url', 'ftp://example.org/a.jpg'], ['media_url', 'not an address'], ['email', 'e'.repeat(300)], ['phone', '1'], ['description', 'a\u0001b'], ['address_string', 'x'.repeat(201)]] as const)
      isError(await end.post(`${v2}/requests.json`, { ...complete(), [name]: value }), 400, name, name);
  });
  test('says everything that is wrong at once, an error each', async () => {
    const wrong = { ...complete(), lat: 'north', 'attribute[text]': '', 'attribute[one]': 'pink', 'attribute[count]': 'x', media_url: 'x' };
    for (const form of ['json', 'xml']) {
      const errors = errorsOf(await end.post(`${v2}/requests.${form}`, wrong));
      for (const name of ['lat', 'attribute[text]', 'attribute[one]', 'attribute[count]', 'media_url']) expect(errors.filter(({ description }) => description.startsWith(name)), name).toHaveLength(1);
    }
  });
  test('a description is words: what looks like HTML, and what XML cannot hold, comes to no harm', async () => {
    const number = await report({ ...complete(), 'attribute[text]': '<b>&amp;</b> ]]> "quoted"' });
    expect(await wordsOf(number)).toContain('<b>&amp;</b> ]]> "quoted"');
    const refused = await end.post(`${v2}/requests.xml`, { ...complete(), service_code: '<x>&"]]>' });
    isXml(refused);
    isError(refused, 404, '<x>&"]]>', 'markup in a code');
  });
});

describe('GET tokens/{token}', () => {
  test('gives the number that became of it, in both forms; any other is 404', async () => {
    const answer = await end.post(`${v2}/requests.json`, complete(), { 'idempotency-key': 'token-1' });
    const [{ service_request_id: id }] = answer.json as [{ service_request_id: string }];
    expect((await end.get(`${v2}/tokens/token-1.json?api_key=${end.key}`)).json).toEqual([{ service_request_id: id, token: 'token-1' }]);
    expect((await end.get(`${v2}/tokens/token-1.xml?api_key=${end.key}`)).text).toContain(`<service_requests><request><service_request_id>${id}</service_request_id><token>token-1</token></request></service_requests>`);
    await inBothForms([['tokens/token-2.x', 404, 'token-2'], ['tokens/%3C.x', 404], ['tokens/01900000-0000-7000-8000-000000000000.x', 404], [`tokens/${'x'.repeat(250)}.x`, 400]]);
  });
});

describe('GET requests', () => {
  let ids: string[];
  beforeAll(async () => { ids = [await report(), await report(), await report()]; });
  const listed = async (query: string): Promise<string[]> => {
    const answer = await end.get(`${v2}/requests.json?${query}`);
    expect(answer.status, `${query}: ${answer.text.slice(0, 200)}`).toBe(200);
    return (answer.json as Row[]).map((row) => String(row['service_request_id']));
  };
  test('by numbers: blanks, doubles and unknown ones do no harm, the order is theirs, and they go before everything else', async () => {
    const [a, b, c] = ids as [string, string, string];
    expect(await listed(`service_request_id=${b},${a}`)).toEqual([b, a]);
    expect(await listed(`service_request_id=${encodeURIComponent(` ${b} , ,${a}, ${b},x,000000-0000-00,`)}`)).toEqual([b, a]);
    expect(await listed(`service_request_id=${c}&status=closed&service_code=ufo&start_date=1999-01-01&end_date=1999-01-02&page=9`)).toEqual([c]);
    expect(await listed('service_request_id=unknown')).toEqual([]);
    expect(await listed(`service_request_id=${Array.from({ length: 600 }, (_, at) => `000000-${1000 + at}-00`).join(',')},${a}`)).toEqual([a]);
  });
  test('by service, status and day, each a list or none', async () => {
    for (const query of ['', 'status=', 'status=open', 'status=open,closed', 'status=closed,%20open', 'status=OPEN', 'service_code=road-sign', 'service_code=%20road-sign%20,streetlight,', 'start_date=', 'unheard_of=1', 'lang=en'])
      expect(await listed(query), query).toEqual(expect.arrayContaining(ids));
    for (const query of ['status=closed', 'service_code=streetlight', 'start_date=2027-01-01', 'end_date=2026-11-01']) expect((await listed(query)).filter((id) => ids.includes(id)), query).toEqual([]);
    await inBothForms([
      ['requests.x?status=done', 400, 'done'], ['requests.x?status=open,done', 400, 'done'], ['requests.x?service_code=ufo', 404, 'ufo'], ['requests.x?service_code=road-sign,ufo', 404, 'ufo'],
    ]);
  });
  test('times are W3C ones with an offset; 90 days is the most, and nothing said is the last 90', async () => {
    await inBothForms([
      ...['2026-11-01T00:00:00Z', '2026-11-01T00:00:00z', '2026-11-01T00:00:00.123456Z', '2026-11-01T00:00:00%2B08:00', '2026-11-01T00:00:00+08:00', '2026-11-01T00:00:00-0330', '2026-11-01T00:00Z', '2026-11-01'].map((time): Line => [`requests.x?start_date=${time}`, 200]),
      ...['yesterday', '1732406400', '2026-11-31', '2026-11-01T00:00:00', '2026-11-01%2000:00:00', '2026-11-01T24:30:00Z', '01/11/2026', '2026-W48', '%00', '0'].flatMap((time): Line[] => [[`requests.x?start_date=${time}`, 400, 'start_date'], [`requests.x?end_date=${time}`, 400, 'end_date']]),
      ['requests.x?start_date=2026-08-01T00:00:00Z&end_date=2026-10-30T00:00:00Z', 200], ['requests.x?start_date=2026-08-01T00:00:00Z&end_date=2026-10-30T00:00:01Z', 400, '90'],
      ['requests.x?start_date=2020-01-01T00:00:00Z&end_date=2026-11-01T00:00:00Z', 400, '90'], ['requests.x?start_date=2026-11-02T00:00:00Z&end_date=2026-11-01T00:00:00Z', 400, 'start_date'],
      ['requests.x?start_date=x&end_date=y', 400, 'start_date'],
    ]);
  });
  test('pages are counted from 1, hold up to 1,000, and an odd one is refused', async () => {
    const all = await listed('service_code=road-sign');
    expect([...await listed('service_code=road-sign&page_size=2'), ...await listed('service_code=road-sign&page_size=2&page=2')]).toEqual(all.slice(0, 4));
    expect(await listed('page_size=1000')).toEqual(await listed(''));
    expect(await listed('service_code=road-sign&page_size=100&page=9')).toEqual([]);
    await inBothForms(['0', '-1', '1.5', 'x', '1001', '99999999999999999999'].flatMap((value): Line[] => [[`requests.x?page_size=${value}`, 400, 'page_size'], [`requests.x?page=${value}`, 400, value === '1001' ? '' : 'page']]));
  });
});

describe('GET requests/{service_request_id}', () => {
  test('has the fields of the standard with their types, empty ones as null and as empty elements', async () => {
    const number = await report();
    const [row] = (await end.get(`${v2}/requests/${number}.json`)).json as [Row];
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
    expect(row).toEqual({
      service_request_id: number, status: 'open', status_notes: expect.any(String), service_name: expect.any(String), service_code: 'road-sign', description: expect.any(String), requested_datetime: time, updated_datetime: time,
      address: expect.any(String), address_id: expect.any(String), zipcode: null, lat: expect.any(Number), long: expect.any(Number), media_url: null,
    });
    const xml = await end.get(`${v2}/requests/${number}.xml`);
    isXml(xml);
    expect(xml.text).toContain('<zipcode/>');
    expect(xml.text).toContain('<media_url/>');
    expect(xml.text).not.toContain('null');
    await inBothForms([['requests/000000-0000-00.x', 404, '000000-0000-00'], ['requests/abc.x', 404, 'abc'], ['requests/%2e%2e%2f.x', 404], ['requests/%F0%9F%8F%AE.x', 404], [`requests/${'1'.repeat(290)}.x`, 404]]);
  });
  test('a closed one was updated last when it was closed, and stays so whatever is added', async () => {
    const number = await report();
    const [{ id }] = (await end.town.world.db.query<{ id: string }>('select id from matter where number = $1', [number])) as [{ id: string }];
    end.town.world.advance(60_000);
    await end.town.act('intake', id, 'decline', { reason: '不属于城市管理' });
    // What was not taken on stands in no list, but whoever was given its number may ask what became of it, with or without a key.
    expect(((await end.get(`${v2}/requests.json?status=closed`)).json as Row[]).map((row) => row['service_request_id'])).not.toContain(number);
    const closed = ((await end.get(`${v2}/requests/${number}.json`)).json as Row[])[0]!;
    expect(closed).toMatchObject({ status: 'closed' });
    expect(Date.parse(String(closed['updated_datetime'])) - Date.parse(String(closed['requested_datetime']))).toBeGreaterThanOrEqual(60_000);
    end.town.world.advance(60_000);
    expect(((await end.get(`${v2}/requests/${number}.json`)).json as Row[])[0]).toEqual(closed);
  });
});
