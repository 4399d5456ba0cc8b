import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareTown } from '../../bench/prepare.ts';
import type { Actor, Grant } from '../../src/base/actor.ts';
import type { ActorId, CountyCode, PlacePath, UnitId } from '../../src/base/ids.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { openTown, type Town } from '../../src/entry/town/town.ts';
import type { SearchFilter } from '../../src/modules/finding/index.ts';
import { rebuildCommand } from '../../src/modules/ledger/commands.ts';
import { runCommand } from '../../src/platform/command/run.ts';
import { createServer } from '../../src/platform/http/server.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281' as CountyCode;
const villages = ['330281103203', '330281103204'] as const;
let world: TestWorld;
let town: Town;
let said: Record<string, string>;
let row: string;
let contact: string;
let serial = 0;

const person = (n: number, role: string, unit: string | null = null, place = ''): Actor => {
  const grant: Grant = { id: `g${n}`, county, role, unit: unit as UnitId | null, place: place as PlacePath, purpose: null, from: 0, until: null };
  return { id: `00000000-0000-7000-8000-0000000004${String(n).padStart(2, '0')}` as ActorId, kind: 'account', name: role, grants: [grant] };
};
const [intake, auditor, collector] = [person(1, 'intake'), person(2, 'auditor'), person(3, 'collector')];
const done = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
};
const act = async (actor: Actor, matter: string | null, action: string, input: object = {}) =>
  done(await town.modules.matters.act({ actor, behalf: null, county, kind: 'case', matter, action, input, op: `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}` }));
const report = async (input: object, actor = collector): Promise<string> => {
  world.advance(60_000);
  return (await act(actor, null, 'report', input)).id;
};
const settle = async (): Promise<void> => {
  await town.modules.ledger.sequencer.drain();
  await town.modules.ledger.followers.catchUp(county);
};
const found = async (actor: Actor, typed: string, filter: SearchFilter = {}): Promise<string[]> => done(await town.modules.finding.search(actor, typed, filter, 'zh-Hans')).items.map(({ matter }) => matter.id);
const at = (place: string): Actor => person(9, 'gridworker', null, town.modules.pathOf(county, place));

const made: Record<string, string> = {};
beforeAll(async () => {
  world = await testWorld({ county: null, demo: true });
  said = await prepareTown(world, 1);
  row = said['row']!;
  town = await openTown({ ...world, metrics: createMetrics() });
  contact = done(await town.modules.identity.contacts.contactByPhone(world.db, county, '13805551234', 'zh-Hans')).id;
  made['wall'] = await report({ text: '彩虹墙的瓷砖脱落了', place: villages[0] });
  made['heap'] = await report({ text: '一堆垃圾没有人清', place: villages[0] });
  made['heapElsewhere'] = await report({ text: '路口有垃圾', place: villages[1] });
  made['told'] = await report({ text: '我家门口的鹦鹉太吵', address: '翡翠弄8号', place: villages[0], channel: 'phone', contact }, intake);
  await act(intake, made['heap']!, 'file', { code: row });
  await settle();
}, 180_000);
afterAll(async () => { await town?.close(); await world?.close(); });

test('words of a text find it, newest first, with what was found marked', async () => {
  expect(await found(intake, '垃圾')).toEqual([made['heapElsewhere'], made['heap']]);
  expect(await found(intake, '彩虹墙 瓷磚')).toEqual([made['wall']]);
  const { items } = done(await town.modules.finding.search(intake, '彩虹墙', {}, 'zh-Hans'));
  const hit = items[0]!.hits.find(({ field }) => field === 'text')!;
  expect(hit.ranges.map(([from, to]) => hit.text.slice(from, to))).toEqual(['彩虹墙']);
  expect(await found(intake, '独角兽')).toEqual([]);
});

test('number, unit, code and place find a case as well as its words do', async () => {
  const { matter } = (await town.modules.matters.whole(world.db, county, made['heap']!))!;
  for (const typed of [matter.number, matter.number.replaceAll('-', ''), matter.number.slice(0, -3), matter.number.split('-')[1]!]) expect(await found(intake, typed), typed).toContain(made['heap']);
  const unit = done(await town.modules.finding.search(intake, '垃圾', {}, 'zh-Hans')).items.find(({ matter: { id } }) => id === made['heap'])!.matter.leadUnit!;
  expect(await found(intake, unit.name)).toContain(made['heap']);
  expect(await found(intake, row)).toEqual([made['heap']]);
  expect(await found(intake, '谢家路村')).toEqual(expect.arrayContaining([made['wall'], made['heap']]));
});

test('everybody finds what they may see and nothing else', async () => {
  expect(await found(at(villages[0]), '垃圾')).toEqual([made['heap']]);
  expect(await found(at(villages[1]), '垃圾')).toEqual([made['heapElsewhere']]);
  expect(await found(person(5, 'unithandler', 'lighting'), '垃圾')).toEqual([]);
  expect(await found(collector, '垃圾')).toEqual([made['heapElsewhere'], made['heap']]);
});

test('words of residents are found by who may read them', async () => {
  for (const typed of ['鹦鹉', '翡翠弄8号']) {
    expect(await found(intake, typed), typed).toEqual([made['told']]);
    expect(await found(auditor, typed), typed).toEqual([]);
    expect(await found(auditor, '垃圾')).toHaveLength(2);
  }
  const hits = done(await town.modules.finding.search(intake, '鹦鹉', {}, 'zh-Hans')).items[0]!.hits;
  expect(hits.some(({ text }) => text.includes('鹦鹉'))).toBe(true);
});

test('filters narrow: state, place, kind and days; pages follow without gap or double', async () => {
  expect(await found(intake, '垃圾', { state: 'reported' })).toEqual([made['heapElsewhere']]);
  expect(await found(intake, '垃圾', { path: town.modules.pathOf(county, villages[0])! })).toEqual([made['heap']]);
  expect(await found(intake, '垃圾', { kind: 'task' })).toEqual([]);
  expect(await found(intake, '垃圾', { from: world.now() + 60_000 })).toEqual([]);
  expect(await found(intake, '垃圾', { from: world.now() - 86_400_000, until: world.now() + 60_000 })).toHaveLength(2);
  const paged: string[] = [];
  for (let after: string | undefined; ;) {
    const page = done(await town.modules.finding.search(intake, '谢家路村', { limit: 1, ...(after !== undefined && { after }) }, 'zh-Hans'));
    paged.push(...page.items.map(({ matter }) => matter.id));
    if (page.next === null) break;
    after = page.next;
  }
  expect(paged).toEqual(await found(intake, '谢家路村'));
});

test('a phone is refused in an address, found by post, and the look is an entry of the ledger', async () => {
  const server = await createServer(world, town.http);
  server.mount(town.routes);
  const url = await server.listen();
  const ask = (path: string, init: RequestInit = {}) => fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${said['intake']}`, 'content-type': 'application/json' } });
  const refused = await ask(`/api/search?q=${encodeURIComponent('138 0555 1234')}`);
  expect([refused.status, ((await refused.json()) as { reason: string }).reason]).toEqual([422, 'finding.phone-in-address']);
  const answered = await ask('/api/search/phone', { method: 'POST', body: JSON.stringify({ phone: '138 0555 1234', purpose: 'call_back' }) });
  expect(((await answered.json()) as { items: { matter: { id: string } }[] }).items.map(({ matter }) => matter.id)).toEqual([made['told']]);
  await settle();
  const [entry] = await world.db.query<{ canonical: Buffer }>(`select canonical from ledger_entry where county = $1 order by seq desc limit 1`, [county]);
  expect(JSON.parse(Buffer.from(entry!.canonical).toString('utf8'))).toMatchObject({ subject: 'access', kind: 'contact', action: 'find' });
  const short = await ask(`/api/search?q=${encodeURIComponent('灯')}`);
  expect(((await short.json()) as { reason: string }).reason).toBe('finding.too-short');
  expect((await ask(`/api/search?q=${encodeURIComponent('垃圾')}&place=330281103203&from=2026-11-24&until=2026-11-30`)).status).toBe(200);
  expect((await ask(`/api/search?q=${encodeURIComponent('垃圾')}&from=2026-13-45`)).status).toBe(422);
  await server.drain();
});

test('what a case becomes is what it is found by, and taking entries twice changes nothing', async () => {
  const rows = () => world.db.query('select term, matter, personal from finding_term where county = $1 order by 1, 2', [county]);
  const before = await rows();
  await town.modules.finding.index(world.db, '', county, Object.values(made));
  expect(await rows()).toEqual(before);
  expect(await found(intake, '垃圾', { state: 'reported' })).toEqual([made['heapElsewhere']]);
  await act(intake, made['heapElsewhere']!, 'file', { code: row });
  await settle();
  expect(await found(intake, '垃圾', { state: 'reported' })).toEqual([]);
});

test('tables that were spoilt are right again after `rebuild`, while reports come in; an unknown name is refused with those that there are', async () => {
  const lines: string[] = [];
  const rebuild = (...words: string[]) => runCommand([rebuildCommand(async () => town.modules)], ['rebuild', ...words], { language: 'zh-Hans', signal: new AbortController().signal, out: (line) => void lines.push(line), err: () => undefined });
  const tables = { 'finding.terms': 'term, matter, personal from finding_term', 'components.cases': 'matter, component, open from component_matter', 'cases.dispatches': 'matter, version, unit, outcome from case_dispatch', 'open311.updates': 'seq, matter, state from open311_update' };
  const rows = () => Promise.all(Object.values(tables).map((what) => world.db.query(`select ${what} where county = $1 order by 1, 2, 3`, [county])));
  const before = await rows();
  expect(before[0]!.length).toBeGreaterThan(40);
  await world.ownerDb.query(`delete from finding_term where term in (select term from finding_term order by term limit 20)`);
  await world.ownerDb.query(`update finding_matter set plain = '{}'`);
  await world.ownerDb.query(`delete from open311_update`);
  let coming = true;
  const come: string[] = [];
  const reports = (async () => { while (coming) { come.push(await report({ text: '井盖翻了', place: villages[0] })); await settle(); } })();
  const codes = [];
  for (const name of Object.keys(tables)) codes.push(await rebuild(name));
  coming = false;
  await reports;
  await settle();
  expect([codes, lines.filter((line) => line.includes('已重建')).length]).toEqual([[0, 0, 0, 0], 4]);
  const after = await rows();
  for (const [n, kept] of before.entries()) expect(after[n]!.filter((row) => !come.includes(String((row as { matter: string }).matter)))).toEqual(kept);
  expect((await found(intake, '井盖翻了')).sort()).toEqual([...come].sort());
  expect(await world.db.query('select 1 from finding_term_beside', [])).toEqual([]);
  expect(await rebuild('finding.words')).toBe(1);
  expect(lines.at(-1)).toContain('finding.terms');
  expect(await rebuild('finding.terms', '--county', '999999')).toBe(1);
  expect(lines.at(-1)).toContain('999999');
});

test('erased words are found by nobody, even before they are gone', async () => {
  const resident: Actor = { id: contact as ActorId, kind: 'resident', name: null, grants: [{ id: 'r', county, role: 'resident', unit: null, place: '' as PlacePath, purpose: null, from: 0, until: null }] };
  const own = await report({ text: '孔雀跑到路上', place: villages[0] }, resident);
  await settle();
  expect(await found(intake, '孔雀')).toEqual([own]);
  await town.modules.finding.index(world.db, '', county, [own], [contact]);
  expect(await found(intake, '孔雀')).toEqual([]);
  done(await town.modules.identity.contacts.eraseOwn(resident));
  await settle();
  expect(await found(intake, '孔雀')).toEqual([]);
  expect(await world.db.query(`select 1 from finding_term where term like '%孔雀%'`, [])).toEqual([]);
});

test('a case that has ended is found as before once its terms are moved into blocks, and by no word of it after an erasure', async () => {
  const another = done(await town.modules.identity.contacts.contactByPhone(world.db, county, '13805559999', 'zh-Hans')).id;
  const resident: Actor = { id: another as ActorId, kind: 'resident', name: null, grants: [{ id: 'r', county, role: 'resident', unit: null, place: '' as PlacePath, purpose: null, from: 0, until: null }] };
  const ended = await report({ text: '垃圾旁边有一只犀牛', place: villages[0] }, resident);
  await act(intake, ended, 'decline', { reason: '不属于受理范围' });
  await settle();
  const before = await found(intake, '垃圾');
  expect(before[0]).toBe(ended);
  expect(await town.modules.finding.seal(county)).toBe(0);
  expect(await town.modules.finding.seal(county, 1)).toBe(1);
  expect(await town.modules.finding.seal(county, 1)).toBe(0);
  expect(await world.db.query('select 1 from finding_term where matter = $1', [ended])).toEqual([]);
  expect(await found(intake, '垃圾')).toEqual(before);
  expect(await found(intake, '犀牛', { state: 'declined' })).toEqual([ended]);
  expect(await found(auditor, '犀牛')).toEqual([]);
  expect(await found(at(villages[0]), '垃圾')).toContain(ended);
  expect(await found(at(villages[1]), '垃圾')).not.toContain(ended);
  done(await town.modules.identity.contacts.eraseOwn(resident));
  await settle();
  expect(await found(intake, '犀牛')).toEqual([]);
  for (const table of ['finding_term', 'finding_block']) expect(await world.db.query(`select 1 from ${table} where term like '%犀牛%'`, []), table).toEqual([]);
});
