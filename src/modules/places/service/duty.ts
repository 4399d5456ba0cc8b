import { createHash } from 'node:crypto';
import { Gauge } from 'prom-client';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type FieldError, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { DutyGap, Gap, InCharge, OnDuty, Post, Shift } from '../rules/duty.ts';
import type { Place, PlaceTree } from '../rules/tree.ts';
import { deletePosts, insertPosts, insertShifts } from '../store/duty.ts';
import { moveHead, readHead } from '../store/places.ts';
import { actorOf, type Acting } from './change.ts';
import type { Snapshots } from './snapshots.ts';
import { rosterDigests } from './tracing.ts';

/** Which of these persons (`account:{uuid}`, `contact:{uuid}`) can be reached by phone. */
export type Reachable = (county: CountyCode, persons: readonly string[]) => Promise<ReadonlySet<string>>;

/** A post with its shifts, as a roster gives it. */
export interface PostDraft {
  readonly place: string;
  readonly role: string;
  /** 1 answers first; 1 where absent. */
  readonly rank?: number;
  readonly shifts: readonly Omit<Shift, 'id' | 'post'>[];
}

export interface Duty {
  /** Who answers for a place at a moment (milliseconds since 1970), the places above it asked in turn. */
  inCharge(county: CountyCode, place: string, at: number): Promise<InCharge | DutyGap>;
  /** Everybody on duty at a place and everywhere under it, by person. */
  onDutyUnder(county: CountyCode, place: string, at: number): Promise<(OnDuty & { readonly place: string })[]>;
  /** Grids and micro-grids that nobody answers for at a moment, or nobody who can be reached. */
  gaps(county: CountyCode, at: number): Promise<Gap[]>;
  /** Every grid, and every micro-grid that has posts of its own: where somebody should be at any hour. */
  posted(county: CountyCode): Promise<readonly Place[]>;
  /** Posts of a place with their shifts. */
  roster(county: CountyCode, place: string): Promise<readonly (Post & { readonly shifts: readonly Shift[] })[]>;
  /** How many shifts some persons (`account:{uuid}`) have that have not ended. */
  shiftsOf(county: CountyCode, persons: ReadonlySet<string>): Promise<number>;
  /**
   * Replaces the whole roster of every place that the posts name. Refusals: 422 `places.roster_refused` with each wrong shift;
   * 409 `places.roster_changed` where somebody has changed a roster of the county since the state `since` that was looked at (see `dutyHead`).
   */
  setRoster(county: CountyCode, acting: Acting, posts: readonly PostDraft[], since?: number): Promise<Result<{ posts: number; shifts: number }>>;
  /** Counts the changes of the county's rosters, as this process knows them. */
  dutyHead(county: CountyCode): Promise<number>;
  /** As `setRoster`, in the caller's transaction; nothing is written where it refuses. The caller calls `refresh` after it. */
  writeRoster(tx: Tx, county: CountyCode, acting: Acting, posts: readonly PostDraft[]): Promise<Result<{ posts: number; shifts: number }>>;
}

/** Undoes a roster that was made from what is no longer so. */
class RosterMoved extends Error {}

const personPattern = /^(account|contact):[0-9a-f-]{36}$/;
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;

const faultOf = (shift: PostDraft['shifts'][number]): string | undefined => {
  if (!personPattern.test(shift.person) || (shift.standIn !== null && !personPattern.test(shift.standIn))) return 'places.bad_person';
  if (!/^[1-7]{1,7}$/.test(shift.weekdays)) return 'places.bad_weekdays';
  if (![shift.starts, shift.ends].every((minutes) => Number.isInteger(minutes) && minutes >= 0 && minutes <= 1440) || shift.starts === 1440) return 'places.bad_shift_time';
  if (!isDay(shift.fromDay) || (shift.untilDay !== null && (!isDay(shift.untilDay) || shift.untilDay < shift.fromDay))) return 'places.bad_shift_day';
  return undefined;
};

/** Posts and shifts as drafts give them, with fresh ids, and everything that is wrong with them by JSON pointer. */
export const drafted = (world: Pick<World, 'now' | 'random'>, tree: PlaceTree, drafts: readonly PostDraft[]): { readonly errors: readonly FieldError[]; readonly posts: readonly Post[]; readonly shifts: readonly Shift[] } => {
  const errors: FieldError[] = [];
  const posts: Post[] = [];
  const shifts: Shift[] = [];
  const now = world.now();
  drafts.forEach((draft, at) => {
    const place = tree.find(draft.place);
    if (!place) errors.push({ path: `/posts/${at}/place`, reason: 'places.unknown', params: { code: draft.place } });
    if (draft.role === '' || draft.role.length > 40) errors.push({ path: `/posts/${at}/role`, reason: 'places.bad_role' });
    const post: Post = { id: world.random.uuid(now), place: place?.id ?? '', role: draft.role, rank: draft.rank ?? 1 };
    posts.push(post);
    draft.shifts.forEach((shift, index) => {
      const reason = faultOf(shift);
      if (reason) errors.push({ path: `/posts/${at}/shifts/${index}`, reason });
      shifts.push({ ...shift, id: world.random.uuid(now), post: post.id });
    });
  });
  return { errors, posts, shifts };
};

export const createDuty = (world: World, ledger: Pick<Ledger, 'append'>, snapshots: Snapshots, reachable: Reachable | null): Duty => {
  const entry = (county: CountyCode, acting: Acting, action: string, set: { readonly [name: string]: Json }) => ({
    v: 1 as const, county, subject: 'config' as const, kind: 'duty', action, at: new Date(world.now()).toISOString(),
    actor: actorOf(acting), set,
  });

  const gaps = async (county: CountyCode, at: number): Promise<Gap[]> => {
    const { tree, duty } = await snapshots.get(county);
    if (!reachable) return duty.gaps(tree, at);
    return duty.gaps(tree, at, await reachable(county, [...duty.everybody(tree, at)]));
  };

  const writeRoster: Duty['writeRoster'] = async (tx, county, acting, drafts) => {
    const { tree } = await snapshots.get(county);
    const { errors, posts, shifts } = drafted(world, tree, drafts);
    if (errors.length > 0) return refuse(422, 'places.roster_refused', { total: errors.length }, errors.slice(0, 200));
    await moveHead(tx, county, 'duty');
    await deletePosts(tx, county, [...new Set(posts.map((post) => post.place))]);
    await insertPosts(tx, county, posts);
    await insertShifts(tx, county, shifts);
    // Who has which shift is personal: the ledger vouches for the roster by its digest.
    const digest = createHash('sha256').update(canonical({ posts, shifts } as unknown as Json)).digest('hex');
    await ledger.append(tx, [entry(county, acting, 'roster', { posts: posts.length, shifts: shifts.length, digest, rosters: rosterDigests(posts, shifts) })]);
    return { posts: posts.length, shifts: shifts.length };
  };

  // Counted when it is asked for, so that the figure is of this very moment.
  const gauge = new Gauge({
    name: 'lamplight_duty_gaps', help: 'Grids and micro-grids without a current, reachable person in charge', labelNames: ['county', 'reason'],
    registers: [world.metrics],
    async collect() {
      try {
        for (const { county } of await snapshots.counties()) {
          const counts = { noPost: 0, nobodyOnDuty: 0, unreachable: 0 };
          for (const gap of await gaps(county, world.now())) counts[gap.reason]++;
          for (const [reason, count] of Object.entries(counts)) gauge.set({ county, reason }, count);
        }
      } catch (error) {
        // Without the database there is no figure: an old one would say that all is well.
        gauge.reset();
        world.log.warn({ error: (error as Error).message }, 'places: duty gaps could not be counted');
      }
    },
  });

  return {
    async inCharge(county, place, at) {
      const { tree, duty } = await snapshots.get(county);
      return duty.inCharge(tree, place, at);
    },
    async onDutyUnder(county, place, at) {
      const { tree, duty } = await snapshots.get(county);
      const root = tree.find(place);
      if (!root) return [];
      return [...tree.all()].filter(({ path }) => path.startsWith(root.path)).flatMap(({ id }) => duty.at(id, at).map((one) => ({ ...one, place: id as string })));
    },
    gaps,
    async posted(county) {
      const { tree, duty } = await snapshots.get(county);
      return [...tree.all()].filter(({ id, level }) => level === 'grid' || (level === 'microgrid' && duty.hasPost(id)));
    },
    async roster(county, place) {
      const { tree, duty } = await snapshots.get(county);
      const found = tree.find(place);
      return found ? duty.posts(found.id).map((post) => ({ ...post, shifts: duty.shifts(post.id) })) : [];
    },
    async shiftsOf(county, persons) {
      const { tree, duty } = await snapshots.get(county);
      return [...tree.all()].reduce((sum, { id }) => sum + duty.posts(id).reduce((count, post) => count + duty.shifts(post.id).filter(({ person }) => persons.has(person)).length, 0), 0);
    },
    async dutyHead(county) {
      return (await snapshots.get(county)).head.duty;
    },
    async setRoster(county, acting, drafts, since) {
      try {
        const done = await world.db.transaction(async (tx) => {
          const written = await writeRoster(tx, county, acting, drafts);
          // Who comes second waits for the first at the head's row, and finds it further on than they looked.
          if (since !== undefined && !isRefusal(written) && (await readHead(tx, county)).duty !== since + 1) throw new RosterMoved();
          return written;
        });
        if (!isRefusal(done)) await snapshots.refresh(county);
        return done;
      } catch (error) {
        if (!(error instanceof RosterMoved)) throw error;
        await snapshots.refresh(county);
        const code = drafts[0]?.place ?? '';
        return refuse(409, 'places.roster_changed', { name: (await snapshots.get(county)).tree.find(code)?.name ?? code });
      }
    },
    writeRoster,
  };
};
