import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findEmbeddedPlace, startEmbedded } from '../src/platform/database/embedded.ts';
import { openDatabase, type Database } from '../src/platform/database/database.ts';
import { migrate, readMigrations } from '../src/platform/database/migrations.ts';

/** What `bench/serve.ts` can be. */
export type Role = 'town' | 'raw' | 'streams' | 'ledger' | 'history' | 'sms' | 'sensors';

/** A server in a process of its own. */
export interface Served {
  readonly port: number;
  /** What it said of itself: tokens of programs by their role, and the like. */
  readonly said: Record<string, string>;
  /** When each size of a county's log was known to the server, in milliseconds since 1970. */
  marks(): Promise<readonly (readonly [size: number, at: number])[]>;
  stop(): Promise<void>;
}

/** A database of one's own, as durable as it ships, and servers on it in processes of their own. */
export interface House {
  readonly owner: Database;
  serve(role: Role, env?: Record<string, string>): Promise<Served>;
  /** Writes all that was loaded to the disk, so that its checkpoint does not run beside what is measured. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export const openHouse = async (progress: (line: string) => void): Promise<House> => {
  const data = await mkdtemp(join(tmpdir(), 'lamplight-bench-'));
  progress('bench: starting a database of its own, durable as it ships');
  const place = await findEmbeddedPlace(data);
  const embedded = await startEmbedded(place, { durable: true, maxConnections: 200 });
  const [ownerUrl, app] = await Promise.all([embedded.url('lamplight_owner'), embedded.url('lamplight_app')]);
  await migrate(ownerUrl, { name: 'lamplight_app' }, await readMigrations(resolve(import.meta.dirname, '../db/migrations')), Date.now);
  const owner = openDatabase(ownerUrl, { max: 4 });
  const children = new Set<ChildProcess>();
  const answer = <T>(child: ChildProcess, role: Role): Promise<T> => new Promise((resolve, reject) => {
    const failed = (code: number | null): void => reject(new Error(`bench: the ${role} process ended with ${code}`));
    child.once('exit', failed);
    child.once('message', (message) => { child.off('exit', failed); resolve(message as T); });
  });
  return {
    owner,
    async serve(role, env = {}) {
      const child = fork(join(import.meta.dirname, 'serve.ts'), [role], {
        env: { ...process.env, LAMPLIGHT_DATA: data, LAMPLIGHT_PORT: '0', LAMPLIGHT_LOG: 'error', DATABASE_URL: app, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      children.add(child);
      const said = await answer<{ port: number; said: Record<string, string> }>(child, role);
      return {
        ...said,
        marks() {
          child.send('marks');
          return answer(child, role);
        },
        async stop() {
          const ended = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGTERM');
          await ended;
          children.delete(child);
        },
      };
    },
    async settle() {
      const db = openDatabase(await embedded.url('postgres'), { max: 1 });
      await db.query('checkpoint').finally(() => db.close());
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await owner.close();
      await embedded.stop();
      await rm(data, { recursive: true, force: true });
      // Where PostgreSQL's user could not reach the folder, the database stood elsewhere.
      if (place.moved) await rm(resolve(place.folder, '..'), { recursive: true, force: true });
    },
  };
};

/** Opens a house for a piece of work and closes it whatever becomes of the work. */
export const inHouse = async <T>(progress: (line: string) => void, work: (house: House) => Promise<T>): Promise<T> => {
  const house = await openHouse(progress);
  try {
    return await work(house);
  } finally {
    await house.close();
  }
};
