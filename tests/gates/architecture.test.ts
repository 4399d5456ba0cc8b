import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeImports } from '../../tools/architecture.ts';

let root: string;

/** A small house in which everything is allowed. */
const sound: Readonly<Record<string, string>> = {
  'src/base/ids.ts': 'export const id = 1;',
  'src/platform/clock.ts': "import { id } from '../base/ids.ts';\nexport const clock = id;",
  'src/platform/http/handler.ts': "import { clock } from '../clock.ts';\nexport const handle = clock;",
  'src/html/layout.ts': "import { id } from '../base/ids.ts';\nexport const layout = id;",
  'src/modules/ledger/contract.ts': "import { id } from '../../base/ids.ts';\nexport interface Entry { readonly id: typeof id }",
  'src/modules/ledger/store.ts': "import { clock } from '../../platform/clock.ts';\nexport const store = clock;",
  'src/modules/ledger/index.ts': "import { store } from './store.ts';\nexport const ledger = store;",
  'src/modules/matters/rules.ts': "import type { Entry } from '../ledger/contract.ts';\nexport const decide = (entry: Entry): Entry => entry;",
  'src/modules/matters/service.ts': "import { ledger } from '../ledger/index.ts';\nimport { decide } from './rules.ts';\nexport const service = [ledger, decide];",
  'src/modules/matters/index.ts': "import { service } from './service.ts';\nexport const matters = service;",
  'src/modules/matters/routes.ts': "import { handle } from '../../platform/http/handler.ts';\nimport { service } from './service.ts';\nexport const routes = [handle, service];",
  'src/modules/cases/contract/case.ts': "import type { Entry } from '../../ledger/contract.ts';\nexport type Case = Entry;",
  'src/modules/cases/index.ts': "import { matters } from '../matters/index.ts';\nexport const cases = matters;",
  'src/modules/cases/pages/home.ts': "import { layout } from '../../../html/layout.ts';\nexport const home = layout;",
  'src/modules/components/index.ts': 'export const components = 1;',
  'src/demo/town.ts': "import { cases } from '../modules/cases/index.ts';\nexport const town = cases;",
  'src/entry/server.ts': "import { routes } from '../modules/matters/routes.ts';\nimport { town } from '../demo/town.ts';\nexport const server = [routes, town];",
  'src/web/console/main.ts': "import type { Case } from '../../modules/cases/contract/case.ts';\nimport { id } from '../../base/ids.ts';\nexport const main = (one: Case) => [one, id];",
};

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${text}\n`);
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lamplight-house-'));
  write('tsconfig.json', '{"compilerOptions":{"module":"nodenext","moduleResolution":"nodenext","allowImportingTsExtensions":true,"noEmit":true}}');
  write('package.json', '{"type":"module"}');
  for (const [path, text] of Object.entries(sound)) write(path, text);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a sound house has no forbidden import, and every file of it is seen', async () => {
  expect(await judgeImports(root)).toEqual({ forbidden: [], seen: Object.keys(sound).length, unseen: [] });
});

test.each([
  ['base imports platform', 'src/base/ids.ts', "import type { clock } from '../platform/clock.ts';\nexport type C = typeof clock;", 'base-imports-nobody'],
  ['base reads files', 'src/base/ids.ts', "import { readFileSync } from 'node:fs';\nexport const id = readFileSync;", 'base-does-no-io'],
  ['platform imports a module', 'src/platform/clock.ts', "export { ledger } from '../modules/ledger/index.ts';", 'platform-imports-base'],
  ['platform imports html', 'src/platform/clock.ts', "export { layout } from '../html/layout.ts';", 'platform-imports-base'],
  ['html imports platform, by type only', 'src/html/layout.ts', "import type { clock } from '../platform/clock.ts';\nexport type C = typeof clock;", 'html-imports-base'],
  ['a lower module imports a higher one, by type only', 'src/modules/ledger/service.ts', "import type { matters } from '../matters/index.ts';\nexport type M = typeof matters;", 'ledger-imports-lower-modules-only'],
  ['matters imports components', 'src/modules/matters/reads/list.ts', "export { components } from '../../components/index.ts';", 'matters-imports-lower-modules-only'],
  ['a module reaches past a front door', 'src/modules/matters/service.ts', "export { store as service } from '../ledger/store.ts';", 'a-module-is-entered-by-its-front-door'],
  ['a module imports demo', 'src/modules/cases/service.ts', "export { town } from '../../demo/town.ts';", 'modules-import-what-stands-below'],
  ['demo reaches past a front door', 'src/demo/town.ts', "export { service as town } from '../modules/matters/service.ts';", 'others-enter-by-the-front-door'],
  ['entry reaches into a store', 'src/entry/server.ts', "export { store as server } from '../modules/ledger/store.ts';", 'entry-wires'],
  ['somebody imports entry', 'src/demo/town.ts', "export { server as town } from '../entry/server.ts';", 'nobody-imports-entry'],
  ['somebody imports web', 'src/entry/server.ts', "export { main as server } from '../web/console/main.ts';", 'nobody-imports-web'],
  ['web imports a service', 'src/web/console/main.ts', "export { service as main } from '../../modules/matters/service.ts';", 'web-imports-contracts-rules-base'],
  ['web imports platform, by type only', 'src/web/console/main.ts', "import type { clock } from '../../platform/clock.ts';\nexport type C = typeof clock;", 'web-imports-contracts-rules-base'],
  ['web uses Node', 'src/web/console/main.ts', "export { join as main } from 'node:path';", 'web-runs-in-a-browser'],
  ['rules do I/O', 'src/modules/matters/rules.ts', "export { readFileSync as decide } from 'node:fs';", 'rules-and-contracts-do-no-io'],
  ['rules import a store', 'src/modules/ledger/rules.ts', "export { store } from './store.ts';", 'rules-import-rules-and-contracts'],
  ['a contract imports a service', 'src/modules/matters/contract.ts', "import type { service } from './service.ts';\nexport type S = typeof service;", 'contract-imports-contracts'],
  ['a store imports its service', 'src/modules/matters/store.ts', "export { service } from './service.ts';", 'store-and-reads-stand-on-the-database'],
  ['a service imports its routes', 'src/modules/matters/service.ts', "export { routes as service } from './routes.ts';", 'service-does-not-import-its-adapters'],
  ['a route goes past its service', 'src/modules/ledger/routes.ts', "export { store } from './store.ts';", 'adapters-are-thin'],
  ['two files import each other, by type only', 'src/platform/clock.ts', "import type { handle } from './http/handler.ts';\nexport const clock = 1;\nexport type H = typeof handle;", 'no-cycle'],
  ['a file imports what is not there', 'src/base/ids.ts', "export { id } from './nowhere.ts';", 'no-unresolved'],
])('%s: refused', async (_name, path, text, rule) => {
  write(path, text);
  try {
    expect((await judgeImports(root)).forbidden.map((one) => one.rule)).toContain(rule);
  } finally {
    if (path in sound) write(path, sound[path]!);
    else rmSync(join(root, path));
  }
});
