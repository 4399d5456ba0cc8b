import type { ProblemKind } from '../contract.ts';
import type { LineProblem } from '../rules/record.ts';

/** Lines that are named of each kind, and different values that are counted. */
const namedOfEach = 50;
const valuesOfEach = 2_000;
const valuesShown = 200;
/** Problems that a mapping can mend by saying what a word means here. */
const mendable = new Set(['history.state', 'history.code', 'history.unit', 'history.place']);

/** Gathers what is wrong by its kind, so that a million lines with the same fault are one line of a report. */
export class Problems {
  readonly #kinds = new Map<string, { readonly rule: string; readonly field: string; readonly column: string; readonly level: 'refused' | 'noticed'; count: number; readonly lines: { line: number; value: string }[]; readonly values: Map<string, number> }>();

  /** @param titleOf what the file calls a field */
  add(problems: readonly LineProblem[], titleOf: (field: string) => string): void {
    for (const { rule, field, level, line, value } of problems) {
      const key = `${rule} ${field}`;
      let kind = this.#kinds.get(key);
      if (!kind) this.#kinds.set(key, kind = { rule, field, column: titleOf(field), level, count: 0, lines: [], values: new Map() });
      kind.count++;
      if (kind.lines.length < namedOfEach) kind.lines.push({ line, value });
      if (!mendable.has(rule)) continue;
      const before = kind.values.get(value);
      if (before !== undefined || kind.values.size < valuesOfEach) kind.values.set(value, (before ?? 0) + 1);
    }
  }

  /** Those that refuse rows first, then the most frequent. */
  all(): ProblemKind[] {
    return [...this.#kinds.values()].sort((a, b) => (a.level === b.level ? b.count - a.count : a.level === 'refused' ? -1 : 1))
      .map(({ values, ...kind }) => ({ ...kind, values: [...values].sort(([, a], [, b]) => b - a).slice(0, valuesShown).map(([value, count]) => ({ value, count })) }));
  }
}
