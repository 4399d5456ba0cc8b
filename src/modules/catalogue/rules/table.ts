import type { FieldError } from '../../../base/result.ts';
import type { LimitSetting } from './limits.ts';
import { readRow, type LineProblem, type StandardField } from './rows.ts';
import type { StandardRow } from './standards.ts';

/** A line of the file by the names of its fields, with what is wrong with its characters. */
export interface TableLine {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
  readonly faults: readonly { readonly field: string; readonly value: string; readonly rule: string }[];
}

/** Takes lines one after the other and says in the end what table they make. */
export class TableReading {
  readonly rows: StandardRow[] = [];
  /** Why lines were not taken; a table with any is refused whole. */
  readonly errors: LineProblem[] = [];
  /** Rows that were taken without a limit. */
  readonly notUnderstood: LineProblem[] = [];
  readonly #lines = new Map<string, StandardRow>();
  readonly #setting: LimitSetting;

  constructor(setting: LimitSetting) {
    this.#setting = setting;
  }

  take({ line, values, faults }: TableLine): void {
    if (faults.length > 0) {
      this.errors.push(...faults.map(({ field, value, rule }) => ({ line, column: field, value, rule })));
      return;
    }
    const read = readRow(line, values as Partial<Record<StandardField, string>>, this.#setting);
    if ('errors' in read) {
      this.errors.push(...read.errors);
      return;
    }
    const before = this.#lines.get(read.row.key);
    if (before) {
      this.errors.push({ line, column: 'openCondition', value: `${read.row.code} ${read.row.openCondition}`.slice(0, 80), rule: 'catalogue.duplicate' });
      return;
    }
    this.#lines.set(read.row.key, read.row);
    this.rows.push(read.row);
    if (read.open) this.notUnderstood.push(read.open);
  }
}

/** What a new table changes in the one before, by key. */
export interface TableChanges {
  readonly added: number;
  readonly removed: number;
  /** Rows whose limit, handler or closing condition is another. */
  readonly changed: number;
}

export const changesOf = (before: readonly StandardRow[], after: readonly StandardRow[]): TableChanges => {
  const known = new Map(before.map((row) => [row.key, row]));
  let added = 0;
  let changed = 0;
  for (const row of after) {
    const old = known.get(row.key);
    known.delete(row.key);
    if (!old) added++;
    else if (old.limitText !== row.limitText || old.limit?.unit !== row.limit?.unit || old.handler !== row.handler || old.closeCondition !== row.closeCondition) changed++;
  }
  return { added, removed: known.size, changed };
};

/** Fields in which a row may differ from another version's. */
export const comparedFields = ['majorName', 'minorName', 'closeCondition', 'limitText', 'handler', 'authority'] as const;
export type ComparedField = (typeof comparedFields)[number];

/** A row that is new, gone or other than in another version. */
export interface RowChange {
  readonly key: string;
  readonly code: string;
  readonly name: string;
  readonly condition: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** What is other; of a new row or one that is gone, its limit and handler. */
  readonly fields: readonly { readonly field: ComparedField; readonly before: string | null; readonly after: string | null }[];
}

/** Row by row what a table changes over another, in the order of the new one; rows that are gone at the end. */
export const rowChanges = (before: readonly StandardRow[], after: readonly StandardRow[]): RowChange[] => {
  const known = new Map(before.map((row) => [row.key, row]));
  const head = (row: StandardRow) => ({ key: row.key, code: row.code, name: row.minorName, condition: row.openCondition });
  const said = (row: StandardRow, side: 'before' | 'after') => (['limitText', 'handler'] as const).map((field) => ({ field, before: side === 'before' ? row[field] : null, after: side === 'after' ? row[field] : null }));
  const found: RowChange[] = [];
  for (const row of after) {
    const old = known.get(row.key);
    known.delete(row.key);
    if (!old) { found.push({ ...head(row), change: 'added', fields: said(row, 'after') }); continue; }
    const fields = comparedFields.filter((field) => old[field] !== row[field]).map((field) => ({ field, before: old[field], after: row[field] }));
    if (fields.length > 0) found.push({ ...head(row), change: 'changed', fields });
  }
  return [...found, ...[...known.values()].map((row) => ({ ...head(row), change: 'removed' as const, fields: said(row, 'before') }))];
};

/** Problems as a refusal carries them: `line:column` and what fills the rule's words. At most `most` of them. */
export const asFieldErrors = (problems: readonly LineProblem[], most = 200): FieldError[] =>
  problems.slice(0, most).map(({ line, column, value, rule }) => ({
    path: `${line}:${column ?? ''}`, reason: rule, params: { line, column: column ?? '', value },
  }));
