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
const acted = async (page: Page, id: string, action: string, input: object): Promise<void> => {
  const answer = await page.request.post(`/api/matters/${id}/actions`, { data: { action, input, op: crypto.randomUUID() } });
  expect(answer.ok(), await answer.text()).toBe(true);
};
/** A case that was reported for a resident, split, noted and answered. */
const made = async (page: Page): Promise<{ readonly id: string; readonly number: string }> => {
  const { contact } = (await (await page.request.post('/api/contacts', { data: { phone: '13900077771' } })).json().catch(() => ({}))) as { contact?: string };
  const lamp = await demo.lamp();
  const answer = await page.request.post('/api/matters', { data: { kind: 'case', action: 'report', input: { text: '门口路灯一闪一闪，家里老人睡不着', component: lamp.code, channel: 'phone', ...(contact && { contact }) }, op: crypto.randomUUID() } });
  const { id, number } = (await answer.json()) as { id: string; number: string };
  await acted(page, id, 'note', { text: '内部核对过档案 @dispatcher' });
  return { id, number };
};
const clean = async (page: Page, name: string): Promise<void> => {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFindings(page), name).toEqual([]);
    await picture(page, `sheet-${name}-${width}`);
    expect(await isTooWide(page), `${name} fits ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};

test('the sheet of a case carries its number as a QR code, what happened, and no person; names come only when asked for, and that is traced', async () => {
  const page = await signedIn('intake');
  const { id, number } = await made(page);
  await page.goto(`/api/matters/${id}/sheet`);
  const shown = await page.textContent('main');
  expect(shown).toContain(number);
  expect(await page.getAttribute('.code', 'aria-label')).toContain(number);
  expect(await page.locator('.code svg path').count()).toBeGreaterThan(0);
  expect(shown).toContain('受理员');
  expect(shown).not.toContain('受理员 张');
  expect(shown).not.toContain('内部核对过档案');
  await clean(page, 'plain');
  const printed = await page.pdf({ format: 'A4', preferCSSPageSize: true });
  expect(printed.subarray(0, 5).toString()).toBe('%PDF-');
  expect(printed.toString('latin1').match(/\/MediaBox \[0 0 59[45][^\]]* 84[12]/gu)?.length).toBeGreaterThan(0);
  const traced = () => demo.town.world.db.query<{ entry: string }>(`
    select convert_from(canonical, 'UTF8') as entry from ledger_entry where subject = 'access' and action = 'print'
    union all select convert_from(entry, 'UTF8') from ledger_inbox where convert_from(entry, 'UTF8') like '%"print"%'`);
  expect(await traced()).toEqual([]);
  await page.click('.screen a');
  await page.waitForSelector('text=本单含个人信息');
  expect(await page.textContent('main')).toContain('受理员 张');
  expect(await page.textContent('main')).toContain('内部核对过档案');
  await clean(page, 'personal');
  const entries = (await traced()).map(({ entry }) => JSON.parse(entry) as { set: { matter: string } });
  expect(entries.map(({ set }) => set.matter)).toEqual([id]);
  await page.context().close();
}, 120_000);

test('more than five hundred matters at once are refused before anything is looked at, and a line comes back for each of fewer', async () => {
  const page = await signedIn('intake');
  const ids = (count: number) => Array.from({ length: count }, (_, n) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`);
  const ask = (path: string, matters: readonly string[]) => page.request.post(path, { data: { matters, action: 'note', input: { text: 'x' }, ...(path.endsWith('bulk') && { op: crypto.randomUUID() }) } });
  for (const path of ['/api/matters/bulk', '/api/matters/bulk/preview']) expect((await ask(path, ids(501))).status()).toBe(422);
  const answer = await ask('/api/matters/bulk', [...ids(3), (await made(page)).id]);
  expect(answer.headers()['content-type']).toContain('application/x-ndjson');
  const lines = (await answer.text()).trim().split('\n').map((line) => JSON.parse(line) as { ok: boolean; reason: string | null });
  expect(lines.map(({ ok, reason }) => reason ?? ok)).toEqual(['matters.not-found', 'matters.not-found', 'matters.not-found', true]);
  await page.context().close();
}, 120_000);

test('a sheet of what one may not see is not there, whatever is asked for', async () => {
  const intake = await signedIn('intake');
  const { id } = await made(intake);
  const clerk = await signedIn('clerk');
  expect((await clerk.request.get(`/api/matters/${id}/sheet?personal=yes`)).status()).toBe(404);
  expect((await intake.request.get('/api/matters/none/sheet')).status()).toBe(404);
  for (const page of [intake, clerk]) await page.context().close();
}, 120_000);

test('a case is split, answered and printed from its page in the console', async () => {
  const page = await signedIn('intake');
  const { id } = await made(page);
  await page.goto(`/console/#/inbox/${id}?box=all`);
  await page.click('[data-action=split]');
  await page.waitForSelector('.action-panel form');
  await page.fill('.action-panel textarea', '灯杆上还挂着广告');
  await page.fill('.action-panel [role=combobox] >> nth=0', '路灯');
  await page.click('[role=option] >> nth=0');
  await clean(page, 'split-form');
  await page.click('.action-panel button[type=submit]');
  await page.waitForSelector('.children li a');
  await clean(page, 'split');
  await page.click('.children li a');
  await page.waitForSelector('h2:has-text("有关的案件")');
  await page.click('[data-action=reply]');
  await page.click('.action-panel .combo button');
  await page.click('[role=option]:has-text("感谢反映")');
  await clean(page, 'reply-form');
  await page.click('.action-panel button[type=submit]');
  await page.waitForSelector('.step:has-text("答复反映人")');
  expect(await page.getAttribute('.matter-print', 'href')).toContain('/sheet');
  await page.context().close();
}, 120_000);
