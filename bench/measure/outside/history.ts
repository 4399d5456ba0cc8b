import { inHouse } from '../../house.ts';
import type { Measure } from '../../row.ts';

/**
 * A table of another system brought in by the module itself, checked first and then written as matters with their entries: with nobody
 * else at work, and (the note) until the ledger has ordered and signed all of it.
 */
export const history: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  const rows = quick ? 20_000 : 1_000_000;
  progress(`bench: a table of ${rows.toLocaleString('en')} rows`);
  const { said } = await house.serve('history', { BENCH_ROWS: String(rows) }).then(async (served) => { await served.stop(); return served; });
  const [checked, landed, ordered] = [Number(said['checkedMs']), Number(said['landedMs']), Number(said['orderedMs'])];
  const [a, b] = [rows / landed * 1_000, rows / (checked + landed) * 1_000];
  const whole = said['added'] === String(rows) && said['refused'] === '0' && said['noticed'] === '0';
  if (!whole) throw new Error(`bench: ${said['added']} of ${rows} rows were taken in, ${said['refused']} refused, ${said['noticed']} noticed`);
  return [
    { name: `import of ${rows.toLocaleString('en')} rows, written`, figure: a, unit: 'rows/s', target: '≥ 10,000', met: a >= 10_000, note: `each a matter with three texts and an entry; ${(landed / 1_000).toFixed(0)} s, ${(Number(said['cpuMs']) / rows * 1_000).toFixed(0)} µs of the importing process's own time for each; ${said['bytes']} MB of table` },
    { name: `import of ${rows.toLocaleString('en')} rows, checked and written`, figure: b, unit: 'rows/s', target: '≥ 10,000', met: b >= 10_000, note: `the check ${(checked / 1_000).toFixed(0)} s; ordered and signed ${(ordered / 1_000).toFixed(0)} s after the last row` },
  ];
});
