import { setTimeout } from 'node:timers/promises';
import { theSystem, type Actor } from '../../../base/actor.ts';
import type { Json } from '../../../base/canonical.ts';
import type { ActorId } from '../../../base/ids.ts';
import { isRefusal } from '../../../base/result.ts';
import type { LongTable } from '../../../platform/tables/table.ts';
import { claimImport, endCheck, endWork, forgetFiles, holdOn, letGo, type ImportRow } from '../store.ts';
import { digestOf, fileOf, keepFaults } from './files.ts';
import { landRows } from './landing.ts';
import type { Needs } from './needs.ts';
import { checkRows, surveyOf } from './reading.ts';

/** How long a worker that says nothing is waited for. Every batch and every second of a check says something. */
const holdMs = 10_000;
const sayMs = 1_000;
/** Tries in a row that come to nothing, after which an import is given up; a database that was away for a while is none of them. */
const mostTries = 8;
/** Seconds that entries may wait for their place in the log before a batch waits for them. */
const mostLag = 4;
/** Days that a file stays whose import was not brought to an end, and the list of what was wrong in it. */
const keptDays = 30;

/** The long part of imports that were begun on a page; a worker does it. */
export interface HistoryWork {
  /**
   * Goes on with the import that waits longest: checks it or takes its rows in, until it ends, somebody stops it, or the signal does.
   * Cut off in the middle it is taken up again, by this worker or another, after ten seconds at most.
   * @returns how many were worked at: 0 or 1
   */
  turn(signal?: AbortSignal): Promise<number>;
  /** Forgets files that are not needed any more. */
  sweep(): Promise<void>;
}

export const createWork = (needs: Needs): HistoryWork => {
  const { world, ledger, cases } = needs;
  const { db } = world;
  const until = (): Date => new Date(world.now() + holdMs);

  const check = async (me: string, row: ImportRow, source: LongTable, signal: AbortSignal | undefined): Promise<void> => {
    const survey = await surveyOf(needs, row.county, row.definition!);
    const faults = keepFaults(world);
    let told = 0;
    let stopped = false;
    let kept: string | null = null;
    const checked = await checkRows(needs, row.county, source, survey, {
      hear: faults.hear, ...(signal && { signal }),
      async onBatch(rows, share) {
        await faults.settle();
        const now = performance.now();
        if (now - told < sayMs) return true;
        told = now;
        stopped = !(await holdOn(db, row.county, row.id, me, 'checking', until(), { rows, share }));
        return !stopped;
      },
    }).finally(async () => { kept = await faults.end(); });
    if (stopped || signal?.aborted) return;
    if (isRefusal(checked)) {
      await endWork(db, row.county, row.id, me, 'failed', new Date(world.now()), { reason: checked.reason, params: { ...checked.params } });
      return;
    }
    const { rows, refused, known, open, encoding, ignored, problems } = checked;
    await endCheck(db, row.county, row.id, me, { rows, refused, known, digest: await digestOf(source), report: { open, encoding, ignored: [...ignored], problems }, faults: kept });
  };

  /** Lets the ledger come after: a server whose entries wait for long says that it is not ready. */
  const between = async (): Promise<void> => {
    for (let turns = 0; turns < 10 && (await ledger.lag()).seconds > mostLag; turns++) await setTimeout(100);
  };

  const run = async (me: string, row: ImportRow, source: LongTable, signal: AbortSignal | undefined): Promise<void> => {
    const survey = await surveyOf(needs, row.county, row.definition!);
    const actor: Actor = { ...theSystem, id: row.actor as ActorId };
    const { stopped } = await landRows(needs, source, {
      actor, role: row.role!, county: row.county, importId: row.id, survey, fileLimit: (await cases.settings(row.county)).clocks.file,
      note: (tx, added, { done, line }) => holdOn(tx, row.county, row.id, me, 'running', until(), { added, share: done, line }),
    }, { between, after: row.line, ...(signal && { signal }) });
    if (!stopped) await endWork(db, row.county, row.id, me, 'done', new Date(world.now()), null);
  };

  return {
    async turn(signal) {
      const me = world.random.uuid(world.now());
      const row = await claimImport(db, me, new Date(world.now()), until());
      if (!row) return 0;
      try {
        const source = fileOf(world, row.file, row.pieces, row.received);
        await (row.state === 'checking' ? check : run)(me, row, source, signal);
      } catch (error) {
        world.log.error({ err: error, import: row.id, tries: row.tries }, 'an import of history stopped and is tried again');
        if (row.tries >= mostTries) await endWork(db, row.county, row.id, me, 'failed', new Date(world.now()), { reason: 'history.broken' } as Json);
        throw error;
      } finally {
        await letGo(db, row.county, row.id, me).catch(() => {});
      }
      return 1;
    },
    sweep: () => forgetFiles(db, new Date(world.now() - keptDays * 86_400_000)),
  };
};
