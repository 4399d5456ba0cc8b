import { afterAll, beforeAll, expect, it } from 'vitest';
import sharp from 'sharp';
import { axeFindings, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { asFile, lampPhoto } from './photos.ts';
import { servedTown, type ServedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
beforeAll(async () => { [town, browser] = await Promise.all([servedTown(), openBrowser()]); }, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

const first = 'main button.do.first';

it('a report whose network goes away waits in the browser, through a reload, and is sent once when the network is back', async () => {
  const visitor = await visitorOf(browser, { baseURL: town.url });
  const page = await visitor.newPage();
  page.setDefaultTimeout(20_000);
  const path = `/q/${town.lamps[3]!.plate}`;
  await page.goto(path);
  await page.waitForFunction(`navigator.serviceWorker.ready.then(() => caches.match(${JSON.stringify(path)})).then(Boolean)`);
  await page.fill('#words', '灯罩掉下来了');
  await page.setInputFiles('#photo', asFile(await lampPhoto()));
  await visitor.setOffline(true);
  await page.click(first);
  await page.waitForSelector('#kept');
  await page.reload();
  expect(await page.textContent('#kept')).toContain('等着送出');
  await expect.poll(() => page.inputValue('#words')).toBe('灯罩掉下来了');
  expect(await axeFindings(page)).toEqual([]);
  await picture(page, 'kept-waiting-390');
  expect(await town.cases()).toHaveLength(0);
  await visitor.setOffline(false);
  await page.waitForURL('**/done');
  await page.waitForSelector('#kept');
  expect(await page.textContent('#kept')).toContain('已经送到');
  expect(await town.cases()).toHaveLength(1);
  expect(await town.world.db.query("select 1 from matter_file where role = 'before'")).toHaveLength(1);
  await picture(page, 'kept-sent-390');
  // Nothing of it stays behind.
  await expect.poll(() => page.evaluate(`localStorage.getItem('lamplight-kept')`), { timeout: 10_000 }).toBeNull();
  await visitor.close();
}, 120_000);

it('a place taken on the map and one said by the phone wait too, each with its own form', async () => {
  const visitor = await visitorOf(browser, { baseURL: town.url });
  const page = await visitor.newPage();
  page.setDefaultTimeout(20_000);
  const leftPut = `navigator.serviceWorker.ready.then(() => caches.match(location.pathname)).then(Boolean)`;
  await visitor.grantPermissions(['geolocation']);
  await visitor.setGeolocation({ longitude: town.lamps[5]!.lng, latitude: town.lamps[5]!.lat, accuracy: 5 });
  await page.goto('/report');
  await page.click('button[value=skip]');
  await page.waitForURL('**/where');
  await page.waitForFunction(leftPut);
  await visitor.setOffline(true);
  await page.click('#here button');
  await page.waitForSelector('#kept');
  await visitor.setOffline(false);
  await page.waitForURL('**/which');
  await expect.poll(() => page.textContent('#kept')).toContain('接着往下填');
  await page.goto(page.url().replace(/which$/, 'map'));
  await page.waitForSelector('.slippy .tile');
  await page.waitForFunction(leftPut);
  await page.focus('.slippy');
  await page.keyboard.press('Shift+ArrowUp');
  await visitor.setOffline(true);
  await page.click('[data-take]');
  await page.waitForSelector('#kept');
  expect(await page.textContent('#kept')).toContain('等着送出');
  await visitor.setOffline(false);
  await page.waitForURL(/\/(which|what)$/);
  await visitor.close();
}, 120_000);

it('a phone with no room and no network says that nothing was reported, and leaves the form as it is', async () => {
  const visitor = await visitorOf(browser, { baseURL: town.url });
  const page = await visitor.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`/q/${town.lamps[4]!.plate}`);
  await page.waitForFunction(`navigator.serviceWorker.ready`);
  await (await visitor.newCDPSession(page)).send('Storage.overrideQuotaForOrigin', { origin: town.url, quotaSize: 1 });
  await visitor.setOffline(true);
  await page.fill('#words', '灯罩掉下来了');
  await page.click(first);
  await page.waitForSelector('#kept');
  expect(await page.textContent('#kept')).toContain('还没有报成');
  expect(await page.inputValue('#words')).toBe('灯罩掉下来了');
  expect(await page.isVisible(first)).toBe(true);
  await visitor.close();
}, 120_000);

it('from an old phone a report with two photos arrives, and the one taken sideways stands upright', async () => {
  const visitor = await visitorOf(browser, { baseURL: town.url });
  const page = await visitor.newPage();
  page.setDefaultTimeout(30_000);
  await (await visitor.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const sideways = await sharp({ create: { width: 800, height: 500, channels: 3, background: '#334455' } }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const began = performance.now();
  await page.goto('/report');
  await page.setInputFiles('#photo', [asFile(await lampPhoto(town.lamps[8]!)), asFile(sideways, 'sideways.jpg')]);
  await page.waitForFunction(() => document.querySelectorAll('.drop > img').length === 2);
  await page.click(first);
  await page.waitForURL('**/which');
  await page.click(first);
  await page.waitForURL('**/ask');
  await page.check('input[value=out]', { force: true });
  await page.click(first);
  await page.waitForURL('**/check');
  const shown = await sharp(await (await page.request.get((await page.locator('.photo img').nth(1).getAttribute('src'))!)).body()).metadata();
  expect([shown.width! < shown.height!, shown.orientation ?? 1]).toEqual([true, 1]);
  await page.click(first);
  await page.waitForURL('**/done');
  process.stdout.write(`a report with two photos, CPU slowed four times: ${Math.round(performance.now() - began)} ms\n`);
  await visitor.close();
}, 120_000);
