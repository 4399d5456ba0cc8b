import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, picture } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from '../web/town.ts';
import { goDark, goLight, openLine, openPhone, type Line, type Phone } from './phone.ts';

let demo: ServedDemo;
let line: Line;
let phone: Phone;
let lamp: Awaited<ReturnType<ServedDemo['lamp']>>;

beforeAll(async () => {
  demo = await servedDemo();
  line = await openLine(demo.url);
  lamp = await demo.lamp();
  phone = await openPhone(line.url, { longitude: lamp.lng, latitude: lamp.lat });
}, 600_000);
afterAll(async () => {
  await phone?.close();
  await line?.close();
  await demo?.close();
});

const photo = async (colour: string, orientation?: number): Promise<{ name: string; mimeType: string; buffer: Buffer }> => {
  let made = sharp({ create: { width: 1200, height: 900, channels: 3, background: colour } }).jpeg();
  if (orientation) made = made.withMetadata({ orientation });
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await made.toBuffer() };
};

/** Signs in over the line as the page does, and waits until everything has been taken along. */
const signIn = async (account: string): Promise<void> => {
  const { page, context } = phone;
  await context.request.delete(`${line.url}/api/session`, { headers: { origin: line.url } });
  const answer = await context.request.post(`${line.url}/api/session`, { data: { account, password: demoPassword }, headers: { origin: line.url } });
  expect(answer.ok(), `${account} signs in`).toBe(true);
  await page.goto(`${line.url}/field/#/me`);
  await page.reload();
  await page.waitForSelector('#along');
  await page.waitForSelector('section[aria-labelledby=along]:has(.dim) .btn[aria-disabled=false]');
  await page.evaluate('navigator.serviceWorker.ready.then(() => true)');
};

const cookies = new Map<string, string>();
const call = async (account: string, method: 'post' | 'get', path: string, data?: unknown): Promise<Record<string, unknown>> => {
  if (!cookies.has(account)) {
    const opened = await fetch(`${demo.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json', origin: demo.url }, body: JSON.stringify({ account, password: demoPassword }) });
    cookies.set(account, opened.headers.get('set-cookie')!.split(';')[0]!);
  }
  const cookie = cookies.get(account)!;
  const answer = await fetch(`${demo.url}${path}`, { method: method.toUpperCase(), headers: { cookie, origin: demo.url, ...(data !== undefined && { 'content-type': 'application/json' }) }, ...(data !== undefined && { body: JSON.stringify(data) }) });
  const body = (await answer.json()) as Record<string, unknown>;
  if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(body)}`);
  return body;
};

/** A case that waits for the keeper of the lamps. */
const dispatched = async (text: string): Promise<string> => {
  const suggestion = (await call('collector', 'post', '/api/suggest', { component: lamp.code, text: '路灯不亮' })) as { rows: { key: string }[] };
  const made = (await call('collector', 'post', '/api/matters', { kind: 'case', action: 'report', input: { component: lamp.code, lng: lamp.lng, lat: lamp.lat, text, code: suggestion.rows[0]!.key, channel: 'field' }, op: crypto.randomUUID() })) as { id: string };
  await call('intake', 'post', `/api/matters/${made.id}/actions`, { action: 'file', input: { code: suggestion.rows[0]!.key, component: lamp.code }, op: crypto.randomUUID() });
  const now = (await call('dispatcher', 'get', `/api/matters/${made.id}`)) as { matter: { state: string } };
  if (now.matter.state === 'filed') await call('dispatcher', 'post', `/api/matters/${made.id}/actions`, { action: 'dispatch', input: { unit: 'lighting' }, op: crypto.randomUUID() });
  return made.id;
};

interface Timeline {
  readonly matter: { readonly state: string };
  readonly timeline: readonly { readonly action: string; readonly doneAt: string | null; readonly at: string; readonly files: readonly { readonly blob: string }[]; readonly texts: readonly { readonly text: string }[] }[];
}
const read = (id: string): Promise<Timeline> => call('lampkeeper', 'get', `/api/matters/${id}`) as unknown as Promise<Timeline>;

const clean = async (name: string): Promise<void> => {
  expect(await axeFindings(phone.page), name).toEqual([]);
  expect(await isTooWide(phone.page), `${name} fits its window`).toBe(false);
  await picture(phone.page, `field-${name}`);
};

beforeEach(async () => {
  line.mend();
  await phone.context.setOffline(false);
});

describe('without a network', () => {
  test('a whole task is done step by step, with photo, killed in between, and each step happens once and in order', async () => {
    const id = await dispatched('第一盏');
    await signIn('lampkeeper');
    await goDark(phone, line);
    // The app itself opens out of the phone.
    await phone.page.reload();
    await phone.page.goto(`${line.url}/field/#/tasks`);
    await phone.page.click(`.task-card[href*="${id}"]`);
    await phone.page.waitForSelector('.age');
    await phone.page.click('[data-action=accept]');
    await phone.page.waitForSelector('.task-waits');
    await phone.page.click('[data-action=arrive]');
    await phone.page.waitForSelector('.note-wait');
    await phone.page.click('[data-action=finish]');
    // Taken on its side: the camera says so in its metadata.
    await phone.page.setInputFiles('.sheet input[type=file]', await photo('#f4b02a', 6));
    await phone.page.waitForSelector('.sheet .thumbs img');
    await phone.page.click('.sheet button[type=submit]');
    await phone.page.waitForSelector('.sheet', { state: 'detached' });
    expect(await phone.page.textContent('.task header .chip')).toContain('核查');
    await clean('offline-task');
    await phone.kill();
    await phone.start();
    await goDark(phone, line);
    await phone.page.goto(`${line.url}/field/#/me`).catch(() => undefined);
    await phone.page.waitForSelector('.block .note-wait');
    expect(await phone.page.$$eval('.block .note-wait', (all) => all.length)).toBe(3);
    await clean('offline-waiting');
    // The server hears the first of them and nobody hears the server.
    line.deafen();
    await phone.context.setOffline(false);
    await phone.page.evaluate('dispatchEvent(new Event("online"))');
    await expect.poll(async () => (await read(id)).timeline.some(({ action }) => action === 'accept'), { timeout: 30_000 }).toBe(true);
    await phone.kill();
    line.mend();
    await phone.start();
    await phone.page.goto(`${line.url}/field/#/me`);
    await phone.page.waitForSelector('#waiting');
    await phone.page.waitForSelector('.block .note-wait', { state: 'detached' });
    const after = await read(id);
    expect(after.matter.state).toBe('verifying');
    const mine = after.timeline.filter(({ action }) => ['accept', 'arrive', 'finish'].includes(action));
    expect(mine.map(({ action }) => action)).toEqual(['accept', 'arrive', 'finish']);
    const { blob } = mine.at(-1)!.files[0]!;
    const served = await phone.context.request.get(`${line.url}/api/blobs/${blob}`);
    const { width, height } = await sharp(await served.body()).metadata();
    // Upright: what was 1200 wide on its side stands 1200 high.
    expect([width, height]).toEqual([900, 1200]);
  }, 240_000);

  test('two pages of one phone send what waits once', async () => {
    const id = await dispatched('两页');
    await signIn('lampkeeper');
    const second = await phone.context.newPage();
    await second.goto(`${line.url}/field/#/me`);
    await second.waitForSelector('#waiting');
    await goDark(phone, line);
    await phone.page.goto(`${line.url}/field/#/task/${id}`);
    await phone.page.click('[data-action=accept]');
    await phone.page.waitForSelector('.task-waits');
    await second.waitForSelector('.block .note-wait');
    line.mend();
    await phone.context.setOffline(false);
    await Promise.all([phone.page, second].map((page) => page.evaluate('dispatchEvent(new Event("online"))')));
    await second.waitForSelector('.block .note-wait', { state: 'detached' });
    expect((await read(id)).timeline.filter(({ action }) => action === 'accept')).toHaveLength(1);
    await second.close();
  }, 120_000);

  test('what somebody else has done meanwhile is shown beside what I did, and I decide what becomes of mine', async () => {
    const id = await dispatched('冲突');
    await signIn('lampkeeper');
    await goDark(phone, line);
    await phone.page.goto(`${line.url}/field/#/task/${id}`);
    await phone.page.click('[data-action=accept]');
    await phone.page.waitForSelector('.task-waits');
    // The dispatcher gives it to another unit.
    await call('dispatcher', 'post', `/api/matters/${id}/actions`, { action: 'void', input: { reason: '重复' }, op: crypto.randomUUID() }).catch(() => call('intake', 'post', `/api/matters/${id}/actions`, { action: 'void', input: { reason: '重复上报，作废' }, op: crypto.randomUUID() }));
    await goLight(phone, line);
    await phone.page.waitForSelector('.conflict');
    await phone.page.waitForSelector('.conflict-steps li');
    expect(await phone.page.textContent('.conflict')).toContain('作废');
    await clean('conflict');
    await phone.page.goto(`${line.url}/field/#/me`);
    await phone.page.waitForSelector('.conflict');
    await phone.page.click('.conflict .btn:has-text("撤回")');
    await phone.page.waitForSelector('.conflict', { state: 'detached' });
    expect((await read(id)).timeline.some(({ action }) => action === 'accept')).toBe(false);
  }, 120_000);

  test('a report finds grid, component and row in the phone, is there again after the app was killed, and is sent once', async () => {
    const about = async (): Promise<number> => ((await call('intake', 'get', `/api/matters?box=all&component=${lamp.code}&limit=100`)) as { items: unknown[] }).items.length;
    const before = await about();
    await signIn('collector');
    await goDark(phone, line);
    await phone.page.goto(`${line.url}/field/#/tasks`);
    await phone.page.reload();
    await phone.page.setInputFiles('.tab-camera input', await photo('#0b141c'));
    await phone.page.waitForSelector('.choice');
    expect(await phone.page.textContent('.choice:has(:checked) >> nth=0')).toContain(lamp.name);
    await phone.page.fill('#words', '灯杆歪了');
    await phone.page.click('.fold summary');
    await phone.page.fill('.fold input[type=search]', 'ld');
    await phone.page.waitForSelector('.table-rows button');
    expect(await phone.page.textContent('.table-rows')).toContain('路灯');
    await clean('offline-report');
    await phone.page.click('.table-rows button');
    await phone.kill();
    await phone.start();
    await goDark(phone, line);
    await phone.page.goto(`${line.url}/field/#/report`).catch(() => undefined);
    await phone.page.waitForSelector('#words');
    expect(await phone.page.inputValue('#words')).toBe('灯杆歪了');
    await phone.page.click('button[type=submit]');
    await phone.page.waitForSelector('.sent-wait');
    await goLight(phone, line);
    await phone.page.goto(`${line.url}/field/#/me`);
    await phone.page.waitForSelector('#waiting');
    await phone.page.waitForSelector('.block .note-wait', { state: 'detached' });
    expect(await about()).toBe(before + 1);
  }, 180_000);

  test('on a full phone a step is kept beside what fills it; with no room at all its owner is told, and nothing that waits is lost', async () => {
    const id = await dispatched('手机满了');
    await signIn('lampkeeper');
    await phone.page.goto(`${line.url}/field/#/task/${id}`);
    await phone.page.waitForSelector('[data-action=accept]');
    // Chromium trusts for half a minute what it last heard of the room, so the phone is full from before the app opens.
    await phone.kill();
    await phone.start();
    await (await phone.context.newCDPSession(phone.page)).send('Storage.overrideQuotaForOrigin', { origin: line.url, quotaSize: 1_000 });
    await goDark(phone, line);
    await phone.page.goto(`${line.url}/field/#/task/${id}`).catch(() => undefined);
    await phone.page.waitForSelector('[data-action=accept]');
    const aside = (): Promise<number> => phone.page.evaluate(`Object.keys(localStorage).filter((key) => key.startsWith('lamplight-waiting ')).length`);
    await phone.page.click('[data-action=accept]');
    await phone.page.waitForSelector('.task-waits');
    await phone.page.click('[data-action=arrive]');
    await expect.poll(aside).toBe(2);
    await phone.page.reload();
    // A photo takes none of the room that steps need: it is not kept, and the phone says so.
    await phone.page.click('[data-action=finish]');
    await phone.page.setInputFiles('.sheet input[type=file]', await photo('#f4b02a'));
    await phone.page.waitForSelector('.sheet .field-error');
    expect(await phone.page.textContent('.sheet .field-error')).toContain('这张照片没有留下');
    await clean('full-photo');
    await phone.page.click('.sheet .form-actions .btn:not([type=submit])');
    // Now there is none beside it either.
    await phone.page.evaluate(`(() => { let part = 'x'.repeat(1_000_000); for (let at = 0; part.length > 0; at++) try { localStorage.setItem('junk ' + at, part); } catch { part = part.slice(0, part.length >> 1); } })()`);
    await phone.page.click('.fold:has([data-action=note]) summary');
    await phone.page.click('[data-action=note]');
    await phone.page.fill('.sheet textarea', '先记一笔');
    await phone.page.click('.sheet button[type=submit]');
    await phone.page.waitForSelector('.note-late');
    expect(await phone.page.textContent('.note-late')).toContain('前面记下的一件没少');
    expect(await phone.page.inputValue('.sheet textarea')).toBe('先记一笔');
    await clean('full-step');
    expect(await aside()).toBe(2);
    // It is no less full when the network is back: what waits goes out, once and in its order.
    await goLight(phone, line);
    await expect.poll(async () => (await read(id)).timeline.map(({ action }) => action).filter((action) => ['accept', 'arrive', 'note'].includes(action)), { timeout: 60_000 }).toEqual(['accept', 'arrive']);
    await expect.poll(aside).toBe(0);
    await phone.page.evaluate(`Object.keys(localStorage).filter((key) => key.startsWith('junk ')).forEach((key) => localStorage.removeItem(key))`);
    await phone.kill();
    await phone.start();
  }, 240_000);

  test('an old web view without locks keeps order and sends once, slow as it is, with a clock that is a day fast', async () => {
    const id = await dispatched('旧手机');
    await signIn('lampkeeper');
    const aged = `(() => { delete Navigator.prototype.locks; const now = Date.now; Date.now = () => now() + 86_400_000; })()`;
    const old = await Promise.all([phone.context.newPage(), phone.context.newPage()]);
    for (const page of old) {
      await page.addInitScript(aged);
      const wire = await phone.context.newCDPSession(page);
      await wire.send('Emulation.setCPUThrottlingRate', { rate: 4 });
      await page.goto(`${line.url}/field/#/task/${id}`);
      await page.waitForSelector('[data-action=accept]');
      expect(await page.evaluate('"locks" in navigator')).toBe(false);
    }
    await goDark(phone, line);
    const begun = Date.now();
    await old[0]!.click('[data-action=accept]');
    await old[0]!.waitForSelector('.task-waits');
    await old[0]!.click('[data-action=arrive]');
    await expect.poll(() => old[1]!.evaluate(`new Promise((resolve) => { const open = indexedDB.open('lamplight-field'); open.onsuccess = () => { const all = open.result.transaction('waiting').objectStore('waiting').count(); all.onsuccess = () => { open.result.close(); resolve(all.result); }; }; })`)).toBe(2);
    line.mend();
    await phone.context.setOffline(false);
    await Promise.all(old.map((page) => page.evaluate('dispatchEvent(new Event("online"))')));
    await expect.poll(async () => (await read(id)).timeline.map(({ action }) => action).filter((action) => ['accept', 'arrive'].includes(action)), { timeout: 60_000 }).toEqual(['accept', 'arrive']);
    // A day ahead on the phone; put right by what the server said, it was done when it was done.
    const { doneAt, at } = (await read(id)).timeline.find(({ action }) => action === 'accept')!;
    expect(Math.abs(Date.parse(doneAt ?? at) - begun)).toBeLessThan(600_000);
    await old[0]!.goto(`${line.url}/field/#/me`);
    await old[0]!.waitForSelector('#waiting');
    for (const page of old) await page.close();
  }, 240_000);

  test('a grid worker acts for a resident: reports and adds to it, with consent taken in person', async () => {
    await signIn('gridworker');
    const { page } = phone;
    await page.goto(`${line.url}/field/#/rounds/proxy`);
    await page.click('main .btn-primary.big');
    await page.fill('input[type=tel]', '13900009099');
    await page.click('.choice >> nth=1');
    await page.fill('textarea', '王奶奶当面说，同意由我代她报');
    await page.click('button[type=submit]');
    await page.waitForSelector('#theirs');
    await page.fill('form.block textarea', '楼下的灯一直闪');
    // Some phones close the app when the camera needs its room: what was begun is there again.
    await page.waitForFunction(`new Promise((resolve) => { const open = indexedDB.open('lamplight-field'); open.onsuccess = () => { const all = open.result.transaction('facts').objectStore('facts').getAll(); all.onsuccess = () => { open.result.close(); resolve(all.result.some(({ key, value }) => key.startsWith('begun report ') && value.text === '楼下的灯一直闪')); }; }; })`);
    await phone.kill();
    await phone.start();
    const { page: again } = phone;
    await again.goto(`${line.url}/field/#/rounds/proxy`);
    await again.click('.task-list .block .btn:has-text("替他办")');
    await again.waitForFunction(`document.querySelector('form.block textarea')?.value === '楼下的灯一直闪'`);
    await again.click('form.block button[type=submit]');
    await again.waitForSelector('.note-done');
    // Taking a consent back is asked twice: what hangs on it goes with it.
    await again.click('.task-list .block .btn:has-text("撤回") >> nth=0');
    await again.waitForSelector('.task-list .note-wait');
    await again.click('.task-list .btn:has-text("不撤回")');
    await again.click('.task-list .block .btn:has-text("替他办")');
    await again.waitForSelector('[data-do=note]');
    await again.click('[data-do=note]');
    await again.fill('[data-matter] textarea', '晚上更厉害');
    await clean('proxy');
    await again.click('[data-matter] button[type=submit]');
    await again.waitForSelector('.note-done');
  }, 180_000);

  test('whoever signs in next finds nothing of the one before', async () => {
    await signIn('lampkeeper');
    const keys = (): Promise<string[]> => phone.page.evaluate(`new Promise((resolve) => { const open = indexedDB.open('lamplight-field'); open.onsuccess = () => { const all = open.result.transaction('answers').objectStore('answers').getAllKeys(); all.onsuccess = () => { open.result.close(); resolve(all.result); }; }; })`) as Promise<string[]>;
    expect((await keys()).length).toBeGreaterThan(0);
    await phone.page.click('main > .btn.big');
    await phone.page.waitForSelector('#account');
    await expect.poll(keys).toEqual([]);
  }, 60_000);
});
