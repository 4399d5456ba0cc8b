import fc from 'fast-check';
import { createServer as createBroker, type AddressInfo, type Server as BrokerServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Actor } from '../../src/base/actor.ts';
import { isRefusal } from '../../src/base/result.ts';
import { sensingRoutes } from '../../src/modules/sensing/routes.ts';
import { topicOf } from '../../src/modules/sensing/rules/messages.ts';
import { createListening } from '../../src/modules/sensing/service/mqtt.ts';
import { createServer, type Server } from '../../src/platform/http/server.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { person } from '../cases/made.ts';
import { county, openSensorTown, reasonOf, right, steward, type SensorTown } from './made.ts';

const minute = 60_000;
let town: SensorTown;
let { world, modules, send, rows } = {} as SensorTown;
let [server, address] = [undefined as Server | undefined, ''];
const keys = new Map<string, string>();
const gateway: Actor = { ...person(61, 'gateway'), kind: 'program' };
let signedIn: Actor | null = null;

const kept = (code: string): Promise<{ at: Date; value: number; raw: number | null; marks: number }[]> =>
  rows('select r.at, r.value, r.raw, r.marks from reading r join sensor s using (county, no) where r.county = $1 and s.code = $2 order by r.at, r.seq', [county, code]);
const device = async (code: string) => right(await modules.sensing.views.device(steward, county, code, 'en'));
const post = async (body: unknown, key?: string): Promise<{ status: number; body: { accepted?: number; reason?: string; refused?: { line: number; reason: string; message: string }[] } }> => {
  const response = await fetch(`${address}/api/readings`, { method: 'POST', headers: { 'content-type': 'application/json', ...(key !== undefined && { 'x-device-key': key }) }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  return { status: response.status, body: await response.json() as never };
};

beforeAll(async () => {
  town = await openSensorTown();
  ({ world, modules, send, rows } = town);
  const codes = ['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W7', 'W8', 'W9', 'Q1', 'Q2'];
  for (const { code, key } of right(await modules.sensing.register.add(steward, county, codes.map((code) => ({ code, kind: 'water', component: town.lamp })), true))) keys.set(code, key!);
  server = await createServer({ ...world, metrics: createMetrics() }, { authenticate: async () => signedIn });
  server.mount(sensingRoutes(world, modules.sensing, modules.identity, () => 480));
  address = await server.listen();
}, 120_000);
afterAll(async () => {
  await server?.drain();
  await town?.close();
});

test('devices are registered all or none, with every wrong one named, and each has an entry', async () => {
  const wrong = await modules.sensing.register.add(steward, county, [
    { code: 'N1', kind: 'lamp', component: town.lamp }, { code: 'N1', kind: 'lamp', component: town.lamp }, { code: 'N2', kind: 'radar', component: town.lamp }, { code: 'N3', kind: 'lamp' }, { code: 'N4', kind: 'lamp', component: '0000000000000000' },
    { code: 'N5', kind: 'lamp', lng: 0, lat: 0 }, { code: 'N6', kind: 'lamp', component: town.lamp, unit: 'nobody' }, { code: 'W1', kind: 'lamp', component: town.lamp },
  ], false);
  expect(isRefusal(wrong) && wrong.errors?.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
    '/devices/1/code sensing.twice', '/devices/2/kind sensing.rule.kind', '/devices/3/lng sensing.no_point', '/devices/4/component sensing.no_component', '/devices/5/lng sensing.outside', '/devices/6/unit sensing.no_unit', '/devices/7/code sensing.taken',
  ]);
  expect(reasonOf(await modules.sensing.views.device(steward, county, 'N1', 'en'))).toBe('sensing.no_device');
  expect(reasonOf(await modules.sensing.register.add(person(62, 'intake'), county, [{ code: 'N1', kind: 'lamp', component: town.lamp }], false))).toBe('identity.not_permitted');
  await modules.ledger.sequencer.drain();
  const entries = await rows<{ canonical: string }>(`select convert_from(canonical, 'UTF8') as canonical from ledger_entry where county = $1 and position('"kind":"device"' in convert_from(canonical, 'UTF8')) > 0`);
  expect(entries.map(({ canonical }) => JSON.parse(canonical) as object)).toMatchObject([{ action: 'register', set: { count: 11 } }]);
  expect(entries[0]!.canonical).not.toContain(keys.get('W1'));
  for (const q of ['w3', ' W3 ']) expect(right(await modules.sensing.views.devices(steward, county, { q }, 'en')).items.map(({ code }) => code)).toEqual(['W3']);
  expect(right(await modules.sensing.views.devices(steward, county, { q: town.lamp, limit: 4 }, 'en'))).toMatchObject({ items: { length: 4 }, next: 'W2', counts: { all: 11, never: 11 } });
  expect(right(await modules.sensing.views.devices(steward, county, { kind: 'lamp' }, 'en')).items).toEqual([]);
});

test('one line or many, each judged by itself; the right ones are durable when the answer comes', async () => {
  const sent = await post({ readings: [
    { value: 1.1, seq: 1 }, { value: 120, unit: 'cm', at: new Date(world.now() - minute).toISOString() }, { value: 'NaN' }, { value: null }, { value: 1, unit: 'psi' }, { value: 1, at: 'gestern' }, { device: 'W2', value: 1 }, 7, { value: 2, measure: 'depth' },
  ] }, keys.get('W1'));
  expect(sent.status).toBe(202);
  expect([sent.body.accepted, sent.body.refused?.map(({ line, reason }) => `${line} ${reason}`)]).toEqual([2, ['2 sensing.no_number', '3 sensing.no_number', '4 sensing.unit', '5 sensing.no_time', '6 sensing.not_theirs', '7 sensing.shape', '8 sensing.no_measure']]);
  expect(sent.body.refused?.every(({ message }) => !message.startsWith('['))).toBe(true);
  expect((await kept('W1')).map(({ value }) => value)).toEqual([1.2, 1.1]);
  expect(await device('W1')).toMatchObject({ faults: 6, now: [{ value: 1.1, unit: 'm' }] });
});

test('what is sent twice is there once, a hundred times at once too', async () => {
  const line = { value: 0.5, at: new Date(world.now()).toISOString(), seq: 9 };
  await Promise.all(Array.from({ length: 100 }, () => post(line, keys.get('W2'))));
  await post(line, keys.get('W2'));
  expect(await kept('W2')).toHaveLength(1);
  expect((await device('W2')).thinned).toBe(0);
});

test('a clock in 1970 or in the future is ours instead, and marked; what cannot be measured is kept and judged by nobody', async () => {
  world.advance(minute);
  await send({ device: 'W3', value: 0.2, at: 0 });
  world.advance(minute);
  await send({ device: 'W3', value: 0.2, at: '2099-01-01T00:00:00Z' });
  world.advance(minute);
  await send({ device: 'W3', value: 9_999 });
  const found = await kept('W3');
  expect(found.map(({ marks }) => marks)).toEqual([1, 1, 2]);
  expect(found[1]!.at.getTime()).toBe(world.now() - minute);
  expect(await device('W3')).toMatchObject({ alarms: 0, now: [{ value: 0.2 }] });
});

test('forty a second are thinned to what the kind keeps, and noted', async () => {
  const from = world.now();
  for (let second = 0; second < 3; second++) {
    world.advance(1_000);
    await send(...Array.from({ length: 40 }, (_, at) => ({ device: 'W4', value: at / 100, at: new Date(from + second * 1_000 + at * 25).toISOString() })));
  }
  expect((await kept('W4')).length).toBe(3);
  expect((await device('W4')).thinned).toBe(117);
  expect(right(await modules.sensing.views.devices(steward, county, { box: 'faulty' }, 'en')).items.map(({ code }) => code)).toContain('W4');
});

test('what comes late is kept and marked, counted in the minute it was taken in, and judged by nobody', async () => {
  const at = world.now();
  await send({ device: 'W5', value: 0.1, at: new Date(at).toISOString() });
  await send({ device: 'W5', value: 5, at: new Date(at - 3_600_000).toISOString() }, { device: 'W5', value: 7, at: new Date(at - 3_600_000 + 20_000).toISOString() });
  expect((await kept('W5')).map(({ value, marks }) => [value, marks])).toEqual([[5, 4], [7, 4], [0.1, 0]]);
  expect((await device('W5')).alarms).toBe(0);
  world.advance(10 * minute);
  while (await modules.sensing.rolls.count(county) > 0);
  const minutes = right(await modules.sensing.views.series(steward, county, 'W5', { span: 'day' }));
  expect(minutes.points.map(({ value, low, high, count }) => [value, low, high, count])).toEqual([[6, 5, 7, 2], [0.1, 0.1, 0.1, 1]]);
  const year = right(await modules.sensing.views.series(steward, county, 'W5', { span: 'year' }));
  expect(year.points).toMatchObject([{ count: 3, low: 0.1, high: 7, at: '2026-11-23T16:00:00.000Z' }]);
});

test('a key is the device\'s alone: an old one holds for some hours after it was changed, a stolen one not a moment', async () => {
  const old = keys.get('W6')!;
  expect((await post({ value: 1 }, 'wrong')).body.reason).toBe('sensing.key');
  expect((await post({ value: 1 })).body.reason).toBe('sensing.nobody');
  const { key } = right(await modules.sensing.register.key(steward, county, 'W6', 'rotate'));
  expect([(await post({ value: 1 }, old)).status, (await post({ value: 1.1, seq: 1 }, key!)).status]).toEqual([202, 202]);
  world.advance(73 * 3_600_000);
  expect([(await post({ value: 1 }, old)).status, (await post({ value: 1.2 }, key!)).status]).toEqual([401, 202]);
  const fresh = right(await modules.sensing.register.key(steward, county, 'W6', 'revoke')).key!;
  expect([(await post({ value: 1 }, key!)).status, (await post({ value: 1.3 }, fresh)).status]).toEqual([401, 202]);
  const stored = await rows<{ key: Buffer }>('select key from sensor where county = $1 and code = $2', [county, 'W6']);
  expect(stored[0]!.key.toString('latin1')).not.toContain(fresh);
});

test('a gateway brings for every device, nobody else does', async () => {
  signedIn = gateway;
  expect((await post([{ device: 'W7', value: 1 }, { device: 'nobody', value: 1 }, { value: 1 }])).body).toMatchObject({ accepted: 1, refused: [{ line: 1, reason: 'sensing.no_device' }, { line: 2, reason: 'sensing.no_device' }] });
  signedIn = steward;
  expect((await post([{ device: 'W7', value: 1 }])).status).toBe(401);
  signedIn = null;
  for (const body of ['', '[]', '{"readings":7}', '7', 'null', '{']) expect([400, 422]).toContain((await post(body, keys.get('W7'))).status);
});

test('calibration counts from its moment on; the raw value stays beside', async () => {
  const from = world.now();
  right(await modules.sensing.register.calibrate(steward, county, 'W8', { measure: 'level', scale: 2, shift: 0.1, from: new Date(from).toISOString() }));
  await send({ device: 'W8', value: 1, at: new Date(from - minute).toISOString() }, { device: 'W8', value: 1, at: new Date(from + 1_000).toISOString() });
  expect((await kept('W8')).map(({ value, raw }) => [value, raw])).toEqual([[1, null], [2.1, 1]]);
  expect(reasonOf(await modules.sensing.register.calibrate(steward, county, 'W8', { measure: 'level', scale: 0, shift: 0 }))).toBe('sensing.scale');
});

test('the ring: tomorrow\'s slot is emptied of a month ago, and never of what is young', async () => {
  const count = async (): Promise<number> => (await rows<{ count: number }>('select count(*)::int as count from reading where county = $1'))[0]!.count;
  const before = await count();
  await modules.sensing.rolls.makeRoom();
  expect(await count()).toBe(before);
  const first = world.now();
  for (let day = 0; day < 33; day++) { world.setNow(first + day * 86_400_000); await modules.sensing.rolls.makeRoom(); }
  expect(await count()).toBe(0);
  await send({ device: 'W9', value: 1 });
  await modules.sensing.rolls.forget(county);
  expect(await count()).toBe(1);
});

const openBroker = async (): Promise<{ port: number; close(): Promise<void>; reach(): Promise<MqttClient> }> => {
  const aedes = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const net: BrokerServer = createBroker((socket) => { sockets.add(socket); socket.once('close', () => sockets.delete(socket)); aedes.handle(socket); });
  await new Promise<void>((resume) => net.listen(0, '127.0.0.1', resume));
  const { port } = net.address() as AddressInfo;
  return {
    port, reach: () => connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 0 }),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resume) => net.close(() => resume()));
      await new Promise<void>((resume) => aedes.close(() => resume()));
    },
  };
};

test('over MQTT: by the key of the device, durable before it is acknowledged, with a word back for what is wrong', async () => {
  const broker = await openBroker();
  const listening = () => createListening({ world: { ...world, metrics: createMetrics() }, registry: modules.sensing.registry, intake: modules.sensing.intake }, { url: `mqtt://127.0.0.1:${broker.port}`, prefix: 'town/sensors', trust: 'key', client: 'test', lanes: 1 });
  const first = listening();
  const client = await broker.reach();
  const heard: string[] = [];
  client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
  await client.subscribeAsync(`town/sensors/${county}/+/refused`);
  const say = (code: string, message: unknown, what = 'readings') => client.publishAsync(`town/sensors/${county}/${code}/${what}`, typeof message === 'string' ? message : JSON.stringify(message), { qos: 1 });
  const count = async (code: string): Promise<number> => (await kept(code)).length;
  try {
    first.start();
    world.advance(minute);
    // Kept by the broker until somebody reads: the session is there from the first connection on.
    await expect.poll(async () => { await say('Q1', { value: 1, at: new Date(world.now()).toISOString(), seq: 1, key: keys.get('Q1') }); return count('Q1'); }, { timeout: 20_000 }).toBe(1);
    await say('Q1', { value: 1.5, at: new Date(world.now() + 2_000).toISOString(), key: 'stolen' });
    await say('Q1', 'not json');
    await say('Q1', { readings: [{ value: 'NaN' }, { value: 1.7, at: new Date(world.now() + 4_000).toISOString() }], key: keys.get('Q1') });
    await say('nobody', { value: 1, key: keys.get('Q1') });
    await expect.poll(() => heard.length, { timeout: 20_000 }).toBe(4);
    expect(heard.map((one) => /"reason":"([a-z._]+)"/.exec(one)?.[1])).toEqual(['sensing.key', 'sensing.json', 'sensing.no_number', 'sensing.no_device']);
    expect((await kept('Q1')).map(({ value }) => value)).toEqual([1, 1.7]);

    // The database refuses for a while: nothing is acknowledged, nothing lost, nothing doubled.
    await world.ownerDb.query('revoke insert on reading from lamplight_app');
    await say('Q2', { value: 0.3, key: keys.get('Q2'), at: new Date(world.now()).toISOString() });
    await expect(say('Q2', { value: 0.4, key: keys.get('Q2'), at: new Date(world.now() + 5_000).toISOString() })).resolves.toBeDefined();
    expect(await count('Q2')).toBe(0);
    await world.ownerDb.query('grant insert on reading to lamplight_app');
    await expect.poll(() => count('Q2'), { timeout: 20_000 }).toBe(2);

    // Nobody reads: the broker keeps what comes.
    await first.stop();
    await say('Q2', { value: 0.6, key: keys.get('Q2'), at: new Date(world.now() + 9_000).toISOString() });
    const second = listening();
    second.start();
    await expect.poll(() => count('Q2'), { timeout: 20_000 }).toBe(3);

    // A last will is silence at once.
    await say('Q2', { state: 'offline', key: 'stolen' }, 'state');
    await say('Q2', { state: 'offline', key: keys.get('Q2') }, 'state');
    world.advance(1_000);
    await expect.poll(async () => { await modules.sensing.raising.watch(county); return (await device('Q2')).silent; }, { timeout: 20_000 }).toBe(true);
    await second.stop();
  } finally {
    await client.endAsync(true);
    await first.stop();
    await broker.close();
  }
}, 90_000);

test('a topic is a device\'s, a gateway\'s or nobody\'s', () => {
  expect(topicOf('a/b', 'a/b/330281/X-1/readings')).toEqual({ county: '330281', device: 'X-1', what: 'readings' });
  expect(topicOf('a/b', 'a/b/330281/readings')).toEqual({ county: '330281', device: null, what: 'readings' });
  for (const other of ['a/b/330281/X/refused', 'a/b/330281/X/readings/more', 'a/c/330281/X/readings', 'a/b//X/readings', 'a/b/330281//readings', 'a/b/330281/..%2f/readings', '']) expect(topicOf('a/b', other)).toBeUndefined();
  fc.assert(fc.property(fc.string(), (topic) => { const found = topicOf('a', topic); if (found) expect(topic.startsWith('a/')).toBe(true); }));
});
