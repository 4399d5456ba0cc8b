import type { ProblemKind } from '../contract.ts';
import type { LineProblem } from '../rules/record.ts';

/** Lines that are named of each kind. */
const namedOfEach = 50;

/** Gathers what is wrong by its kind, so that a million lines with the same fault are one line of a report. */
export class Problems {
  readonly #kinds = new Map<string, { rule: string; column: string; level: 'refused' | 'noticed'; count: number; lines: { line: number; value: string }[] }>();

  /** @param titleOf what the file calls a field */
  add(problems: readonly LineProblem[], titleOf: (field: string) => string): void {
    for (const { rule, field, level, line, value } of problems) {
      const key = `${rule} ${field}`;
      let kind = this.#kinds.get(key);
      if (!kind) this.#kinds.set(key, kind = { rule, column: titleOf(field), level, count: 0, lines: [] });
      kind.count++;
      if (kind.lines.length < namedOfEach) kind.lines.push({ line, value });
    }
  }

  /** Those that refuse rows first, then the most frequent. */
  all(): ProblemKind[] {
    return [...this.#kinds.values()].sort((a, b) => (a.level === b.level ? b.count - a.count : a.level === 'refused' ? -1 : 1));
  }
}
