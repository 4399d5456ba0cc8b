import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isRefusal } from '../../src/base/result.ts';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import type { Json } from '../../src/base/canonical.ts';
import type { CountyCode, PlacePath } from '../../src/base/ids.ts';
import { openModules, type Modules } from '../../src/entry/town/modules.ts';
import { differences } from '../../src/modules/settings/rules/difference.ts';
import { labelKeys, type SchemaShape } from '../../src/modules/settings/rules/said.ts';
import { documentIn, seatOf, withDocument, type Tree } from '../../src/modules/settings/rules/tree.ts';
import { textsOf } from '../../src/platform/texts.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281' as CountyCode;
let world: TestWorld;
let modules: Modules;

const person = (role: string): Actor => ({
  kind: 'account', id: '01900000-0000-7000-8000-00000000000a',
  grants: [{ id: 'g', county, role, unit: null, place: '' as PlacePath, purpose: null, from: 0, until: null }],
}) as unknown as Actor;

beforeAll(async () => {
  world = await testWorld();
  modules = await openModules(world);
});
afterAll(() => world.close());

describe('an area of settings', () => {
  it('has words for every member, in every area', () => {
    const texts = textsOf('settings');
    const missing = modules.settings.areas().flatMap(({ name, schema }) => [`area.${name}`, `area.${name}.about`, ...labelKeys(schema as unknown as SchemaShape, name)]).filter((key) => !(key in texts));
    expect(missing).toEqual([]);
  });

  it('takes what ships as a county\'s own, in every area: whoever changes one thing of it begins with the whole', async () => {
    const refused: unknown[] = [];
    for (const { name, shipped } of modules.settings.areas()) {
      const document = await shipped?.(county);
      if (document === undefined) continue;
      const seen = await modules.settings.preview(county, name, document, 'en');
      if ('status' in seen) refused.push({ name, seen });
    }
    expect(refused).toEqual([]);
  });

  it('is changed on top of what was read; of two who change it at once the second is told who was first', async () => {
    const { settings } = modules;
    const first = await settings.save(theSystem, county, 'cases', { base: 0, document: { reopenDays: 7 }, note: 'shorter' });
    expect(first).toMatchObject({ version: 1 });
    expect(await settings.save(theSystem, county, 'cases', { base: 0, document: { reopenDays: 9 } })).toMatchObject({ status: 409, reason: 'settings.moved', params: { version: 1 } });
    expect(await settings.save(theSystem, county, 'cases', { base: 1, document: { reopenDays: 7 } })).toMatchObject({ status: 409, reason: 'settings.same' });
    const both = await Promise.all([9, 11].map((reopenDays) => settings.save(theSystem, county, 'cases', { base: 1, document: { reopenDays } })));
    expect(both.filter((one) => 'version' in one)).toHaveLength(1);
    expect((await modules.cases.settings(county)).reopenDays).toBe(((await settings.document(county, 'cases')) as { reopenDays: number }).reopenDays);
  });

  it('says where a value is wrong, and takes nothing of it', async () => {
    const before = await modules.settings.document(county, 'cases');
    expect(await modules.settings.preview(county, 'cases', { clocks: { file: { amount: -1, unit: 'workingHour' } } }, 'en')).toMatchObject({ status: 422, errors: [{ path: '/clocks/file/amount' }] });
    expect(await modules.settings.save(theSystem, county, 'replies', { base: 0, document: [1, 2].map(() => ({ key: 'a', name: { 'zh-Hans': '甲', 'zh-Hant': '甲', en: 'a' }, text: { 'zh-Hans': '甲', 'zh-Hant': '甲', en: 'a' } })) })).toMatchObject({ status: 422, errors: [{ path: '/1/key' }] });
    expect(await modules.settings.document(county, 'cases')).toEqual(before);
  });

  it('posts of an escalation and the roles that hold them are named in every language, a county\'s own by the county; every limit says on what it rests', async () => {
    const area = modules.settings.areas().find(({ name }) => name === 'cases')!;
    const shipped = (await area.shipped!(county)) as { ladders: { file: unknown[] }; posts: { post: string }[]; basis: Record<string, Record<string, string>> };
    for (const basis of Object.values(shipped.basis)) expect(Object.keys(basis)).toEqual(['zh-Hans', 'zh-Hant', 'en']);
    for (const [language, chief, head] of [['zh-Hans', '主管', '单位负责人'], ['zh-Hant', '主管', '單位負責人'], ['en', 'Chief', 'Head of a unit']] as const) {
      const { options } = (await area.beside!(county, language)) as unknown as { options: Record<'to' | 'role', { value: string; words: string }[]> };
      expect([options.to.find(({ value }) => value === 'chief')?.words, options.role.find(({ value }) => value === 'head')?.words]).toEqual([chief, head]);
      const preview = await modules.settings.preview(county, 'cases', { ladders: { file: [{ over: 3, to: ['chief'] }] } }, language);
      expect(JSON.stringify(preview)).toContain(chief);
      expect(JSON.stringify(preview)).not.toContain('chief');
    }
    const deputy = { post: 'deputy', name: { 'zh-Hans': '副镇长', 'zh-Hant': '副鎮長', en: 'Deputy' }, holders: [{ role: 'commander', within: 'place' }] };
    const document = await modules.settings.document(county, 'cases');
    const base = (await modules.settings.newest(county)).get('cases')?.version ?? 0;
    const saved = await modules.settings.save(theSystem, county, 'cases', { base, document: { posts: [deputy] } as never });
    expect(saved).toMatchObject({ version: base + 1 });
    expect(await area.beside!(county, 'en')).toMatchObject({ options: { to: [{ value: 'deputy', words: 'Deputy' }] } });
    await modules.settings.save(theSystem, county, 'cases', { base: base + 1, document });
  });

  it('a calendar in which nobody ever works is refused', async () => {
    const days = Object.fromEntries(Array.from({ length: 4000 }, (_, at) => [new Date(Date.UTC(2026, 10, 1) + at * 86_400_000).toISOString().slice(0, 10), { kind: 'closed', name: '' }]));
    expect(await modules.settings.save(theSystem, county, 'calendar', { base: 0, document: { days } })).toMatchObject({ status: 422, reason: 'settings.never_works' });
  });

  it('goes back to an earlier version by a new one, and to what ships by version 0', async () => {
    const { settings } = modules;
    const at = (await settings.versions(county, 'cases', null, 1))[0]!.version;
    expect(await settings.back(theSystem, county, 'cases', { base: at, version: 1 })).toMatchObject({ version: at + 1 });
    expect(await settings.document(county, 'cases')).toEqual({ reopenDays: 7 });
    expect((await settings.versions(county, 'cases', null, 1))[0]).toMatchObject({ version: at + 1, backTo: 1 });
    expect((await settings.version(county, 'cases', 1, 'en'))!).toMatchObject({ changed: [{ path: 'reopenDays', before: null, after: '7' }], back: [] });
    expect(await settings.back(theSystem, county, 'cases', { base: at + 1, version: 0 })).toMatchObject({ version: at + 2 });
    expect(await settings.document(county, 'cases')).toBeNull();
    expect(await settings.back(theSystem, county, 'cases', { base: at + 2, version: 99 })).toMatchObject({ status: 404 });
  });

  it('keeps what stood before versions were kept as the first one', async () => {
    const contacts = { phones: [], windows: [] };
    await world.ownerDb.query(`update county set settings = settings || jsonb_build_object('contacts', $2::jsonb) where county = $1`, [county, JSON.stringify(contacts)]);
    const next = { phones: [{ name: { 'zh-Hans': '热线', 'zh-Hant': '熱線', en: 'Hotline' }, number: '12345', hours: { 'zh-Hans': '全天', 'zh-Hant': '全天', en: 'all day' } }], windows: [] };
    expect(await modules.settings.save(theSystem, county, 'contacts', { base: 0, document: next })).toMatchObject({ version: 2 });
    expect(await modules.settings.versions(county, 'contacts', null, 9)).toMatchObject([{ version: 2, author: theSystem.id }, { version: 1, author: null }]);
    expect(await modules.settings.back(theSystem, county, 'contacts', { base: 2, version: 1 })).toMatchObject({ version: 3 });
    expect(await modules.settings.document(county, 'contacts')).toEqual(contacts);
  });

  it('is changed by whoever the area names: the administrator sets quiet hours, the steward the case flow, a supervisor reads', async () => {
    const { settings } = modules;
    for (const [role, area, may] of [['admin', 'outreach', true], ['steward', 'outreach', false], ['steward', 'replies', true], ['supervisor', 'replies', false], ['steward', 'calendar', true]] as const) {
      const declared = settings.areas().find(({ name }) => name === area)!;
      expect([role, area, settings.edits(person(role), county, declared) !== undefined]).toEqual([role, area, may]);
    }
    expect(settings.reads(person('supervisor'), county)).toBeDefined();
    expect(settings.reads(person('gridworker'), county)).toBeUndefined();
    expect(await settings.save(person('supervisor'), county, 'outreach', { base: 0, document: { dailyCap: 3 } })).toMatchObject({ status: 403 });
  });

  it('is vouched for by the ledger: a version or a present value that somebody wrote beside it is named', async () => {
    await modules.ledger.sequencer.drain(county);
    const found = async () => (await modules.ledger.verify())[0]!.findings.filter(({ params }) => params['what'] === 'settings').map(({ what, params }) => `${what} ${params['id']}`);
    expect(await found()).toEqual([]);
    await world.ownerDb.query(`update county set settings = settings || '{"contacts": {"phones": [], "windows": [1]}}' where county = $1`, [county]);
    await world.ownerDb.query(`update setting_version set document = '{"reopenDays": 365}' where county = $1 and area = 'cases' and version = 1`, [county]);
    await world.ownerDb.query(`insert into setting_version values ($1, 'cases', 77, '{}', 'x', $2, '', null)`, [county, new Date(world.now())]);
    expect((await found()).sort()).toEqual(['config_differs cases 1', 'config_differs contacts', 'config_stranger cases 77']);
  });

  it('a zone counts everywhere at once and has a way back; one that changes its clocks is refused', async () => {
    const save = (base: number, zone?: string) => modules.settings.save(theSystem, county, 'calendar', { base, document: zone === undefined ? null : { zone } });
    const [before] = await modules.settings.versions(county, 'calendar', null, 1);
    const base = before?.version ?? 0;
    expect(await save(base, 'Europe/Berlin')).toMatchObject({ status: 422, reason: 'settings.zone' });
    expect(isRefusal(await save(base, 'Asia/Urumqi'))).toBe(false);
    expect(modules.matters.calendar(county).offsetMinutes).toBe(360);
    expect(await modules.identity.zone(county)).toEqual({ name: 'Asia/Urumqi', offsetMinutes: 360 });
    const [last] = await modules.settings.versions(county, 'calendar', null, 1);
    expect(isRefusal(await save(last!.version))).toBe(false);
    expect(modules.matters.calendar(county).offsetMinutes).toBe(480);
  });
});

describe('documents and differences', () => {
  const json = fc.letrec<{ value: Json }>((tie) => ({ value: fc.oneof(fc.integer(), fc.boolean(), fc.string(), fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/u), tie('value') as fc.Arbitrary<Json>, { maxKeys: 4 }), fc.array(tie('value') as fc.Arbitrary<Json>, { maxLength: 3 })) as fc.Arbitrary<Json> })).value;

  it('equal documents differ in nothing, and unequal ones in something', () => {
    fc.assert(fc.property(json, json, (a, b) => {
      expect(differences(a, a)).toEqual([]);
      if (JSON.stringify(a) !== JSON.stringify(b)) return;
      expect(differences(a, b)).toEqual([]);
    }));
  });

  it('an area keeps what another area has below it', () => {
    fc.assert(fc.property(json, json, (outer, inner) => {
      const [a, b] = [['cases'], ['cases', 'replies']];
      let tree: Tree = { demo: 1 };
      tree = withDocument(tree, seatOf(b, [a, b]), [inner]);
      tree = withDocument(tree, seatOf(a, [a, b]), { x: outer });
      expect(documentIn(tree, seatOf(b, [a, b]))).toEqual([inner]);
      expect(documentIn(tree, seatOf(a, [a, b]))).toEqual({ x: outer });
      expect(withDocument(withDocument(tree, seatOf(a, [a, b]), null), seatOf(b, [a, b]), null)).toEqual({ demo: 1 });
    }));
  });
});
