import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { openModules, type Modules } from '../../src/entry/town/modules.ts';
import { county, person } from '../cases/made.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let modules: Modules;
const ok = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result as T;
};
const admin = person(1, 'admin');
const intake = person(2, 'intake');

beforeAll(async () => {
  world = await testWorld();
  modules = await openModules(world);
});
afterAll(() => world.close());

test('a county withholds a permission from a role and gives it back; people lose and regain it, and the preview says how many', async () => {
  const { identity, settings } = modules;
  const account = ok(await identity.accounts.create(theSystem, county, { login: 'desk.one', name: '前台' })).account.id;
  ok(await identity.accounts.grant(theSystem, county, account, { role: 'intake', place: '' }));
  expect(identity.permits(intake, county, 'contact.reveal')).toBeDefined();
  const seen = ok(await settings.preview(county, 'roles', { intake: ['contact.reveal'] }, 'en'));
  expect(seen.effects).toMatchObject([{ words: 'effect.roles.lose', params: { count: 1 } }]);
  ok(await settings.save(admin, county, 'roles', { base: 0, document: { intake: ['contact.reveal'] } }));
  expect(identity.permits(intake, county, 'contact.reveal')).toBeUndefined();
  expect(identity.permits(intake, county, 'rules.read')).toBeDefined();
  ok(await settings.back(admin, county, 'roles', { base: 1, version: 0 }));
  expect(identity.permits(intake, county, 'contact.reveal')).toBeDefined();
});

test('a role is never widened, and an administrator cannot lock themselves out', async () => {
  expect(await modules.settings.preview(county, 'roles', { supervisor: ['standards.edit'] }, 'en')).toMatchObject({ status: 422 });
  expect(await modules.settings.preview(county, 'roles', { admin: ['grants.edit'] }, 'en')).toMatchObject({ status: 422 });
  expect(await modules.settings.save(person(3, 'steward'), county, 'roles', { base: 2, document: { intake: ['contact.reveal'] } })).toMatchObject({ status: 403 });
});

test('before a role is given it is said what it adds, and what somebody could do already', async () => {
  const { identity } = modules;
  const account = ok(await identity.accounts.create(theSystem, county, { login: 'desk.two', name: '前台二' })).account.id;
  ok(await identity.accounts.grant(theSystem, county, account, { role: 'intake', place: '' }));
  const seen = ok(await identity.grants.preview(admin, county, account, { role: 'dispatcher', unit: null, place: '' }));
  expect(seen.sees).toEqual([]);
  expect(seen.does).toContain('deliveries.resend');
  expect(seen.already).toContain('contact.reveal');
  expect(await identity.grants.preview(intake, county, account, { role: 'dispatcher', unit: null, place: '' })).toMatchObject({ status: 403 });
  expect(await identity.grants.preview(admin, county, account, { role: 'resident', unit: null, place: '' })).toMatchObject({ status: 422 });
});

test('what changed is read out of the ledger, each with its way back; rights are shown to whoever may read accounts only', async () => {
  const { identity, changes, ledger } = modules;
  const account = ok(await identity.accounts.create(theSystem, county, { login: 'desk.three', name: '前台三' })).account.id;
  const grant = ok(await identity.accounts.grant(theSystem, county, account, { role: 'operator', place: '' }));
  await ledger.sequencer.drain();
  const { items: [given] } = ok(await changes.list(admin, county, { subject: 'grants', account, limit: 1 }, 'en'));
  expect(given).toMatchObject({ title: '前台三 was given the role “Hotline operator”', way: { to: 'here' } });
  const steward = person(4, 'steward');
  expect(ok(await changes.list(steward, county, { subject: 'grants', limit: 9 }, 'en')).items).toEqual([]);
  expect(await changes.back(steward, county, given!.seq)).toMatchObject({ status: 404 });
  expect(await changes.list(person(5, 'gridworker'), county, { limit: 9 }, 'en')).toMatchObject({ status: 403 });

  ok(await changes.back(admin, county, given!.seq));
  const of = async () => ok(await identity.accounts.read(admin, county, account)).account.roles;
  expect(await of()).toEqual([]);
  await ledger.sequencer.drain();
  const { items: [ended] } = ok(await changes.list(admin, county, { subject: 'grants', account, limit: 1 }, 'en'));
  expect(ended!.entry).toMatchObject({ action: 'end', set: { grant: grant.id } });
  world.advance(1000);
  ok(await changes.back(admin, county, ended!.seq));
  expect(await of()).toEqual(['operator']);
  const settingsChanged = ok(await changes.list(admin, county, { subject: 'settings', limit: 9 }, 'zh-Hans'));
  expect(settingsChanged.items[0]).toMatchObject({ title: '设置“岗位权限收窄”退回旧版，成为第 2 版', way: { to: 'page', page: ['settings', 'roles'] } });
  await ledger.sequencer.drain();
  expect((await ledger.verify()).flatMap(({ findings }) => findings)).toEqual([]);
});
