import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import { createWebhooks, type Webhooks } from '../../src/modules/webhooks/index.ts';
import { liveRights } from '../../src/entry/town/ties/live.ts';
import { isWebhookSignature } from '../../src/modules/outreach/index.ts';
import { corner, county, done, servedTown, type ServedTown } from '../pages/town.ts';
import { oddPeers } from '../support/oddPeers.ts';

interface Got { readonly id: string; readonly signature: string; readonly timestamp: number; readonly body: string }
interface Sent { readonly county: string; readonly events: readonly { seq: number; entry: { matter?: string; action: string } }[]; readonly next: number }

let town: ServedTown;
let webhooks: Webhooks;
let peer: Server;
let url: string;
let answer = 200;
const got: Got[] = [];
const sent = (): Sent['events'] => got.flatMap(({ body }) => (JSON.parse(body) as Sent).events);
const admin: Actor = { ...theSystem };

const report = async (): Promise<string> => {
  const { matters, ledger } = town.town.modules;
  const id = done(await matters.act({ actor: theSystem, behalf: null, county, kind: 'case', matter: null, action: 'report', input: { lng: corner.lng + 0.005, lat: corner.lat + 0.005, text: '电话 13800001234' }, op: town.world.random.uuid(town.world.now()) })).id;
  await ledger.sequencer.drain();
  return id;
};
/** Rounds until nothing is due; the town's own worker may have taken some of them. */
const rounds = async (): Promise<void> => {
  for (let n = 0; n < 6; n++) {
    town.world.advance(2_000);
    await webhooks.send();
  }
};
const program = async (login: string, role: string): Promise<{ id: string; token: string }> => {
  const { accounts } = town.town.modules.identity;
  const { account } = done(await accounts.create(theSystem, county, { kind: 'program', login, name: login }));
  done(await accounts.grant(theSystem, county, account.id, { role, place: '' }));
  return { id: account.id, token: done(await accounts.makeToken(theSystem, account.id, { name: login, roles: [role], days: 30 })).token };
};
const add = async (account: string, after: number) => done(await webhooks.add(admin, county, { account, url, after }));
const stateOf = async (id: string) => done(await webhooks.list(admin, county)).find((one) => one.id === id)!;

beforeAll(async () => {
  town = await servedTown();
  // Only this test sends: the town's own worker rests, so that what is counted is what was asked for.
  for (const work of town.town.works) if (work.name === 'webhooks') await work.stop();
  const { ledger, identity, matters } = town.town.modules;
  webhooks = createWebhooks(town.world, ledger, identity, liveRights(town.world, identity, matters));
  peer = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (answer === 200) got.push({ id: String(request.headers['webhook-id']), signature: String(request.headers['webhook-signature']), timestamp: Number(request.headers['webhook-timestamp']), body: Buffer.concat(parts).toString('utf8') });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/news`;
}, 120_000);
afterAll(async () => {
  peer?.close();
  await town?.close();
});
beforeEach(async () => {
  answer = 200;
  got.length = 0;
  for (const { id } of done(await webhooks.list(admin, county))) done(await webhooks.remove(admin, county, id));
  await town.town.modules.ledger.sequencer.drain();
});

test('a program asks for what came after a seq, page by page, and sees what its grants let it see', async () => {
  const [reader, stranger] = [await program('reader', 'intake'), await program('stranger', 'proxy')];
  const ids = [await report(), await report(), await report()];
  const ask = async (token: string, query: string) => {
    const response = await fetch(`${town.url}/api/events?${query}`, { headers: { authorization: `Bearer ${token}` } });
    return { status: response.status, body: (await response.json()) as { events: { seq: number; entry: { matter: string } }[]; next: number; more: boolean } };
  };
  const seen: string[] = [];
  for (let after = 0, more = true; more;) {
    const { body } = await ask(reader.token, `after=${after}&limit=2`);
    seen.push(...body.events.map(({ entry }) => entry.matter));
    ({ next: after, more } = body);
  }
  expect(seen.slice(-3)).toEqual(ids);
  expect(new Set(seen).size).toBe(seen.length);
  const none = await ask(stranger.token, 'after=0');
  expect(none.body).toMatchObject({ events: [], more: false });
  expect(none.body.next).toBeGreaterThan(2);
  expect(JSON.stringify((await ask(reader.token, 'after=0')).body)).not.toContain('13800001234');
  expect((await ask(reader.token, 'after=-1')).status).toBe(422);
  expect((await ask(reader.token, 'county=999999')).status).toBe(403);
  expect((await fetch(`${town.url}/api/events`)).status).toBe(401);
});

test('a webhook is sent everything in order, signed with a secret of its own, and once', async () => {
  const { id: account } = await program('listener', 'intake');
  const start = await town.town.modules.ledger.position(town.world.db, county);
  const hook = await add(account, start);
  const ids = [await report(), await report()];
  await rounds();
  expect(sent().filter(({ entry }) => entry.action === 'report').map(({ entry }) => entry.matter)).toEqual(ids);
  const seqs = sent().map(({ seq }) => seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  for (const { id, timestamp, body, signature } of got) {
    expect(isWebhookSignature(hook.secret, id, timestamp, body, signature, Math.floor(town.world.now() / 1000))).toBe(true);
    expect(isWebhookSignature(hook.secret, id, timestamp, `${body} `, signature, Math.floor(town.world.now() / 1000))).toBe(false);
    expect(body).not.toContain('13800001234');
  }
  expect(await stateOf(hook.id)).toMatchObject({ active: true, failures: 0, error: null });
});

test('while the peer fails nothing is lost: it is tried again later and later, and the same comes when it is back', async () => {
  const { id: account } = await program('failing', 'intake');
  const hook = await add(account, await town.town.modules.ledger.position(town.world.db, county));
  const id = await report();
  answer = 503;
  await webhooks.send();
  expect(await stateOf(hook.id)).toMatchObject({ failures: 1, error: 'http_503', active: true });
  await webhooks.send();
  expect((await stateOf(hook.id)).failures).toBe(1);
  answer = 200;
  town.world.advance(3_600_000);
  await rounds();
  expect(sent().map(({ entry }) => entry.matter)).toContain(id);
  expect(await stateOf(hook.id)).toMatchObject({ failures: 0, error: null });
});

test('put back to a seq, everything after it is sent again; a peer that is gone is not sent anything more', async () => {
  const { id: account } = await program('again', 'intake');
  const start = await town.town.modules.ledger.position(town.world.db, county);
  const hook = await add(account, start);
  const id = await report();
  await rounds();
  expect(sent().filter(({ entry }) => entry.matter === id)).toHaveLength(1);
  done(await webhooks.change(admin, county, hook.id, { after: start }));
  await rounds();
  expect(sent().filter(({ entry }) => entry.matter === id)).toHaveLength(2);
  answer = 410;
  await report();
  await rounds();
  expect(await stateOf(hook.id)).toMatchObject({ active: false, error: 'http_410' });
  answer = 200;
  done(await webhooks.change(admin, county, hook.id, { active: true }));
  await rounds();
  expect((await stateOf(hook.id)).active).toBe(true);
});

test('a program whose grants ended is sent nothing of cases, and one that was disabled nothing at all', async () => {
  const { accounts } = town.town.modules.identity;
  const { id: account } = await program('leaving', 'intake');
  const hook = await add(account, await town.town.modules.ledger.position(town.world.db, county));
  const { grants } = done(await accounts.read(theSystem, county, account));
  done(await accounts.endGrant(theSystem, county, grants[0]!.id));
  const id = await report();
  await rounds();
  expect(sent().map(({ entry }) => entry.matter)).not.toContain(id);
  done(await accounts.change(theSystem, account, { disabled: true }));
  await rounds();
  expect(await stateOf(hook.id)).toMatchObject({ active: false, error: 'no_program' });
});

test('an address without encryption, with a user name, elsewhere in a demo, or of a person\'s account is refused', async () => {
  const { id: account } = await program('careless', 'intake');
  for (const wrong of ['http://example.org/x', 'https://user@example.org/', 'ftp://example.org'])
    expect(await webhooks.add(admin, county, { account, url: wrong })).toMatchObject({ reason: 'webhooks.plain' });
  expect(await webhooks.add(admin, county, { account, url: 'https://example.org/news' })).toMatchObject({ reason: 'webhooks.demo' });
  const person = done(await town.town.modules.identity.accounts.create(theSystem, county, { login: 'person', name: '人' }));
  expect(await webhooks.add(admin, county, { account: person.account.id, url })).toMatchObject({ reason: 'identity.not_program' });
  expect(await webhooks.change(admin, county, account, { active: true })).toMatchObject({ reason: 'webhooks.unknown', status: 404 });
});

test('however a peer answers, a sending ends in time and takes no memory to speak of; why it failed is said in words, the others are not held up, and it all comes in order once the peer is mended', async () => {
  const { ledger, identity, matters } = town.town.modules;
  const hasty = createWebhooks(town.world, ledger, identity, liveRights(town.world, identity, matters), 300);
  const { id: account } = await program('odd', 'intake');
  const start = await ledger.position(town.world.db, county);
  const taken: Sent[] = [];
  const peers = await oddPeers((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => { body += part; }).on('end', () => { taken.push(JSON.parse(body) as Sent); response.writeHead(204).end(); });
  });
  try {
    const hooks = new Map<string, string>();
    const ids = [await report(), await report()];
    // Only those that never answer are not waited for.
    for (const [names, sender] of [[['silent', 'byte by byte'], hasty], [Object.keys(peers.addresses), webhooks]] as [string[], Webhooks][]) {
      for (const [name, address] of Object.entries(peers.addresses)) if (names.includes(name) && !hooks.has(name)) hooks.set(name, done(await webhooks.add(admin, county, { account, url: address, after: start })).id);
      for (let round = 0; round < 3; round++) await sender.send();
    }
    const found = async () => {
      const all = done(await webhooks.list(admin, county, 'en'));
      return Object.fromEntries([...hooks].map(([name, id]) => [name, all.find((one) => one.id === id)!]));
    };
    const after = await found();
    const last = await ledger.position(town.world.db, county);
    const failed = { silent: 'timeout', 'byte by byte': 'timeout', 'headers without end': 'no_http', 'no http': 'no_http', closes: 'cut', redirects: 'redirect', expired: 'certificate_expired', 'another name': 'certificate_name', untrusted: 'certificate_untrusted', 'no tls': 'no_tls', closed: 'not_listening' } as const;
    for (const [name, error] of Object.entries(failed)) {
      expect(after[name], name).toMatchObject({ error, failures: 1, seq: start, active: true, errorWords: expect.stringMatching(/^[A-Z].{15,}/) });
      expect(Date.parse(after[name]!.nextAt), name).toBeGreaterThan(town.world.now());
    }
    expect(new Set(Object.keys(failed).map((name) => after[name]!.errorWords)).size).toBe(new Set(Object.values(failed)).size);
    for (const name of ['endless', 'over tls']) expect(after[name], name).toMatchObject({ error: null, errorWords: null, failures: 0, seq: last });
    await expect.poll(() => peers.seen.letGo).toBe(1);
    expect(peers.seen.endless).toBeLessThan(64 * 1_048_576);
    expect(peers.seen.inside).toBe(0);

    // What comes meanwhile waits behind what came before; nothing is tried before its pause is over.
    ids.push(await report());
    await webhooks.send();
    expect((await found())['silent']).toMatchObject({ failures: 1 });
    taken.length = 0;
    peers.mended.add('silent');
    done(await webhooks.change(admin, county, hooks.get('silent')!, { active: true }));
    for (let round = 0; round < 3; round++) await webhooks.send();
    const sentNow = (): Sent['events'] => taken.flatMap(({ events }) => events);
    const matching = (): (string | undefined)[] => sentNow().filter(({ entry }) => entry.action === 'report').map(({ entry }) => entry.matter);
    expect((await found())['silent']).toMatchObject({ error: null, failures: 0 });
    expect(matching().filter((id) => ids.includes(id!)).slice(-3)).toEqual(ids);
    // And is sent again from any place.
    taken.length = 0;
    done(await webhooks.change(admin, county, hooks.get('silent')!, { after: start }));
    for (let round = 0; round < 3; round++) await webhooks.send();
    expect(matching()).toEqual(ids);
    const seqs = sentNow().map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    expect(seqs[0]).toBeGreaterThan(start);
  } finally {
    peers.close();
  }
});
