import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { createCatalogue, type Catalogue } from '../../src/modules/catalogue/index.ts';
import { createIdentity } from '../../src/modules/identity/index.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281';
let world: TestWorld;
let catalogue: Catalogue;
let other: Catalogue;
const must = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
};
const lampOf = (version: number) => catalogue.rows(county, version).find(({ code, openCondition }) => code === 'C0137' && openCondition === '单盏不亮')!;

beforeAll(async () => {
  world = await testWorld();
  const ledger = createLedger(world);
  const identity = createIdentity(world, ledger, async () => {});
  const open = () => createCatalogue(world, ledger, identity);
  catalogue = await open();
  must(await catalogue.importTable(theSystem, county, { source: { name: 't.tsv', bytes: readFileSync('data/standards/yuncheng.tsv') } }));
  other = await open();
});
afterAll(() => world.close());

it('a row is edited as a version of its own: the old one stays as it is, and the difference names what is other', async () => {
  const lamp = lampOf(1);
  world.advance(1000);
  const order = { base: 1, edits: [{ key: lamp.key, values: { timeLimit: '1工作日', handler: '路灯所' } }] };
  expect(await catalogue.editing.preview(county, order)).toMatchObject([{ key: lamp.key, change: 'changed', fields: [{ field: 'limitText', before: lamp.limitText, after: '1工作日' }, { field: 'handler', after: '路灯所' }] }]);
  expect(must(await catalogue.editing.save(theSystem, county, order))).toEqual({ version: 2 });
  expect(lampOf(1).limit).toEqual({ amount: 2, unit: 'workingDay' });
  expect(catalogue.row(county, 2, lamp.key)).toMatchObject({ limit: { amount: 1, unit: 'workingDay' }, handler: '路灯所' });
  expect(catalogue.editing.difference(county, 2, 1)).toHaveLength(1);
  expect(await catalogue.editing.save(theSystem, county, order)).toMatchObject({ status: 409, reason: 'catalogue.moved' });
  expect(await catalogue.editing.save(theSystem, county, { ...order, base: 2 })).toMatchObject({ status: 409, reason: 'catalogue.nothing' });
});

it('rows are added and taken out; what is wrong is named by edit and field, and a condition that is there already is a duplicate', async () => {
  const values = { kind: 'event', major: '09', majorName: '其他', minor: '99', minorName: '试行事项', openCondition: '试行', closeCondition: '已办', timeLimit: '3天', handler: '街道', authority: '试行办法' };
  const lamp = lampOf(2);
  expect(await catalogue.editing.save(theSystem, county, { base: 2, edits: [{ key: null, values: { ...values, major: 'x' } }, { key: 'C0137-zzzzzz', values: null }, { key: null, values: { ...values, kind: 'component', major: '01', minor: '37', openCondition: '单盏，不亮' } }] }))
    .toMatchObject({ status: 422, errors: [{ path: '/edits/0/values/major' }, { path: '/edits/1/key' }, { path: '/edits/2/values/openCondition', reason: 'catalogue.duplicate' }] });
  const done = must(await catalogue.editing.save(theSystem, county, { base: 2, edits: [{ key: null, values }, { key: lamp.key, values: null }], effectiveAt: world.now() + 86_400_000 }));
  expect(catalogue.editing.difference(county, done.version, 2)!.map(({ change }) => change)).toEqual(['added', 'removed']);
  // It counts from its day on.
  expect(catalogue.currentVersion(county, world.now())).toBe(2);
  expect(catalogue.currentVersion(county, world.now() + 86_400_001)).toBe(done.version);
});

it('the way back to an earlier version is a new one with its rows', async () => {
  world.advance(1000);
  const { version } = must(await catalogue.editing.copy(theSystem, county, 1));
  expect(catalogue.editing.difference(county, version, 1)).toEqual([]);
  expect(catalogue.currentVersion(county, world.now())).toBe(version);
});

it('a version that is withdrawn counts no more, here and in other processes; cases under it keep its rows, and the last one stays', async () => {
  const newest = catalogue.versions(county)[0]!.version;
  const { key } = lampOf(newest);
  expect(must(await catalogue.editing.withdraw(theSystem, county, newest))).toEqual({ current: 2 });
  expect(catalogue.row(county, newest, key)).toBeDefined();
  await other.refresh(county);
  expect(other.currentVersion(county, world.now())).toBe(2);
  expect(await catalogue.editing.withdraw(theSystem, county, newest)).toMatchObject({ status: 409, reason: 'catalogue.withdrawn' });
  must(await catalogue.editing.withdraw(theSystem, county, 2));
  expect(await catalogue.editing.withdraw(theSystem, county, 1)).toMatchObject({ status: 409, reason: 'catalogue.last_version' });
  expect(must(await catalogue.editing.restore(theSystem, county, newest))).toEqual({ current: newest });
  const stranger = { ...theSystem, kind: 'account', grants: [] } as unknown as Actor;
  expect(await catalogue.editing.withdraw(stranger, county, 1)).toMatchObject({ status: 403 });
});
