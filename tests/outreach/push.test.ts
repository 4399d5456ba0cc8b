import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { isRefusal } from '../../src/base/result.ts';
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
