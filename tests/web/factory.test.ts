import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isRefusal } from '../../src/base/result.ts';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import type { TestWorld } from '../support/world.ts';
import { lampPhoto } from '../pages/photos.ts';
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

const county = '330281';
const signedIn = async (account: string, width = 1440): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, width, height: 900 });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const clean = async (page: Page, name: string): Promise<void> => {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFindings(page), name).toEqual([]);
    await picture(page, `factory-${name}-${width}`);
    expect(await isTooWide(page), `${name} fits ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};
const act = async (page: Page, id: string, action: string, input: object = {}): Promise<string> => {
  const answer = await page.request.post(`/api/matters/${id}/actions`, { data: { action, input, op: crypto.randomUUID() } });
  expect(answer.ok(), `${action}: ${await answer.text()}`).toBe(true);
  return ((await answer.json()) as { state: string }).state;
};
const whole = async (id: string) => (await demo.town.modules.matters.whole(demo.town.world.db, county, id))!;
const told = async (id: string): Promise<string[]> => (await whole(id)).deliveries.filter(({ template }) => template === 'verified_closed').map(({ recipient }) => recipient).sort();
const settle = async (): Promise<void> => {
  await demo.town.modules.matters.drain();
  await demo.town.modules.ledger.sequencer.drain();
  await demo.town.modules.ledger.followers.catchUp(county as never);
};

test('the factory at 乐业路59号: one report, two cases, two units, enforced the next day; each result to the chief and the resident, one call about both', async () => {
  const { identity, catalogue } = demo.town.modules;
  const resident = await identity.contacts.contactByPhone(demo.town.world.db, county, '13900044321', 'zh-Hans');
  if (isRefusal(resident)) throw new Error(resident.reason);
  const version = catalogue.currentVersion(county, demo.town.world.now())!;
  const row = (words: string) => catalogue.search(county, words, { version, limit: 1 })[0]!;

  // The chief reports for the resident, with a picture from the gate.
  const chief = await signedIn('gridchief', 390);
  const uploaded = await chief.request.post('/api/blobs', { multipart: { file: { name: 'gate.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await lampPhoto()) } } });
  expect(uploaded.ok(), await uploaded.text()).toBe(true);
  const photo = ((await uploaded.json()) as { blob: string }).blob;
  const reported = await chief.request.post('/api/matters', { data: { kind: 'case', action: 'report', op: crypto.randomUUID(),
    input: { text: '厂里机器整夜响，还有三盏灯照得人睡不着', place: '330281103203', address: '乐业路59号', contact: resident.id, channel: 'gridworker', callBack: 'promised', blobs: [photo] } } });
  expect(reported.status(), await reported.text()).toBe(201);
  const { id } = (await reported.json()) as { id: string };

  // The desk makes two cases of it, in the page.
  const desk = await signedIn('intake');
  await desk.goto(`/console/#/inbox/${id}?box=all`);
  await desk.click('[data-action=split]');
  await desk.waitForSelector('.action-panel form');
  await desk.fill('.action-panel textarea', '三盏灯整夜刺眼');
  await desk.fill('.action-panel [role=combobox] >> nth=0', row('景观灯').code);
  await desk.click('[role=option]:has-text("景观灯")');
  await desk.click('.action-panel button[type=submit]');
  await desk.waitForSelector('.children li a');
  await desk.click('[data-action=file]');
  await desk.waitForSelector('.action-panel form');
  await desk.fill('.action-panel [role=combobox] >> nth=0', row('施工扰民').code);
  await desk.click('[role=option]:has-text("施工扰民")');
  await desk.click('.action-panel button[type=submit]');
  await expect.poll(async () => (await whole(id)).matter.state, { timeout: 30_000 }).not.toBe('reported');
  await clean(desk, 'two-cases');
  const lamps = (await demo.town.modules.matters.readFamily(demo.town.world.db, county, id, 'case')).find((one) => one.id !== id)!.id;
  expect((await whole(lamps)).matter.facets.code).not.toBe((await whole(id)).matter.facets.code);

  // Each goes to the unit that it belongs to.
  const dispatcher = await signedIn('dispatcher');
  for (const [matter, unit] of [[id, 'enforcement'], [lamps, 'lighting']] as const) {
    const { state, facets } = (await whole(matter)).matter;
    if (state === 'filed') await act(dispatcher, matter, 'dispatch', { unit });
    else if (facets.leadUnit !== unit) await act(dispatcher, matter, 'redispatch', { unit, reason: '归口办理' });
  }
  (demo.town.world as TestWorld).advance(24 * 3_600_000);

  const proof = async (who: Page): Promise<string> => {
    const answer = await who.request.post('/api/blobs', { multipart: { file: { name: 'done.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await lampPhoto()) } } });
    return ((await answer.json()) as { blob: string }).blob;
  };
  for (const [account, matter] of [['enforcer', id], ['lampkeeper', lamps]] as const) {
    const who = await signedIn(account);
    await who.goto(`/console/#/inbox/${matter}?box=todo`);
    await who.click('[data-action=accept]');
    await who.click('.action-panel button[type=submit]');
    await expect.poll(async () => (await whole(matter)).matter.state, { timeout: 20_000 }).toBe('handling');
    await act(who, matter, 'finish', { blobs: [await proof(who)], note: account === 'enforcer' ? '责令夜间停工，已整改' : '换成遮光灯罩' });
    await who.context().close();
    const eyes = await signedIn('collector');
    await act(eyes, matter, 'verify', { note: '现场看过' });
    await eyes.context().close();
    if ((await whole(matter)).matter.state === 'verified') await act(desk, matter, 'close');
    const recipients = await told(matter);
    expect(recipients).toHaveLength(2);
    expect(recipients[1]).toBe(`contact:${resident.id}`);
    expect(recipients[0]).toMatch(/^account:/u);
  }
  await settle();

  // One call about both.
  const operator = await signedIn('operator');
  await operator.goto('/console/#/callbacks');
  await operator.waitForSelector('button:has-text("下一")');
  const { items } = (await (await operator.request.get('/api/callbacks?state=waiting')).json()) as { items: { parts: { id: string }[] }[] };
  expect(items.filter(({ parts }) => parts.some((part) => part.id === id || part.id === lamps)).map(({ parts }) => parts.length)).toEqual([2]);
  await clean(operator, 'one-call');
  for (const page of [chief, desk, dispatcher, operator]) await page.context().close();
}, 240_000);
