import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/platform/outside/addresses.ts';
import { fetchOutside } from '../../src/platform/outside/fetching.ts';
import { windowOf } from '../../src/modules/open311/rules/window.ts';
import { corner } from '../pages/town.ts';
import { lampPhoto } from '../pages/photos.ts';
import { county, openEnd, type End } from './end.ts';

let end: End;
let peer: Server;
let host: string;
/** What the peer that holds pictures answers, by path. */
let photo: Buffer;
let failures = 0;
const asked: string[] = [];

beforeAll(async () => {
  end = await openEnd();
  for (const work of end.town.town.works) if (work.name === 'media') await work.stop();
  photo = await lampPhoto();
  peer = createServer((request, response) => {
    asked.push(request.url!);
    const to = (location: string): void => void response.writeHead(302, { location }).end();
    switch (request.url) {
      case '/lamp.jpg': response.writeHead(200, { 'content-type': 'image/jpeg' }).end(photo); break;
      case '/moved': to('/lamp.jpg'); break;
      case '/inside': to('http://169.254.169.254/latest/meta-data'); break;
      case '/round': to('/round'); break;
      case '/page': response.writeHead(200, { 'content-type': 'image/jpeg' }).end('<html>not a picture</html>'); break;
      case '/large': response.writeHead(200).end(Buffer.alloc(200_000)); break;
      case '/cut': response.writeHead(200, { 'content-length': '5000' }); response.write('half'); response.destroy(); break;
      case '/later': failures++; response.writeHead(failures < 2 ? 503 : 200).end(failures < 2 ? '' : photo); break;
      case '/silent': break;
      default: response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(peer.address() as AddressInfo).port}`;
}, 120_000);
afterAll(async () => { peer?.closeAllConnections(); peer?.close(); await end?.close(); });

const report = async (more: Record<string, string>): Promise<string> => {
  const answer = await end.post('/open311/v2/requests.json', { api_key: end.key, service_code: 'streetlight', lat: String(corner.lat + 0.005), long: String(corner.lng + 0.005), 'attribute[fault]': 'out', ...more });
  expect(answer.status).toBe(201);
  return (answer.json as { service_request_id: string }[])[0]!.service_request_id;
};
const caseOf = async (number: string) => {
  const { world, town } = end.town;
  const [row] = await world.db.query<{ id: string }>('select id from matter where county = $1 and number = $2', [county, number]);
  return (await town.modules.matters.whole(world.db, county, row!.id))!;
};
const notesOf = async (number: string) => (await caseOf(number)).texts.filter(({ name }) => name === 'internal').map(({ body }) => body);

describe('a program in a browser, on another site', () => {
  const foreign = { origin: 'https://map.example' };
  test('may report with its key, and read what it is answered, refusals too', async () => {
    const before = await fetch(`${end.town.url}/open311/v2/requests.json`, { method: 'OPTIONS', headers: { ...foreign, 'access-control-request-method': 'POST', 'access-control-request-headers': 'idempotency-key' } });
    expect(before.status).toBe(204);
    expect(before.headers.get('access-control-allow-headers')).toContain('idempotency-key');
    const form = { api_key: end.key, service_code: 'streetlight', lat: String(corner.lat + 0.005), long: String(corner.lng + 0.005), 'attribute[fault]': 'out' };
    const sent = await end.post('/open311/v2/requests.json', form, foreign);
    expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
    const refused = await end.post('/open311/v2/requests.json', { ...form, api_key: 'wrong' }, foreign);
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, '*']);
    // Anything else still knows its own pages only.
    expect((await fetch(`${end.town.url}/api/session`, { method: 'POST', headers: { ...foreign, 'content-type': 'application/json' }, body: '{}' })).status).toBe(403);
  });
});

describe('an address', () => {
  test('answers HEAD without a body', async () => {
    const head = await fetch(`${end.town.url}/open311/v2/services.xml`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'text/xml; charset=utf-8', '']);
  });
  test('that there is not is refused in the form of its suffix', async () => {
    expect(await end.get('/open311/v2/nothing.json')).toMatchObject({ status: 404, json: [{ code: 404, description: expect.any(String) }] });
    expect((await end.get('/open311/v2/services/x/y.xml')).xml).toMatchObject({ errors: { error: [{ code: '404' }] } });
    expect((await end.get('/open311/v2/services.txt')).status).toBe(404);
  });
});

test('ninety days are ninety days for a client that counts whole days, and times may leave out the colon', () => {
  const now = Date.parse('2026-11-24T09:00:00+08:00');
  expect(windowOf({ start_date: '2026-08-26', end_date: '2026-11-24' }, now, 480)).not.toHaveProperty('reason');
  expect(windowOf({ start_date: '2026-08-25', end_date: '2026-11-24' }, now, 480)).toMatchObject({ reason: 'open311.span' });
  expect(windowOf({ start_date: '2026-11-01T00:00:00+0800' }, now, 480)).toMatchObject({ from: Date.parse('2026-11-01T00:00:00+08:00') });
});

describe('a picture that is named by its address', () => {
  const round = () => end.town.town.modules.open311.fetchMedia();
  test('is fetched from a host that the county trusts, across a redirect, written anew and added', async () => {
    await end.set({ mediaHosts: [host] });
    const number = await report({ media_url: `http://${host}/moved` });
    await round();
    const { files } = await caseOf(number);
    expect(files).toMatchObject([{ role: 'note' }]);
    expect(files[0]!.served).not.toBe(files[0]!.original);
    expect(await notesOf(number)).toEqual(['上报时附的照片已从其网址取回。']);
    expect(await round()).toBe(0);
  });
  test('is tried again while its server is out of order', async () => {
    const number = await report({ media_url: `http://${host}/later` });
    await round();
    expect(await notesOf(number)).toEqual([]);
    end.town.world.advance(31_000);
    await round();
    expect((await caseOf(number)).files).toHaveLength(1);
  });
  test('never takes the report with it: what is no picture, leads inside or is not there is said in a note', async () => {
    for (const [path, why] of [['/page', '不是可以打开的照片'], ['/inside', '内部网络'], ['/round', '转来转去'], ['/gone', '没有给出照片']] as const) {
      const number = await report({ media_url: `http://${host}${path}` });
      await round();
      expect(await notesOf(number)).toEqual([expect.stringContaining(why)]);
      expect(await caseOf(number)).toMatchObject({ matter: { state: 'reported' }, files: [] });
    }
  });
  test('inside the town\'s network is left alone unless the county names the host, and not fetched at all where it says so', async () => {
    await end.set({});
    asked.length = 0;
    const number = await report({ media_url: `http://${host}/lamp.jpg` });
    await round();
    expect(await notesOf(number)).toEqual([expect.stringContaining('内部网络')]);
    await end.set({ mediaUrls: 'words', mediaHosts: [host] });
    const quiet = await report({ media_url: `http://${host}/lamp.jpg` });
    expect(await round()).toBe(0);
    expect(await notesOf(quiet)).toEqual([]);
    expect(asked).toEqual([]);
    await end.set({});
  });
  test('has a limit of size and of time, and half of it is nothing', async () => {
    const limits = { mostBytes: 100_000, withinMs: 300, hosts: [host] };
    expect(await fetchOutside(`http://${host}/large`, limits)).toEqual({ fault: 'large' });
    expect(await fetchOutside(`http://${host}/cut`, limits)).toEqual({ fault: 'away' });
    expect(await fetchOutside(`http://${host}/silent`, limits)).toEqual({ fault: 'slow' });
    for (const address of ['file:///etc/passwd', 'http://user:pass@example.org/x.jpg', 'nothing']) expect(await fetchOutside(address, limits)).toEqual({ fault: 'address' });
    for (const address of ['http://127.0.0.1/x', 'http://[::1]/x', 'http://2130706433/x', 'http://0x7f.1/x', 'http://localhost/x', 'http://example.org:22/x', 'http://[::ffff:10.0.0.1]/x'])
      expect(await fetchOutside(address, limits)).toEqual({ fault: 'inside' });
  });
  test('public addresses are told from others in every way of writing', () => {
    for (const open of ['1.1.1.1', '203.0.112.1', '2606:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808']) expect([open, isPublicAddress(open)]).toEqual([open, true]);
    for (const shut of ['10.1.2.3', '172.31.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254', '0.0.0.0', '255.255.255.255', '::1', '::', 'fe80::1%eth0', 'fc00::1', '::ffff:127.0.0.1', '::ffff:7f00:1', '64:ff9b::a00:1', '2002:7f00:1::', 'x', ''])
      expect([shut, isPublicAddress(shut)]).toEqual([shut, false]);
  });
});
