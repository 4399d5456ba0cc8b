import { detectEncoding } from './encoding.ts';
import { readSeparated } from './separated.ts';
import { piecesOf, TableFault, type RawRow, type TableSource } from './table.ts';
import { readWorkbook } from './workbook.ts';

/** A column as it stands in a file, with the first value that is in it. */
export interface GlancedColumn {
  readonly title: string;
  readonly sample: string;
}

/** Rows in which titles are looked for, and after which samples end. */
const most = 30;
const mostHeadings = 10;

const firstRows = async (source: TableSource): Promise<RawRow[]> => {
  const rows: RawRow[] = [];
  const { bytes } = source;
  for await (const batch of bytes[0] === 0x50 && bytes[1] === 0x4b ? readWorkbook(bytes) : readSeparated(piecesOf(bytes))) {
    rows.push(...batch.rows.slice(0, most - rows.length));
    if (rows.length >= most) break;
  }
  return rows;
};

/**
 * The columns of a table, before anybody has said what they mean: of the first ten rows the fullest holds the titles. Of a text its
 * beginning is enough; a last line that is cut off is left out.
 * @throws TableFault
 */
export const glance = async ({ name, bytes }: TableSource, whole: boolean): Promise<readonly GlancedColumn[]> => {
  if (bytes.length === 0) throw new TableFault('tables.empty');
  const workbook = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const end = whole || workbook ? bytes.length : bytes.lastIndexOf(10) + 1 || bytes.length;
  if (!workbook) await detectEncoding(piecesOf(bytes.subarray(0, end)));
  const rows = await firstRows({ name, bytes: bytes.subarray(0, end) });
  const filled = ({ cells }: RawRow): number => cells.filter((cell) => cell.trim() !== '').length;
  const head = rows.slice(0, mostHeadings).reduce<RawRow | undefined>((best, row) => (best && filled(best) >= filled(row) ? best : row), undefined);
  if (!head) throw new TableFault('tables.empty');
  const under = rows.slice(rows.indexOf(head) + 1);
  return head.cells.flatMap((cell, at) => (cell.trim() === '' ? [] : [{ title: cell.trim().slice(0, 60), sample: (under.find(({ cells }) => (cells[at] ?? '').trim() !== '')?.cells[at] ?? '').trim().slice(0, 60) }]));
};
