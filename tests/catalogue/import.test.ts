import { readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import { isRefusal, type Refusal } from '../../src/base/result.ts';
import { createCatalogue, type Catalogue, type ImportReport } from '../../src/modules/catalogue/index.ts';
import { createIdentity } from '../../src/modules/identity/index.ts';
import { createLedger, type Ledger } from '../../src/modules/ledger/index.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281';
const published = readFileSync('data/standards/yuncheng.tsv');
let world: TestWorld;
let ledger: Ledger;
let catalogue: Catalogue;
const open = () => createCatalogue(world, ledger, createIdentity(world, ledger, async () => {}));

beforeAll(async () => {
  world = await testWorld();
  ledger = createLedger(world);
  catalogue = await open();
});
afterAll(() => world.close());

const csv = (...rows: string[]) => Buffer.from(['kind,major,majorName,minor,minorName,handler,authority,openCondition,closeCondition,timeLimit', ...rows].join('\n'));
const put = (bytes: Uint8Array, more: object = {}) => catalogue.importTable(theSystem, county, { source: { name: 'table.csv', bytes }, ...more });
const done = (result: ImportReport | Refusal): ImportReport => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
};
const refused = (result: ImportReport | Refusal): Refusal => {
  if (!isRefusal(result)) throw new Error('was imported');
  return result;
};
const entries = () => world.db.query<{ text: string }>(`select convert_from(entry, 'UTF8') as text from ledger_inbox where county = $1 order by id`, [county]);

describe('a filing-and-closing table', () => {
  it('is read whole: 519 rows, every limit understood, one entry in the ledger, the same in every process', async () => {
    const dry = done(await put(published, { dryRun: true, name: '运城' }));
    expect(dry).toMatchObject({ version: null, rows: 519, components: 375, events: 144, notUnderstood: [], ignored: [], changes: { added: 519, removed: 0, changed: 0 } });
    expect(catalogue.currentVersion(county, world.now())).toBeUndefined();
    expect(await entries()).toEqual([]);

    const report = done(await put(published, { name: '运城' }));
    expect(report.version).toBe(1);
    expect(catalogue.currentVersion(county, world.now())).toBe(1);
    expect(catalogue.rows(county, 1)).toHaveLength(519);
    expect(new Set(catalogue.rows(county, 1).map((row) => row.key)).size).toBe(519);
    const lamps = catalogue.rows(county, 1).filter((row) => row.code === 'C0137');
    expect(lamps.map((row) => [row.openCondition, row.limit])).toEqual([
      ['倾斜、倒地、折断', { amount: 1, unit: 'workingDay' }], ['破损、缺失、电线裸露', { amount: 1, unit: 'workingDay' }],
      ['单盏不亮', { amount: 2, unit: 'workingDay' }], ['严重锈蚀', { amount: 2, unit: 'workingDay' }],
      ['未按规定时间启闭', { amount: 2, unit: 'workingHour' }], ['废弃、遗留残桩', { amount: 3, unit: 'workingDay' }],
    ]);
    expect(catalogue.rows(county, 1).find((row) => row.note !== null)).toMatchObject({ limitText: '1紧急工作时制止', limit: { amount: 1, unit: 'urgentHour' }, note: '制止' });
    const [entry] = await entries();
    expect(JSON.parse(entry!.text)).toMatchObject({ subject: 'config', kind: 'standards', action: 'import', set: { version: 1, rows: 519, digest: report.digest } });

    const other = await open();
    expect(other.rows(county, 1)).toEqual(catalogue.rows(county, 1));
  });

  it('is not imported twice under the same reading, but is with another default hour', async () => {
    expect(refused(await put(published))).toMatchObject({ status: 409, reason: 'catalogue.same_table', params: { version: 1 } });
    const urgent = done(await put(published, { defaultHour: 'urgentHour' }));
    expect(urgent.changes).toEqual({ added: 0, removed: 0, changed: 61 });
    expect(catalogue.row(county, urgent.version!, catalogue.rows(county, 1).find((row) => row.openCondition === '未按规定时间启闭')!.key)?.limit).toEqual({ amount: 2, unit: 'urgentHour' });
  });

  it('counts from its day on, and what was decided before keeps its version', async () => {
    const tomorrow = world.now() + 86_400_000;
    const before = catalogue.currentVersion(county, world.now());
    const next = done(await put(csv('部件,1,公用设施,37,路灯,照明所,,单盏不亮,修复,1天'), { effectiveAt: tomorrow }));
    expect(next.changes).toMatchObject({ added: 0, removed: 518, changed: 1 });
    expect(catalogue.currentVersion(county, world.now())).toBe(before);
    expect(catalogue.currentVersion(county, tomorrow)).toBe(next.version);
    const key = catalogue.rows(county, next.version!)[0]!.key;
    expect(catalogue.row(county, 1, key)?.limitText).toBe('2天');
    expect(catalogue.row(county, next.version!, key)?.limitText).toBe('1天');
  });

  it('comes in GB18030 and as a workbook with merged cells too', async () => {
    const dry = done(await put(iconv.encode(published.toString(), 'gb18030'), { dryRun: true }));
    expect(dry.rows).toBe(519);
    const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    const row = (line: number, ...cells: string[]) => `<row r="${line}">${cells.map(cell).join('')}</row>`;
    const book = zipSync({
      'xl/workbook.xml': strToU8('<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'),
      'xl/_rels/workbook.xml.rels': strToU8('<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'),
      'xl/worksheets/sheet1.xml': strToU8(`<worksheet><sheetData>${row(1, '某市立案结案标准')}${row(2, '类别', '大类代码', '大类名称', '小类代码', '小类名称', '责任单位', '立案条件', '结案条件', '处置时限')}${
        row(3, '部件', '01', '公用设施', '３７', '路灯', '照明所', '单盏不亮', '修复', '两天')}${row(4, '', '', '', '', '', '', '灯杆倾斜', '扶正', '一周')}</sheetData><mergeCells>${
        ['A', 'B', 'C', 'D', 'E', 'F'].map((column) => `<mergeCell ref="${column}3:${column}4"/>`).join('')}</mergeCells></worksheet>`),
    });
    const report = done(await put(book, { dryRun: true }));
    expect(report).toMatchObject({ rows: 2, notUnderstood: [{ line: 4, column: '处置时限', value: '一周', rule: 'catalogue.limit_noUnit' }] });
  });

  it('is refused whole when a line is wrong, each with line, column, value and rule', async () => {
    const versions = catalogue.versions(county).length;
    const good = '部件,01,公用设施,37,路灯,照明所,,单盏不亮,修复,2天';
    const result = refused(await put(csv(
      good, '设备,01,公用设施,38,地灯,,,缺亮,修复,2天', '部件,A1,公用设施,39,景观灯,,,缺亮,修复,2天', '部件,01,公用设施,40,,,,缺亮,修复,2天',
      good.replace('单盏不亮', '单盏 不亮。'), `事件,01,市容,10,${'长'.repeat(101)},,,有垃圾,清除,4小时`, `事件,01,市容,11,${iconv.decode(Buffer.from('道路不洁'), 'gb18030')},,,有垃圾,清除,4小时`)));
    expect(result).toMatchObject({ status: 422, reason: 'catalogue.import', params: { count: 6, line: 3 } });
    expect(result.errors!.map(({ path, reason }) => [path, reason])).toEqual([
      ['3:kind', 'catalogue.kind'], ['4:major', 'catalogue.code'], ['5:minorName', 'catalogue.missing'], ['6:openCondition', 'catalogue.duplicate'],
      ['7:minorName', 'catalogue.too_long'], ['8:minorName', 'tables.mojibake'],
    ]);
    expect(refused(await put(Buffer.from('a,b\n1,2\n'))).errors![0]).toMatchObject({ reason: 'tables.missing_column' });
    expect(refused(await put(csv())).errors![0]).toMatchObject({ reason: 'tables.empty' });
    expect(catalogue.versions(county)).toHaveLength(versions);
  });

  it('two imports at once become two versions', async () => {
    const before = catalogue.versions(county)[0]!.version;
    const both = await Promise.all(['3天', '4天'].map((limit) => put(csv(`部件,01,公用设施,37,路灯,照明所,,单盏不亮,修复,${limit}`))));
    expect(both.map((result) => done(result).version).sort()).toEqual([before + 1, before + 2]);
  });

  it('is imported by a data steward and nobody else', async () => {
    const actor = (role: string): Actor => ({
      id: world.random.uuid(world.now()), kind: 'account', name: '张三',
      grants: [{ id: 'g', county, role, unit: null, place: '', purpose: null, from: 0, until: null }],
    } as unknown as Actor);
    for (const role of ['intake', 'dispatcher', 'admin', 'auditor'])
      expect(refused(await catalogue.importTable(actor(role), county, { source: { name: 'a.csv', bytes: csv('部件,01,公用设施,37,路灯,照明所,,单盏不亮,修复,9天') } })).status, role).toBe(403);
    done(await catalogue.importTable(actor('steward'), county, { source: { name: 'a.csv', bytes: csv('部件,01,公用设施,37,路灯,照明所,,单盏不亮,修复,9天') } }));
    expect(JSON.parse((await entries()).at(-1)!.text)).toMatchObject({ actor: { role: 'steward' } });
  });
});

describe('a search in the code table', () => {
  const find = (query: string, filter: object = {}) => catalogue.search(county, query, { version: 1, ...filter }).map((row) => `${row.minorName} ${row.openCondition}`);
  it('finds by code, with and without its letter, and by key', () => {
    const lamps = catalogue.rows(county, 1).filter((row) => row.code === 'C0137');
    expect(catalogue.search(county, 'C0137', { version: 1 })).toEqual(lamps);
    expect(catalogue.search(county, '0137', { version: 1, kind: 'component' })).toEqual(lamps);
    expect(catalogue.search(county, lamps[2]!.key, { version: 1 })).toEqual([lamps[2]]);
  });
  it('finds by words in any order, by what residents say, and within a class', () => {
    expect(find('不亮 路灯')[0]).toBe('路灯 单盏不亮');
    expect(find('黑灯瞎火')).toEqual(['路灯 单盏不亮']);
    expect(find('井盖', { major: '01' }).slice(0, 36).every((one) => one.includes('井盖'))).toBe(true);
    expect(find('井盖', { kind: 'event' })).toEqual([]);
    expect(find('', { major: '突发事件' }).length).toBe(14);
  });
  it('finds by pinyin, first letters or whole', () => {
    expect(find('ldbl')[0]).toBe('路灯 单盏不亮');
    expect(find('ld').slice(0, 6).every((one) => one.startsWith('路灯 '))).toBe(true);
    expect(find('ludeng')[0]).toMatch(/^路灯 /u);
    expect(find('ysbz')[0]).toMatch(/^雨水箅子 /u);
    expect(find('xdslj')).toEqual([]);
  });
  it('finds nothing for what is nowhere, and everything for nothing', () => {
    expect(find('飞机场')).toEqual([]);
    expect(find('')).toHaveLength(519);
    expect(catalogue.search('110101', '路灯')).toEqual([]);
    expect(catalogue.rank('110101', '路灯')).toEqual([]);
  });
});
