import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, visitorOf, type TestBrowser } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from './town.ts';

let demo: ServedDemo;
let browser: TestBrowser;
/** What pages complained about: a policy that was broken, an answer that was none. */
const complaints: string[] = [];

beforeAll(async () => {
  demo = await servedDemo();
  browser = await openBrowser();
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

type Visit = { readonly width?: number; readonly height?: number; readonly position?: { readonly longitude: number; readonly latitude: number } };

/** A browser of its own for an account that is signed in already. */
const signedIn = async (account: string, visit: Visit): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, ...visit });
  context.setDefaultTimeout(60_000);
  const answer = await context.request.post('/api/session', { data: { account, password: demoPassword }, headers: { origin: demo.url } });
  expect(answer.ok(), `${account} signs in`).toBe(true);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`${account}: ${error.message}`));
  page.on('console', (message) => { if (/Content Security Policy|Uncaught/.test(message.text())) complaints.push(`${account}: ${message.text()}`); });
  return page;
};

const photo = async (colour: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> =>
  ({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await sharp({ create: { width: 1600, height: 1200, channels: 3, background: colour } }).jpeg().toBuffer() });

/** Milliseconds until somebody else's page shows what was done, without a reload. */
const seenAfter = async (page: Page, selector: string): Promise<number> => {
  const from = performance.now();
  await page.waitForSelector(selector, { timeout: 20_000 });
  return performance.now() - from;
};

const clean = async (page: Page, name: string): Promise<void> => {
  expect(await axeFindings(page), name).toEqual([]);
  expect(await isTooWide(page), `${name} fits its window`).toBe(false);
  await picture(page, `web-${name}`);
};

describe('the lamp story, each on their own page', () => {
  test('from the patroller\'s photo to a trace that the auditor proves', async () => {
    const lamp = await demo.lamp();
    const position = { longitude: lamp.lng, latitude: lamp.lat };
    const patroller = await signedIn('collector', { position });
    const desk = await signedIn('intake', { width: 1440, height: 900 });
    const keeper = await signedIn('lampkeeper', { position });
    await desk.goto('/console/#/inbox?box=todo&order=new');
    await desk.waitForSelector('.boxes');
    await keeper.goto('/field/');
    await keeper.waitForSelector('h1');
    await patroller.goto('/field/');
    await patroller.waitForSelector('.tab-camera');
    const seen: number[] = [];

    // The photo is the first touch; sending what the system found is the second.
    await patroller.setInputFiles('.tab-camera input', await photo('#101d28'));
    await patroller.waitForSelector('.choice');
    expect(await patroller.textContent('.choice:has(:checked) >> nth=0')).toContain(lamp.name);
    await clean(patroller, 'field-report');
    await patroller.click('button[type=submit]');
    const number = (await patroller.textContent('.sent .number'))!.match(/[\d-]{8,}/)![0];

    seen.push(await seenAfter(desk, `.row-link:has-text("${number}")`));
    await desk.keyboard.press('/');
    await desk.keyboard.type(number);
    await desk.keyboard.press('Enter');
    await desk.waitForSelector('[data-action=file]');
    const id = new URL(desk.url()).hash.match(/inbox\/([^?]+)/)![1]!;
    await desk.keyboard.press('f');
    await desk.waitForSelector('.action-form');
    await clean(desk, 'console-file');
    await desk.click('.action-form button[type=submit]');

    seen.push(await seenAfter(keeper, `.task-card[href*="${id}"]`));
    await keeper.click(`.task-card[href*="${id}"]`);
    await keeper.click('[data-action=accept]');
    seen.push(await seenAfter(desk, '.matter .step, .trace .step:has-text("签收")'));
    await keeper.click('[data-action=arrive]');
    await keeper.waitForSelector('.note-done');
    await keeper.click('[data-action=finish]');
    await keeper.setInputFiles('.sheet input[type=file]', await photo('#f4b02a'));
    await keeper.waitForSelector('.sheet .thumbs img');
    await clean(keeper, 'field-finish');
    await keeper.click('.sheet button[type=submit]');
    seen.push(await seenAfter(desk, '.trace .step:has-text("处置完毕")'));

    // Whoever handled it may not verify it: the keeper's page has no such button.
    expect(await keeper.$('[data-action=verify]')).toBeNull();
    await patroller.goto(`/field/#/task/${id}`);
    await patroller.click('[data-action=verify]');
    await patroller.click('.sheet button[type=submit]');
    seen.push(await seenAfter(desk, '.matter .chip:has-text("已结案"), .matter [data-action=close]'));
    if (await desk.$('[data-action=close]')) {
      await desk.click('[data-action=close]');
      await desk.click('.action-form button[type=submit]');
      await desk.waitForSelector('.matter .chip:has-text("已结案")');
    }

    const auditor = await signedIn('auditor', { width: 1440, height: 900 });
    await auditor.goto(`/console/#/inbox/${id}?box=all`);
    await auditor.waitForSelector('[data-proof=good]');
    await clean(auditor, 'console-proof');
    const [saved] = await Promise.all([auditor.waitForEvent('download'), auditor.click('[data-proof=good] button')]);
    const file = await readFile((await saved.path())!);
    await auditor.goto('/console/#/trace');
    await auditor.waitForSelector('.ledger-size');
    const drop = (bytes: Buffer): Promise<void> => auditor.setInputFiles('input[type=file]', { name: 'proof.jsonl', mimeType: 'application/x-ndjson', buffer: bytes });
    await drop(file);
    await auditor.waitForSelector('[data-proof=good]');
    // One byte of one entry, still well-formed JSON: the place is named.
    const text = file.toString('utf8');
    const at = text.indexOf('\\"action\\":\\"accept\\"') + '\\"action\\":\\"'.length;
    const seq = /"seq":(\d+)/.exec(text.slice(text.lastIndexOf('\n', at)).split('\n').find((line) => line.includes('accept'))!)![1]!;
    await drop(Buffer.from(`${text.slice(0, at)}b${text.slice(at + 1)}`));
    await auditor.waitForSelector('[data-proof=bad]');
    expect(await auditor.textContent('[data-proof=bad]')).toContain(seq);
    await clean(auditor, 'console-ledger');

    expect(complaints).toEqual([]);
    expect(seen.sort((a, b) => a - b)[Math.floor(seen.length / 2)]).toBeLessThan(2000);
  }, 300_000);

  test('without a network an action is kept, shown as waiting, and happens once when it is back', async () => {
    const lamp = await demo.lamp();
    const page = await signedIn('collector', { position: { longitude: lamp.lng + 0.0004, latitude: lamp.lat } });
    await page.goto('/field/');
    await page.waitForSelector('.tab-camera');
    await page.context().setOffline(true);
    await page.setInputFiles('.tab-camera input', await photo('#0b141c'));
    await page.waitForSelector('.report-form .note-wait');
    await page.click('button[type=submit]');
    await page.waitForSelector('.sent-wait');
    await page.goto('/field/#/me');
    await page.waitForSelector('.block .note-wait');
    await clean(page, 'field-waiting');
    await page.context().setOffline(false);
    await page.evaluate('dispatchEvent(new Event("online"))');
    await page.waitForSelector('.block .note-wait', { state: 'detached' });
    await page.goto('/field/#/tasks');
    await page.waitForSelector('h1');
    expect(complaints).toEqual([]);
  }, 120_000);
});

describe('the pages of the console', () => {
  test.each([
    ['dispatcher', 'dispatch'], ['dispatcher', 'deliveries'], ['steward', 'components'], ['steward', 'standards'],
    ['gridchief', 'places'], ['admin', 'people'], ['intake', 'intake'],
  ])('%s finds nothing wrong on %s, by machine and by width', async (account, name) => {
    const page = await signedIn(account, { width: 1280, height: 800 });
    await page.goto(`/console/#/${name}`);
    await page.waitForSelector('.page h1');
    await page.waitForSelector('.loading', { state: 'detached' });
    await clean(page, `console-${name}`);
    await page.context().close();
  }, 120_000);

  test('a page whose right is lacking is not in the menu', async () => {
    const page = await signedIn('dispatcher', { width: 1280, height: 800 });
    await page.goto('/console/');
    await page.waitForSelector('.bar-nav a');
    const names = await page.$$eval('.bar-nav a', (links) => links.map((link) => link.getAttribute('href')));
    expect(names).not.toContain('#/people');
    expect(names).toContain('#/dispatch');
  }, 120_000);

  test('the demo\'s accounts sign in by one press, and every language is whole', async () => {
    const context = await visitorOf(browser, { baseURL: demo.url, width: 1440, height: 900 });
    const page = await context.newPage();
    await page.goto('/console/');
    await page.waitForSelector('.demo-list button');
    await clean(page, 'console-sign-in');
    await page.click('.languages button[lang=en]');
    await page.click('.demo-list button:has-text("dispatcher")');
    await page.waitForSelector('.boxes');
    expect(await page.textContent('.boxes')).toContain('For me');
    expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  }, 120_000);
});
