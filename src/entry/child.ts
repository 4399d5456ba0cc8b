import { readConfig } from '../platform/config.ts';
import { serve, type Serving } from './server.ts';
import { root } from './world.ts';

/** What `up` says to the process that serves. */
export type ToChild = { readonly say: 'start'; readonly databaseUrl: string; readonly demo: boolean } | { readonly say: 'stop' };

/** What it says back. */
export type FromChild =
  | { readonly say: 'progress'; readonly step: 'seeding' | 'line'; readonly line: string }
  | { readonly say: 'ready'; readonly address: string; readonly demo: Serving['demo'] }
  | { readonly say: 'failed'; readonly line: string; readonly name: string };

const tell = (message: FromChild): void => {
  if (process.connected) process.send?.(message);
};

const main = (): void => {
  const stopping = new AbortController();
  let serving: Promise<Serving> | undefined;
  let ending = false;
  const end = async (code: number): Promise<void> => {
    if (ending) return;
    ending = true;
    stopping.abort();
    // Should anything hang, the process ends all the same; what was acknowledged is in the database.
    setTimeout(() => process.exit(code), 2_800).unref();
    await serving?.then((running) => running.stop()).catch(() => {});
    process.exit(code);
  };
  process.on('message', (message: ToChild) => {
    if (message.say === 'stop') return void end(0);
    serving ??= serve({
      config: readConfig({ ...process.env, DATABASE_URL: message.databaseUrl }, root),
      databaseUrl: message.databaseUrl, worker: true, demo: message.demo, signal: stopping.signal,
      progress: (step, line) => tell({ say: 'progress', step, line }),
    });
    serving.then(
      ({ address, demo }) => tell({ say: 'ready', address, demo }),
      (error: Error) => {
        if (!ending) tell({ say: 'failed', line: error.message, name: (error as NodeJS.ErrnoException).code ?? error.name });
        setTimeout(() => process.exit(1), 500);
      },
    );
  });
  // A parent that was killed cannot say stop: its end of the channel closes.
  process.on('disconnect', () => void end(0));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0));
};

main();
