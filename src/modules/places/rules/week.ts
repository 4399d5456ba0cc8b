import type { DutyBook } from './duty.ts';
import type { Place, PlaceTree } from './tree.ts';

/** Somebody on duty at a place for a stretch within one day; milliseconds since 1970, `until` exclusive. */
export interface Stretch {
  readonly person: string;
  readonly role: string;
  /** True where they stand in for somebody who is away. */
  readonly standingIn: boolean;
  readonly from: number;
  readonly until: number;
}

/** A time at which a place has nobody of its own. */
export interface OpenTime {
  readonly place: Place;
  readonly from: number;
  readonly until: number;
}

/** A time at which one person is on duty at several places, none of which lies in another or beside it in one grid, or twice at one. */
export interface DoubleTime {
  readonly person: string;
  readonly places: readonly Place[];
  readonly from: number;
  readonly until: number;
}

/** Who is on duty at a place itself, in order of time; no stretch reaches over a midnight of the county. */
export const stretchesOf = (book: DutyBook, place: string, from: number, until: number, midnights: ReadonlySet<number>): Stretch[] => {
  const found: Stretch[] = [];
  const open = new Map<string, number>();
  const edges = book.edges(place, from, until);
  for (let index = 0; index + 1 < edges.length; index++) {
    const [start, end] = [edges[index]!, edges[index + 1]!];
    if (midnights.has(start)) open.clear();
    const seen = new Map<string, number>();
    book.at(place, start).forEach(({ person, role, standingIn }) => {
      const key = `${person} ${role} ${standingIn}`;
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      const one = `${key} ${count}`;
      const before = open.get(one);
      if (before !== undefined && found[before]!.until === start) found[before] = { ...found[before]!, until: end };
      else {
        open.set(one, found.length);
        found.push({ person, role, standingIn, from: start, until: end });
      }
    });
  }
  return found;
};

/** The times between two moments at which a place has nobody, from what `stretchesOf` found. */
export const openTimes = (place: Place, stretches: readonly Stretch[], from: number, until: number): OpenTime[] => {
  const gaps: OpenTime[] = [];
  let manned = from;
  for (const one of stretches.toSorted((a, b) => a.from - b.from)) {
    if (one.from > manned) gaps.push({ place, from: manned, until: one.from });
    manned = Math.max(manned, one.until);
  }
  if (manned < until) gaps.push({ place, from: manned, until });
  return gaps;
};

/** Where some persons are asked for twice at once, in the whole county. */
export const doubleTimes = (book: DutyBook, tree: PlaceTree, persons: ReadonlySet<string>, from: number, until: number): DoubleTime[] => {
  const booked = new Map<string, { readonly place: Place; readonly from: number; readonly until: number }[]>();
  for (const place of tree.all()) {
    if (!book.hasPost(place.id)) continue;
    for (const one of stretchesOf(book, place.id, from, until, new Set())) {
      if (!persons.has(one.person)) continue;
      const own = booked.get(one.person) ?? [];
      own.push({ place, from: one.from, until: one.until });
      booked.set(one.person, own);
    }
  }
  const doubles: DoubleTime[] = [];
  for (const [person, list] of booked) {
    list.sort((a, b) => a.from - b.from || a.until - b.until);
    list.forEach((one, index) => {
      for (const other of list.slice(index + 1)) {
        if (other.from >= one.until) break;
        const within = one.place.path.startsWith(other.place.path) || other.place.path.startsWith(one.place.path);
        // One person may well answer for several micro-grids of one grid.
        const beside = one.place.level === 'microgrid' && other.place.level === 'microgrid' && one.place.parent === other.place.parent;
        const apart = one.place.id === other.place.id || !(within || beside);
        if (apart) doubles.push({ person, places: one.place.id === other.place.id ? [one.place] : [one.place, other.place], from: other.from, until: Math.min(one.until, other.until) });
      }
    });
  }
  return doubles;
};
