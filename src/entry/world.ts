import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { type RandomSource, uuidv7 } from '../base/random.ts';
import { openBlobs } from '../platform/blobs.ts';
import type { Config } from '../platform/config.ts';
import { openDatabase } from '../platform/database/database.ts';
import { migrationState, readMigrations } from '../platform/database/migrations.ts';
import { claimKeys } from '../platform/keyCheck.ts';
import { openKeys } from '../platform/keys.ts';
import { createLog } from '../platform/log.ts';
import { createMetrics } from '../platform/metrics.ts';
import type { World } from '../platform/world.ts';

/** The folder of the project. */
export const root = resolve(import.meta.dirname, '../..');
export const migrationsFolder = join(root, 'db/migrations');

/** Bytes of the operating system's generator, fetched 4 KiB at a time: a call for every id cost more than the id. */
const pooled = (size = 4096): ((length: number) => Buffer) => {
  let pool = Buffer.alloc(0);
  return (length) => {
    if (length > size) return randomBytes(length);
    if (pool.length < length) pool = randomBytes(size);
    const taken = pool.subarray(0, length);
    pool = pool.subarray(length);
    return taken;
  };
};

const systemBytes = pooled();
const systemRandom: RandomSource = {
  uuid: (nowMs) => uuidv7(nowMs, systemBytes(10)),
  bytes: systemBytes,
};

/**
 * Connections of a process. What works by itself holds at most 15 at a time: six batches of actions, four counties being
 * sequenced, three followed, deliveries and the ear for notifications. The others are for pages and lists.
 */
const connections = 20;

/** Fact of the table `installation` that stands there from the first row of a demo to its last. */
export const seedingFact = 'demo.seeding';

export const isLoopback = (host: string): boolean => /^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host);

/** A demo is about to be reachable from other machines, and nobody said that this is wanted. */
export class BeyondLoopback extends Error {
  readonly host: string;
  constructor(host: string) {
    super(`a demo is not served beyond this machine: LAMPLIGHT_HOST is ${host}; say LAMPLIGHT_DEMO=1 to do it all the same`);
    this.name = 'BeyondLoopback';
    this.host = host;
  }
}

/** A world and what ends it. */
export interface OpenWorld extends World {
  /** True while no county is there. */
  readonly empty: boolean;
  close(): Promise<void>;
}

/** The database does not have the schema of this program. `pending` is the number of migrations that it lacks. */
export class SchemaBehind extends Error {
  readonly pending: number;
  constructor(pending: number) {
    super(`the database lacks ${pending} migrations; run lamplight migrate first`);
    this.name = 'SchemaBehind';
    this.pending = pending;
  }
}

/**
 * Opens everything that services stand on.
 * @param url of the database, for the application's role.
 * @param wantDemo whether an empty database is to become a demo.
 * @throws SchemaBehind, or an Error that names migrations which changed.
 */
export const openWorld = async (config: Config, url: string, wantDemo: boolean): Promise<OpenWorld> => {
  const log = createLog(config.logLevel);
  const now = (): number => Date.now();
  const db = openDatabase(url, { max: connections, onError: (err) => log.warn({ err }, 'database connection lost') });
  try {
    const { pending, faults } = await migrationState({ query: async (sql) => ({ rows: await db.query(sql) }) }, await readMigrations(migrationsFolder));
    if (faults.length > 0) throw new Error(faults.join('; '));
    if (pending.length > 0) throw new SchemaBehind(pending.length);
    const keys = openKeys(config.keys);
    await claimKeys(db, keys, config.keys, now());
    const [counted] = await db.query<{ counties: number; demos: number }>('select count(*) as counties, count(*) filter (where demo) as demos from county');
    const empty = counted?.counties === 0;
    return {
      config, db, log, now, empty, keys,
      blobs: await openBlobs(join(config.data, 'blobs'), now),
      metrics: createMetrics(),
      random: systemRandom,
      demo: empty ? wantDemo : counted?.demos !== 0,
      close: () => db.close(),
    };
  } catch (error) {
    await db.close();
    throw error;
  }
};
