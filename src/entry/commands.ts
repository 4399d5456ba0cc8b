import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backup } from '../platform/backup/backup.ts';
import { restore } from '../platform/backup/restore.ts';
import { openBlobs } from '../platform/blobs.ts';
import { type Command, type CommandCall, type CommandResult, table } from '../platform/command/command.ts';
import { checkSigning } from '../modules/ledger/index.ts';
import type { Config } from '../platform/config.ts';
import { readMigrations } from '../platform/database/migrations.ts';
import { openSeat, roleOf, type Seat } from '../platform/database/seat.ts';
import { examine } from '../platform/doctor/doctor.ts';
import { openKeys } from '../platform/keys.ts';
import { checkChannels } from '../modules/outreach/index.ts';
import { connectionsOf } from './town/ties/connections.ts';
import { freePort } from './ports.ts';
import { up } from './up.ts';
import { BeyondLoopback, migrationsFolder, openWorld, SchemaBehind } from './world.ts';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** What a failure that people can mend is called in their language. */
const inWords = (call: CommandCall, config: Config, error: unknown): Error => {
  if (error instanceof SchemaBehind) return new Error(call.say('pending', { count: error.pending }));
  if (error instanceof BeyondLoopback) return new Error(call.say('up.beyond_loopback', { host: error.host }));
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return new Error(call.say('up.port_taken', { host: config.host, port: config.port }));
  return error as Error;
};

const stopped = (call: CommandCall): CommandResult => ({ done: true, data: { done: true }, lines: [call.say('stopped')] });

/**
 * Commands that need no module: running, migrating, keeping copies. Modules are loaded only by those that serve or work, so
 * that `up` has the database under way before the modules are read from the disk.
 */
export const platformCommands = (config: Config, env: NodeJS.ProcessEnv): readonly Command[] => {
  const withSeat = async <T>(call: CommandCall, who: string, work: (seat: Seat) => Promise<T>): Promise<T> => {
    const seat = await openSeat(config, migrationsFolder, { who: `lamplight ${who}`, onError: (error) => call.progress(error.message) });
    try {
      return await work(seat);
    } catch (error) {
      throw inWords(call, config, error);
    } finally {
      await seat.close();
    }
  };

  const upCommand: Command = {
    name: 'up',
    async run(call) {
      await up({ config, env, language: call.language, out: (line) => void process.stdout.write(`${line}\n`), err: call.progress, signal: call.signal });
      return stopped(call);
    },
  };

  const serveCommand: Command = {
    name: 'serve', options: [{ name: 'worker', value: 'flag' }],
    run: (call) => withSeat(call, 'serve', async (seat) => {
      const port = await freePort(config.host, config.port);
      if (port === null) throw new Error(call.say('up.port_taken', { host: config.host, port: config.port }));
      const { serve } = await import('./server.ts');
      const serving = await serve({
        config: { ...config, port }, databaseUrl: seat.app, worker: call.flag('worker'), demo: config.demo ?? false, signal: call.signal,
        progress: (step, line) => call.progress(step === 'seeding' ? call.say('up.seeding') : line),
      });
      call.progress(call.say('serve.serving', { address: serving.address }));
      await untilAborted(call.signal);
      await serving.stop();
      return stopped(call);
    }),
  };

  const workerCommand: Command = {
    name: 'worker',
    run: (call) => withSeat(call, 'worker', async (seat) => {
      const world = await openWorld(config, seat.app, false);
      try {
        const [{ openTown }, { startWorks }] = await Promise.all([import('./town/town.ts'), import('./worker.ts')]);
        const town = await openTown(world);
        const stopWorks = await startWorks(town);
        call.progress(call.say('worker.working'));
        await untilAborted(call.signal);
        await stopWorks();
        await town.close();
      } finally {
        await world.close();
      }
      return stopped(call);
    }),
  };

  const migrateCommand: Command = {
    name: 'migrate',
    run: (call) => withSeat(call, 'migrate', async (seat) => {
      const applied = await seat.migrate(Date.now);
      return {
        done: true, data: { applied },
        lines: applied.length === 0 ? [call.say('migrate.current')] : applied.map((name) => call.say('migrate.done', { name })),
      };
    }),
  };

  const backupCommand: Command = {
    name: 'backup', args: [{ name: 'folder', required: true }],
    run: (call) => withSeat(call, 'backup', async (seat) => {
      const world = await openWorld(config, seat.app, false);
      try {
        const folder = resolve(call.arg('folder'));
        const manifest = await backup({ db: world.db, blobs: world.blobs, keys: world.keys.fingerprint, folder, now: world.now, signal: call.signal });
        const sum = {
          folder, tables: manifest.tables.length, rows: manifest.tables.reduce((all, { rows }) => all + rows, 0), blobs: manifest.blobs.length,
          bytes: [...manifest.tables, ...manifest.blobs].reduce((all, { bytes }) => all + bytes, 0),
        };
        return { done: true, data: sum, lines: [call.say('backup.done', { ...sum, keys: config.keys })] };
      } finally {
        await world.close();
      }
    }),
  };

  const restoreCommand: Command = {
    name: 'restore', args: [{ name: 'folder', required: true }],
    run: (call) => withSeat(call, 'restore', async (seat) => {
      const manifest = await restore({
        folder: resolve(call.arg('folder')), ownerUrl: seat.owner ?? seat.app, app: roleOf(seat.app), migrations: await readMigrations(migrationsFolder),
        blobs: await openBlobs(join(config.data, 'blobs'), Date.now), now: Date.now,
      });
      // Opening an empty folder would make fresh keys there, which is the last thing that is wanted.
      const keys = existsSync(join(config.keys, 'data-0001.json')) ? openKeys(config.keys).fingerprint : '-';
      const sum = { tables: manifest.tables.length, rows: manifest.tables.reduce((all, { rows }) => all + rows, 0), blobs: manifest.blobs.length };
      return {
        done: true, data: { ...sum, keysMatch: keys === manifest.keys },
        lines: [
          call.say('restore.done', sum),
          ...(keys === manifest.keys ? [] : [call.say('restore.keys', { was: manifest.keys, is: keys, folder: config.keys })]),
        ],
      };
    }),
  };

  const doctorCommand: Command = {
    name: 'doctor',
    async run(call) {
      const findings = await examine({
        config, nodeVersion: process.versions.node, portFree: (await freePort(config.host, config.port)) !== null,
        migrations: await readMigrations(migrationsFolder), now: Date.now,
        openSeat: () => openSeat(config, migrationsFolder, { who: 'lamplight doctor' }),
        more: async (db, keys) => [...await checkSigning(db, keys), ...await checkChannels(connectionsOf(config), db, keys, Date.now)],
      });
      const data = findings.map(({ check, state, key, params }) => ({
        check, state, says: call.say(key, params), ...(state !== 'ok' && { do: call.say(`${key}.do`, params) }),
      }));
      return {
        done: findings.every(({ state }) => state !== 'bad'), data: { findings: data },
        lines: table(data.flatMap((line) => [
          [call.say(`doctor.state.${line.state}`), call.say(`doctor.${line.check}`), line.says],
          ...(line.do === undefined ? [] : [['', '', `→ ${line.do}`]]),
        ])),
      };
    },
  };

  return [upCommand, serveCommand, workerCommand, migrateCommand, backupCommand, restoreCommand, doctorCommand];
};
