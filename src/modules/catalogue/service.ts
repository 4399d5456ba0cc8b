import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { openTable, type Field } from '../../platform/tables/records.ts';
import { TableFault, type TableSource } from '../../platform/tables/table.ts';
import type { World } from '../../platform/world.ts';
import { entryOf, type Identity } from '../identity/index.ts';
import type { Ledger } from '../ledger/index.ts';
import { Finders, type CarriedTable } from './finders.ts';
import { readModel } from './rules/model.ts';
import type { Ranked } from './rules/rank.ts';
import { standardFields, type LineProblem } from './rules/rows.ts';
import type { SearchFilter } from './rules/search.ts';
import { Standards, type StandardRow, type StandardsVersion } from './rules/standards.ts';
import { asFieldErrors, changesOf, TableReading, type TableChanges } from './rules/table.ts';
import { insertVersion, rowsOf, versionsAfter, withdrawnVersions } from './store.ts';
import { createEditing, type Editing } from './editing.ts';
import { rowsDigest } from './tracing.ts';

/** How a table is to be imported. */
export interface ImportOrder {
  readonly source: TableSource;
  /** The source as people name it; the file's name where absent. */
  readonly name?: string;
  /** Milliseconds since 1970; now where absent. */
  readonly effectiveAt?: number;
  /** What a bare `小时` counts. */
  readonly defaultHour?: 'workingHour' | 'urgentHour';
  /** Reads and checks everything and writes nothing. */
  readonly dryRun?: boolean;
}

/** What an import came to, or would come to. */
export interface ImportReport {
  /** Null in a dry run. */
  readonly version: number | null;
  readonly name: string;
  readonly digest: string;
  readonly effectiveAt: number;
  readonly rows: number;
  readonly components: number;
  readonly events: number;
  /** Rows without a limit, because theirs was not understood. */
  readonly notUnderstood: readonly LineProblem[];
  /** Titles of columns that were not used. */
  readonly ignored: readonly string[];
  /** Against the version that counted until then. */
  readonly changes: TableChanges;
}

/** The code tables of all counties. Reading is synchronous, from memory; `refresh` brings what was imported since. */
export interface Catalogue {
  /** The version that counts at a time (milliseconds since 1970), undefined before the first. */
  currentVersion(county: string, at: number): number | undefined;
  /** Versions of a county, newest first. */
  versions(county: string): StandardsVersion[];
  /** A row by its key in the version that a matter was decided under. */
  row(county: string, version: number, key: string): StandardRow | undefined;
  /** All rows of a version in the table's order; empty for a version that is not there. */
  rows(county: string, version: number): readonly StandardRow[];
  /** Rows by code, words or pinyin, best first; all for an empty query. The version that counts now unless given. */
  search(county: string, query: string, options?: SearchFilter & { readonly version?: number; readonly limit?: number }): StandardRow[];
  /**
   * Rows for what somebody wrote, best first, with the words that spoke for each; the commonest rows for no words.
   * @param options.componentClass class of the component that it is about, `0137`
   * @param options.nearClass class of a component that merely stands near
   */
  rank(county: string, text: string, options?: { readonly componentClass?: string; readonly nearClass?: string; readonly limit?: number; readonly version?: number }): Ranked[];
  /** Changing the table row by row, going back, withdrawing. */
  readonly editing: Editing;
  /** What a phone takes along to search the table that counts now by itself, with `RowSearch`; undefined without a table. */
  carried(county: string): CarriedTable | undefined;
  /** Loads versions that were imported since the last time, of one county or of all. Cheap when there are none. */
  refresh(county?: string): Promise<void>;
  /**
   * Imports a filing-and-closing table as the county's next version, whole or not at all, with an entry in the ledger.
   * Refusals: 403 `identity.not_permitted`, 409 `catalogue.same_table`, 422 `catalogue.import` with the lines.
   */
  importTable(actor: Actor, county: string, order: ImportOrder): Promise<Result<ImportReport>>;
}

const textFile = (name: string): string => readFileSync(resolve(import.meta.dirname, '../../../data/standards', name), 'utf8');
const dataFile = (name: string): unknown => JSON.parse(textFile(name));

const required = new Set(['kind', 'major', 'minor', 'minorName', 'openCondition', 'timeLimit']);
const fields: readonly Field[] = Object.entries(dataFile('columns.json') as Record<keyof typeof standardFields, string[]>)
  .map(([name, titles]) => ({ name, titles, required: required.has(name) }));

interface Taken {
  readonly rows: readonly StandardRow[];
  readonly notUnderstood: readonly LineProblem[];
  readonly ignored: readonly string[];
}

const read = async (order: ImportOrder): Promise<Result<Taken>> => {
  const reading = new TableReading({ defaultHour: order.defaultHour ?? 'workingHour' });
  /** Columns as the file itself calls them: that is where its owner looks. */
  const named = (problems: readonly LineProblem[], titles: Readonly<Record<string, string>>): LineProblem[] =>
    problems.map((problem) => ({ ...problem, column: problem.column === null ? null : (titles[problem.column] ?? problem.column) }));
  const faulty = (problems: readonly LineProblem[]) => refuse(422, 'catalogue.import', { count: problems.length, line: problems[0]?.line ?? 0 }, asFieldErrors(problems));
  try {
    const { head, records } = openTable(order.source, fields);
    for await (const { rows } of records) for (const row of rows) reading.take(row);
    if (reading.errors.length > 0) return faulty(named(reading.errors, head.titles));
    if (reading.rows.length === 0) return faulty([{ line: 1, column: null, value: '', rule: 'tables.empty' }]);
    return { rows: reading.rows, notUnderstood: named(reading.notUnderstood, head.titles), ignored: head.ignored };
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
    return faulty([{ line: error.line ?? 1, column: error.column, value: error.value, rule: error.rule }, ...reading.errors]);
  }
};

/** Opens the catalogue with everything that the database has. */
export const createCatalogue = async (world: World, ledger: Pick<Ledger, 'append' | 'sequencer'>, identity: Pick<Identity, 'permits'>): Promise<Catalogue> => {
  const standards = new Standards();
  const finders = new Finders(standards, dataFile('phrases.json'), () => readModel(textFile('proposals.tsv')));
  const refresh = async (county?: string): Promise<void> => {
    const known = county === undefined ? 0 : (standards.versions(county)[0]?.version ?? 0);
    for (const version of await versionsAfter(world.db, county ?? null, known))
      if (standards.rows(version.county, version.version).length === 0)
        standards.add(version, await rowsOf(world.db, version.county, version.version));
    const withdrawn = Map.groupBy(await withdrawnVersions(world.db, county ?? null), (one) => one.county);
    for (const one of county === undefined ? standards.counties() : [county]) standards.setWithdrawn(one, new Map((withdrawn.get(one) ?? []).map(({ version, at }) => [version, at])));
  };
  await refresh();
  const current = (county: string, version: number | undefined) => version ?? standards.currentVersion(county, world.now());

  const write = async (actor: Actor, county: string, order: ImportOrder, { rows, notUnderstood, ignored }: Taken): Promise<Result<ImportReport>> => {
    const grant = identity.permits(actor, county, 'standards.import');
    if (!grant) return refuse(403, 'identity.not_permitted');
    await refresh(county);
    const now = world.now();
    const effectiveAt = order.effectiveAt ?? now;
    const name = (order.name ?? order.source.name).slice(0, 200);
    const digest = createHash('sha256').update(order.source.bytes).digest('hex');
    const defaultHour = order.defaultHour ?? 'workingHour';
    const before = standards.currentVersion(county, effectiveAt);
    const same = before === undefined ? undefined : standards.versions(county).find((one) => one.version === before && one.digest === digest && one.defaultHour === defaultHour);
    if (same) return refuse(409, 'catalogue.same_table', { version: same.version, name: same.name });
    const report = {
      name, digest, effectiveAt, rows: rows.length, notUnderstood, ignored,
      components: rows.filter((row) => row.kind === 'component').length, events: rows.filter((row) => row.kind === 'event').length,
      changes: changesOf(before === undefined ? [] : standards.rows(county, before), rows),
    };
    if (order.dryRun) return { version: null, ...report };
    const version = await world.db.transaction(async (tx) => {
      const made = await insertVersion(tx, {
        county, name, effectiveAt, importedAt: now, importedBy: actor.id, digest, defaultHour, rows: rows.length, notUnderstood: notUnderstood.length,
      }, rows);
      await ledger.append(tx, [entryOf({
        county, subject: 'config', kind: 'standards', action: 'import',
        set: { version: made, digest, rows: rows.length, rowsDigest: rowsDigest(rows), notUnderstood: notUnderstood.length, defaultHour, effectiveAt: new Date(effectiveAt).toISOString(), ...report.changes },
      }, actor, grant, now)]);
      return made;
    });
    ledger.sequencer.nudge(county);
    await refresh(county);
    return { version, ...report };
  };

  return {
    currentVersion: (county, at) => standards.currentVersion(county, at),
    versions: (county) => standards.versions(county),
    row: (county, version, key) => standards.row(county, version, key),
    rows: (county, version) => standards.rows(county, version),
    search(county, query, { version, limit = 600, ...filter } = {}) {
      const found = finders.searchOf(county, current(county, version));
      return found ? found.search(query, filter).slice(0, limit) : [];
    },
    rank(county, text, { version, ...options } = {}) {
      return finders.rankerOf(county, current(county, version))?.rank(text, options) ?? [];
    },
    carried(county) {
      const version = current(county, undefined);
      return version === undefined ? undefined : { version, ...finders.carriedOf(standards.rows(county, version)) };
    },
    refresh,
    editing: createEditing({ world, ledger, identity, standards, refresh }),
    async importTable(actor, county, order) {
      if (!identity.permits(actor, county, 'standards.import')) return refuse(403, 'identity.not_permitted');
      const table = await read(order);
      if (isRefusal(table)) return table;
      const attempt = () => write(actor, county, order, table);
      // Of two imports at once the second finds its number taken: it is worked out again on what the first one wrote.
      return attempt().catch((error: unknown) => {
        if ((error as { code?: unknown }).code === '23505') return attempt();
        throw error;
      });
    },
  };
};
