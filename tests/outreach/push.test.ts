import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { outreachErasure } from '../../src/modules/outreach/followers.ts';
import { sealedFor } from '../../src/modules/outreach/rules/push.ts';
import { county, gateway, made, secret, urgent, type Gateway, type Made } from './made.ts';
import { pushPeer, type PushPeer } from './pushPeer.ts';

let peer: PushPeer;
let sms: Gateway;
let town: Made;
beforeAll(async () => {
  [peer, sms] = await Promise.all([pushPeer(), gateway()]);
  town = await made({ push: { contact: 'mailto:it@town.example', hosts: [peer.host], timeoutMs: 500 }, webhook: { url: sms.url, secret } });
});
afterAll(async () => { await Promise.all([peer.close(), sms.close()]); await town.world.close(); });
beforeEach(() => { peer.got.length = 0; sms.asked.length = 0; peer.answer = (_path, response) => void response.writeHead(201).end(); });

const draft = (recipient: string) => ({ template: 'filed', recipient, params: { title: '路灯不亮', number: 'A1', link: 'https://town.example/f/abc' }, urgent: true });
const chooses = async (phone: string): Promise<string> => {
  const recipient = await town.resident(phone);
  const kept = await town.identity.contacts.prefer(county, recipient.slice(8), { channel: 'push' }, { actor: { id: recipient.slice(8) as never, kind: 'resident', name: null, grants: [] }, grant: { role: 'resident', unit: null } });
  if (isRefusal(kept)) throw new Error(kept.reason);
  return recipient;
};
/** Time goes on with every message, so that the newest is the last. */
const last = async () => { town.world.advance(1); return (await town.rows()).at(-1)!; };
const browsersOf = async (recipient: string) => (await town.outreach.addresses.of(town.world.db, [{ county, recipient }])).get(`${county} ${recipient}`)?.push?.length ?? 0;

it('every browser of a person gets the words and the way to the matter, readable by it alone, from a sender that can be checked', async () => {
  const recipient = await chooses('13900002101');
  for (const name of ['one', 'two']) await town.outreach.addresses.subscribe(county, recipient, peer.browser(name));
  const at = town.world.now();
  await town.write([draft(recipient)]);
  await town.outreach.worker.drain();
  expect(peer.got.map(({ path }) => path).sort()).toEqual(['/one', '/two']);
  const { note, sender, senderKey, ttl, urgency } = peer.got[0]!;
  expect(note).toMatchObject({ link: 'https://town.example/f/abc', tag: (await last()).id });
  expect(note.text).toContain('路灯不亮');
  expect({ ttl, urgency, sender }).toEqual({ ttl: '86400', urgency: 'high', sender: { aud: `http://${peer.host}`, exp: Math.floor(at / 1000) + 43_200, sub: 'mailto:it@town.example' } });
  expect(senderKey).toBe((await town.outreach.addresses.pushKey(county)).publicKey);
  expect(await last()).toMatchObject({ state: 'sent', adapter: 'push' });
  expect((await last()).params['link']).toBeUndefined();
});

it('the example of RFC 8291 comes out octet by octet', () => {
  const made = sealedFor('When I grow up, I want to be a watermelon', {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4', auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  }, { salt: Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url'), secret: Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url') });
  expect(made.toString('base64url')).toBe('DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN');
});

it('a browser that is gone is forgotten, and the person is told by another way', async () => {
  const recipient = await chooses('13900002102');
  await town.outreach.addresses.subscribe(county, recipient, peer.browser('gone'));
  peer.answer = (_path, response) => void response.writeHead(410).end();
  await town.write([draft(recipient)]);
  await town.outreach.worker.drain();
  expect(await browsersOf(recipient)).toBe(0);
  town.world.advance(60_000);
  await town.outreach.worker.drain();
  expect(sms.asked.length).toBe(1);
  expect(await last()).toMatchObject({ state: 'sent', adapter: 'webhook' });
});

it('one browser that is gone does not keep the others from being told', async () => {
  const recipient = await chooses('13900002103');
  for (const name of ['stays', 'leaves']) await town.outreach.addresses.subscribe(county, recipient, peer.browser(name));
  peer.answer = (path, response) => void response.writeHead(path === '/leaves' ? 404 : 201).end();
  await town.write([draft(recipient)]);
  await town.outreach.worker.drain();
  expect([(await last()).state, await browsersOf(recipient)]).toEqual(['sent', 1]);
});

it('a push service that has too much to do is asked again when it said; one that is silent is asked again too', async () => {
  const recipient = await chooses('13900002104');
  await town.outreach.addresses.subscribe(county, recipient, peer.browser('busy'));
  peer.answer = (_path, response) => void response.writeHead(429, { 'retry-after': '120' }).end();
  await town.write([draft(recipient)]);
  await town.outreach.worker.drain();
  const row = await last();
  expect(row).toMatchObject({ state: 'queued', error: 'push_http_429' });
  expect(row.next_at.getTime()).toBeGreaterThanOrEqual(town.world.now() + 119_000);
  peer.answer = () => {};
  town.world.advance(130_000);
  await town.outreach.worker.drain();
  expect(await last()).toMatchObject({ state: 'queued', error: 'push_slow' });
  peer.answer = (_path, response) => void response.writeHead(201).end();
  town.world.advance(3_600_000);
  await town.outreach.worker.drain();
  expect((await last()).state).toBe('sent');
});

it('a stranger\'s address inside the network is never called, and what is no browser is refused', async () => {
  const recipient = await chooses('13900002105');
  const browser = peer.browser('inside');
  await town.outreach.addresses.subscribe(county, recipient, { ...browser, endpoint: 'https://127.0.0.1/inside' });
  await town.write([draft(recipient)]);
  await town.outreach.worker.drain();
  expect([peer.got.length, await browsersOf(recipient)]).toEqual([0, 0]);
  expect(await town.outreach.addresses.subscribe(county, recipient, { ...browser, p256dh: 'AAAA' })).toMatchObject({ status: 422, reason: 'outreach.subscription' });
});

it('a browser belongs to who asked last, ten at most, and goes with the person\'s data', async () => {
  const [first, second] = [await chooses('13900002106'), await chooses('13900002107')];
  const shared = peer.browser('shared');
  await town.outreach.addresses.subscribe(county, first, shared);
  await town.outreach.addresses.subscribe(county, second, shared);
  expect([await browsersOf(first), await browsersOf(second)]).toEqual([0, 1]);
  for (let n = 0; n < 12; n++) { town.world.advance(1); await town.outreach.addresses.subscribe(county, second, peer.browser(`many${n}`)); }
  expect(await browsersOf(second)).toBe(10);
  await town.world.db.transaction((tx) => outreachErasure().apply(county, [{ entry: { subject: 'access', kind: 'contact', action: 'erase', set: { contact: second.slice(8) } } } as never], tx));
  expect(await browsersOf(second)).toBe(0);
});

it('whoever works here and has a device told is told there first, until it is turned off by its owner', async () => {
  const recipient = await town.staff('keeper', { phone: '13900002190' });
  await town.outreach.addresses.subscribe(county, recipient, peer.browser('field'));
  await town.write([urgent(recipient)]);
  await town.outreach.worker.drain();
  expect(peer.got.map(({ path }) => path)).toEqual(['/field']);
  expect(peer.got[0]!.note.text).toContain('您有新任务');
  // Another's browser is not turned off by somebody who knows where it is.
  const other = await town.staff('other', { phone: '13900002191' });
  await town.outreach.addresses.stop(county, other, peer.browser('field').endpoint);
  expect(await browsersOf(recipient)).toBe(1);
  await town.outreach.addresses.stop(county, recipient, peer.browser('field').endpoint);
  await town.write([urgent(recipient)]);
  await town.outreach.worker.drain();
  expect([peer.got.length, sms.asked.length]).toEqual([1, 1]);
});

/** Somebody who works in both of two counties. */
const both = async (login: string, phone: string): Promise<Actor> => {
  await town.world.ownerDb.query(`insert into county (county, name, created_at) values ('330282', '{}', now()) on conflict do nothing`);
  const recipient = await town.staff(login, { phone });
  const grant = (where: string) => ({ id: where, county: where, role: 'gridworker', unit: null, place: '', purpose: null, from: 0, until: null });
  return { id: recipient.slice(8), kind: 'account', name: login, grants: [grant('330282'), grant(county)] } as unknown as Actor;
};
const done = <T>(result: Result<T>): T => { if (isRefusal(result)) throw new Error(result.reason); return result; };

it('a device tells every account that asked there, in every county that each works in, with the key that it was asked with; signing out ends one', async () => {
  const { notices, addresses } = town.outreach;
  const [first, second] = [await both('two.counties', '13900002192'), await both('beside', '13900002193')];
  const device = peer.browser('shared-device');
  const { key } = done(await notices.read(first, undefined));
  const there = (await addresses.pushKey('330282')).publicKey;
  expect(key).toBe((await addresses.pushKey(county)).publicKey);
  // The browser holds the other county's key: another program's who was there before.
  expect(done(await notices.ask(first, device, there))).toMatchObject({ here: 'all' });
  expect(done(await notices.ask(second, device, there))).toMatchObject({ here: 'all' });
  expect(await notices.ask(second, device, 'BAAA')).toMatchObject({ status: 422, reason: 'outreach.push_key' });
  await town.write([urgent(`account:${first.id}`), { ...urgent(`account:${second.id}`), params: { ...urgent('').params, link: 'https://town.example/f/abc' } }]);
  await town.outreach.worker.drain();
  expect(peer.got.map(({ path, senderKey, sender }) => [path, senderKey === there, sender !== null])).toEqual([['/shared-device', true, true], ['/shared-device', true, true]]);
  // Staff are led to the matter and not to the page of its reporter.
  expect(peer.got.map(({ note }) => [note.matter?.length, note.link])).toEqual([[36, undefined], [36, undefined]]);
  expect(done(await notices.stop(first, device.endpoint))).toMatchObject({ here: 'none', told: true });
  await town.write([urgent(`account:${first.id}`), urgent(`account:${second.id}`)]);
  await town.outreach.worker.drain();
  expect([peer.got.length, sms.asked.length]).toEqual([3, 1]);
  expect(done(await notices.stop(second, device.endpoint)).told).toBe(false);
});

it('whoever works here chooses quiet hours of their own: what can wait waits, and so does what is urgent where the county says so', async () => {
  const { notices, worker } = town.outreach;
  const keeper = await both('sleeper', '13900002194');
  const recipient = `account:${keeper.id}`;
  expect(await notices.quiet(keeper, { from: 600, until: 600 })).toMatchObject({ status: 422, reason: 'outreach.quiet' });
  expect(await notices.quiet(keeper, { from: 480, until: 1320 })).toMatchObject({ status: 422, errors: [{ path: '/until' }] });
  // 12:00 in the county until 14:00; the county's own quiet hours are at night.
  const at = town.world.now();
  town.world.advance(Math.ceil(at / 86_400_000) * 86_400_000 + 4.5 * 3_600_000 - at);
  expect(done(await notices.quiet(keeper, { from: 720, until: 840 }))).toMatchObject({ quiet: { from: 720, until: 840 }, countyQuiet: { from: 1260, until: 480 }, breaks: ['handler_task', 'urged', 'escalated'] });
  await town.write([urgent(recipient), { ...urgent(recipient, 'due_soon'), urgent: false }, urgent(recipient, 'rework')]);
  await worker.drain();
  const rows = (await town.rows()).slice(-3);
  expect(rows.map(({ state, error }) => [state, error])).toEqual([['sent', null], ['queued', 'quiet_hours'], ['queued', 'quiet_hours']]);
  town.world.advance(1.5 * 3_600_000 + 1);
  await worker.drain();
  expect((await town.rows()).slice(-3).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
  // A county that lets nothing through but what it names; codes come at any hour.
  town.world.advance(86_400_000 - 3_600_000);
  await town.world.ownerDb.query(`update county set settings = '{"outreach": {"staffBreaks": {"handler_task": false}}}'`);
  await town.write([urgent(recipient), urgent(recipient, 'urged'), { template: 'sms_code', recipient, params: { code: '123456', minutes: 5 }, urgent: true }]);
  await worker.drain();
  expect((await town.rows()).slice(-3).map(({ state }) => state)).toEqual(['queued', 'sent', 'sent']);
  done(await notices.quiet(keeper, null));
  await town.world.ownerDb.query(`update county set settings = '{}'`);
  const entries = (await town.world.db.query<{ entry: Buffer }>('select entry from ledger_inbox where county = $1 order by id', [county])).map(({ entry }) => JSON.parse(entry.toString()) as { kind: string; action: string; actor: { id: string } });
  expect(entries.filter(({ kind }) => kind === 'notices').map(({ action, actor }) => [action, actor.id === keeper.id])).toEqual([['set', true], ['unset', true]]);
});
