import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import { createOutreach } from '../../src/modules/outreach/index.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { accept, gateway, made, secret, type Gateway, type Made } from './made.ts';

const rounds = Number(process.env['LAMPLIGHT_KILLS'] ?? 5);
const many = 240;
let town: Made;
let peer: Gateway;
beforeAll(async () => {
  town = await made();
  peer = await gateway();
});
afterAll(async () => {
  await peer.close();
  await town.world.close();
});
beforeEach(async () => {
  for (const table of ['delivery', 'delivery_log']) await town.world.db.query(`delete from ${table}`);
});

const worker = async (start: number, seed: number, url?: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', resolve(import.meta.dirname, 'workerProcess.ts'),
    JSON.stringify({ folder: town.world.config.data, database: town.world.db.url, start, seed, url, secret })], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
};

/** Runs and kills workers at random moments; each later one begins after the claims of those before it ran out. */
const killing = async (seed: number, rounds: number, url?: string): Promise<void> => {
  const random = new SeededRandom(seed);
  for (let round = 0; round < rounds; round++) {
    // Two at a time: what one leaves in the middle, the other must not touch before its claim has run out.
    const pair = await Promise.all([0, 1].map((i) => worker(town.world.now(), seed * 1000 + round * 2 + i, url)));
    for (const child of pair) {
      // Not a wait for something to happen: the moment of the blow is what the round is about.
      await pause(random.below(120));
      child.kill('SIGKILL');
    }
    await Promise.all(pair.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    town.world.advance(180_000);
  }
};

describe('kill -9 of a worker at random moments', () => {
  it('no message is lost, and a gateway that knows keys has handled each once', async () => {
    const recipient = await town.resident('13900002046');
    const ids = await town.writeMany(many, recipient);
    const handled = new Map<string, number>();
    const chance = new SeededRandom(7);
    peer.answer = (request, response) => {
      const key = request.headers['idempotency-key'] as string;
      // As such gateways do: the key is remembered, a repeated one gets the first answer.
      if (!handled.has(key)) handled.set(key, handled.size + 1);
      const mood = chance.below(10);
      if (mood === 0) response.destroy();
      else if (mood === 1) response.writeHead(503).end();
      else accept(response, `peer-${handled.get(key)}`);
    };
    await killing(1, rounds, peer.url);
    const { worker: last } = createOutreach({ ...town.world, metrics: createMetrics() }, town.identity, town.ledger, { webhook: { url: peer.url, secret, timeoutMs: 2_000 } });
    for (let i = 0; i < 40 && (await town.rows()).some(({ state }) => state !== 'sent'); i++) { town.world.advance(120_000); await last.drain(); }
    expect(new Set((await town.rows()).map(({ state }) => state))).toEqual(new Set(['sent']));
    expect([...handled.keys()].sort()).toEqual([...ids].sort());
    for (const { id, peer_id } of await town.rows()) expect(peer_id).toBe(`peer-${handled.get(id)}`);
    // Every request that reached it carried a key that we wrote: nothing was made up on the way.
    expect(peer.asked.every(({ headers }) => ids.includes(headers['idempotency-key'] as string))).toBe(true);
  }, 180_000);

  it('the logbook has each message once', async () => {
    const recipient = await town.resident('13900002046');
    const ids = await town.writeMany(many * 20, recipient);
    await killing(2, Math.ceil(rounds / 2));
    town.world.advance(180_000);
    await town.outreach.worker.drain();
    expect(new Set((await town.rows()).map(({ state }) => state))).toEqual(new Set(['logged']));
    expect((await town.world.db.query<{ delivery: string }>('select delivery from delivery_log order by delivery')).map(({ delivery }) => delivery)).toEqual([...ids].sort());
  }, 180_000);
});
