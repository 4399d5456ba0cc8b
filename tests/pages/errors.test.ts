import { afterAll, beforeAll, expect, it } from 'vitest';
import { axeFindings, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { servedTown, type ServedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
beforeAll(async () => {
  [town, browser] = await Promise.all([servedTown(), openBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

it('an address that is not there says so in the residents’ layout, with the way home and whom to call', async () => {
  for (const width of [390, 1440]) {
    const visitor = await visitorOf(browser, { baseURL: town.url });
    const page = await visitor.newPage();
    await page.setViewportSize({ width, height: 844 });
    expect((await page.goto('/nowhere'))!.status()).toBe(404);
    expect(await page.locator('h1').textContent()).toBe('找不到这一页');
    expect(await page.locator('main a[href="/"]').count()).toBe(1);
    expect(await page.locator('main a[href="tel:12345"]').textContent()).toBe('12345');
    expect(await page.locator('a[href="/help"]').count()).toBe(1);
    expect(await page.evaluate(() => [...document.querySelectorAll('body *')].filter((each) => each.children.length === 0 && (each.textContent ?? '').trim() !== '' && parseFloat(getComputedStyle(each).fontSize) < 16).map((each) => each.outerHTML))).toEqual([]);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, `error-404-${width}`);
    await visitor.close();
  }
});

it('an error page comes in the reader’s language and version, and as a problem document for programs', async () => {
  const elder = await (await fetch(`${town.url}/nowhere?lang=en`, { headers: { accept: 'text/html', cookie: 'lamplight-version=elder' } })).text();
  expect(elder).toContain('<html lang="en" class="elder">');
  expect(elder).toContain('Public hotline');
  const program = await fetch(`${town.url}/nowhere`, { headers: { accept: 'application/json' } });
  expect([program.status, program.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
});

it('too many requests and a database that is away look the same, and the number to call is still there', async () => {
  for (const [status, reason] of [[429, 'http.too_many'], [503, 'http.database_away']] as const) {
    const html = town.town.http.errorPage!({ type: '', title: 'x', status, detail: reason, reason, request: 'abc-1' }, 'zh-Hans', '', { path: '/report', cookie: () => undefined });
    expect(html).toContain('请稍等再试');
    expect(html).toContain('href="tel:12345"');
    expect(html).toContain('abc-1');
  }
});

it('the language can be asked for at any address of the interface', async () => {
  const english = await fetch(`${town.url}/api/places/tree?lang=en`);
  expect(english.status).toBe(200);
  expect(await english.text()).toContain('"label":"Province"');
  expect((await fetch(`${town.url}/api/places/tree?long=en`)).status).toBe(422);
});

it('the page of a code can be loaded again and sends nothing again', async () => {
  const visitor = await visitorOf(browser, { script: false, baseURL: town.url });
  const page = await visitor.newPage();
  const codes = async () => (await town.world.db.query<{ count: number }>("select count(*) as count from delivery where template = 'sms_code'"))[0]!.count;
  await page.goto('/mine');
  await page.fill('#phone', '13900004321');
  await page.click('main button.do.first');
  expect(new URL(page.url()).pathname).toBe('/mine/code');
  const sent = await codes();
  await page.reload();
  expect(await codes()).toBe(sent);
  expect(await page.textContent('main')).toContain('139****4321');
  await page.fill('#code', await town.code());
  await page.click('main button.do.first');
  expect(new URL(page.url()).pathname).toBe('/mine');
  // Used up: the page of the code leads back.
  await page.goto('/mine/code');
  expect(new URL(page.url()).pathname).toBe('/mine');
  const foreign = await fetch(`${town.url}/mine/code`, { headers: { cookie: 'lamplight-asked=AAAA' }, redirect: 'manual' });
  expect([foreign.status, foreign.headers.get('location')]).toEqual([303, '/mine']);
  await visitor.close();
});
