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

const signedIn = async (account: string, language: 'zh-CN' | 'en-GB' = 'zh-CN'): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, width: 1440, height: 900, language });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const clean = async (page: Page, name: string): Promise<void> => {
  await picture(page, `duty-${name}`);
  expect(await axeFindings(page), name).toEqual([]);
  expect(await isTooWide(page), `${name} fits its window`).toBe(false);
};

test('a week of duty shows who is on when; a shift that is cut short shows its gap before it is saved and after', async () => {
  const page = await signedIn('steward');
  await page.goto('/console/#/settings/duty');
  await page.waitForSelector('.duty-week tbody tr');
  await clean(page, 'week');
  const edit = page.locator('.duty-week tbody tr:has(.btn)').first();
  const place = (await edit.locator('th b').textContent())!;
  await edit.locator('th .btn').press('Enter');
  await page.waitForSelector('.duty-form');
  await page.locator('.duty-form input[id$=-starts]').first().fill('08:00');
  await page.locator('.duty-form input[id$=-ends]').first().fill('25:00');
  await page.click('.duty-form button[type=submit]');
  await page.waitForSelector('.duty-form .field-error[role=alert]');
  await page.locator('.duty-form input[id$=-ends]').first().fill('20:00');
  await page.click('.duty-form button[type=submit]');
  await page.waitForSelector('.duty-form .preview li');
  await clean(page, 'preview');
  await page.setViewportSize({ width: 390, height: 844 });
  await clean(page, 'preview-390');
  await page.click('.duty-form button[type=submit]');
  await page.waitForSelector('.note-done');
  await page.waitForSelector(`.duty-week tr:has(th b:text-is("${place}")) [data-gap]:has-text("20:00–24:00")`);
  await clean(page, 'saved-390');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click('button:has-text("下一周")');
  await page.waitForSelector('.duty-week [data-gap]');
  await page.click('button:has-text("两人对调")');
  await page.click('form[aria-label="两人对调"] button[type=submit]');
  await page.waitForSelector('form[aria-label="两人对调"] .field-error');
  await clean(page, 'swap');

  const reader = await signedIn('supervisor', 'en-GB');
  await reader.goto('/console/#/settings/duty');
  await reader.waitForSelector('.duty-week tbody tr');
  expect(await reader.locator('.duty-week .btn').count()).toBe(0);
  await clean(reader, 'week-en');
}, 120_000);
