import type { Database } from '../../../platform/database/database.ts';
import type { ScopedObject } from '../../identity/index.ts';
import { scopedIn } from '../reads/matters.ts';

type Found = ScopedObject & { readonly id: string };

interface Asked {
  readonly counties: readonly string[];
  readonly id: string;
  readonly settle: (found: Found | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Looks up where matters are and stand, by their ids. What is asked in one turn of the loop travels in one statement, as
 * the actions that follow do.
 * @returns finds a matter in the first of these counties that has it; undefined where none does
 */
export const createFinder = (db: Database): ((counties: readonly string[], id: string) => Promise<Found | undefined>) => {
  let waiting: Asked[] = [];

  const carry = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    try {
      const rows = Map.groupBy(await scopedIn(db, [...new Set(batch.flatMap(({ counties }) => counties))], batch.map(({ id }) => id)), ({ id }) => id);
      for (const { counties, id, settle } of batch) settle(rows.get(id)?.find(({ county }) => counties.includes(county)));
    } catch (error) {
      for (const { fail } of batch) fail(error);
    }
  };

  return (counties, id) => counties.length === 0 ? Promise.resolve(undefined) : new Promise((settle, fail) => {
    if (waiting.push({ counties, id, settle, fail }) === 1) setImmediate(() => void carry());
  });
};
