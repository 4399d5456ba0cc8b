import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareTown } from '../../bench/prepare.ts';
import { openTown, type Town } from '../../src/entry/town/town.ts';
import { nodeCrypto } from '../../src/modules/ledger/index.ts';
import { checkBundle } from '../../src/modules/ledger/rules/bundle.ts';
import { createServer, type Server } from '../../src/platform/http/server.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { benchKind } from './kernel.ts';

let world: TestWorld;
let town: Town;
let server: Server;
let url: string;
let tokens: Record<string, string>;

beforeAll(async () => {
  world = await testWorld({ county: null, demo: true });
  tokens = await prepareTown(world, 1);
  town = await openTown({ ...world, metrics: createMetrics() });
  town.modules.matters.register(benchKind);
  server = await createServer(world, town.http);
  server.mount(town.routes);
  url = await server.listen();
}, 120_000);
afterAll(async () => {
  await server?.drain();
  await town?.close();
  await world?.close();
});

const ask = async (role: string, method: string, path: string, body?: object) => {
  const answer = await fetch(`${url}${path}`, {
    method, headers: { authorization: `Bearer ${tokens[role]!}`, 'accept-language': 'en', ...(body && { 'content-type': 'application/json' }) }, ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};

test('a kind of its own states, clock and message goes through API and ledger by its declaration alone', async () => {
  const made = await ask('collector', 'POST', '/api/matters', { kind: 'bench', input: { text: 'a plank is gone', place: '33/3302/330281/' }, op: randomUUID() });
  expect(made).toMatchObject({ status: 201, body: { state: 'broken', version: 1 } });
  const id = made.body['id'] as string;

  const refused = await ask('collector', 'POST', `/api/matters/${id}/actions`, { action: 'take', op: randomUUID() });
  expect(refused).toMatchObject({ status: 403, body: { reason: 'matters.not-allowed' } });

  const page = await ask('supervisor', 'GET', `/api/matters/${id}`);
  expect(page.body['clocks']).toMatchObject([{ name: 'mend', amount: 2, unit: 'workingDay' }]);

  // The mender sees what is of their unit or in their hands; the kernel's own rights decide, not the route.
  const take = () => town.modules.matters.act({
    actor: { id: '00000000-0000-7000-8000-0000000000aa' as never, kind: 'account', name: 'Mender', grants: [{ id: 'g', county: '330281' as never, role: 'unithandler', unit: null, place: '' as never, purpose: null, from: 0, until: null }] },
    behalf: null, county: '330281', kind: 'bench', matter: id, action: 'take', input: {}, op: randomUUID(),
  });
  expect(await take()).toMatchObject({ state: 'mending', version: 2 });

  world.setNow(Date.parse('2026-11-30T09:00:00+08:00'));
  await town.modules.matters.tick();
  expect((await ask('supervisor', 'GET', `/api/matters/${id}`)).body['data']).toMatchObject({ late: 1 });

  await town.modules.ledger.sequencer.drain('330281');
  const proof = await ask('supervisor', 'GET', `/api/matters/${id}/proof`);
  expect(proof.status).toBe(200);
  const report = await checkBundle(proof.body['file'] as string, nodeCrypto);
  expect(report.findings).toEqual([]);
  expect(report.entries.map(({ entry }) => entry.action)).toEqual(['report', 'take', 'late']);
});
