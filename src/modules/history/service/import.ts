import type { Actor } from '../../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { LongTable } from '../../../platform/tables/table.ts';
import { entryOf } from '../../identity/index.ts';
import type { HistoryReport, Mapping } from '../contract.ts';
import { addedTo, endImport, insertImport } from '../store.ts';
import { digestOf } from './files.ts';
import { landRows } from './landing.ts';
import { mappingDigest } from './mappings.ts';
import type { Needs } from './needs.ts';
import { checkRows, surveyOf } from './reading.ts';

export interface HistoryOrder {
  readonly source: LongTable;
  readonly mapping: Mapping;
  /** Reads and checks every line and writes nothing. */
  readonly dryRun?: boolean;
  /** Takes in the rows that are right though others are refused; nothing is taken in where it is absent and any is. */
  readonly leaveOut?: boolean;
  /** `check` reads the whole file first, `land` writes. `done` is the share of the file, 0 to 1. */
  readonly onProgress?: (progress: { readonly phase: 'check' | 'land'; readonly rows: number; readonly added: number; readonly done: number }) => void;
  /** Stops between two batches; what was taken in stays, and the next run goes on from there. */
  readonly signal?: AbortSignal;
}

/**
 * Checks a whole file, and takes its rows in as matters that are marked as imported, each once by source and id; run again after a
 * cut it goes on. Refusals: 403 `identity.not_permitted`, 422 `history.import` with every kind of problem, 422 `tables.*`.
 */
export const createImport = (needs: Needs) => async (actor: Actor, county: string, order: HistoryOrder): Promise<Result<HistoryReport>> => {
  const { world, ledger, identity, cases } = needs;
  const grant = identity.permits(actor, county, 'settings.edit');
  if (!grant) return refuse(403, 'identity.not_permitted');
  const { source } = order.mapping;
  const survey = await surveyOf(needs, county, order.mapping);
  const stopsAt = order.signal ? { signal: order.signal } : {};
  const checked = await checkRows(needs, county, order.source, survey, { ...stopsAt, onBatch: (rows, done) => order.onProgress?.({ phase: 'check', rows, added: 0, done }) });
  if (isRefusal(checked)) return checked;
  const { rows, refused, right, known, open, encoding, ignored, problems } = checked;
  const digest = await digestOf(order.source);
  const report = (added: number, cancelled: boolean): HistoryReport => ({ dryRun: order.dryRun ?? false, source, rows, added, known, refused, open, encoding, ignored, problems, digest, cancelled });
  if (order.dryRun || order.signal?.aborted) return report(order.dryRun ? right - known : 0, order.signal?.aborted ?? false);
  if (refused > 0 && !order.leaveOut)
    return refuse(422, 'history.import', { count: refused }, problems.filter(({ level }) => level === 'refused').flatMap(({ rule, column, lines }) => lines.map(({ line, value }) => ({ path: `${line}:${column}`, reason: rule, params: { line, column, value } }))).slice(0, 1_000));

  const importId = world.random.uuid(world.now());
  const mapping = mappingDigest(order.mapping);
  await world.db.transaction(async (tx) => {
    await insertImport(tx, { county, id: importId, source, file: order.source.name.slice(0, 200), digest, mapping, actor: actor.id, rows, added: 0, refused, known, state: 'running', at: new Date(world.now()), definition: order.mapping });
    await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'history', action: 'import', set: { import: importId, source, digest, mapping, rows } }, actor, grant, world.now())]);
  });
  const fileLimit = (await cases.settings(county)).clocks.file;
  const { added, stopped } = await landRows(needs, order.source, {
    actor, role: grant.role, county, importId, survey, fileLimit, note: async (tx, count) => { await addedTo(tx, county, importId, count); return true; },
  }, { ...stopsAt, onBatch: (sofar, progress) => order.onProgress?.({ phase: 'land', rows: progress.rows, added: sofar, done: progress.done }) });
  await endImport(world.db, county, importId, stopped ? 'cancelled' : 'done', new Date(world.now()));
  return report(added, stopped);
};
