import { setTimeout } from 'node:timers/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Config } from '../../../platform/config.ts';
import type { World } from '../../../platform/world.ts';
import type { History } from '../../../modules/history/index.ts';
import { openWorld } from '../../world.ts';
import { openModules } from '../modules.ts';
import { repeated, type Work } from './works.ts';

/** What the thread is given. */
interface Task {
  readonly what: 'history';
  readonly config: Config;
  readonly url: string;
}

/** Megabytes for what is new: rows live as long as their batch, and copying them again and again took a fifth of the time. */
const young = 96;

/** Imports of history in a thread of their own, with a world of their own: requests do not wait for a batch that is being made. */
export const historyInThread = ({ world, history }: { readonly world: World; readonly history: Pick<History, 'waits'> }): Work => {
  let thread: Worker | undefined;
  let stopping = false;
  const work = repeated(world, 'history', 1_000, async () => {
    if (stopping || !(await history.waits())) return;
    thread = new Worker(new URL(import.meta.url), { workerData: { what: 'history', config: world.config, url: world.db.url } satisfies Task, resourceLimits: { maxYoungGenerationSizeMb: young } });
    if (stopping) thread.postMessage('stop');
    await new Promise<void>((resolve, reject) => {
      thread!.once('error', reject);
      thread!.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the thread of imports ended with ${code}`))));
    });
  });
  return {
    ...work,
    async stop() {
      stopping = true;
      thread?.postMessage('stop');
      await work.stop();
    },
  };
};

/** Milliseconds that the thread stays when nothing waits: whoever mends a mapping checks again soon. Between looks it sleeps. */
const lingers = 60_000;
const looks = 300;

// What the thread itself does: goes on with imports until none has come for a while, or it is told to stop, between two batches.
if (!isMainThread && parentPort && (workerData as Partial<Task> | null)?.what === 'history') {
  const { config, url } = workerData as Task;
  const stop = new AbortController();
  parentPort.once('message', () => stop.abort());
  const world = await openWorld(config, url, false);
  try {
    const { history } = await openModules(world);
    for (let idle = 0; !stop.signal.aborted && idle < lingers; idle += looks) {
      if ((await history.work.turn(stop.signal)) > 0) idle = -looks;
      else await setTimeout(looks, undefined, { signal: stop.signal }).catch(() => {});
    }
  } finally {
    await world.close();
    parentPort.close();
  }
}
