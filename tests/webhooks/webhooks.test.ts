import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import { createWebhooks, type Webhooks } from '../../src/modules/webhooks/index.ts';
import { liveRights } from '../../src/entry/town/live.ts';
import { isWebhookSignature } from '../../src/modules/outreach/index.ts';
import { corner, county, done, servedTown, type ServedTown } from '../pages/town.ts';

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

test('a peer that points elsewhere, closes in the middle, or answers without end holds up nothing, and nothing is lost', async () => {
  const { id: account } = await program('odd', 'intake');
  let reached = 0;
  let way: 'redirect' | 'close' | 'endless' = 'redirect';
  const ended: (() => void)[] = [];
  const odd = createServer((request, response) => {
    request.resume().on('end', () => {
      if (request.url === '/inside') reached++;
      if (way === 'redirect') return void response.writeHead(307, { location: '/inside' }).end();
      if (way === 'close') {
        request.socket.write('HTTP/1.1 200 OK\r\ncontent-le');
        return void request.socket.destroy();
      }
      response.writeHead(200);
      const more = (): void => { while (!response.destroyed && response.write('x'.repeat(65_536))); };
      response.on('drain', more).on('error', () => {}).on('close', () => { for (const one of ended) one(); });
      more();
    });
  });
  await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
  try {
    const { id } = done(await webhooks.add(admin, county, { account, url: `http://127.0.0.1:${(odd.address() as AddressInfo).port}/news`, after: await town.town.modules.ledger.position(town.world.db, county) }));
    await report();
    await webhooks.send();
    expect(await stateOf(id)).toMatchObject({ failures: 1, error: 'unreachable', active: true });
    expect(reached).toBe(0);
    const before = (await stateOf(id)).seq;
    way = 'close';
    town.world.advance(3_600_000);
    await webhooks.send();
    expect(await stateOf(id)).toMatchObject({ failures: 2, error: 'unreachable', seq: before });
    // Its status is what counts: the answer is not read, and the line is let go.
    way = 'endless';
    const letGo = new Promise<void>((resolve) => { ended.push(resolve); });
    town.world.advance(7_200_000);
    await webhooks.send();
    await letGo;
    expect(await stateOf(id)).toMatchObject({ failures: 0, error: null });
    expect((await stateOf(id)).seq).toBeGreaterThan(before);
  } finally {
    odd.closeAllConnections();
    odd.close();
  }
});
