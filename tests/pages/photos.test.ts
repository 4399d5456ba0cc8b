import { afterAll, beforeAll, expect, it } from 'vitest';
import sharp from 'sharp';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { asFile } from './photos.ts';
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

const shots = async (count: number) => Promise.all(Array.from({ length: count }, async (_, at) => ({
  ...asFile(await sharp({ create: { width: 800, height: 600, channels: 3, background: { r: 20 + 30 * at, g: 40, b: 60 } } }).jpeg().toBuffer()), name: `shot-${at}.jpg`,
})));

it.each([['with a script', true], ['without a script', false]])('up to six photos go with a report, %s', async (_, script) => {
  const visitor = await visitorOf(browser, { script, baseURL: town.url });
  const page = await visitor.newPage();
  page.setDefaultTimeout(15_000);
  const go = () => page.click('main button.do.first');
  await page.goto('/report');
  await page.setInputFiles('#photo', (await shots(2)));
  if (script) await page.waitForFunction(() => document.querySelectorAll('.drop > img').length === 2);
  await go();
  await page.goto(page.url().replace(/\/[a-z]+$/, '/photo'));
  expect(await page.locator('.kept img').count()).toBe(2);
  // The same ones again are no new ones; seven do not fit, and six stay.
  await page.setInputFiles('#photo', await shots(7));
  await go();
  expect(await page.textContent('#photo-error')).toContain('最多 6 张');
  expect(await page.locator('.kept img').count()).toBe(4);
  await page.setInputFiles('#photo', (await shots(6)).slice(4));
  await go();
  await page.goto(page.url().replace(/\/[a-z]+$/, '/photo'));
  expect(await page.locator('.kept img').count()).toBe(6);
  expect(await page.locator('#photo').count()).toBe(0);
  await page.click('button[value=drop-5]');
  expect(await page.locator('.kept img').count()).toBe(5);
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 844 });
    // Without a script the page is the same but for what the script adds, and nothing in it can look at itself.
    if (script) expect([await axeFindings(page), await isTooWide(page)]).toEqual([[], false]);
    await picture(page, `photos-${script ? 'script' : 'plain'}-${width}`);
  }
  await visitor.close();
}, 90_000);

it('a plate’s report takes several at once, and whoever follows it sees them', async () => {
  const visitor = await visitorOf(browser, { script: false, baseURL: town.url });
  const page = await visitor.newPage();
  await page.goto(`/q/${town.lamps[5]!.plate}`);
  await page.setInputFiles('#photo', await shots(3));
  await page.fill('#words', '灯罩碎了');
  await page.click('main form[enctype] button');
  await page.click('main a.do.first');
  expect(await page.locator('figure img').count()).toBe(3);
  const [matter] = await town.cases() as [string];
  const files = await town.world.db.query("select 1 from matter_file where matter = $1 and role = 'before'", [matter]);
  expect(files.length).toBe(3);
  await picture(page, 'photos-follow-390');
  await visitor.close();
}, 90_000);
