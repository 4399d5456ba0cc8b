import type { CountyCode } from '../../../../base/ids.ts';
import type { Needs } from '../needs.ts';

/** Milliseconds between two looks, however often the log grows: a follow page is renewed well within two seconds. */
const quietMs = 400;

interface Watched {
  readonly hearers: Set<() => void>;
  /** Entries that the matter had at the last look. */
  entries: number;
}

/** Tells of changes of single matters, to listeners who may see nothing else. */
export interface Watch {
  /** Calls `hear` after each change of the matter, at most a few times a second. @returns ends it. */
  (matter: string, hear: () => void): () => void;
}

/**
 * Listens for the county's log to grow while anybody watches, and then asks for the watched matters' entries
 * (ledger_entry_matter): a page that is looked at costs one small query for each round of the sequencer, and none while nothing happens.
 */
export const createWatch = ({ world, ledger }: Pick<Needs, 'world' | 'ledger'>, county: string): Watch => {
  const watched = new Map<string, Watched>();
  let stopHearing: (() => void) | null = null;
  let pending: NodeJS.Timeout | null = null;

  const countOf = async (matter: string): Promise<number> => (await ledger.entriesOf(world.db, county as CountyCode, matter)).length;

  const look = async (): Promise<void> => {
    pending = null;
    for (const [matter, one] of watched)
      try {
        const entries = await countOf(matter);
        if (entries === one.entries) continue;
        one.entries = entries;
        for (const hear of one.hearers) hear();
      } catch (error) {
        world.log.warn({ err: error }, 'a watched matter could not be looked at; the next growth of the log looks again');
      }
  };

  return (matter, hear) => {
    const one = watched.get(matter) ?? { hearers: new Set(), entries: -1 };
    watched.set(matter, one);
    one.hearers.add(hear);
    stopHearing ??= ledger.bell.listen((grown) => {
      if (grown === county) pending ??= setTimeout(() => void look(), quietMs).unref();
    });
    // The first look sets the count: the page itself was read before the stream began, so one renewal too many is right.
    pending ??= setTimeout(() => void look(), quietMs).unref();
    return () => {
      one.hearers.delete(hear);
      if (one.hearers.size === 0) watched.delete(matter);
      if (watched.size > 0) return;
      stopHearing?.();
      stopHearing = null;
    };
  };
};
