import type { FieldError } from '../../../base/result.ts';

/** Where in a file something stands: its place in `features`, and the line it begins on. */
export interface Where {
  readonly index: number;
  readonly line: number;
}

/** Gathers what is wrong with an import: counts everything, keeps the first so many. */
export class Faults {
  readonly #kept: FieldError[] = [];
  readonly #most: number;
  total = 0;

  constructor(most = 200) {
    this.#most = most;
  }

  /** @param where null for what is not in the file but in the table already */
  add(where: Where | null, reason: string, params: Readonly<Record<string, string | number>> = {}): void {
    this.total++;
    if (this.#kept.length < this.#most)
      this.#kept.push({ path: where ? `/features/${where.index}` : '/', reason, params: { line: where?.line ?? '–', ...params } });
  }

  get list(): readonly FieldError[] {
    return this.#kept;
  }
}
