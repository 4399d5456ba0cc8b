import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from './town.ts';

let demo: ServedDemo;
let browser: TestBrowser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([servedDemo(), openBrowser()]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const signedIn = async (account: string): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, width: 1440, height: 900 });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const clean = async (page: Page, name: string): Promise<void> => {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFindings(page), name).toEqual([]);
    await picture(page, `plates-${name}-${width}`);
    expect(await isTooWide(page), `${name} fits ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};

test('a batch is looked over before it is made, printed on its sheet, and its plates go from state to state; a lost one says so when it is scanned', async () => {
  const page = await signedIn('steward');
  await page.goto('/console/#/components/batches');
  await page.click('button:has-text("做一批标牌")');
  await page.waitForSelector('#batch-sheet option', { state: 'attached' });
  // Without a name nothing is asked for.
  await page.selectOption('#batch-kind', 'blank');
  await page.fill('#batch-count', '3');
  await page.click('button:has-text("先看看有多少")');
  await page.waitForSelector('#batch-name[aria-invalid=true]');
  await page.fill('#batch-name', '备用牌');
  await page.click('button:has-text("先看看有多少")');
  await page.waitForSelector('[role=status]:has-text("新做 3 块")');
  await clean(page, 'batch-form');
  await page.click('button:has-text("生成")');
  const row = page.locator('tbody tr', { hasText: '备用牌' });
  await row.locator('.chip:has-text("待打印 3")').waitFor();
  await clean(page, 'batches');

  // The sheet: one code for each, each with its number under it, on paper.
  const sheet = await page.context().newPage();
  await sheet.goto((await row.locator('a:has-text("打印")').getAttribute('href'))!);
  await sheet.waitForSelector('svg');
  const numbers = (await sheet.locator('body').innerText()).match(/\b[0-9A-Z]{4}-[0-9A-Z]{4}\b/gu) ?? [];
  expect(new Set(numbers).size).toBe(3);
  await picture(sheet, 'plates-sheet');
  expect((await sheet.pdf({ preferCSSPageSize: true })).subarray(0, 5).toString()).toBe('%PDF-');
  await sheet.close();

  await row.locator('button:has-text("标为已打印")').click();
  await row.locator('.chip:has-text("已打印 3")').waitFor();
  await row.locator('a b').click();
  await page.waitForSelector('tbody tr:nth-child(3) .chip:has-text("已打印")');
  await page.locator('tbody input[type=checkbox]').first().check();
  await page.selectOption('.plate-put select', 'lost');
  await page.waitForSelector('.plate-put .field-hint');
  await clean(page, 'put');
  await page.click('.plate-put button[type=submit]');
  await page.waitForSelector('[role=status]:has-text("已改 1 块")');
  const lost = page.locator('tbody tr', { hasText: '已丢失' });
  await lost.locator('button:has-text("查看")').click();
  await lost.locator('.plate-steps li:has-text("已丢失")').waitFor();
  await clean(page, 'steps');
  const scanned = await page.context().newPage();
  await scanned.goto((await lost.locator('a:has-text("扫码")').getAttribute('href'))!.replace(/^https?:\/\/[^/]+/u, ''));
  expect(await scanned.locator('main').innerText()).toContain('丢失');
  await page.context().close();
}, 120_000);

test('whoever may not make plates sees them and changes nothing', async () => {
  const page = await signedIn('lampkeeper');
  await page.goto('/console/#/components/plates');
  await page.waitForSelector('tbody tr .chip');
  expect(await page.locator('tbody input[type=checkbox]').count()).toBe(0);
  await page.goto('/console/#/components/batches');
  await page.waitForSelector('.empty, tbody tr');
  expect(await page.locator('button:has-text("做一批标牌")').count()).toBe(0);
  await page.context().close();
}, 60_000);
