import { loadHistory } from './history.ts';
import { inHouse, type House } from './house.ts';
import type { Measure, Row } from './row.ts';

/**
 * Measures the same among 100,000 and among a million matters of the demo's county (2,000 and 10,000 with `--quick`), which one
 * house is loaded with in turn.
 * @param name what the progress says is measured
 */
export const amongMatters = (name: string, county: string, measureAt: (house: House, size: number, quick: boolean, progress: (line: string) => void) => Promise<Row[]>): Measure =>
  ({ quick, progress }) => inHouse(progress, async (house) => {
    const rows: Row[] = [];
    let loaded = 0;
    for (const size of quick ? [2_000, 10_000] : [100_000, 1_000_000]) {
      const first = await house.serve('town');
      const { row } = first.said;
      await first.stop();
      await loadHistory(house.owner, county, row!, loaded, size, progress);
      loaded = size;
      progress(`bench: ${name} at ${size.toLocaleString('en')} matters`);
      rows.push(...await measureAt(house, size, quick, progress));
    }
    return rows;
  });
