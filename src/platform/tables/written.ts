import { strToU8, Zip, ZipDeflate } from 'fflate';
import { csvLine } from './export.ts';

/** What a cell holds: a text, a number, a moment (milliseconds since 1970, shown in the table's own time), or nothing. */
export type Cell = string | number | { readonly at: number } | null;

export type WrittenFormat = 'csv' | 'xlsx';

/** A table to be written: titles, and rows as they come, so that no more than a batch is in memory. */
export interface WrittenTable {
  readonly columns: readonly string[];
  readonly batches: AsyncIterable<readonly (readonly Cell[])[]>;
  /** Minutes that the table's time is ahead of UTC. */
  readonly offsetMinutes: number;
}

export const tableTypes: Readonly<Record<WrittenFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

const localText = (at: number, offsetMinutes: number): string => new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');

async function* writeCsv({ columns, batches, offsetMinutes }: WrittenTable): AsyncGenerator<Uint8Array> {
  // Excel takes a file without the mark for one in the machine's own encoding.
  yield strToU8(`\uFEFF${csvLine(columns)}`);
  for await (const rows of batches)
    yield strToU8(rows.map((row) => csvLine(row.map((cell) => (cell !== null && typeof cell === 'object' ? localText(cell.at, offsetMinutes) : cell)))).join(''));
}

/** Rows of one sheet, as Excel bounds them (with the titles). */
const sheetRows = 1_048_576;
/** Signs of one cell, as Excel bounds them. */
const cellSigns = 32_767;
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

const escaped = (text: string): string =>
  // What XML 1.0 cannot hold is left out: one such sign would make the whole file unreadable.
  text.slice(0, cellSigns).toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu, '')
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** `A`, `Z`, `AA` of a column counted from 0. */
const letters = (column: number): string => (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));

const rowXml = (line: number, cells: readonly Cell[], offsetMinutes: number, style = 0): string => `<row r="${line}">${cells.map((cell, column) => {
  if (cell === null || cell === '') return '';
  const place = `r="${letters(column)}${line}"`;
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c ${place}><v>${cell}</v></c>` : '';
  // Days since the last day of 1899, as spreadsheets count them.
  if (typeof cell === 'object') return `<c ${place} s="1"><v>${((cell.at + offsetMinutes * 60_000) / 86_400_000 + 25_569).toFixed(8)}</v></c>`;
  // A text of its own cell is never computed, whatever it begins with.
  return `<c ${place} t="inlineStr"${style ? ` s="${style}"` : ''}><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
}).join('')}</row>`;

const styles = `${head}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf xfId="0" numFmtId="164" applyNumberFormat="1"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs></styleSheet>`;

async function* writeWorkbook({ columns, batches, offsetMinutes }: WrittenTable): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  const taken = (): Uint8Array[] => {
    const ready = pieces;
    pieces = [];
    return ready;
  };
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    pieces.push(piece);
  });
  let sheets = 0;
  let line = 0;
  let sheet: ZipDeflate | null = null;
  const begin = (): ZipDeflate => {
    const made = new ZipDeflate(`xl/worksheets/sheet${++sheets}.xml`, { level: 6 });
    zip.add(made);
    made.push(strToU8(`${head}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${Math.max(1, columns.length)}" width="20" customWidth="1"/></cols><sheetData>${rowXml(1, columns, offsetMinutes, 2)}`));
    line = 1;
    return made;
  };
  const file = (name: string, text: string): void => {
    const made = new ZipDeflate(name);
    zip.add(made);
    made.push(strToU8(text), true);
  };
  sheet = begin();
  for await (const rows of batches) {
    let text = '';
    for (const row of rows) {
      if (line === sheetRows) {
        sheet.push(strToU8(`${text}</sheetData></worksheet>`), true);
        text = '';
        sheet = begin();
      }
      text += rowXml(++line, row, offsetMinutes);
    }
    sheet.push(strToU8(text));
    yield* taken();
  }
  sheet.push(strToU8('</sheetData></worksheet>'), true);
  const numbers = Array.from({ length: sheets }, (_, n) => n + 1);
  file('xl/styles.xml', styles);
  file('xl/workbook.xml', `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${numbers.map((n) => `<sheet name="${n}" sheetId="${n}" r:id="rId${n}"/>`).join('')}</sheets></workbook>`);
  file('xl/_rels/workbook.xml.rels', `${head}<Relationships xmlns="${relations}">${numbers.map((n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`).join('')}<Relationship Id="rIdS" Type="${office}/styles" Target="styles.xml"/></Relationships>`);
  file('_rels/.rels', `${head}<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`);
  file('[Content_Types].xml', `${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${numbers.map((n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`).join('')}</Types>`);
  zip.end();
  yield* taken();
}

/**
 * Writes a table piece by piece. CSV as RFC 4180 has it, with a byte order mark; XLSX as ECMA-376 has it, a further sheet
 * where one is full. No cell is computed by whoever opens it: see `csvCell`; in a workbook texts are texts.
 */
export const writeTable = (format: WrittenFormat, table: WrittenTable): AsyncGenerator<Uint8Array> => (format === 'csv' ? writeCsv(table) : writeWorkbook(table));
