import { setTimeout as pause } from 'node:timers/promises';
import type { World } from '../../../platform/world.ts';
import { loggedCounties } from '../store/log.ts';

/** Milliseconds between two looks at the heads, for when a notification got lost. */
const lookEvery = 1000;

/** Tells this process that a county's log has grown, whoever made it grow. */
export interface Bell {
  start(): void;
  stop(): Promise<void>;
  /** Says that a log has grown: this process's own sequencer does, and saves the way over the database. */
  ring(county: string, size: number): void;
  /** Calls `hear` whenever a county's log has grown, with its new size. @returns ends it. */
  listen(hear: (county: string, size: number) => void): () => void;
}

/** Hears the database's notifications on one connection of its own, and looks itself once a second. */
export const createBell = ({ db, log }: Pick<World, 'db' | 'log'>): Bell => {
  const hearers = new Set<(county: string, size: number) => void>();
  const known = new Map<string, number>();
  let ending = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  const ring = (county: string, size: number): void => {
    if (size <= (known.get(county) ?? 0)) return;
    known.set(county, size);
    for (const hear of hearers) hear(county, size);
  };

  /** Listens until the connection breaks or the bell stops. */
  const hearNotifications = async (signal: AbortSignal): Promise<void> => {
    const client = await db.connection();
    let broken: Error | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        client.on('error', reject);
        client.on('end', () => reject(new Error('the connection ended')));
        client.on('notification', ({ payload }) => {
          const [county, size] = (payload ?? '').split(':');
          if (county && Number.isSafeInteger(Number(size))) ring(county, Number(size));
        });
        signal.addEventListener('abort', () => resolve(), { once: true });
        client.query('listen ledger').catch(reject);
        if (signal.aborted) resolve();
      });
      await client.query('unlisten ledger');
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.removeAllListeners('notification');
      client.removeAllListeners('error');
      client.removeAllListeners('end');
      client.on('error', () => {});
      client.release(broken ?? true);
    }
  };

  const keepHearing = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        await hearNotifications(signal);
      } catch (error) {
        log.warn({ err: error }, 'notifications of the ledger cannot be heard; looking once a second');
        await pause(1000, undefined, { signal }).catch(() => {});
      }
    }
  };

  const keepLooking = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        for (const { county, size } of await loggedCounties(db)) ring(county, size);
      } catch (error) {
        log.debug({ err: error }, 'the heads of the ledger cannot be read');
      }
      await pause(lookEvery, undefined, { signal }).catch(() => {});
    }
  };

  return {
    start() {
      ending = new AbortController();
      running = Promise.all([keepHearing(ending.signal), keepLooking(ending.signal)]);
    },
    async stop() {
      ending.abort();
      await running;
    },
    ring,
    listen(hear) {
      hearers.add(hear);
      return () => void hearers.delete(hear);
    },
  };
};
