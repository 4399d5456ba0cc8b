import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { done } from '../pages/town.ts';
import { servedDemo, type ServedDemo } from './town.ts';

const county = '330281';
let demo: ServedDemo;
let browser: TestBrowser;
let peer: Server;
let peerUrl = '';
let status = 200;
let heard = 0;
beforeAll(async () => {
  [demo, browser] = await Promise.all([servedDemo(), openBrowser()]);
  peer = createServer((request, response) => {
    request.resume().on('end', () => { heard++; response.writeHead(status).end(); });
  });
  await new Promise<void>((resolve) => peer.listen(0, '127.0.0.1', resolve));
  peerUrl = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
}, 240_000);
afterAll(async () => {
  peer?.close();
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
    await picture(page, `partners-${name}-${width}`);
    expect(await isTooWide(page), `${name} fits ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};

test('a program is made, given rights and a key that is shown once and holds until it is taken back; an address is sent what happens, rests, and is sent it again', async () => {
  const page = await signedIn('admin');
  await page.goto('/console/#/partners');
  await page.waitForSelector('text=还没有推送地址');
  await clean(page, 'empty');

  await page.getByRole('button', { name: '程序账号', exact: true }).click();
  await page.getByRole('button', { name: '新增程序账号' }).click();
  await page.getByLabel('名称').fill('市级平台');
  await page.getByLabel(/登录名/u).fill('city-platform');
  await page.locator('.action-panel button[type=submit]').click();
  await page.waitForSelector('text=先给它权限，才能发密钥');
  const { accounts } = demo.town.modules.identity;
  const program = done(await accounts.list(theSystem, county, { kind: 'program', text: 'city-platform', limit: 5 })).items[0]!;
  done(await accounts.grant(theSystem, county, program.id, { role: 'intake', place: '' }));
  await page.reload();
  await page.getByRole('button', { name: '程序账号', exact: true }).click();
  await page.getByRole('button', { name: '密钥', exact: true }).first().click();
  await page.getByRole('button', { name: '新发密钥' }).click();
  await page.getByLabel('用途').fill('正式环境');
  await page.locator('.action-panel button[type=submit]').click();
  const key = await page.locator('.link-words').innerText();
  const asked = (): Promise<number> => fetch(`${demo.url}/api/events?after=0&limit=1`, { headers: { authorization: `Bearer ${key}` } }).then((answer) => answer.status);
  expect(await asked()).toBe(200);
  await clean(page, 'key');
  await page.getByRole('button', { name: '收回' }).click();
  await page.getByRole('button', { name: '收回' }).click();
  await page.waitForSelector('text=已收回');
  expect(await asked()).toBe(401);

  await page.getByRole('button', { name: '推送地址', exact: true }).click();
  await page.getByRole('button', { name: '新增推送地址' }).click();
  await page.getByLabel(/接收地址/u).fill('http://example.org/news');
  await page.getByRole('combobox', { name: /以哪个程序账号/u }).fill('市级');
  await page.getByRole('option', { name: /市级平台/u }).click();
  await page.locator('.action-panel button[type=submit]').click();
  await page.locator('.action-panel [role=alert]').first().waitFor();
  await clean(page, 'refused');
  await page.getByLabel(/接收地址/u).fill(`${peerUrl}/news`);
  await page.getByLabel(/从哪个序号/u).fill('0');
  await page.locator('.action-panel button[type=submit]').click();
  await page.waitForSelector('text=签名密钥只显示这一次');
  await clean(page, 'secret');
  await page.reload();
  await page.waitForSelector('.partner-card');
  expect(await page.locator('.link-words').count()).toBe(0);
  await expect.poll(() => heard, { timeout: 30_000 }).toBeGreaterThan(0);

  status = 500;
  await page.getByRole('button', { name: '重发', exact: true }).click();
  await page.getByRole('spinbutton', { name: '从序号之后重发' }).fill('0');
  await page.locator('.action-panel button[type=submit]').click();
  await expect.poll(async () => { await page.reload(); await page.waitForSelector('.partner-card'); return page.locator('.partner-card').innerText(); }, { timeout: 30_000 }).toContain('对方系统出错（500）');
  await clean(page, 'failing');
  expect(await (await page.context().request.get('/api/webhooks.file?format=csv&lang=en')).text()).toMatch(/Address,Program,[^]*\/news,市级平台,.*An error of the peer's own \(500\)/u);
  status = 200;
  await page.getByRole('button', { name: '停用' }).click();
  await page.getByRole('button', { name: '启用' }).waitFor();
  await page.getByRole('button', { name: '删除' }).click();
  await page.getByRole('button', { name: '确认删除' }).click();
  await page.waitForSelector('text=还没有推送地址');
  await page.context().close();
}, 180_000);

test('a partner system is added, shown with what it fails at, rested and removed; nobody but an administrator sees the page', async () => {
  const { accounts } = demo.town.modules.identity;
  const { account } = done(await accounts.create(theSystem, county, { kind: 'program', login: 'neighbour', name: '邻县平台' }));
  done(await accounts.grant(theSystem, county, account.id, { role: 'intake', place: '' }));
  const services = (await (await fetch(`${demo.url}/open311/v2/services.json?jurisdiction_id=${county}`)).json()) as { service_code: string }[];
  const page = await signedIn('admin');
  await page.goto('/console/#/partners');
  await page.getByRole('button', { name: '对接系统', exact: true }).click();
  await page.waitForSelector('text=还没有对接系统');
  await page.getByRole('button', { name: '新增对接系统' }).click();
  await page.getByLabel('名称').fill('邻县');
  await page.getByLabel(/Open311 地址/u).fill(`${peerUrl}/open311/v2`);
  await page.getByLabel(/服务对照/u).fill(`${services[0]!.service_code}=001`);
  await page.getByRole('combobox', { name: '程序账号' }).fill('邻县');
  await page.getByRole('option', { name: /邻县平台/u }).click();
  await clean(page, 'system-form');
  await page.locator('.action-panel button[type=submit]').click();
  await page.waitForSelector('.partner-card');
  await expect.poll(async () => {
    await demo.town.modules.exchange.round();
    await page.reload();
    await page.getByRole('button', { name: '对接系统', exact: true }).click();
    await page.waitForSelector('.partner-card');
    return page.locator('.partner-card').innerText();
  }, { timeout: 30_000 }).toContain('出错');
  await page.getByRole('button', { name: '查看往来' }).click();
  await page.waitForSelector('text=没有这样的往来');
  await clean(page, 'system');
  await page.getByRole('button', { name: '停用' }).click();
  await page.getByRole('button', { name: '启用' }).click();
  await page.getByRole('button', { name: '马上交换' }).waitFor();
  await page.getByRole('button', { name: '删除' }).click();
  await page.getByRole('button', { name: '确认删除' }).click();
  await page.waitForSelector('text=还没有对接系统');
  await page.context().close();

  const other = await signedIn('dispatcher');
  await other.goto('/console/#/inbox');
  await other.waitForSelector('.bar-nav');
  expect(await other.locator('.bar-nav').innerText()).not.toContain('对接');
  expect((await other.request.get('/api/webhooks')).status()).toBe(403);
  await other.context().close();
}, 180_000);
