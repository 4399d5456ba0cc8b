import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from './town.ts';

let demo: ServedDemo;
let browser: TestBrowser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([servedDemo(), openBrowser()]);
  await demo.town.modules.ledger.followers.catchUp();
}, 300_000);
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
    await picture(page, `search-${name}-${width}`);
    expect(await isTooWide(page), `${name} fits ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};
const searchFor = async (page: Page, typed: string): Promise<void> => {
  await page.keyboard.press('/');
  await page.keyboard.type(typed);
  await page.keyboard.press('Enter');
};

test('words show what was found, marked; J and K go through it, Enter opens; a whole number opens at once', async () => {
  const page = await signedIn('intake');
  await page.goto('/console/#/inbox?box=all');
  await page.waitForSelector('.rows li');
  const number = (await page.locator('.row-link .number').first().textContent())!;
  await searchFor(page, '路灯');
  await page.waitForSelector('.found mark');
  expect(await page.locator('.found mark').first().textContent()).toContain('路灯');
  expect(page.url()).toContain('/search?q=');
  await clean(page, 'found');
  await page.locator('h1').click();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll('.found')[1]);
  await page.keyboard.press('k');
  await page.waitForFunction(() => document.activeElement === document.querySelectorAll('.found')[0]);
  await page.keyboard.press('Enter');
  await page.waitForSelector('#matter-title');
  await searchFor(page, number.replaceAll('-', ''));
  await page.waitForFunction(() => location.hash.startsWith('#/inbox/'));
  await page.waitForSelector(`.row-link .number:has-text("${number}"), .number:has-text("${number}")`);
  await page.context().close();
}, 180_000);

test('a case is found by the code of its component and by the plate that hangs on it, however they are typed', async () => {
  const page = await signedIn('intake');
  const steward = await signedIn('steward');
  const plates = ((await (await steward.request.get('/api/plates?limit=50')).json()) as { items: { plate: string; kind: string; target: string | null }[] }).items;
  const { plate, target } = plates.find(({ kind, target: on }) => kind === 'component' && on !== null)!;
  const made = await page.request.post('/api/matters', { data: { kind: 'case', action: 'report', input: { channel: 'phone', text: '松动了', component: target }, op: crypto.randomUUID() } });
  const { id, number } = (await made.json()) as { id: string; number: string };
  await page.goto('/console/#/inbox');
  const finds = (typed: string) => page.waitForFunction(async ([words, wanted]) =>
    ((await (await fetch(`/api/search?q=${encodeURIComponent(words!)}`)).json()) as { items?: { matter: { id: string } }[] }).items?.some(({ matter }) => matter.id === wanted) ?? false, [typed, id] as const, { polling: 200 });
  const wide = (text: string): string => text.replace(/[0-9A-Z-]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
  for (const typed of [target!, wide(target!), target!.replace(/(.{4})/gu, '$1 '), plate, plate.toLowerCase(), `${plate.slice(0, 4)}-${plate.slice(4)}`, wide(`${plate.slice(0, 4)}-${plate.slice(4)}`), `${plate.slice(0, 4)} ${plate.slice(4)}`]) await finds(typed);
  for (const typed of [number.replaceAll('-', ''), wide(number), number.replaceAll('-', '–'), number.split('-').slice(1).join('-')]) await finds(typed);
  await searchFor(page, plate.toLowerCase());
  await page.waitForSelector('.found mark');
  expect(await page.locator('.found mark').first().textContent()).toBe(target);
  await steward.context().close();
  await page.context().close();
}, 120_000);

test('filters narrow and stand in the address; nothing found and a refusal say what to do', async () => {
  const page = await signedIn('intake');
  await page.goto(`/console/#/search?q=${encodeURIComponent('路灯')}`);
  await page.waitForSelector('.found');
  await page.selectOption('#found-state', 'void');
  await page.waitForFunction(() => location.hash.includes('state=void'));
  await page.waitForSelector('.found, .empty');
  await page.click('button:has-text("清除筛选")');
  await page.waitForSelector('.found');
  await searchFor(page, '独角兽');
  await page.waitForSelector('.empty');
  await clean(page, 'empty');
  await searchFor(page, '灯');
  await page.waitForSelector('[role=alert]');
  expect(await page.locator('[role=alert]').textContent()).toContain('太短');
  await clean(page, 'short');
  await page.context().close();
}, 180_000);

test('a phone stays out of the address and is looked up for a purpose', async () => {
  const page = await signedIn('intake');
  await page.goto('/console/#/inbox');
  await page.waitForSelector('.bar');
  await searchFor(page, '138 0555 1234');
  await page.waitForSelector('.search-purpose');
  expect(page.url()).not.toContain('1380555');
  expect(page.url()).not.toContain('5551234');
  await clean(page, 'phone');
  const asked = page.waitForRequest((request) => request.url().includes('/api/search/phone'));
  await page.check('.search-purpose input >> nth=0');
  expect((await asked).method()).toBe('POST');
  await page.waitForSelector('.empty, .found');
  await page.reload();
  await page.waitForSelector('.empty');
  await page.context().close();
}, 180_000);
