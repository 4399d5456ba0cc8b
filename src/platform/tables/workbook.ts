import { unzipSync } from 'fflate';
import { readXml } from './archive.ts';
import { TableFault, type Batch, type RawRow } from './table.ts';

const files = (archive: Uint8Array): Map<string, number> => {
  const found = new Map<string, number>();
  try {
    unzipSync(archive, { filter: (file) => { found.set(file.name, file.originalSize); return false; } });
  } catch {
    throw new TableFault('tables.workbook');
  }
  return found;
};

const all = async (pieces: AsyncGenerator<number>): Promise<void> => { for await (const _ of pieces); };

/** Path of the first sheet that is not hidden, and whether days are counted from 1904. */
const firstSheet = async (archive: Uint8Array): Promise<{ readonly path: string; readonly from1904: boolean }> => {
  let relation: string | undefined;
  let from1904 = false;
  await all(readXml(archive, 'xl/workbook.xml', {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = ['1', 'true'].includes(attributes['date1904'] ?? '');
      if (name === 'sheet' && (attributes['state'] ?? 'visible') === 'visible')
        relation ??= Object.entries(attributes).find(([key]) => /(?:^|:)id$/u.test(key) && key !== 'sheetId')?.[1];
    },
    text: () => {}, close: () => {},
  }));
  let target: string | undefined;
  await all(readXml(archive, 'xl/_rels/workbook.xml.rels', {
    open: (name, attributes) => { if (name === 'Relationship' && attributes['Id'] === relation) target = attributes['Target']; },
    text: () => {}, close: () => {},
  }));
  if (target === undefined) throw new TableFault('tables.workbook', { value: 'xl/workbook.xml' });
  return { path: target.startsWith('/') ? target.slice(1) : `xl/${target}`, from1904 };
};

const sharedStrings = async (archive: Uint8Array): Promise<string[]> => {
  const strings: string[] = [];
  let text = '';
  let inText = false;
  let phonetic = 0;
  await all(readXml(archive, 'xl/sharedStrings.xml', {
    open: (name) => {
      if (name === 'si') text = '';
      else if (name === 'rPh') phonetic++;
      else if (name === 't') inText = phonetic === 0;
    },
    text: (piece) => { if (inText) text += piece; },
    close: (name) => {
      if (name === 'si') strings.push(text);
      else if (name === 'rPh') phonetic--;
      else if (name === 't') inText = false;
    },
  }));
  return strings;
};

/** Numbers of built-in formats that show a date (ECMA-376 part 1, 18.8.30, with those of Chinese editions). */
const builtInDate = (id: number): boolean => (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58);

/** Which cell styles show a date. */
const dateStyles = async (archive: Uint8Array): Promise<boolean[]> => {
  const custom = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCells = false;
  await all(readXml(archive, 'xl/styles.xml', {
    open: (name, attributes) => {
      if (name === 'numFmt') {
        const code = (attributes['formatCode'] ?? '').replace(/"[^"]*"|\\.|\[[^\]]*\]/gu, '');
        custom.set(Number(attributes['numFmtId']), /y|d/iu.test(code));
      } else if (name === 'cellXfs') inCells = true;
      else if (name === 'xf' && inCells) {
        const id = Number(attributes['numFmtId'] ?? 0);
        styles.push(custom.get(id) ?? builtInDate(id));
      }
    },
    text: () => {}, close: (name) => { if (name === 'cellXfs') inCells = false; },
  }));
  return styles;
};

/** A day number as a date, `2024-05-01`; the number itself where it is none. */
const dateText = (value: string, from1904: boolean): string => {
  const days = Number(value);
  // Day 60 of the 1900 system is a 29 February that never was; days before it stand one later.
  if (!Number.isFinite(days) || days < 61 || days > 2_958_465) return value;
  return new Date(Date.UTC(from1904 ? 1904 : 1899, from1904 ? 0 : 11, from1904 ? 1 : 30) + Math.floor(days) * 86_400_000).toISOString().slice(0, 10);
};

/** Column of a reference such as `AB12`, from 0. */
const columnOf = (reference: string): number => {
  let column = 0;
  for (const char of reference) {
    const value = char.charCodeAt(0) - 64;
    if (value < 1 || value > 26) break;
    column = column * 26 + value;
  }
  return column - 1;
};

/** Sheets up to this size are held until their end, where it says which cells are merged. */
const mergeableBytes = 1 << 25;
const mostColumns = 1_000;

/** Gives every cell of a merged block the value that stands in its first one, as people read it. */
const fillMerged = (rows: RawRow[], blocks: readonly string[]): void => {
  const byLine = new Map(rows.map((row) => [row.line, row.cells as string[]]));
  for (const block of blocks) {
    const [from, to] = block.split(':');
    if (!from || !to) continue;
    const [top, bottom] = [Number(/\d+$/u.exec(from)?.[0]), Number(/\d+$/u.exec(to)?.[0])];
    const [left, right] = [columnOf(from), Math.min(columnOf(to), mostColumns)];
    const value = byLine.get(top)?.[left] ?? '';
    if (value === '') continue;
    for (let line = top; line <= Math.min(bottom, top + 100_000); line++) {
      const cells = byLine.get(line);
      if (!cells) continue;
      for (let column = left; column <= right; column++) {
        while (cells.length <= column) cells.push('');
        if (cells[column] === '') cells[column] = value;
      }
    }
  }
};

/**
 * Rows of the first visible sheet of an Excel workbook (ECMA-376). Formulas give the value that was last computed,
 * dates are written `2024-05-01`, errors such as `#N/A` stand as they are, merged blocks are filled.
 * A number with more than 15 digits has lost some in the spreadsheet and is written with `≈` before it, so that no code passes.
 */
export async function* readWorkbook(archive: Uint8Array): AsyncGenerator<Batch<RawRow>> {
  const inside = files(archive);
  if (!inside.has('xl/workbook.xml')) throw new TableFault('tables.workbook', { value: 'xl/workbook.xml' });
  const { path, from1904 } = await firstSheet(archive);
  const strings = inside.has('xl/sharedStrings.xml') ? await sharedStrings(archive) : [];
  const dates = inside.has('xl/styles.xml') ? await dateStyles(archive) : [];

  let rows: RawRow[] = [];
  const merged: string[] = [];
  let line = 0;
  let cells: string[] = [];
  let column = -1;
  let type = '';
  let style = 0;
  let value = '';
  let reading = false;
  let phonetic = 0;
  const cellText = (): string => {
    switch (type) {
      case 's': return strings[Number(value)] ?? '';
      case 'b': return value === '1' ? 'TRUE' : 'FALSE';
      case 'str': case 'inlineStr': case 'e': case 'd': return value;
      default: {
        if (value === '') return '';
        if (dates[style]) return dateText(value, from1904);
        if (/^\d{16,}$/u.test(value) || (/^\d(?:\.\d+)?E\+?1[5-9]$/iu.test(value))) return `≈${Number(value).toFixed(0)}`;
        return /E/iu.test(value) ? String(Number(value)) : value;
      }
    }
  };
  const sheet = readXml(archive, path, {
    open: (name, attributes) => {
      switch (name) {
        case 'row': line = Number(attributes['r'] ?? line + 1); cells = []; column = -1; break;
        case 'c':
          column = attributes['r'] === undefined ? column + 1 : columnOf(attributes['r']);
          type = attributes['t'] ?? 'n';
          style = Number(attributes['s'] ?? 0);
          value = '';
          break;
        case 'rPh': phonetic++; break;
        case 'v': reading = true; break;
        case 't': reading = phonetic === 0; break;
        case 'mergeCell': if (attributes['ref']) merged.push(attributes['ref']); break;
      }
    },
    text: (piece) => { if (reading) value += piece; },
    close: (name) => {
      switch (name) {
        case 'v': case 't': reading = false; break;
        case 'rPh': phonetic--; break;
        case 'c':
          if (column < 0 || column >= mostColumns) break;
          while (cells.length < column) cells.push('');
          cells[column] = cellText();
          break;
        case 'row': if (cells.some((cell) => cell !== '')) rows.push({ line, cells }); break;
      }
    },
  });
  const hold = (inside.get(path) ?? 0) <= mergeableBytes;
  for await (const done of sheet) {
    if (hold || rows.length === 0) continue;
    const batch = rows;
    rows = [];
    yield { rows: batch, done };
  }
  if (hold) fillMerged(rows, merged);
  if (rows.length > 0) yield { rows, done: 1 };
}
