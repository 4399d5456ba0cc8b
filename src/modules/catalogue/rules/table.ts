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

/** Problems as a refusal carries them: `line:column` and what fills the rule's words. At most `most` of them. */
export const asFieldErrors = (problems: readonly LineProblem[], most = 200): FieldError[] =>
  problems.slice(0, most).map(({ line, column, value, rule }) => ({
    path: `${line}:${column ?? ''}`, reason: rule, params: { line, column: column ?? '', value },
  }));
