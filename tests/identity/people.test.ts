import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { CountyCode } from '../../src/base/ids.ts';
import { isRefusal, type Refusal } from '../../src/base/result.ts';
import { placeBook } from '../../src/entry/operator/place-book.ts';
import { identityCommands } from '../../src/modules/identity/commands.ts';
import { hoursOf, weekdaysOf } from '../../src/modules/identity/service/people/person.ts';
import { createPlaces, type Places } from '../../src/modules/places/index.ts';
import { runCommand } from '../../src/platform/command/run.ts';
import { chunks, fileOf, gridCode, townFeatures, villages } from '../places/town.ts';
import { county, made, type Made } from './made.ts';

const yuyao = county as CountyCode;
const grid = gridCode(0, 1);
let town: Made;
let places: Places;
let folder: string;

beforeAll(async () => {
  town = await made({ demo: false });
  places = createPlaces(town.world, town.ledger);
  await places.importOfficial(yuyao, { actor: theSystem, role: 'system' }, '330281103');
  await places.importGeoJson(yuyao, { actor: theSystem, role: 'system' }, chunks(fileOf(townFeatures())), { source: 'town' });
  folder = await mkdtemp(join(tmpdir(), 'lamplight-people-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await town.world.close();
});

const run = async (...words: string[]) => {
  const out: string[] = [];
  const commands = identityCommands(async () => ({ identity: town.identity, placeBook: (asked) => placeBook(places, asked), inHand: async () => 0 }));
  const exit = await runCommand(commands, words, { language: 'en', out: (line) => out.push(line), err: () => {}, signal: new AbortController().signal });
  return { exit, out: out.join('\n'), data: () => JSON.parse(out.join('')) as Record<string, never> };
};

const source = (text: string | Buffer) => ({ name: 'people.csv', bytes: typeof text === 'string' ? Buffer.from(text) : text });
const people = async (text: string | Buffer, dryRun = false) => town.identity.importPeople(theSystem, county, await placeBook(places, county), { source: source(text), dryRun });
const rules = (result: unknown): string[] => (result as Refusal).errors!.map(({ path, reason }) => `${path} ${reason}`);
const counts = async () => (await town.world.db.query<{ accounts: number; grants: number; shifts: number; links: number; entries: number; messages: number }>(`
  select (select count(*) from account) as accounts, (select count(*) from account_grant) as grants, (select count(*) from duty_shift) as shifts,
    (select count(*) from one_time_link) as links, (select count(*) from ledger_inbox) as entries, (select count(*) from delivery) as messages`))[0]!;

it('hours and weekdays are read as people write them', () => {
  expect(['1-5', '周一至周五', '一~五', '1、2、3、4、5', '１－５'].map(weekdaysOf)).toEqual(Array(5).fill('12345'));
  expect([weekdaysOf('每天'), weekdaysOf('周六日'), weekdaysOf('一三五')]).toEqual(['1234567', '67', '135']);
  expect([weekdaysOf('8'), weekdaysOf('5-1'), weekdaysOf('never')]).toEqual([undefined, undefined, undefined]);
  expect([hoursOf('08:00-20:00'), hoursOf('20：00至次日8：00'), hoursOf('全天')]).toEqual([{ starts: 480, ends: 1200 }, { starts: 1200, ends: 480 }, { starts: 0, ends: 1440 }]);
  expect([hoursOf('8-20'), hoursOf('08:60-09:00'), hoursOf('25:00-26:00')]).toEqual([undefined, undefined, undefined]);
});

describe('import units', () => {
  it('a dry run writes nothing; the example that ships is imported whole, once', async () => {
    const before = await counts();
    expect(await run('import', 'units', 'data/people/units-example.csv', '--dry-run')).toMatchObject({ exit: 0, out: expect.stringContaining('3 new') });
    expect(await counts()).toEqual(before);
    expect((await run('import', 'units', 'data/people/units-example.csv', '--json')).data()).toMatchObject({ done: true, rows: 3, added: 3 });
    const units = await town.identity.units.get(town.world.db, county, ['lighting']);
    expect(units.get('lighting')).toMatchObject({ parent: 'centre', phone: '057462110012', name: { 'zh-Hans': '市政路灯管理所', 'zh-Hant': '市政路燈管理所' } });
    expect((await run('import', 'units', 'data/people/units-example.csv', '--json')).data()).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
    expect((await town.entries()).filter(({ kind }) => kind === 'units')).toHaveLength(2);
  });

  it('names every wrong line and changes nothing', async () => {
    const wrong = await town.identity.importUnits(theSystem, county, { inHand: async () => 0, source: source('代码,名称,类型,上级单位,电话\nA B,甲,station,,\nx,,station,,12\ny,丙,station,z,\nz,丁,station,y,\nx,戊,站,,\n') });
    expect(wrong).toMatchObject({ status: 422, reason: 'identity.import', params: { line: 2 } });
    expect(rules(wrong)).toEqual([
      '2:代码 identity.line_unit_id', '3:名称 identity.line_missing', '3:电话 identity.line_phone',
      '4:上级单位 identity.line_circle', '5:上级单位 identity.line_circle', '6:代码 identity.line_twice', '6:类型 identity.line_unit_kind',
    ]);
    expect((await town.identity.units.get(town.world.db, county, ['x', 'y', 'z'])).size).toBe(0);
  });
});

describe('import people', () => {
  const head = '账号,姓名,手机号,岗位,单位,地点编码,生效日期,到期日期,值班时段,值班星期,替班账号\n';

  it('a dry run says what would be done and leaves nothing behind', async () => {
    const before = await counts();
    expect((await run('import', 'people', 'data/people/people-example.csv', '--dry-run', '--json')).data())
      .toMatchObject({ done: true, dryRun: true, rows: 5, added: 4, grants: 4, shifts: 2, links: [] });
    expect(await counts()).toEqual(before);
  });

  it('makes accounts with their rights and duties and prints a one-time link of each, which works', async () => {
    const done = (await run('import', 'people', 'data/people/people-example.csv', '--json')).data() as unknown as { links: { login: string; link: string }[] };
    expect(done).toMatchObject({ done: true, rows: 5, added: 4, grants: 4, shifts: 2 });
    expect(done.links.map(({ login }) => login)).toEqual(['zhang.min', 'li.gang', 'zhou.yan', 'wu.bo']);
    const token = done.links[0]!.link.split('/').at(-1)!;
    expect(isRefusal(await town.identity.sessions.useLink(token, 'ein langes Wort 7'))).toBe(false);
    const [li] = await town.world.db.query<{ role: string; unit: string; place: string; until: Date; password: string | null }>(
      "select g.role, g.unit, g.place, g.valid_until as until, a.password from account a join account_grant g on g.account = a.id where a.login = 'li.gang'");
    expect(li).toMatchObject({ role: 'unithandler', unit: 'lighting', place: '', password: null, until: new Date('2027-12-01T00:00:00+08:00') });
    const tuesday = Date.parse('2026-12-01T09:00:00+08:00');
    const onDuty = await places.inCharge(yuyao, grid, tuesday);
    const names = await town.identity.accounts.names(town.world.db, onDuty.gap ? [] : [onDuty.person.slice(8), onDuty.standIn!.slice(8)]);
    expect([...names.values()].sort()).toEqual(['吴波', '周燕']);
    expect(await places.inCharge(yuyao, grid, Date.parse('2026-12-05T13:00:00+08:00'))).toMatchObject({ gap: true });
    expect((await counts()).messages).toBe(4);
    const kinds = (await town.entries()).map(({ kind, action }) => `${kind}.${action}`);
    expect(kinds.filter((one) => one === 'account.create')).toHaveLength(4);
    expect(kinds.filter((one) => one === 'grant.give')).toHaveLength(4);
    expect(kinds).toContain('duty.roster');
    expect(kinds.at(-1)).toBe('people.import');
    // No entry and no message says a phone: the ledger is read by auditors.
    expect(JSON.stringify(await town.entries())).not.toContain('1390002');
  });

  it('the same file again changes nothing; another end date replaces the right', async () => {
    const again = await people(await readFile('data/people/people-example.csv'));
    expect(again).toMatchObject({ added: 0, changed: 0, unchanged: 4, grants: 0, ended: 0, links: [] });
    expect(await people(`${head}li.gang,李刚,１３９ ０００２ ０００９,处置员,lighting,,,2028-1-1,,,\n`)).toMatchObject({ added: 0, changed: 1, grants: 1, ended: 1 });
  });

  it('nothing is written when one line is wrong, and every wrong value is named with line, column and rule', async () => {
    const before = await counts();
    const wrong = await people(`${head}ok.one,好,13900021001,网格员,xiejialu,${grid},,,,,
Zhāng,张,1390002,网格员,xiejialu,${grid},,,,,
two,二,13900021001,掌柜,nowhere,3.3E+14,2026-13-01,2020-01-01,,,
three,三,,处置员,,330281103999,,2026-01-01,8-20,周八,nobody
ok.one,别名,,网格员,xiejialu,,,,08:00-12:00,,ok.one
four,四,,网格员,xiejialu,${grid},,,,,wu.bo
`);
    expect(rules(wrong)).toEqual([
      '3:账号 identity.line_login', '3:手机号 identity.line_phone',
      '4:岗位 identity.line_role', '4:单位 identity.line_unit', '4:地点编码 identity.line_code_digits', '4:生效日期 identity.line_day', '4:到期日期 identity.line_from_until',
      '5:单位 identity.line_unit_needed', '5:地点编码 identity.line_place', '5:到期日期 identity.line_from_until', '5:值班时段 identity.line_hours', '5:值班星期 identity.line_weekdays',
      '6:地点编码 identity.line_duty_place', '6:替班账号 identity.line_stand_in',
      '7:替班账号 identity.line_no_hours',
    ]);
    const between = await people(`${head}a1,甲,13900022001,网格员,xiejialu,${grid},,,,,\na1,乙,13900022002,网格员,xiejialu,${villages[0]},,,,,\na2,丙,13900022001,网格员,xiejialu,${grid},,,08:00-09:00,,nobody\na1,甲,,网格员,xiejialu,${grid},,,,,\n`);
    expect(rules(between)).toEqual(['3:姓名 identity.line_differs', '3:手机号 identity.line_differs', '4:手机号 identity.line_phone_twice', '4:替班账号 identity.line_stand_in', '5:账号 identity.line_twice']);
    expect(await counts()).toEqual(before);
  });

  it('full-width figures, GB18030 and a title row above are read as in every import', async () => {
    const text = `人员花名册\n${head}ｌｉｕ．１,刘一,１３９００２３０００１,网格员,谢家路村村民委员会,${grid},2026年12月1日,,,,\n`;
    expect(await people(iconv.encode(text, 'gb18030'))).toMatchObject({ added: 1, grants: 1 });
    expect((await town.world.db.query("select 1 from account where login = 'liu.1'")).length).toBe(1);
  });

  it('a disabled account, and one of another county, stay as they are', async () => {
    await town.world.db.query("update account set disabled_at = $1 where login = 'liu.1'", [new Date(town.world.now())]);
    await town.identity.openCounty('330282', '慈溪市', 'elsewhere');
    expect(rules(await people(`${head}liu.1,刘一,,网格员,xiejialu,${grid},,,,,\nelsewhere,某,,网格员,xiejialu,${grid},,,,,\n`)))
      .toEqual(['2:账号 identity.line_disabled', '3:账号 identity.line_login_taken']);
  });

  it('a program with people.import may not grant beyond its place or to itself', async () => {
    const file = join(folder, 'none.csv');
    expect((await run('import', 'people', file)).exit).toBe(1);
    await writeFile(file, '账号,姓名\n');
    expect(await run('import', 'people', file)).toMatchObject({ exit: 1, out: expect.stringContaining('岗位') });
    const [admin] = await town.world.db.query<{ id: string }>("select id from account where login = 'zhang.min'");
    const actor = { ...theSystem, kind: 'account' as const, id: admin!.id as typeof theSystem.id, grants: [] };
    expect(await town.identity.importPeople(actor, county, await placeBook(places, county), { source: source(head) })).toMatchObject({ status: 403 });
    const [tree] = [await places.tree(yuyao)];
    const grant = { id: admin!.id, county: yuyao, role: 'admin', unit: null, place: tree.find(villages[0])!.path, purpose: null, from: 0, until: null };
    const asked = await town.identity.importPeople({ ...actor, grants: [grant] }, county, await placeBook(places, county), {
      source: source(`${head}zhang.min,张敏,,网格员,xiejialu,${grid},,,,,\nnew.one,新,,网格员,xiejialu,,,,,,\n`),
    });
    expect(rules(asked)).toEqual(['2:账号 identity.own_grant', '3:地点编码 identity.beyond_place']);
  });
});
