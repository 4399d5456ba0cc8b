import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { openBrowser, type TestBrowser, visitorOf } from '../support/browser.ts';
import { asFile, lampPhoto } from './photos.ts';
import { county, type ServedTown, servedTown } from './town.ts';

let town: ServedTown;
let browser: TestBrowser;
let context: BrowserContext;
let page: Page;
beforeAll(async () => { [town, browser] = await Promise.all([servedTown(), openBrowser()]); }, 120_000);
afterAll(async () => {
  await browser?.close();
  await town?.close();
});
beforeEach(async () => {
  context = await visitorOf(browser, { script: false, baseURL: town.url });
  page = await context.newPage();
});
afterEach(() => context.close());

const first = 'main button.do.first';
const heading = () => page.locator('main h1').first().textContent();
const count = async () => (await town.cases()).length;
/** The case whose number the page says. */
const made = async () => {
  const said = (await page.locator('.sent .number').textContent())!.replaceAll(' ', '');
  const rows = await town.world.db.query<{ number: string; component: string | null; reporter: string; channel: string }>(
    `select number, component, reporter, data ->> 'channel' as channel from matter where county = $1 and kind = 'case'`, [county]);
  return rows.find(({ number }) => number.replace(/\W/g, '') === said)!;
};

describe('a report, in a browser without script', { timeout: 90_000 }, () => {
  it('takes three questions where the photo says where it was taken, and no account', async () => {
    const lamp = town.lamps[2]!;
    await page.goto('/');
    await page.click('a.door.first');
    await page.setInputFiles('#photo', asFile(await lampPhoto(lamp)));
    await page.click(first);
    expect(await heading()).toBe('是这里的路灯吗？');
    expect(await page.locator('.step').textContent()).toBe('第 2 步，共 3 步');
    // The nearest one stands chosen, with its distance.
    expect(await page.locator('input[name=which]:checked').getAttribute('value')).toBe(lamp.code);
    expect(await page.locator('.choice').first().textContent()).toMatch(/光明路3号灯.*离您 1 米/);
    await page.click(first);
    // What is asked about a lamp comes from the county's list; its answer says which row of the code table it is.
    expect(await heading()).toBe('路灯怎么了？');
    await page.click(first);
    expect(await page.locator('.errors a').getAttribute('href')).toBe('#answer');
    await page.check('input[value=out]', { force: true });
    await page.click(first);
    expect(await heading()).toBe('看一看，没错就报');
    expect(await page.locator('.facts').textContent()).toContain('一盏不亮');
    await page.fill('#words', '晚上一直不亮');
    await page.click(first);
    expect(await heading()).toBe('收到了，谢谢您');
    expect(await page.locator('.sent .number').textContent()).toMatch(/^\d{4,6}( \w+)+$/);
    expect(await made()).toMatchObject({ component: lamp.code, channel: 'web' });
    const [kept] = await town.world.db.query<{ body: string; answers: object; code: string }>(`select t.body, m.data -> 'answers' as answers, m.code from matter_text t join matter m on m.id = t.matter where t.name = 'answers' and m.component = $1`, [lamp.code]);
    expect(kept).toMatchObject({ body: '路灯怎么了？ 一盏不亮', answers: { fault: ['out'] }, code: expect.stringMatching(/^C0137-/) });
    await page.click('main a.do.first');
    expect(await heading()).toContain('光明路3号灯');
    expect(await page.locator('#sentence').textContent()).toBe('收到了，正在核对，很快派人。');
  });

  it('is made once, however often the button is pressed', async () => {
    const lamp = town.lamps[7]!;
    await page.goto(`/q/${lamp.plate}`);
    const body = new FormData();
    for (const name of ['op', 'plate']) body.set(name, (await page.locator(`form[enctype] input[name=${name}]`).getAttribute('value'))!);
    body.set('words', '不亮');
    const before = await count();
    const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${town.url}/report`, { method: 'POST', body, headers: { origin: town.url } })));
    const said = await Promise.all(answers.map(async (answer) => /class="number"[^>]*>([^<]+)</.exec(await answer.text())?.[1]));
    expect(new Set(said).size).toBe(1);
    expect(said[0]).toBeTruthy();
    expect(await count()).toBe(before + 1);
  });

  it('asks for the place by words where the photo does not tell, and loses nothing on a reload or on the way back', async () => {
    await page.goto('/report');
    await page.setInputFiles('#photo', asFile(await lampPhoto()));
    await page.click(first);
    expect(await heading()).toBe('事情在哪里？');
    await page.fill('#words', '光明路5号');
    await page.click('button[value=find]');
    await page.check('input[name=found]', { force: true });
    await page.click('button[value=choose]');
    expect(await heading()).toBe('是这里的路灯吗？');
    await page.reload();
    expect(await heading()).toBe('是这里的路灯吗？');
    await page.click('a.back');
    expect(await page.inputValue('#words')).toBe('光明路5号');
    await page.goto('/');
    await page.click('a.resume');
    expect(await heading()).toBe('是这里的路灯吗？');
    expect((await page.request.get((await page.locator('.photo img').getAttribute('src'))!)).headers()['content-type']).toBe('image/jpeg');
  });

  it('takes the place from a press on the map, drawn by the server', async () => {
    await page.goto('/report');
    await page.click('button[value=skip]');
    await page.click('a[href$="/map"]');
    const map = await page.request.get((await page.locator('.map input:visible').getAttribute('src'))!);
    expect(map.headers()['content-type']).toContain('image/svg+xml');
    expect(await map.text()).toContain('谢家路村');
    const target = town.lamps[5]!;
    // Presses where the lamp is, from what the page itself shows: nearer at each press.
    for (let turn = 0; turn < 6 && !(await page.locator('button[value=take]').isVisible()); turn++) await page.locator('.map input:visible').click();
    expect(await page.locator('main .lead:visible').textContent()).toContain('黄点');
    await page.click('button[value=west]');
    await page.click('button[value=out]');
    await page.click('button[value=take]');
    expect(['是这里的路灯吗？', '是什么事？']).toContain(await heading());
    expect(target.name).toBeTruthy();
  });

  it('takes the place from a list of villages and roads, by keyboard alone', async () => {
    await page.goto('/report');
    await page.focus('button[value=skip]');
    await page.keyboard.press('Enter');
    await page.focus('a[href$="/list"]');
    await page.keyboard.press('Enter');
    await page.focus('main li a:has-text("谢家路村")');
    await page.keyboard.press('Enter');
    await page.focus('input[name=area]');
    for (let turn = 0; turn < 10 && (await page.locator('.choice:has(input:checked)', { hasText: '光明路' }).count()) === 0; turn++) await page.keyboard.press('ArrowDown');
    await page.focus(first);
    await page.keyboard.press('Enter');
    await expect.poll(heading, { timeout: 20_000 }).toMatch(/^(?:是这里的路灯吗？|是什么事？)$/u);
  });

  it('of something else is told in a few words, and the code table says what it is', async () => {
    await page.goto('/report');
    await page.setInputFiles('#photo', asFile(await lampPhoto(town.lamps[1]!)));
    await page.click(first);
    await page.check('input[value=other]', { force: true });
    await page.click(first);
    await page.click(first);
    expect(await page.locator('.errors a').getAttribute('href')).toBe('#words');
    // What may be meant by words that are not clear is asked once, each with its reason; none of it is an answer too.
    await page.fill('#words', '隔壁晚上还在吵，睡不着');
    await page.click(first);
    expect(await page.locator('fieldset').textContent()).toMatch(/您说的是哪一种？.*因为您写了“.*吵.*都不是/s);
    expect(await page.inputValue('#words')).toBe('隔壁晚上还在吵，睡不着');
    await page.check('input[value=none]', { force: true });
    await page.click(first);
    expect(await heading()).toBe('看一看，没错就报');
    expect(await page.locator('.facts').textContent()).toContain('别的事');
    await page.click('.facts a >> nth=0');
    // What a chat app leaves in copied words unseen is not held against anybody.
    await page.fill('#words', '路边\u200b有一堆\u202e暴露垃圾\ufeff');
    await page.click(first);
    expect(await heading()).toBe('看一看，没错就报');
    await page.click(first);
    expect(await heading()).toBe('收到了，谢谢您');
    expect(await made()).toMatchObject({ component: null });
  });

  it('refuses a file that is no picture, says so at its field, and keeps what was answered', async () => {
    await page.goto('/report');
    await page.setInputFiles('#photo', asFile(Buffer.from('这不是照片'), 'a.jpg'));
    await page.click(first);
    expect(await page.title()).toMatch(/^有错：/);
    expect(await page.locator('.errors a').getAttribute('href')).toBe('#photo');
    expect(await page.locator('#photo-error').textContent()).toMatch(/图片|照片/);
    // One of several that cannot be read does not cost the others, nor what they say of the place.
    await page.setInputFiles('#photo', [asFile(await lampPhoto(town.lamps[4]!)), asFile(Buffer.from('这不是照片'), 'b.jpg')]);
    await page.click(first);
    expect(await page.locator('.kept').count()).toBe(1);
    await page.click('button[value=keep]');
    expect(await heading()).toBe('是这里的路灯吗？');
  });

  it('is linked to a phone by a code that comes by SMS; a wrong one is told, none at all is no hindrance', async () => {
    await page.goto(`/q/${town.lamps[9]!.plate}`);
    await page.fill('#phone', '139');
    await page.click(first);
    expect(await page.locator('.errors a').getAttribute('href')).toBe('#phone');
    await page.fill('#phone', '139 0000 1234');
    await page.click(first);
    expect(await heading()).toBe('短信里的 6 位数字');
    expect(await page.locator('#code-hint').textContent()).toContain('139****1234');
    await page.fill('#code', '000');
    await page.click(first);
    expect(await page.locator('#code-error').textContent()).toContain('6 位数字');
    await page.fill('#code', await town.code());
    await page.click(first);
    expect(await heading()).toBe('收到了，谢谢您');
    expect((await made()).reporter).toMatch(/^contact:/);
    // Another browser finds it by the same phone.
    town.world.advance(120_000);
    const other = await visitorOf(browser, { script: false, baseURL: town.url });
    const there = await other.newPage();
    await there.goto('/mine');
    await there.fill('#phone', '13900001234');
    await there.click(first);
    await there.fill('#code', await town.code());
    await there.click(first);
    expect(await there.locator('main .lead').textContent()).toContain('139****1234');
    expect(await there.locator('a.card').first().textContent()).toContain('光明路10号灯');
    await other.close();
  });

  it('of a lamp that was reported already is followed together instead', async () => {
    const lamp = town.lamps[11]!;
    await page.goto(`/q/${lamp.plate}`);
    await page.click('main form[enctype] button');
    const before = await count();
    await context.clearCookies();
    await page.goto(`/q/${lamp.plate}`);
    expect(await page.locator('.notice').textContent()).toMatch(/今天 .* 已有人报过/);
    await page.click('button:has-text("一起跟进")');
    expect(await heading()).toBe('好，一起跟进');
    expect(await count()).toBe(before);
    await page.goto('/report');
    await page.setInputFiles('#photo', asFile(await lampPhoto(lamp)));
    await page.click(first);
    await page.click(first);
    expect(await heading()).toBe('和有人报过的是同一件吗？');
    await page.check('input[value=no]', { force: true });
    await page.click(first);
    expect(await heading()).toBe('路灯怎么了？');
  });

  it('from a plate that nobody knows says so and leads on', async () => {
    const answer = await page.goto('/q/33333333');
    expect(answer!.status()).toBe(404);
    expect(await heading()).toBe('不认识这块牌子');
    expect(await page.locator(`a.do[href="/report"]`).count()).toBe(1);
  });

  it('from a plate that was lost says so, and still begins a report at its place', async () => {
    const lamp = town.lamps[11]!;
    const { book } = town.town.modules.components;
    await book.set(theSystem, county, { op: town.world.random.uuid(town.world.now()), state: 'lost', plates: [lamp.plate] });
    const answer = await page.goto(`/q/${lamp.plate}`);
    expect(answer!.status()).toBe(410);
    expect(await heading()).toBe('这块牌子登记为丢失');
    await page.click(first);
    // The lamp is not taken for granted: what it is about is asked, at the place where it belonged.
    expect(page.url()).toMatch(/\/report\/[^/]+\//u);
    await page.goto(page.url().replace(/\/[a-z]+$/u, '/where'));
    expect(await page.locator('input[name=words]').inputValue()).not.toBe('');
  });

  it('of a place outside the county is not taken over from a photo: the place is asked for', async () => {
    await page.goto('/report');
    await page.setInputFiles('#photo', asFile(await lampPhoto({ lng: 116.39, lat: 39.9 })));
    await page.click(first);
    expect(await heading()).toBe('事情在哪里？');
  });
});

describe('with a script', { timeout: 90_000 }, () => {
  it('the position of the phone answers the question of the place', async () => {
    const scripted = await visitorOf(browser, { baseURL: town.url, position: { longitude: town.lamps[4]!.lng, latitude: town.lamps[4]!.lat } });
    const there = await scripted.newPage();
    await there.goto('/report');
    await there.click('button[value=skip]');
    await there.click('[data-does=locate]');
    await there.waitForURL('**/which');
    expect(await there.locator('input[name=which]:checked').getAttribute('value')).toBe(town.lamps[4]!.code);
    await scripted.close();
  });

  it('of noise asks what depends on the answer before, needs a phone, and says so', async () => {
    await page.goto('/report');
    await page.click('button[value=skip]');
    await page.fill('#words', '光明路1号门口第二盏');
    await page.click('button[value=find]');
    expect(await page.locator('.choice').first().textContent(), 'counted from the door').toMatch(/光明路\d+号灯（光明路1号）/);
    await page.check('input[name=found]', { force: true });
    await page.click('button[value=choose]');
    await page.check('input[value=other]', { force: true });
    await page.click(first);
    await page.fill('#words', '店铺的音响夜里商业噪音很吵');
    await page.click(first);
    if (await heading() === '是什么事？') { await page.check('.choice:has-text("商业噪音") input', { force: true }); await page.click(first); }
    expect(await heading()).toBe('什么时候最吵？');
    await page.check('input[value=night]', { force: true });
    await page.click(first);
    expect(await heading()).toBe('大概从几点到几点？');
    await page.fill('#answer', '晚上十点到早上五点');
    await page.click(first);
    expect(await heading()).toBe('最近一周有几天这样？');
    await page.fill('#answer', '很多');
    await page.click(first);
    expect(await page.locator('#answer-error').textContent()).toBe('不是数字。');
    await page.fill('#answer', '５');
    await page.click(first);
    await page.click('button[value=skip]');
    expect(await heading()).toBe('看一看，没错就报');
    await page.click('.facts a[href$="q=when"]');
    await page.check('input[value=day]', { force: true });
    await page.click(first);
    expect(await heading(), 'by day nobody asks for the hours').toBe('看一看，没错就报');
    expect(await page.locator('.facts').textContent()).not.toContain('几点');
    await page.click(first);
    expect(await page.locator('#phone-error').textContent()).toContain('请留一个手机号');
  });
});
