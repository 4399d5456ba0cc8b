import { fastify } from 'fastify';
import { Type } from 'typebox';
import { createServer as createHttp } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { theSystem } from '../src/base/actor.ts';
import { piecesOf } from '../src/platform/tables/table.ts';
import { isRefusal } from '../src/base/result.ts';
import { openDatabase } from '../src/platform/database/database.ts';
import { readConfig } from '../src/platform/config.ts';
import { createServer } from '../src/platform/http/server.ts';
import { readDemoTown } from '../src/demo/town-data.ts';
import { readMapping } from '../src/modules/history/index.ts';
import { startWorks } from '../src/entry/worker.ts';
import { openTown } from '../src/entry/town/town.ts';
import { openWorld } from '../src/entry/world.ts';
import { oldTable } from './old-table.ts';
import { handOff, type HandOff } from './hand-off.ts';
import { prepareTown } from './prepare.ts';
import { playReadings } from './readings.ts';

const root = process.cwd();
const config = readConfig(process.env, root);
const say = (port: number, said: Record<string, string> = {}): void => void process.send?.({ port, said });

/** A bare route with a schema whose handler inserts two rows in one statement: what intake is held against. */
const raw = async (): Promise<void> => {
  const db = openDatabase(config.databaseUrl!, { max: Number(process.env['BENCH_POOL'] ?? 16) });
  const app = fastify();
  app.post('/pair', {
    schema: {
      body: Type.Object({ id: Type.String(), op: Type.String(), text: Type.String({ maxLength: 2_000 }), lng: Type.Number(), lat: Type.Number() }),
      response: { 201: Type.Object({ id: Type.String() }) },
    },
  }, async (request, reply) => {
    const { id, op, text, lng, lat } = request.body as { id: string; op: string; text: string; lng: number; lat: number };
    await db.query('with a as (insert into bench_one (id, body) values ($1, $3)) insert into bench_two (id, one) values ($2, $1)', [id, op, JSON.stringify({ text, lng, lat })], 'pair');
    return reply.code(201).send({ id });
  });
  app.get('/nothing', { schema: { response: { 200: Type.Object({ ok: Type.Boolean() }) } } }, async () => ({ ok: true }));
  await app.listen({ port: 0, host: '127.0.0.1' });
  say((app.server.address() as AddressInfo).port);
};

/** The server as it ships, in one process with its works (BENCH_WORKS=0: without, so that the inbox fills). */
const town = async (): Promise<void> => {
  const world = await openWorld(config, config.databaseUrl!, true);
  const said = await prepareTown(world, Number(process.env['BENCH_COUNTIES'] ?? 1));
  const opened = await openTown(world);
  const marks: [number, number][] = [];
  opened.modules.ledger.bell.listen((_, size) => marks.push([size, Date.now()]));
  process.on('message', () => void process.send?.(marks));
  const stopWorks = await startWorks(opened, process.env['BENCH_WORKS'] !== '0');
  const server = await createServer(world, { ...opened.http, ends: { folder: join(root, 'dist/web'), names: ['console', 'field', 'screen'] } });
  server.mount(opened.routes);
  server.mountPages(opened.pages);
  const address = await server.listen();
  process.once('SIGTERM', () => void (async () => { await server.drain(); await stopWorks(); await opened.close(); await world.close(); process.exit(0); })());
  say(Number(new URL(address).port), said);
};

/** Orders what has filled the inboxes, then verifies all of it: entries and milliseconds of each. */
const ledger = async (): Promise<void> => {
  const world = await openWorld(config, config.databaseUrl!, true);
  const { modules } = await openTown(world);
  const timed = async <T>(work: () => Promise<T>): Promise<[T, string]> => {
    const begin = performance.now();
    return [await work(), String(performance.now() - begin)];
  };
  const [sequenced, sequencedMs] = await timed(() => modules.ledger.sequencer.drain());
  const [reports, verifiedMs] = await timed(() => modules.ledger.verify());
  const findings = reports.flatMap((report) => report.findings);
  say(0, {
    sequenced: String(sequenced), sequencedMs, verifiedMs, verified: String(reports.reduce((sum, { entries }) => sum + entries, 0)),
    findings: String(findings.length), first: JSON.stringify(findings[0] ?? null),
  });
  process.once('SIGTERM', () => void world.close().then(() => process.exit(0)));
};

/** Plays readings of devices (BENCH_DEVICES, BENCH_ROUNDS) and the same rows by COPY: milliseconds of each round. */
const sensors = async (): Promise<void> => {
  const world = await openWorld(config, config.databaseUrl!, true);
  await prepareTown(world, 1);
  const { modules } = await openTown(world);
  const { ours, copies, alarms, kept } = await playReadings(modules, readDemoTown().county.code, Number(process.env['BENCH_DEVICES']), Number(process.env['BENCH_ROUNDS']));
  say(0, { ours: JSON.stringify(ours), copies: JSON.stringify(copies), alarms: String(alarms), kept: String(kept) });
  process.once('SIGTERM', () => void world.close().then(() => process.exit(0)));
};

/** Brings a table of another system in (BENCH_ROWS), then orders and signs it: milliseconds of each part. */
const history = async (): Promise<void> => {
  const world = await openWorld(config, config.databaseUrl!, true);
  const { row } = await prepareTown(world, 1);
  const { modules } = await openTown(world);
  await modules.ledger.sequencer.drain();
  const mapping = await readMapping('city-management');
  if (isRefusal(mapping)) throw new Error(mapping.reason);
  const bytes = oldTable(Number(process.env['BENCH_ROWS']), row!, world.now());
  const begin = performance.now();
  let checked = begin;
  let cpu = process.cpuUsage();
  const report = await modules.history.import(theSystem, readDemoTown().county.code, {
    source: { name: 'old.csv', ...piecesOf(bytes) }, mapping, onProgress({ phase }) {
      if (phase !== 'check') return;
      checked = performance.now();
      cpu = process.cpuUsage();
    },
  });
  if (isRefusal(report)) throw new Error(`${report.reason} ${JSON.stringify(report.errors?.slice(0, 3))}`);
  const landed = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  await modules.ledger.sequencer.drain();
  say(0, {
    cpuMs: String((user + system) / 1_000), checkedMs: String(checked - begin), landedMs: String(landed - checked), orderedMs: String(performance.now() - landed), bytes: (bytes.length / 2 ** 20).toFixed(0),
    added: String(report.added), refused: String(report.refused), noticed: String(report.problems.reduce((sum, { count }) => sum + count, 0)),
  });
  process.once('SIGTERM', () => void world.close().then(() => process.exit(0)));
};

/** Hands text messages over to the centre that BENCH_SMS names, and says how many a second. */
const sms = async (): Promise<void> => {
  const world = await openWorld(config, config.databaseUrl!, false);
  const { alone, through } = await handOff(world, JSON.parse(process.env['BENCH_SMS']!) as HandOff);
  say(0, { alone: String(alone), through: String(through) });
  process.once('SIGTERM', () => void world.close().then(() => process.exit(0)));
};

/** A bare loop that writes an event to every open stream once a second: what our stream is held against. */
const streams = (): void => {
  const open = new Set<import('node:http').ServerResponse>();
  const server = createHttp((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    open.add(response);
    response.on('close', () => open.delete(response));
  });
  setInterval(() => { const frame = `data: ${Date.now()}\n\n`; for (const response of open) response.write(frame); }, 1_000);
  server.listen(0, '127.0.0.1', () => say((server.address() as AddressInfo).port));
};

switch (process.argv[2]) {
  case 'raw': await raw(); break;
  case 'town': await town(); break;
  case 'ledger': await ledger(); break;
  case 'history': await history(); break;
  case 'sensors': await sensors(); break;
  case 'sms': await sms(); break;
  case 'streams': streams(); break;
  default: throw new Error(`bench/serve.ts: no role ${process.argv[2]}`);
}
