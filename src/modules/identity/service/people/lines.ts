import { createHash } from 'node:crypto';
import { refuse, type FieldError, type Refusal } from '../../../../base/result.ts';
import { openTable, type Field } from '../../../../platform/tables/records.ts';
import { TableFault, type TableSource } from '../../../../platform/tables/table.ts';

/** Lines with errors that are named; reading goes on no further. */
const mostProblems = 1_000;

/** What is wrong with one value; `column` is the name of its field, null for the line or the file as a whole. */
export interface LineProblem {
  readonly line: number;
  readonly column: string | null;
  readonly value: string;
  /** Reason code; its words are in `data/texts/reasons`. */
  readonly rule: string;
}

/** Notes what is wrong with a value of the line that is being read. */
export type Wrong = (column: string, rule: string, value?: string) => void;

/** A file read to its end, with whatever was wrong in it. */
export interface ReadLines<T> {
  readonly rows: readonly T[];
  readonly problems: LineProblem[];
  readonly ignored: readonly string[];
  readonly digest: string;
  /** What the file itself calls its columns. */
  readonly titles: Readonly<Record<string, string>>;
}

/** Reads every line of a table by `take`, which says what is wrong with a line and then returns nothing. */
export const readLines = async <T>(
  source: TableSource, fields: readonly Field[],
  take: (line: number, values: Readonly<Record<string, string>>, wrong: Wrong) => T | undefined,
  onProgress?: (progress: { readonly rows: number; readonly done: number }) => void,
): Promise<ReadLines<T>> => {
  const problems: LineProblem[] = [];
  const rows: T[] = [];
  let seen = 0;
  let ignored: readonly string[] = [];
  let titles: Readonly<Record<string, string>> = {};
  try {
    const { head, records } = openTable(source, fields);
    titles = head.titles;
    ignored = head.ignored;
    for await (const { rows: batch, done } of records) {
      for (const { line, values, faults } of batch) {
        seen++;
        if (faults.length > 0) {
          problems.push(...faults.map(({ field, value, rule }) => ({ line, column: field, value, rule })));
          continue;
        }
        const row = take(line, values, (column, rule, value = (values[column] ?? '').slice(0, 80)) => void problems.push({ line, column, value, rule }));
        if (row !== undefined) rows.push(row);
      }
      if (problems.length >= mostProblems) break;
      onProgress?.({ rows: seen, done });
    }
    if (seen === 0) problems.push({ line: 1, column: null, value: '', rule: 'tables.empty' });
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
    problems.push({ line: error.line ?? 1, column: error.column, value: error.value, rule: error.rule });
  }
  return { rows, problems, ignored, titles, digest: createHash('sha256').update(source.bytes).digest('hex') };
};

/** Nothing was written; every problem names its line and its column as the file calls it. Up to a thousand are listed. */
export const refusedLines = ({ problems, titles }: Pick<ReadLines<unknown>, 'problems' | 'titles'>): Refusal => {
  const sorted = problems.toSorted((a, b) => a.line - b.line);
  const errors: FieldError[] = sorted.slice(0, mostProblems).map(({ line, column, value, rule }) => {
    const title = column === null ? '' : (titles[column] ?? column);
    return { path: `${line}:${title}`, reason: rule, params: { line, column: title, value } };
  });
  return refuse(422, 'identity.import', { count: problems.length, line: sorted[0]?.line ?? 0 }, errors);
};
