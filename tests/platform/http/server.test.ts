import { Type } from 'typebox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refuse } from '../../../src/base/result.ts';
import { route } from '../../../src/base/route.ts';
import { type Database, openDatabase } from '../../../src/platform/database/database.ts';
import { handle } from '../../../src/platform/http/handler.ts';
import { frame, openStream } from '../../../src/platform/http/stream.ts';
import { testWorld, type TestWorld } from '../../support/world.ts';
import { type Served, serve, someone } from './serving.ts';

const echo = route({
  name: 'sample.echo', method: 'POST', path: '/api/echo/{id}', summary: 'Says it back.', who: 'anyone',
  params: Type.Object({ id: Type.Integer() }), query: Type.Object({ n: Type.Optional(Type.Integer()), tag: Type.Optional(Type.Array(Type.String())) }),
  body: Type.Object({ text: Type.String({ maxLength: 20 }), count: Type.Optional(Type.Integer({ minimum: 1 })), more: Type.Optional(Type.Unknown()) }, { additionalProperties: false }),
  response: Type.Object({ text: Type.String(), n: Type.Optional(Type.Integer()), tag: Type.Optional(Type.Array(Type.String())) }),
});
const clerks = route({ name: 'sample.clerks', method: 'GET', path: '/api/clerks', summary: 'For clerks.', who: ['clerk'], response: Type.String() });
const mine = route({ name: 'sample.mine', method: 'GET', path: '/api/mine', summary: 'For whoever is signed in.', who: 'session', response: Type.Null() });
const dear = route({ name: 'sample.dear', method: 'POST', path: '/api/dear', summary: 'Dear.', who: 'anyone', perMinute: 3, response: Type.Null() });
const broken = route({ name: 'sample.broken', method: 'GET', path: '/api/broken', summary: 'Fails.', who: 'anyone', response: Type.Null() });
const away = route({ name: 'sample.away', method: 'GET', path: '/api/away', summary: 'Asks the database.', who: 'anyone', response: Type.Null() });
const gone = route({ name: 'sample.gone', method: 'DELETE', path: '/api/gone', summary: 'Takes away.', who: 'anyone', status: 204, response: Type.Null() });
const clash = route({ name: 'sample.clash', method: 'POST', path: '/api/clash', summary: 'Refuses.', who: 'anyone', response: Type.Null() });
const file = route({ name: 'sample.file', method: 'POST', path: '/api/file', summary: 'Takes a file.', who: 'anyone', consumes: 'bytes', bodyLimit: 100_000, response: Type.Object({ bytes: Type.Integer(), filename: Type.Union([Type.String(), Type.Null()]) }) });
const live = route({ name: 'sample.live', method: 'GET', path: '/api/live', summary: 'A stream.', who: 'anyone', produces: 'text/event-stream', response: Type.String() });

let world: TestWorld;
let served: Served;

beforeAll(async () => {
  world = await testWorld();
  served = await serve(world, [
    handle(echo, async ({ body, query }) => ({ text: body.text, ...query, secret: 'never leaves' })),
    handle(clerks, async () => 'yes'),
    handle(mine, async () => null),
    handle(dear, async () => null),
    handle(broken, async () => { throw new Error('the words of 13900001234'); }),
    handle(away, async () => { throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' }); }),
    handle(gone, async () => null),
    handle(clash, async () => refuse(409, 'http.json_twice', { name: 'x' }, [{ path: '/a', reason: 'value.required' }])),
    handle(file, async ({ upload }) => {
      const sent = await upload();
      return 'refused' in sent ? sent : { bytes: sent.bytes.length, filename: sent.filename };
    }),
    handle(live, async ({ request, reply }) => {
      openStream(request, reply).write(frame({ id: '330281:1', event: 'matter', data: '{"a":1}' }));
      return '';
    }),
  ], [
    { name: 'sample.form', method: 'POST', path: '/form/{step}', who: 'anyone', bodyLimit: 50_000, answer: async ({ form, params }) => ({ html: JSON.stringify({ fields: form.fields, files: form.files.map(({ field, bytes }) => [field, bytes.length]), params }) }) },
    { name: 'sample.page', method: 'GET', path: '/page', who: 'anyone', answer: async ({ language, nonce }) => ({ html: `<p lang="${language}">${nonce}</p>`, cookies: [{ name: 'seen', value: '1', maxAge: 60 }] }) },
    { name: 'sample.next', method: 'POST', path: '/next', who: 'anyone', answer: async () => ({ redirect: '/page?done=好' }) },
    { name: 'sample.closed', method: 'GET', path: '/closed', who: 'session', answer: async () => ({ html: '' }) },
  ]);
});

afterAll(async () => {
  await served?.server.drain();
  await world?.close();
});

const problem = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return (await response.json()) as { status: number; reason: string; detail: string; title: string; type: string; errors?: { path: string; reason: string; message: string }[] };
};

describe('what comes in is checked and nothing is guessed', () => {
  test('a body that fits is answered, and the answer holds only what the schema names', async () => {
    const answer = await served.ask('/api/echo/5?n=3&tag=a', { json: { text: '路灯' } });
    expect([answer.status, await answer.json()]).toEqual([200, { text: '路灯', n: 3, tag: ['a'] }]);
  });

  test('an empty parameter of an address counts as absent', async () => {
    expect(await (await served.ask('/api/echo/5?n=', { json: { text: 'a' } })).json()).toEqual({ text: 'a' });
  });

  test.each([
    ['a number in quotation marks is no number', { text: 'a', count: '2' }, '/count', 'value.type'],
    ['a number where a text belongs', { text: 5 }, '/text', 'value.type'],
    ['a member that is missing', {}, '/text', 'value.required'],
    ['a member that nobody asked for', { text: 'a', role: 'admin' }, '/role', 'value.unknown'],
    ['a text that is too long', { text: 'x'.repeat(21) }, '/text', 'value.maxLength'],
    ['a number below the least', { text: 'a', count: 0 }, '/count', 'value.minimum'],
    ['a list where an object belongs', [], '', 'value.type'],
  ])('%s is named with its path', async (_name, body, path, reason) => {
    const said = await problem(await served.ask('/api/echo/5', { json: body }));
    expect(said).toMatchObject({ status: 422, reason: 'http.values' });
    expect(said.errors).toContainEqual(expect.objectContaining({ path, reason }));
    for (const { message } of said.errors ?? []) expect(message).not.toMatch(/[[{]/);
  });

  test.each([
    ['/api/echo/five', '/params/id'], ['/api/echo/5.5', '/params/id'], ['/api/echo/5?n=x', '/query/n'], ['/api/echo/5?n=1e400', '/query/n'],
  ])('the address %s is refused at %s', async (path, where) => {
    expect((await problem(await served.ask(path, { json: { text: 'a' } }))).errors?.[0]?.path).toBe(where);
  });

  test.each([
    ['cut off', '{"text":', 400, 'http.json_broken'],
    ['no JSON', 'text=a', 400, 'http.json_broken'],
    ['nested 33 deep', `{"text":"a","more":${'['.repeat(33)}${']'.repeat(33)}}`, 400, 'http.json_deep'],
    ['nested without end', '['.repeat(500_000), 400, 'http.json_deep'],
    ['a member twice', '{"text":"a","text":"b"}', 400, 'http.json_twice'],
    ['a member twice, once behind an escape', '{"text":"a","te\\u0078t":"b"}', 400, 'http.json_twice'],
    ['a member twice, deep inside', '{"text":"a","more":[{"x":{"a":1,"b":2,"a":3}}]}', 400, 'http.json_twice'],
    ['__proto__', '{"text":"a","__proto__":{"admin":true}}', 400, 'http.json_proto'],
    ['__proto__ behind an escape', '{"text":"a","more":{"__pr\\u006fto__":{}}}', 400, 'http.json_proto'],
    ['too large', JSON.stringify({ text: 'x'.repeat(1_100_000) }), 413, 'http.too_large'],
  ])('JSON that is %s is refused', async (_name, json, status, reason) => {
    expect(await problem(await served.ask('/api/echo/5', { json }))).toMatchObject({ status, reason });
  });

  test('the same name in two objects is no doubling', async () => {
    expect((await served.ask('/api/echo/5', { json: '{"text":"a","more":[{"a":"{\\"a\\":"},{"a":{"a":2}}]}' })).status).toBe(200);
  });

  test('bytes that are not UTF-8 are refused', async () => {
    const gb = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc2, 0xb7, 0xb5, 0xc6]), Buffer.from('"}')]);
    expect(await problem(await served.ask('/api/echo/5', { method: 'POST', body: gb, headers: { 'content-type': 'application/json' } }))).toMatchObject({ reason: 'http.not_utf8' });
  });

  test.each([
    ['NUL', '{"text":"a\\u0000b"}', 'http.nul_sign', 'U+0000'],
    ['half a surrogate pair', '{"text":"a\\ud83d"}', 'http.broken_sign', ''],
    ['a right-to-left override', '{"text":"a\u202eb"}', 'http.hidden_sign', 'U+202E'],
    ['a right-to-left override behind an escape', '{"text":"a\\u202eb"}', 'http.hidden_sign', 'U+202E'],
    ['an isolate', '{"text":"\u2066a"}', 'http.hidden_sign', 'U+2066'],
    ['a zero-width space', '{"text":"a\u200bb"}', 'http.hidden_sign', 'U+200B'],
    ['a joiner between letters', '{"text":"a\u200db"}', 'http.hidden_sign', 'U+200D'],
    ['a byte order mark inside', '{"text":"a\ufeffb"}', 'http.hidden_sign', 'U+FEFF'],
    ['tag characters', '{"text":"a\u{e0041}"}', 'http.hidden_sign', 'U+E0041'],
    ['backspace', '{"text":"a\\bb"}', 'http.hidden_sign', 'U+0008'],
  ])('a text with %s is refused and the place is named', async (_name, json, reason, sign) => {
    const said = await problem(await served.ask('/api/echo/5', { json }));
    expect(said).toMatchObject({ status: 422, reason: 'http.hidden_signs', errors: [{ path: '/text', reason }] });
    expect(said.errors![0]!.message).toContain(sign);
  });

  test('a hidden sign deep inside, in a name or in an address is found too', async () => {
    expect((await problem(await served.ask('/api/echo/5', { json: '{"text":"a","more":{"x/y":["ok","\u200b"]}}' }))).errors?.[0]?.path).toBe('/more/x~1y/1');
    expect((await problem(await served.ask('/api/echo/5', { json: '{"text":"a","more":{"\u200b":1}}' }))).reason).toBe('http.hidden_signs');
    expect((await problem(await served.ask('/api/echo/5?tag=%E2%80%AE', { json: { text: 'a' } }))).errors?.[0]?.path).toBe('/query/tag');
  });

  test.each(['👨‍👩‍👧', '👩🏽‍🚒', '❤️‍🔥', '第一行\n第二行\t完', '“路灯”不亮——３号', 'é'])('the text %j is left as it is', async (text) => {
    expect(await (await served.ask('/api/echo/5', { json: { text } })).json()).toEqual({ text });
  });

  test('a body of another type is 415, none at all is named as missing', async () => {
    expect(await problem(await served.ask('/api/echo/5', { method: 'POST', body: 'text=a', headers: { 'content-type': 'text/plain' } }))).toMatchObject({ status: 415, reason: 'http.media_type' });
    expect(await problem(await served.ask('/api/echo/5', { method: 'POST' }))).toMatchObject({ status: 422 });
  });
});

describe('files and forms', () => {
  test('a file comes raw or in a form', async () => {
    expect(await (await served.ask('/api/file', { method: 'POST', body: new Uint8Array(7), headers: { 'content-type': 'image/png' } })).json()).toEqual({ bytes: 7, filename: null });
    const form = new FormData();
    form.append('words', 'x');
    form.append('file', new Blob([new Uint8Array(9)]), '灯.jpg');
    expect(await (await served.ask('/api/file', { method: 'POST', body: form })).json()).toEqual({ bytes: 9, filename: '灯.jpg' });
  });

  test.each([['raw', new Uint8Array(3_000_000)], ['a stream without a length', null]])('a file that is too large is 413 and the sender hears it: %s', async (_name, body) => {
    const stream = () => new ReadableStream({ start(c) { for (let i = 0; i < 30; i++) c.enqueue(new Uint8Array(10_000)); c.close(); } });
    const init = body ? { body } : { body: stream(), duplex: 'half' };
    expect(await problem(await served.ask('/api/file', { method: 'POST', headers: { 'content-type': 'image/png' }, ...init } as RequestInit))).toMatchObject({ status: 413, reason: 'http.too_large' });
  });

  test('a file in a form that is too large is 413, none is 400', async () => {
    const large = new FormData();
    large.append('file', new Blob([new Uint8Array(200_000)]), 'a.jpg');
    expect(await problem(await served.ask('/api/file', { method: 'POST', body: large }))).toMatchObject({ status: 413 });
    const none = new FormData();
    none.append('words', 'x');
    expect(await problem(await served.ask('/api/file', { method: 'POST', body: none }))).toMatchObject({ status: 400, reason: 'http.no_file' });
    expect(await problem(await served.ask('/api/file', { method: 'POST', headers: { 'content-type': 'image/png' } }))).toMatchObject({ reason: 'http.no_file' });
  });

  test('a multipart body that breaks off is refused', async () => {
    const body = '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf';
    expect(await problem(await served.ask('/api/file', { method: 'POST', body, headers: { 'content-type': 'multipart/form-data; boundary=x' } }))).toMatchObject({ status: 400, reason: 'http.cut_off' });
  });

  test('a page gets its form, urlencoded and multipart, each field with all its values', async () => {
    const plain = await served.ask('/form/2', { method: 'POST', body: new URLSearchParams('a=1&a=2&words=%E7%81%AF') });
    expect(await plain.json()).toEqual({ fields: { a: ['1', '2'], words: ['灯'] }, files: [], params: { step: '2' } });
    const form = new FormData();
    form.append('a', '1');
    form.append('photo', new Blob([new Uint8Array(5)]), 'a.jpg');
    form.append('photo', new Blob([]), '');
    expect(await (await served.ask('/form/2', { method: 'POST', body: form })).json()).toEqual({ fields: { a: ['1'] }, files: [['photo', 5]], params: { step: '2' } });
  });

  test('what nobody sees of what was typed into a page is left out of it, where programs are refused', async () => {
    const answer = await served.ask('/form/2', { method: 'POST', body: new URLSearchParams({ words: '灯\u202e坏\u200b了\0' }) });
    expect((await answer.json())).toMatchObject({ fields: { words: ['灯坏了'] } });
  });

  test('after a form a page sends on with 303 to a path of ours', async () => {
    const answer = await served.ask('/next', { method: 'POST' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/page?done=%E5%A5%BD']);
  });
});

describe('who may', () => {
  test('nobody signed in is 401, the wrong role 403, the right one passes', async () => {
    expect(await problem(await served.ask('/api/clerks'))).toMatchObject({ status: 401, reason: 'http.sign_in' });
    expect(await problem(await served.ask('/api/clerks', { as: someone('11', 'collector') }))).toMatchObject({ status: 403, reason: 'http.role' });
    const yes = await served.ask('/api/clerks', { as: someone('12', 'clerk') });
    expect([yes.status, await yes.json()]).toEqual([200, 'yes']);
    expect([(await served.ask('/api/mine', { as: someone('13') })).status, (await served.ask('/api/mine')).status]).toEqual([200, 401]);
  });

  test('a grant that has ended or not begun gives no role', async () => {
    const clerk = someone('14', 'clerk');
    const at = (from: number, until: number | null) => ({ ...clerk, id: `${clerk.id.slice(0, -4)}${from % 1000}${until ? 1 : 2}` as typeof clerk.id, grants: [{ ...clerk.grants[0]!, from, until }] });
    expect((await served.ask('/api/clerks', { as: at(0, world.now()) })).status).toBe(403);
    expect((await served.ask('/api/clerks', { as: at(world.now() + 1, null) })).status).toBe(403);
    expect((await served.ask('/api/clerks', { as: at(0, world.now() + 1) })).status).toBe(200);
  });

  test('a closed page is a page that says so', async () => {
    const answer = await served.ask('/closed');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
  });

  test.each([
    ['https://evil.example', 403], ['null', 403], ['http://127.0.0.1:8300', 200], ['http://127.0.0.1.evil.example', 403],
  ])('a change that a browser asks for from %s is %d', async (origin, status) => {
    expect((await served.ask('/next', { method: 'POST', headers: { origin, cookie: 'session=1' } })).status).toBe(status === 200 ? 303 : status);
  });

  test('a change from our own address, and from no browser, passes; a browser that says cross-site does not', async () => {
    expect((await served.ask('/next', { method: 'POST', headers: { origin: served.url } })).status).toBe(303);
    expect((await served.ask('/next', { method: 'POST' })).status).toBe(303);
    expect((await served.ask('/next', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });
});

describe('how often', () => {
  test('a dear route has a figure of its own for each caller, and says when to come again', async () => {
    const [a, b] = [someone('21'), someone('22')];
    for (let i = 0; i < 3; i++) expect((await served.ask('/api/dear', { method: 'POST', as: a })).status).toBe(200);
    const refused = await served.ask('/api/dear', { method: 'POST', as: a });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '20']);
    expect((await problem(refused)).detail).toContain('20 seconds');
    expect((await served.ask('/api/dear', { method: 'POST', as: b })).status).toBe(200);
    world.advance(20_000);
    expect((await served.ask('/api/dear', { method: 'POST', as: a })).status).toBe(200);
    expect((await served.ask('/api/dear', { method: 'POST', as: a })).status).toBe(429);
  });
});

describe('what is said when something is wrong', () => {
  test('a refusal is a problem document in the language of the asker', async () => {
    const said = { en: 'stands twice', 'zh-TW': '無法判斷', 'zh-CN': '无法判断', 'fr-FR': '无法判断' };
    for (const [language, words] of Object.entries(said)) {
      const answer = await served.ask('/api/clash', { method: 'POST', headers: { 'accept-language': language } });
      const told = await problem(answer);
      expect(told).toMatchObject({ status: 409, reason: 'http.json_twice', type: 'http://127.0.0.1:8300/api/#http.json_twice' });
      expect(told.detail).toContain(words);
      expect(told.errors).toHaveLength(1);
    }
  });

  test('an asked-for language is kept in a cookie, which goes before the browser\'s', async () => {
    const answer = await served.ask('/page?lang=zh-Hant');
    expect(await answer.text()).toContain('lang="zh-Hant"');
    const kept = answer.headers.getSetCookie().find((line) => line.startsWith('lang='))!;
    expect(kept).toMatch(/^lang=zh-Hant; Max-Age=31536000; Path=\/; SameSite=Lax$/);
    expect(await (await served.ask('/page', { headers: { cookie: 'lang=zh-Hant' } })).text()).toContain('lang="zh-Hant"');
    expect(await (await served.ask('/page?lang=%3Cscript%3E')).text()).toContain('lang="en"');
  });

  test('an error of ours shows nothing of its inside', async () => {
    const answer = await served.ask('/api/broken');
    const told = await problem(answer);
    expect(told).toMatchObject({ status: 500, reason: 'http.ours' });
    expect(JSON.stringify(told)).not.toContain('13900001234');
  });

  test('a database that is away is 503 with Retry-After', async () => {
    const answer = await served.ask('/api/away');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
    expect((await problem(answer)).reason).toBe('http.database_away');
  });

  test('a database that nobody answers for is 503 too, and works again when it is back', async () => {
    const lost = openDatabase('postgres://nobody@127.0.0.1:1/none');
    const asks = route({ name: 'sample.asks', method: 'GET', path: '/api/asks', summary: 'Asks the database.', who: 'anyone', response: Type.Null() });
    let db: Database = lost;
    const other = await testWorld();
    const alone = await serve(other, [handle(asks, async () => { await db.query('select 1'); return null; })]);
    expect([(await alone.ask('/api/asks')).status, (await problem(await alone.ask('/api/asks'))).reason]).toEqual([503, 'http.database_away']);
    db = other.db;
    expect((await alone.ask('/api/asks')).status).toBe(200);
    await alone.server.drain();
    await lost.close();
    await other.close();
  });

  test('an address that is none is 404, as JSON or as a page', async () => {
    expect(await problem(await served.ask('/api/nothing'))).toMatchObject({ status: 404, reason: 'http.not_found' });
    const page = await served.ask('/nothing', { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(await problem(await served.ask('/%'))).toMatchObject({ status: 400, reason: 'http.address' });
  });

  test('done with nothing to say is 204', async () => {
    expect((await served.ask('/api/gone', { method: 'DELETE' })).status).toBe(204);
  });
});

describe('headers', () => {
  test('no answer may be framed, guessed at or sent along, and nothing inline runs without a nonce', async () => {
    for (const path of ['/api/mine', '/page', '/nothing', '/healthz', '/api/']) {
      const { headers } = await served.ask(path, { headers: { accept: 'text/html' } });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('content-security-policy')).not.toContain('unsafe-inline');
      expect(headers.get('x-request-id')).toMatch(/^[\w-]+$/);
    }
    const page = await served.ask('/page');
    const nonce = /nonce-([^']+)'/.exec(page.headers.get('content-security-policy')!)![1]!;
    expect(await page.text()).toContain(nonce);
    expect(page.headers.getSetCookie()).toContain('seen=1; Max-Age=60; Path=/; HttpOnly; SameSite=Lax');
  });
});

describe('what a server tells of itself', () => {
  test('alive, ready, figures', async () => {
    expect((await served.ask('/healthz')).status).toBe(200);
    expect(await (await served.ask('/readyz')).json()).toEqual({ ready: true, checks: { database: { ok: true, says: 'answers' } } });
    expect(await (await served.ask('/metrics')).text()).toMatch(/lamplight_http_requests_total\{route="sample\.echo",method="POST",status="200"\} \d+/);
  });

  test('every route stands in the OpenAPI document and on the readable page, which needs nothing from outside', async () => {
    const document = (await (await served.ask('/api/openapi.json')).json()) as { openapi: string; paths: Record<string, Record<string, { operationId: string }>> };
    expect(document.openapi).toBe('3.1.0');
    const ids = Object.values(document.paths).flatMap((path) => Object.values(path).map(({ operationId }) => operationId));
    expect(ids.sort()).toEqual(served.server.routes.map(({ name }) => name).sort());
    for (const language of ['zh-Hans', 'zh-Hant', 'en']) {
      const page = await (await served.ask(`/api/?lang=${language}`)).text();
      for (const name of ids) expect(page).toContain(name);
      expect(page).not.toMatch(/(src|href)="(?!\/|#)/);
      expect(page).not.toMatch(/\[api\./);
    }
  });
});

describe('streams and stopping', () => {
  test('a server that stops ends its streams, refuses new requests and lets those under way finish', async () => {
    let arrived = (): void => {};
    const inside = new Promise<void>((resolve) => { arrived = resolve; });
    let goOn = (): void => {};
    const held = new Promise<void>((resolve) => { goOn = resolve; });
    const slow = route({ name: 'sample.slow', method: 'GET', path: '/api/slow', summary: 'Slow.', who: 'anyone', response: Type.Null() });
    const other = await testWorld();
    const mineAlone = await serve(other, [
      handle(slow, async () => { arrived(); await held; return null; }),
      handle(live, async ({ request, reply }) => { openStream(request, reply).write(frame({ id: '1', data: '{}' })); return ''; }),
    ]);
    const stream = await mineAlone.ask('/api/live');
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const underWay = mineAlone.ask('/api/slow');
    await inside;
    const stopped = mineAlone.server.drain();
    expect(await stream.text()).toBe('retry: 2000\n\nid: 1\ndata: {}\n\n');
    goOn();
    expect((await underWay).status).toBe(200);
    await stopped;
    await expect(mineAlone.ask('/healthz')).rejects.toThrow();
    await other.close();
  });
});
