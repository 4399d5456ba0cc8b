import exifr from 'exifr';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, picture } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from '../web/town.ts';
import { openPhone, type Phone } from './phone.ts';

let demo: ServedDemo;
let phone: Phone;
const here = { longitude: 121.04123, latitude: 30.17456 };
beforeAll(async () => {
  demo = await servedDemo();
  phone = await openPhone(demo.url, here);
}, 600_000);
afterAll(async () => {
  await phone?.close();
  await demo?.close();
});

/** Left half red, right half blue as the sensor has it; orientation 6 says that its top is at the right: upright, red is above. */
const sideways = async (): Promise<Buffer> =>
  sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#c02020' } })
    .composite([{ input: { create: { width: 1500, height: 2000, channels: 3, background: '#2020c0' } }, left: 1500, top: 0 }])
    .withMetadata({ orientation: 6 }).jpeg().toBuffer();

test('a photo is shrunk on the phone, stands upright, and says when and where, by the right time on a phone that is a day ahead', async () => {
  const { page, context } = phone;
  await page.addInitScript('(() => { const now = Date.now; Date.now = () => now() + 86_400_000; })()');
  const signed = await context.request.post(`${demo.url}/api/session`, { data: { account: 'collector', password: demoPassword }, headers: { origin: demo.url } });
  expect(signed.ok()).toBe(true);
  await page.goto(`${demo.url}/field/#/me`);
  // The phone has learned from the server's answers by how much it is wrong, and says so.
  await expect.poll(() => page.evaluate(`Number(localStorage.getItem('lamplight-clock'))`)).toBeLessThan(-86_000_000);
  expect(await page.textContent('main')).toContain('手机');
  const begun = Date.now();
  const file = await sideways();
  await page.setInputFiles('.tab-camera input', { name: 'sideways.jpg', mimeType: 'image/jpeg', buffer: file });
  await page.waitForSelector('#words');
  const kept = Buffer.from(await page.evaluate<string>(`new Promise((resolve) => { const open = indexedDB.open('lamplight-field'); open.onsuccess = () => { const all = open.result.transaction('pictures').objectStore('pictures').getAll(); all.onsuccess = () => { open.result.close(); const reader = new FileReader(); reader.onload = () => resolve(reader.result.split(',')[1]); reader.readAsDataURL(all.result[0].blob); }; }; })`), 'base64');
  expect(kept.length).toBeLessThan(file.length * 4);
  const { width, height, orientation } = await sharp(kept).metadata();
  expect([width, height, orientation ?? 1]).toEqual([1067, 1600, 1]);
  const { data, info } = await sharp(kept).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): number[] => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)];
  const [top, bottom, band] = [at(900, 100), at(900, 1500), at(4, 1590)];
  expect(top[0]! > 150 && top[2]! < 80, `red above: ${top.join()}`).toBe(true);
  expect(bottom[2]! > 150 && bottom[0]! < 80, `blue below: ${bottom.join()}`).toBe(true);
  expect(band.every((part) => part < 90), `the stamp's ground: ${band.join()}`).toBe(true);
  // White letters on it.
  let white = 0;
  for (let y = 1500; y < 1600; y++) for (let x = 0; x < 500; x++) if (at(x, y).every((part) => part > 200)) white++;
  expect(white).toBeGreaterThan(500);
  const told = (await exifr.parse(kept, { tiff: true, exif: true, gps: true, reviveValues: false })) as { DateTimeOriginal: string; OffsetTimeOriginal: string; latitude: number; longitude: number };
  expect(told.OffsetTimeOriginal).toBe('+08:00');
  const taken = Date.parse(`${told.DateTimeOriginal.slice(0, 10).replaceAll(':', '-')}T${told.DateTimeOriginal.slice(11)}+08:00`);
  expect(Math.abs(taken - begun)).toBeLessThan(600_000);
  expect(Math.abs(told.longitude - here.longitude) + Math.abs(told.latitude - here.latitude)).toBeLessThan(1e-4);
  await picture(page, 'field-stamp');
}, 120_000);

/**
 * A message as the browser's push service hands it to the worker at home under `scope`: what the worker shows of it, and where a
 * press leads. A headless browser shows no notices and opens windows for nobody, so that what the worker asks of it is noted.
 */
const pushed = async (scope: string, note: object): Promise<{ readonly shown: string; readonly opens: string }> => {
  const { page, context } = phone;
  const script = scope === '/field/' ? '/field/sw.js' : '/told.js';
  await expect.poll(() => context.serviceWorkers().some((one) => one.url().endsWith(script))).toBe(true);
  const worker = context.serviceWorkers().find((one) => one.url().endsWith(script))!;
  await worker.evaluate(`registration.showNotification = async (title, { body, data }) => { self.shown = { title, body, data }; };
    Object.defineProperty(clients, 'openWindow', { value: async (link) => { self.opened = link; }, configurable: true });`);
  const line = await context.newCDPSession(page);
  const registration = new Promise<string>((resolve) => line.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    for (const one of registrations) if (one.scopeURL === `${demo.url}${scope}` && !one.isDeleted) resolve(one.registrationId);
  }));
  await line.send('ServiceWorker.enable');
  await line.send('ServiceWorker.deliverPushMessage', { origin: demo.url, registrationId: await registration, data: JSON.stringify(note) });
  await expect.poll(() => worker.evaluate<string>(`self.shown ? self.shown.title + ' ' + self.shown.body : ''`)).not.toBe('');
  await worker.evaluate(`dispatchEvent(Object.assign(new Event('notificationclick'), { notification: { data: self.shown.data, close() {} }, waitUntil() {} }))`);
  await expect.poll(() => worker.evaluate<string>(`self.opened || ''`)).not.toBe('');
  await line.detach();
  return worker.evaluate<{ shown: string; opens: string }>(`({ shown: self.shown.title + ' ' + self.shown.body, opens: self.opened })`);
};

test('a device asks to be told, is told in its account only, and is told nothing once its owner signs out', async () => {
  const { page, context } = phone;
  // The headless browser has no push service behind it; what it asks of one is answered as a phone's would be.
  await page.addInitScript(`(() => {
    const raw = (text) => text.replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '');
    const one = { endpoint: 'https://push.example.org/phone', toJSON: () => ({ endpoint: one.endpoint, keys: { p256dh: raw(btoa('\\x04' + 'k'.repeat(64))), auth: raw(btoa('a'.repeat(16))) } }), unsubscribe: async () => { sessionStorage.removeItem('told'); return true; } };
    PushManager.prototype.subscribe = async () => { sessionStorage.setItem('told', '1'); return one; };
    PushManager.prototype.getSubscription = async () => sessionStorage.getItem('told') ? one : null;
    Notification.requestPermission = async () => 'granted';
    Object.defineProperty(Notification, 'permission', { get: () => sessionStorage.getItem('told') ? 'granted' : 'default' });
  })()`);
  const devices = async (): Promise<string[]> => (await demo.town.world.db.query<{ recipient: string }>(`select recipient from reach_address where channel = 'push'`)).map(({ recipient }) => recipient);
  await page.goto(`${demo.url}/field/#/me`);
  await page.reload();
  await page.click('.notices button');
  await expect.poll(devices).toHaveLength(1);
  expect((await devices())[0]).toMatch(/^account:/);
  await page.waitForSelector('.notices button:has-text("关闭提醒")');
  expect([await axeFindings(page), await isTooWide(page)]).toEqual([[], false]);
  await picture(page, 'field-notices');
  // When not: hours of one's own, what is urgent there aside.
  await page.check('.quiet input[type="checkbox"]');
  await page.fill('.quiet-hours input >> nth=0', '12:30');
  await page.fill('.quiet-hours input >> nth=1', '12:30');
  await page.click('.quiet button');
  await page.waitForSelector('.notices [role="alert"]:has-text("起止不能相同")');
  await page.fill('.quiet-hours input >> nth=1', '14:00');
  await page.click('.quiet button');
  await page.waitForSelector('.quiet [role="status"]:has-text("已保存")');
  expect(await demo.town.world.db.query('select quiet_from, quiet_until from staff_quiet')).toEqual([{ quiet_from: 750, quiet_until: 840 }]);
  expect([await axeFindings(page), await isTooWide(page)]).toEqual([[], false]);
  await picture(page, 'field-quiet');
  const matter = '01900000-0000-7000-8000-000000000001';
  expect(await pushed('/field/', { text: '【灯火】您有新任务', tag: 'one', matter })).toEqual({ shown: '灯火 您有新任务', opens: `${demo.url}/field/#/task/${matter}` });
  await page.click('main > .btn.big');
  await page.waitForSelector('#account');
  await expect.poll(devices).toEqual([]);
  // A resident's session has no such thing, and nobody has without one.
  expect((await context.request.get(`${demo.url}/api/notices`)).status()).toBe(401);
  // The console tells of the same matter on its own page.
  expect((await context.request.post(`${demo.url}/api/session`, { data: { account: 'dispatcher', password: demoPassword }, headers: { origin: demo.url } })).ok()).toBe(true);
  await page.goto(`${demo.url}/console/`);
  await page.click('button.account');
  await page.click('[role="menuitem"]:has-text("提醒与免打扰")');
  await page.click('.notices button:has-text("开启提醒")');
  await page.waitForSelector('.notices button:has-text("关闭提醒")');
  await expect.poll(devices).toHaveLength(1);
  expect([await axeFindings(page), await isTooWide(page)]).toEqual([[], false]);
  await picture(page, 'console-notices');
  expect((await pushed('/console/', { text: '【灯火】督办', tag: 'two', matter })).opens).toBe(`${demo.url}/console/#/inbox/${matter}?box=all`);
}, 120_000);
