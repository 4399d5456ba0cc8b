import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createWorker } from '../../src/modules/outreach/service/worker.ts';
import type { Adapter, Outcome, Outgoing } from '../../src/modules/outreach/adapters/adapter.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { county, made, secret, urgent, type Made } from './made.ts';

let real: Made;
let demo: Made;
/** The one that a test is about; a real town unless it says otherwise. */
let town: Made;
beforeAll(async () => {
  real = await made();
  demo = await made({ webhook: { url: 'http://127.0.0.1:1/never', secret } }, { demo: true });
});
afterAll(async () => {
  await real.world.close();
  await demo.world.close();
});
beforeEach(async () => {
  town = real;
  for (const { world } of [real, demo]) {
    world.setNow(morning);
    for (const table of ['delivery', 'delivery_log', 'code_check', 'contact', 'one_time_link', 'account']) await world.db.query(`delete from ${table}`);
    await world.ownerDb.query(`update county set settings = '{}'`);
  }
});

const morning = Date.parse('2026-11-24T09:00:00+08:00');
const night = Date.parse('2026-11-24T22:00:00+08:00');

/** A way out of the test's own, in memory, that answers as it is told: for the rules of the outbox, not of a protocol. */
const way = (answers: Outcome[] | ((message: Outgoing) => Outcome), more: Partial<Adapter> = {}): Adapter & { readonly got: Outgoing[] } => {
  const got: Outgoing[] = [];
  return {
    name: 'way', channel: 'sms', window: 4, idempotent: true, got, close: () => {},
    send: (message) => { got.push(message); return Promise.resolve(typeof answers === 'function' ? answers(message) : (answers.shift() ?? { state: 'sent', peer: null })); },
    ...more,
  };
};
const workerWith = (...ways: Adapter[]) => createWorker({ ...town.world, metrics: createMetrics() }, town.identity, ways, town.outreach.addresses, town.outreach.wordings);

describe('the logbook', () => {
  it('is where everything goes while nothing is connected, once, with a masked address', async () => {
    const ids = await town.write([urgent(await town.resident('13900002046'))]);
    expect(await town.outreach.worker.drain()).toBe(1);
    expect(await town.outreach.worker.drain()).toBe(0);
    expect(await town.rows()).toMatchObject([{ id: ids[0], state: 'logged', adapter: 'logbook', attempts: 1 }]);
    expect(await town.world.db.query('select delivery, address_masked, channel, language from delivery_log')).toEqual([{ delivery: ids[0], address_masked: '139****2046', channel: 'sms', language: 'zh-Hans' }]);
  });
  it('is where a demo\'s messages go whatever is connected', async () => {
    town = demo;
    await town.write([urgent(await town.resident('13900002046'))]);
    await town.outreach.worker.drain();
    expect(await town.rows()).toMatchObject([{ state: 'logged', adapter: 'logbook', error: null }]);
  });
  it('takes nobody who wants a call or a letter: the desk does, with nothing connected and in a demo too', async () => {
    const caller = { actor: { id: 'clerk' as never, kind: 'person' as const, name: 'clerk', grants: [] }, grant: { id: 'g', county, role: 'operator', unit: null, place: '', purpose: null, from: 0, until: null } } as never;
    for (const one of [demo, real]) {
      town = one;
      const [calls, letters] = [await town.resident('13900002051'), await town.resident('13900002052')];
      await town.identity.contacts.prefer(county, calls.slice(8), { channel: 'voice' }, caller);
      await town.identity.contacts.prefer(county, letters.slice(8), { channel: 'letter', postal: '乐业路 59 号' }, caller);
      const ids = [...await town.write([urgent(calls)]), ...await town.write([urgent(letters)])];
      await town.outreach.worker.drain();
      expect((await town.rows()).filter(({ id }) => ids.includes(id)).map(({ state, adapter }) => [state, adapter])).toEqual([['to_call', 'desk'], ['to_print', 'desk']]);
    }
  });
  it('keeps a demo\'s codes readable and forgets those of a real town once they have left', async () => {
    for (const one of [demo, real]) {
      town = one;
      await town.identity.contacts.sendCode(county, '13900002046', 'zh-Hans');
      await town.outreach.worker.drain();
      const [row] = await town.rows();
      expect('code' in row!.params).toBe(one === demo);
      expect(row!.params['minutes']).toBe(5);
    }
  });
  it('takes a simulated history at the time of each action', async () => {
    town = demo;
    const recipient = await town.resident('13900002046');
    const times: number[] = [];
    for (let i = 0; i < 3; i++) { await town.write([{ ...urgent(recipient), urgent: false }]); times.push(town.world.now()); town.world.advance(86_400_000); }
    expect(await town.outreach.logHistory(county)).toBe(3);
    expect((await town.world.db.query<{ at: Date }>('select at from delivery_log order by at')).map(({ at }) => at.getTime())).toEqual(times);
    expect(await town.outreach.worker.drain()).toBe(0);
  });
});

describe('what is not urgent', () => {
  it('waits for the morning, uncounted, while the urgent leaves at night', async () => {
    town.world.setNow(night);
    const recipient = await town.resident('13900002046');
    await town.write([{ ...urgent(recipient, 'filed'), urgent: false }, urgent(recipient, 'urged')]);
    await town.outreach.worker.drain();
    expect((await town.rows()).map(({ state, attempts, error }) => [state, attempts, error]).sort()).toEqual([['logged', 1, null], ['queued', 0, 'quiet_hours']]);
    town.world.setNow(Date.parse('2026-11-25T08:00:00+08:00'));
    await town.outreach.worker.drain();
    expect((await town.rows()).map(({ state }) => state)).toEqual(['logged', 'logged']);
  });
  it('reaches a resident ten times a day at the most, within one batch too; the rest leaves next morning', async () => {
    const recipient = await town.resident('13900002046');
    for (let i = 0; i < 12; i++) await town.write([{ ...urgent(recipient, 'filed'), urgent: false }]);
    await town.write([urgent(recipient, 'urged')]);
    await town.outreach.worker.drain();
    const rows = await town.rows();
    expect(rows.filter(({ state }) => state === 'logged').length).toBe(11);
    expect(rows.filter(({ error, next_at }) => error === 'daily_cap' && next_at.toISOString() === '2026-11-25T00:00:00.000Z').length).toBe(2);
  });
  it('follows the county\'s own settings', async () => {
    town.world.setNow(night);
    await town.world.ownerDb.query(`update county set settings = '{"outreach": {"quietFrom": 0, "quietUntil": 0, "dailyCap": 1}}'`);
    const recipient = await town.resident('13900002046');
    for (let i = 0; i < 2; i++) await town.write([{ ...urgent(recipient, 'filed'), urgent: false }]);
    await town.outreach.worker.drain();
    expect((await town.rows()).map(({ state }) => state).sort()).toEqual(['logged', 'queued']);
  });
});

describe('tries', () => {
  it('go on with growing pauses until it is sent; each carries the same id', async () => {
    const [id] = await town.write([urgent(await town.resident('13900002046'))]);
    const out = way([{ state: 'later', error: 'http_503' }, { state: 'unknown', error: 'http_timeout' }, { state: 'sent', peer: 'p7' }]);
    const worker = workerWith(out);
    await worker.drain();
    expect(await town.rows()).toMatchObject([{ state: 'queued', attempts: 1, error: 'http_503' }]);
    town.world.advance(7_500);
    await worker.drain();
    expect(await town.rows()).toMatchObject([{ state: 'queued', attempts: 2, error: 'http_timeout' }]);
    town.world.advance(15_000);
    await worker.drain();
    expect(await town.rows()).toMatchObject([{ state: 'sent', attempts: 3, error: null, peer_id: 'p7' }]);
    expect(out.got.map((message) => message.id)).toEqual([id, id, id]);
    expect(out.got[0]).toMatchObject({ to: '13900002046', county, language: 'zh-Hans', text: '【灯火】您有新任务：路灯不亮，谢家路村，今天 17:30 前办结。编号 A1。' });
  });
  it('heed how long the peer wants to be left alone', async () => {
    await town.write([urgent(await town.resident('13900002046'))]);
    await workerWith(way([{ state: 'later', error: 'http_429', afterMs: 600_000 }])).drain();
    expect((await town.rows())[0]!.next_at.getTime()).toBe(town.world.now() + 600_000);
  });
  it('end after twelve: given up, with the reason', async () => {
    await town.write([urgent(await town.resident('13900002046'))]);
    const out = way(() => ({ state: 'later', error: 'http_503' }));
    const worker = workerWith(out);
    for (let i = 0; i < 20; i++) { await worker.drain(); town.world.advance(2 * 3_600_000); }
    expect(out.got.length).toBe(12);
    expect(await town.rows()).toMatchObject([{ state: 'given_up', error: 'http_503' }]);
  });
  it('are not made again where nobody can tell and the peer knows no keys', async () => {
    await town.write([urgent(await town.staff('wang', { email: 'wang@town.example' }))]);
    const out = way([{ state: 'unknown', error: 'smtp_timeout' }], { channel: 'email', idempotent: false });
    const worker = workerWith(out);
    await worker.drain();
    town.world.advance(86_400_000);
    await worker.drain();
    expect(out.got.length).toBe(1);
    expect(await town.rows()).toMatchObject([{ state: 'unknown', error: 'smtp_timeout' }]);
  });
  it.each([
    ['the phone is a landline', { phone: '0574-62151234' }, 'no_address'],
    ['only mail is known and no mail is connected', { email: 'wang@town.example' }, 'no_adapter'],
  ])('are not made where %s: it is on the list of what needs a person', async (_case, address, error) => {
    await town.write([urgent(await town.staff('wang', address))]);
    await workerWith(way([])).drain();
    expect(await town.rows()).toMatchObject([{ state: 'failed', error }]);
  });
  it('are not made to somebody whose contact was erased', async () => {
    const recipient = await town.resident('13900002046');
    await town.write([urgent(recipient)]);
    await town.world.db.query(`update contact set phone = null, phone_index = null, erased_at = $1`, [new Date(town.world.now())]);
    await town.outreach.worker.drain();
    expect(await town.rows()).toMatchObject([{ state: 'failed', error: 'no_recipient' }]);
  });
});

describe('claims', () => {
  it('two workers never hold the same delivery, and none takes more than its window', async () => {
    const recipient = await town.resident('13900002046');
    for (let i = 0; i < 60; i++) await town.write([urgent(recipient)]);
    let most = 0;
    let now = 0;
    const out = way([], { send: async () => { most = Math.max(most, ++now); await new Promise((resolve) => setImmediate(resolve)); now--; return { state: 'sent', peer: null }; } });
    const ids: string[] = [];
    const counting = { ...out, send: (message: Outgoing) => { ids.push(message.id); return out.send(message); } };
    await Promise.all([workerWith(counting).drain(), workerWith(counting).drain(), workerWith(counting).drain()]);
    expect(ids.length).toBe(60);
    expect(new Set(ids).size).toBe(60);
    expect(most).toBeLessThanOrEqual(12);
  });
  it('of a worker that died before it called anybody are taken up again', async () => {
    await town.write([urgent(await town.resident('13900002046'))]);
    await town.world.db.query(`update delivery set state = 'claimed', claimed_by = gen_random_uuid(), claimed_until = $1, attempts = 1`, [new Date(town.world.now() + 60_000)]);
    const worker = workerWith(way([], { name: 'smtp', channel: 'sms', idempotent: false }));
    expect(await worker.drain()).toBe(0);
    town.world.advance(60_001);
    expect(await worker.drain()).toBe(1);
    expect(await town.rows()).toMatchObject([{ state: 'sent' }]);
  });
  it('of a worker that died while it sent are unknown where the peer knows no keys, and tried again where it does', async () => {
    const recipient = await town.resident('13900002046');
    const [byMail, byHook] = [(await town.write([urgent(recipient)]))[0]!, (await town.write([urgent(recipient)]))[0]!];
    for (const [id, adapter] of [[byMail, 'smtp'], [byHook, 'way']])
      await town.world.db.query(`update delivery set state = 'claimed', claimed_by = gen_random_uuid(), claimed_until = $2, attempts = 1, adapter = $3 where id = $1`, [id, new Date(town.world.now() - 1), adapter]);
    const out = way([]);
    await workerWith(out).drain();
    expect(out.got.map((message) => message.id)).toEqual([byHook]);
    expect((await town.rows()).find(({ id }) => id === byMail)).toMatchObject({ state: 'unknown', error: 'worker_died' });
  });
  it('that ran out while their worker was held up are left to whoever took them', async () => {
    await town.write([urgent(await town.resident('13900002046'))]);
    const late = way([], {
      send: async () => {
        town.world.advance(61_000);
        await workerWith(way([{ state: 'sent', peer: 'the other' }])).drain();
        return { state: 'later', error: 'http_503' };
      },
    });
    await workerWith(late).runOnce();
    expect(await town.rows()).toMatchObject([{ state: 'sent', peer_id: 'the other' }]);
  });
});

describe('the same action twice', () => {
  it('cannot write its message twice', async () => {
    const recipient = await town.resident('13900002046');
    await town.write([urgent(recipient)]);
    await expect(town.world.db.query(`insert into delivery select county, gen_random_uuid(), matter, version, template, recipient, null, null, params, urgent, 'queued', 0, next_at, null, null, null, null, created_at, null from delivery`)).rejects.toThrow(/duplicate key/);
  });
});
