import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { PartnerReport } from '../../src/modules/exchange/contract.ts';
import { corner, county, done, servedTown, type ServedTown } from '../pages/town.ts';
import { lampPhoto } from '../pages/photos.ts';

interface Side { readonly town: ServedTown; readonly account: string; readonly key: string }

/** A town that others find at the address where it is served, with a program for its partner. */
const open = async (): Promise<Side> => {
  const town = await servedTown();
  (town.world.config as { url: string }).url = town.url;
  for (const work of town.town.works) if (['exchange', 'media'].includes(work.name)) await work.stop();
  const { accounts } = town.town.modules.identity;
  const { account } = done(await accounts.create(theSystem, county, { kind: 'program', login: 'partner', name: 'partner' }));
  done(await accounts.grant(theSystem, county, account.id, { role: 'proxy', place: '' }));
  return { town, account: account.id, key: done(await accounts.makeToken(theSystem, account.id, { name: 'x', roles: ['proxy'], days: 30 })).token };
};

let a: Side;
let b: Side;
let between: Server;
/** Where A finds B: through a line that can be made to fail. */
let line: string;
let fault: 'none' | 'lose answer' | 'error' | 'no xml' | 'cut' = 'none';

beforeAll(async () => {
  [a, b] = [await open(), await open()];
  between = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      if (fault === 'error') return void response.writeHead(500).end('<html>');
      if (fault === 'no xml') return void response.writeHead(200, { 'content-type': 'text/xml' }).end('<requests><request>');
      const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !['host', 'connection', 'content-length'].includes(name))) as Record<string, string>;
      void fetch(`${b.town.url}${request.url}`, { method: request.method!, headers, ...(request.method === 'POST' && { body: Buffer.concat(parts) }) }).then(async (answer) => {
        const body = Buffer.from(await answer.arrayBuffer());
        if (fault === 'lose answer' && request.method === 'POST') return void request.socket.destroy();
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        if (fault === 'cut') { response.write(body.subarray(0, 40)); return void request.socket.destroy(); }
        response.end(body);
      });
    });
  });
  await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
  line = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
}, 180_000);
afterAll(async () => { between?.close(); await a?.town.close(); await b?.town.close(); });

const partners = (side: Side) => side.town.town.modules.exchange.partners;
const services = [{ ours: 'streetlight', theirs: 'streetlight', answers: { fault: 'out' } }, { ours: 'manhole', theirs: 'manhole', answers: { fault: 'missing' } }];
const befriend = (side: Side, url: string, key: string, direction: 'pull' | 'push' | 'both') =>
  partners(side).add(theSystem, county, { name: '邻镇', url: `${url}/open311/v2`, account: side.account, key, direction, services }, 'zh-Hans').then(done);
const rowOf = async (side: Side, code: string) => {
  const { catalogue } = side.town.town.modules;
  return catalogue.rows(county, catalogue.currentVersion(county, side.town.world.now())!).find((row) => row.code === code)!.key;
};
/** A case of a town, filed under a row of the code table. */
const filed = async (side: Side, code = 'C0137'): Promise<string> => {
  const { world, town } = side.town;
  const { id } = done(await town.modules.matters.act({ actor: theSystem, behalf: null, county, kind: 'case', matter: null, action: 'report', input: { lng: corner.lng + 0.005, lat: corner.lat + 0.005, text: '张三说灯不亮' }, op: world.random.uuid(world.now()) }));
  await side.town.act('intake', id, 'file', { code: await rowOf(side, code) });
  await settle(side);
  return id;
};
const settle = async ({ town: { town } }: Side): Promise<void> => {
  await town.modules.ledger.sequencer.drain();
  await town.modules.ledger.followers.catchUp(county);
};
/** Time passes on both sides, and each speaks with its partners. */
const round = async (minutes = 2): Promise<void> => {
  for (const side of [a, b]) {
    side.town.world.advance(minutes * 60_000);
    await settle(side);
    await side.town.town.modules.exchange.round();
    await settle(side);
  }
};
const reports = async (side: Side, partner: string): Promise<PartnerReport[]> => done(await partners(side).reports(theSystem, county, partner, {}, 'en')).items;
const texts = async (side: Side, id: string) => (await side.town.town.modules.matters.whole(side.town.world.db, county, id))!.texts.map(({ body }) => body);
const cases = async (side: Side): Promise<number> => (await side.town.cases()).length;
const last = async (side: Side): Promise<string> => (await side.town.cases())[0]!;
let toB: string;
let toA: string;

test('what is filed here is reported there once, without a word of the reporter, and does not come back', async () => {
  toB = (await befriend(a, b.town.url, b.key, 'both')).id;
  toA = (await befriend(b, a.town.url, a.key, 'both')).id;
  const mine = await filed(a);
  await round();
  await round();
  await round();
  expect([await cases(a), await cases(b)]).toEqual([1, 1]);
  const there = await last(b);
  expect((await texts(b, there)).join()).not.toContain('张三');
  expect(await reports(a, toB)).toMatchObject([{ matter: mine, state: 'sent', status: 'open', error: null }]);
  // Filed there as well, it is still no report for the town that it came from.
  await b.town.act('intake', there, 'file', { code: await rowOf(b, 'C0137') });
  await round();
  await round();
  expect([await cases(a), await cases(b)]).toEqual([1, 1]);
});

test('how it goes on there is read here, and where the two sides differ is shown', async () => {
  const [mine, there] = [await last(a), await last(b)];
  await b.town.act('dispatcher', there, 'dispatch', { unit: 'lighting' });
  await b.town.act('unithandler', there, 'accept');
  await round();
  await round();
  expect((await texts(a, mine)).filter((text) => text?.startsWith('对接系统'))).toEqual([expect.stringContaining('已立案'), expect.stringContaining('等待签收'), expect.stringContaining('正在处理')]);
  await b.town.act('unithandler', there, 'finish', { blobs: [await b.town.photo('unithandler', await lampPhoto(null, true))] });
  await b.town.act('collector', there, 'verify');
  await round();
  await round();
  expect(await reports(a, toB)).toMatchObject([{ status: 'closed', ourStatus: 'open', conflict: 'theirs_closed' }]);
  expect((await texts(a, mine)).at(-1)).toContain('已办结');
});

test('a sending whose answer was lost is cleared up and not sent again', async () => {
  await partners(a).remove(theSystem, county, toB);
  await partners(b).remove(theSystem, county, toA);
  toB = (await befriend(a, line, b.key, 'push')).id;
  const before = await cases(b);
  fault = 'lose answer';
  await filed(a);
  await round();
  expect(await reports(a, toB)).toMatchObject([{ state: 'unclear' }]);
  fault = 'none';
  await round(20);
  await round(20);
  expect(await cases(b)).toBe(before + 1);
  expect(await reports(a, toB)).toMatchObject([{ state: 'sent', theirs: expect.any(String) }]);
});

test('a partner that fails, answers nonsense or breaks off is shown as it is, and what it missed reaches it later, once', async () => {
  const before = await cases(b);
  await filed(a, 'C0101');
  for (const [kind, code] of [['error', 'unclear'], ['no xml', 'not_xml'], ['cut', 'cut']] as const) {
    fault = kind;
    await round(70);
    expect(done(await partners(a).list(theSystem, county, 'en'))).toMatchObject([{ error: expect.stringMatching(new RegExp(`${code}|http_500|unclear`)), errorWords: expect.any(String), failures: expect.any(Number) }]);
  }
  fault = 'none';
  await round(70);
  await round(70);
  await round(70);
  expect(await cases(b)).toBe(before + 1);
  expect((await reports(a, toB))[0]).toMatchObject({ state: 'sent' });
  expect(done(await partners(a).list(theSystem, county, 'en'))).toMatchObject([{ error: null, failures: 0, counts: { sent: 2, waiting: 0, refused: 0 } }]);
});

test('a key that does not hold is said, and the report can be tried again', async () => {
  done(await partners(a).change(theSystem, county, toB, { key: 'wrong' }, 'en'));
  const before = await cases(b);
  await filed(a);
  await round();
  const [refused] = await reports(a, toB);
  expect(refused).toMatchObject({ state: 'refused', error: 'key', errorWords: 'The partner does not accept the key' });
  done(await partners(a).change(theSystem, county, toB, { key: b.key }, 'en'));
  done(await partners(a).retry(theSystem, county, toB, refused!.id));
  await round();
  expect(await cases(b)).toBe(before + 1);
  const [row] = await a.town.world.db.query<{ key: Buffer }>('select key from partner where id = $1', [toB]);
  expect(row!.key.toString('latin1')).not.toContain(b.key);
});
