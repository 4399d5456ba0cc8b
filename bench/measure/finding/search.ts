import { Connection } from '../../client.ts';
import type { House } from '../../house.ts';
import { inMs, quantile, type Row } from '../../row.ts';
import { amongMatters } from '../../sizes.ts';
import { indexHistory, rareWords } from '../../terms.ts';

const county = '330281';

/** What people look for, by what it is called in the table. */
const asks: readonly (readonly [name: string, typed: string])[] = [
  ['the commonest word', '垃圾'], ['a word of ten matters', rareWords], ['two common words', '垃圾 味道'], ['a word that nobody said', '独角兽'],
];

const read = async (connection: Connection, token: string, typed: string, count: number): Promise<{ ms: number[]; items: number }> => {
  const ms: number[] = [];
  let items = 0;
  for (let n = -count / 5; n < count; n++) {
    const begin = performance.now();
    const { status, body } = await connection.request('GET', `/api/search?q=${encodeURIComponent(typed)}`, `authorization: Bearer ${token}\r\n`);
    if (n >= 0) ms.push(performance.now() - begin);
    if (status === 429) throw new Error('bench: search is asked more often than one account may');
    if (status !== 200) throw new Error(`bench: searching ${typed} answered ${status} ${body.slice(0, 200)}`);
    items = (JSON.parse(body) as { items: unknown[] }).items.length;
  }
  return { ms, items };
};

const measureAt = async (house: House, size: number, count: number): Promise<Row[]> => {
  const town = await house.serve('town');
  const connection = await Connection.open(town.port);
  const rows: Row[] = [];
  for (const [name, typed] of asks) {
    const wide = await read(connection, town.said['dispatcher']!, typed, count);
    const narrow = await read(connection, town.said['gridworker']!, typed, count);
    const [a, b] = [quantile(wide.ms, 0.95), quantile(narrow.ms, 0.95)];
    rows.push({
      name: `search, ${name}, ${size.toLocaleString('en')} matters`, figure: a, unit: 'ms p95', anchor: b, ratio: Math.max(a / b, b / a), target: 'p95 < 20 ms both', met: Math.max(a, b) < 20,
      note: `dispatcher p50 ${inMs(quantile(wide.ms, 0.5))}, ${wide.items} rows; one village (anchor) p50 ${inMs(quantile(narrow.ms, 0.5))}, ${narrow.items} rows`,
    });
  }
  connection.close();
  await town.stop();
  const [disk] = await house.owner.query<{ bytes: string; blocks: number; filled: number }>(
    `select pg_total_relation_size('finding_term') + pg_total_relation_size('finding_block') + pg_total_relation_size('finding_matter') as bytes, (select count(*)::int from finding_block) as blocks, (select avg(cardinality(plain) + cardinality(personal))::float8 from finding_block) as filled`, []);
  rows.push({ name: `search, index of ${size.toLocaleString('en')} matters`, figure: Number(disk!.bytes) / 2 ** 20, unit: 'MB', note: `${disk!.blocks.toLocaleString('en')} blocks of ${disk!.filled.toFixed(0)} matters` });
  return rows;
};

/** The first page of a search with what was found marked, as a dispatcher of the county and as a grid worker of one village of it. */
export const search = amongMatters('search', county, true, async (house, size, quick, progress) => {
  await indexHistory(house.owner, county, size, progress);
  await house.settle();
  return measureAt(house, size, quick ? 15 : 40);
});
