import { randomUUID } from 'node:crypto';
import { drive } from '../../client.ts';
import { inHouse, type House } from '../../house.ts';
import { otherCounties } from '../../prepare.ts';
import { median, type Measure, type Order, type Row } from '../../row.ts';

const widths = [8, 32, 64];

/** Best of three widths of one run of a server. */
const best = async (port: number, seconds: number, request: (n: number) => { path: string; headers: string; body: string }): Promise<number> => {
  let most = 0;
  for (const width of widths) {
    const { perSecond } = await drive(port, width, seconds / widths.length, async (connection, n) => {
      const { path, headers, body } = request(n);
      const { status, body: answer } = await connection.request('POST', path, headers, body);
      if (status !== 201) throw new Error(`bench: ${path} answered ${status} ${answer.slice(0, 200)}`);
    });
    most = Math.max(most, perSecond);
  }
  return most;
};

/**
 * Intake over HTTP: durable, validated, authorised, ledgered, against a bare Fastify route whose handler inserts two rows
 * in one statement. Each is given its best of 8, 32 and 64 connections; median of five alternating runs.
 */
export const intake: Measure = (order) => inHouse(order.progress, (house) => measure(house, order));

const measure = async (house: House, { quick, progress }: Order): Promise<Row[]> => {
  const [seconds, rounds] = quick ? [0.9, 1] : [6, 5];
  await house.owner.query('create table if not exists bench_one (id uuid primary key, body jsonb not null)');
  await house.owner.query('create table if not exists bench_two (id uuid primary key, one uuid not null)');
  await house.owner.query('grant insert on bench_one, bench_two to lamplight_app');
  const rows: Row[] = [];
  for (const counties of [1, 100]) {
    progress(`bench: intake, ${counties} counties`);
    const town = await house.serve('town', { BENCH_COUNTIES: String(counties) });
    const raw = await house.serve('raw');
    const headers = `authorization: Bearer ${town.said['collector']!}\r\n`;
    const names = ['330281', ...otherCounties(counties - 1)];
    const ours = (n: number) => {
      const county = names[n % names.length]!;
      const at = county === '330281' ? { lng: 121.0221 + (n % 97) * 0.0002, lat: 30.1612 + (n % 89) * 0.0002 } : { lng: 90 + (Number(county) - 900_000) * 0.1 + 0.02, lat: 30.02 };
      return { path: '/api/matters', headers, body: JSON.stringify({ kind: 'case', county, op: randomUUID(), input: { text: '第三盏灯不亮，晚上很黑。', ...at, channel: 'field' } }) };
    };
    const pair = (n: number) => ({ path: '/pair', headers: '', body: JSON.stringify({ id: randomUUID(), op: randomUUID(), text: '第三盏灯不亮，晚上很黑。', lng: 121 + n * 1e-6, lat: 30 }) });
    const [a, b]: [number[], number[]] = [[], []];
    await best(town.port, seconds, ours);
    await best(raw.port, seconds, pair);
    for (let round = 0; round < rounds; round++) {
      a.push(await best(town.port, seconds, ours));
      b.push(await best(raw.port, seconds, pair));
    }
    await town.stop();
    await raw.stop();
    const ratio = median(a.map((value, i) => value / b[i]!));
    rows.push({ name: `intake over HTTP, ${counties === 1 ? '1 county' : '100 counties mixed'}`, figure: median(a), unit: 'reports/s', anchor: median(b), ratio, target: '≥ 1.0 of the raw pair', met: ratio >= 1 });
  }
  return rows;
};
