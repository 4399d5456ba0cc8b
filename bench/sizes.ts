import { loadHistory } from './history.ts';
import { inHouse, type House } from './house.ts';
import type { Measure, Order, Row } from './row.ts';

const sizesOf = ({ quick, large }: Order): number[] => (quick ? [2_000, 10_000] : large ? [1_000_000, 10_000_000] : [100_000, 1_000_000]);

/**
 * Measures the same among 100,000 and among a million matters of the demo's county (2,000 and 10,000 with `--quick`, one and ten
 * million with `--large`), which one house is loaded with in turn.
 * @param name what the progress says is measured
 * @param bare matters and their texts alone, for what reads nothing else
 */
export const amongMatters = (name: string, county: string, bare: boolean, measureAt: (house: House, size: number, quick: boolean, progress: (line: string) => void) => Promise<Row[]>): Measure =>
  (order) => inHouse(order.progress, async (house) => {
    const { quick, progress } = order;
    const rows: Row[] = [];
    let loaded = 0;
    for (const size of sizesOf(order)) {
      const first = await house.serve('town');
      const { row } = first.said;
      await first.stop();
      await loadHistory(house.owner, county, row!, loaded, size, progress, bare);
      loaded = size;
      progress(`bench: ${name} at ${size.toLocaleString('en')} matters`);
      rows.push(...await measureAt(house, size, quick, progress));
    }
    return rows;
  });
