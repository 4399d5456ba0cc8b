import type { Town } from './town/town.ts';

/**
 * Starts the background work of a town: what it listens with, and (`worker`) the work itself.
 * @returns lets all of it come to rest, the listening last
 */
export const startWorks = async (town: Town, worker = true): Promise<() => Promise<void>> => {
  const works = worker ? town.works : [];
  for (const work of [...town.hearing, ...works]) await work.start();
  return async () => {
    const ends = await Promise.allSettled(works.map((work) => work.stop()));
    for (const listening of [...town.hearing].reverse()) await listening.stop();
    for (const [at, end] of ends.entries())
      if (end.status === 'rejected') town.world.log.error({ err: end.reason as unknown, work: town.works[at]?.name }, 'did not stop cleanly');
  };
};
