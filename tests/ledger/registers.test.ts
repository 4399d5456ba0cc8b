import { afterAll, beforeAll, expect, test } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { isRefusal } from '../../src/base/result.ts';
import type { Finding } from '../../src/modules/ledger/index.ts';
import { county, openCaseTown, type CaseTown } from '../cases/made.ts';

let town: CaseTown;
const tables = ['account', 'plate_step', 'plate', 'component', 'standards_row', 'standards_version', 'duty_absence', 'duty_shift', 'place', 'matter'];
beforeAll(async () => {
  town = await openCaseTown();
  const { modules: { components, places, ledger }, world } = town;
  const [first, second] = (await components.list(county, { class: '0137' }, '', 2)).map(({ plate }) => plate!);
  const set = await components.book.set(theSystem, county, { op: world.random.uuid(world.now()), state: 'lost', plates: [first!] });
  const replaced = await components.book.set(theSystem, county, { op: world.random.uuid(world.now()), state: 'replaced', plates: [second!] });
  expect([isRefusal(set), isRefusal(replaced)]).toEqual([false, false]);
  const person = 'account:00000000-0000-7000-8000-00000000abcd';
  for (const day of [1, 3]) await places.addAbsence(county as CountyCode, { actor: theSystem, role: 'system' }, { person, from: world.now() + day * 86_400_000, until: world.now() + (day + 1) * 86_400_000 });
  const [gone] = await places.absences(county as CountyCode, { person, from: null, until: null }, null, 1);
  await places.withdrawAbsence(county as CountyCode, { actor: theSystem, role: 'system' }, gone!.id);
  const [lamp] = await components.list(county, { class: '0137' }, '', 1);
  const given = await components.give(theSystem, county, { as: 'owner', from: lamp!.ownerUnit!, to: lamp!.managerUnit!, codes: [lamp!.code] });
  await town.reported();
  expect(given).toBe(1);
  await ledger.sequencer.drain(county);
  for (const table of tables) await world.ownerDb.query(`create table kept_${table} as table ${table}`);
}, 120_000);
afterAll(() => town?.close());

const verified = async (): Promise<readonly Finding[]> => (await town.modules.ledger.verify({ county }))[0]!.findings;
/** The condition that means one row, the first by its key. */
const one = (table: string, key: string, where = 'true'): string => `${key} = (select ${key} from ${table} where ${where} order by ${key} limit 1)`;

test('the registers are as their entries say where nobody changed them', async () => { expect(await verified()).toEqual([]); });

test.each([
  ['the login of an account', `update account set login = 'somebody.else' where ${one('account', 'id')}`, { what: 'config_differs', params: { what: 'account', column: 'login' } }],
  ['an account that was enabled or disabled', `update account set disabled_at = created_at where ${one('account', 'id')}`, { what: 'config_differs', params: { what: 'account', column: 'disabled' } }],
  ['an account put in', `insert into account select '00000000-0000-7000-8000-0000000000aa', kind, 'backdoor', home, name, password, phone, email, language, channel, null, created_at, updated_at from account limit 1`, { what: 'config_stranger', params: { what: 'account' } }],
  ['the name of an account', `update account set name = '别人' where ${one('account', 'id')}`, { what: 'config_differs', params: { what: 'account', column: 'name' } }],
  ['who owns a component', `update component set owner = null where ${one('component', 'code', 'owner is not null')}`, { what: 'config_differs', params: { what: 'components', column: 'owners' } }],
  ['where a matter is', `update matter set at = point(121, 30)`, { what: 'spot_differs' }],
  ['that a matter is anywhere', `update matter set at = null`, { what: 'spot_differs' }],
  ['what a plate stands for', `update plate set target = '9' || target where ${one('plate', 'plate', `state = 'ordered'`)}`, { what: 'config_differs', params: { what: 'plates', column: 'target' } }],
  ['a lost plate put back into use', `update plate set state = 'attached', withdrawn_at = null where state = 'lost'`, { what: 'config_differs', params: { what: 'plates', column: 'state' } }],
  ['where a component stands', `update component set point = point(121, 30) where ${one('component', 'code')}`, { what: 'config_differs', params: { what: 'components' } }],
  ['a component taken out', `delete from component where ${one('component', 'code')}`, { what: 'config_differs', params: { what: 'components' } }],
  ['a limit of the code table', `update standards_row set amount = 99 where ${one('standards_row', 'key')}`, { what: 'config_differs', params: { what: 'standards', column: 'rows' } }],
  ['since when a code table counts', `update standards_version set effective_at = effective_at + interval '1 day'`, { what: 'config_differs', params: { what: 'standards', column: 'effective_at' } }],
  ['who has a shift', `update duty_shift set person = 'account:00000000-0000-7000-8000-0000000000aa' where ${one('duty_shift', 'id')}`, { what: 'config_differs', params: { what: 'roster' } }],
  ['the end of an absence', `update duty_absence set until_at = until_at + interval '1 day' where withdrawn_at is null`, { what: 'config_differs', params: { what: 'absence', column: 'times' } }],
  ['an absence put back', `update duty_absence set withdrawn_at = null`, { what: 'config_differs', params: { what: 'absence', column: 'withdrawn' } }],
  ['the name of a place', `update place set name = '别处' where ${one('place', 'id', 'until_version is null')}`, { what: 'config_differs', params: { what: 'places' } }],
] as const)('is found and named: %s', async (_, sql, finding) => {
  const { ownerDb } = town.world;
  await ownerDb.query(sql);
  expect(await verified()).toMatchObject([finding]);
  // Put back row by row: others hang on them.
  const [table] = /(?:update|from|into) (\w+)/u.exec(sql)!.slice(1) as [string];
  const columns = (await ownerDb.query<{ name: string }>(`select column_name as name from information_schema.columns where table_name = $1`, [table])).map(({ name }) => name);
  const keys = (await ownerDb.query<{ name: string }>(`select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey) where i.indrelid = $1::regclass and i.indisprimary`, [table])).map(({ name }) => name);
  const same = keys.map((key) => `t.${key} = k.${key}`).join(' and ');
  await ownerDb.query(`delete from ${table} t where not exists (select 1 from kept_${table} k where ${same})`);
  await ownerDb.query(`insert into ${table} table kept_${table} on conflict do nothing`);
  await ownerDb.query(`update ${table} t set ${columns.map((name) => `${name} = k.${name}`).join(', ')} from kept_${table} k where ${same}`);
});

test('and all is as it was once they are put back', async () => { expect(await verified()).toEqual([]); });
