import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, Refused } from '../../client/lamplight.ts';
import { county, openEnd, type End } from '../open311/end.ts';

const root = resolve(import.meta.dirname, '../..');
let end: End;
beforeAll(async () => { end = await openEnd(); }, 120_000);
afterAll(async () => { await end?.close(); });

test('the client is what the contracts come to', () => {
  expect(() => execFileSync('sh', ['tools/run', 'tools/client.ts', '--check'], { cwd: root, stdio: 'pipe' })).not.toThrow();
});

test('a program reports, reads and follows with the typed client', async () => {
  const call = createClient({ url: end.town.url, key: end.key, language: 'en' });
  const services = await call('open311.services', { params: { format: 'json' } });
  expect(services.map(({ service_code }) => service_code)).toContain('manhole');
  const form = { service_code: 'street-tree', address_id: '330281103203', description: '树枝断了', api_key: end.key };
  const [first, again] = [await call('open311.make_request', { params: { format: 'json' }, query: {}, form }, { idempotencyKey: 'one' }), await call('open311.make_request', { params: { format: 'json' }, form }, { idempotencyKey: 'one' })];
  expect(again).toEqual(first);
  const id = first[0]!.service_request_id;
  expect(await call('open311.request', { params: { id, format: 'json' } })).toMatchObject([{ service_request_id: id, status: 'open' }]);
  const { events } = await call('webhooks.events', { query: { county, after: 0, limit: 5 } });
  expect(Array.isArray(events)).toBe(true);
});

test('what the server refuses is thrown with its stable reason', async () => {
  const refused = await createClient({ url: end.town.url })('webhooks.events', { query: {} }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ status: 401, reason: expect.stringMatching(/^[a-z]+\./) });
});
