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

const signedIn = async (account: string, width = 1440): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, width, height: 900 });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const clean = async (page: Page, name: string): Promise<void> => {
  expect(await axeFindings(page), name).toEqual([]);
  await picture(page, `web-${name}`);
  // What reaches beyond the window, by name: a page that is too wide says by which of its parts.
  const beyond = (await isTooWide(page)) ? await page.evaluate(() => [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map((each) => `${each.tagName}.${each.className}`).slice(0, 8)) : [];
  expect(beyond, `${name} fits its window`).toEqual([]);
};

test('a whole number shows the caller\'s cases and is traced; a new caller is kept with the report', async () => {
  const page = await signedIn('intake');
  await page.goto('/console/#/intake');
  await page.fill('#call-phone', '1390009999');
  await page.fill('#call-words', '路灯不亮');
  await page.fill('#call-where', '谢家路村村口');
  await page.fill('#call-phone', '13900099991');
  await page.waitForSelector('[data-caller=new]');
  await page.click('.offers button');
  await page.click('button[type=submit]');
  await page.waitForSelector('.note-done');
  await page.fill('#call-phone', '１３９ ０００９ ９９９１');
  await page.waitForSelector('[data-caller=known] li');
  expect(await page.textContent('[data-caller=known]')).toContain('139****9991');
  await clean(page, 'intake-caller');
  const traced = await demo.town.world.db.query<{ entry: string }>(`
    select convert_from(canonical, 'UTF8') as entry from ledger_entry where subject = 'access' and action = 'find'
    union all select convert_from(entry, 'UTF8') from ledger_inbox where convert_from(entry, 'UTF8') like '%"find"%'`);
  const sets = traced.map(({ entry }) => (JSON.parse(entry) as { set: { found: boolean; purpose: string; contact?: string } }).set);
  expect(sets.map(({ found }) => found).sort()).toEqual([false, true, true]);
  expect(sets.every(({ purpose }) => purpose === 'intake')).toBe(true);
  expect(JSON.stringify(traced)).not.toContain('9999');
  // How they want to be told is kept as they say it on the phone, once it was read to them.
  await page.click('.told-box button');
  await page.selectOption('.told-box select >> nth=0', 'letter');
  await page.fill('.told-box textarea', '谢家路村光明路 12 号 王阿婆');
  await page.check('.told-box input[type=checkbox] >> nth=0');
  expect(await page.isDisabled('.told-box button[type=submit]')).toBe(true);
  await page.check('.told-box input[type=radio] >> nth=0');
  await page.check('.told-box input[type=checkbox] >> nth=3');
  await clean(page, 'intake-told');
  await page.click('.told-box button[type=submit]');
  await page.waitForSelector('.told-box [role=status]');
  await page.waitForSelector('.told-facts li:has-text("寄信")');
  expect(await demo.town.world.db.query('select channel, plain, preferred_by from contact where preferred_at is not null')).toEqual([{ channel: 'letter', plain: true, preferred_by: 'call' }]);
  await page.context().close();
}, 120_000);

test('a dispatch rule is written, changed, tried and saved', async () => {
  const page = await signedIn('steward');
  await page.goto('/console/#/dispatch');
  await page.waitForSelector('.rule');
  await page.click('button:has-text("加一条规则")');
  await page.click('.rule-form button[type=submit]');
  expect(await page.textContent('.rule-form [role=alert]')).toContain('说明');
  await page.fill('#rule-words-zh-Hans', '夜里的路灯归市政养护站');
  await page.fill('#rule-code', 'c0137');
  await page.fill('.rule-form input[type=time] >> nth=0', '22:00');
  await page.fill('.rule-form input[type=time] >> nth=1', '06:00');
  await page.fill('.rule-form [role=combobox] >> nth=-1', '市政养护站');
  await page.click('[role=option]:has-text("市政养护站")');
  await clean(page, 'dispatch-rule-form');
  await page.setViewportSize({ width: 390, height: 844 });
  await clean(page, 'dispatch-rule-form-390');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.click('.rule-form button[type=submit]');
  expect(await page.textContent('.rule >> nth=0')).toContain('夜里的路灯归市政养护站');
  await page.click('button[aria-label="修改规则 1"]');
  await page.fill('#rule-words-en', 'Lamps at night');
  await page.click('.rule-form button[type=submit]');
  // What the change would do is looked at before it is kept.
  await page.click('button:has-text("的案件试一遍")');
  await page.click('button.btn-primary:has-text("保存")');
  await page.waitForFunction(() => !document.querySelector('.btn-primary'));
  const answer = (await (await page.request.get('/api/dispatch/rules')).json()) as { rules: unknown[] };
  expect(answer.rules[0]).toEqual({
    code: 'C0137', hours: ['22:00', '06:00'], unit: 'works', words: { 'zh-Hans': '夜里的路灯归市政养护站', 'zh-Hant': '夜里的路灯归市政养护站', en: 'Lamps at night' },
  });
  await page.context().close();
}, 120_000);

test('the auditor reads the ledger back to its first entry, jumps to a number and a day, and sees the witnesses', async () => {
  const county = demo.town.modules.needs.world.demo ? (await demo.town.modules.places.counties())[0]!.county : '';
  await demo.town.modules.ledger.putWitness({ county, name: 'archive', kind: 'file', target: '/nowhere/archive', verifier: null, everySeconds: 60, active: false });
  const page = await signedIn('auditor');
  await page.goto('/console/#/trace');
  await page.waitForSelector('.ledger-jump');
  await page.waitForSelector('h2:has-text("翻阅账本") ~ * tbody tr');
  await clean(page, 'ledger-entries');
  await page.fill('.ledger-jump input[inputmode=numeric]', '7');
  await page.click('.ledger-jump button');
  await page.waitForFunction(() => document.querySelectorAll('.ledger-jump ~ * tbody tr').length === 7);
  await page.click('button:has-text("往后翻")');
  expect(await page.textContent('main')).toContain('archive');
  const at = new Date(demo.town.world.now() + 60_000).toISOString();
  const ask = async (path: string) => page.request.get(`/api/ledger/${county}/${path}`);
  const newest = (await (await ask(`entries?limit=5&at=${encodeURIComponent(at)}`)).json()) as { size: number; items: { seq: number }[]; next: number };
  expect(newest.items[0]!.seq).toBe(newest.size);
  expect(newest.next).toBe(newest.size - 4);
  expect(((await (await ask('entries?at=2020-01-01')).json()) as { items: unknown[]; next: null })).toMatchObject({ items: [], next: null });
  expect((await ask('entries?at=soon')).status()).toBe(422);
  expect((await page.request.get('/api/ledger/110000/entries')).status()).toBe(404);
  await page.context().close();
}, 120_000);
