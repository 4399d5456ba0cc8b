import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareTown } from '../../bench/prepare.ts';
import type { Actor, Grant } from '../../src/base/actor.ts';
import type { ActorId, CountyCode, PlacePath } from '../../src/base/ids.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { openModules, type Modules } from '../../src/entry/town/modules.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const county = '330281' as CountyCode;
let world: TestWorld;
let modules: Modules;
let grid: string;
let spot: { lng: number; lat: number };
let serial = 0;
const op = (): string => `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}`;
const person = (n: number, role: string): Actor => {
  const grant: Grant = { id: `g${n}`, county, role, unit: null, place: '' as PlacePath, purpose: null, from: 0, until: null };
  return { id: `00000000-0000-7000-8000-0000000003${String(n).padStart(2, '0')}` as ActorId, kind: 'account', name: role, grants: [grant] };
};
const worker = person(1, 'gridworker');
const chief = person(2, 'gridchief');
const ok = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(`${result.reason} ${JSON.stringify(result.params ?? {})}`);
  return result;
};
const reason = (result: Result<unknown>): string => (isRefusal(result) ? result.reason : 'done');
beforeAll(async () => {
  world = await testWorld({ county: null, demo: true });
  await prepareTown(world, 1);
  modules = await openModules({ ...world, metrics: createMetrics() });
  const lamp = (await modules.components.list(county, { class: '0137' }, '', 1))[0]!;
  grid = lamp.place!;
  spot = { lng: lamp.lng, lat: lamp.lat };
}, 120_000);
afterAll(async () => { await modules?.matters.drain(); await world?.close(); });

test('what is taken along has the grid, its components, the table and the forms; what the phone has already comes without its value', async () => {
  const first = ok(await modules.rounds.pack(worker, { known: new Map(), near: null }, 'zh-Hans'));
  expect(first.parts.map(({ name }) => name)).toEqual(['area', 'components', 'table', 'kinds']);
  const again = ok(await modules.rounds.pack(worker, { known: new Map(first.parts.map(({ name, digest }) => [name, digest])), near: null }, 'zh-Hans'));
  expect(again.parts.every(({ value }) => value === null)).toBe(true);
});

test('a stop counts once in a patrol, from where it stands and not from afar; the week shows what is missing', async () => {
  const { patrols } = modules.rounds;
  expect(reason(await patrols.plan(worker, { op: op(), place: grid, name: '路灯', everyDays: 7, components: '0137' }))).toBe('identity.not_permitted');
  const route = ok(await patrols.plan(chief, { op: op(), place: grid, name: '路灯', everyDays: 7, components: '0137' }));
  const [stop, other] = route.stops;
  const patrol = op();
  ok(await patrols.step(worker, { op: patrol, patrol, do: 'start', route: route.id }));
  expect(reason(await patrols.step(chief, { op: op(), patrol, do: 'end' }))).toBe('rounds.no-patrol');
  const check = { op: op(), patrol, do: 'check' as const, stop: stop!.id, way: 'position' as const, lng: stop!.lng, lat: stop!.lat, accuracy: 8 };
  expect(ok(await patrols.step(worker, check))).toMatchObject({ good: true, stop: stop!.id });
  ok(await patrols.step(worker, check));
  if (other) expect(ok(await patrols.step(worker, { ...check, op: op(), stop: other.id, lng: other.lng + 0.01 }))).toMatchObject({ good: false });
  expect(reason(await patrols.step(worker, { op: op(), patrol, do: 'check', way: 'typed', plate: 'XXXX' }))).toBe('rounds.plate-unknown');
  const week = ok(await patrols.coverage(chief, {}));
  expect(week).toMatchObject({ stops: route.stops.length, covered: 1 });
  ok(await patrols.step(worker, { op: op(), patrol, do: 'end' }));
});

test('what a household said is kept with its consent only, opened for a purpose, and gone when the consent is taken back', async () => {
  const { visits } = modules.rounds;
  const words = { kind: 'care' as const, outcome: 'met' as const, household: '王家', note: '腿脚不便' };
  expect(reason(await visits.log(worker, { op: op(), place: grid, ...words }))).toBe('rounds.visit-needs-consent');
  const give = { id: op(), phone: '13900002046', purpose: 'visit' as const, scope: ['visit_notes' as const], until: world.now() + 86_400_000, givenAt: world.now(), language: 'zh-Hans' as const };
  expect(reason(await modules.identity.consents.give(worker, county, { ...give, way: {} }))).toBe('identity.consent_unproved');
  const consent = ok(await modules.identity.consents.give(worker, county, { ...give, way: { spoken: '王奶奶当面同意记录' } }));
  expect(ok(await modules.identity.consents.give(worker, county, { ...give, way: { spoken: '王奶奶当面同意记录' } })).id).toBe(consent.id);
  const visit = ok(await visits.log(worker, { op: op(), place: grid, consent: consent.id, ...words }));
  const [row] = await world.db.query<{ words: Buffer }>('select words from household_visit where id = $1', [visit.id]);
  expect(row!.words.toString('utf8')).not.toContain('王家');
  expect(ok(await visits.open(chief, undefined, visit.id, 'follow_up'))).toEqual({ household: '王家', note: '腿脚不便' });
  ok(await modules.identity.consents.revoke(worker, county, consent.id));
  await modules.ledger.sequencer.drain();
  await modules.ledger.followers.catchUp(county);
  expect(reason(await visits.open(chief, undefined, visit.id, 'follow_up'))).toBe('identity.consent_ended');
  expect((await world.db.query<{ words: Buffer | null }>('select words from household_visit where id = $1', [visit.id]))[0]!.words).toBeNull();
  expect(reason(await visits.log(worker, { op: op(), place: grid, consent: consent.id, ...words }))).toBe('identity.consent_ended');
  expect(ok(await visits.list(chief, {})).items[0]).toMatchObject({ consent: { revoked: true } });
});

test('acting for a resident needs their consent, names both in the entry, and tells them', async () => {
  const give = { id: op(), phone: '13900002047', purpose: 'proxy' as const, scope: ['report' as const], until: world.now() + 86_400_000, givenAt: world.now(), language: 'zh-Hans' as const, way: { spoken: '李大爷同意代报' } };
  const consent = ok(await modules.identity.consents.give(worker, county, give));
  const ask = { op: op(), consent: consent.id, do: 'report' as const, input: { text: '门口的灯不亮', ...spot } };
  expect(reason(await modules.rounds.proxies.act(chief, ask))).toBe('identity.consent');
  const done = ok(await modules.rounds.proxies.act(worker, ask));
  expect(ok(await modules.rounds.proxies.act(worker, ask)).id).toBe(done.id);
  expect(reason(await modules.rounds.proxies.act(worker, { ...ask, op: op(), do: 'rate', matter: done.id, input: { stars: 5 } }))).toBe('identity.consent');
  const told = await world.db.query('select 1 from delivery where template = $1 and recipient = $2', ['proxy_report', `contact:${consent.contact}`]);
  expect(told).toHaveLength(1);
  // What they add is theirs, as if they had written it, and they are told of that too.
  ok(await modules.rounds.proxies.act(worker, { op: op(), consent: consent.id, do: 'note', matter: done.id, input: { text: '晚上更暗' } }));
  expect(await world.db.query('select 1 from delivery where template = $1 and recipient = $2', ['proxy_note', `contact:${consent.contact}`])).toHaveLength(1);
  expect(ok(await modules.rounds.proxies.theirs(worker, undefined, consent.id, 'zh-Hans')).items).toMatchObject([{ id: done.id, may: ['note'] }]);
  expect(reason(await modules.rounds.proxies.theirs(chief, undefined, consent.id, 'zh-Hans'))).toBe('identity.consent');
  // Refused, nobody is told of it.
  const wide = ok(await modules.identity.consents.give(worker, county, { ...give, id: op(), scope: ['report', 'rate'] }));
  const early = { op: op(), consent: wide.id, do: 'askReopen' as const, matter: done.id, input: { reason: '还是不亮' } };
  expect(reason(await modules.rounds.proxies.act(worker, early))).toBe('matters.not-in-this-state');
  expect(await world.db.query('select 1 from delivery where id = $1', [early.op])).toHaveLength(0);
  const entry = await modules.ledger.entriesOf(world.db, county, done.id);
  expect((await modules.matters.texts(world.db, county, done.id)).map(({ name }) => name)).not.toContain('internal');
  expect(entry[0]!.entry).toMatchObject({ actor: { id: worker.id }, behalf: `contact:${consent.contact}` });
});

test('a shift that is handed over waits for whoever takes it, and the chief sees that it does', async () => {
  const listed = ok(await modules.rounds.handovers.list(chief, undefined));
  expect(listed.items).toEqual([]);
  expect(reason(await modules.rounds.handovers.give(worker, { op: op(), to: chief.id, matters: [] }, 'zh-Hans'))).toBe('rounds.no-colleague');
  const id = op();
  await world.ownerDb.query('insert into shift_handover (county, id, path, giver, taker, matters, given_at, received_at) values ($1, $2, $3, $4, $5, $6, $7, $7)', [county, id, '', worker.id, person(3, 'gridworker').id, '[]', new Date(world.now())]);
  expect(ok(await modules.rounds.handovers.list(chief, undefined)).items[0]).toMatchObject({ id, confirmedAt: null, mine: false });
  expect(reason(await modules.rounds.handovers.confirm(chief, id, { op: op() }))).toBe('rounds.no-handover');
  ok(await modules.rounds.handovers.confirm(person(3, 'gridworker'), id, { op: op() }));
  expect(ok(await modules.rounds.handovers.list(worker, undefined)).items[0]).toMatchObject({ id });
});
