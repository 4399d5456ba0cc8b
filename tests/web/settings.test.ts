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

const signedIn = async (account: string, width = 1440, language: 'zh-CN' | 'en-GB' = 'zh-CN'): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, width, height: width > 500 ? 900 : 844, language });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const clean = async (page: Page, name: string): Promise<void> => {
  await picture(page, `settings-${name}`);
  expect(await axeFindings(page), name).toEqual([]);
  expect(await isTooWide(page), `${name} fits its window`).toBe(false);
};

test('a unit is added, renamed, dissolved with what it holds and opened again, all of it in the console', async () => {
  const page = await signedIn('admin');
  await page.goto('/console/#/settings/units');
  await page.waitForSelector('.unit-tree a');
  await clean(page, 'units');
  await page.click('button:has-text("新增单位")');
  await page.fill('#unit-id', 'lamps-east');
  await page.click('.unit-form button[type=submit]');
  expect(await page.textContent('.unit-form [role=alert]')).toContain('三种文字');
  await page.fill('#unit-zh-Hans', '东片路灯班');
  await page.fill('#unit-zh-Hant', '東片路燈班');
  await page.fill('#unit-en', 'Lamps east');
  await page.selectOption('#unit-parent', 'lighting');
  await page.click('.unit-form button[type=submit]');
  await page.waitForSelector('.unit-card h2:has-text("东片路灯班")');

  await page.goto('/console/#/settings/units/lighting');
  await page.waitForSelector('.holds dt:has-text("下级单位")');
  await page.fill('#unit-phone', '0574-62150001');
  await page.click('.unit-form button[type=submit]');
  await page.waitForSelector('.note-done');
  await page.waitForSelector('.changed ins:has-text("057462150001")');
  await clean(page, 'unit');
  await page.click('.unit-card button:has-text("撤销单位")');
  await page.fill('#dissolve-reason', '机构改革，并入养护站');
  await page.click('.dissolve button[type=submit]');
  await page.waitForSelector('.dissolve .field-error:has-text("承接单位")');
  await clean(page, 'dissolve-wrong');
  await page.selectOption('#heir-all', 'works');
  await page.click('.dissolve button[type=submit]');
  await page.waitForSelector('.preview .effects');
  await clean(page, 'dissolve-preview');
  await page.setViewportSize({ width: 390, height: 844 });
  await clean(page, 'dissolve-preview-390');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click('.dissolve button[type=submit]');
  await page.waitForSelector('text=已全部交接');
  await clean(page, 'dissolved');
  await page.click('button:has-text("恢复这个单位")');
  await page.fill('#back-reason', '改革推迟');
  await page.click('.dissolve button[type=submit]');
  await page.waitForSelector('text=撤回了撤销');
  expect(await demo.town.modules.cases.routing.rules('330281').then(({ rules }) => rules.some(({ unit }) => unit === 'lighting'))).toBe(true);
}, 120_000);

test('whatever was changed is listed with its author and its way back, and one change is taken back at once', async () => {
  const page = await signedIn('admin');
  await page.goto('/console/#/settings/changed');
  await page.waitForSelector('.changed:has-text("市政路灯管理所")');
  await clean(page, 'changed');
  await page.selectOption('#changed-subject', 'units');
  await page.waitForSelector('.changed:has-text("修改单位：东片路灯班")');
  await page.setViewportSize({ width: 390, height: 844 });
  await clean(page, 'changed-390');
  const one = page.locator('.changed:has-text("修改单位：东片路灯班")').first();
  await one.locator('button:has-text("撤回这次修改")').click();
  await one.locator('button:has-text("确定撤回")').click();
  await page.waitForSelector('.note-done:has-text("已撤回")');
  const reader = await signedIn('supervisor', 1440, 'en-GB');
  await reader.goto('/console/#/settings/changed/units');
  await reader.waitForSelector('.changed');
  expect(await reader.locator('button:has-text("Take this change back")').count()).toBe(0);
  await clean(reader, 'changed-en');
}, 120_000);

test('a role is given after its effect was seen, for a time, and ended; roles stand there in plain words', async () => {
  const page = await signedIn('admin');
  await page.goto('/console/#/settings/grants');
  await page.waitForSelector('.table tbody tr');
  await clean(page, 'grants');
  await page.click('button:has-text("授权")');
  await page.click('.give button[type=submit]');
  expect(await page.textContent('.give [role=alert]')).toContain('请选人和岗位');
  await page.fill('.give [role=combobox] >> nth=0', '受理员');
  await page.click('[role=option]:has-text("受理员")');
  await page.selectOption('#give-role', 'dispatcher');
  await page.fill('#give-until', '2030-01-01T18:00');
  await page.click('.give button[type=submit]');
  await page.waitForSelector('.preview:has-text("重发通知")');
  await clean(page, 'give');
  await page.click('.give button[type=submit]');
  await page.waitForSelector('.note-done:has-text("已授予")');
  await page.selectOption('#grants-role', 'dispatcher');
  const row = page.locator('.table tbody tr:has-text("受理员")');
  await row.locator('button:has-text("收回")').click();
  await row.locator('button:has-text("确定收回")').click();
  await row.waitFor({ state: 'detached' });
  await page.setViewportSize({ width: 390, height: 844 });
  await clean(page, 'grants-390');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto('/console/#/settings/what-roles');
  await page.waitForSelector('.role-lines');
  await clean(page, 'roles');
  await page.goto('/console/#/settings/roles');
  await page.waitForSelector('.setting-checks');
  await clean(page, 'roles-narrowed');
}, 120_000);
