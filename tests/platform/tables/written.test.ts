import { expect, test } from 'vitest';
import fc from 'fast-check';
import { readWorkbook } from '../../../src/platform/tables/workbook.ts';
import { writeTable, type Cell, type WrittenFormat } from '../../../src/platform/tables/written.ts';

async function* inBatches(rows: readonly (readonly Cell[])[], size = 3): AsyncGenerator<readonly (readonly Cell[])[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
}
const written = async (format: WrittenFormat, columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeTable(format, { columns, batches: inBatches(rows), offsetMinutes: 480 })) pieces.push(piece);
  return Buffer.concat(pieces);
};
const read = async (bytes: Uint8Array): Promise<(readonly string[])[]> => {
  const rows: (readonly string[])[] = [];
  for await (const batch of readWorkbook(bytes)) rows.push(...batch.rows.map(({ cells }) => cells));
  return rows;
};

const at = Date.parse('2026-11-24T09:30:00+08:00');

test('a CSV file begins with the mark that Excel looks for, and shows moments in the table\'s own time', async () => {
  const text = (await written('csv', ['编号', '截止时间'], [['7', { at }], [null, 3]])).toString('utf8');
  expect(text).toBe('\uFEFF编号,截止时间\r\n7,2026-11-24 09:30\r\n,3\r\n');
});

test('what a spreadsheet would compute stays a text in both formats', async () => {
  const formulas = ['=HYPERLINK("http://x","y")', '+1-1', '@SUM(1)', '-cmd|calc', '＝1', '\t=1'];
  const csv = (await written('csv', ['x'], formulas.map((text) => [text]))).toString('utf8');
  for (const line of csv.slice(1).trim().split('\r\n').slice(1)) expect(line.replace(/^"/u, '').startsWith('\''), line).toBe(true);
  const workbook = await written('xlsx', ['x'], formulas.map((text) => [text]));
  expect(await read(workbook)).toEqual([['x'], ...formulas.map((text) => [text])]);
});

test('a workbook holds any text as it is, but for signs that XML has no place for', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 20 }), { minLength: 2, maxLength: 2 }), { maxLength: 8 }), async (rows) => {
    // A line end is kept as XML reads it; an empty cell or row is not there.
    const kept = (text: string): string => text.toWellFormed().replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gu, '').replace(/\r\n?/gu, '\n');
    const wanted = rows.map((row) => row.map(kept)).filter((row) => row.some((text) => text !== ''));
    const found = (await read(await written('xlsx', ['a', 'b'], rows))).slice(1);
    expect(found.map((row) => [row[0] ?? '', row[1] ?? ''])).toEqual(wanted);
  }), { numRuns: 60 });
});

test('moments of a workbook are days that a spreadsheet can sort', async () => {
  expect(await read(await written('xlsx', ['when', 'n'], [[{ at }, 12.5]]))).toEqual([['when', 'n'], ['2026-11-24', '12.5']]);
});

test('a table is written while it is read: no row is asked for before the one before has gone out', async () => {
  for (const format of ['csv', 'xlsx'] as const) {
    let asked = 0;
    async function* endless(): AsyncGenerator<readonly (readonly Cell[])[]> {
      for (;;) yield [[`row ${++asked}`]];
    }
    const writer = writeTable(format, { columns: ['x'], batches: endless(), offsetMinutes: 480 });
    for (let n = 0; n < 5; n++) await writer.next();
    expect(asked).toBeLessThan(1_000);
    await writer.return(undefined);
  }
});
