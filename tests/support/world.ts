import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { SeededRandom } from '../../src/base/random.ts';
import { openBlobs } from '../../src/platform/blobs.ts';
import { readConfig } from '../../src/platform/config.ts';
import { type Database, openDatabase } from '../../src/platform/database/database.ts';
import { openKeys } from '../../src/platform/keys.ts';
import { createLog } from '../../src/platform/log.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import type { World } from '../../src/platform/world.ts';
import { makeDatabase, type OwnDatabase, type OwnTemplate, sharedTemplate } from './databases.ts';

export interface TestWorldOptions {
  /** The present at the beginning; 2026-11-24T09:00 in Shanghai, a Tuesday, where absent. Milliseconds since 1970. */
  readonly now?: number;
  readonly seed?: number | string;
  readonly demo?: boolean;
  /** Code of the one county that is there, 330281 where absent; null for none. */
  readonly county?: string | null;
  /** A town to begin with, instead of nothing but the schema and a county. */
  readonly from?: KeptTown;
}

/** A database and its folder that a test file made for itself and others; worlds begin as copies of it. */
export interface KeptTown extends OwnTemplate {
  /** Blobs and keys. */
  readonly folder: string;
}

export interface TestWorld extends World {
  /** The same database as its owner, who may do anything: for making faults and looking at what was written. */
  readonly ownerDb: Database;
  readonly random: SeededRandom;
  /** Moves the clock. Milliseconds since 1970. */
  setNow(ms: number): void;
  /** Moves the clock forward by milliseconds. */
  advance(ms: number): void;
  close(): Promise<void>;
}

const defaultNow = Date.parse('2026-11-24T09:00:00+08:00');

const worldOn = async (database: OwnDatabase, folder: string, options: TestWorldOptions): Promise<TestWorld> => {
  const random = new SeededRandom(options.seed ?? 1);
  const db = openDatabase(database.app);
  const ownerDb = openDatabase(database.owner, { max: 3 });
  let present = options.now ?? defaultNow;
  const now = (): number => present;
  return {
    config: readConfig({ LAMPLIGHT_DATA: folder, LAMPLIGHT_PORT: '0', LAMPLIGHT_URL: 'http://127.0.0.1:8300', LAMPLIGHT_LOG: 'silent', DATABASE_URL: db.url }, folder),
    db, ownerDb, random, now,
    blobs: await openBlobs(join(folder, 'blobs'), now),
    keys: openKeys(join(folder, 'keys')),
    log: createLog('silent'),
    metrics: createMetrics(),
    demo: options.demo ?? false,
    setNow(ms) { present = ms; },
    advance(ms) { present += ms; },
    async close() {
      await db.close();
      await ownerDb.close();
    },
  };
};

/** A database of one's own, empty but for the schema and one county or a copy of a kept town, with everything that a service stands on. */
export const testWorld = async (options: TestWorldOptions = {}): Promise<TestWorld> => {
  const database = await makeDatabase(options.from ?? 'template');
  const folder = await mkdtemp(join(tmpdir(), `lamplight-test-${process.pid}-`));
  if (options.from) await cp(options.from.folder, folder, { recursive: true });
  const world = await worldOn(database, folder, options);
  const county = options.county === undefined && !options.from ? '330281' : options.county ?? null;
  if (county !== null)
    await world.db.query('insert into county (county, name, demo, created_at) values ($1, $2, $3, $4)',
      [county, { 'zh-Hans': '余姚市', 'zh-Hant': '餘姚市', en: 'Yuyao' }, world.demo, new Date(world.now())]);
  return {
    ...world,
    async close() {
      await world.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** A town that the first test file to ask for it makes with `fill`; the others wait and get the same. */
export const keptTown = async (name: string, options: TestWorldOptions, fill: (world: TestWorld) => Promise<void>): Promise<KeptTown> => {
  const folder = join(inject('postgres').shared, name);
  const template = await sharedTemplate(name, async (database) => {
    await mkdir(folder);
    const world = await worldOn(database, folder, options);
    try {
      await fill(world);
    } finally {
      await world.close();
    }
  });
  return { ...template, folder };
};
