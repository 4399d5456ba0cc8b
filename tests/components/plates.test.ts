import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import type { Digest } from '../../src/base/ids.ts';
import { uuidv7 } from '../../src/base/random.ts';
import { refuse } from '../../src/base/result.ts';
import { componentPages, componentRoutes, plateRoutes, showPlate } from '../../src/modules/components/index.ts';
import { newPlate } from '../../src/modules/components/rules/plate-codes.ts';
import { serve, someone, type Served } from '../platform/http/serving.ts';
import { codeOf, componentTown, county, done, refused, type ComponentTown } from './town.ts';

let town: ComponentTown;
let served: Served;
const steward = someone('61', 'steward');
const worker = someone('62', 'gridworker');
const clerk = someone('63', 'clerk');
const photo = 'ab'.repeat(32);
let count = 0;
const op = () => uuidv7(Date.UTC(2026, 0, 1) + ++count, town.world.random.bytes(10));
const json = async (path: string, init?: Parameters<Served['ask']>[1]) => {
  const response = await served.ask(path, init);
  return { status: response.status, body: (await response.json()) as never };
};
const entries = async (): Promise<{ kind: string; action: string; set: Record<string, unknown> }[]> =>
  (await town.world.db.query<{ text: string }>(`select convert_from(entry, 'UTF8') as text from ledger_inbox where county = $1 order by id`, [county])).map(({ text }) => JSON.parse(text) as never);
/** A batch of lamps `from` to `to`, made. */
const batchOf = async (from: number, to: number, asked = op()) => {
  const made = done(await town.components.book.make(theSystem, county, { op: asked, name: `灯 ${from}-${to}`, sheet: 'a4-3x7', kind: 'component', codes: Array.from({ length: to - from + 1 }, (_, at) => codeOf(from + at)) }));
  return (await town.components.book.platesOf(county, made.batch!)).sort((a, b) => (a.target < b.target ? -1 : 1));
};
let next = 100;
/** The next lamp that no test has used. */
const lamp = () => next++;

beforeAll(async () => {
  town = await componentTown();
  const tree = { tree: async () => town.tree };
  served = await serve(town.world, [...componentRoutes(town.world, town.components, town.identity, tree), ...plateRoutes(town.world, town.components, town.identity, tree, {
    own: async (_, __, digest) => (digest === photo ? { county, served: digest as Digest, original: digest as Digest, type: 'image/jpeg', bytes: 1, width: 1, height: 1, takenAt: null, point: null } : refuse(422, 'pictures.unknown')),
  })], componentPages(town.world, town.components, town.identity, tree));
  const rows = Array.from({ length: 400 }, (_, i) => `${codeOf(i + 1)},${i < 60 ? '光明路' : '锦堂路'},${i + 1},${(121.041 + (i % 40) / 4_000).toFixed(5)},30.18,B,lighting`);
  done(await town.components.importTable(theSystem, county, { source: { name: 'a.csv', bytes: Buffer.from(['code,road,ordinal,lng,lat,accuracy,manager', ...rows].join('\n')) } }));
});
afterAll(async () => {
  await served.server.drain();
  await town.world.close();
});
beforeEach(() => { next += 1; });

describe('a batch of plates', () => {
  it('is counted before it is made, made once however often it is sent, and leaves out what has a plate', async () => {
    const body = { op: op(), name: '光明路', sheet: 'a4-3x7', kind: 'component', filter: { road: '光明' } };
    done(await town.components.issuePlates(theSystem, county, 'component', [codeOf(2), codeOf(3)]));
    expect((await json('/api/plates/batches', { json: body, as: worker })).status).toBe(403);
    expect(await json('/api/plates/batches', { json: { ...body, dryRun: true }, as: steward })).toMatchObject({ status: 200, body: { batch: null, chosen: 60, have: 2, fresh: 58, paper: 3 } });
    expect(await json('/api/plates/batches', { as: steward })).toMatchObject({ status: 200, body: { items: [] } });
    const both = await Promise.all([json('/api/plates/batches', { json: body, as: steward }), json('/api/plates/batches', { json: body, as: steward })]);
    for (const made of both) expect(made).toMatchObject({ status: 200, body: { batch: body.op, fresh: 58 } });
    const listed = await json('/api/plates/batches', { as: steward });
    expect(listed.body['items']).toMatchObject([{ name: '光明路', plates: 58, states: [{ state: 'ordered', count: 58 }] }]);
    expect((await entries()).filter(({ kind, set }) => kind === 'plates' && set['batch'] === body.op)).toHaveLength(1);
    expect(await json('/api/plates/batches', { json: { ...body, op: op() }, as: steward })).toMatchObject({ status: 422, body: { reason: 'components.batch_nothing' } });
  });

  it('refuses what is not there, what is too many and what is not chosen, in words', async () => {
    const ask = async (more: object) => (await json('/api/plates/batches', { json: { op: op(), name: 'x', sheet: 'a4-3x7', kind: 'component', ...more }, as: steward })).body as { reason: string };
    expect((await ask({ codes: [codeOf(9_999)] })).reason).toBe('components.no_component');
    expect((await ask({ filter: { place: '999' } })).reason).toBe('components.no_place');
    expect((await ask({})).reason).toBe('components.batch_choose');
    expect((await ask({ kind: 'blank' })).reason).toBe('components.batch_choose');
    expect((await ask({ sheet: 'a9', filter: {} })).reason).toBe('components.no_sheet');
    expect((await ask({ kind: 'gate', codes: ['nowhere'] })).reason).toBe('components.no_place');
    expect((await json('/api/plates/batches', { json: { op: op(), name: 'x', sheet: 'a4-3x7', kind: 'blank', count: 1_001 }, as: steward })).status).toBe(422);
  });

  it('prints on the sheet that was chosen, by the county’s own words, from the label that is still empty', async () => {
    const made = await json('/api/plates/batches', { json: { op: op(), name: '网格牌', sheet: 'a4-2x5', kind: 'gate', filter: { place: '330281103203' } }, as: steward });
    expect(made).toMatchObject({ status: 200, body: { fresh: 3, paper: 1 } });
    await town.world.db.query(`insert into county (county, name, created_at) values ($1, $2, now()) on conflict do nothing`, [county, JSON.stringify({ 'zh-Hans': '余姚', 'zh-Hant': '餘姚', en: 'Yuyao' })]);
    await town.world.db.query(`update county set settings = $2 where county = $1`, [county, JSON.stringify({ components: { plateWords: { 'zh-Hans': '扫码找我们', 'zh-Hant': '掃碼找我們', en: 'Scan and tell us' }, platePhone: '12345' } })]);
    const sheet = await served.ask(`${made.body['sheet'] as string}&from=9`, { as: steward });
    const html = await sheet.text();
    expect(html).toContain('size:210mm 297mm');
    expect(html.match(/class="plate"/gu)).toHaveLength(3);
    expect(html.match(/class="sheet"/gu)).toHaveLength(2);
    for (const words of ['扫码找我们', 'Scan and tell us', '☎ 12345', '330281103203 330281103203001']) expect(html).toContain(words);
    expect((await served.ask(made.body['sheet'] as string, { as: worker })).status).toBe(403);
    expect((await served.ask('/api/components/plates?batch=01930000-0000-7000-8000-000000000999', { as: steward })).status).toBe(404);
  });
});

describe('a plate', () => {
  it('is printed, attached, lost and found again; each step says who and when, and is an entry', async () => {
    const [one, other] = await batchOf(lamp(), lamp());
    const put = (state: string, more: object = {}) => json('/api/plates/states', { json: { op: op(), state, plates: [showPlate(one!.plate)], ...more }, as: steward });
    const batch = (await town.components.book.list(county, { text: one!.plate }, '', 1))[0]!.batch;
    expect(await json('/api/plates/states', { json: { op: op(), state: 'printed', batch }, as: steward })).toMatchObject({ status: 200, body: { done: 2, refused: [] } });
    expect(await put('attached', { photo })).toMatchObject({ status: 200, body: { done: 1 } });
    expect((await put('attached', { photo: 'cd'.repeat(32) })).status).toBe(422);
    expect(await put('lost')).toMatchObject({ body: { done: 1 } });
    expect(refused(await town.components.plate(county, one!.plate))).toMatchObject({ reason: 'components.plate_withdrawn' });
    expect(await town.components.anyPlate(county, one!.plate)).toMatchObject({ state: 'lost', target: one!.target });
    expect(await put('attached')).toMatchObject({ body: { done: 1 } });
    expect(done(await town.components.plate(county, one!.plate))).toMatchObject({ target: one!.target });
    const steps = await json(`/api/plates/${one!.plate}/steps`, { as: worker });
    expect((steps.body['items'] as { state: string; photo: string | null }[]).map(({ state, photo: shown }) => [state, shown])).toEqual([['ordered', null], ['printed', null], ['attached', photo], ['lost', null], ['attached', null]]);
    expect(await town.components.book.photos(county, [photo, 'cd'.repeat(32)])).toEqual([photo]);
    expect((await entries()).filter(({ kind, set }) => kind === 'plates' && (set['plates'] as string[]).includes?.(one!.plate)).map(({ action }) => action)).toEqual(['printed', 'attached', 'lost', 'attached']);
    expect(await json(`/api/plates?state=printed&q=${other!.plate}`, { as: worker })).toMatchObject({ body: { items: [{ plate: other!.plate, state: 'printed' }] } });
    expect((await json('/api/plates', { as: clerk })).status).toBe(403);
  });

  it('that is replaced makes way for good for a new one; sent twice, it happens once', async () => {
    const [one] = await batchOf(lamp(), next);
    const body = { op: op(), state: 'replaced', plates: [one!.plate] };
    const first = await json('/api/plates/states', { json: body, as: steward });
    expect(first).toMatchObject({ status: 200, body: { done: 1, refused: [] } });
    expect(await json('/api/plates/states', { json: body, as: steward })).toEqual(first);
    const now = (await town.components.find(county, one!.target))!.plate!;
    expect(now).not.toBe(one!.plate);
    expect(first.body['sheet']).toContain(now);
    const back = await json('/api/plates/states', { json: { op: op(), state: 'attached', plates: [one!.plate] }, as: steward });
    expect(back).toMatchObject({ status: 200, body: { done: 0, refused: [{ plate: one!.plate, words: expect.stringContaining('Replaced') }] } });
  });

  it('that was lost cannot come back where another one hangs by now', async () => {
    const [one] = await batchOf(lamp(), next);
    done(await town.components.book.set(theSystem, county, { op: op(), state: 'lost', plates: [one!.plate] }));
    const [second] = done(await town.components.issuePlates(theSystem, county, 'component', [one!.target]));
    expect(done(await town.components.book.set(theSystem, county, { op: op(), state: 'attached', plates: [one!.plate] }))).toMatchObject({ done: 0, refused: [{ reason: 'components.plate_has_other' }] });
    expect((await town.components.find(county, one!.target))!.plate).toBe(second!.plate);
  });

  it('is named when it is unknown, and the others go on', async () => {
    const [one] = await batchOf(lamp(), next);
    const stranger = newPlate((length) => town.world.random.bytes(length));
    expect(await json('/api/plates/states', { json: { op: op(), state: 'printed', plates: [stranger, one!.plate] }, as: steward })).toMatchObject({ body: { done: 1, refused: [{ plate: stranger }] } });
    expect((await json('/api/plates/states', { json: { op: op(), state: 'printed' }, as: steward })).status).toBe(422);
  });

  it('leaves as a list, as it was filtered, traced', async () => {
    const [one] = await batchOf(lamp(), next);
    const file = await served.ask(`/api/plates/export?format=csv&q=${one!.plate}`, { as: steward });
    expect(file.status).toBe(200);
    const text = await file.text();
    expect(text).toContain(showPlate(one!.plate));
    expect(text.trim().split('\n')).toHaveLength(2);
    expect((await served.ask('/api/plates/export?format=csv', { as: clerk })).status).toBe(403);
  });
});

describe('hanging a plate up', () => {
  const attach = (plate: string, code: string, more: object = {}, as = worker) => json(`/api/plates/${plate}/attach`, { json: { op: op(), code, ...more }, as });

  it('gives a blank one its component, replaces the one that hung there, and happens once', async () => {
    const [old] = await batchOf(lamp(), next);
    const made = done(await town.components.book.make(theSystem, county, { op: op(), name: '空白', sheet: 'a4-4x10', kind: 'blank', count: 3 }));
    const [blank] = await town.components.book.platesOf(county, made.batch!);
    expect(refused(await town.components.book.attach(clerk, county, { op: op(), plate: blank!.plate, code: old!.target })).status).toBe(403);
    const body = { op: op(), photo };
    const first = await attach(blank!.plate, old!.target, body);
    expect(first).toMatchObject({ status: 200, body: { plate: blank!.plate, replaced: old!.plate } });
    expect(await attach(blank!.plate, old!.target, body)).toEqual(first);
    expect((await town.components.byPlate(county, blank!.plate))!.code).toBe(old!.target);
    expect(await town.components.anyPlate(county, old!.plate)).toMatchObject({ state: 'replaced' });
    expect(done(await town.components.book.steps(county, blank!.plate)).map(({ state }) => state)).toEqual(['ordered', 'attached']);
  });

  it('is refused for another component’s plate, a revoked one, one nobody made and one misread', async () => {
    const [one, two] = await batchOf(lamp(), lamp());
    expect(await attach(one!.plate, two!.target)).toMatchObject({ status: 409, body: { reason: 'components.plate_elsewhere' } });
    done(await town.components.book.set(theSystem, county, { op: op(), state: 'lost', plates: [one!.plate] }));
    expect(await attach(one!.plate, one!.target)).toMatchObject({ status: 409, body: { reason: 'components.plate_revoked' } });
    expect(await attach(newPlate((length) => town.world.random.bytes(length)), one!.target)).toMatchObject({ status: 404, body: { reason: 'components.plate_unknown' } });
    expect(await attach('ABCDEFGH', one!.target)).toMatchObject({ status: 422, body: { reason: 'components.plate_misread' } });
    expect(await attach(two!.plate, codeOf(9_999))).toMatchObject({ status: 404, body: { reason: 'components.no_component' } });
  });

  it('by two people at once at one component leaves one plate there', async () => {
    const code = codeOf(lamp());
    const made = done(await town.components.book.make(theSystem, county, { op: op(), name: '空白', sheet: 'a4-4x10', kind: 'blank', count: 6 }));
    const blanks = await town.components.book.platesOf(county, made.batch!);
    const answers = await Promise.all(blanks.map(({ plate }) => attach(plate, code)));
    for (const { status } of answers) expect([200, 409]).toContain(status);
    const hanging = (await town.components.book.list(county, { text: code }, '', 20)).filter(({ state }) => state === 'attached');
    expect(hanging).toHaveLength(1);
    expect((await town.components.find(county, code))!.plate).toBe(hanging[0]!.plate);
  });
});
