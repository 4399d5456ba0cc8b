import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { suppress } from '../../src/modules/opendata/index.ts';

const line = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 8 }).map((counts) => counts.map((count, at) => ({ village: `v${at}`, count })));

/** Values that a hidden cell may have for somebody who takes the shown ones from the total: all that leave the others at least 1. */
const possible = (told: ReturnType<typeof suppress>): number => {
  const hidden = told.cells.filter(({ count }) => count === null).length;
  const rest = told.total === null ? Infinity : told.total - told.cells.reduce((sum, { count }) => sum + (count ?? 0), 0);
  return hidden === 1 && rest !== Infinity ? 1 : rest - hidden + 1;
};

describe('small cells', () => {
  test('no count under the smallest is told, and no difference of total and cells tells one', () => {
    fc.assert(fc.property(line, fc.integer({ min: 2, max: 6 }), (cells, smallest) => {
      const told = suppress(cells, smallest);
      for (const { count } of told.cells) expect(count === null || count >= smallest).toBe(true);
      if (told.cells.some(({ count }) => count === null)) expect(possible(told)).toBeGreaterThanOrEqual(smallest);
      // What is told is true.
      for (const { village, count } of told.cells) if (count !== null) expect(cells.find((one) => one.village === village)!.count).toBe(count);
      if (told.total !== null) expect(told.total).toBe(cells.reduce((sum, { count }) => sum + count, 0));
    }));
  });
  test('a single small cell takes the next smallest with it', () => {
    expect(suppress([{ village: 'a', count: 2 }, { village: 'b', count: 9 }, { village: 'c', count: 30 }], 5))
      .toEqual({ cells: [{ village: 'a', count: null }, { village: 'b', count: null }, { village: 'c', count: 30 }], total: 41 });
  });
  test('two of one each hide a third, or their sum would say that each is one', () => {
    expect(suppress([{ village: 'a', count: 1 }, { village: 'b', count: 1 }, { village: 'c', count: 8 }], 5).cells.map(({ count }) => count)).toEqual([null, null, null]);
  });
  test('where there is nothing to hide behind the total goes, and nothing is hidden that need not be', () => {
    expect(suppress([{ village: 'a', count: 3 }], 5)).toEqual({ cells: [{ village: 'a', count: null }], total: null });
    expect(suppress([{ village: 'a', count: 5 }, { village: 'b', count: 6 }], 5).total).toBe(11);
  });
});
