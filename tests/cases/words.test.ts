import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { prepareTown } from '../../bench/prepare.ts';
import type { Actor, Grant } from '../../src/base/actor.ts';
import type { ActorId, CountyCode, PlacePath, UnitId } from '../../src/base/ids.ts';
import { languages } from '../../src/base/text/language.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { openModules, type Modules } from '../../src/entry/town/modules.ts';
import { mentionsIn, replyWords } from '../../src/modules/cases/rules/text/words.ts';
import type { Done } from '../../src/modules/matters/index.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { countyPath, gridPath, townPath, villagePath } from '../identity/made.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281' as CountyCode;
let world: TestWorld;
let modules: Modules;
let people: Map<string, string>;
let resident: Actor;
const person = (n: number, role: string, unit: string | null = null): Actor => {
  const grant: Grant = { id: `g${n}`, county, role, unit: unit as UnitId | null, place: '' as PlacePath, purpose: null, from: 0, until: null };
  return { id: `00000000-0000-7000-8000-0000000005${String(n).padStart(2, '0')}` as ActorId, kind: 'account', name: role, grants: [grant] };
};
const intake = person(2, 'intake');
const collector = person(4, 'collector');

beforeAll(async () => {
  world = await testWorld({ county: null, demo: true });
  await prepareTown(world, 1);
  modules = await openModules({ ...world, metrics: createMetrics() });
  people = await modules.identity.createDemoAccounts({ county, places: { county: countyPath, town: townPath, village: villagePath, grid: gridPath } });
  const contact = await modules.identity.contacts.contactByPhone(world.db, county, '13900002046', 'en');
  if (isRefusal(contact)) throw new Error(contact.reason);
  resident = { id: contact.id as ActorId, kind: 'resident', name: null, grants: [{ ...person(9, 'resident').grants[0]! }] };
}, 120_000);
afterAll(async () => { await modules?.matters.drain(); await world?.close(); });

let serial = 0;
const act = (actor: Actor, matter: string | null, action: string, input: object = {}): Promise<Result<Done>> =>
  modules.matters.act({ actor, behalf: null, county, kind: 'case', matter, action, input, op: `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}` });
const done = async (...call: Parameters<typeof act>): Promise<Done> => {
  const result = await act(...call);
  if (isRefusal(result)) throw new Error(`${call[2]}: ${result.reason}`);
  return result;
};
const reason = async (...call: Parameters<typeof act>): Promise<string> => {
  const result = await act(...call);
  return isRefusal(result) ? result.reason : 'done';
};
const reported = async (who: Actor = resident) => (await done(who, null, 'report', { text: '不亮', place: '330281103203' })).id;
const deliveries = async (id: string, template: string) => (await modules.matters.whole(world.db, county, id))!.deliveries.filter((one) => one.template === template);
const wordsFor = async (actor: Actor, id: string): Promise<(string | null)[]> => {
  const page = await modules.matters.page(actor, id, 'zh-Hans');
  if (isRefusal(page)) throw new Error(page.reason);
  return page.timeline.flatMap(({ texts }) => texts.map(({ text }) => text));
};

describe('notes among staff', () => {
  test('whoever is called by their login is told, and nobody else', async () => {
    const id = await reported();
    await done(intake, id, 'note', { text: '请 @dispatcher 看一下，＠gridchief也看看，邮箱 a@supervisor.cn 不算' });
    expect((await deliveries(id, 'mentioned')).map(({ recipient }) => recipient).sort()).toEqual([people.get('dispatcher'), people.get('gridchief')].map((account) => `account:${account}`).sort());
    expect((await deliveries(id, 'mentioned'))[0]!.params).not.toHaveProperty('text');
  });
  test('a call to nobody, or to somebody who may not see the case, is refused before it is written', async () => {
    const id = await reported();
    expect(await reason(intake, id, 'note', { text: '@nobody.here 看一下' })).toBe('case.no-mention');
    expect(await reason(intake, id, 'note', { text: '@lampkeeper 看一下' })).toBe('case.no-mention');
    expect(await reason(intake, id, 'note', { text: Array.from({ length: 11 }, (_, n) => `@colleague${n}`).join(' ') })).toBe('case.too-many-mentions');
    expect(await wordsFor(intake, id)).toEqual(['不亮']);
  });
  test('what staff write among themselves is not shown to the reporter', async () => {
    const id = await reported();
    await done(intake, id, 'note', { text: '内部：这家投诉过三次' });
    await done(resident, id, 'note', { text: '我补充一下' });
    expect(await wordsFor(intake, id)).toEqual(['不亮', '内部：这家投诉过三次', '我补充一下']);
    expect(await wordsFor(resident, id)).toEqual(['不亮', '我补充一下']);
  });
  test('a login is found wherever words allow it, once, whatever stands around it', () => {
    expect(mentionsIn('@Wang.Li, @wang.li。(@chen-1)')).toEqual(['wang.li', 'chen-1']);
    expect(mentionsIn('mail me@here.cn or see http://x/@y')).toEqual([]);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const login of mentionsIn(text)) expect(login).toMatch(/^[a-z0-9][a-z0-9._-]*[a-z0-9]$/u);
    }));
  });
});

describe('replies to the reporter', () => {
  test('one that is kept ready reaches the reporter in their own language, filled from the case', async () => {
    const id = await reported();
    await done(intake, id, 'reply', { template: 'thanks' });
    const [message] = await deliveries(id, 'reply');
    const { matter } = (await modules.matters.whole(world.db, county, id))!;
    expect(message!.recipient).toBe(`contact:${resident.id}`);
    expect(message!.params['words']).toBe(`Thank you for telling us of “${matter.title}”. We will keep you informed.`);
    expect((await wordsFor(resident, id)).some((text) => text?.includes('感谢您反映'))).toBe(true);
  });
  test('free words stand on the reporter\'s page, and the message only leads there', async () => {
    const id = await reported();
    await done(intake, id, 'reply', { text: '明天上午师傅会来' });
    expect((await deliveries(id, 'replied'))[0]!.params).not.toHaveProperty('words');
    expect(JSON.stringify((await deliveries(id, 'replied'))[0]!.params)).not.toContain('师傅');
    expect(await wordsFor(resident, id)).toContain('明天上午师傅会来');
  });
  test('an empty reply, an unknown one, and one to nobody are refused', async () => {
    const id = await reported();
    expect(await reason(intake, id, 'reply')).toBe('case.reply-empty');
    expect(await reason(intake, id, 'reply', { template: 'none' })).toBe('case.no-reply');
    expect(await reason(collector, id, 'reply', { template: 'thanks' })).toBe('matters.not-allowed');
  });
  test('a county\'s own replies take the place of those that ship', async () => {
    const shipped = (await modules.cases.settings(county)).replies;
    expect(shipped.map(({ key }) => key)).toContain('thanks');
    await world.ownerDb.query(`update county set settings = jsonb_set(coalesce(settings, '{}'), '{cases}', $2) where county = $1`, [county, { replies: [{ ...shipped[0]!, key: 'own' }] }]);
    world.advance(60_000);
    expect((await modules.cases.settings(county)).replies.map(({ key }) => key)).toEqual(['own']);
    const id = await reported();
    expect(await reason(intake, id, 'reply', { template: 'thanks' })).toBe('case.no-reply');
    await done(intake, id, 'reply', { template: 'own' });
    await world.ownerDb.query(`update county set settings = settings - 'cases' where county = $1`, [county]);
  });
  test('no reply that ships leaves a brace unfilled in any language', async () => {
    for (const template of (await modules.cases.settings(county)).replies) {
      const words = replyWords(template, { number: '1', title: 't', place: 'p', unit: 'u' });
      for (const language of languages) expect(words[language]).not.toMatch(/[{}]/u);
    }
  });
});
