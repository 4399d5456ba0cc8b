import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { readWorkbook } from '../../src/platform/tables/workbook.ts';
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

const signedIn = async (account: string, width = 1440): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, width, height: 900 });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const clean = async (page: Page, name: string): Promise<void> => {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFindings(page), name).toEqual([]);
    await picture(page, `inbox-${name}-${width}`);
    expect(await isTooWide(page), `${name} fits ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};

test('the list as it is filtered is exported whole, by keyboard alone', async () => {
  const page = await signedIn('intake');
  await page.goto('/console/#/inbox?box=all');
  await page.waitForSelector('.rows li');
  await page.focus('button:has-text("导出")');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[role=menuitem]');
  await picture(page, 'inbox-export');
  const coming = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^在办-\d{8}-\d{4}\.xlsx$/u);
  const rows: (readonly string[])[] = [];
  for await (const batch of readWorkbook(await readFile(await download.path()))) rows.push(...batch.rows.map(({ cells }) => cells));
  expect(rows[0]!.slice(0, 4)).toEqual(['编号', '类型', '事项', '状态']);
  const counted = (await (await page.request.get('/api/matters?box=all&limit=1')).json()) as { counts: { all: number } };
  expect(rows).toHaveLength(counted.counts.all + 1);
  await page.context().close();
}, 120_000);

test('many cases are noted at once: selected by keyboard, looked over, carried out, told one by one', async () => {
  const page = await signedIn('intake');
  await page.goto('/console/#/inbox?box=all');
  await page.waitForSelector('.rows li');
  await page.keyboard.press('x');
  await page.waitForSelector('.row-pick');
  await clean(page, 'bulk-none');
  await page.focus('.row-pick input');
  await page.keyboard.press('Space');
  await page.click('button:has-text("全选本列表")');
  await page.waitForSelector('[data-bulk=void]');
  await clean(page, 'bulk-choose');
  await page.click('[data-bulk=requestCheck]');
  await page.fill('.bulk textarea', '重复登记');
  await page.click('.bulk form button[type=submit]');
  await page.waitForSelector('[data-bulk-go]');
  await clean(page, 'bulk-preview');
  await page.click('button:has-text("重新选择操作")');
  await page.click('[data-bulk=note]');
  await page.fill('.bulk textarea', '统一备注：节后复查');
  await page.click('.bulk form button[type=submit]');
  await page.waitForSelector('[data-bulk-go]');
  const promised = Number(/(\d+)/.exec((await page.textContent('[data-bulk-go]'))!)![1]);
  expect(promised).toBeGreaterThan(3);
  await page.click('[data-bulk-go]');
  await page.waitForSelector('.bulk [role=status].strong');
  expect(await page.locator('.bulk-results li[data-ok=true]').count()).toBe(promised);
  await clean(page, 'bulk-done');
  await page.context().close();
}, 120_000);

test('a saved filter is there wherever its account signs in, and what a browser had kept moves over', async () => {
  const page = await signedIn('dispatcher');
  const { id } = (await (await page.request.get('/api/session')).json()) as { id: string };
  await page.addInitScript((account) => localStorage.setItem(`lamplight.filters.${account}`, JSON.stringify([{ name: '旧的', box: 'all', filters: { due: 'late' } }])), id);
  await page.goto('/console/#/inbox?box=all&state=dispatched');
  await page.waitForSelector('.chip-link:has-text("旧的")');
  await page.click('button:has-text("筛选")');
  await page.fill('.saved-form input', '待签收的');
  await page.click('.saved-form button');
  await page.waitForSelector('.chip-link:has-text("待签收的")');
  const elsewhere = await signedIn('dispatcher');
  await elsewhere.goto('/console/#/inbox');
  await elsewhere.click('.chip-link:has-text("待签收的")');
  await elsewhere.waitForFunction(() => location.hash.includes('state=dispatched'));
  const other = await signedIn('intake');
  await other.goto('/console/#/inbox');
  await other.waitForSelector('.inbox-head');
  expect(await other.locator('.chip-link').count()).toBe(0);
  for (const each of [page, elsewhere, other]) await each.context().close();
}, 120_000);

test('the logbook and the components are exported as they are filtered, with nothing that their lists do not show', async () => {
  const page = await signedIn('dispatcher');
  const lines = async (path: string): Promise<string[]> => {
    const answer = await page.request.get(path, { headers: { 'accept-language': 'zh-CN' } });
    expect(answer.status(), path).toBe(200);
    return (await answer.text()).replace(/\r\n$/u, '').split('\r\n');
  };
  const { db } = demo.town.world;
  const [counted] = await db.query<{ deliveries: number; lamps: number }>(`select (select count(*)::int from delivery) as deliveries, (select count(*)::int from component where class = '0137' or class like '0137%') as lamps`);
  const deliveries = await lines('/api/deliveries/export?format=csv');
  expect(deliveries[0]).toBe('\uFEFF时间,收件人,渠道,内容,状态,尝试次数,发出时间,原因');
  expect(deliveries.length).toBe(counted!.deliveries + 1);
  expect(deliveries.join('\n')).not.toMatch(/(?<!\d)1[3-9]\d{9}(?!\d)/u);
  expect((await lines('/api/deliveries/export?format=csv&box=stuck')).length).toBeLessThan(deliveries.length);
  const lamps = await lines('/api/components/export?format=csv&class=0137');
  expect(lamps[0]).toMatch(/^\uFEFF标识码,大类,小类,名称,/u);
  expect(lamps.length).toBe(counted!.lamps + 1);
  const traced = await db.query<{ entry: string }>(`
    select convert_from(canonical, 'UTF8') as entry from ledger_entry where subject = 'access' and action = 'exported'
    union all select convert_from(entry, 'UTF8') from ledger_inbox where convert_from(entry, 'UTF8') like '%"exported"%'`);
  const rows = traced.map(({ entry }) => JSON.parse(entry) as { kind: string; set: { rows: number; whole: boolean } }).filter(({ kind }) => kind !== 'matters').map(({ kind, set }) => `${kind} ${set.rows} ${set.whole}`);
  expect(rows).toContain(`deliveries ${counted!.deliveries} true`);
  expect(rows).toContain(`components ${counted!.lamps} true`);
  for (const [name, wait] of [['deliveries', '.data-table, table'], ['components', 'table']] as const) {
    await page.goto(`/console/#/${name}`);
    await page.waitForSelector(wait);
    await clean(page, `export-${name}`);
  }
  await page.context().close();
}, 120_000);
