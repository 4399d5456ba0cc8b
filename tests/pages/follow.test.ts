import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { asFile, lampPhoto } from './photos.ts';
import { county, type ServedTown, servedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
let context: BrowserContext;
let page: Page;
let matter: string;
beforeAll(async () => {
  [town, browser] = await Promise.all([servedTown(), openBrowser()]);
  context = await visitorOf(browser, { script: false, baseURL: town.url });
  page = await context.newPage();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

const sentence = () => page.locator('#sentence').textContent();
const segments = () => page.locator('.progress').getAttribute('aria-label');

/** A case is followed from its report to its end by whoever reported it, each turn made by whoever makes it in the field. */
describe('what becomes of a report', { timeout: 90_000 }, () => {
  it('is told in one sentence and four segments from the first moment', async () => {
    await page.goto(`/q/${town.lamps[3]!.plate}`);
    await page.setInputFiles('#photo', asFile(await lampPhoto()));
    await page.fill('#words', '晚上一直不亮');
    await page.click('main form[enctype] button');
    await page.click('main a.do.first');
    [matter] = await town.cases() as [string];
    expect(await sentence()).toBe('收到了，正在核对，很快派人。');
    expect(await segments()).toBe('四步做完了 1 步，正在：派人');
    expect(await page.locator('figure figcaption').textContent()).toBe('处理前');
    expect((await page.request.get((await page.locator('figure img').getAttribute('src'))!)).headers()['content-type']).toBe('image/jpeg');
    expect(await page.locator('.timeline li').allTextContents()).toEqual([expect.stringMatching(/^收到报告今天 9:\d\d晚上一直不亮$/)]);
  });

  it('takes a note and a photo more, which the timeline shows', async () => {
    await page.click('summary:has-text("补充")');
    await page.click('button[value=note]');
    expect(await page.locator('.errors a').getAttribute('href')).toBe('#note');
    await page.fill('#note', '灯杆也有点歪');
    await page.click('button[value=note]');
    expect(await page.locator('.notice.done').textContent()).toBe('补充的话收到了。');
    expect(await page.locator('.timeline li').first().textContent()).toContain('灯杆也有点歪');
  });

  it('moves on with every turn that the unit makes, and says until when', async () => {
    const { catalogue } = town.town.modules;
    const version = catalogue.currentVersion(county, town.world.now())!;
    const row = catalogue.rows(county, version).find(({ minorName, limit }) => minorName.includes('路灯') && limit !== null)!;
    await town.act('intake', matter, 'file', { code: row.key, component: town.lamps[3]!.code });
    await page.reload();
    expect(await sentence()).toBe('已经立案，正在派人。');
    // Another browser, with a script, has the page open and is told without a reload.
    const scripted = await visitorOf(browser, { baseURL: town.url });
    const open = await scripted.newPage();
    const listening = open.waitForResponse('**/live');
    await open.goto(new URL(page.url()).pathname);
    await listening;
    const began = performance.now();
    await town.act('dispatcher', matter, 'dispatch', { unit: 'lighting' });
    await open.locator('#sentence', { hasText: '已派给' }).waitFor();
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(await open.locator('#said').textContent()).toContain('已派给路灯管理所');
    await scripted.close();
    await page.reload();
    expect(await sentence()).toBe('已派给路灯管理所，等他们接单。');
    expect(await segments()).toBe('四步做完了 2 步，正在：处理');
    await town.act('unithandler', matter, 'accept');
    await town.act('unithandler', matter, 'arrive');
    await page.reload();
    expect(await sentence()).toBe('路灯管理所的人到现场了，正在处理。');
    expect(await page.locator('.due').first().textContent()).toMatch(/^这一步最晚.+ 前办完。$/);
    await town.act('unithandler', matter, 'finish', { blobs: [await town.photo('unithandler', await lampPhoto(null, true))] });
    await page.reload();
    expect(await sentence()).toBe('路灯管理所说办好了，正请另外的人去核查。');
    await town.act('gridworker', matter, 'verify');
    await page.reload();
    expect(await sentence()).toBe('办好了。');
    expect(await segments()).toBe('四步都做完了');
    expect(await page.locator('figure figcaption').allTextContents()).toEqual(['处理前', '处理后']);
  });

  it('is rated at the end, once, and may be asked for again', async () => {
    await picture(page, 'real-follow-closed');
    await page.click('button[value=rate]');
    expect(await page.locator('.errors a').getAttribute('href')).toBe('#stars');
    await page.check('input[name=stars][value="2"]', { force: true });
    await page.fill('#why', '亮是亮了，有点闪');
    await page.click('button[value=rate]');
    expect(await page.locator('.notice').allTextContents()).toContain('您的评价：不满意');
    expect(await page.locator('button[value=rate]').count()).toBe(0);
    await page.click('summary:has-text("没有办好")');
    await page.fill('#reason', '晚上又灭了');
    await page.click('button[value=reopen]');
    expect(await page.locator('.notice').first().textContent()).toBe('收到了，会有人再去看。');
  });

  it('stands among one’s own on the first page and under “mine”, and on no other browser', async () => {
    await page.goto('/');
    expect(await page.locator('.home-mine').textContent()).toContain('光明路4号灯');
    await page.goto('/mine');
    expect(await page.locator('a.card').count()).toBe(1);
    const other = await visitorOf(browser, { baseURL: town.url });
    const there = await other.newPage();
    await there.goto('/mine');
    expect(await there.locator('a.card').count()).toBe(0);
    const token = (await page.locator('a.card').getAttribute('href'))!;
    await there.goto(token);
    expect(await there.locator('h1').textContent()).toContain('光明路4号灯');
    expect(await axeFindings(there)).toEqual([]);
    expect((await there.goto(`${token.slice(0, -2)}xx`))!.status()).toBe(404);
    await other.close();
  });
});
