import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { theSystem } from '../../src/base/actor.ts';
import { openTown, type Town } from '../../src/entry/town/town.ts';
import { startWorks } from '../../src/entry/worker.ts';
import { checkBundle, nodeCrypto } from '../../src/modules/ledger/index.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { until } from '../../src/platform/database/postmaster.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { corner, county, done, servedTown, type ServedTown } from '../pages/town.ts';

interface Answer {
  readonly status: number;
  readonly language: string | null;
  readonly text: string;
  readonly said: { readonly id?: string; readonly reason?: string; readonly detail?: string; readonly errors?: readonly { readonly path: string }[] };
}

let town: ServedTown;
const tokens = new Map<string, { readonly token: string; readonly account: string }>();
beforeAll(async () => {
  town = await servedTown();
  const { accounts } = town.town.modules.identity;
  for (const [login, role, unit] of [['collector', 'collector', null], ['keeper', 'unithandler', 'lighting'], ['rival', 'unithandler', 'lighting'], ['auditor', 'auditor', null]] as const) {
    const { account } = done(await accounts.create(theSystem, county, { kind: 'program', login, name: login }));
    done(await accounts.grant(theSystem, county, account.id, { role, place: '', ...(unit && { unit }) }));
    tokens.set(login, { account: account.id, token: done(await accounts.makeToken(theSystem, account.id, { name: 'faults', roles: [role], days: 1 })).token });
  }
}, 120_000);
afterAll(() => town?.close(), 60_000);

const post = async (who: string, path: string, body: object, language = 'en'): Promise<Answer> => {
  const response = await fetch(town.url + path, {
    method: 'POST', body: JSON.stringify(body), headers: { authorization: `Bearer ${tokens.get(who)!.token}`, 'content-type': 'application/json', 'accept-language': language },
  });
  const text = await response.text();
  return { status: response.status, language: response.headers.get('content-language'), text, said: JSON.parse(text) as Answer['said'] };
};
const op = (): string => town.world.random.uuid(town.world.now());
const inside = { lng: corner.lng + 0.004, lat: corner.lat + 0.005 };
const report = (point: object, key = op()): Promise<Answer> => post('collector', '/api/matters', { kind: 'case', op: key, input: { text: '第三盏灯不亮。', ...point } });
const act = (who: string, matter: string, action: string, key = op(), language = 'en'): Promise<Answer> =>
  post(who, `/api/matters/${matter}/actions`, { action, input: {}, op: key }, language);
const times = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, n) => make(n)));
const actionsOf = async (matter: string): Promise<string[]> =>
  (await town.town.modules.ledger.entriesOf(town.world.db, county, matter)).map(({ entry }) => entry.action);

/** A case that the lighting unit may accept. */
const dispatched = async (): Promise<string> => {
  const { catalogue } = town.town.modules;
  const row = catalogue.rows(county, catalogue.currentVersion(county, town.world.now())!).find(({ key, limit }) => key.startsWith('C0137') && limit !== null)!;
  const id = (await report(inside)).said.id!;
  await town.act('intake', id, 'file', { code: row.key });
  await town.act('dispatcher', id, 'dispatch', { unit: 'lighting' });
  return id;
};

describe('the same at once, over HTTP', () => {
  it('a report that is sent a hundred times is made once, and all are answered alike', async () => {
    const key = op();
    const answers = await times(100, () => report(inside, key));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]!.status).toBe(201);
    const [made] = await town.world.db.query<{ count: number }>(`select count(*) as count from matter where county = $1 and kind = 'case'`, [county]);
    expect(made!.count).toBe(1);
    expect(await actionsOf(answers[0]!.said.id!)).toEqual(['report']);
  });

  it('an action that is sent a hundred times under one op happens once; under a hundred ops one happens and 99 are told why not', async () => {
    const [one, other] = [await dispatched(), await dispatched()];
    const key = op();
    const same = await times(100, () => act('keeper', one, 'accept', key));
    expect(new Set(same.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(same[0]!.status).toBe(200);
    const each = await times(100, () => act('keeper', other, 'accept'));
    expect(each.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(each.filter(({ status }) => status === 409)).toHaveLength(99);
    for (const matter of [one, other]) expect((await actionsOf(matter)).filter((action) => action === 'accept')).toHaveLength(1);
  });

  it('an op that was used for something else is refused', async () => {
    const key = op();
    await report(inside, key);
    expect((await report({ ...inside, lat: inside.lat + 0.0001 }, key)).said.reason).toBe('matters.op-reused');
  });

  it('of two people who accept the same case one has it, and the other is told so in their language', async () => {
    for (let n = 0; n < 8; n++) {
      const id = await dispatched();
      const pair = await Promise.all([act('keeper', id, 'accept', op(), 'zh-CN'), act('rival', id, 'accept', op(), 'zh-TW')]);
      expect(pair.map(({ status }) => status).sort()).toEqual([200, 409]);
      const lost = pair.findIndex(({ status }) => status === 409);
      expect(pair[lost]!.language).toBe(['zh-Hans', 'zh-Hant'][lost]);
      expect(pair[lost]!.said.detail).toMatch(lost === 0 ? /现在的状态不能做这一步|刚被别人办动/ : /現在的狀態不能做這一步|剛被別人辦動/);
      const whole = await town.town.modules.matters.whole(town.world.db, county, id);
      expect(whole!.matter.facets.handler).toBe(tokens.get(lost === 0 ? 'rival' : 'keeper')!.account);
    }
  });

  it('whoever hands a case back, and no longer sees it, is answered as before when asking again; nobody else learns of it', async () => {
    const id = await dispatched();
    await act('keeper', id, 'accept');
    const body = { action: 'return', input: { reason: '不是本单位的灯。' }, op: op() };
    const path = `/api/matters/${id}/actions`;
    const first = await post('keeper', path, body);
    expect(first.status).toBe(200);
    expect(await post('keeper', path, body)).toEqual(first);
    expect((await post('rival', path, body)).status).toBe(404);
    expect((await post('keeper', path, { ...body, input: { reason: '别的原因。' } })).status).toBe(404);
  });
});

describe('a point that is wrong or doubtful', () => {
  it.each([
    ['in the sea', { lng: 122.5, lat: 30.6 }], ['in another county', { lng: 120.15, lat: 30.27 }], ['on the other side of the world', { lng: -58.96, lat: -30.17 }],
  ])('%s is refused by name, and a suggestion says that it is outside', async (_, point) => {
    const refused = await report(point);
    expect(refused).toMatchObject({ status: 422, said: { reason: 'case.outside', errors: [{ path: '/input/lng' }] } });
    expect(refused.said.detail).toContain('outside');
    const suggested = await post('collector', '/api/suggest', { text: '灯不亮', ...point });
    expect(suggested).toMatchObject({ status: 200, said: { place: null, outcome: 'outside', components: [] } });
  });

  it('with its coordinates swapped is refused by the member that cannot be', async () => {
    const { status, said } = await report({ lng: inside.lat, lat: inside.lng });
    expect(status).toBe(422);
    expect(said.errors?.map(({ path }) => path)).toEqual([expect.stringMatching(/\/lat$/)]);
  });

  it.each([
    ['between two grids', { lng: corner.lng + 0.01, lat: corner.lat + 0.004 }], ['of the county', { lng: corner.lng, lat: corner.lat }],
  ])('on a border %s belongs to one place, always the same, and a suggestion names it', async (_, point) => {
    const ids = (await times(10, () => report(point))).map(({ said }) => said.id!);
    const held = await Promise.all(ids.map((id) => town.town.modules.matters.whole(town.world.db, county, id)));
    const [place] = new Set(held.map((whole) => whole!.matter.facets.place));
    expect(held.every((whole) => whole!.matter.facets.place === place)).toBe(true);
    const suggested = await post('collector', '/api/suggest', { text: '灯不亮', ...point });
    expect(suggested).toMatchObject({ status: 200, said: { place: { code: place }, outcome: 'border' } });
  });
});

it('erasing what a resident wrote leaves every proof whole, and the words are gone', async () => {
  const { matters, ledger, identity } = town.town.modules;
  const words = '我家住光明路七号，门口的灯不亮。';
  const contact = done(await identity.contacts.contactByPhone(town.world.db, county, '13900000917', 'zh-Hans'));
  const made = await post('collector', '/api/matters', { kind: 'case', op: op(), input: { text: words, address: '光明路七号门口', channel: 'phone', contact: contact.id, ...inside } });
  expect(made.status).toBe(201);
  const id = made.said.id!;
  await ledger.sequencer.drain(county);
  const before = await matters.texts(town.world.db, county, id);
  expect(before.map(({ text }) => text)).toContain(words);
  const bundle = async () => checkBundle((await ledger.exportMatter(county, id, await matters.texts(town.world.db, county, id)))!.file, nodeCrypto, town.world.keys.ledger.verifier);
  expect(await bundle()).toMatchObject({ texts: before.length, findings: [] });

  expect(await matters.erase(county, before.map((text) => text.id))).toBe(before.length);
  expect(await bundle()).toMatchObject({ matter: id, texts: 0, findings: [] });
  expect((await ledger.verify({ county })).flatMap(({ findings }) => findings)).toEqual([]);
  const left = await town.world.ownerDb.query<{ found: number }>(
    `select (select count(*) from matter_text where body like $1) + (select count(*) from ledger_entry where position(convert_to($2, 'UTF8') in canonical) > 0) as found`, [`%${words}%`, words]);
  expect(left[0]!.found).toBe(0);
  // A second time there is nothing to erase.
  expect(await matters.erase(county, before.map((text) => text.id))).toBe(0);
});

describe('two workers and two sequencers on one database', () => {
  let other: Town;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    other = await openTown({ ...town.world, db: openDatabase(town.world.db.url), metrics: createMetrics() });
    stop = await startWorks(other);
  }, 60_000);
  afterAll(async () => {
    await stop?.();
    await other?.close();
    await other?.world.db.close();
  });

  it('no clock is acted on twice, and the log has no gap', async () => {
    const ids = (await times(60, () => report(inside))).map(({ said }) => said.id!);
    // Two working hours to file: reminded of before, told of once they have passed.
    for (const at of ['10:50', '11:30']) {
      town.world.setNow(Date.parse(`2026-11-24T${at}:00+08:00`));
      for (let n = 0; n < 4; n++) await Promise.all([town.town.modules.matters.tick(), other.modules.matters.tick(), town.town.modules.matters.tick(), other.modules.matters.tick()]);
    }
    await Promise.all([town.town.modules.ledger.sequencer.drain(county), other.modules.ledger.sequencer.drain(county)]);
    const fired = await town.world.db.query<{ matter: string; action: string; times: number }>(
      `select matter, action, count(*) as times from ledger_entry where county = $1 and action in ('overdue', 'remind') and matter = any($2::uuid[]) group by matter, action`, [county, ids]);
    expect(fired.filter(({ action }) => action === 'overdue').map(({ matter }) => matter).sort()).toEqual([...ids].sort());
    expect(fired.filter(({ times: count }) => count !== 1)).toEqual([]);
    expect(await until(async () => (await town.world.db.query('select from ledger_inbox where county = $1 limit 1', [county])).length === 0, 10_000)).toBe(true);
    const [log] = await town.world.db.query<{ entries: number; last: number }>('select count(*) as entries, max(seq) as last from ledger_entry where county = $1', [county]);
    expect(log!.entries).toBe(log!.last);
    expect((await town.town.modules.ledger.verify({ county })).flatMap(({ findings }) => findings)).toEqual([]);
  });

  it('the same op asked of both at once is done by one and answered by both', async () => {
    const collector = { id: tokens.get('collector')!.account as never, kind: 'program' as const, name: 'collector', grants: [{ id: 'g', county, role: 'collector', unit: null, place: '' as never, purpose: null, from: 0, until: null }] };
    for (let n = 0; n < 30; n++) {
      const call = { actor: collector, behalf: null, county, kind: 'case', matter: null, action: 'report', input: { text: '灯不亮。', ...inside }, op: op() };
      const [one, two] = await Promise.all([town.town.modules.matters.act(call), other.modules.matters.act(call)]);
      expect(two).toEqual(one);
      expect(one).toHaveProperty('number');
    }
  });
});
