import { Connection } from '../../client.ts';
import { loadHistory } from '../../history.ts';
import { inHouse, type House } from '../../house.ts';
import { inMs, quantile, type Measure, type Row } from '../../row.ts';

const county = '330281';
const path = '/open311/v2/requests';

/** What clients ask for, by what it is called in the table. */
const asks: readonly (readonly [name: string, query: string])[] = [
  ['newest 100', '.json?page_size=100'],
  ['newest 100 as XML', '.xml?page_size=100'],
  ['newest 1,000', '.json'],
  ['open, 100', '.json?status=open&page_size=100'],
  ['one service, 100', '.json?service_code=streetlight&page_size=100'],
  ['one service, closed, 1,000', '.json?service_code=streetlight&status=closed'],
  ['pages 900 to 1,000', '.json?page_size=100&page=10'],
  ['near a point', '.json?lat=30.17&long=121.03&radius=300&page_size=100'],
];

interface Taken {
  readonly ms: readonly number[];
  readonly items: number;
  readonly kilobytes: number;
}

const read = async (connection: Connection, token: string, query: string, count: number): Promise<Taken> => {
  const ms: number[] = [];
  let [items, kilobytes] = [0, 0];
  for (let n = -count / 5; n < count; n++) {
    const begin = performance.now();
    const { status, body } = await connection.request('GET', `${path}${query}`, `authorization: Bearer ${token}\r\n`);
    if (n >= 0) ms.push(performance.now() - begin);
    if (status !== 200) throw new Error(`bench: ${query} answered ${status} ${body.slice(0, 200)}`);
    items = query.startsWith('.xml') ? body.split('<request>').length - 1 : (JSON.parse(body) as unknown[]).length;
    kilobytes = Buffer.byteLength(body) / 1_000;
  }
  return { ms, items, kilobytes };
};

const measureAt = async (house: House, count: number): Promise<Map<string, Taken>> => {
  await house.settle();
  const town = await house.serve('town');
  const connection = await Connection.open(town.port);
  const taken = new Map<string, Taken>();
  for (const [name, query] of asks) taken.set(name, await read(connection, town.said['collector']!, query, count));
  connection.close();
  await town.stop();
  return taken;
};

/** The public list of the Open311 end over many matters, against the same over a tenth of them. */
export const open311: Measure = ({ quick, progress }) => inHouse(progress, async (house) => {
  await (await house.serve('town')).stop();
  const keys = (await house.owner.query<{ key: string }>('select key from standards_row where county = $1 order by line', [county])).map(({ key }) => key);
  const [few, many] = quick ? [2_000, 20_000] : [100_000, 1_000_000];
  const count = quick ? 20 : 200;
  await loadHistory(house.owner, county, keys, 0, few, progress);
  progress(`bench: Open311 over ${few.toLocaleString('en')} matters`);
  const before = await measureAt(house, count);
  await loadHistory(house.owner, county, keys, few, many, progress);
  progress(`bench: Open311 over ${many.toLocaleString('en')} matters`);
  const after = await measureAt(house, count);
  return asks.map(([name]): Row => {
    const [one, anchor] = [after.get(name)!, before.get(name)!];
    const [a, b] = [quantile(one.ms, 0.95), quantile(anchor.ms, 0.95)];
    return {
      name: `Open311 requests, ${name}, ${many.toLocaleString('en')} matters`, figure: a, unit: 'ms p95', anchor: b, ratio: a / b, target: 'p95 < 50 ms', met: a < 50,
      note: `p50 ${inMs(quantile(one.ms, 0.5))}, ${one.items} requests, ${Math.round(one.kilobytes)} KB; anchor: ${few.toLocaleString('en')} matters`,
    };
  });
});
