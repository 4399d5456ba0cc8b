import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { corner } from '../pages/town.ts';
import { county, openEnd, type End } from '../open311/end.ts';

let end: End;
const village = '330281103203';
/** A kind that is shown coarsely, because it may concern a home. */
const home = 'fire-lane';

/** One more case like that one, at another time. */
const again = async (number: string, copies: number, at: string, place?: string): Promise<void> => {
  for (let n = 0; n < copies; n++)
    await end.town.world.ownerDb.query(
      `insert into matter select (jsonb_populate_record(m, jsonb_build_object('id', $2::text, 'number', $3::text, 'created_at', $4::text) || case when $5::text is null then '{}'::jsonb else jsonb_build_object('place', $5::text, 'village', $5::text) end)).* from matter m where county = '330281' and number = $1`,
      [number, end.town.world.random.uuid(end.town.world.now()), `${number}-${at.slice(5, 7)}${place ?? ''}${n}`, at, place ?? null]);
};
const report = async (service: string, more: Record<string, string>): Promise<string> => {
  const answer = await end.post('/open311/v2/requests.json', { api_key: end.key, service_code: service, lat: String(corner.lat + 0.005), long: String(corner.lng + 0.005), description: '我叫王小明，电话 13800001234', ...more });
  expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
  return (answer.json as { service_request_id: string }[])[0]!.service_request_id;
};
const lines = (text: string): string[][] => text.replace('\uFEFF', '').trimEnd().split('\r\n').map((line) => line.split(','));
const make = () => end.town.town.modules.openData.make();

beforeAll(async () => {
  end = await openEnd();
  await end.town.town.works.find(({ name }) => name === 'open-data')!.stop();
  // What the town published of itself when it began.
  for (const table of ['open_data_cell', 'open_data_month', 'open_data_file']) await end.town.world.ownerDb.query(`delete from ${table}`);
  await end.set({ from: 'reported' }, 'bulletin');
  const lamp = await report('streetlight', { 'attribute[fault]': 'out' });
  const blocked = await report(home, {});
  await again(lamp, 2, '2026-10-05T10:00:00+08:00');
  await again(blocked, 6, '2026-10-05T10:00:00+08:00');
  await again(blocked, 2, '2026-10-06T10:00:00+08:00', '330281103');
  await again(blocked, 3, '2026-09-06T10:00:00+08:00');
}, 120_000);
afterAll(() => end?.close());

describe('open data of a day', () => {
  test('are made once, at the hour of the county, and the ledger knows their digests', async () => {
    end.town.world.setNow(Date.parse('2026-11-25T00:30:00+08:00'));
    expect(await make()).toBe(0);
    end.town.world.setNow(Date.parse('2026-11-25T02:10:00+08:00'));
    expect((await Promise.all([make(), make()])).sort()).toEqual([0, 3]);
    expect(await make()).toBe(0);
    const answer = await end.get('/data/reports/latest.csv');
    expect([answer.status, answer.type]).toEqual([200, 'text/csv; charset=utf-8']);
    const bytes = Buffer.from(await (await fetch(`${end.town.url}/data/reports/2026-11-25.csv`)).arrayBuffer());
    const digest = createHash('sha256').update(bytes).digest('hex');
    expect((await end.get('/data/reports/latest.csv.sha256')).text).toBe(`${digest}  reports-2026-11-25.csv\n`);
    const entries = await end.town.world.ownerDb.query<{ found: boolean }>(`select true as found from ledger_inbox where convert_from(entry, 'UTF8') like $1 union all select true from ledger_entry where convert_from(canonical, 'UTF8') like $1`, [`%${digest}%`]);
    expect(entries).toHaveLength(1);
    expect(await end.town.town.modules.openData.referenced(county, [digest, 'f'.repeat(64)])).toEqual([digest]);
  });
  test('hold no words and no person, and nothing about homes but what the settled month says', async () => {
    const text = (await end.get('/data/reports/latest.csv')).text;
    expect(text).not.toMatch(/王小明|13800001234/);
    const [head, ...rows] = lines(text);
    const of = (row: string[], name: string): string => row[head!.indexOf(name)]!;
    const homes = rows.filter((row) => of(row, 'category') === home);
    // Of this month none, of September with three none: they could be counted.
    expect(new Set(homes.map((row) => of(row, 'reported').slice(0, 7)))).toEqual(new Set(['2026-10']));
    // Six in one village and two without one: both are hidden, or the total would tell the two.
    expect(homes).toHaveLength(8);
    for (const row of homes) expect([of(row, 'number'), of(row, 'village'), of(row, 'lng'), of(row, 'place')]).toEqual(['', '', '', 'none']);
    const lamps = rows.filter((row) => of(row, 'category') === 'streetlight');
    expect(lamps.map((row) => of(row, 'village'))).toEqual([village, village, village]);
    const { features } = (await (await fetch(`${end.town.url}/data/reports/latest.geojson`)).json()) as { features: { geometry: { coordinates: number[] } | null; properties: { category: string } }[] };
    expect(features).toHaveLength(rows.length);
    expect(features.filter(({ geometry }) => geometry !== null).every(({ properties }) => properties.category === 'streetlight')).toBe(true);
  });
  test('counts of settled months do not change, so that the files of two days tell nothing either', async () => {
    const before = (await end.get('/data/counts/latest.csv')).text;
    const rows = lines(before).filter((row) => row[1] === home);
    expect(rows.map((row) => [row[0], row[3], row[5]])).toEqual([['2026-09', '', ''], ['2026-09', village, ''], ['2026-10', '', '8'], ['2026-10', village, ''], ['2026-10', 'unknown', '']]);
    const [one] = await end.town.world.ownerDb.query<{ number: string }>(`select number from matter where number like '%-090'`);
    await again(one!.number, 4, '2026-09-20T10:00:00+08:00');
    end.town.world.setNow(Date.parse('2026-11-26T03:00:00+08:00'));
    expect(await make()).toBe(3);
    expect((await end.get('/data/counts/2026-11-26.csv')).text).toBe(before);
  });
  test('have a page and a dictionary in three languages; what is not there is refused', async () => {
    for (const [language, words] of [['zh-Hans', '开放数据'], ['zh-Hant', '開放資料'], ['en', 'Open data']] as const)
      expect((await end.get(`/data?lang=${language}`, { accept: 'text/html' })).text).toContain(`<h1>${words}</h1>`);
    const dictionary = (await end.get('/data/dictionary.json')).json as { sets: { name: string; fields: { name: string }[] }[]; files: { path: string }[] };
    expect(dictionary.files.map(({ path }) => path)).toContain('/data/counts/2026-11-25.csv');
    for (const { name, fields } of dictionary.sets)
      expect(fields.map((field) => field.name)).toEqual(lines((await end.get(`/data/${name}/latest.csv`)).text)[0]);
    for (const path of ['/data/reports/2020-01-01.csv', '/data/counts/latest.geojson', '/data/other/latest.csv', '/data/reports/..%2f..csv'])
      expect((await end.get(path)).status).toBe(404);
  });
  test('end after their days', async () => {
    end.town.world.setNow(Date.parse('2027-02-23T03:00:00+08:00'));
    await make();
    expect((await end.get('/data/reports/2026-11-25.csv')).status).toBe(200);
    end.town.world.setNow(Date.parse('2027-02-24T03:00:00+08:00'));
    await make();
    expect((await end.get('/data/reports/2026-11-25.csv')).status).toBe(404);
  });
});
