import type { Actor } from '../../base/actor.ts';
import type { Result } from '../../base/result.ts';
import type { HistoryReport } from './contract.ts';
import { createImport, type HistoryOrder, type Needs } from './service/import.ts';
import { readImports, type ImportRow } from './store.ts';

export { readMapping } from './service/mappings.ts';

/** Another system's history, brought in. */
export interface History {
  import(actor: Actor, county: string, order: HistoryOrder): Promise<Result<HistoryReport>>;
  /** The last imports of a county, the newest first. */
  imports(county: string): Promise<ImportRow[]>;
}

export const createHistory = (needs: Needs): History => ({ import: createImport(needs), imports: (county) => readImports(needs.world.db, county, 50) });
