import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { migrationState, readMigrations } from '../platform/database/migrations.ts';
import { unprotected } from '../platform/doctor/database.ts';
import { createServer } from '../platform/http/server.ts';
import type { Config } from '../platform/config.ts';
import { bringDemo } from './seeding.ts';
import { type DemoLogin, demoTown } from './town/demo.ts';
import { openTown, type Town } from './town/town.ts';
import { demoSensors } from './town/work/sensors.ts';
import { startWorks } from './worker.ts';
import { BeyondLoopback, isLoopback, migrationsFolder, type OpenWorld, openWorld, root } from './world.ts';

/** A process that serves. */
export interface Serving {
  /** Where it listens, such as http://127.0.0.1:8300. */
  readonly address: string;
  /** Who may sign in to the demo; null where this is none. */
  readonly demo: { readonly password: string; readonly logins: readonly DemoLogin[] } | null;
  /** Requests under way end, background work comes to a rest, connections close. */
  stop(): Promise<void>;
}

export interface ServeOptions {
  readonly config: Config;
  /** Address of the database for the application's role. */
  readonly databaseUrl: string;
  /** Whether this process does the worker's work too. */
  readonly worker: boolean;
  /** Whether an empty database becomes a demo. */
  readonly demo: boolean;
  progress(step: 'seeding' | 'line', line: string): void;
  readonly signal: AbortSignal;
}

const checkMigrations = (world: OpenWorld) => async () => {
  const { pending, faults } = await migrationState({ query: async (sql) => ({ rows: await world.db.query(sql) }) }, await readMigrations(migrationsFolder));
  return { ok: pending.length === 0 && faults.length === 0, says: faults[0] ?? (pending.length === 0 ? 'current' : `${pending.length} pending`) };
};

/** One role that serves and owns is no reason not to serve; it has to be said wherever somebody looks. */
const checkProtection = (world: OpenWorld) => async () => {
  const open = await unprotected(world.db);
  return { ok: true, says: open.length === 0 ? 'protected from the application' : `NOT protected from the application, whose role may change ${open.join(', ')}` };
};

const listen = async (town: Town, world: OpenWorld) => {
  const server = await createServer(world, {
    ...town.http, ends: { folder: join(root, 'dist/web'), names: ['console', 'field', 'screen'] }, graceMs: 2_000,
  });
  server.mount(town.routes);
  server.mountPages(town.pages);
  server.check('migrations', checkMigrations(world));
  server.check('ledger', checkProtection(world));
  for (const [name, check] of Object.entries(town.checks)) server.check(name, check);
  return { server, address: await server.listen() };
};

/** Serving, and whether there is a county yet. */
interface Opened extends Serving {
  readonly empty: boolean;
  /** True once a county is there. */
  hasCounty(): Promise<boolean>;
}

const openAll = async ({ config, databaseUrl, worker, demo, progress, signal }: ServeOptions): Promise<Opened> => {
  const world = await openWorld(config, databaseUrl, demo);
  const undo: (() => Promise<void>)[] = [() => world.close()];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    if (world.demo && !isLoopback(config.host) && config.demo !== true) throw new BeyondLoopback(config.host);
    if (world.demo) await bringDemo(demoTown, world, progress, signal);
    const town = await openTown(world);
    undo.push(() => town.close());
    undo.push(await startWorks(town, worker));
    if (world.demo && worker) undo.push(await demoSensors(town));
    const { server, address } = await listen(town, world);
    undo.push(() => server.drain());
    const hasCounty = async (): Promise<boolean> => (await world.db.query('select 1 from county limit 1')).length > 0;
    return { address, stop, demo: world.demo ? { password: demoTown.password, logins: demoTown.logins } : null, empty: !(await hasCounty()), hasCounty };
  } catch (error) {
    await stop();
    throw error;
  }
};

/** Milliseconds between looks whether a county has been opened. */
const lookEvery = 2_000;

/**
 * Opens world and town, fills or catches up the demo where there is one, and serves. Where no county is there yet, it says so
 * at every address, and opens everything anew by itself once `init` has made one.
 * @throws SchemaBehind, BeyondLoopback, or the system's error where the port is taken.
 */
export const serve = async (options: ServeOptions): Promise<Serving> => {
  let current = await openAll(options);
  const { address, demo } = current;
  const ending = new AbortController();
  const untilOpened = async (): Promise<void> => {
    while (current.empty && !ending.signal.aborted) {
      await pause(lookEvery, undefined, { signal: ending.signal }).catch(() => {});
      if (ending.signal.aborted || !(await current.hasCounty().catch(() => false))) continue;
      await current.stop();
      current = await openAll({ ...options, config: { ...options.config, port: Number(new URL(address).port) } });
      options.progress('line', address);
    }
  };
  // Should opening anew fail, the rejection ends the process: whoever keeps it running begins it again.
  const opening = untilOpened();
  return {
    address, demo,
    async stop() {
      ending.abort();
      await opening;
      await current.stop();
    },
  };
};
