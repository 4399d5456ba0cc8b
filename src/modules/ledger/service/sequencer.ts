import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import { columnsOf, readEntry } from '../rules/entry.ts';
import { decodeEdge, encodeEdge, extend, hashBytes, hashLeaf, rootOf } from '../rules/tree.ts';
import { readInbox, waitingCounties } from '../store/inbox.ts';
import { announce, ensureHead, lockHead, loggedCounties, moveBatch } from '../store/log.ts';
import { createLanes } from './lanes.ts';
import { sha256 } from './sha256.ts';

/** Entries of one batch: 4,096 fill sixteen tiles and one statement of about 1 MB. */
const batchSize = 4096;
/** Counties that are sequenced at once: their commits wait for the disk together. */
const lanes = 4;
/** Milliseconds between two batches of a county, so that a steady stream travels in tens rather than in ones. */
const pace = 25;
/** Milliseconds between looks for entries that other processes wrote. */
const idle = 40;

/** Orders what the inboxes hold. Any number of processes may run one: a county's head lets one in at a time. */
export interface Sequencer {
  start(): void;
  /** Finishes the batch in hand and ends. */
  stop(): Promise<void>;
  /** Says that a county's inbox has something new: saves the wait for the next look. */
  nudge(county: string): void;
  /** Orders, now, all that the inboxes (or one of them) hold, and signs. For imports, tests and the end of a process. */
  drain(county?: string): Promise<number>;
}

const emptyRoot = rootOf(sha256, []);

/**
 * Takes one batch from a county's inbox into its log.
 * @returns how many entries it took and the new size; `busy` when another sequencer holds the county.
 */
export const sequenceBatch = async (
  db: Database, county: string, { limit = batchSize, wait = false } = {},
): Promise<{ taken: number; size: number } | 'busy'> => {
  const done = await db.transaction(async (tx) => {
    let head = await lockHead(tx, county, wait);
    if (!head) {
      await ensureHead(tx, county, emptyRoot);
      head = await lockHead(tx, county, wait);
      if (!head) return 'busy';
    }
    const rows = await readInbox(tx, county, limit);
    if (rows.length === 0) return { taken: 0, size: head.size };
    const leaves = new Uint8Array(rows.length * hashBytes);
    const moves = rows.map((row, i) => {
      leaves.set(hashLeaf(sha256, row.entry), i * hashBytes);
      return { id: row.id, seq: head.size + 1 + i, columns: columnsOf(readEntry(row.entry)) };
    });
    const { edge, tiles } = extend(sha256, head.size, decodeEdge(head.size, head.edge), leaves);
    const size = head.size + rows.length;
    const moved = await moveBatch(tx, county, moves, tiles, { size, edge: encodeEdge(edge), root: rootOf(sha256, edge) });
    if (moved !== rows.length) throw new Error(`ledger ${county}: ${rows.length} entries were read and ${moved} could be moved`);
    return { taken: rows.length, size };
  });
  if (done !== 'busy' && done.taken > 0) await announce(db, county, done.size);
  return done;
};

/**
 * @param signIfDue called for a county after its batches and, once a second, for each whose head is not signed yet.
 * @param onSequenced called in this process after each batch.
 */
export const createSequencer = (
  { db, log }: Pick<World, 'db' | 'log'>,
  signIfDue: (county: string, force: boolean) => Promise<void>,
  onSequenced: (county: string, size: number, taken: number) => void = () => {},
): Sequencer => {
  let running = false;
  let looking: Promise<void> = Promise.resolve();
  let wake = new AbortController();

  const work = async (county: string): Promise<void> => {
    try {
      let taken = batchSize;
      while (running && taken === batchSize) {
        const done = await sequenceBatch(db, county);
        if (done === 'busy') return;
        taken = done.taken;
        if (taken > 0) onSequenced(county, done.size, taken);
        await signIfDue(county, false);
      }
    } catch (error) {
      log.error({ err: error, county }, 'sequencing failed; trying again');
      counties.wake(county);
      await pause(500, undefined, { signal: wake.signal }).catch(() => {});
    }
  };
  const counties = createLanes(lanes, work, pace);

  const look = async (): Promise<void> => {
    let lastSigning = 0;
    while (running) {
      try {
        for (const county of await waitingCounties(db)) counties.wake(county);
        const now = performance.now();
        if (now - lastSigning >= 1000) {
          lastSigning = now;
          for (const head of await loggedCounties(db)) if (head.size > head.signedSize) await signIfDue(head.county, false);
        }
        await pause(idle, undefined, { signal: wake.signal }).catch(() => {});
      } catch (error) {
        log.warn({ err: error }, 'the inboxes cannot be read; trying again');
        await pause(1000, undefined, { signal: wake.signal }).catch(() => {});
      }
    }
  };

  return {
    start() {
      if (running) return;
      running = true;
      wake = new AbortController();
      counties.start();
      looking = look();
    },
    async stop() {
      running = false;
      wake.abort();
      await looking;
      await counties.stop();
    },
    nudge: counties.wake,
    async drain(only) {
      let total = 0;
      for (const county of only ? [only] : await waitingCounties(db)) {
        for (;;) {
          const done = await sequenceBatch(db, county, { wait: true });
          if (done === 'busy' || done.taken === 0) break;
          total += done.taken;
          onSequenced(county, done.size, done.taken);
        }
      }
      for (const head of await loggedCounties(db)) {
        if ((!only || head.county === only) && head.size > head.signedSize) await signIfDue(head.county, true);
      }
      return total;
    },
  };
};
