import { Connection } from '../../client.ts';
import type { House } from '../../house.ts';
import { inMs, quantile, type Row } from '../../row.ts';
import { amongMatters } from '../../sizes.ts';

const county = '330281';

/** Milliseconds of a page of a box, one after the other on one connection, without the first ones. */
export const read = async (connection: Connection, token: string, box: string, count: number): Promise<{ ms: number[]; items: number }> => {
  const ms: number[] = [];
  let items = 0;
  for (let n = -count / 5; n < count; n++) {
    const begin = performance.now();
    const { status, body } = await connection.request('GET', `/api/matters?box=${box}`, `authorization: Bearer ${token}\r\n`);
    if (n >= 0) ms.push(performance.now() - begin);
    if (status !== 200) throw new Error(`bench: the box ${box} answered ${status} ${body.slice(0, 200)}`);
    items = (JSON.parse(body) as { items: unknown[] }).items.length;
  }
  return { ms, items };
};

export const measureAt = async (house: House, size: number, count: number): Promise<Row[]> => {
  const town = await house.serve('town');
  const connection = await Connection.open(town.port);
  const rows: Row[] = [];
  for (const box of ['todo', 'all', 'ended']) {
    const wide = await read(connection, town.said['dispatcher']!, box, count);
    const narrow = await read(connection, town.said['gridworker']!, box, count);
    const [a, b] = [quantile(wide.ms, 0.95), quantile(narrow.ms, 0.95)];
    rows.push({
      name: `inbox page, ${box}, ${size.toLocaleString('en')} matters`, figure: a, unit: 'ms p95', anchor: b, ratio: Math.max(a / b, b / a),
      target: 'p95 < 20 ms both, within 1.5', met: Math.max(a, b) < 20 && Math.max(a / b, b / a) <= 1.5,
      note: `dispatcher p50 ${inMs(quantile(wide.ms, 0.5))}, ${wide.items} rows; one village (anchor) p50 ${inMs(quantile(narrow.ms, 0.5))}, ${narrow.items} rows`,
    });
  }
  connection.close();
  await town.stop();
  return rows;
};

/** A page of a box with its counts, as a dispatcher of the county and as a grid worker of one village of it. */
export const inbox = amongMatters('inbox', county, false, (house, size, quick) => measureAt(house, size, quick ? 40 : 400));
