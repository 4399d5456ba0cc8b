import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SeededRandom } from '../../src/base/random.ts';
import { createOutreach } from '../../src/modules/outreach/index.ts';
import type { Modules } from '../../src/entry/town/modules.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import type { World } from '../../src/platform/world.ts';

const secret = 'a peer of the drills, and no other';
const [minute, hour] = [60_000, 3_600_000];

export interface MessagesReport {
  readonly sent: number;
  /** Times that the peer failed, hung up or lied. */
  readonly faults: number;
  readonly wrong: readonly string[];
}

/** A gateway as it should not be: it fails, hangs up before or after taking a message, and says 200 to what it has not read. */
const badPeer = async (random: SeededRandom) => {
  /** How often each message was taken; a gateway passes one of a key on once, as its contract says. */
  const taken = new Map<string, number>();
  let faults = 0;
  const bodyOf = async (request: IncomingMessage): Promise<{ readonly id: string }> => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as { id: string };
  };
  const server = createServer((request, response) => {
    void bodyOf(request).then(({ id }) => {
      const luck = random.fraction();
      const take = (): void => void taken.set(id, (taken.get(id) ?? 0) + 1);
      if (luck < 0.35) faults++;
      if (luck < 0.1) response.writeHead(503, { 'retry-after': '30' }).end();
      else if (luck < 0.18) request.socket.destroy();
      else if (luck < 0.26) { take(); request.socket.destroy(); }
      else if (luck < 0.35) response.writeHead(200, { 'content-type': 'text/html' }).end('<html>welcome</html>');
      else { take(); response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ accepted: true, id: `p-${id}` })); }
    }).catch(() => request.socket.destroy());
  });
  await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, taken, faults: () => faults,
    close: () => new Promise<void>((closed) => { server.closeAllConnections(); server.close(() => closed()); }),
  };
};

/**
 * Sends what a history has left to be sent, over a gateway that fails, hangs up and lies, by two workers whose clocks jump
 * forwards and back, until nothing is left for a machine to do; then holds what the gateway took against what the outbox says.
 */
export const sendUnderFaults = async (world: World, { identity, ledger }: Pick<Modules, 'identity' | 'ledger'>, begin: number, seed: string): Promise<MessagesReport> => {
  const random = new SeededRandom(`${seed} messages`);
  const peer = await badPeer(random);
  const wrong: string[] = [];
  let at = begin;
  try {
    const own: World = { ...world, demo: false, now: () => at, random: new SeededRandom(`${seed} workers`), metrics: createMetrics() };
    const workers = [0, 1].map(() => createOutreach({ ...own, metrics: createMetrics() }, identity, ledger, { webhook: { url: peer.url, secret, timeoutMs: 2_000 } }).worker);
    const waiting = async (): Promise<number> => Number((await world.db.query<{ count: number }>(`select count(*) as count from delivery where state in ('queued', 'claimed')`, []))[0]!.count);
    // The caps of a day hold most of a month back: it takes days, which the clock makes short.
    for (let round = 0; (await waiting()) > 0; round++) {
      if (round === 4_000) { wrong.push(`${await waiting()} messages are not brought to an end`); break; }
      await Promise.all(workers.map((worker) => worker.drain()));
      const luck = random.fraction();
      at += luck < 0.1 ? -random.below(3 * hour) : luck < 0.3 ? random.below(36 * hour) : 5 * minute + random.below(4 * hour);
    }
    const rows = await world.db.query<{ id: string; state: string; what: string }>(`select id, state, concat_ws(' ', recipient, matter, version, template) as what from delivery where matter is not null`, []);
    const known = new Map(rows.map((row) => [row.id, row]));
    for (const id of peer.taken.keys()) if (!known.has(id)) wrong.push(`message ${id} was sent and is in no outbox`);
    for (const { id, state } of rows) if (state === 'sent' && !peer.taken.has(id)) wrong.push(`message ${id} is called sent and was never taken`);
    // Under one id the gateway passes a message on once; another id would reach the person twice.
    const reached = Map.groupBy(rows.filter(({ id }) => peer.taken.has(id)), ({ what }) => what);
    for (const [what, twice] of reached) if (twice.length > 1) wrong.push(`${what} reached somebody ${twice.length} times`);
    return { sent: rows.filter(({ state }) => state === 'sent').length, faults: peer.faults(), wrong };
  } finally {
    await peer.close();
  }
};
