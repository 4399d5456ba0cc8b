import { parse, type CsvError } from 'csv-parse';
import { decode, detectEncoding, type Encoding } from './encoding.ts';
import { breathe, firstOf, TableFault, type Batch, type Pieces, type RawRow, type TableFormat } from './table.ts';

/** The sign between cells: of which the first line that has any has most. A heading above the titles may have none. */
const separatorOf = (head: string): string => {
  const line = head.slice(0, 20_000).split(/\r?\n/u).find((text) => /[\t,;，]/u.test(text)) ?? '';
  const counts = ['\t', ',', ';', '，'].map((sign) => [sign, line.split(sign).length] as const);
  return counts.reduce((best, next) => (next[1] > best[1] ? next : best))[0];
};

const maxCell = 100_000;

/**
 * Rows of a text with separators. Quotes as RFC 4180 has them; in a text with tabs a quote inside a cell is a quote.
 * No more than a piece of the file is in memory, whatever its length.
 * @throws TableFault with the line.
 */
export async function* readSeparated(pieces: Pieces): AsyncGenerator<Batch<RawRow> & { readonly format: TableFormat; readonly encoding: Encoding }> {
  const encoding = await detectEncoding(pieces);
  const delimiter = separatorOf(new TextDecoder(encoding).decode((await firstOf(pieces)).subarray(0, 65_536)));
  const format = delimiter === '\t' ? 'tsv' : 'csv';

  let rows: RawRow[] = [];
  // Counted here: csv-parse counts a line end of two signs inside quotes twice.
  let line = 1;
  const parser = parse({
    delimiter, relax_column_count: true, relax_quotes: format === 'tsv', max_record_size: maxCell, record_delimiter: ['\r\n', '\n'],
    // Nothing is pushed on: a stream that carried records would cost more than reading them.
    on_record: (record: string[]) => {
      if (record.length > 1 || record[0] !== '') rows.push({ line, cells: record });
      line++;
      for (const cell of record) for (let at = cell.indexOf('\n'); at >= 0; at = cell.indexOf('\n', at + 1)) line++;
      return null;
    },
  });
  const fault = (error: Error): TableFault =>
    new TableFault((error as Partial<CsvError>).code === 'CSV_MAX_RECORD_SIZE' ? 'tables.too_long' : 'tables.quotes', { line });
  // The same error comes by the callback; without a listener it would end the process.
  parser.on('error', () => {});
  const give = (text: string): Promise<void> => new Promise((resolve, reject) => {
    parser.write(text, (error) => (error ? reject(fault(error)) : resolve()));
  });
  const end = (): Promise<void> => new Promise((resolve, reject) => {
    parser.once('error', (error) => reject(fault(error)));
    parser.once('end', resolve);
    parser.end();
    parser.resume();
  });
  try {
    for await (const { text, read } of decode(pieces, encoding)) {
      await give(text);
      const batch = rows;
      rows = [];
      if (batch.length > 0) yield { rows: batch, done: read / pieces.size, format, encoding };
      await breathe();
    }
    await end();
    if (rows.length > 0) yield { rows, done: 1, format, encoding };
  } finally {
    parser.destroy();
  }
}
