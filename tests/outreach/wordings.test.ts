import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { openModules, type Modules } from '../../src/entry/town/modules.ts';
import { person } from '../cases/made.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281';
let world: TestWorld;
let modules: Modules;
const ok = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result as T;
};
const wording = (zh: string) => ({ 'zh-Hans': zh, 'zh-Hant': zh, en: '[Town] Your report {number} was filed: {link}' });

beforeAll(async () => {
  world = await testWorld();
  modules = await openModules(world);
});
afterAll(() => world.close());

test('a county words a message itself: the effect shows how it reads and how many parts of an SMS it takes, and there is a way back', async () => {
  const { settings, outreach } = modules;
  const long = `【泗门】{title}已立案，编号 {number}，${'请放心，'.repeat(40)}进度：{link}`;
  const seen = ok(await settings.preview(county, 'messages', { filed: wording(long) }, 'zh-Hans'));
  expect(seen.changes.length).toBeGreaterThan(0);
  expect(seen.effects).toMatchObject([{ words: 'effect.messages.made', tone: 'warn' }, { words: 'effect.messages.made', tone: 'plain' }]);
  expect(Number(seen.effects[0]!.params!['parts'])).toBeGreaterThan(Number(seen.effects[0]!.params!['was']));
  ok(await settings.save(person(1, 'admin'), county, 'messages', { base: 0, document: { filed: wording('【泗门】{number} 立案了 {link}') } }));
  expect((await outreach.wordings.of(county))['filed']!['zh-Hans']).toBe('【泗门】{number} 立案了 {link}');
  expect(outreach.text('filed', { number: '1', title: '灯', link: 'x' }, 'zh-Hans', county)).toContain('立案了');
  ok(await settings.back(theSystem, county, 'messages', { base: 1, version: 0 }));
  expect((await outreach.wordings.of(county))['filed']!['zh-Hans']).toContain('已立案');
});

test('a variable that the message does not have is refused, and so is the loss of a code or a link', async () => {
  expect(await modules.settings.preview(county, 'messages', { filed: wording('{phone} {link}') }, 'en')).toMatchObject({ status: 422, errors: [{ path: '/filed/zh-Hans', reason: 'outreach.no_variable' }, { path: '/filed/zh-Hant', reason: 'outreach.no_variable' }] });
  const code = { 'zh-Hans': '验证码', 'zh-Hant': '驗證碼', en: 'Your code is {code}' };
  expect(await modules.settings.save(theSystem, county, 'messages', { base: 2, document: { sms_code: code } })).toMatchObject({ status: 422, errors: [{ path: '/sms_code/zh-Hans', reason: 'outreach.variable_needed' }, { path: '/sms_code/zh-Hant' }] });
  expect(await modules.settings.save(person(2, 'supervisor'), county, 'messages', { base: 2, document: null })).toMatchObject({ status: 403 });
});
