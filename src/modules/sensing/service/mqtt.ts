import { connect, type IPublishPacket, type MqttClient } from 'mqtt';
import { Counter, Gauge } from 'prom-client';
import { isRefusal } from '../../../base/result.ts';
import type { MqttBroker } from '../../../platform/config.ts';
import { readMessage, topicOf, type Spoken } from '../rules/messages.ts';
import { updateWill } from '../store/devices.ts';
import { noteFaults } from '../store/readings.ts';
import type { Needs } from './needs.ts';
import type { Intake, RefusedLine } from './intake.ts';
import { isKey, type Registry } from './registry.ts';

/** Bytes that a message may have. */
const messageBytes = 256 * 1024;
/** Milliseconds until what could not be written is tried again, and until another process's reading is looked at again. */
const againMs = 1_000;
const turnMs = 3_000;
/** One process of all reads the broker: its place is this lock of the database. */
const place = 'lamplight mqtt';

/**
 * Reads what devices publish. A message is acknowledged (QoS 1) when it is durable and not before, so the broker sends it again after
 * whatever cuts in. While a message is being written the connection takes no other: that is the backpressure; `lanes` share the load.
 */
export const createListening = ({ world, registry, intake }: Pick<Needs, 'world'> & { readonly registry: Registry; readonly intake: Intake }, broker: MqttBroker) => {
  const { log } = world;
  const messages = new Counter({ name: 'lamplight_mqtt_messages_total', help: 'Messages of devices by outcome (taken, refused)', labelNames: ['outcome'], registers: [world.metrics] });
  const connected = new Gauge({ name: 'lamplight_mqtt_connected', help: 'Connections to the broker that stand', registers: [world.metrics] });
  let stopped = false;
  let clients: MqttClient[] = [];
  let wake: (() => void) | undefined;
  const pause = (ms: number): Promise<void> => new Promise((resume) => {
    const timer = setTimeout(resume, ms);
    wake = () => { clearTimeout(timer); resume(); };
  });
  /** Tries until it is done: the broker waits for its acknowledgement meanwhile. */
  const surely = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    while (!stopped)
      try {
        const done = await work();
        if (!isRefusal(done) || done.status !== 503) return done;
        await pause(againMs);
      } catch (error) {
        log.warn({ err: error }, 'readings could not be written and are tried again');
        await pause(againMs);
      }
    return undefined;
  };

  const said = async (client: MqttClient, topic: string, spoken: Spoken): Promise<void> => {
    const at = topicOf(broker.prefix, topic)!;
    const devices = await registry.of(at.county);
    const refused: RefusedLine[] = [];
    const device = at.device === null ? undefined : devices.byCode.get(at.device);
    /** Whether a message may speak for a device. */
    const may = (code: unknown, key: string | undefined): boolean => {
      const found = typeof code === 'string' ? devices.byCode.get(code) : undefined;
      return broker.trust === 'topic' || (found !== undefined && key !== undefined && isKey(found, key, world.now()));
    };
    if (spoken.is === 'state') {
      if (!device || !may(device.code, spoken.key)) return void messages.inc({ outcome: 'refused' });
      const gone = spoken.online ? null : new Date(world.now());
      await updateWill(world.db, at.county, device.no, gone, new Date(world.now()));
      await registry.of(at.county, true);
    } else if (spoken.is === 'wrong') {
      refused.push({ line: 0, reason: spoken.reason });
      if (device) await noteFaults(world.db, at.county, [{ no: device.no, fault: spoken.reason, count: 1 }], new Date(world.now()));
    } else {
      const lines = spoken.lines.map((line) => (at.device === null ? line : { ...line, device: at.device }));
      const [mine, theirs] = [[] as unknown[], [] as number[]];
      for (const [line, one] of lines.entries()) {
        const key = typeof one['key'] === 'string' ? one['key'] : spoken.key;
        if (may(one['device'], key)) { mine.push(one); theirs.push(line); } else refused.push({ line, reason: devices.byCode.has(String(one['device'])) ? 'sensing.key' : 'sensing.no_device' });
      }
      if (mine.length > 0) {
        const taken = await intake.take(at.county, 'gateway', mine);
        if (isRefusal(taken)) throw new Error(taken.reason);
        refused.push(...taken.refused.map((one) => ({ ...one, line: theirs[one.line]! })));
      }
      const stolen = device && refused.filter(({ reason }) => reason === 'sensing.key').length;
      if (device && stolen) await noteFaults(world.db, at.county, [{ no: device.no, fault: 'sensing.key', count: stolen }], new Date(world.now()));
    }
    messages.inc({ outcome: refused.length > 0 ? 'refused' : 'taken' });
    // A word back for whoever listens; nobody need.
    if (refused.length > 0 && at.device !== null) client.publish(`${broker.prefix}/${at.county}/${at.device}/refused`, JSON.stringify({ refused: refused.slice(0, 20).map(({ line, reason }) => ({ line, reason })) }), { qos: 0 });
  };

  const open = (lane: number): MqttClient => {
    const client = connect(broker.url, {
      clientId: broker.lanes === 1 ? broker.client : `${broker.client}-${lane}`, clean: false, reconnectPeriod: 2_000, connectTimeout: 10_000, keepalive: 30, resubscribe: true,
    });
    const filters = ['+/+/readings', '+/+/state', '+/readings'].map((filter) => `${broker.lanes === 1 ? '' : `$share/${broker.client}/`}${broker.prefix}/${filter}`);
    client.on('connect', () => {
      connected.inc();
      client.subscribe(filters, { qos: 1 }, (error) => { if (error) log.warn({ err: error }, 'the broker lets nobody read the topics of devices'); });
    });
    client.on('close', () => connected.set(clients.filter((one) => one.connected).length));
    client.on('error', (error) => log.warn({ err: error }, 'the broker cannot be reached, and is tried again'));
    client.handleMessage = (packet: IPublishPacket, acknowledge) => {
      const topic = packet.topic.toString();
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      const spoken: Spoken | undefined = topicOf(broker.prefix, topic) === undefined ? undefined : payload.length > messageBytes ? { is: 'wrong', reason: 'sensing.too_large' } : readMessage(topic.endsWith('/state'), payload.toString('utf8'));
      // Nobody else's topic is ours to judge.
      if (spoken === undefined) acknowledge();
      else void surely(() => said(client, topic, spoken)).then(() => { if (!stopped) acknowledge(); });
    };
    return client;
  };

  const end = async (): Promise<void> => {
    const ending = clients;
    clients = [];
    await Promise.all(ending.map((client) => client.endAsync(true)));
    connected.set(0);
  };

  /** Reads while this process holds the place. */
  const turns = async (): Promise<void> => {
    while (!stopped) {
      const held = await world.db.connection().catch(() => undefined);
      let lost = held === undefined;
      held?.on('error', () => { lost = true; });
      try {
        const got = held && (await held.query<{ got: boolean }>('select pg_try_advisory_lock(hashtextextended($1, 0)) as got', [place])).rows[0]?.got === true;
        if (got) {
          clients = Array.from({ length: broker.lanes }, (_, lane) => open(lane));
          while (!stopped && !lost) {
            await pause(turnMs);
            if (!stopped) await held.query('select 1');
          }
        }
      } catch (error) {
        lost = true;
        log.warn({ err: error }, 'reading the broker is interrupted');
      }
      await end();
      if (held && !lost) await held.query('select pg_advisory_unlock(hashtextextended($1, 0))', [place]).catch(() => { lost = true; });
      held?.release(lost);
      if (!stopped) await pause(turnMs);
    }
  };

  let running: Promise<void> = Promise.resolve();
  return {
    name: 'mqtt',
    start() { running = turns(); },
    async stop() { stopped = true; wake?.(); await running; },
  };
};
