import { strToU8, zipSync } from 'fflate';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem, type Actor } from '../../src/base/actor.ts';
import { fromWgs84 } from '../../src/base/geo/coordinates.ts';
import { newPlate } from '../../src/modules/components/rules/plate-codes.ts';
import { codeOf, componentTown, county, done, refused, type ComponentTown } from './town.ts';

let town: ComponentTown;
beforeAll(async () => { town = await componentTown(); });
afterAll(() => town.world.close());

const title = 'code,road,ordinal,lng,lat,accuracy,owner,manager,state,installed,plate';
const csv = (...rows: string[]) => Buffer.from([title, ...rows].join('\n'));
const put = (bytes: Uint8Array, more: object = {}) => town.components.importTable(theSystem, county, { source: { name: 'lamps.csv', bytes }, ...more });
const count = async () => (await town.world.db.query<{ all: number }>('select count(*) as all from component'))[0]!.all;
const staged = async () => (await town.world.db.query<{ all: number }>('select count(*) as all from component_staging'))[0]!.all;
const entries = async () => (await town.world.db.query<{ text: string }>(`select convert_from(entry, 'UTF8') as text from ledger_inbox where county = $1 order by id`, [county]))
  .map(({ text }) => JSON.parse(text) as { kind: string; set: Record<string, unknown>; actor: { role: string } });

describe('components', () => {
  it('come in by CSV with everything that a survey says, named by road and number, in their grid, with one entry', async () => {
    const report = done(await put(csv(
      `${codeOf(3)},光明路,3,121.0432000,30.1812,B,lighting,路灯管理所,完好,2024年5月1日,`,
      `${codeOf(4)},光明路,４号,１２１.０５４３,30.1813,,,,,,`,
      `${codeOf(1, '0102')},,,121.0499,30.17,A类,水务中心,water,破损,2020/1/2,`)));
    expect(report).toMatchObject({ rows: 3, added: 3, changed: 0, classes: { '0137': 2, '0102': 1 } });
    expect(await town.components.find(county, codeOf(3))).toEqual({
      county, code: codeOf(3), standard: '0137', className: '路灯', name: '光明路3号灯', road: '光明路', ordinal: 3, lng: 121.0432, lat: 30.1812, accuracy: 'B',
      place: '330281103203001', path: '330281/330281103/330281103203/330281103203001/', ownerUnit: 'lighting', managerUnit: 'lighting',
      state: 'intact', openCases: 0, installed: '2024-05-01', plate: null,
    });
    expect(await town.components.find(county, codeOf(4))).toMatchObject({ lng: 121.0543, place: '330281103203002', accuracy: 'C', name: '光明路4号灯' });
    expect(await town.components.find(county, codeOf(1, '0102'))).toMatchObject({ name: '污水井盖000001', state: 'damaged', accuracy: 'A', managerUnit: 'water' });
    expect((await entries()).at(-1)).toMatchObject({ kind: 'components', action: 'import', set: { rows: 3, added: 3, changed: 0, digest: report.digest } });
    expect(await staged()).toBe(0);
  });

  it('are changed where they differ and left where they do not; what a file does not name stays', async () => {
    const before = await count();
    const report = done(await put(csv(`${codeOf(3)},光明路,3,121.0432,30.1812,B,lighting,lighting,完好,2024-05-01,`, `${codeOf(4)},光明路,4,121.0543,30.1813,C,lighting,,,,`, `${codeOf(5)},光明路,5,121.0544,30.1813,C,,,,,`)));
    expect(report).toMatchObject({ rows: 3, added: 1, changed: 1 });
    expect(await count()).toBe(before + 1);
  });

  it('are only checked in a dry run', async () => {
    const before = await count();
    const known = (await entries()).length;
    expect(done(await put(csv(`${codeOf(900)},,,121.0432,30.1812,,,,,,`), { dryRun: true }))).toMatchObject({ dryRun: true, rows: 1, added: 0 });
    expect(await count()).toBe(before);
    expect(await entries()).toHaveLength(known);
  });

  it('come in by GB18030, by a workbook and by GeoJSON, in GCJ-02 by name', async () => {
    done(await put(iconv.encode(`部件编码,道路,序号,经度,纬度\n${codeOf(20)},解放街,20,121.0441,30.1801\n`, 'gb18030')));
    const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
    done(await put(zipSync({
      'xl/workbook.xml': strToU8('<workbook xmlns:r="r"><sheets><sheet name="a" r:id="r1"/></sheets></workbook>'),
      'xl/_rels/workbook.xml.rels': strToU8('<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'),
      'xl/worksheets/sheet1.xml': strToU8(`<worksheet><sheetData><row r="1">${['标识码', '路名', '灯号', '经度', '纬度'].map(cell).join('')}</row><row r="2">${cell(codeOf(21))}${cell('解放街')}<c><v>21</v></c><c><v>121.0442</v></c><c><v>30.1802</v></c></row></sheetData></worksheet>`),
    })));
    const [gcjLng, gcjLat] = fromWgs84('gcj02', 121.0443, 30.1803);
    done(await put(Buffer.from(JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { objcode: codeOf(22), 路名: '解放街', 灯号: 22 }, geometry: { type: 'Point', coordinates: [gcjLng, gcjLat] } }] })), { system: 'gcj02' }));
    const found = await town.components.many(county, [codeOf(20), codeOf(21), codeOf(22)]);
    expect(found.map(({ name }) => name)).toEqual(['解放街20号灯', '解放街21号灯', '解放街22号灯']);
    expect(found[2]!.lng).toBeCloseTo(121.0443, 7);
    expect(found[2]!.lat).toBeCloseTo(30.1803, 7);
  });

  it('are refused whole when a line is wrong, and every wrong value is named by line, column, value and rule', async () => {
    const before = await count();
    const good = '121.0432,30.1812';
    const result = refused(await put(csv(
      `${codeOf(100)},光明路,100,${good},,,,,,`, `12345,,,${good},,,,,,`, `330282${codeOf(1).slice(6)},,,${good},,,,,,`, `${codeOf(1, '0999')},,,${good},,,,,,`,
      '3.30281E+15,,,121.0432,30.1812,,,,,,', `${codeOf(100)},,,${good},,,,,,`, `${codeOf(101)},,,30.1812,121.0432,,,,,,`, `${codeOf(102)},,,122.5,30.1812,,,,,,`,
      `${codeOf(103)},,,"121°2'35""",30.1812,,,,,,`, `${codeOf(104)},,,,,,,,,,`, `${codeOf(105)},,0,${good},D,天上的单位,,冒烟,2027-01-01,KKKK-KKKK`,
      `${codeOf(106)},${iconv.decode(Buffer.from('光明路'), 'gb18030')},,${good},,,,,,`, `${codeOf(107)},${'长'.repeat(61)},,${good},,,,,,`)));
    expect(result).toMatchObject({ status: 422, reason: 'components.import', params: { line: 3 } });
    expect(result.errors!.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      '3:code components.code', '4:code components.code_county', '5:code components.class', '6:code components.code_digits', '7:code components.duplicate',
      '8:lat components.swapped', '9:lng components.outside', '10:lng components.degrees', '11:lng components.missing', '11:lat components.missing',
      '12:accuracy components.accuracy', '12:owner components.unit', '12:state components.state', '12:installed components.date', '12:plate components.plate', '12:ordinal components.ordinal',
      '13:road tables.mojibake', '14:road components.too_long',
    ]);
    expect(result.errors![11]!.params).toMatchObject({ line: 12, column: 'owner', value: '天上的单位' });
    expect(await count()).toBe(before);
    expect(refused(await put(Buffer.from('code,lng\n1,2\n'))).errors![0]).toMatchObject({ reason: 'tables.missing_column' });
    expect(refused(await put(Buffer.concat([csv(`${codeOf(1)},,,121.0432,30.1812,,,,,,`), Buffer.from([10, 0xff, 0xff, 0x0a])]))).errors![0]).toMatchObject({ path: '3:', reason: 'tables.encoding' });
    expect(refused(await put(csv())).errors![0]).toMatchObject({ reason: 'tables.empty' });
  });

  it('keep their plates; a plate of something else is refused with its line', async () => {
    const plate = newPlate((length) => town.world.random.bytes(length));
    done(await put(csv(`${codeOf(30)},,,121.0432,30.1812,,,,,,${plate.slice(0, 4).toLowerCase()}-${plate.slice(4)}`)));
    expect(await town.components.byPlate(county, plate)).toMatchObject({ code: codeOf(30), plate });
    const result = refused(await put(csv(`${codeOf(31)},,,121.0432,30.1812,,,,,,`, `${codeOf(32)},,,121.0432,30.1812,,,,,,${plate}`)));
    expect(result.errors).toMatchObject([{ path: '3:plate', reason: 'components.plate_taken' }]);
    expect(await town.components.find(county, codeOf(31))).toBeUndefined();
    expect(await staged()).toBe(0);
  });

  it('are imported by a data steward and nobody else', async () => {
    const actor = (role: string): Actor => ({ id: town.world.random.uuid(town.world.now()), kind: 'account', name: '张三', grants: [{ id: 'g', county, role, unit: null, place: '', purpose: null, from: 0, until: null }] } as unknown as Actor);
    const order = { source: { name: 'a.csv', bytes: csv(`${codeOf(40)},,,121.0432,30.1812,,,,,,`) } };
    for (const role of ['intake', 'admin', 'gridworker']) expect(refused(await town.components.importTable(actor(role), county, order)).status, role).toBe(403);
    done(await town.components.importTable(actor('steward'), county, order));
    expect((await entries()).at(-1)!.actor.role).toBe('steward');
  });

  it('200,000 that break at line 150,001 leave nothing behind and name the line', { timeout: 300_000 }, async () => {
    const before = await count();
    const known = (await entries()).length;
    const rows = Array.from({ length: 200_000 }, (_, i) => `${codeOf(i + 1_000)},${(121.041 + (i % 400) / 40_000).toFixed(6)},${(30.161 + Math.floor(i / 400) / 20_000).toFixed(6)},lighting`);
    rows[149_999] = rows[149_999]!.replace('lighting', '消失的单位');
    const progress: number[] = [];
    const result = refused(await put(Buffer.from(['code,lng,lat,manager', ...rows].join('\n')), { onProgress: ({ done: share }: { done: number }) => progress.push(share) }));
    expect(result).toMatchObject({ reason: 'components.import', params: { count: 1, line: 150_001 } });
    expect(result.errors).toMatchObject([{ path: '150001:manager', reason: 'components.unit', params: { line: 150_001, value: '消失的单位' } }]);
    expect(await count()).toBe(before);
    expect(await staged()).toBe(0);
    expect(await entries()).toHaveLength(known);
    expect(progress.length).toBeGreaterThan(10);
    expect(progress.at(-1)).toBe(1);
    done(await put(csv(`${codeOf(3)},光明路,3,121.0432,30.1812,B,lighting,lighting,完好,2024-05-01,`)));
  });
});
