import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { csvCell, csvLine } from '../../../src/platform/tables/export.ts';
import { faultOfText } from '../../../src/platform/tables/mojibake.ts';
import { openTable, type Field, type TableRecord } from '../../../src/platform/tables/records.ts';
import { TableFault } from '../../../src/platform/tables/table.ts';

const fields: Field[] = [
  { name: 'code', titles: ['编码', 'code'], required: true },
  { name: 'road', titles: ['道路名称', 'road'], required: true },
  { name: 'lng', titles: ['经度', 'lng'], required: false },
  { name: 'lat', titles: ['纬度', 'lat'], required: false },
  { name: 'day', titles: ['安装日期'], required: false },
];
const read = async (bytes: Uint8Array, name = 'table'): Promise<{ rows: TableRecord[]; ignored: string[]; format: string; encoding: string }> => {
  const table = openTable({ name, bytes }, fields);
  const rows: TableRecord[] = [];
  let last = 0;
  for await (const batch of table.records) {
    rows.push(...batch.rows);
    expect(batch.done).toBeGreaterThanOrEqual(last);
    last = batch.done;
  }
  return { rows, ...table.head };
};
const fault = async (bytes: Uint8Array, name?: string): Promise<TableFault> => {
  try {
    await read(bytes, name);
  } catch (error) {
    if (error instanceof TableFault) return error;
    throw error;
  }
  throw new Error('read without a fault');
};
const utf8 = (text: string) => Buffer.from(text);
const text = '编码,道路名称,备注\r\n1,光明路,x\r\n2,"解放\r\n路",y\r\n\r\n3,河东街,\r\n';

describe('a text with separators', () => {
  it('is read in UTF-8, with and without mark, in GB18030, and in UTF-16 with mark', async () => {
    for (const [bytes, encoding] of [
      [utf8(text), 'utf-8'], [utf8(`\ufeff${text}`), 'utf-8'], [iconv.encode(text, 'gb18030'), 'gb18030'],
      [Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]), 'utf-16le'],
    ] as const) {
      const table = await read(bytes);
      expect(table.encoding).toBe(encoding);
      expect(table.rows.map(({ line, values }) => [line, values])).toEqual([
        [2, { code: '1', road: '光明路' }], [3, { code: '2', road: '解放\r\n路' }], [6, { code: '3', road: '河东街' }],
      ]);
      expect(table.ignored).toEqual(['备注']);
    }
  });

  it('is taken apart by tabs and semicolons too, and a quote inside a cell with tabs is a quote', async () => {
    expect((await read(utf8('code\troad\n1\t5" 灯杆\n'))).rows[0]!.values).toEqual({ code: '1', road: '5" 灯杆' });
    expect((await read(utf8('code;road\n1;光明路\n'))).rows[0]!.values).toEqual({ code: '1', road: '光明路' });
  });

  it('finds its titles under a heading, whatever their width, case and brackets', async () => {
    const table = await read(utf8('运城市部件普查表,,\n,,\nＣＯＤＥ, 道路 名称 ,（安装日期）\n1,光明路,2024-05-01\n'));
    expect(table.rows).toEqual([{ line: 4, values: { code: '1', road: '光明路', day: '2024-05-01' }, faults: [] }]);
  });

  it('is refused with the first line that fits no encoding', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `${i},光明路`).join('\n');
    const broken = Buffer.concat([utf8(`code,road\n${rows}\n30000,`), Buffer.from([0xff, 0xff]), utf8('\n30001,路\n')]);
    expect(await fault(broken)).toMatchObject({ rule: 'tables.encoding', line: 30_002 });
  });

  it('is refused when it is no text, empty, lacks a column, has one twice, or an open quote', async () => {
    expect(await fault(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1]))).toMatchObject({ rule: 'tables.not_text' });
    expect(await fault(utf8(''))).toMatchObject({ rule: 'tables.empty' });
    expect(await fault(utf8('\n\n'))).toMatchObject({ rule: 'tables.empty' });
    expect(await fault(utf8('code,name\n1,2\n'))).toMatchObject({ rule: 'tables.missing_column', column: '道路名称' });
    expect(await fault(utf8('code,road,编码\n1,2,3\n'))).toMatchObject({ rule: 'tables.column_twice', line: 1, column: '编码' });
    expect(await fault(utf8('code,road\n1,a\n2,"b\n3,c\n'))).toMatchObject({ rule: 'tables.quotes', line: 3 });
    expect(await fault(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'old.xls')).toMatchObject({ rule: 'tables.old_workbook' });
  });

  it('names the cell whose text was once read in the wrong encoding or hides signs', async () => {
    const mojibake = iconv.decode(Buffer.from('光明路'), 'gb18030');
    const table = await read(utf8(`code,road\n1,光明路\n2,${mojibake}\n3,光\u202e明路\n`));
    expect(table.rows.map((row) => row.faults.map((found) => [found.field, found.rule]))).toEqual([[], [['road', 'tables.mojibake']], [['road', 'tables.hidden']]]);
  });
});

describe('mojibake', () => {
  const words = ['光明路', '路灯不亮', '运城市城市管理局', '雨水箅子', '谢家路村'];
  it('is seen whichever way it came about', () => {
    for (const word of words) {
      expect(faultOfText(iconv.decode(Buffer.from(word), 'gb18030')), word).toBe('tables.mojibake');
      expect(faultOfText(iconv.decode(Buffer.from(word), 'win1252')), word).toBe('tables.mojibake');
      expect(faultOfText(Buffer.from(word).toString('latin1')), word).toBe('tables.mojibake');
      expect(faultOfText(iconv.encode(word, 'gb18030').toString('latin1')), word).toBe('tables.mojibake');
    }
    expect(faultOfText('锟斤拷')).toBe('tables.mojibake');
    expect(faultOfText('光\ufffd路')).toBe('tables.mojibake');
  });
  it('is not seen in texts that are what they are', () => {
    for (const word of [...words, '联通', '', 'Straße', 'Café Noël', '25c㎡', '150cm×150cm', '±0.5 m', '“门前四包”', '—', '锟', '1 ℃', '𠮷野家', '浜海路', '缁缂缃'])
      expect(faultOfText(word), word).toBeUndefined();
  });
});

const sheetXml = (rows: string, tail = '') => `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows}</sheetData>${tail}</worksheet>`;
const workbook = (sheet: string, { shared = '', styles = '' } = {}) => zipSync({
  'xl/workbook.xml': strToU8('<workbook xmlns:r="r"><sheets><sheet name="hidden" state="hidden" r:id="rId1"/><sheet name="a" r:id="rId2"/></sheets></workbook>'),
  'xl/_rels/workbook.xml.rels': strToU8('<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>'),
  'xl/worksheets/sheet1.xml': strToU8(sheetXml('')),
  'xl/worksheets/sheet2.xml': strToU8(sheet),
  ...(shared && { 'xl/sharedStrings.xml': strToU8(shared) }),
  ...(styles && { 'xl/styles.xml': strToU8(styles) }),
});

describe('an Excel workbook', () => {
  it('is read with shared and inline texts, computed values, dates, gaps and merged blocks, by its first visible sheet', async () => {
    const table = await read(workbook(
      sheetXml(`<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>安装日期</t></is></c></row>
        <row r="3"><c r="A3"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="D3" s="1"><v>45413</v></c></row>
        <row r="4"><c r="A4"><f>A3+1</f><v>2</v></c><c r="B4"/><c r="D4" s="2"><v>45414.5</v></c></row>
        <row r="7"><c r="A7" t="str"><v>3</v></c><c r="B7" t="inlineStr"><is><r><t>河东</t></r><r><t>街</t></r></is></c></row>`,
      '<mergeCells><mergeCell ref="B3:B4"/></mergeCells>'),
      {
        shared: '<sst><si><t>编码</t></si><si><t>道路名称</t></si><si><r><t>光明</t></r><r><t>路</t></r><rPh sb="0" eb="1"><t>ミ</t></rPh></si></sst>',
        styles: '<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="176"/></cellXfs></styleSheet>',
      },
    ));
    expect(table.format).toBe('xlsx');
    expect(table.rows.map(({ line, values }) => [line, values])).toEqual([
      [3, { code: '1', road: '光明路', day: '2024-05-01' }], [4, { code: '2', road: '光明路', day: '2024-05-02' }], [7, { code: '3', road: '河东街', day: '' }],
    ]);
  });

  it('marks a number that lost digits in the spreadsheet, so that it passes for no code', async () => {
    const table = await read(workbook(sheetXml(`<row r="1"><c t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>road</t></is></c></row>
      <row r="2"><c><v>3302810137000010</v></c><c><v>1</v></c></row><row r="3"><c><v>3.30281013700001E+15</v></c><c><v>1.5E-2</v></c></row>`)));
    expect(table.rows.map((row) => row.values['code'])).toEqual(['≈3302810137000010', '≈3302810137000010']);
    expect(table.rows[1]!.values['road']).toBe('0.015');
  });

  it('is refused when it is broken, has no sheet, or is another archive', async () => {
    const whole = workbook(sheetXml('<row r="1"><c t="inlineStr"><is><t>code</t></is></c></row>'));
    expect(await fault(whole.subarray(0, whole.length - 40))).toMatchObject({ rule: 'tables.workbook' });
    expect(await fault(workbook('<worksheet><sheetData><row></worksheet>'))).toMatchObject({ rule: 'tables.workbook' });
    expect(await fault(zipSync({ 'a.txt': strToU8('x') }))).toMatchObject({ rule: 'tables.workbook' });
    expect(await fault(workbook('<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'))).toMatchObject({ rule: 'tables.workbook' });
  });
});

describe('a GeoJSON collection', () => {
  const feature = (properties: object, coordinates: unknown) => JSON.stringify({ type: 'Feature', properties, geometry: { type: 'Point', coordinates } });

  it('gives a record a feature with its line; the geometry is the position', async () => {
    const table = await read(utf8(`{"type":"FeatureCollection","name":"features",\n"features":[\n${feature({ code: '1', road: '光明路 [a}"', lng: '9', height: 8 }, [121.1, 30.2])},\n{"type":"Feature",\n"properties":{"编码":2},"geometry":null}]}`));
    expect(table.rows).toEqual([
      { line: 3, values: { code: '1', road: '光明路 [a}"', lng: '121.1', lat: '30.2' }, faults: [] },
      { line: 4, values: { code: '2', lng: '', lat: '' }, faults: [] },
    ]);
    expect(table.ignored).toEqual(['height']);
  });

  it('is read alike wherever its pieces are cut', async () => {
    const rows = Array.from({ length: 4_000 }, (_, i) => feature({ code: String(i), road: `"\\路{[${'灯'.repeat(i % 90)}` }, [121, 30]));
    const table = await read(utf8(`{"features":[${rows.join('\n,')}]}`));
    expect(table.rows.map((row) => [row.line, row.values['code']])).toEqual(rows.map((_, i) => [i + 1, String(i)]));
  });

  it('is refused where it is no JSON, holds something else than features, or none', async () => {
    expect(await fault(utf8('{"features":[{"type":"Feature"},\n{]}]}'))).toMatchObject({ rule: 'tables.json' });
    expect(await fault(utf8('{"features":[\n\n{"type":"Point"}]}'))).toMatchObject({ rule: 'tables.feature', line: 3 });
    expect(await fault(utf8('{"type":"Point"}'))).toMatchObject({ rule: 'tables.no_features' });
    expect(await fault(utf8('{"features":['))).toMatchObject({ rule: 'tables.json' });
    expect(await fault(utf8(`{"features":[${'['.repeat(100)}`))).toMatchObject({ rule: 'tables.json' });
  });
});

describe('a CSV file that is given out', () => {
  it('computes nothing in a spreadsheet, whatever people wrote', () => {
    for (const text of ['=1+1', '+86', '-cmd', '@x', '\t=1', '\r=1', ' =1', '＝1']) expect(csvCell(text).replace(/^"/u, '').startsWith("'"), text).toBe(true);
    expect(csvLine(['-12.5', -3, '光明路', 'a"b,c', null])).toBe('-12.5,-3,光明路,"a""b,c",\r\n');
  });
  it('is read back as it was, but for the apostrophe', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom(...'a路灯",\n ;1=') , minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 6 }), async (roads) => {
      const { rows } = await read(utf8(`code,road\r\n${roads.map((road, i) => csvLine([i, road])).join('')}`));
      expect(rows.map((row) => row.values['road'])).toEqual(roads.map((road) => (/^\s*=/u.test(road) || /^\n/u.test(road) ? `'${road}` : road).trim()));
    }), { numRuns: 60 });
  });
});
