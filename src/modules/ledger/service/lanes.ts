import { setTimeout as pause } from 'node:timers/promises';

/** Work for many counties of which only a few are worked on at once, so that it cannot use up a process's connections. */
export interface Lanes {
  start(): void;
  /** Begins nothing more and waits for what is in hand. */
  stop(): Promise<void>;
  /** Says that there is something to do for a county. While it is worked on already, it is worked on once more. */
  wake(county: string): void;
}

/**
 * @param atOnce counties that are worked on at the same time; the others wait in the order in which they were woken.
 * @param work does what there is to do for a county; never throws. It is not called again while it runs.
 * @param rest milliseconds in which a county is left alone after its work, which holds up no other county. Where many are
 *   busy each rests longer, to 120 ms: a turn costs the same for one entry as for fifty, and a hundred counties that were
 *   each turned to every 25 ms would leave nothing for what they wait for.
 */
export const createLanes = (atOnce: number, work: (county: string) => Promise<void>, rest: number): Lanes => {
  const waiting = new Set<string>();
  const resting = new Set<string>();
  const working = new Map<string, Promise<void>>();
  let running = false;

  const lane = async (county: string): Promise<void> => {
    await work(county);
    working.delete(county);
    resting.add(county);
    void pause(Math.min(120, rest * Math.max(1, resting.size / atOnce))).then(() => {
      resting.delete(county);
      begin();
    });
    begin();
  };

  const begin = (): void => {
    for (const county of waiting) {
      if (!running || working.size >= atOnce) return;
      if (working.has(county) || resting.has(county)) continue;
      waiting.delete(county);
      working.set(county, lane(county));
    }
  };

  return {
    start() {
      running = true;
      begin();
    },
    async stop() {
      running = false;
      waiting.clear();
      await Promise.all(working.values());
    },
    wake(county) {
      waiting.add(county);
      begin();
    },
  };
};
