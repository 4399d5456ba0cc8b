/** One line of a bench table: our figure, the anchor's of the same run where there is one, and how ours stands to it. */
export interface Row {
  readonly name: string;
  readonly figure: number;
  readonly unit: string;
  /** What the figure is held against: another program's in the same run, or a published one. */
  readonly anchor?: number;
  readonly ratio?: number;
  /** The target, as people write it. */
  readonly target?: string;
}

/** The value below which a share of the sorted values lies. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);
