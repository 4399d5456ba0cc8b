import { runInNewContext } from 'node:vm';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushPeer, type PushPeer } from '../outreach/pushPeer.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { county, type ServedTown, servedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
let peer: PushPeer;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  [town, browser, peer] = await Promise.all([servedTown(), openBrowser(), pushPeer()]);
  context = await visitorOf(browser, { baseURL: town.url });
  page = await context.newPage();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all([peer?.close(), town?.close()]);
});

const notice = () => page.locator('.notice.done').textContent();
const save = () => page.click('button[value=save]');
const kept = async () => (await town.world.db.query<Record<string, unknown>>('select channel, language, plain, quiet_from, quiet_until, stopped_at is not null as stopped, email is not null as mail from contact'))[0]!;

describe('how somebody is told', { timeout: 90_000 }, () => {
  it('is chosen by whoever has the phone in hand', async () => {
    await page.goto('/mine/told');
    expect(new URL(page.url()).pathname).toBe('/mine');
    await page.fill('#phone', '13900002046');
    await page.click('button[value=send]');
    await page.fill('#code', await town.code());
    await page.click('button[value=verify]');
    await page.click('a[href="/mine/told"]');
    expect(await page.locator('h1').textContent()).toBe('怎样通知您');
    expect(await page.locator('.facts dd').first().textContent()).toBe('短信发到 139****2046');
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, 'told-390');
  });

  it('asks for the way first, and for an address or hours only where the choice needs them; without a script', async () => {
    const bare = await visitorOf(browser, { baseURL: town.url, script: false });
    await bare.addCookies(await context.cookies());
    const quiet = await bare.newPage();
    await quiet.goto('/mine/told');
    await quiet.click('a[href="/mine/told/way"]');
    expect(await quiet.locator('input[name=channel]:checked').inputValue()).toBe('sms');
    expect(await quiet.locator('main input:not([type=radio]):not([type=hidden])').count()).toBe(0);
    await quiet.click('label:has-text("寄信")');
    await quiet.click('button[value=save]');
    expect(new URL(quiet.url()).pathname).toBe('/mine/told/postal');
    await quiet.click('button[value=save]');
    expect(await quiet.locator('.errors a').getAttribute('href')).toBe('#postal');
    expect(await kept()).toMatchObject({ channel: 'sms' });
    await quiet.fill('#postal', '谢家路村光明路 12 号 王阿婆');
    await quiet.click('button[value=save]');
    expect(await quiet.locator('.notice.done').textContent()).toBe('记下了。以后就这样通知您。');
    await quiet.click('a[href="/mine/told/quiet"]');
    await quiet.click('label:has-text("我自己定")');
    await quiet.click('button[value=save]');
    await quiet.fill('#from', '天黑');
    await quiet.fill('#until', '７点');
    await quiet.click('button[value=save]');
    expect(await quiet.locator('.errors a').allTextContents()).toEqual(['请写成 20:30 这样的时间。']);
    expect(await quiet.locator('#until').inputValue()).toBe('７点');
    await quiet.fill('#from', '晚上8点半');
    await quiet.click('button[value=save]');
    await quiet.click('a[href="/mine/told/wording"]');
    await quiet.click('label:has-text("更短、更好懂")');
    await quiet.click('button[value=save]');
    expect(await quiet.locator('.facts').textContent()).toMatch(/寄信.*20:30 到 7:00.*更短、更好懂/s);
    expect(await kept()).toMatchObject({ channel: 'letter', plain: true, quiet_from: 20 * 60 + 30, quiet_until: 7 * 60, stopped: false });
    expect((await quiet.goto('/mine/told/nothing'))!.status()).toBe(404);
    await bare.close();
  });

  it('a new mail address counts once its owner has pressed the link, and a program that opens it changes nothing', async () => {
    await page.goto('/mine/told/way');
    await page.check('input[name=channel][value=email]', { force: true });
    await save();
    await page.fill('#email', 'wang@');
    await save();
    expect(await page.locator('.errors a').getAttribute('href')).toBe('#email');
    await page.fill('#email', 'wang@example.com');
    await save();
    expect(await notice()).toContain('请打开新邮箱里的邮件');
    expect(await kept()).toMatchObject({ channel: 'letter', mail: false });
    const [row] = await town.world.db.query<{ params: { link: string } }>(`select params from delivery where template = 'email_confirm'`);
    const link = new URL(row!.params.link).pathname;
    await page.goto(link);
    expect(await page.locator('.lead').textContent()).toContain('wang@example.com');
    expect(await kept()).toMatchObject({ mail: false });
    await page.click('main form button');
    expect(await kept()).toMatchObject({ channel: 'email', mail: true });
    await page.goto(`${link.slice(0, -6)}AAAAAA`);
    expect(await page.locator('main').textContent()).toContain('已过期或不完整');
  });

  it('a browser that asks is told from then on; one that may show nothing is not offered it', async () => {
    await page.goto('/mine/told/way');
    // A browser that may not show notices, as this one without a screen, is not offered any.
    expect(await page.evaluate(() => Notification.permission)).toBe('denied');
    expect(await page.locator('button[data-does=push]').isVisible()).toBe(false);
    await page.evaluate(({ endpoint, p256dh, auth }) => {
      const input = document.querySelector<HTMLInputElement>('input[name=subscription]')!;
      input.value = JSON.stringify({ endpoint, keys: { p256dh, auth } });
      input.form!.submit();
    }, peer.browser('phone'));
    await page.waitForURL(/done=hereDone/);
    expect(await kept()).toMatchObject({ channel: 'push' });
    expect(await page.evaluate(() => navigator.serviceWorker.register('/told.js').then(() => navigator.serviceWorker.ready).then(({ scope, active }) => new URL(scope).pathname + (active?.scriptURL ?? '').slice(-8)))).toBe('//told.js');
  });

  it('the worker shows the words under the town\'s name, once for a mark, and opens the matter where it is pressed', async () => {
    const heard = new Map<string, (event: object) => void>();
    const shown: unknown[] = [];
    const opened: string[] = [];
    const self = {
      addEventListener: (name: string, listener: (event: object) => void) => heard.set(name, listener),
      registration: { showNotification: async (title: string, options: object) => void shown.push({ title, ...options }) },
      clients: { matchAll: async () => [{ url: `${town.url}/mine`, focus: async () => void opened.push('focus') }], openWindow: async (url: string) => void opened.push(url) },
    };
    runInNewContext(await (await fetch(`${town.url}/told.js`)).text(), { self, URL, location: { href: `${town.url}/told.js` } });
    const work: Promise<unknown>[] = [];
    const waitUntil = (one: Promise<unknown>) => void work.push(one);
    heard.get('push')!({ waitUntil, data: { json: () => ({ text: '【灯火】“路灯不亮”已修好。', tag: 'd1', link: '/f/abc' }) } });
    for (const data of ['/f/abc', '/mine']) heard.get('notificationclick')!({ waitUntil, notification: { data, close: () => {} } });
    await Promise.all(work);
    expect(shown).toEqual([{ title: '灯火', body: '“路灯不亮”已修好。', tag: 'd1', data: '/f/abc' }]);
    expect(opened.toSorted()).toEqual(['focus', `${town.url}/f/abc`]);
  });

  it('notices are turned off as easily, and texts are the way again', async () => {
    await page.goto('/mine/told/way');
    expect(await page.locator('input[name=channel]:checked').inputValue()).toBe('push');
    await page.click('button[value=unsubscribe]');
    expect(await notice()).toBe('提醒已关闭。');
    expect(await kept()).toMatchObject({ channel: 'sms' });
    expect(await town.world.db.query('select 1 from reach_address where county = $1', [county])).toEqual([]);
  });

  it('reads well for elders, and on a desk', async () => {
    await page.goto('/mine/told?version=elderLarge');
    for (const path of ['', '/way', '/email', '/postal', '/quiet', '/hours', '/wording', '/language', '/texts']) {
      await page.goto(`/mine/told${path}`);
      expect([path, ...await axeFindings(page, { enhanced: true }), await isTooWide(page)]).toEqual([path, false]);
      if (path === '' || path === '/way') await picture(page, `told${path.replace('/', '-')}-elder`);
    }
    const wide = await visitorOf(browser, { baseURL: town.url, width: 1440, height: 900, language: 'en-GB' });
    await wide.addCookies(await context.cookies());
    const desk = await wide.newPage();
    await desk.goto('/mine/told?lang=en');
    await desk.goto('/mine/told?version=plain');
    await picture(desk, 'told-1440');
    await wide.close();
  });
});
