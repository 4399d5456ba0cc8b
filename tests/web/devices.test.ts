import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDemoSensors } from '../../src/demo/sensors.ts';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from './town.ts';

let demo: ServedDemo;
let browser: TestBrowser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([servedDemo(), openBrowser()]);
  const { world, modules } = demo.town;
  await createDemoSensors({ world, components: modules.components, sensing: modules.sensing }).turn();
  // The demo's minutes are counted now, not in half a minute.
  const county = (await modules.places.counties())[0]!.county;
  (world as unknown as { advance(ms: number): void }).advance(60_000);
  while (await modules.sensing.rolls.count(county) > 0);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const signedIn = async (account: string, width = 1440, language: 'zh-CN' | 'en-GB' = 'zh-CN'): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, width, height: 900, language });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const clean = async (page: Page, name: string): Promise<void> => {
  await picture(page, `web-${name}`);
  expect(await axeFindings(page), name).toEqual([]);
  expect(await isTooWide(page), `${name} fits its window`).toBe(false);
};

test('a steward finds a device, reads its chart and the same as a table, calibrates it and changes its key', async () => {
  const page = await signedIn('steward');
  await page.goto('/console/#/devices');
  await page.waitForSelector('.note:has-text("模拟")');
  await page.waitForSelector('.table b:has-text("电流")');
  await clean(page, 'devices');
  await page.fill('.page input[type=search]', 'DEMO-WA01');
  await page.waitForSelector('.table tbody tr:only-child a[href*="DEMO-WA01"]');
  await page.click('.table a[href*="DEMO-WA01"]');
  await page.waitForSelector('.series-chart svg[role=img]');
  expect(await page.getAttribute('.series-chart svg', 'aria-label')).toContain('水位');
  await page.click('.series-table > summary');
  await page.waitForSelector('.series-table tbody tr >> nth=50');
  await clean(page, 'device');
  await page.fill('input[name=scale]', '1.02');
  await page.click('.calibration-form button[type=submit]');
  await page.waitForSelector('.note-done:has-text("已校准")');
  await page.waitForSelector('table:has-text("1.02")');
  await page.click('button:has-text("发密钥")');
  await page.waitForSelector('.device-key');
  expect(await page.textContent('.device-key')).toMatch(/^[\w-]{43}$/);
  await page.setViewportSize({ width: 390, height: 844 });
  await clean(page, 'device-390');
  await page.goto('/console/#/devices');
  await page.waitForSelector('.table b:has-text("水位计"), .table b:has-text("电流")');
  await clean(page, 'devices-390');
  await page.context().close();
}, 120_000);

test('an intake officer sees alarms and tries a rule on last week, and changes nothing', async () => {
  const page = await signedIn('intake', 1440, 'en-GB');
  await page.goto('/console/#/devices/rules');
  await page.waitForSelector('button[aria-label="Try Lamp dark at night"]');
  await clean(page, 'device-rules');
  await page.click('button[aria-label="Try Water high"]');
  await page.fill('.rule-trial input[name=limit]', '0.05');
  await page.fill('.rule-trial input[name=clear]', '0.04');
  await page.fill('.rule-trial input[name=holdSeconds]', '0');
  await page.click('.rule-trial button[type=submit]');
  await page.waitForSelector('.rule-trial [role=status]:has-text("alarms at")');
  await page.waitForSelector('.rule-trial tbody tr');
  await clean(page, 'device-rule-tried');
  await page.fill('.rule-trial input[name=clear]', '9');
  await page.click('.rule-trial button[type=submit]');
  await page.waitForSelector('.rule-trial [role=alert]');
  await page.goto('/console/#/devices/alarms');
  await page.waitForSelector('h1:has-text("Devices")');
  await page.waitForSelector('.table-frame[aria-label="Alarms"], :text("No alarms now")');
  await clean(page, 'device-alarms');
  await page.context().close();
}, 120_000);
