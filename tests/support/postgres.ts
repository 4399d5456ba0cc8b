import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { findEmbeddedPlace, findEmbedded, startEmbedded } from '../../src/platform/database/embedded.ts';
import { migrate, readMigrations } from '../../src/platform/database/migrations.ts';
import { isAlive } from '../../src/platform/database/postmaster.ts';

/** What a test file needs to make a database of its own. */
export interface TestPostgres {
  /** Superuser, on the database `postgres`. */
  readonly admin: string;
  readonly owner: string;
  readonly app: string;
  readonly template: string;
  /** Folder that goes with the run, for what its test files share beside databases. */
  readonly shared: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    postgres: TestPostgres;
  }
}

const prefix = 'lamplight-test-';

/** Removes what test runs left that were killed: their servers, proven by folder and number, then their folders. */
const sweep = async (): Promise<void> => {
  for (const name of await readdir(tmpdir())) {
    const run = new RegExp(`^${prefix}(\\d+)-`).exec(name);
    if (!run || isAlive(Number(run[1]))) continue;
    const folder = join(tmpdir(), name);
    await (await findEmbedded(await findEmbeddedPlace(folder)))?.stop();
    await rm(folder, { recursive: true, force: true });
  }
};

/** One PostgreSQL for the whole run, with a template database that holds the present schema. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  await sweep();
  const data = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const shared = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const embedded = await startEmbedded(await findEmbeddedPlace(data), { durable: false, maxConnections: 400 });
  const stop = async (): Promise<void> => {
    await embedded.stop(2_000);
    await rm(data, { recursive: true, force: true });
    await rm(shared, { recursive: true, force: true });
  };
  try {
    const [admin, owner, app] = await Promise.all([embedded.url('postgres', 'postgres'), embedded.url('lamplight_owner'), embedded.url('lamplight_app')]);
    const migrations = await readMigrations(resolve('db/migrations'));
    await migrate(owner, { name: 'lamplight_app' }, migrations, Date.now);
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    await client.query('alter database lamplight rename to template_lamplight');
    await client.query('alter database template_lamplight is_template true');
    await client.end();
    project.provide('postgres', { admin, owner, app, template: 'template_lamplight', shared });
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
};
