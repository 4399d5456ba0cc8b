import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from './town.ts';

let demo: ServedDemo;
let browser: TestBrowser;
let folder: string;
beforeAll(async () => {
  [demo, browser, folder] = await Promise.all([servedDemo(), openBrowser(), mkdtemp(join(tmpdir(), 'lamplight-import-'))]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await demo?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const clean = async (page: Page, name: string): Promise<void> => {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFindings(page), `${name} ${width}`).toEqual([]);
    await picture(page, `history-${name}-${width}`);
    expect(await isTooWide(page), `${name} fits ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};

test('somebody brings the old system\'s table in from the page: chooses the file, says what its words mean, sees what is wrong and takes the file of it, starts, and finds it in the list', async () => {
  const context = await visitorOf(browser, { baseURL: demo.url, width: 1440, height: 900 });
  expect((await context.request.post('/api/session', { data: { account: 'admin', password: demoPassword } })).ok()).toBe(true);
  const page = await context.newPage();
  const lines = ['单号,受理日期,进展,办结日期,类型,内容,所在村', ...Array.from({ length: 40 }, (_, at) =>
    `OLD-${at},2023-05-${String(1 + at % 28).padStart(2, '0')},${at % 10 === 9 ? '挂起中' : '已完成'},2023-06-01,${at % 2 ? '路灯' : '灯杆歪了'},第${at}盏路灯不亮,谢家路村`), 'OLD-x,看不清,已完成,,,字,'];
  const file = join(folder, '旧系统.csv');
  await writeFile(file, lines.join('\r\n'));

  await page.goto('/console/#/partners/history');
  await page.waitForSelector('text=还没有导入过历史案件');
  await clean(page, 'none');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: '选择文件' }).click()]);
  await chooser.setFiles(file);
  await page.waitForSelector('text=第一步');
  await page.getByRole('button', { name: '修改对应表' }).click();
  const form = page.getByRole('form', { name: '修改对应表' });
  await form.getByLabel('代号', { exact: true }).fill('village-old');
  await form.getByLabel('来源系统代号').fill('village-old');
  await form.getByRole('button', { name: '保存为新版本' }).click();
  // The columns that it cannot do without are asked for.
  expect(await form.getByLabel('编号').getAttribute('aria-invalid')).toBe('true');
  for (const [field, column] of [['编号', '单号'], ['上报时间', '受理日期'], ['状态', '进展'], ['结案时间', '办结日期'], ['问题类别', '类型'], ['问题描述', '内容'], ['所属地点', '所在村']] as const)
    await form.getByLabel(new RegExp(`^${field}( · 必填)?$`, 'u')).selectOption(column);
  await clean(page, 'mapping');
  await form.getByRole('button', { name: '保存为新版本' }).click();
  await page.waitForSelector('text=第二步', { timeout: 60_000 });
  await page.waitForSelector('text=没有这个状态');
  await clean(page, 'found');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  const faults = await readFile(await download.path(), 'utf8');
  expect(faults).toContain('挂起中');
  expect(faults.trim().split('\r\n').length).toBeGreaterThan(41);

  // Words that nothing here knew stand on top of the form and only want an answer.
  await page.getByRole('button', { name: '修改对应表' }).click();
  const state = form.locator('.history-pair').filter({ has: page.locator('input[value="挂起中"]') });
  await state.locator('select').selectOption('open');
  await form.locator('.history-pair').filter({ has: page.locator('input[value="已完成"]') }).locator('select').selectOption('closed');
  await form.locator('.history-pair').filter({ has: page.locator('input[value="灯杆歪了"]') }).locator('input').nth(1).fill('C0137');
  await form.getByRole('button', { name: '保存为新版本' }).click();
  await page.waitForSelector('text=跳过 1 行，导入其余 40 件', { timeout: 60_000 });
  await page.getByRole('button', { name: /跳过 1 行/u }).click();
  await page.waitForSelector('text=导入完毕：40 件', { timeout: 60_000 });
  await clean(page, 'done');
  for (const language of ['en', 'zh-Hant']) {
    await page.goto(`/console/?lang=${language}#/partners/history`);
    await page.waitForSelector(language === 'en' ? 'text=Past imports' : 'text=以前的匯入');
    await page.waitForSelector('text=旧系统.csv');
    await clean(page, `list-${language}`);
  }
  await context.close();
}, 240_000);

test('an upload that broke off is named after a reload; the same file goes on where it was, another one is told from it, and the list leaves as a file', async () => {
  const context = await visitorOf(browser, { baseURL: demo.url, width: 1440, height: 900 });
  expect((await context.request.post('/api/session', { data: { account: 'admin', password: demoPassword } })).ok()).toBe(true);
  const text = `单号,受理日期,进展\r\n${Array.from({ length: 200_000 }, (_, at) => `LONG-${String(at).padStart(6, '0')},2023-05-01,已完成\r\n`).join('')}`;
  const [file, other] = [join(folder, '很长的表.csv'), join(folder, '别的表.csv')];
  await Promise.all([writeFile(file, text), writeFile(other, text.replace('LONG-000000', 'LANG-000000'))]);
  const bytes = Buffer.from(text);
  const piece = 4 * 1_048_576;
  const { id } = (await (await context.request.post('/api/history/imports', { data: { file: '很长的表.csv', bytes: bytes.length } })).json()) as { id: string };
  expect((await context.request.put(`/api/history/imports/${id}/pieces/0`, { data: bytes.subarray(0, piece), headers: { 'content-type': 'application/octet-stream' } })).ok()).toBe(true);

  const page = await context.newPage();
  await page.goto('/console/#/partners/history');
  const words = `已收到 ${Math.floor((piece / bytes.length) * 100)}%`;
  await page.waitForSelector(`.history-begun :has-text("${words}")`);
  await clean(page, 'begun-list');
  await page.locator('.history-begun a').click();
  await page.waitForSelector(`.history-step :has-text("${words}")`);
  await clean(page, 'begun');
  const choose = async (path: string): Promise<void> => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('button', { name: '选择同一个文件' }).click()]);
    await chooser.setFiles(path);
  };
  await choose(other);
  await page.waitForSelector('[role=alert]:has-text("这不是原来那个文件")');
  await clean(page, 'begun-other');
  const sent: string[] = [];
  page.on('request', (request) => { if (request.method() === 'PUT') sent.push(request.url().replace(/.*\//, '')); });
  await choose(file);
  await page.waitForSelector('text=第一步');
  // The first piece is how it was recognised; only the rest was missing.
  expect(sent).toEqual(['0', '1']);

  const list = await context.request.get('/api/history/imports.file?format=csv&lang=zh-Hans');
  expect(await list.text()).toMatch(/文件,状态,已导入,[^]*很长的表\.csv,已上传,0/u);
  await page.goto('/console/#/partners/history');
  await page.waitForSelector('.history-list-head button');
  await clean(page, 'exported');
  await context.close();
}, 240_000);
