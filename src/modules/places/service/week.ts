import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Result } from '../../../base/result.ts';
import type { World } from '../../../platform/world.ts';
import type { DutyBook, Post, Shift } from '../rules/duty.ts';
import type { Place, PlaceTree } from '../rules/tree.ts';
import { doubleTimes, openTimes, stretchesOf, type DoubleTime, type OpenTime, type Stretch } from '../rules/week.ts';
import { drafted, type PostDraft } from './duty.ts';
import type { Snapshots } from './snapshots.ts';

/** A place in a week: its roster, who is on duty when, and when nobody is. */
export interface WeekRow {
  readonly place: Place;
  /** Changes whenever the roster of the place does: what an edit was based on. */
  readonly seen: string;
  readonly posts: readonly (Post & { readonly shifts: readonly Shift[] })[];
  readonly stretches: readonly Stretch[];
  readonly gaps: readonly OpenTime[];
}

/** What is open and what is double in a week, for some places. */
export interface Outlook {
  readonly gaps: readonly OpenTime[];
  readonly doubles: readonly DoubleTime[];
}

export interface DutyWeek {
  /** Milliseconds since 1970 of the week's seven midnights and the one after. */
  readonly midnights: readonly number[];
  readonly rows: readonly WeekRow[];
  readonly doubles: readonly DoubleTime[];
  /** How many places there are in all; `rows` holds the first 60. */
  readonly total: number;
}

export interface Weeks {
  /** Grids, and micro-grids with posts of their own, under a place (and itself where it has posts) for seven days from `day` (`YYYY-MM-DD` of the county). */
  week(county: CountyCode, under: string, day: string, seen: (path: string) => boolean): Promise<DutyWeek>;
  /** What would be open and double that week if these posts replaced the rosters of their places, and what is now. Refusal: 422 `places.roster_refused`. */
  outlook(county: CountyCode, day: string, places: readonly string[], drafts: readonly PostDraft[]): Promise<Result<{ readonly before: Outlook; readonly after: Outlook }>>;
  /** The mark of a place's roster, as `WeekRow.seen`. */
  mark(county: CountyCode, place: string): Promise<string>;
}

/** Places that one week shows at most. */
const mostRows = 60;
const dayMs = 86_400_000;

const markOf = (book: DutyBook, place: string): string =>
  createHash('sha256').update(canonical(book.posts(place).map(({ id }) => [id, ...book.shifts(id).map((shift) => shift.id).toSorted()]) as unknown as Json)).digest('hex').slice(0, 20);

const personsOf = (book: DutyBook, places: readonly Place[]): Set<string> =>
  new Set(places.flatMap(({ id }) => book.posts(id).flatMap((post) => book.shifts(post.id).flatMap(({ person, standIn }) => (standIn === null ? [person] : [person, standIn])))));

/** Duty week by week. */
export const createWeeks = (world: World, snapshots: Snapshots): Weeks => {
  const midnightsOf = async (county: CountyCode, day: string): Promise<readonly number[]> => {
    const offset = (await snapshots.counties()).find((one) => one.county === county)?.offsetMinutes ?? 480;
    const first = Date.parse(`${day}T00:00:00Z`) - offset * 60_000;
    return Array.from({ length: 8 }, (_, index) => first + index * dayMs);
  };
  const outlookOf = (book: DutyBook, tree: PlaceTree, places: readonly Place[], persons: ReadonlySet<string>, midnights: readonly number[]): Outlook => {
    const [from, until] = [midnights[0]!, midnights[7]!];
    return {
      gaps: places.flatMap((place) => openTimes(place, stretchesOf(book, place.id, from, until, new Set(midnights)), from, until)),
      doubles: doubleTimes(book, tree, persons, from, until),
    };
  };
  return {
    async week(county, under, day, seen) {
      const [{ tree, duty }, midnights] = [await snapshots.get(county), await midnightsOf(county, day)];
      const root = tree.find(under);
      const [from, until, marks] = [midnights[0]!, midnights[7]!, new Set(midnights)];
      const all = root === undefined ? [] : [...tree.all()]
        .filter(({ id, level, path }) => path.startsWith(root.path) && seen(path) && (level === 'grid' || duty.hasPost(id)))
        .sort((a, b) => (a.code < b.code ? -1 : 1));
      const places = all.slice(0, mostRows);
      return {
        midnights, total: all.length,
        rows: places.map((place) => {
          const stretches = stretchesOf(duty, place.id, from, until, marks);
          return {
            place, seen: markOf(duty, place.id), stretches, gaps: openTimes(place, stretches, from, until),
            posts: duty.posts(place.id).map((post) => ({ ...post, shifts: duty.shifts(post.id) })),
          };
        }),
        doubles: doubleTimes(duty, tree, personsOf(duty, places), from, until),
      };
    },
    async outlook(county, day, codes, drafts) {
      const [{ tree, duty }, midnights] = [await snapshots.get(county), await midnightsOf(county, day)];
      const { errors, posts, shifts } = drafted(world, tree, drafts);
      if (errors.length > 0) return refuse(422, 'places.roster_refused', { total: errors.length }, errors.slice(0, 200));
      const places = codes.map((code) => tree.find(code)).filter((place) => place !== undefined);
      const then = duty.replaced(new Set(places.map(({ id }) => id)), posts, shifts);
      const persons = new Set([...personsOf(duty, places), ...personsOf(then, places)]);
      return { before: outlookOf(duty, tree, places, persons, midnights), after: outlookOf(then, tree, places, persons, midnights) };
    },
    async mark(county, place) {
      const { tree, duty } = await snapshots.get(county);
      return markOf(duty, tree.find(place)?.id ?? place);
    },
  };
};
