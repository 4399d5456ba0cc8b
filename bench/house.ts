import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findEmbeddedPlace, startEmbedded } from '../src/platform/database/embedded.ts';
import { openDatabase, type Database } from '../src/platform/database/database.ts';
import { migrate, readMigrations } from '../src/platform/database/migrations.ts';

/** A database of one's own, as durable as it ships, and servers on it in processes of their own. */
export interface House {
  readonly data: string;
  readonly app: string;
  readonly owner: Database;
  /** Starts `bench/serve.ts` in a role; gives its port and what it said of itself. */
  serve(role: 'town' | 'raw' | 'bare' | 'streams', env?: Record<string, string>): Promise<{ port: number; said: Record<string, string>; stop(): Promise<void> }>;
  close(): Promise<void>;
}

export const openHouse = async (progress: (line: string) => void): Promise<House> => {
  const data = await mkdtemp(join(tmpdir(), 'lamplight-bench-'));
  progress('bench: starting a database of its own, durable as it ships');
  const embedded = await startEmbedded(await findEmbeddedPlace(data), { durable: true, maxConnections: 200 });
  const [ownerUrl, app] = await Promise.all([embedded.url('lamplight_owner'), embedded.url('lamplight_app')]);
  await migrate(ownerUrl, { name: 'lamplight_app' }, await readMigrations(resolve(import.meta.dirname, '../db/migrations')), Date.now);
  const owner = openDatabase(ownerUrl, { max: 4 });
  const children = new Set<ChildProcess>();
  return {
    data, app, owner,
    async serve(role, env = {}) {
      const child = fork(join(import.meta.dirname, 'serve.ts'), [role], {
        env: { ...process.env, LAMPLIGHT_DATA: data, LAMPLIGHT_PORT: '0', LAMPLIGHT_LOG: 'error', DATABASE_URL: app, ...env }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      children.add(child);
      const said = await new Promise<{ port: number; said: Record<string, string> }>((resolve, reject) => {
        child.once('message', (message) => resolve(message as { port: number; said: Record<string, string> }));
        child.once('exit', (code) => reject(new Error(`bench: the ${role} server ended with ${code}`)));
      });
      return {
        ...said,
        async stop() {
          const ended = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGTERM');
          await ended;
          children.delete(child);
        },
      };
    },
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await owner.close();
      await embedded.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
};
