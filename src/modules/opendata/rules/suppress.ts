/** How many reports of one kind a village had in a month. */
export interface Counted {
  readonly village: string;
  readonly count: number;
}

/** What is said of it; null where it is suppressed. */
export interface Told {
  readonly village: string;
  readonly count: number | null;
}

export interface Line {
  readonly cells: readonly Told[];
  /** Of the whole county; null where it would give a suppressed cell away. */
  readonly total: number | null;
}

/**
 * Suppresses small counts of one kind in one month. Cells under `smallest` go, and further ones, the smallest first, until
 * the total leaves each suppressed cell any value from 1 to `smallest`; where there are not enough of them the total goes.
 * A village that is not listed had none. The only sums that are published are the totals of such a line, over villages and
 * never over kinds or months, so that no other equation holds a cell (secondary suppression, as Hundepool et al. name it).
 */
export const suppress = (cells: readonly Counted[], smallest: number): Line => {
  const rising = cells.filter(({ count }) => count > 0).sort((a, b) => a.count - b.count || (a.village < b.village ? -1 : 1));
  const all = rising.reduce((sum, { count }) => sum + count, 0);
  let gone = rising.filter(({ count }) => count < smallest).length;
  // With k cells hidden that add up to s, one of them is at most s - k + 1.
  const tooNarrow = (): boolean => gone > 0 && (gone < 2 || rising.slice(0, gone).reduce((sum, { count }) => sum + count, 0) - gone + 1 < smallest);
  while (tooNarrow() && gone < rising.length) gone++;
  const hidesTotal = tooNarrow();
  const small = rising.filter(({ count }) => count < smallest).length;
  const hidden = hidesTotal ? small : gone;
  return {
    cells: rising.map(({ village, count }, at) => ({ village, count: at < hidden ? null : count })).sort((a, b) => (a.village < b.village ? -1 : 1)),
    total: hidesTotal ? null : all,
  };
};
