import { readConfig } from '../../src/platform/config.ts';
import { openBlobs } from '../../src/platform/blobs.ts';
import { openDatabase } from '../../src/platform/database/database.ts';
import { openKeys } from '../../src/platform/keys.ts';
import { createLog } from '../../src/platform/log.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { SeededRandom } from '../../src/base/random.ts';
import { createIdentity } from '../../src/modules/identity/index.ts';
import { createLedger } from '../../src/modules/ledger/index.ts';
import { createOutreach, enqueue } from '../../src/modules/outreach/index.ts';

/**
 * A worker in a process of its own, to be killed: `workerProcess.ts {"folder","database","start","seed","url"?,"secret"?}`.
 * Says `ready` and works until it is killed. Its clock starts at `start`.
 */
const { folder, database, start, seed, url, secret } = JSON.parse(process.argv[2]!) as
  { folder: string; database: string; start: number; seed: number; url?: string; secret: string };
const config = readConfig({ LAMPLIGHT_DATA: folder, LAMPLIGHT_LOG: 'silent', DATABASE_URL: database }, folder);
const now = (): number => start + performance.now();
const db = openDatabase(database, { max: 4 });
const world = {
  config, db, now, blobs: await openBlobs(`${folder}/blobs`, now), keys: openKeys(config.keys), log: createLog('silent'),
  metrics: createMetrics(), random: new SeededRandom(seed), demo: false,
};
const ledger = createLedger(world);
const identity = createIdentity(world, ledger, enqueue);
createOutreach(world, identity, ledger, url === undefined ? {} : { webhook: { url, secret, timeoutMs: 2_000 } }).worker.start();
process.stdout.write('ready\n');
