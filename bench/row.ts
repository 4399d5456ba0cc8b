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
  /** Whether the target is met; absent where there is none. */
  readonly met?: boolean;
  /** What else was measured with it, in a few words. */
  readonly note?: string;
}

/** How a measurement is taken. */
export interface Order {
  /** Small sizes, to see that everything runs: such figures are not the real ones. */
  readonly quick: boolean;
  /** The largest sizes as well, where a measurement has them: they take an hour and 60 GB of disk. */
  readonly large: boolean;
  progress(line: string): void;
  readonly signal: AbortSignal;
}

/** Takes one measurement, with whatever processes it needs, and ends them. */
export type Measure = (order: Order) => Promise<Row[]>;

/** The value below which a share of the sorted values lies. */
export const quantile = (values: Iterable<number>, share: number): number => {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const inMs = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
