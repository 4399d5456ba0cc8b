import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { holding } from '../support/holding.ts';
import { asFile, lampPhoto } from './photos.ts';
import { county, type ServedTown, servedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  [town, browser] = await Promise.all([servedTown(), openBrowser()]);
  context = await visitorOf(browser, { baseURL: town.url });
  page = await context.newPage();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

const phone = '13900007711';
const mail = 'erasme@example.com';
const [said, later] = ['阿婆晚上摔过一跤', '我家就在桥头第三户'];
const first = 'button.do.first';
const texts = (): Promise<string> => page.locator('main').innerText();
const everywhere = async (words: readonly string[]): Promise<Record<string, string[]>> =>
  Object.fromEntries(await Promise.all(words.map(async (one) => [one, await holding(town.world.ownerDb, one)] as const)));
const signIn = async (): Promise<void> => {
  await page.goto('/mine');
  await page.fill('#phone', phone);
  await page.click('button[value=send]');
  await page.fill('#code', await town.code());
  await page.click('button[value=verify]');
};

describe('a resident who asks for erasure', { timeout: 120_000 }, () => {
  let follow: string;
  let served: string;
  it('has reported with words, phone, photo and mail', async () => {
    await signIn();
    await page.goto('/mine/told/way');
    await page.check('input[name=channel][value=email]', { force: true });
    await page.click(first);
    await page.fill('#email', mail);
    await page.click(first);
    await page.waitForSelector('main .notice');
    const [sent] = await town.world.db.query<{ params: { link: string } }>(`select params from delivery where template = 'email_confirm'`);
    await page.goto(new URL(sent!.params.link).pathname);
    await page.click('main form button');
    await page.goto('/report');
    await page.setInputFiles('#photo', asFile(await lampPhoto(town.lamps[2]!)));
    await page.click(first);
    await page.click(first);
    await page.check('input[value=out]', { force: true });
    await page.click(first);
    await page.fill('#words', said);
    await page.click(first);
    await page.click('main a.do.first');
    follow = new URL(page.url()).pathname;
    await page.locator('details:has(#note) summary').click();
    await page.fill('#note', later);
    await page.click('button[value=note]');
    expect(await texts()).toContain(later);
    expect(await everywhere([said, later])).toEqual({ [said]: expect.arrayContaining(['matter_text']), [later]: expect.arrayContaining(['matter_text']) });
    [{ served }] = await town.world.db.query<{ served: string }>('select served from matter_file where county = $1', [county]) as [{ served: string }];
    expect(await town.world.blobs.get(served as never)).toBeDefined();
  });

  it('reads what goes and what stays, and says yes twice', async () => {
    await page.goto('/mine');
    await page.click('a[href="/mine/erase"]');
    expect(await texts()).toContain('会留下的');
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, 'erase-390');
    await page.goto('/mine/erase?version=elderLarge');
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await picture(page, 'erase-elder');
    await page.goto('/mine/erase?lang=en');
    expect(await texts()).toContain('What stays, and why');
    await page.goto('/mine/erase?version=plain&lang=zh-Hans');
    await page.goto('/mine/erase');
    await page.click('a[href="/mine/erase/sure"]');
    await picture(page, 'erase-sure-390');
    await page.click('button[value=erase]');
    expect(new URL(page.url()).pathname).toBe('/mine/erased');
    expect((await context.cookies()).map(({ name }) => name).filter((name) => ['lamplight-phone', 'lamplight-mine', 'lamplight-report'].includes(name))).toEqual([]);
  });

  it('is in no table and no folder afterwards, and the ledger still verifies', async () => {
    const { ledger } = town.town.modules;
    await ledger.sequencer.drain(county);
    await ledger.followers.catchUp(county);
    expect(await everywhere([said, later, phone, mail])).toEqual({ [said]: [], [later]: [], [phone]: [], [mail]: [] });
    expect(await town.world.db.query('select 1 from contact where phone is not null or phone_index is not null or email is not null')).toEqual([]);
    expect(await town.world.blobs.get(served as never)).toBeUndefined();
    expect(await town.world.db.query('select 1 from blob where digest = $1', [served])).toEqual([]);
    expect((await ledger.verify()).flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('whoever opens the link reads that the data were erased, what remains, and can say nothing in their name', async () => {
    await page.goto(follow);
    expect(await texts()).toContain('已经要求删除个人信息');
    expect(await texts()).not.toContain(said);
    expect(await page.locator('button[value=note]').count()).toBe(0);
    expect(await page.locator('#sentence').textContent()).not.toBe('');
    await picture(page, 'erased-follow-390');
  });
});
