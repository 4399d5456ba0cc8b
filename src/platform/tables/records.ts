import { halfWidth } from '../../base/text/width.ts';
import type { Encoding } from './encoding.ts';
import { readFeatures } from './features.ts';
import { faultOfText } from './mojibake.ts';
import { readSeparated } from './separated.ts';
import { firstOf, piecesOf, TableFault, wholeOf, type Batch, type LongTable, type Pieces, type RawRow, type TableFormat, type TableSource } from './table.ts';
import { readWorkbook } from './workbook.ts';

/** A column that a table must or may have. */
export interface Field {
  readonly name: string;
  /** What it is called in files: compared without white space, brackets, width and case. */
  readonly titles: readonly string[];
  /** A file without it is refused. */
  readonly required: boolean;
}

/** A row by the names of its fields. Fields that the file lacks are absent; white space at the ends is gone. */
export interface TableRecord {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
  /** What is wrong with the characters of a value. */
  readonly faults: readonly { readonly field: string; readonly value: string; readonly rule: string }[];
}

/** What was found in the file besides its rows; complete when the rows have been read. */
export interface TableHead {
  format: TableFormat;
  encoding: Encoding;
  /** Titles of columns that no field asks for. */
  readonly ignored: string[];
  /** What the file itself calls a field. */
  readonly titles: Record<string, string>;
}

/** A title as it is compared: without white space, brackets, width and case. */
export const bareTitle = (title: string): string => halfWidth(title).normalize('NFKC').toLowerCase().replace(/[\s_\-*:/（）()[\]【】"']/gu, '');

/** A workbook, a GeoJSON collection, or a text with separators, by its first bytes. */
const kindOf = (bytes: Uint8Array, name: string): 'xlsx' | 'geojson' | 'text' => {
  if (bytes.length === 0) throw new TableFault('tables.empty');
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'xlsx';
  if (bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0) throw new TableFault('tables.old_workbook');
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while ([9, 10, 13, 32].includes(bytes[at] ?? 0)) at++;
  return bytes[at] === 0x7b || /\.geojson$/iu.test(name) ? 'geojson' : 'text';
};

/** Above this many rows before the titles, a file has none. Published tables carry a heading or two. */
const mostHeadings = 10;

type ByColumn = readonly (string | undefined)[];

/** Which field stands in which column; `missing` names the required ones that stand nowhere. */
const matchTitles = (fields: readonly Field[], byTitle: ReadonlyMap<string, string>, row: RawRow): { readonly columns: ByColumn; readonly missing: string[] } => {
  const columns = row.cells.map((cell) => byTitle.get(bareTitle(cell)));
  for (const [i, field] of columns.entries())
    if (field !== undefined && columns.indexOf(field) !== i) throw new TableFault('tables.column_twice', { line: row.line, column: row.cells[i]! });
  return { columns, missing: fields.filter((field) => field.required && !columns.includes(field.name)).map((field) => field.titles[0]!) };
};

/** @param beyond what stands to the right of all titles, where something does */
const clean = (line: number, values: Record<string, string>, beyond?: string): TableRecord => {
  const faults: { field: string; value: string; rule: string }[] = [];
  if (beyond !== undefined) faults.push({ field: '', value: beyond.slice(0, 80), rule: 'tables.ragged' });
  for (const [field, value] of Object.entries(values)) {
    const rule = faultOfText(value);
    if (rule) faults.push({ field, value: value.slice(0, 80), rule });
  }
  return { line, values, faults };
};

async function* fromRows(batches: AsyncGenerator<Batch<RawRow>>, fields: readonly Field[], byTitle: ReadonlyMap<string, string>, head: TableHead): AsyncGenerator<Batch<TableRecord>> {
  let columns: ByColumn | undefined;
  let wide = 0;
  let nearest: string[] | undefined;
  let headings = 0;
  for await (const { rows, done } of batches) {
    const records: TableRecord[] = [];
    for (const row of rows) {
      if (!columns) {
        const match = matchTitles(fields, byTitle, row);
        if (match.missing.length === 0) {
          columns = match.columns;
          wide = row.cells.length;
          for (const [i, cell] of row.cells.entries()) {
            const field = columns[i];
            if (field !== undefined) head.titles[field] = cell.trim();
            else if (cell.trim() !== '') head.ignored.push(cell.trim());
          }
        } else {
          if (!nearest || match.missing.length < nearest.length) nearest = match.missing;
          if (++headings > mostHeadings) throw new TableFault('tables.missing_column', { line: 1, column: nearest[0]!, value: nearest.join('、') });
        }
        continue;
      }
      const values: Record<string, string> = {};
      let filled = false;
      for (let i = 0; i < columns.length; i++) {
        const field = columns[i];
        if (field === undefined) continue;
        const cell = (row.cells[i] ?? '').trim();
        values[field] = cell;
        if (cell !== '') filled = true;
      }
      // A separator that nobody quoted pushes everything after it one column to the right.
      if (filled) records.push(clean(row.line, values, row.cells.length > wide ? row.cells.slice(wide).find((cell) => cell.trim() !== '') : undefined));
    }
    if (records.length > 0) yield { rows: records, done };
  }
  if (!columns) throw nearest ? new TableFault('tables.missing_column', { line: 1, column: nearest[0]!, value: nearest.join('、') }) : new TableFault('tables.empty');
}

const scalar = (value: unknown): string => (typeof value === 'string' ? value.trim() : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '');

async function* fromFeatures(bytes: Uint8Array, fields: readonly Field[], byTitle: ReadonlyMap<string, string>, head: TableHead): AsyncGenerator<Batch<TableRecord>> {
  const fieldOf = new Map<string, string | undefined>();
  const points = fields.some((field) => field.name === 'lng') && fields.some((field) => field.name === 'lat');
  for await (const { rows, done } of readFeatures(bytes)) {
    const records = rows.map(({ line, properties, geometry }) => {
      const values: Record<string, string> = {};
      for (const [title, value] of Object.entries(properties)) {
        if (!fieldOf.has(title)) {
          const found = byTitle.get(bareTitle(title));
          fieldOf.set(title, found);
          if (found === undefined) head.ignored.push(title);
          else head.titles[found] ??= title;
        }
        const field = fieldOf.get(title);
        if (field !== undefined) values[field] = scalar(value);
      }
      if (points) {
        // The geometry is the position; properties of that name are somebody's copy of it.
        const at = geometry?.type === 'Point' && Array.isArray(geometry.coordinates) ? (geometry.coordinates as unknown[]) : [];
        values['lng'] = scalar(at[0]);
        values['lat'] = scalar(at[1]);
      }
      return clean(line, values);
    });
    yield { rows: records, done };
  }
}

/**
 * Opens a table whatever it is written in: text with separators (UTF-8, UTF-16 with mark, GB18030), an Excel workbook,
 * a GeoJSON collection of points (whose position becomes the fields `lng` and `lat`). The row of titles is found among
 * the first ten; columns that no field asks for are named in `head.ignored`. Records come in the order of the file.
 * @throws TableFault while reading.
 */
export const openTable = (source: TableSource | LongTable, fields: readonly Field[]): { readonly head: TableHead; readonly records: AsyncGenerator<Batch<TableRecord>> } => {
  const byTitle = new Map(fields.flatMap((field) => [field.name, ...field.titles].map((title) => [bareTitle(title), field.name] as const)));
  const head: TableHead = { format: 'csv', encoding: 'utf-8', ignored: [], titles: {} };
  const pieces: Pieces = 'bytes' in source ? piecesOf(source.bytes) : source;
  const whole = (): Promise<Uint8Array> | Uint8Array => ('bytes' in source ? source.bytes : wholeOf(source));
  const text = async function* (): AsyncGenerator<Batch<RawRow>> {
    for await (const batch of readSeparated(pieces)) {
      head.format = batch.format;
      head.encoding = batch.encoding;
      yield batch;
    }
  };
  const records = async function* (): AsyncGenerator<Batch<TableRecord>> {
    const kind = kindOf('bytes' in source ? source.bytes : await firstOf(pieces), source.name);
    if (kind !== 'text') head.format = kind;
    if (kind === 'geojson') yield* fromFeatures(await whole(), fields, byTitle, head);
    else yield* fromRows(kind === 'xlsx' ? readWorkbook(await whole()) : text(), fields, byTitle, head);
  };
  return { head, records: records() };
};
