import type { Town } from './town.ts';

/** Starts the background work of a town. @returns lets all of it come to rest. */
export const startWorks = async (town: Town): Promise<() => Promise<void>> => {
  for (const work of town.works) await work.start();
  return async () => {
    const ends = await Promise.allSettled(town.works.map((work) => work.stop()));
    for (const [at, end] of ends.entries())
      if (end.status === 'rejected') town.world.log.error({ err: end.reason as unknown, work: town.works[at]?.name }, 'did not stop cleanly');
  };
};
