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

const signedIn = async (account: string, language: 'zh-CN' | 'zh-TW' | 'en-GB' = 'zh-CN'): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, width: 1440, height: 900, language });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const clean = async (page: Page, name: string): Promise<void> => {
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await axeFindings(page), name).toEqual([]);
    await picture(page, `queue-${name}-${width}`);
    expect(await isTooWide(page), `${name} fits ${width}`).toBe(false);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
};
const stateOf = async (id: string): Promise<string> => (await demo.town.modules.matters.whole(demo.town.world.db, '330281', id))!.matter.state;

/** Reports the same lamp twice, by two residents, and something else. */
const reports = async (page: Page): Promise<{ first: string; second: string }> => {
  const lamp = await demo.lamp();
  const report = async (input: object): Promise<string> => {
    const answer = await page.request.post('/api/matters', { data: { kind: 'case', action: 'report', input: { channel: 'phone', ...input }, op: crypto.randomUUID() } });
    expect(answer.status(), await answer.text()).toBe(201);
    return ((await answer.json()) as { id: string }).id;
  };
  const first = await report({ text: '路灯不亮，晚上看不见路', component: lamp.code });
  return { first, second: await report({ text: '门口这盏灯两天没亮了', lng: lamp.lng, lat: lamp.lat, address: '谢家路村' }) };
};

test('reports are gone through by keyboard: what it may be and what is the same stand beside it; filed by a figure, merged by M', async () => {
  const page = await signedIn('intake');
  const { first, second } = await reports(page);
  await page.goto(`/console/#/queue/${first}`);
  await page.waitForSelector('.queue-offer');
  await clean(page, 'report');
  await page.keyboard.press('1');
  await page.waitForFunction((id) => !location.hash.includes(id), first);
  expect(['filed', 'dispatched']).toContain(await stateOf(first));
  expect(await page.textContent('[role=status].note')).toContain('立案');

  await page.goto(`/console/#/queue/${second}`);
  // What was said and shown of the double stands beside the report.
  await page.waitForSelector('.queue-double .queue-told :text("路灯不亮，晚上看不见路")');
  await clean(page, 'double');
  await page.keyboard.press('m');
  await page.waitForFunction((id) => !location.hash.includes(id), second);
  expect(await stateOf(second)).toBe('merged');
  await page.context().close();
}, 120_000);

test.each([
  { language: 'zh-TW', tag: 'zh-Hant', filed: '已按', merged: '已併入', note: '加備註', noted: '請看一下', foreign: /[个条这为与处结报员并]/u },
  { language: 'en-GB', tag: 'en', filed: 'was filed as', merged: 'was merged into', note: 'Add a note', noted: 'Please look', foreign: /[\u4e00-\u9fff]/u },
] as const)('the queue and the page of a case are worked in $tag, and nothing of them is in another language', async ({ language, tag, filed, merged, note, noted, foreign }) => {
  const page = await signedIn('intake', language);
  const { first, second } = await reports(page);
  /** Words of the page itself: what people, places and the code table are called stays as it is. */
  const own = async (selectors: string): Promise<void> => expect((await page.locator(selectors).allInnerTexts()).filter((words) => foreign.test(words))).toEqual([]);
  await page.goto(`/console/#/queue/${first}`);
  await page.waitForSelector('.queue-offer');
  await own('.bar-nav, .page-head, .actions-line, .queue-sides h3, .inbox-keys, .picture-gap, .queue-load h2');
  await clean(page, `report-${tag}`);
  await page.keyboard.press('1');
  await page.waitForSelector(`.queue-said:has-text("${filed}")`);
  await page.goto(`/console/#/queue/${second}`);
  await page.waitForSelector('.queue-told .queue-words');
  await page.keyboard.press('m');
  await page.waitForSelector(`.queue-said:has-text("${merged}")`);
  await own('.queue-said .btn');

  // The page of the case that it was merged into.
  await page.goto(`/console/#/inbox/${first}?box=all`);
  await page.waitForSelector('.children .btn');
  await own('.boxes, .counts, .filters-line, .matter-print, .clock-working, .actions-line, .impossible, .facts dt, .children h2, .trace h2, .inbox-keys');
  await page.click('[data-action=note]');
  await page.waitForSelector(`.action-panel h2:has-text("${note}")`);
  await own('.action-panel label, .action-panel .btn, .action-panel .field-hint');
  await page.fill('.action-panel textarea', noted);
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector(`.trace .step:has-text("${noted}")`);
  await clean(page, `case-${tag}`);
  await page.context().close();
}, 120_000);

test('without leaving the queue a wrong merge is undone, a report refused with a reason that is kept ready, split, and merged into a case that is looked up', async () => {
  const page = await signedIn('intake');
  const { first, second } = await reports(page);
  const matterOf = async (id: string) => (await demo.town.modules.matters.whole(demo.town.world.db, '330281', id))!;
  const said = (words: string) => page.waitForFunction((text) => document.querySelector('[role=status].note')?.textContent?.includes(text), words);

  // Merged by mistake: the way back stands beside what happened.
  await page.goto(`/console/#/queue/${second}`);
  await page.waitForSelector('.queue-double');
  await page.keyboard.press('m');
  await said('已并入');
  expect(await stateOf(second)).toBe('merged');
  await page.keyboard.press('u');
  await page.waitForSelector('.ready-words');
  await clean(page, 'undo');
  await page.click('.ready-words button:has-text("并错了")');
  await page.keyboard.press('Control+Enter');
  await said('已撤销并案');
  expect(await stateOf(second)).toBe('reported');
  await page.waitForFunction((id) => location.hash.includes(id), second);

  // Into a case that is looked up by its words, and undone on the page of that case.
  await page.waitForSelector('[data-aside=merge]');
  await page.keyboard.press('i');
  await page.locator('.action-panel [role=combobox]').fill((await matterOf(first)).matter.number);
  await page.click(`[role=option]:has-text("${(await matterOf(first)).matter.number}")`);
  await page.click('.action-panel button[type=submit]');
  await said('已并案');
  expect((await matterOf(second)).matter.data['mergedInto']).toBe(first);
  await page.goto(`/console/#/inbox/${first}?box=all`);
  await page.click(`button[aria-label*="撤销并案"]`);
  await page.waitForSelector('.children .ready-words');
  await clean(page, 'unmerge');
  await page.fill('.children textarea', '门口的是另一盏');
  await page.click('.children button[type=submit]');
  await said('已撤销并案');
  expect(await stateOf(second)).toBe('reported');

  // Split: the part is a case of its own, and the report stays for the rest.
  await page.goto(`/console/#/queue/${second}`);
  await page.waitForSelector('[data-aside=split]');
  await page.keyboard.press('s');
  await page.fill('[data-field=issue] textarea', '旁边井盖也松了');
  await page.locator('.action-panel [role=combobox]').first().fill('井盖');
  await page.locator('[role=option]').first().click();
  await page.click('.action-panel button[type=submit]');
  await said('已拆出一件');
  await page.waitForSelector('.queue-report .children li');
  expect(await stateOf(second)).toBe('reported');
  await clean(page, 'split');

  // Refused, in words that the county keeps ready and that may be changed.
  await page.keyboard.press('r');
  await page.click('.ready-words button:has-text("到现场看过")');
  expect(await page.inputValue('[data-field=reason] textarea')).toContain('已经不在了');
  await page.locator('[data-field=reason] textarea').pressSequentially('谢谢。');
  await page.keyboard.press('Control+Enter');
  await said('不予立案');
  expect(await stateOf(second)).toBe('declined');
  expect((await matterOf(second)).texts.some(({ body }) => body?.includes('已经不在了。谢谢。'))).toBe(true);

  // What is no case yet waits for no picture of a repair.
  await page.goto(`/console/#/queue/${first}`);
  await page.waitForSelector('.queue-offer');
  expect(await page.locator('.queue-report .picture-gap').allTextContents()).toEqual(['还没有处置前的照片']);
  await page.context().close();
}, 180_000);

test('G takes the next that is free, and what is free is shared out to whoever has least', async () => {
  const page = await signedIn('intake');
  const { first, second } = await reports(page);
  await page.goto('/console/#/queue');
  await page.waitForSelector('.queue-list li');
  await page.keyboard.press('g');
  await page.waitForSelector('.queue-report h2');
  const taken = /queue\/([0-9a-f-]{36})/u.exec(page.url())![1]!;
  const { matter: { facets } } = (await demo.town.modules.matters.whole(demo.town.world.db, '330281', taken))!;
  expect(facets.handler).toBeDefined();
  const dispatcher = await signedIn('dispatcher');
  await dispatcher.goto('/console/#/queue');
  await dispatcher.waitForSelector('.queue-load li');
  await clean(dispatcher, 'load');
  await dispatcher.click('button:has-text("平均分派")');
  // Nothing happens before it is known how much goes to how many.
  await dispatcher.waitForSelector('text=/把没人领的 \\d+ 件平均分给 \\d+ 人/');
  expect((await demo.town.modules.matters.whole(demo.town.world.db, '330281', first))!.matter.facets.handler).toBeUndefined();
  await clean(dispatcher, 'share');
  await dispatcher.click('[role=group] button:has-text("分派")');
  await dispatcher.waitForFunction(() => /分到/u.test(document.querySelector('[role=status].note')?.textContent ?? ''));
  const handlers = await Promise.all([first, second].map(async (id) => (await demo.town.modules.matters.whole(demo.town.world.db, '330281', id))!.matter.facets.handler));
  expect(handlers).not.toContain(undefined);
  await dispatcher.context().close();
  await page.context().close();
}, 120_000);

test('@ in a note offers colleagues, and ? shows every key', async () => {
  const page = await signedIn('intake');
  const { first } = await reports(page);
  await page.goto(`/console/#/inbox/${first}?box=all`);
  await page.waitForSelector('[data-action=note]');
  await page.click('[data-action=note]');
  await page.locator('.mention textarea').pressSequentially('请看一下 @disp');
  await page.waitForSelector('.mention-list [role=option]');
  await clean(page, 'mention');
  await page.keyboard.press('Enter');
  expect(await page.inputValue('.mention textarea')).toContain('@dispatcher ');
  await page.keyboard.press('Escape');
  await page.goto('/console/#/queue');
  await page.waitForSelector('.queue-list');
  await page.keyboard.press('?');
  await page.waitForSelector('.key-map');
  await clean(page, 'keys');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.key-map', { state: 'detached' });
  await page.context().close();
}, 120_000);

test('a call is filed without a mouse: who calls, what, where, the row, sent', async () => {
  const page = await signedIn('intake');
  await page.goto('/console/#/intake');
  await page.waitForFunction(() => document.activeElement?.id === 'call-phone');
  await page.keyboard.type('13900099881');
  await page.waitForSelector('[data-caller=new]');
  await page.keyboard.press('Tab');
  await page.keyboard.type('门口路灯不亮');
  await page.keyboard.press('Tab');
  await page.keyboard.type('谢家路村');
  await page.waitForSelector('.offers button');
  await page.waitForSelector('input[name=row]');
  await page.keyboard.press('Alt+a');
  await page.keyboard.press('Alt+1');
  await page.waitForFunction(() => !document.querySelector<HTMLInputElement>('input[name=row]:checked')?.closest('label')?.matches(':last-child'));
  await picture(page, 'queue-call');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.note-done');
  // The next caller can speak.
  await page.waitForFunction(() => document.activeElement?.id === 'call-phone');
  await page.context().close();
}, 120_000);

test('places, code table, accounts, callbacks, finds, replies, rounds, changes and the log leave whole as files, safe for a spreadsheet, and each is traced', async () => {
  const { matters, ledger, identity } = demo.town.modules;
  const rowsOf = async (account: string, path: string): Promise<string[]> => {
    const page = await signedIn(account);
    const answer = await page.request.get(path);
    expect(answer.status(), `${path} as ${account}`).toBe(200);
    expect(answer.headers()['content-disposition']).toContain('attachment');
    const text = await answer.text();
    await page.context().close();
    return text.replace(/^\uFEFF/u, '').trimEnd().split('\r\n');
  };
  const places = await rowsOf('steward', '/api/places/export?format=csv');
  expect(places[0]).toBe('编码,层级,类型,名称,上级编码,所在');
  expect(places.length - 1).toBe([...(await demo.town.modules.places.tree('330281' as never)).all()].length);
  expect((await rowsOf('steward', '/api/places/export?format=csv&under=330281103203')).length).toBeLessThan(places.length);
  expect((await rowsOf('steward', '/api/catalogue/export?format=csv')).length).toBeGreaterThan(500);
  const admin = { id: 'system' as never, kind: 'system' as const, name: null, grants: [] };
  await identity.accounts.create(admin, '330281', { login: 'formula', name: '=HYPERLINK("x")' });
  const accounts = await rowsOf('admin', '/api/accounts/export?format=csv&lang=en');
  expect(accounts.find((line) => line.startsWith('formula,'))).toContain(`"'=HYPERLINK(""x"")"`);
  expect(accounts.join()).not.toMatch(/1[3-9]\d{9}/u);
  expect((await rowsOf('intake', '/api/callbacks/export?format=csv&state=waiting'))[0]).toContain('列入时间');
  // What is found, replied, walked, changed and logged leaves in the same way.
  const lamps = await rowsOf('intake', `/api/search/export?format=csv&q=${encodeURIComponent('路灯')}`);
  expect(lamps[0]).toContain('案件号,事项,状态');
  expect(lamps.length).toBeGreaterThan(1);
  expect((await rowsOf('intake', '/api/inbound/export?format=csv&lang=en'))[0]).toBe('Received,Phone,Text,Why somebody has to look');
  expect((await rowsOf('gridchief', '/api/rounds/coverage/export?format=csv'))[0]).toContain('路线,地点,点位');
  expect((await rowsOf('gridchief', '/api/rounds/coverage/export?format=csv&list=patrols'))[0]).toContain('巡查人');
  expect((await rowsOf('gridchief', '/api/rounds/visits/export?format=csv'))[0]).toContain('走访时间');
  expect((await rowsOf('gridchief', '/api/rounds/handovers/export?format=csv&lang=zh-Hant'))[0]).toContain('交班時間');
  expect((await rowsOf('admin', '/api/changes/export?format=csv')).length).toBeGreaterThan(1);
  const load = await rowsOf('dispatcher', '/api/desk/load/export?format=csv&lang=en');
  expect(load[0]).toBe('Kind,Name,Unit,Open,Overdue,Free');
  expect(new Set(load.slice(1).map((line) => line.split(',')[0]))).toEqual(new Set(['Person', 'Unit', 'Free at the desk']));
  const { settings } = demo.town.modules;
  const base = (await settings.newest('330281')).get('contacts')?.version ?? 0;
  const name = { 'zh-Hans': '=1+1', 'zh-Hant': '=1+1', en: '=1+1' };
  await settings.save(admin, '330281', 'contacts', { base, document: { phones: [{ name, number: '12345', hours: name }], windows: [] } as never, note: '=2+2' });
  const versions = await rowsOf('auditor', '/api/settings/contacts/versions/export?format=csv');
  expect(versions[0]).toBe('版本,时间,修改人,说明,退回到版本,改了什么');
  expect(versions[1]).toContain("'=2+2");
  const entries = await rowsOf('auditor', '/api/ledger/330281/entries/export?format=csv&before=300');
  expect(entries.length).toBe(300);
  expect(entries[1]).toMatch(/^299,/u);
  const refused = await signedIn('lampkeeper');
  for (const path of ['/api/accounts/export?format=csv', '/api/places/export?format=csv', '/api/inbound/export?format=csv', '/api/changes/export?format=csv', '/api/rounds/visits/export?format=csv', '/api/ledger/330281/entries/export?format=csv']) expect((await refused.request.get(path)).status(), path).toBe(403);
  await refused.context().close();
  await matters.drain();
  await ledger.sequencer.drain();
  const traced = await demo.town.world.db.query<{ kind: string; action: string }>(`select kind, action from ledger_entry where subject = 'access' and action in ('export', 'exported') order by seq`);
  for (const kind of ['places', 'standards', 'accounts', 'callbacks', 'search', 'inbound', 'stops', 'patrols', 'visits', 'handovers', 'changes', 'entries']) expect(traced.filter((entry) => entry.kind === kind).map(({ action }) => action).slice(0, 2), kind).toEqual(['export', 'exported']);
}, 120_000);
