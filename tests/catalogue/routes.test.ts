import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { catalogueRoutes, createCatalogue } from '../../src/modules/catalogue/index.ts';
import { createIdentity } from '../../src/modules/identity/index.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { serve, someone, type Served } from '../platform/http/serving.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

let world: TestWorld;
let served: Served;
const steward = someone('61', 'steward');
const collector = someone('62', 'collector');
const published = readFileSync('data/standards/yuncheng.tsv');

beforeAll(async () => {
  world = await testWorld();
  const ledger = createLedger(world);
  const identity = createIdentity(world, ledger, async () => {});
  served = await serve(world, catalogueRoutes(world, await createCatalogue(world, ledger, identity), identity));
});
afterAll(async () => {
  await served.server.drain();
  await world.close();
});

const json = async (path: string, init?: Parameters<Served['ask']>[1]) => {
  const response = await served.ask(path, init);
  return { status: response.status, body: (await response.json()) as never };
};
const upload = (query: string, body: Uint8Array | string, as: ReturnType<typeof someone>) =>
  json(`/api/catalogue/import${query}`, { method: 'POST', body: body as Uint8Array<ArrayBuffer>, headers: { 'content-type': 'text/tab-separated-values' }, as });

it('a code table is checked, imported, found by pinyin and read by its key over HTTP', async () => {
  expect(await json('/api/catalogue/rows?q=ldbl')).toMatchObject({ status: 200, body: { version: null, items: [] } });
  expect((await upload('', published, collector)).status).toBe(403);
  expect(await upload('?dryRun=true', published, steward)).toMatchObject({ status: 200, body: { version: null, rows: 519 } });
  expect(await upload('?name=%E8%BF%90%E5%9F%8E&effective=2026-11-01', published, steward)).toMatchObject({ status: 200, body: { version: 1, name: '运城', effectiveAt: '2026-10-31T16:00:00.000Z', notUnderstood: [] } });
  expect((await upload('?effective=2026-11-01', published, steward)).status).toBe(409);
  expect((await upload('?effective=2026-02-30', published, steward)).status).toBe(422);

  const found = await json('/api/catalogue/rows?q=ldbl');
  expect(found).toMatchObject({ body: { version: 1 } });
  const [lamp] = found.body['items'] as { key: string }[];
  expect(lamp).toMatchObject({ minorName: '路灯', openCondition: '单盏不亮', limit: { amount: 2, unit: 'workingDay' } });
  expect(await json(`/api/catalogue/rows/${lamp!.key}`)).toMatchObject({ status: 200, body: { version: 1, row: { key: lamp!.key } } });
  expect((await json('/api/catalogue/rows/C9999-000000')).status).toBe(404);
  expect(await json('/api/catalogue/rows?major=01&kind=event&limit=1000')).toMatchObject({ body: { items: { length: 69 } } });

  expect((await json('/api/catalogue/versions', { as: collector })).status).toBe(403);
  expect(await json('/api/catalogue/versions', { as: steward })).toMatchObject({ body: { items: [{ version: 1, current: true, rows: 519 }] } });
});

it('a wrong line is told in words with its column as the file calls it', async () => {
  const refusal = await upload('', '类别\t大类代码\t小类代码\t小类名称\t立案条件\t处置时限\n设备\t01\t37\t路灯\t不亮\t2天\n', steward);
  expect(refusal).toMatchObject({ status: 422, body: { reason: 'catalogue.import', errors: [{ path: '2:类别', message: expect.stringContaining('设备') }] } });
});
