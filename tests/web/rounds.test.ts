import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from './town.ts';

let demo: ServedDemo;
let browser: TestBrowser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([servedDemo(), openBrowser()]);
  // The routes that the demo town has by itself are ended: the page is seen without one.
  const { request, close } = await visitorOf(browser, { baseURL: demo.url }).then((context) => ({ request: context.request, close: () => context.close() }));
  expect((await request.post('/api/session', { data: { account: 'gridchief', password: demoPassword } })).ok()).toBe(true);
  const { items } = (await (await request.get('/api/rounds/routes')).json()) as { items: { id: string }[] };
  for (const { id } of items) expect((await request.delete(`/api/rounds/routes/${id}`)).ok()).toBe(true);
  await close();
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

test('a chief plans a route in the console, the grid worker walks it, and the week shows which points were visited', async () => {
  const chief = await signedIn('gridchief');
  await chief.goto('/console/#/rounds');
  await chief.waitForSelector('text=还没有巡查路线');
  await clean(chief, 'rounds-empty');
  await chief.click('button:has-text("排一条路线")');
  await chief.click('.rule-form button[type=submit]');
  expect(await chief.textContent('.rule-form [role=alert]')).toContain('请写名称');
  await chief.fill('#route-name', '谢家路夜巡');
  await chief.fill('.rule-form [role=combobox]', '谢家路001');
  await chief.click('[role=option]:has-text("谢家路001网格")');
  await clean(chief, 'rounds-form');
  await chief.click('.rule-form button[type=submit]');
  await chief.waitForSelector('.note-done:has-text("谢家路夜巡")');
  await chief.waitForSelector('.table b:has-text("谢家路夜巡")');
  await clean(chief, 'rounds-planned');
  await chief.setViewportSize({ width: 390, height: 844 });
  await clean(chief, 'rounds-planned-390');

  const worker = await signedIn('gridworker', 390);
  await worker.goto('/field/#/rounds/patrol');
  await worker.waitForSelector('text=谢家路夜巡');
  await clean(worker, 'field-patrol');
  const [route] = ((await (await worker.request.get('/api/rounds/routes')).json()) as { items: { id: string; stops: { id: string; lng: number; lat: number }[] }[] }).items;
  const patrol = crypto.randomUUID();
  const step = async (body: object) => (await worker.request.post('/api/rounds/steps', { data: { op: crypto.randomUUID(), patrol, ...body }, headers: { origin: demo.url } })).status();
  expect(await step({ do: 'start', route: route!.id })).toBe(200);
  expect(await step({ do: 'check', stop: route!.stops[0]!.id, way: 'position', lng: route!.stops[0]!.lng, lat: route!.stops[0]!.lat, accuracy: 5 })).toBe(200);

  await chief.setViewportSize({ width: 1440, height: 900 });
  await chief.reload();
  await chief.waitForSelector(`.chip:has-text("1 / ${route!.stops.length}")`);
  await chief.click('.views button:has-text("没接的班")');
  // The demo town has hand-overs of its own once it has a day of history.
  await chief.getByText('没有等人接的班').or(chief.locator('[aria-label="没接的班"] tbody tr')).first().waitFor();
  await clean(chief, 'rounds-handovers');
  await chief.context().close();
  await worker.context().close();
}, 120_000);

test('a route is ended after a question, and whoever only reads cannot', async () => {
  const reader = await signedIn('supervisor');
  await reader.goto('/console/#/rounds');
  await reader.waitForSelector('.table');
  expect(await reader.locator('button:has-text("停用")').count()).toBe(0);
  await reader.context().close();
  const chief = await signedIn('gridchief', 1440, 'en-GB');
  await chief.goto('/console/?lang=en#/rounds');
  await chief.click('.table button:has-text("End")');
  await chief.click('button:has-text("End the route")');
  await chief.waitForSelector('text=No routes yet');
  await chief.context().close();
}, 60_000);

test('callbacks, settings of kinds, and the code table read well and pass axe, on a wide and a narrow screen', async () => {
  const steward = await signedIn('steward');
  for (const [path, seen, name] of [
    ['settings/reporting', 'summary:has-text("路灯故障")', 'settings-reporting'], ['settings/cases', 'text=逐级上报', 'settings-cases'], ['settings/open311', 'text=准许取图的内部主机', 'settings-open311'],
    ['settings/replies', 'h1', 'settings-replies'], ['standards', '.version-list', 'standards-versions'],
  ] as const) {
    await steward.setViewportSize({ width: 1440, height: 900 });
    await steward.goto(`/console/#/${path}`);
    await steward.waitForSelector(seen);
    if (name === 'settings-reporting') await steward.click('summary:has-text("路灯故障")');
    await clean(steward, name);
    await steward.setViewportSize({ width: 390, height: 844 });
    await clean(steward, `${name}-390`);
  }
  await steward.context().close();
  const operator = await signedIn('operator');
  await operator.goto('/console/#/callbacks');
  await operator.waitForSelector('.page');
  await clean(operator, 'callbacks');
  await operator.click('.views button:has-text("三率")');
  await clean(operator, 'callbacks-figures');
  await operator.context().close();
}, 180_000);

test('a question of a kind is taken over, changed, looked at and kept, and the form for residents asks it', async () => {
  const steward = await signedIn('steward');
  await steward.goto('/console/#/settings/reporting');
  await steward.click('summary:has-text("路灯故障")');
  const kind = steward.locator('details:has(summary:has-text("路灯故障"))');
  await kind.locator('button:has-text("改成本地列表")').first().click();
  await kind.locator('input[lang=zh-Hans]').first().fill('这盏灯怎么了？');
  await steward.click('button:has-text("看影响")');
  await steward.click('button.btn-primary:has-text("保存")');
  await steward.waitForSelector('.version-list li, .versions li');
  await clean(steward, 'settings-reporting-kept');
  const asked = async (): Promise<string> => ((await (await steward.request.get('/open311/v2/services/streetlight.json')).json()) as { attributes: { description: string }[] }).attributes[0]!.description;
  await expect.poll(asked, { timeout: 20_000 }).toBe('这盏灯怎么了？');
  await steward.context().close();
}, 120_000);
