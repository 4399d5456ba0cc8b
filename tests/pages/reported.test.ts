import { XMLParser } from 'fast-xml-parser';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFindings, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { holding } from '../support/holding.ts';
import { county, type ServedTown, servedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  [town, browser] = await Promise.all([servedTown(), openBrowser()]);
  context = await visitorOf(browser, { baseURL: town.url });
  page = await context.newPage();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});

/** What is shown follows the ledger, which takes a moment to order what happened. */
const untilShown = (count: number): Promise<void> =>
  expect.poll(async () => { await page.goto('/reports'); return page.locator('main a.card').count(); }, { timeout: 20_000 }).toBe(count);

const secret = '住在三号的老王家门口的灯不亮';

describe('what everybody may see of what was reported', { timeout: 90_000 }, () => {
  it('says that there is nothing before there is', async () => {
    await page.goto('/');
    await page.click('a:has-text("看看大家报了什么")');
    expect(await page.locator('h1').textContent()).toBe('大家报了什么');
    expect(await page.locator('main .card h2').textContent()).toBe('没有报过这样的事');
    expect(await axeFindings(page)).toEqual([]);
  });

  it('shows a filed case by what, where and how far, and neither who reported it nor what they wrote', async () => {
    await page.goto(`/q/${town.lamps[3]!.plate}`);
    await page.fill('#words', secret);
    await page.click('main form[enctype] button');
    await page.click('main a.do.first');
    const [matter] = await town.cases() as [string];
    await page.goto('/reports');
    expect(await page.locator('main .card').count(), 'what nobody has filed yet is not public').toBe(1);
    expect(await page.locator('main .card h2').textContent()).toBe('没有报过这样的事');

    const { catalogue } = town.town.modules;
    const version = catalogue.currentVersion(county, town.world.now())!;
    const row = catalogue.rows(county, version).find(({ minorName, limit }) => minorName === '路灯' && limit !== null)!;
    await town.act('intake', matter, 'file', { code: row.key, component: town.lamps[3]!.code });
    await untilShown(1);
    const card = page.locator('main a.card');
    expect(await card.count()).toBe(1);
    expect(await card.textContent()).toContain(town.lamps[3]!.name);
    expect(await card.textContent()).toContain('谢家路村');
    expect(await card.textContent()).toContain('在办');
    expect(await page.content()).not.toContain(secret);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, 'reported-390');
    await card.click();
    expect(await page.locator('dl').textContent()).toContain('路灯');
    expect(await page.content()).not.toContain(secret);
    expect(await axeFindings(page)).toEqual([]);
  });

  it('is followed by whoever has seen the same, in one press, without what its reporter wrote or photographed', async () => {
    const other = await visitorOf(browser, { baseURL: town.url, script: false });
    const stranger = await other.newPage();
    await stranger.goto('/reports');
    await stranger.click('main a.card');
    await stranger.click('button:has-text("我也看到了")');
    expect(new URL(stranger.url()).pathname).toMatch(/^\/f\//);
    expect(await stranger.locator('.timeline li').count()).toBeGreaterThan(1);
    expect(await stranger.content()).not.toContain(secret);
    expect(await stranger.locator('.photo').count()).toBe(0);
    await stranger.goto('/mine');
    expect(await stranger.locator('main a.card').count()).toBe(1);
    await other.close();
    expect((await town.cases()).length).toBe(1);
  });

  it('says what an officer releases and hides what an officer withholds, everywhere', async () => {
    const [matter] = await town.cases() as [string];
    await expect(town.act('intake', matter, 'publish', { summary: '请致电 1380 000-1234 了解' }), 'a number of a person').rejects.toThrow('case.personal-data');
    await town.act('intake', matter, 'withhold', { reason: '待核实' });
    await untilShown(0);
    expect(await (await page.request.get('/reports.rss')).text()).not.toContain('<item>');
    expect((await (await page.request.get('/open311/v2/requests.json')).json())).toEqual([]);
    await town.act('intake', matter, 'publish', { summary: '2026 年 11 月 25 日起更换灯泡，三天内完成。' });
    await untilShown(1);
    await page.click('main a.card');
    expect(await page.locator('.public-words').textContent()).toContain('三天内完成');
  });

  it('is narrowed to a kind and a village, and says so', async () => {
    for (const [query, count] of [['village=330281103203', 1], ['village=330281103204', 0], ['kind=streetlight', 1], ['service=manhole', 0]] as const) {
      await page.goto(`/reports?${query}`);
      expect(await page.locator('main a.card').count(), query).toBe(count);
    }
    expect((await page.goto('/reports?service=nothing'))!.status()).toBe(404);
    expect((await page.goto('/reports/000000-0000-00'))!.status()).toBe(404);
  });

  it('stands on a map that moves by keys, with the same in a list beside it', async () => {
    await page.goto('/reports');
    await page.click('main a:has-text("在地图上看")');
    const spot = page.locator('.slippy a.spot');
    await spot.waitFor();
    expect(await page.locator('#found-count').textContent()).toBe('这一片有 1 件');
    expect(await page.locator('#found a.card').count()).toBe(1);
    expect(await axeFindings(page)).toEqual([]);
    await picture(page, 'reported-map-390');
    const number = (await spot.getAttribute('href'))!;
    expect(await page.locator('#found a.card').getAttribute('href')).toBe(number);
    await page.focus('.slippy');
    const there = await page.evaluate('location.search');
    for (let n = 0; n < 12; n++) await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('#found a.card').count(), { timeout: 20_000 }).toBe(0);
    expect(await page.locator('#found-count').textContent()).toBe('这一片没有人报过这样的事');
    expect(await page.evaluate('location.search'), 'a reload shows the same part').not.toBe(there);
    for (let n = 0; n < 12; n++) await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.locator('#found a.card').count(), { timeout: 20_000 }).toBe(1);
    await page.keyboard.press('+');
    await page.waitForURL('**z=17**');
    await spot.click();
    await page.waitForURL(`**${number}`);
    for (const [query, count] of [['state=closed', 0], ['state=open', 1], ['days=7', 1], ['kind=streetlight', 1], [`street=${encodeURIComponent('光明路')}`, 1], [`street=${encodeURIComponent('后塘路')}`, 0], ['village=330281103204', 0]] as const) {
      await page.goto(`/reports/map?${query}`);
      expect(await page.locator('#found a.card').count(), query).toBe(count);
    }
    expect((await page.goto('/reports/map/15/1/1.json'))!.status()).toBe(200);
    expect((await page.goto('/reports/map/99/1/1.json'))!.status()).toBe(404);
  });

  it('has a map and its list without any script, and on a wide window', async () => {
    const still = await visitorOf(browser, { baseURL: town.url, script: false });
    const plain = await still.newPage();
    await plain.goto('/reports/map');
    expect(await plain.locator('svg.still image').count()).toBeGreaterThan(3);
    expect(await plain.locator('svg.still a').count()).toBe(1);
    expect(await plain.locator('#found a.card').count()).toBe(1);
    await plain.click('noscript a:has-text("放大"), a.more:has-text("放大")');
    expect(plain.url()).toContain('z=17');
    await picture(plain, 'reported-map-still-390');
    await still.close();
    const wide = await visitorOf(browser, { baseURL: town.url, width: 1440, height: 900, language: 'en-GB' });
    const desk = await wide.newPage();
    await desk.goto('/reports/map');
    await desk.locator('.slippy a.spot').waitFor();
    expect(await axeFindings(desk)).toEqual([]);
    await picture(desk, 'reported-map-1440');
    await desk.goto('/reports/map?version=elder');
    await desk.locator('.slippy a.spot').waitFor();
    expect(await axeFindings(desk, { enhanced: true })).toEqual([]);
    await picture(desk, 'reported-map-elder');
    await wide.close();
  });

  it('can be followed as a feed that any reader understands', async () => {
    const answer = await page.request.get('/reports.rss?village=330281103203');
    expect(answer.headers()['content-type']).toContain('application/rss+xml');
    const text = await answer.text();
    expect(text).not.toContain(secret);
    const { rss } = new XMLParser({ ignoreAttributes: false }).parse(text, true) as { rss: { '@_version': string; channel: { title: string; item: { title: string; link: string; pubDate: string } } } };
    expect(rss['@_version']).toBe('2.0');
    expect(rss.channel.item.title).toContain(town.lamps[3]!.name);
    expect(rss.channel.item.link).toMatch(/\/reports\/\d{6}-\d{4}-\d{2}$/);
    expect(Number.isNaN(Date.parse(rss.channel.item.pubDate))).toBe(false);
  });

  it('tells by e-mail whoever has said yes twice, of their street alone, until one press ends it', async () => {
    const { world } = town;
    world.advance(60_000);
    const mails = (template: string) => world.db.query<{ params: Record<string, string> }>('select params from delivery where county = $1 and template = $2 order by created_at, id', [county, template]);
    await page.goto(`/reports?street=${encodeURIComponent('光明路')}`);
    await page.click('main a:has-text("用邮件订阅")');
    expect(await page.locator('.lead').textContent()).toContain('光明路');
    await page.fill('#email', 'kein@@mail');
    await page.click('main form button');
    expect(await page.locator('.errors').textContent()).toContain('不像一个邮箱地址');
    expect(await axeFindings(page)).toEqual([]);
    await page.fill('#email', 'Lao.Wang@mail.example');
    await page.click('label:has-text("一有就发")');
    await picture(page, 'mail-ask-390');
    await page.click('main form button');
    expect(await page.locator('h1').textContent()).toBe('请到邮箱里确认');
    const path = new URL((await mails('bulletin_confirm'))[0]!.params['link']!).pathname;
    await page.goto(path);
    expect(await page.locator('h1').textContent(), 'a look begins nothing').toBe('要开始订阅吗？');
    await page.click('main form button:has-text("开始订阅")');
    expect(await page.locator('h1').textContent()).toBe('您订阅了');
    expect(await axeFindings(page)).toEqual([]);
    expect((await page.request.get(`${path.slice(0, -4)}AAAA`)).status()).toBe(200);
    await picture(page, 'mail-running-390');

    // A second lamp on that road, and a reader of another road.
    const other = await town.town.modules.bulletin.mail!.ask(county, 'andere@mail.example', { street: '后塘路' }, 'once', 'en');
    expect(other).toEqual({ asked: true });
    const second = (await mails('bulletin_confirm')).map(({ params }) => new URL(params['link']!).pathname).find((one) => one !== path)!.split('/').at(-1)!;
    expect(await town.town.modules.bulletin.mail!.confirm(county, second)).toBe(true);
    const { catalogue } = town.town.modules;
    const row = catalogue.rows(county, catalogue.currentVersion(county, world.now())!).find(({ minorName, limit }) => minorName === '路灯' && limit !== null)!;
    await page.goto(`/q/${town.lamps[9]!.plate}`);
    await page.fill('#words', secret);
    await page.click('main form[enctype] button');
    await page.click('main a.do.first');
    const [{ id: matter }] = await world.db.query<{ id: string }>(`select id from matter where county = $1 and state = 'reported'`, [county]) as [{ id: string }];
    await town.act('intake', matter, 'file', { code: row.key, component: town.lamps[9]!.code });
    await expect.poll(async () => { await town.town.modules.bulletin.mail!.send(county); return (await mails('bulletin_news')).length; }, { timeout: 20_000 }).toBe(1);
    const [news] = await mails('bulletin_news');
    expect(news!.params['lines']).toContain(town.lamps[9]!.name);
    expect(news!.params['lines']).not.toContain(secret);
    expect(await town.town.modules.bulletin.mail!.send(county), 'nobody is told twice').toBe(0);

    // As a mail program does it: no page of ours before, no cookie, no origin.
    const ended = await fetch(news!.params['unsubscribe']!.replace(world.config.url, town.url), { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' });
    expect(ended.status).toBe(200);
    expect(await world.db.query(`select 1 from bulletin_mail where county = $1`, [county])).toHaveLength(1);
    expect(await world.db.query(`select 1 from contact where county = $1 and channel = 'none' and email is null and erased_at is not null`, [county])).toHaveLength(1);
    expect(await holding(world.ownerDb, 'Lao.Wang@mail.example')).toEqual([]);
    await page.goto(path);
    expect(await page.locator('h1').textContent()).toBe('已退订');
  });

  it('reads well in the elder version', async () => {
    await page.goto('/reports?version=elder');
    expect(await axeFindings(page, { enhanced: true })).toEqual([]);
    await picture(page, 'reported-elder-390');
  });
});
