import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { PartnerReport } from '../../src/modules/exchange/contract.ts';
import { createPeer, PeerFault } from '../../src/modules/exchange/service/peer.ts';
import { corner, county, done, servedTown, type ServedTown } from '../pages/town.ts';
import { oddPeers } from '../support/oddPeers.ts';

interface Theirs { readonly id: string; readonly at: string; status: string; readonly more?: string; readonly place?: string; notes?: string }

let town: ServedTown;
let peer: Server;
let partner: string;
let url: string;
/** What the peer has; it lists at most so many, the newest first, and some twice. */
let theirs: Theirs[] = [];
let most = 1_000;
/** Bytes after which an answer breaks off. */
let breaks: number | null = null;
let updates: 'none' | 'some' = 'none';
const posted: string[] = [];

const here = `<lat>${corner.lat + 0.005}</lat><long>${corner.lng + 0.005}</long>`;
const xml = (one: Theirs): string => `<request><service_request_id>${one.id}</service_request_id><status>${one.status}</status><status_notes>${one.notes ?? ''}</status_notes><service_code>77</service_code><requested_datetime>${one.at}</requested_datetime><updated_datetime>${one.at}</updated_datetime>${one.place ?? here}${one.more ?? '<description>Lamp &lt;b&gt;out&lt;/b&gt; \u202egnp.exe</description>'}</request>`;
const list = (query: URLSearchParams): string => {
  const [from, to, ids, status] = [query.get('start_date'), query.get('end_date'), query.get('service_request_id')?.split(','), query.get('status')];
  const found = theirs.filter((one) => (ids ? ids.includes(one.id) : (!from || Date.parse(one.at) >= Date.parse(from)) && (!to || Date.parse(one.at) <= Date.parse(to)) && (status !== 'open' || one.status !== 'closed')))
    .sort((one, other) => Date.parse(other.at) - Date.parse(one.at)).slice(0, most);
  return `<?xml version="1.0"?><service_requests>${found.map(xml).join('')}${found.slice(0, 1).map(xml).join('')}<request><status>open</status></request></service_requests>`;
};
const answer = (response: ServerResponse, body: string): void => {
  response.writeHead(200, { 'content-type': 'text/xml' });
  if (breaks === null) return void response.end(body);
  response.write(body.slice(0, breaks));
  response.destroy();
};

beforeAll(async () => {
  town = await servedTown();
  for (const work of town.town.works) if (['exchange', 'media'].includes(work.name)) await work.stop();
  peer = createServer((request, response) => {
    const address = new URL(request.url!, 'http://peer');
    if (request.method === 'POST') {
      let body = '';
      request.on('data', (part: Buffer) => { body += part.toString(); });
      request.on('end', () => { posted.push(body); response.writeHead(405).end(); });
    } else if (address.pathname === '/o/requests.xml') answer(response, list(address.searchParams));
    else if (address.pathname === '/o/servicerequestupdates.xml' && updates === 'some') {
      const one = `<request_update><update_id>u1</update_id><service_request_id>5</service_request_id><status>IN_PROGRESS</status><updated_datetime>2026-11-26T10:00:00Z</updated_datetime><description>crew &lt;i&gt;sent&lt;/i&gt;</description></request_update>`;
      answer(response, `<service_requests_updates>${one}${one}</service_requests_updates>`);
    } else response.writeHead(404).end('<html>nothing');
  });
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/o`;
  const { accounts } = town.town.modules.identity;
  const { account } = done(await accounts.create(theSystem, county, { kind: 'program', login: 'odd', name: 'odd' }));
  done(await accounts.grant(theSystem, county, account.id, { role: 'proxy', place: '' }));
  partner = done(await partners().add(theSystem, county, { name: '老系统', url, account: account.id, direction: 'pull', services: [{ ours: 'streetlight', theirs: '77' }] }, 'en')).id;
}, 120_000);
afterAll(async () => { peer?.closeAllConnections(); peer?.close(); await town?.close(); });

const partners = () => town.town.modules.exchange.partners;
const round = async (): Promise<void> => {
  town.world.advance(3_700_000);
  await town.town.modules.exchange.round();
  await town.town.modules.ledger.sequencer.drain();
  await town.town.modules.ledger.followers.catchUp(county);
};
const of = async (id: string): Promise<PartnerReport> => {
  for (let after: string | null = null; ;) {
    const page: { items: PartnerReport[]; next: string | null } = done(await partners().reports(theSystem, county, partner, { limit: 50, ...(after !== null && { after }) }, 'en'));
    const found = page.items.find((one) => one.theirs === id);
    if (found) return found;
    if (page.next === null) throw new Error(`${id} is not there`);
    after = page.next;
  }
};
const textsOf = async (matter: string) => (await town.town.modules.matters.whole(town.world.db, county, matter))!.texts;

test('each report is taken in once though it is listed twice, as plain words, whatever the peer\'s clock says', async () => {
  theirs = [{ id: '1', at: '2026-11-24T09:00:00Z', status: 'OPEN' }, { id: '2', at: '2027-01-05T00:00:00Z', status: 'open' }, { id: '3', at: '2026-11-23T09:00:00Z', status: 'closed' }];
  await round();
  await round();
  expect(await town.cases()).toHaveLength(2);
  const { matter } = await of('1');
  const whole = (await town.town.modules.matters.whole(town.world.db, county, matter!))!;
  expect(whole.matter).toMatchObject({ state: 'reported', data: { channel: 'api' }, facets: { code: expect.stringMatching(/^C0137-/), lng: corner.lng + 0.005 } });
  expect(whole.texts[0]).toMatchObject({ personal: true, body: 'Lamp  out  gnp.exe\n来自对接系统“老系统”，对方编号 1，上报于 2026-11-24 17:00。' });
  expect(done(await partners().list(theSystem, county, 'en'))).toMatchObject([{ error: null, counts: { taken: 2, refused: 0 } }]);
});

test('one that lies elsewhere is shown with the reason, and does not hold up the others', async () => {
  theirs.push({ id: '4', at: '2026-11-24T11:00:00Z', status: 'open', place: '<lat>10</lat><long>10</long>' }, { id: '5', at: '2026-11-24T11:30:00Z', status: 'open' });
  await round();
  expect(await of('4')).toMatchObject({ state: 'refused', matter: null, error: expect.stringContaining('outside'), errorWords: expect.any(String) });
  expect(await of('5')).toMatchObject({ state: 'taken' });
});

test('a list that is cut off at some length is read to its end, also after the line broke in between', async () => {
  most = 60;
  theirs.push(...Array.from({ length: 130 }, (_, at): Theirs => ({ id: `m${at}`, at: new Date(Date.parse('2026-11-24T12:00:00Z') + at * 1000).toISOString(), status: 'open' })));
  breaks = 9_000;
  await round();
  expect(done(await partners().list(theSystem, county, 'en'))).toMatchObject([{ failures: 1, error: expect.stringMatching(/cut|not_xml/) }]);
  breaks = null;
  await round();
  expect(await town.cases()).toHaveLength(3 + 130);
  await round();
  expect(await town.cases()).toHaveLength(3 + 130);
});

test('a partner without updates is asked how its open reports stand, and says it does not take ours', async () => {
  theirs.find(({ id }) => id === '1')!.status = 'closed';
  theirs.find(({ id }) => id === '1')!.notes = 'bulb replaced';
  for (let n = 0; n < 4; n++) await round();
  const one = await of('1');
  expect(one).toMatchObject({ status: 'closed', ourStatus: 'open', conflict: 'theirs_closed' });
  expect((await textsOf(one.matter!)).at(-1)!.body).toBe('对接系统“老系统”：已办结。bulb replaced');
  const two = await of('2');
  const { catalogue } = town.town.modules;
  const lamp = catalogue.rows(county, catalogue.currentVersion(county, town.world.now())!).find(({ code }) => code === 'C0137')!;
  await town.act('intake', two.matter!, 'file', { code: lamp.key });
  await town.town.modules.ledger.sequencer.drain();
  await town.town.modules.ledger.followers.catchUp(county);
  await round();
  await round();
  expect(posted.filter((body) => body.includes('service_request_id=2&'))).toHaveLength(1);
  expect(await of('2')).toMatchObject({ error: 'told_http_405' });
});

test('an update is a note once, however often it is listed', async () => {
  updates = 'some';
  const { matter } = await of('5');
  const before = (await textsOf(matter!)).length;
  await round();
  await round();
  expect((await textsOf(matter!)).slice(before).map(({ body }) => body)).toEqual(['对接系统“老系统”：处理中。crew  sent']);
});

test('however a peer answers, a call to it ends in time and says why; only where something may have arrived is a report unclear', async () => {
  const peers = await oddPeers((request, response) => void request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/xml' }).end('<service_requests/>')));
  const why = (work: Promise<unknown>): Promise<string> => work.then(() => 'answered', (error: unknown) => (error instanceof PeerFault ? error.code : String(error)));
  const found: Record<string, readonly string[]> = {};
  try {
    for (const [name, url] of Object.entries(peers.addresses)) {
      // Only those that never answer are not waited for.
      const called = createPeer({ url: url.replace(/\/news$/, ''), jurisdiction: null, key: 'key', answerWithin: ['silent', 'byte by byte'].includes(name) ? 300 : 20_000 });
      found[name] = [await why(called.get('requests', {})), await why(called.post('requests', [['service_code', '1']]))];
    }
  } finally {
    peers.close();
  }
  expect(found).toEqual({
    silent: ['timeout', 'unclear'], 'byte by byte': ['timeout', 'unclear'], 'headers without end': ['no_http', 'unclear'], 'no http': ['no_http', 'unclear'], closes: ['cut', 'unclear'], redirects: ['redirect', 'unclear'],
    expired: ['certificate_expired', 'certificate_expired'], 'another name': ['certificate_name', 'certificate_name'], untrusted: ['certificate_untrusted', 'certificate_untrusted'], 'no tls': ['no_tls', 'no_tls'],
    closed: ['not_listening', 'not_listening'], endless: ['large', 'unclear'], 'over tls': ['answered', 'answered'],
  });
  expect(peers.seen.inside).toBe(0);
});
