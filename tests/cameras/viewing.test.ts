import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import { createDemoCamera, demoCameraAccount, type DemoCamera } from '../../src/demo/camera/camera.ts';
import { cameraRoutes } from '../../src/modules/cameras/routes/cameras.ts';
import { viewingRoutes } from '../../src/modules/cameras/routes/viewing.ts';
import { ownPlaylist, pieceOf } from '../../src/modules/cameras/rules/playlist.ts';
import { serve, someone, type Served } from '../platform/http/serving.ts';
import { openBrowser, type TestBrowser } from '../support/browser.ts';
import { cameraTown, codeOf, county, done, entriesOf, lineOf, tableOf, type CameraTown } from './town.ts';

let town: CameraTown;
let served: Served;
let camera: DemoCamera;
let browser: TestBrowser;
const people: Record<string, Actor> = { anna: { ...someone('61', 'dispatcher'), name: '安娜' }, ben: { ...someone('62', 'commander'), name: '本' }, intake: someone('63', 'intake'), auditor: someone('64', 'auditor') };
/** A browser of somebody: a session cookie, and the cookies that looks give. */
const browserOf = (who: string, session = who) => {
  const jar = new Map([['lamplight', session.padEnd(43, '0')]]);
  return {
    jar,
    async ask(path: string, json?: unknown) {
      const response = await fetch(served.url + path, { redirect: 'manual', headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), 'accept-language': 'en', ...(json !== undefined && { 'content-type': 'application/json' }) }, ...(json !== undefined && { method: 'POST', body: JSON.stringify(json) }) });
      const set = response.headers.get('set-cookie');
      const [, token] = /lamplight_view=([^;]+)/.exec(set ?? '') ?? [];
      if (token !== undefined) jar.set('lamplight_view', token);
      const text = await response.text();
      return { status: response.status, text, body: (text.startsWith('{') ? JSON.parse(text) : {}) as never, set };
    },
  };
};
const why = { purpose: 'traffic', note: '中心路堵车' };
const open = async (who: ReturnType<typeof browserOf>, number = 1) => (await who.ask(`/api/cameras/${codeOf(number)}/views`, why)).body as unknown as { view: string; playlist: string; turns: boolean; untilAt: string };

/** A gateway or a device that misbehaves: answers by path. */
let bad: Server;
const badly: Record<string, (end: (status: number, body: string) => void) => void> = {
  '/silent/index.m3u8': () => {}, '/broken/index.m3u8': (end) => end(200, '<html>'), '/error/index.m3u8': (end) => end(500, ''), '/onvif': (end) => end(200, 'not soap at all <'),
  '/out/index.m3u8': (end) => end(200, '#EXTM3U\n#EXTINF:1,\nhttp://198.51.100.1/secret\n#EXTINF:1,\n../../admin\n#EXTINF:1,\npiece.ts\n'),
};

beforeAll(async () => {
  town = await cameraTown({ demo: true });
  // The town's clock stands a day from the camera's: its digests are right only after it was asked for its time.
  camera = createDemoCamera(() => Date.now(), 480);
  await camera.start();
  town.demo = camera.address();
  bad = createServer((request, response) => {
    const answer = badly[new URL(request.url!, 'http://x').pathname];
    if (answer) answer((status, body) => { response.writeHead(status); response.end(body); });
    else { response.writeHead(404); response.end(); }
  });
  await new Promise<void>((resolve) => { bad.listen(0, '127.0.0.1', resolve); });
  const at = `http://127.0.0.1:${(bad.address() as AddressInfo).port}`;
  done(await town.cameras.gateways.add(theSystem, county, { name: 'demo', kind: 'demo', url: 'http://127.0.0.1/demo', deviceLogin: demoCameraAccount.login, deviceSecret: demoCameraAccount.secret }));
  done(await town.cameras.gateways.add(theSystem, county, { name: 'bad', kind: 'hls', url: at }));
  done(await town.cameras.register.importTable(theSystem, county, { source: tableOf(
    lineOf(1, { 网关: 'demo', 流编号: 'plaza' }), lineOf(2), lineOf(3, { 网关: 'demo', 流编号: 'plaza', 云台: '否' }), lineOf(4, { 网关: 'bad', 流编号: 'broken', onvif地址: `${at}/onvif` }), lineOf(5, { 网关: 'bad', 流编号: 'out' }),
  ) }));
  const known = new Map(Object.entries(people));
  served = await serve(town.world, [...cameraRoutes(town.cameras), ...viewingRoutes(town.cameras, 'http://127.0.0.1')], [], {
    authenticate: async ({ headers }) => known.get((/lamplight=(\w+?)(?:0+|\d0*)?(?:;|$)/.exec(headers.cookie ?? '')?.[1] ?? '').replace(/\d.*$/, '')) ?? null,
  });
  browser = await openBrowser();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await served?.server.drain();
  await camera?.stop();
  bad?.closeAllConnections();
  bad?.close();
  await town?.world.close();
});

describe('a look through a camera', () => {
  it('needs the right, a session of a browser and a purpose of the list, and is told in the ledger at both ends', async () => {
    const anna = browserOf('anna');
    expect((await browserOf('auditor').ask(`/api/cameras/${codeOf(1)}/views`, why)).status).toBe(403);
    expect(await anna.ask(`/api/cameras/${codeOf(1)}/views`, { ...why, purpose: 'curious' })).toMatchObject({ status: 422, body: { reason: 'cameras.purpose_unknown' } });
    expect(await anna.ask(`/api/cameras/${codeOf(2)}/views`, why)).toMatchObject({ status: 409, body: { reason: 'cameras.no_picture' } });
    expect(await anna.ask(`/api/cameras/${codeOf(1)}/views`, { ...why, matter: '01930000-0000-7000-8000-00000000000a' })).toMatchObject({ status: 404 });
    const { view, turns } = await open(anna);
    expect(turns).toBe(true);
    expect((await entriesOf(town, 'begin')).at(-1)).toMatchObject({ subject: 'access', kind: 'camera-view', set: { view, camera: codeOf(1), purpose: 'traffic' } });
    expect(JSON.stringify(await entriesOf(town, 'begin'))).not.toContain('堵车');
    town.world.advance(25_000);
    expect((await anna.ask(`/api/cameras/views/${view}/renew`, {})).status).toBe(200);
    town.world.advance(5_000);
    expect((await anna.ask(`/api/cameras/views/${view}/close`, {})).status).toBe(200);
    expect((await anna.ask(`/api/cameras/views/${view}/close`, {})).status).toBe(200);
    const ends = (await entriesOf(town, 'end')).filter(({ set }) => set['view'] === view);
    expect(ends).toMatchObject([{ set: { seconds: 30, ending: 'closed', purpose: 'traffic', turns: 0 } }]);
    expect((await browserOf('auditor').ask(`/api/cameras/${codeOf(1)}/views`)).body).toMatchObject({ items: [{ view, note: '中心路堵车', seconds: 30, ending: 'closed' }] });
  });

  it('plays for the session that opened it and nobody else: not another session, account or camera, not without its token, not after its end', async () => {
    const anna = browserOf('anna');
    const { view, playlist } = await open(anna);
    const first = await anna.ask(playlist);
    expect(first.status).toBe(200);
    expect(first.text).toMatch(/^#EXTM3U/);
    expect(first.text).not.toContain(camera.address());
    const piece = `/api/cameras/views/${view}/${/piece\?u=[\w-]+/.exec(first.text.split('\n').filter((line) => !line.startsWith('#')).join('\n'))![0]}`;
    expect((await anna.ask(piece)).status).toBe(200);
    const stolen = async (jar: Map<string, string>): Promise<number[]> => Promise.all([playlist, piece].map(async (path) => (await fetch(served.url + path, { headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } })).status));
    const token = anna.jar.get('lamplight_view')!;
    expect(await stolen(new Map())).toEqual([401, 401]);
    expect(await stolen(new Map([['lamplight', anna.jar.get('lamplight')!]]))).toEqual([404, 404]);
    expect(await stolen(new Map([['lamplight', 'anna1'.padEnd(43, '0')], ['lamplight_view', token]]))).toEqual([404, 404]);
    expect(await stolen(new Map([['lamplight', 'ben'.padEnd(43, '0')], ['lamplight_view', token]]))).toEqual([404, 404]);
    // The token of one camera for the look at another.
    const other = browserOf('anna');
    const second = await open(other, 3);
    expect((await fetch(served.url + second.playlist, { headers: { cookie: `lamplight=${anna.jar.get('lamplight')}; lamplight_view=${token}` } })).status).toBe(404);
    expect((await anna.ask(`/api/cameras/views/${view}/piece?u=${Buffer.from('/onvif/device_service').toString('base64url')}`)).status).toBe(404);
    // The token of half a minute ago; the page would have had another.
    town.world.advance(31_000);
    expect((await anna.ask(playlist)).status).toBe(404);
    await anna.ask(`/api/cameras/views/${view}/renew`, {});
    expect((await anna.ask(playlist)).status).toBe(200);
    await anna.ask(`/api/cameras/views/${view}/close`, {});
    expect(await anna.ask(playlist)).toMatchObject({ status: 409, body: { reason: 'cameras.view_over' } });
  });

  it('ends when its time is over, when its page is not heard of, and at once when the camera is switched off', async () => {
    const anna = browserOf('anna');
    const left = await open(anna);
    town.world.advance(41_000);
    expect(await town.cameras.views.sweep()).toBeGreaterThan(0);
    expect((await entriesOf(town, 'end')).find(({ set }) => set['view'] === left.view)).toMatchObject({ set: { ending: 'left' } });
    const long = await open(anna);
    for (let n = 0; n < 20; n++) {
      town.world.advance(30_000);
      await anna.ask(`/api/cameras/views/${long.view}/renew`, {});
    }
    expect((await anna.ask(`/api/cameras/views/${long.view}/renew`, {})).status).toBe(409);
    expect((await entriesOf(town, 'end')).find(({ set }) => set['view'] === long.view)).toMatchObject({ set: { ending: 'limit', seconds: 600 } });
    const off = await open(anna, 3);
    await town.world.ownerDb.query('update camera set off = true where code = $1', [codeOf(3)]);
    expect((await anna.ask(off.playlist)).status).toBe(409);
    await town.world.ownerDb.query('update camera set off = false where code = $1', [codeOf(3)]);
  });

  it('says that a camera does not answer, since when, and takes it back when it does', async () => {
    const anna = browserOf('anna');
    const { view, playlist } = await open(anna, 4);
    for (const stream of ['broken', 'error', 'nothing']) {
      await town.world.ownerDb.query('update camera set stream = $2 where code = $1', [codeOf(4), stream]);
      expect(await anna.ask(playlist)).toMatchObject({ status: 503, body: { reason: 'cameras.gateway_fault' } });
    }
    expect((await town.cameras.register.find(county, codeOf(4)))?.state).toBe('silent');
    expect((await anna.ask(`/api/cameras/views/${view}/renew`, {})).body).toMatchObject({ silentSince: expect.stringMatching(/^2026-11-24/) });
    await town.world.ownerDb.query(`update camera set stream = 'out' where code = $1`, [codeOf(4)]);
    const { status, text } = await anna.ask(playlist);
    expect([status, text.match(/piece\?u=/g)?.length]).toEqual([200, 1]);
    expect((await town.cameras.register.find(county, codeOf(4)))?.state).toBe('works');
    expect(await anna.ask(`/api/cameras/views/${view}/turn`, { stop: true })).toMatchObject({ status: 503, body: { reason: 'cameras.device_fault' } });
  });
});

describe('turning', () => {
  it('moves the camera by ONVIF, one entry for each turn, and whoever turns keeps it for some seconds', async () => {
    const [anna, ben] = [browserOf('anna'), browserOf('ben')];
    const [mine, theirs] = [await open(anna), await open(ben)];
    const turn = (who: typeof anna, view: string, command: object) => who.ask(`/api/cameras/views/${view}/turn`, command);
    expect((await turn(anna, mine.view, { preset: '2' })).status).toBe(200);
    expect(camera.look()).toMatchObject({ pan: 84, zoom: 2 });
    expect(await turn(ben, theirs.view, { move: { pan: 1, tilt: 0, zoom: 0 } })).toMatchObject({ status: 409, body: { reason: 'cameras.held' } });
    expect(await turn(anna, mine.view, { move: { pan: 1, tilt: 0.5, zoom: -1 } })).toMatchObject({ status: 200, body: { deviceMs: expect.any(Number) } });
    await turn(anna, mine.view, { move: { pan: 0.5, tilt: 0, zoom: 0 } });
    await turn(anna, mine.view, { stop: true });
    expect(camera.look().pan).toBeGreaterThan(84);
    expect((await entriesOf(town, 'turn')).filter(({ set }) => set['view'] === mine.view).map(({ set }) => set['preset'] ?? set['pan'])).toEqual(['2', '1']);
    town.world.advance(9_000);
    expect((await turn(ben, theirs.view, { move: { pan: -1, tilt: 0, zoom: 0 } })).status).toBe(200);
    expect((await turn(ben, theirs.view, { stop: true })).status).toBe(200);
    expect((await anna.ask(`/api/cameras/views/${mine.view}/presets`)).body).toMatchObject({ items: [{ token: '1', name: '钟楼' }, { token: '2' }, { token: '3' }] });
    expect((await turn(anna, mine.view, { preset: '99' })).status).toBe(409);
    for (const wrong of [{}, { move: { pan: 2, tilt: 0, zoom: 0 } }, { stop: true, preset: '1' }, { jump: 1 }]) expect((await turn(ben, theirs.view, wrong)).status).toBe(422);
    expect((await turn(browserOf('intake'), mine.view, { stop: true })).status).toBe(403);
    const fixed = await open(anna, 3);
    expect(await turn(anna, fixed.view, { stop: true })).toMatchObject({ status: 409, body: { reason: 'cameras.fixed' } });
  });
});

describe('a playlist', () => {
  it('names nothing outside the folder of its stream, and a piece that leads out is not fetched', () => {
    const at = 'http://10.0.0.9:8888/plaza/index.m3u8';
    const own = ownPlaylist('#EXTM3U\n#EXT-X-MAP:URI="head.mp4"\n#EXT-X-PART:URI="p.mp4"\n#EXTINF:1,\na.ts?x=1\n#EXTINF:1,\nhttp://evil.example/b.ts\n', at, at);
    expect(own.match(/piece\?u=[\w-]+/g)!.map((name) => pieceOf(at, name.slice(8)))).toEqual(['http://10.0.0.9:8888/plaza/head.mp4', 'http://10.0.0.9:8888/plaza/a.ts?x=1']);
    for (const out of ['../admin', 'http://10.0.0.9:9997/plaza/a.ts', '//evil.example/plaza/a', 'file:///etc/passwd', '%2e%2e/x', 'http://a:b@10.0.0.9:8888/plaza/a']) expect(pieceOf(at, Buffer.from(out).toString('base64url'))).toBeUndefined();
  });
});

describe('in a browser', () => {
  it('the demo camera’s picture runs, says that it is a demo, and is another after a turn', async () => {
    // Whoever turned it last has let go of it.
    town.world.advance(10_000);
    const context = await browser.browser.newContext({ viewport: { width: 800, height: 480 } });
    await context.addCookies([{ name: 'lamplight', value: 'anna'.padEnd(43, '0'), url: served.url }]);
    const page = await context.newPage();
    await page.route(`${served.url}/player`, (route) => route.fulfill({ contentType: 'text/html', body: '<video muted autoplay width="768"></video>' }));
    await page.goto(`${served.url}/player`);
    await page.addScriptTag({ content: readFileSync(new URL('../../node_modules/hls.js/dist/hls.light.min.js', import.meta.url), 'utf8') });
    const view = await page.evaluate(async ({ code, why: asked }) => {
      const opened = (await (await fetch(`/api/cameras/${code}/views`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) })).json()) as { view: string; playlist: string };
      const player = new (globalThis as never as { Hls: new (options: object) => { loadSource(url: string): void; attachMedia(video: Element): void } }).Hls({ liveSyncDurationCount: 2 });
      player.loadSource(opened.playlist);
      player.attachMedia(document.querySelector('video')!);
      return opened.view;
    }, { code: codeOf(1), why });
    /** The picture’s middle, as figures. */
    const picture = () => page.evaluate(() => {
      const video = document.querySelector('video')!;
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [96, 54];
      const pen = canvas.getContext('2d')!;
      pen.drawImage(video, 0, 0, 96, 54);
      return [...pen.getImageData(0, 10, 96, 18).data];
    });
    const apart = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, at) => sum + Math.abs(value - b[at]!), 0) / a.length;
    await page.waitForFunction(() => document.querySelector('video')!.currentTime > 1 && document.querySelector('video')!.videoWidth === 768);
    const before = await picture();
    const time = await page.evaluate(() => document.querySelector('video')!.currentTime);
    await page.evaluate(async (id) => { await fetch(`/api/cameras/views/${id}/turn`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ preset: '3' }) }); }, view);
    expect(Math.round(camera.look().pan)).toBe(184);
    await expect.poll(async () => apart(before, await picture()), { timeout: 30_000 }).toBeGreaterThan(8);
    expect(await page.evaluate(() => document.querySelector('video')!.currentTime)).toBeGreaterThan(time);
    await context.close();
  }, 90_000);
});
