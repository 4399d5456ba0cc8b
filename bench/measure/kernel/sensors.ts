import { inHouse } from '../../house.ts';
import { median, type Measure } from '../../row.ts';

/** Readings of devices, durable and judged by rules, against the same rows by a bare COPY in the same run; median of rounds in turn. */
export const sensors: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  const [devices, rounds] = quick ? [4_000, 4] : [20_000, 15];
  progress(`bench: ${devices.toLocaleString('en')} devices, ${rounds} rounds`);
  const { said } = await house.serve('sensors', { BENCH_DEVICES: String(devices), BENCH_ROUNDS: String(rounds) }).then(async (served) => { await served.stop(); return served; });
  const [ours, copies] = [median(JSON.parse(said['ours']!) as number[]), median(JSON.parse(said['copies']!) as number[])];
  if (said['kept'] !== String(devices * rounds)) throw new Error(`bench: ${said['kept']} of ${devices * rounds} readings were kept`);
  const [a, b] = [devices / ours * 1_000, devices / copies * 1_000];
  return [{ name: `readings of ${devices.toLocaleString('en')} devices, with rules`, figure: a, unit: 'readings/s', anchor: b, ratio: a / b, target: '≥ 20,000', met: a >= 20_000, note: `anchor: the same rows by COPY; ${said['alarms']} alarms opened and ended meanwhile` }];
});
