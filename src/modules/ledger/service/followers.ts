import { setTimeout as pause } from 'node:timers/promises';
import { refuse, type Refusal, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { LoggedEntry } from '../contract.ts';
import { readEntry } from '../rules/entry.ts';
import {
  deleteCursor, ensureCursors, lockCursor, moveCursors, readCursors, releaseLease, setCursor, takeLease,
} from '../store/followers.ts';
import { loggedCounties, readEntries, readHead } from '../store/log.ts';
import type { Bell } from './bell.ts';
import { createLanes } from './lanes.ts';

/** A consumer of the ledger. Its writes and its cursor commit together, so that it sees each entry exactly once. */
export interface Follower {
  /** Never changes: the cursor is kept under it. */
  readonly name: string;
  /**
   * Takes the next entries of a county, in order; some may be missing that are unreadable. Only what is written through
   * `tx` is undone when it throws; it is then called again with the same entries.
   */
  apply(county: string, entries: readonly LoggedEntry[], tx: Tx): Promise<void>;
  /**
   * Milliseconds that it may be behind: having reached the end of the log it rests so long, and what has happened to one matter
   * meanwhile it meets at once. Where more is written than it can follow it takes a quarter of the time and falls further behind,
   * so that what it follows goes on. For what costs much and need not be there in the same moment. At once where absent.
   */
  readonly mayLag?: number;
  /** How it is made anew from the first entry, in a table beside the one that is read meanwhile. */
  readonly beside?: {
    /** Empties the table beside, for the county. */
    begin(county: string, tx: Tx): Promise<void>;
    apply(county: string, entries: readonly LoggedEntry[], tx: Tx): Promise<void>;
    /** Puts the rows of the table beside in the place of the others, for the county. */
    swap(county: string, tx: Tx): Promise<void>;
  };
}

/** Runs the followers of all counties. Any number of processes may; each county's are run by one at a time. */
export interface Followers {
  /** Before `start`. @throws when the name is taken. */
  register(follower: Follower): void;
  start(): void;
  stop(): Promise<void>;
  /** Brings all followers (of one county) up to the end of the log, now. For imports and tests. */
  catchUp(county?: string): Promise<void>;
  /** Names of the followers whose tables can be made anew. */
  rebuildable(): string[];
  /**
   * Makes a follower's table of a county anew beside the old one, which is read meanwhile, and swaps. One that was interrupted, or
   * whose process was killed, goes on where it was. Refusals: 404 `ledger.follower` (none that can; names those that can),
   * 409 `ledger.rebuild_elsewhere` (another process does the same).
   */
  rebuild(name: string, county: string, how?: Rebuild): Promise<Result<Rebuilt>>;
  /** Forgets what an interrupted rebuild has made so far. Refusal: 404 `ledger.follower`. */
  dropRebuild(name: string, county: string): Promise<Result<{ done: true }>>;
}

/** How a table is made anew. */
export interface Rebuild {
  /** From the first entry, whatever an interrupted one had reached. */
  readonly fresh?: boolean;
  /** Stops between two batches; what was made stays for the next time. */
  readonly signal?: AbortSignal;
  /** Entries that were read, of those that there are. */
  readonly progress?: (done: number, of: number) => void;
}

export interface Rebuilt {
  /** False: it was stopped before the swap. */
  readonly swapped: boolean;
  /** The seq that was reached, and that from which this run went on. */
  readonly reached: number;
  readonly from: number;
}

/** Another process, or a rebuild, moved a cursor meanwhile: what was begun is undone. */
class Elsewhere extends Error {}

const batchSize = 500;
const leaseFor = 15_000;
/** Counties whose followers run at once: each holds a connection while it writes. */
const lanes = 3;
/** Milliseconds between two batches of a county. */
const pace = 25;
/** Milliseconds between looks at counties whose lease another process has. */
const lookEvery = 2_000;

/** Reads entries after a seq. `to` is the last seq that was read, whether its bytes could be read or not. */
export const readLogged = async (tx: Tx, county: string, after: number, limit: number): Promise<{ entries: LoggedEntry[]; to: number }> => {
  const rows = await readEntries(tx, county, after, limit);
  return {
    entries: rows.flatMap((row) => {
      const entry = readEntry(row.canonical);
      return entry ? [{ seq: row.seq, entry }] : [];
    }),
    to: rows.at(-1)?.seq ?? after,
  };
};

/** @param onFailure called with the follower's name each time that one throws. */
export const createFollowers = (
  { db, log, now, random }: Pick<World, 'db' | 'log' | 'now' | 'random'>, bell: Bell, onFailure: (name: string) => void = () => {},
): Followers => {
  const registered = new Map<string, Follower>();
  const holder = random.uuid(now());
  const held = new Set<string>();
  /** Monotonic time until which a follower that threw is left alone. */
  const resting = new Map<string, number>();
  /** Monotonic time until which a follower that may lag rests. */
  const lagging = new Map<string, number>();
  let running = false;
  let ending = new AbortController();
  let deafen = (): void => {};
  let looking: Promise<void> = Promise.resolve();

  /** Gives followers that stand at one place what comes next, in one transaction. False when another process was faster. */
  const step = (county: string, followers: readonly Follower[], from: number, entries: readonly LoggedEntry[], to: number): Promise<boolean> =>
    db.transaction(async (tx) => {
      // Thrown, so that cursors that did move go back: their followers have seen nothing.
      if (!(await moveCursors(tx, county, followers.map((each) => each.name), from, to))) throw new Elsewhere();
      if (entries.length > 0) for (const each of followers) await each.apply(county, entries, tx);
      return true;
    }).catch((error: unknown) => {
      if (error instanceof Elsewhere) return false;
      throw error;
    });

  const rest = (county: string, follower: Follower, entries: number, began: number): void => {
    if (follower.mayLag === undefined || !running) return;
    const present = performance.now();
    const length = entries < batchSize ? follower.mayLag : 3 * (present - began);
    lagging.set(`${county} ${follower.name}`, present + length);
    void pause(length + 1, undefined, { ref: false }).then(() => counties.wake(county));
  };

  const stepOne = async (county: string, follower: Follower, from: number, entries: readonly LoggedEntry[], to: number): Promise<void> => {
    const began = performance.now();
    try {
      await step(county, [follower], from, entries, to);
      rest(county, follower, entries.length, began);
      resting.delete(`${county} ${follower.name}`);
    } catch (error) {
      onFailure(follower.name);
      resting.set(`${county} ${follower.name}`, performance.now() + 2_000);
      log.error({ err: error, county, follower: follower.name, seq: from + 1 }, 'a follower failed; it is tried again and the others go on');
    }
  };

  /**
   * One batch for whoever is furthest behind. False when nobody had anything to do.
   * @param all also those that rest because they may lag
   */
  const turn = async (county: string, all: boolean): Promise<boolean> => {
    const present = performance.now();
    const free = (times: ReadonlyMap<string, number>, { name }: Follower): boolean => (times.get(`${county} ${name}`) ?? 0) <= present;
    const able = [...registered.values()].filter((each) => free(resting, each) && (all || free(lagging, each)));
    if (able.length === 0) return false;
    const cursors = await readCursors(db, county);
    const missing = able.filter((each) => !cursors.has(each.name)).map((each) => each.name);
    if (missing.length > 0) {
      await ensureCursors(db, county, missing);
      for (const name of missing) cursors.set(name, 0);
    }
    const from = Math.min(...able.map((each) => cursors.get(each.name)!));
    const { entries, to } = await readLogged(db, county, from, batchSize);
    if (to === from) return false;
    const places = new Map<number, Follower[]>();
    for (const each of able) {
      const at = cursors.get(each.name)!;
      if (at < to) places.set(at, [...(places.get(at) ?? []), each]);
    }
    for (const [at, followers] of places) {
      const ahead = entries.filter((entry) => entry.seq > at);
      if (followers.length === 1) {
        await stepOne(county, followers[0]!, at, ahead, to);
        continue;
      }
      try {
        await step(county, followers, at, ahead, to);
        for (const each of followers) rest(county, each, ahead.length, present);
      } catch {
        // One of them failed and took the others' work with it: each alone, so that only that one stays behind.
        for (const each of followers) await stepOne(county, each, at, ahead, to);
      }
    }
    return true;
  };

  const work = async (county: string): Promise<void> => {
    try {
      if (!(await takeLease(db, county, holder, now(), now() + leaseFor))) return;
      held.add(county);
      let renewed = performance.now();
      while (running && (await turn(county, false))) {
        if (performance.now() - renewed < leaseFor / 3) continue;
        if (!(await takeLease(db, county, holder, now(), now() + leaseFor))) break;
        renewed = performance.now();
      }
    } catch (error) {
      log.error({ err: error, county }, 'followers cannot go on; trying again');
      await pause(1000, undefined, { signal: ending.signal }).catch(() => {});
      counties.wake(county);
    }
  };
  const counties = createLanes(lanes, work, pace);

  const look = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        for (const { county } of await loggedCounties(db)) counties.wake(county);
      } catch (error) {
        log.debug({ err: error }, 'the heads of the ledger cannot be read');
      }
      await pause(lookEvery, undefined, { signal }).catch(() => {});
    }
  };

  const able = (): Follower[] => [...registered.values()].filter((each) => each.beside).sort((one, other) => (one.name < other.name ? -1 : 1));
  const unknown = (name: string): Refusal => refuse(404, 'ledger.follower', { name, known: able().map((each) => each.name).join(', ') });
  const shadowOf = (name: string): string => `${name}~beside`;

  return {
    register(follower) {
      if (registered.has(follower.name)) throw new Error(`follower ${follower.name} is registered already`);
      registered.set(follower.name, follower);
    },
    start() {
      running = true;
      ending = new AbortController();
      if (registered.size > 0) counties.start();
      deafen = bell.listen(counties.wake);
      looking = look(ending.signal);
    },
    async stop() {
      running = false;
      ending.abort();
      deafen();
      await looking;
      await counties.stop();
      for (const county of held) await releaseLease(db, county, holder).catch((error: unknown) => log.warn({ err: error, county }, 'a lease stays until it ends'));
      held.clear();
    },
    async catchUp(only) {
      for (const { county } of await loggedCounties(db)) {
        if (only && county !== only) continue;
        while (await turn(county, true));
      }
    },
    rebuildable: () => able().map((each) => each.name),
    async rebuild(name, county, { fresh = false, signal, progress } = {}) {
      const beside = able().find((each) => each.name === name)?.beside;
      if (!beside) return unknown(name);
      const shadow = shadowOf(name);
      const from = await db.transaction(async (tx) => {
        const reached = fresh ? undefined : await lockCursor(tx, county, shadow);
        if (reached !== undefined) return reached;
        await setCursor(tx, county, shadow, 0);
        await beside.begin(county, tx);
        return 0;
      });
      /** @returns the place that was reached. */
      const advance = async (tx: Tx, at: number): Promise<number> => {
        const { entries, to } = await readLogged(tx, county, at, batchSize);
        if (to === at) return at;
        if (!(await moveCursors(tx, county, [shadow], at, to))) throw new Elsewhere();
        await beside.apply(county, entries, tx);
        return to;
      };
      let at = from;
      try {
        // Up to the end without holding anything, then the rest with the old cursor locked, so that nobody writes meanwhile.
        for (let size = -1; at < (size = (await readHead(db, county))?.size ?? 0);) {
          if (signal?.aborted) return { swapped: false, reached: at, from };
          at = await db.transaction((tx) => advance(tx, at));
          progress?.(at, size);
        }
        await db.transaction(async (tx) => {
          await ensureCursors(tx, county, [name]);
          const old = (await lockCursor(tx, county, name)) ?? 0;
          // Whoever was faster has swapped, and left nothing beside.
          if ((await lockCursor(tx, county, shadow)) !== at) throw new Elsewhere();
          while (at < old) at = await advance(tx, at);
          await beside.swap(county, tx);
          await setCursor(tx, county, name, at);
          await deleteCursor(tx, county, shadow);
        });
      } catch (error) {
        if (error instanceof Elsewhere) return refuse(409, 'ledger.rebuild_elsewhere', { name });
        throw error;
      }
      return { swapped: true, reached: at, from };
    },
    async dropRebuild(name, county) {
      const beside = able().find((each) => each.name === name)?.beside;
      if (!beside) return unknown(name);
      await db.transaction(async (tx) => {
        await deleteCursor(tx, county, shadowOf(name));
        await beside.begin(county, tx);
      });
      return { done: true };
    },
  };
};
