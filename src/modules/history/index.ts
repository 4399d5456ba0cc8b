import type { Actor } from '../../base/actor.ts';
import type { Result } from '../../base/result.ts';
import type { HistoryReport } from './contract.ts';
import { createImport, type HistoryOrder } from './service/import.ts';
import { createMappings } from './service/mappings.ts';
import type { Needs } from './service/needs.ts';
import { createRuns } from './service/runs.ts';
import { createWork, type HistoryWork } from './service/work.ts';
import { importWaits } from './store.ts';

export type { ImportRow } from './store.ts';
export { readMapping } from './service/mappings.ts';

/** Another system's history, brought in. */
export interface History {
  /** Brings a file in from its beginning to its end, as the command does; see `createImport`. */
  import(actor: Actor, county: string, order: HistoryOrder): Promise<Result<HistoryReport>>;
  /** Imports as a page makes them: file, check, start, pause. */
  readonly runs: Omit<ReturnType<typeof createRuns>, 'referenced'>;
  readonly mappings: ReturnType<typeof createMappings>;
  /** What a worker does of them. */
  readonly work: HistoryWork;
  /** Whether there is something for a worker to do. */
  waits(): Promise<boolean>;
  /** Which of these bytes must be kept. */
  referenced(county: string, digests: readonly string[]): Promise<readonly string[]>;
}

export const createHistory = (needs: Needs): History => {
  const mappings = createMappings(needs);
  const { referenced, ...runs } = createRuns({ ...needs, mappings });
  return { import: createImport(needs), runs, mappings, work: createWork(needs), waits: () => importWaits(needs.world.db, new Date(needs.world.now())), referenced };
};
