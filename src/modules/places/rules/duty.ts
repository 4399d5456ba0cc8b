import type { Place, PlaceTree } from './tree.ts';

/** A role to be filled at a place: grid chief, grid worker, micro-grid keeper, … Rank 1 answers first. */
export interface Post {
  readonly id: string;
  /** Id of the place. */
  readonly place: string;
  readonly role: string;
  readonly rank: number;
}

/** Who fills a post when. Days are those of the county's zone. */
export interface Shift {
  readonly id: string;
  readonly post: string;
  /** `account:{uuid}` or `contact:{uuid}`. */
  readonly person: string;
  readonly standIn: string | null;
  /** Days on which it begins: digits 1 (Monday) to 7 (Sunday). */
  readonly weekdays: string;
  /** Minutes after midnight. An end that is not after the start is on the next day; 0 to 1440 is the whole day. */
  readonly starts: number;
  readonly ends: number;
  /** `YYYY-MM-DD`: first and last day on which it begins; null while open. */
  readonly fromDay: string;
  readonly untilDay: string | null;
}

/** A person is away: the stand-in of each shift takes it. Milliseconds since 1970, `until` exclusive. */
export interface Absence {
  readonly person: string;
  readonly from: number;
  readonly until: number;
}

/** Somebody who has a post now. */
export interface OnDuty {
  readonly person: string;
  /** Who takes over when `person` cannot be reached; null where nobody does. */
  readonly standIn: string | null;
  /** True where `person` stands in for somebody who is away. */
  readonly standingIn: boolean;
  readonly role: string;
  /** Milliseconds since 1970. */
  readonly shift: { readonly from: number; readonly until: number };
}

/** Nobody is on duty here or above. */
export interface DutyGap {
  readonly gap: true;
  /** `noPost`: no post was ever set up in the chain; `nobodyOnDuty`: there are posts, and no shift fills them now. */
  readonly reason: 'noPost' | 'nobodyOnDuty';
}

export interface InCharge extends OnDuty {
  readonly gap: false;
  /** The place whose post it is: the one asked for, or the nearest above it that is manned. */
  readonly place: Place;
  /** Everybody else on duty at that place, in order of rank. */
  readonly others: readonly OnDuty[];
}

const minuteMs = 60_000;
const dayMs = 86_400_000;

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;
/** 1 for Monday; 1970-01-01 was a Thursday. */
const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** The stretch of a shift that holds `at`, or undefined. A shift over midnight belongs to the day on which it begins. */
export const shiftAt = (shift: Shift, at: number, offsetMinutes: number): { readonly from: number; readonly until: number } | undefined => {
  const today = Math.floor((at + offsetMinutes * minuteMs) / dayMs);
  const length = shift.ends > shift.starts ? shift.ends - shift.starts : shift.ends + 1440 - shift.starts;
  for (const day of [today, today - 1]) {
    if (!shift.weekdays.includes(String(weekdayOf(day)))) continue;
    if (day < dayNumber(shift.fromDay) || (shift.untilDay !== null && day > dayNumber(shift.untilDay))) continue;
    const from = day * dayMs + (shift.starts - offsetMinutes) * minuteMs;
    const until = from + length * minuteMs;
    if (from <= at && at < until) return { from, until };
  }
  return undefined;
};

/** A grid or micro-grid that nobody answers for, or nobody who can be reached. */
export interface Gap {
  readonly place: Place;
  readonly reason: 'noPost' | 'nobodyOnDuty' | 'unreachable';
  /** Who is on duty and has no reachable phone; empty for the other reasons. */
  readonly persons: readonly string[];
}

/** The posts, shifts and absences of one county, in memory: never changed, replaced whole. */
export class DutyBook {
  readonly #posts = new Map<string, Post[]>();
  readonly #shifts = new Map<string, Shift[]>();
  readonly #absences = new Map<string, Absence[]>();
  readonly #offset: number;

  /** @param offsetMinutes of the county's zone from UTC: 480 in China */
  constructor(posts: readonly Post[], shifts: readonly Shift[], absences: readonly Absence[], offsetMinutes: number) {
    const gather = <T>(map: Map<string, T[]>, key: string, value: T) => {
      const list = map.get(key);
      if (list) list.push(value);
      else map.set(key, [value]);
    };
    for (const post of posts.toSorted((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1))) gather(this.#posts, post.place, post);
    for (const shift of shifts) gather(this.#shifts, shift.post, shift);
    for (const absence of absences) gather(this.#absences, absence.person, absence);
    this.#offset = offsetMinutes;
  }

  #away(person: string, at: number): boolean {
    return this.#absences.get(person)?.some((absence) => absence.from <= at && at < absence.until) ?? false;
  }

  /** Whether a stretch of a shift falls into a time (milliseconds since 1970, `until` exclusive). */
  falls(shift: Shift, from: number, until: number): boolean {
    const first = Math.floor((from + this.#offset * minuteMs) / dayMs) - 1;
    for (let day = first; day * dayMs - this.#offset * minuteMs < until && day < first + 750; day++) {
      const begins = day * dayMs + (shift.starts - this.#offset) * minuteMs;
      const stretch = shiftAt(shift, begins, this.#offset);
      if (stretch && stretch.from < until && stretch.until > from) return true;
    }
    return false;
  }

  /** Moments between two (milliseconds) at which it may change who is on duty at a place, both ends and each midnight of the county among them. */
  edges(place: string, from: number, until: number): number[] {
    const edges = new Set([from, until]);
    const add = (at: number): void => { if (at > from && at < until) edges.add(at); };
    const first = Math.floor((from + this.#offset * minuteMs) / dayMs) - 1;
    for (let day = first; day * dayMs - this.#offset * minuteMs < until; day++) {
      const midnight = day * dayMs - this.#offset * minuteMs;
      add(midnight);
      for (const post of this.posts(place))
        for (const shift of this.shifts(post.id)) {
          add(midnight + shift.starts * minuteMs);
          add(midnight + (shift.ends > shift.starts ? shift.ends : shift.ends + 1440) * minuteMs);
        }
    }
    for (const post of this.posts(place))
      for (const shift of this.shifts(post.id))
        for (const person of [shift.person, shift.standIn]) for (const absence of (person === null ? undefined : this.#absences.get(person)) ?? []) { add(absence.from); add(absence.until); }
    return [...edges].sort((a, b) => a - b);
  }

  /** A book in which some places (ids) have these posts and shifts instead of their own. */
  replaced(places: ReadonlySet<string>, posts: readonly Post[], shifts: readonly Shift[]): DutyBook {
    const kept = [...this.#posts].filter(([place]) => !places.has(place)).flatMap(([, own]) => own);
    return new DutyBook([...kept, ...posts], [...kept.flatMap(({ id }) => this.shifts(id)), ...shifts], [...this.#absences.values()].flat(), this.#offset);
  }

  hasPost(place: string): boolean {
    return this.#posts.has(place);
  }

  posts(place: string): readonly Post[] {
    return this.#posts.get(place) ?? [];
  }

  shifts(post: string): readonly Shift[] {
    return this.#shifts.get(post) ?? [];
  }

  /** Everybody on duty at a place itself, in order of rank. A shift whose person and stand-in are both away counts as none. */
  at(place: string, at: number): OnDuty[] {
    const list: OnDuty[] = [];
    for (const post of this.posts(place))
      for (const shift of this.shifts(post.id)) {
        const stretch = shiftAt(shift, at, this.#offset);
        if (!stretch) continue;
        const standIn = shift.standIn !== null && !this.#away(shift.standIn, at) ? shift.standIn : null;
        if (!this.#away(shift.person, at)) list.push({ person: shift.person, standIn, standingIn: false, role: post.role, shift: stretch });
        else if (standIn !== null) list.push({ person: standIn, standIn: null, standingIn: true, role: post.role, shift: stretch });
      }
    return list;
  }

  /**
   * Who answers for a place now: the first by rank at the place itself, else at the nearest place above it.
   * Nobody is guessed: where the chain has no one it says which kind of gap it is.
   */
  inCharge(tree: PlaceTree, idOrCode: string, at: number): InCharge | DutyGap {
    let anyPost = false;
    for (let place = tree.find(idOrCode); place; place = place.parent === null ? undefined : tree.find(place.parent)) {
      const [first, ...others] = this.at(place.id, at);
      if (first) return { gap: false, place, ...first, others };
      anyPost ||= this.hasPost(place.id);
    }
    return { gap: true, reason: anyPost ? 'nobodyOnDuty' : 'noPost' };
  }

  /**
   * Grids and micro-grids without a current, reachable person. A grid needs one of its own; a micro-grid without posts
   * is answered for by its grid and is not listed beside it. Without `reachable` everybody counts as reachable.
   */
  gaps(tree: PlaceTree, at: number, reachable?: ReadonlySet<string>): Gap[] {
    const gaps: Gap[] = [];
    for (const place of tree.all()) {
      if (place.level !== 'grid' && place.level !== 'microgrid') continue;
      const posted = this.hasPost(place.id);
      if (place.level === 'microgrid' && !posted) continue;
      const onDuty = this.at(place.id, at);
      if (onDuty.length === 0) gaps.push({ place, reason: posted ? 'nobodyOnDuty' : 'noPost', persons: [] });
      else if (reachable && !onDuty.some((one) => reachable.has(one.person) || (one.standIn !== null && reachable.has(one.standIn))))
        gaps.push({ place, reason: 'unreachable', persons: onDuty.map((one) => one.person) });
    }
    return gaps;
  }

  /** Everybody who is on duty somewhere in the county, with their stand-ins. */
  everybody(tree: PlaceTree, at: number): Set<string> {
    const persons = new Set<string>();
    for (const place of tree.all())
      for (const one of this.at(place.id, at)) {
        persons.add(one.person);
        if (one.standIn !== null) persons.add(one.standIn);
      }
    return persons;
  }
}
