import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { openDatabase } from '../../../../platform/database/database.ts';
import { checkBytes, type BytesResult, type BytesTask } from './bytes.ts';
import type { TraceChecker } from './findings.ts';

/** A check that runs beside the caller. */
export interface BytesThread {
  /** @throws what the thread threw. */
  readonly result: Promise<BytesResult>;
  /** Ends the thread, whether it is done or not. */
  end(): Promise<unknown>;
}

/** Megabytes for what is new: rows live longer than Node expects, and copying them took a quarter of the time. */
const young = 64;

/** Runs `checkBytes` in a thread of its own, with connections of its own. */
export const checkBytesInThread = (task: BytesTask): BytesThread => {
  const thread = new Worker(new URL(import.meta.url), { workerData: task, resourceLimits: { maxYoungGenerationSizeMb: young } });
  const result = new Promise<BytesResult>((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => reject(new Error(`the thread of the bytes ended with ${code}`)));
  });
  // Whoever waits hears of it; until somebody does, it is no unhandled failure.
  result.catch(() => {});
  return { result, end: () => thread.terminate() };
};

/** What the thread itself does. A checker's module has it as `traceChecker`. */
if (!isMainThread && parentPort && typeof (workerData as Partial<BytesTask> | null)?.snapshot === 'string') {
  const task = workerData as BytesTask;
  const db = openDatabase(task.url, { max: 2 });
  const checkers = await Promise.all(task.modules.map(async (address) => ((await import(address)) as { traceChecker: TraceChecker }).traceChecker));
  parentPort.postMessage(await checkBytes(db, task, checkers));
  await db.close();
}
