import type { World } from '../../../platform/world.ts';

/** Something that goes on in the background: the sequencer, clocks, deliveries, followers. */
export interface Work {
  readonly name: string;
  start(): void | Promise<void>;
  /** Lets what is under way come to its end; called once. */
  stop(): Promise<void>;
}

/** Repeats a job with a pause between its ends and beginnings; one that fails is logged and tried again at the next turn. */
export const repeated = (world: World, name: string, pauseMs: number, job: () => Promise<number | void>): Work => {
  let stopped = false;
  let wake: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  const loop = async (): Promise<void> => {
    while (!stopped) {
      let again = false;
      try {
        again = Number(await job() ?? 0) > 0;
      } catch (error) {
        world.log.error({ err: error, work: name }, 'a job failed and is tried again');
      }
      if (stopped) return;
      await new Promise<void>((resume) => {
        const timer = setTimeout(resume, again ? 10 : pauseMs);
        wake = () => { clearTimeout(timer); resume(); };
      });
    }
  };
  return {
    name,
    start() { running = loop(); },
    async stop() { stopped = true; wake?.(); await running; },
  };
};
