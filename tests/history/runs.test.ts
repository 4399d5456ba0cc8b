import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import iconv from 'iconv-lite';
import { theSystem } from '../../src/base/actor.ts';
import { pieceBytes, type ImportItem, type ImportView, type Mapping, type MappingItem } from '../../src/modules/history/contract.ts';
import { readMapping } from '../../src/modules/history/index.ts';
import { county, corner, done, servedTown, type ServedTown } from '../pages/town.ts';

let town: ServedTown;
let shipped: Mapping;
const tokens: Record<string, string> = {};
const titles = '案件编号,上报时间,案件状态,结案时间,小类代码,问题描述,经度,纬度,所属社区,处置部门';
const row = (id: string, { state = '已结案', code = '0137', place = '谢家路村', words = '路灯不亮' } = {}): string => `${id},2023-05-04 08:12,${state},2023-05-05 16:40,${code},${words},${corner.lng + 0.0105},${corner.lat + 0.0025},${place},路灯所`;
const table = (...rows: string[]): Buffer => Buffer.from([titles, ...rows].join('\n'));

beforeAll(async () => {
  town = await servedTown();
  const { accounts } = town.town.modules.identity;
  shipped = done(await readMapping('city-management'));
  for (const role of ['admin', 'intake']) {
    const { account } = done(await accounts.create(theSystem, county, { kind: 'program', login: `import-${role}`, name: `导入员${role}` }));
    done(await accounts.grant(theSystem, county, account.id, { role, place: '' }));
    tokens[role] = done(await accounts.makeToken(theSystem, account.id, { name: 'test', roles: [role], days: 1 })).token;
  }
}, 180_000);
afterAll(async () => { await town?.close(); }, 60_000);

const ask = async (method: string, path: string, body?: unknown, role = 'admin'): Promise<{ status: number; body: unknown; text: string }> => {
  const bytes = body instanceof Uint8Array;
  const answer = await fetch(`${town.url}/api/history${path}`, {
    method, headers: { authorization: `Bearer ${tokens[role]}`, 'accept-language': 'zh-CN', ...(body !== undefined && { 'content-type': bytes ? 'application/octet-stream' : 'application/json' }) },
    ...(body !== undefined && { body: bytes ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, text, body: answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) as unknown : text };
};
const view = async (id: string): Promise<ImportView> => (await ask('GET', `/imports/${id}`)).body as ImportView;
const sent = async (bytes: Buffer, file = 'old.csv'): Promise<string> => {
  const begun = (await ask('POST', '/imports', { file, bytes: bytes.length })).body as ImportView;
  for (let n = 0; n * pieceBytes < bytes.length; n++) expect((await ask('PUT', `/imports/${begun.id}/pieces/${n}`, bytes.subarray(n * pieceBytes, (n + 1) * pieceBytes))).status).toBe(200);
  return begun.id;
};
const until = (id: string, ...states: string[]): Promise<ImportView> => vi.waitFor(async () => {
  const now = await view(id);
  if (!states.includes(now.state)) throw new Error(`${now.state} ${now.rows} ${now.error}`);
  return now;
}, { timeout: 60_000, interval: 150 });
const checked = async (bytes: Buffer, mapping: { name: string; version: number } = { name: 'city-management', version: 0 }, file?: string): Promise<ImportView> => {
  const id = await sent(bytes, file);
  expect((await ask('POST', `/imports/${id}/check`, { mapping: mapping.name, version: mapping.version })).status).toBe(200);
  return until(id, 'checked', 'failed');
};
const turn = (id: string, way: string, more = {}) => ask('POST', `/imports/${id}/turn`, { turn: way, ...more });
const saved = async (name: string, base: number, change: Partial<Mapping>): Promise<MappingItem> => {
  const answer = await ask('PUT', `/mappings/${name}`, { base, definition: { ...shipped, source: name, ...change } });
  expect(answer.status, answer.text).toBe(200);
  return answer.body as MappingItem;
};
const pastOf = async (source: string, id: string): Promise<{ name: string; body: string; personal: boolean }[]> =>
  town.world.db.query(`select t.name, t.body, t.personal from history_row r join matter_text t on t.county = r.county and t.matter = r.matter where r.source = $1 and r.id = $2 and t.name = 'past'`, [source, id]);

test('a file is sent in pieces, looked at, checked, taken in by a worker, and stands in the list with who did it; the ledger says so and verifies', async () => {
  const mapping = await saved('journey', 0, {});
  const id = await sent(table(row('j1'), row('j2'), row('j3', { state: '处置中' })), '旧系统 2023.csv');
  expect((await ask('GET', `/imports/${id}/titles`)).body).toMatchObject({ fits: 'journey', titles: expect.arrayContaining([{ title: '上报时间', sample: '2023-05-04 08:12' }]) as unknown });
  await ask('POST', `/imports/${id}/check`, { mapping: 'journey', version: mapping.version });
  expect(await until(id, 'checked')).toMatchObject({ rows: 3, refused: 0, known: 0, faults: false, report: { open: 1, encoding: 'utf-8', problems: [] } });
  expect(await pastOf('journey', 'j1')).toEqual([]);
  expect((await turn(id, 'start')).body).toMatchObject({ state: 'running' });
  expect(await until(id, 'done')).toMatchObject({ added: 3, share: 1, source: 'journey', mapping: 'journey', mappingVersion: 1 });
  const { items } = (await ask('GET', '/imports')).body as { items: ImportItem[] };
  expect(items.find((one) => one.id === id)).toMatchObject({ file: '旧系统 2023.csv', author: '导入员admin', added: 3, state: 'done' });
  const { ledger } = town.town.modules;
  await ledger.sequencer.drain();
  expect((await ledger.verify()).flatMap(({ findings }) => findings)).toEqual([]);
  const entries = await town.world.db.query<{ action: string }>(`select action from ledger_entry where county = $1 and convert_from(canonical, 'UTF8')::jsonb -> 'set' ->> 'import' = $2 and subject = 'config'`, [county, id]);
  expect(entries).toEqual([{ action: 'import' }]);
  // Whoever starts it twice is told; nothing happens twice.
  expect((await turn(id, 'start')).body).toMatchObject({ reason: 'history.state_now', detail: expect.stringContaining('已完成') as string });
}, 90_000);

test('whoever may not change settings may neither see nor send anything of it', async () => {
  for (const [method, path, body] of [['GET', '/imports'], ['POST', '/imports', { file: 'a.csv', bytes: 10 }], ['GET', '/mappings']] as const) expect((await ask(method, path, body, 'intake')).status).toBe(403);
});

describe('pieces', () => {
  test('come in order; one that comes twice changes nothing, another in its place and more than was said are refused', async () => {
    const bytes = Buffer.alloc(pieceBytes + 10, 0x61);
    const { id } = (await ask('POST', '/imports', { file: 'a.csv', bytes: bytes.length })).body as ImportView;
    const put = (n: number, piece: Buffer) => ask('PUT', `/imports/${id}/pieces/${n}`, piece);
    expect((await put(1, bytes.subarray(0, 10))).body).toMatchObject({ status: 409, reason: 'history.piece' });
    expect((await put(0, bytes.subarray(0, 10))).body).toMatchObject({ status: 413, reason: 'history.longer' });
    for (let twice = 0; twice < 2; twice++) expect((await put(0, bytes.subarray(0, pieceBytes))).body).toMatchObject({ state: 'uploading', received: pieceBytes });
    expect((await put(1, Buffer.alloc(11))).status).toBe(413);
    expect((await ask('GET', `/imports/${id}/titles`)).status).toBe(409);
    expect((await put(1, bytes.subarray(pieceBytes))).body).toMatchObject({ state: 'uploaded', received: bytes.length });
    expect((await turn(id, 'cancel')).body).toMatchObject({ state: 'cancelled' });
    expect((await turn(id, 'resume')).status).toBe(409);
  });
});

describe('rows that are refused', () => {
  test('are all in a file that computes nothing, with what to do; they are left out only where that is said', async () => {
    await saved('faulty', 0, {});
    const rows = Array.from({ length: 120 }, (_, at) => row(`f${at}`, { state: at % 2 ? '已结案' : '=HYPERLINK(A1)' }));
    const one = await checked(table(...rows, 'f500,=1+1,已结案'), { name: 'faulty', version: 1 });
    expect(one).toMatchObject({ rows: 121, refused: 61, faults: true });
    expect(one.report!.problems[0]).toMatchObject({ rule: 'history.state', column: '案件状态', count: 60, values: [{ count: 60 }], advice: expect.stringContaining('对应') as string });
    const file = await ask('GET', `/imports/${one.id}/faults?format=csv`);
    expect(file.text.split('\r\n')).toHaveLength(1 + 61 + 1);
    expect(file.text).toContain('行号,列,内容');
    expect(file.text).toContain(`2,案件状态,'=HYPERLINK`);
    expect(file.text).not.toMatch(/,=/u);
    expect((await turn(one.id, 'start')).body).toMatchObject({ status: 422, reason: 'history.refused_rows' });
    expect((await turn(one.id, 'start', { leaveOut: true })).status).toBe(200);
    expect(await until(one.id, 'done')).toMatchObject({ added: 60, refused: 61 });
  }, 90_000);

  test('a row with more cells than titles is one whose comma nobody quoted; one with fewer is read as far as it goes', async () => {
    const one = await checked(table(row('r1', { words: '灯不亮，急' }), row('r2', { words: '灯不亮,急' }), 'r3,2023-05-04,已结案'));
    expect(one).toMatchObject({ rows: 3, refused: 1 });
    expect(one.report!.problems).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'tables.ragged', lines: [{ line: 3, value: '路灯所' }] })]));
  });
});

test('a kind, place or unit that nothing here answers to is no loss: the case comes without it, and the word stays with it as it was written', async () => {
  const first = await saved('words', 0, {});
  const bytes = table(row('w1', { code: '飞碟', place: '无此村' }).replace(/,121[^,]*,30[^,]*/u, ',,'), row('w2'));
  const one = await checked(bytes, { name: 'words', version: first.version });
  expect(one.report!.problems.map(({ rule, level, values }) => [rule, level, values])).toEqual(expect.arrayContaining([
    ['history.code', 'noticed', [{ value: '飞碟', count: 1 }]], ['history.place', 'noticed', [{ value: '无此村', count: 1 }]],
  ]));
  // A mapping that has changed between two checks counts from then on; the other version stays as it was.
  const second = await saved('words', 1, { codes: { ...shipped.codes, 飞碟: 'C0137' } });
  expect(second.version).toBe(2);
  expect((await ask('PUT', '/mappings/words', { base: 1, definition: shipped })).body).toMatchObject({ status: 409, reason: 'history.mapping_moved' });
  await ask('POST', `/imports/${one.id}/check`, { mapping: 'words', version: 2 });
  expect((await until(one.id, 'checked')).report!.problems.map(({ rule }) => rule)).toEqual(['history.place']);
  await turn(one.id, 'start');
  await until(one.id, 'done');
  expect(await pastOf('words', 'w1')).toEqual([{ name: 'past', body: '所属社区：无此村', personal: true }]);
  // The same file again, by the first version: everything is known, nothing comes twice, nothing is written over.
  const again = await checked(bytes, { name: 'words', version: 1 });
  expect(again).toMatchObject({ rows: 2, known: 2 });
  await turn(again.id, 'start');
  expect(await until(again.id, 'done')).toMatchObject({ added: 0 });
  const [{ n }] = await town.world.db.query(`select count(*) as n from matter where data -> 'imported' ->> 'source' = 'words'`) as [{ n: number }];
  expect(n).toBe(2);
}, 90_000);

test('paused between two batches, gone on with, cancelled: what came stays, and nothing comes twice; meanwhile nobody else brings the same source in', async () => {
  await saved('long', 0, {});
  const rows = Array.from({ length: 30_000 }, (_, at) => row(`l${at}`));
  const one = await checked(table(...rows), { name: 'long', version: 1 });
  const other = await checked(table(row('l1')), { name: 'long', version: 1 });
  await turn(one.id, 'start');
  await vi.waitFor(async () => expect((await view(one.id)).added).toBeGreaterThan(0), { timeout: 60_000, interval: 20 });
  expect((await turn(one.id, 'pause')).body).toMatchObject({ state: 'paused' });
  expect((await turn(other.id, 'start')).body).toMatchObject({ status: 409, reason: 'history.busy' });
  const rest = await view(one.id);
  expect(rest.added).toBeLessThan(30_000);
  const [{ n }] = await town.world.db.query(`select count(*) as n from history_row where source = 'long'`) as [{ n: number }];
  expect([n, (await view(one.id)).added]).toEqual([rest.added, rest.added]);
  expect((await turn(one.id, 'resume')).body).toMatchObject({ state: 'running' });
  await vi.waitFor(async () => expect((await view(one.id)).added).toBeGreaterThan(rest.added), { timeout: 60_000, interval: 20 });
  await turn(one.id, 'cancel');
  const end = await view(one.id);
  expect(end.state).toBe('cancelled');
  const [last] = await town.world.db.query(`select count(*) as rows, count(distinct matter) as matters from history_row where source = 'long'`) as [{ rows: number; matters: number }];
  expect(last).toEqual({ rows: end.added, matters: end.added });
  expect((await turn(other.id, 'start')).status).toBe(200);
  await until(other.id, 'done');
}, 240_000);

describe('a file that is no table', () => {
  test.each([
    ['with two columns of one title', Buffer.from(`${titles},上报时间\n${row('a')},2023-01-01`), 'column_twice'],
    ['with a separator that nobody uses', Buffer.from([titles, row('a')].join('\n').replaceAll(',', '|')), 'missing_column'],
    ['with a cell of 50 MB', Buffer.from(`${titles}\n${row('a', { words: `"${'长'.repeat(17_000_000)}"` })}`), 'too_long'],
    ['with a quote that never closes', Buffer.from(`${titles}\n${row('a', { words: '"灯' })}\n${row('b')}`), 'quotes'],
    ['with bytes of no script', Buffer.concat([table(row('a')), Buffer.from([0x0a, 0xff, 0xfe, 0x00, 0xff])]), 'not_text'],
  ])('%s is refused with the place and with what to do', async (_, bytes, rule) => {
    const one = await checked(bytes);
    expect(one.state).toBe('failed');
    const [kept] = await town.world.db.query<{ error: { reason: string } }>('select error from history_import where id = $1', [one.id]);
    expect(kept!.error.reason).toBe(`tables.${rule}`);
    expect(one.error).toMatch(/[\u4e00-\u9fff]/u);
  }, 90_000);

  test('empty is refused before it is sent', async () => {
    expect((await ask('POST', '/imports', { file: 'a.csv', bytes: 0 })).status).toBe(422);
  });

  test('as others write one it is read: byte order mark, GB18030, line breaks and quotes within a cell, full-width figures, serial days', async () => {
    const odd = [titles, row('ｏ１').replace('2023-05-04 08:12', '45050.5'), row('o2', { words: '"第一行\r\n第二行 ""急"""' }), row('o3').replace('2023-05-04 08:12', '２０２３－０５－０４')].join('\r\n');
    expect(await checked(Buffer.from(`\uFEFF${odd}`))).toMatchObject({ state: 'checked', rows: 3, refused: 0 });
    expect(await checked(iconv.encode(odd, 'gb18030'))).toMatchObject({ state: 'checked', rows: 3, refused: 0, report: { encoding: 'gb18030' } });
  }, 90_000);
});

test('files are forgotten when their import is over, and after a month whatever became of it', async () => {
  const kept = () => town.world.db.query<{ n: number }>(`select count(*) as n from history_import where pieces <> '[]' and state in ('done', 'cancelled')`);
  await town.town.modules.history.work.sweep();
  expect(await kept()).toEqual([{ n: 0 }]);
  const one = await checked(table(row('forget')));
  const [{ pieces }] = await town.world.db.query<{ pieces: string[] }>('select pieces from history_import where id = $1', [one.id]) as [{ pieces: string[] }];
  const { history, pictures } = town.town.modules;
  expect(await history.referenced(county, pieces)).toEqual(pieces);
  await pictures.sweep();
  expect(await town.world.blobs.has(pieces[0] as never)).toBe(true);
  await town.world.ownerDb.query(`update history_import set at = at - interval '40 days' where id = $1`, [one.id]);
  await history.work.sweep();
  expect(await history.referenced(county, pieces)).toEqual([]);
  expect(await view(one.id)).toMatchObject({ state: 'cancelled' });
}, 90_000);
