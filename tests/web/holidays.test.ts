import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CountyCode } from '../../src/base/ids.ts';
import { demoPassword } from '../../src/modules/identity/index.ts';
import { axeFindings, isTooWide, openBrowser, picture, type TestBrowser, visitorOf } from '../support/browser.ts';
import { servedDemo, type ServedDemo } from './town.ts';

let demo: ServedDemo;
let browser: TestBrowser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([servedDemo(), openBrowser()]);
  // The eve of the Spring Festival of 2026, 17:20: Saturday the 14th is worked instead, then nobody works until the 24th.
  demo.world.setNow(Date.parse('2026-02-13T17:20:00+08:00'));
  await demo.world.ownerDb.query(`update account_grant set valid_from = '2026-01-01T00:00:00Z'`);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await demo?.close();
});

const signedIn = async (account: string, language: 'zh-CN' | 'zh-TW' | 'en-GB', width = 1440): Promise<Page> => {
  const context = await visitorOf(browser, { baseURL: demo.url, language, width, height: 900 });
  expect((await context.request.post('/api/session', { data: { account, password: demoPassword } })).ok()).toBe(true);
  return context.newPage();
};
const acted = async (page: Page, id: string | null, action: string, input: object): Promise<{ readonly id: string; readonly state: string }> => {
  const answer = await page.request.post(id === null ? '/api/matters' : `/api/matters/${id}/actions`, { data: { ...(id === null && { kind: 'case' }), action, input, op: crypto.randomUUID() } });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as { id: string; state: string };
};
/** Account of somebody who works in a unit. */
const handlerOf = async (unit: string): Promise<string> =>
  (await demo.world.db.query<{ login: string }>(`select a.login from account a join account_grant g on g.account = a.id where g.unit = $1 and g.role in ('unithandler', 'enforcer') order by a.login limit 1`, [unit]))[0]!.login;

const said = {
  'zh-CN': ['2 个工作日', '2月24日', '2月14日（周六）调休上班（春节），照算', '2月23日（周一）春节放假，不算'],
  'zh-TW': ['2 個工作日', '2月24日', '調休上班（春節），照算', '春節放假，不算'],
  'en-GB': ['2 working days', '24 Feb', 'make-up working day (Spring Festival), counted', 'Spring Festival, not counted'],
} as const;

test('a case that is dispatched on the eve of a holiday says at every due time what does not count and what does', async () => {
  const { catalogue } = demo.town.modules;
  const row = catalogue.rows('330281' as CountyCode, 1).find(({ limit, code }) => limit?.unit === 'workingDay' && limit.amount === 2 && !code.startsWith('C'))!;
  const desk = await signedIn('intake', 'zh-CN');
  const { id } = await acted(desk, null, 'report', { text: '过年前的一件事', place: '330281103203', channel: 'phone' });
  let { state } = await acted(desk, id, 'file', { code: row.key });
  if (state === 'filed') ({ state } = await acted(await signedIn('dispatcher', 'zh-CN'), id, 'dispatch', { unit: 'lighting' }));
  expect(state).toBe('dispatched');
  const unit = (await demo.world.db.query<{ lead_unit: string }>('select lead_unit from matter where id = $1', [id]))[0]!.lead_unit;
  const handler = await handlerOf(unit);
  await acted(await signedIn(handler, 'zh-CN'), id, 'accept', {});
  const link = new URL((await demo.world.db.query<{ link: string }>(`select params ->> 'link' as link from delivery where matter = $1 and params ? 'link' limit 1`, [id]))[0]!.link).pathname;

  for (const [language, words] of Object.entries(said) as [keyof typeof said, readonly string[]][]) {
    const console = await signedIn('dispatcher', language);
    await console.goto(`/console/#/inbox/${id}?box=all`);
    await console.waitForSelector(`.clock-working:has-text("${words[1]}")`);
    const box = await console.textContent('.clock-working');
    for (const each of words) expect(box, language).toContain(each);
    await console.click(`.row-item:has(a[href*="${id}"]) [data-why]`);
    await console.waitForSelector(`.due-dialog:has-text("${words[3]}")`);
    for (const each of words) expect(await console.textContent('.due-dialog'), language).toContain(each);
    await console.goto(`/api/matters/${id}/sheet?lang=${{ 'zh-CN': 'zh-Hans', 'zh-TW': 'zh-Hant', 'en-GB': 'en' }[language]}`);
    await console.waitForSelector(`dl:has-text("${words[3]}")`);
    for (const each of words) expect(await console.textContent('dl'), language).toContain(each);
    expect((await console.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');

    const field = await signedIn(handler, language, 390);
    await field.goto(`/field/#/task/${id}`);
    await field.click('.task-why summary');
    await field.waitForSelector(`.task-why ul:has-text("${words[3]}")`);
    for (const each of words) expect(await field.textContent('.task-why ul'), language).toContain(each);
    expect([await axeFindings(field), await isTooWide(field)]).toEqual([[], false]);
    await picture(field, `holiday-field-${language}`);

    const resident = await (await visitorOf(browser, { baseURL: demo.url, language })).newPage();
    await resident.goto(link);
    await resident.click('details.why summary');
    for (const each of words) expect(await resident.textContent('details.why ul'), language).toContain(each);
    expect([await axeFindings(resident), await isTooWide(resident)]).toEqual([[], false]);
    await picture(resident, `holiday-follow-${language}`);
    for (const page of [console, field, resident]) await page.context().close();
  }
}, 240_000);
