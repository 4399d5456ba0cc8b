import type { CountyCode } from '../../../base/ids.ts';
import { offsetMinutesOf } from '../../../base/time/zone.ts';
import type { World } from '../../../platform/world.ts';
import { DutyBook } from '../rules/duty.ts';
import { PlaceTree } from '../rules/tree.ts';
import { readAbsences } from '../store/absences.ts';
import { readPosts, readShifts } from '../store/duty.ts';
import { readCounties, readHead, readPlaces, type Head } from '../store/places.ts';

/** Places and duty of a county as one process holds them: each part is replaced whole when its counter has moved. */
export interface Snapshot {
  readonly head: Head;
  readonly tree: PlaceTree;
  readonly duty: DutyBook;
}

export interface Snapshots {
  /** The county's snapshot, at most `freshMs` behind the database; older where the database cannot be reached. */
  get(county: CountyCode): Promise<Snapshot>;
  /** Looks now whether something changed: after an own change, or when the ledger's tail shows one. */
  refresh(county: CountyCode): Promise<Snapshot>;
  counties(): Promise<readonly County[]>;
  /** What is loaded, without looking. */
  loaded(): IterableIterator<Snapshot>;
}

export interface County {
  readonly county: CountyCode;
  readonly name: Readonly<Record<string, string>>;
  readonly zone: string;
  /** Minutes from UTC; zones that change their clocks are not supported. */
  readonly offsetMinutes: number;
  readonly demo: boolean;
}

/** Milliseconds for which a snapshot is used without asking the database whether it is still the newest. */
const freshMs = 1000;

/**
 * Keeps one snapshot a county. Every process has its own; they agree within `freshMs` because each compares the
 * county's counters, one row, before it answers from memory that is older.
 */
export const createSnapshots = (world: World): Snapshots => {
  const held = new Map<CountyCode, { snapshot: Snapshot; checkedAt: number }>();
  const loading = new Map<CountyCode, Promise<Snapshot>>();
  let known: { list: readonly County[]; at: number } | undefined;

  const counties = async (): Promise<readonly County[]> => {
    const now = world.now();
    if (known && known.list.length > 0 && now - known.at < 10_000 && now >= known.at) return known.list;
    const list = (await readCounties(world.db)).map((county) => ({ ...county, offsetMinutes: offsetMinutesOf(county.zone, now) }));
    known = { list, at: now };
    return list;
  };

  const load = async (county: CountyCode): Promise<Snapshot> => {
    const before = held.get(county)?.snapshot;
    const now = world.now();
    // One statement at a time sees one state each: the head is read first, so that what is read after it is never older.
    const head = await readHead(world.db, county);
    const offset = (await counties()).find((one) => one.county === county)?.offsetMinutes ?? 480;
    const tree = before && before.head.places === head.places ? before.tree : new PlaceTree(county, head.places, await readPlaces(world.db, county));
    const duty = before && before.head.duty === head.duty
      ? before.duty
      : new DutyBook(
        await readPosts(world.db, county),
        await readShifts(world.db, county, new Date(now - 400 * 86_400_000).toISOString().slice(0, 10)),
        await readAbsences(world.db, county, new Date(now - 400 * 86_400_000)),
        offset,
      );
    const snapshot: Snapshot = { head, tree, duty };
    held.set(county, { snapshot, checkedAt: now });
    return snapshot;
  };

  const refresh = (county: CountyCode): Promise<Snapshot> => {
    const running = loading.get(county);
    // Somebody is looking already, perhaps from before our change: look once more after it.
    const next = (running ?? Promise.resolve()).then(() => load(county), () => load(county));
    loading.set(county, next);
    const done = () => {
      if (loading.get(county) === next) loading.delete(county);
    };
    next.then(done, done);
    return next;
  };

  return {
    counties,
    refresh,
    async get(county) {
      const here = held.get(county);
      const now = world.now();
      if (here && now - here.checkedAt < freshMs && now >= here.checkedAt) return here.snapshot;
      if (!here) return loading.get(county) ?? refresh(county);
      try {
        return await (loading.get(county) ?? refresh(county));
      } catch (error) {
        // Where a place is does not depend on the database being there this second.
        world.log.warn({ county, error: (error as Error).message }, 'places: answering from memory, the database could not be asked');
        return here.snapshot;
      }
    },
    * loaded() {
      for (const { snapshot } of held.values()) yield snapshot;
    },
  };
};
