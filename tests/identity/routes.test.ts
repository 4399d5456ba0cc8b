import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { identityCommands } from '../../src/modules/identity/commands.ts';
import { identityPages } from '../../src/modules/identity/pages.ts';
import { identityRoutes, revealRoutes, type RevealedMatter } from '../../src/modules/identity/routes.ts';
import { createServer, type Server } from '../../src/platform/http/server.ts';
import type { CommandCall } from '../../src/platform/command/command.ts';
import { county, made, sentBack, type Made } from './made.ts';

/** Matters that may be seen, as the module of matters would find them. */
const reported = new Map<string, RevealedMatter>();
let town: Made;
let server: Server;
let address: string;
beforeAll(async () => {
  town = await made();
  server = await createServer(town.world, { authenticate: (request) => town.identity.sessions.authenticate({ url: request.url, headers: request.headers }) });
  server.mount([
    ...identityRoutes(town.identity),
    ...revealRoutes(town.identity, (_actor, matter) => Promise.resolve(reported.get(matter))),
  ]);
  server.mountPages(identityPages(town.identity));
  address = await server.listen();
});
afterAll(async () => {
  await server.drain();
  await town.world.close();
});

interface Answer { readonly status: number; readonly cookie: string; readonly body: Record<string, unknown>; readonly headers: Headers }

const ask = async (method: string, path: string, body?: unknown, cookie = '', more: Record<string, string> = {}): Promise<Answer> => {
  const response = await fetch(address + path, {
    method, redirect: 'manual',
    headers: { ...(cookie && { cookie }), origin: town.world.config.url, 'accept-language': 'en', ...(body !== undefined && { 'content-type': 'application/json' }), ...more },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, cookie: sentBack(response.headers.getSetCookie().at(-1) ?? ''), body: text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : {}, headers: response.headers };
};
const signIn = async (account: string): Promise<string> => (await ask('POST', '/api/session', { account, password: demoPassword })).cookie;

describe('a session over HTTP', () => {
  it('is opened, read with its grants in words, and ended', async () => {
    const opened = await ask('POST', '/api/session', { account: 'lampkeeper', password: demoPassword });
    expect(opened).toMatchObject({ status: 200, body: { name: '路灯管理员 李', kind: 'account', grants: [{ role: 'unithandler', roleLabel: 'Unit handler', unit: { id: 'lighting', name: 'Street lighting station' } }], permissions: expect.arrayContaining(['contact.reveal']) } });
    expect(await ask('GET', '/api/session', undefined, opened.cookie)).toMatchObject({ status: 200, body: { id: town.people.get('lampkeeper'), expiresAt: expect.any(String) } });
    expect((await ask('DELETE', '/api/session', undefined, opened.cookie)).status).toBe(200);
    expect(await ask('GET', '/api/session', undefined, opened.cookie)).toMatchObject({ status: 401 });
  });
  it('is not opened from another site, nor with a body that says more than it should', async () => {
    expect((await ask('POST', '/api/session', { account: 'intake', password: demoPassword }, '', { origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await ask('POST', '/api/session', { account: 'intake', password: demoPassword, admin: true })).status).toBe(422);
  });
  it('a wrong password says so in the caller\'s language, and a pause says for how long', async () => {
    for (let i = 0; i < 6; i++) expect(await ask('POST', '/api/session', { account: 'volunteer', password: 'wrong' })).toMatchObject({ status: 401, body: { reason: 'identity.password' } });
    const paused = await ask('POST', '/api/session', { account: 'volunteer', password: 'wrong' });
    expect(paused).toMatchObject({ status: 429, body: { reason: 'identity.pause', detail: 'The password was wrong several times. Wait 1 seconds, then try again.' } });
    expect(paused.headers.get('retry-after')).toBe('1');
  });
  it('a bearer token that does not hold is refused even where anyone may ask', async () => {
    expect(await ask('POST', '/api/contacts/code', { phone: '13900002046' }, '', { authorization: 'Bearer nonsense' })).toMatchObject({ status: 401, body: { reason: 'identity.token' } });
  });
});

describe('a resident over HTTP', () => {
  it('asks for a code, is signed in by it, reads and erases what is kept', async () => {
    expect(await ask('POST', '/api/contacts/code', { phone: '139 0000 2046' })).toMatchObject({ status: 202, body: { maskedPhone: '139****2046' } });
    const { code } = await town.latest('sms_code');
    const opened = await ask('POST', '/api/contacts/verify', { phone: '13900002046', code });
    expect(opened).toMatchObject({ status: 200, body: { kind: 'resident', name: null, grants: [{ role: 'resident', county }] } });
    expect(await ask('GET', '/api/contacts/me', undefined, opened.cookie)).toMatchObject({ status: 200, body: { phone: '13900002046' } });
    expect(await ask('GET', '/api/accounts', undefined, opened.cookie)).toMatchObject({ status: 403 });
    expect(await ask('PUT', '/api/contacts/me', { channel: 'none' }, opened.cookie)).toMatchObject({ status: 200, body: { channel: 'none' } });
    expect((await ask('DELETE', '/api/contacts/me', undefined, opened.cookie)).status).toBe(200);
    expect((await ask('GET', '/api/contacts/me', undefined, opened.cookie)).status).toBe(401);
  });
  it('of a county that is not served is told so', async () => {
    expect(await ask('POST', '/api/contacts/code', { phone: '13900002046', county: '110101' })).toMatchObject({ status: 422, body: { reason: 'identity.county', detail: 'County 110101 is not served here.' } });
  });
});

describe('a reveal over HTTP', () => {
  const matter = '01900000-0000-7000-8000-0000000000aa';
  it('shows the reporter\'s phone for a purpose, to whoever may at that place and sees the matter', async () => {
    const contact = await town.identity.contacts.contactByPhone(town.world.db, county, '13900007001', 'zh-Hans') as { id: string };
    const intake = await signIn('intake');
    const reveal = (cookie: string, purpose = 'call_back') => ask('POST', `/api/matters/${matter}/reveal`, { purpose }, cookie);
    expect((await reveal(intake)).status).toBe(404);
    reported.set(matter, { county, reporter: `contact:${contact.id}`, path: '33/3302/330281/330281104/' });
    expect(await reveal(intake)).toMatchObject({ status: 200, body: { phone: '13900007001', purposeLabel: 'Call back' } });
    expect((await town.entries()).at(-1)).toMatchObject({ subject: 'access', action: 'reveal', actor: { id: town.people.get('intake') }, set: { contact: contact.id, matter, purpose: 'call_back' } });
    expect((await reveal(intake, 'curiosity')).status).toBe(422);
    expect((await reveal(await signIn('gridworker'))).status).toBe(403);
    expect((await reveal(await signIn('auditor'))).status).toBe(403);
  });
  it('of staff who reported shows nothing: they have no contact', async () => {
    reported.set(matter, { county, reporter: `account:${town.people.get('collector')}`, path: null });
    expect((await ask('POST', `/api/matters/${matter}/reveal`, { purpose: 'visit' }, await signIn('intake'))).status).toBe(404);
  });
});

describe('administration over HTTP', () => {
  it('makes an account, grants it a role, and its owner comes in by the page of the link', async () => {
    const admin = await signIn('admin');
    const created = await ask('POST', '/api/accounts', { login: 'new.keeper', name: '新路灯员' }, admin);
    expect(created.status).toBe(201);
    const { account, link } = created.body as { account: { id: string }; link: string };
    expect((await ask('POST', `/api/accounts/${account.id}/grants`, { role: 'unithandler', unit: 'lighting', place: '33/3302/330281/' }, admin)).status).toBe(201);
    const path = new URL(link).pathname;
    expect((await ask('GET', path)).status).toBe(200);
    const form = async (password: string, again: string) => {
      const response = await fetch(address + path, { method: 'POST', redirect: 'manual', headers: { origin: town.world.config.url }, body: new URLSearchParams({ password, again }) });
      return { status: response.status, text: await response.text(), cookie: sentBack(response.headers.getSetCookie().at(-1) ?? ''), location: response.headers.get('location') };
    };
    expect(await form('a lantern on the quay', 'a lantern on the key')).toMatchObject({ status: 422 });
    expect(await form('short', 'short')).toMatchObject({ status: 422 });
    const set = await form('a lantern on the quay', 'a lantern on the quay');
    expect(set).toMatchObject({ status: 303, location: '/console/' });
    expect(await ask('GET', '/api/session', undefined, set.cookie)).toMatchObject({ status: 200, body: { name: '新路灯员', grants: [{ role: 'unithandler' }] } });
    expect((await form('a lantern on the quay', 'a lantern on the quay')).text).toContain('已用过');
  });
  it('lists units and roles in the caller\'s language and takes a moment only where it is one', async () => {
    const admin = await signIn('admin');
    const units = await ask('GET', '/api/units?limit=3', undefined, admin);
    expect(units.body).toMatchObject({ items: [{ id: 'approval', name: 'Approval office' }, { id: 'centre' }, { id: 'data' }], next: 'data' });
    const roles = (await ask('GET', '/api/roles', undefined, admin)).body as { items: { role: string; needsUnit: boolean }[] };
    expect(roles.items.find(({ role }) => role === 'unithandler')).toMatchObject({ needsUnit: true });
    expect(roles.items.some(({ role }) => role === 'resident')).toBe(false);
    expect(await ask('POST', `/api/accounts/${town.people.get('trainer')}/grants`, { role: 'gridworker', place: '', until: 'tomorrow' }, admin)).toMatchObject({ status: 422, body: { reason: 'identity.moment' } });
  });
});

describe('lamplight init', () => {
  const call = (words: Record<string, string>): CommandCall => ({
    arg: (name) => words[name] ?? '', args: () => [], flag: () => false, text: (name) => words[name], number: () => undefined, language: 'en', json: false,
    say: (key, params) => `${key} ${JSON.stringify(params ?? {})}`, progress: () => {}, signal: new AbortController().signal,
  });
  it('opens a county and prints a link once; a county with an administrator gets no other', async () => {
    const [init] = identityCommands(async () => ({ identity: town.identity, placeBook: () => Promise.reject(new Error('init asks for no place')), inHand: () => Promise.reject(new Error('init asks for no unit')) }));
    const first = await init!.run(call({ county: '330282', name: '慈溪市', login: 'first.one' }));
    expect(first).toMatchObject({ done: true, data: { county: '330282', login: 'first.one', link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:8300\/welcome\/[A-Za-z0-9_-]{43}$/) } });
    expect(await town.identity.county('330282')).toBe('330282');
    expect(await init!.run(call({ county }))).toMatchObject({ done: false, data: { reason: 'identity.administrator_there' } });
    await expect(init!.run(call({ county: '3' }))).rejects.toThrow();
  });
});
