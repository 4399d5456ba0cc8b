import { createHash } from 'node:crypto';
import type { Actor } from '../../../base/actor.ts';
import type { CoordinateSystem } from '../../../base/geo/coordinates.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type FieldError, type Refusal, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { openTable, type Field, type TableHead } from '../../../platform/tables/records.ts';
import { TableFault, type TableSource } from '../../../platform/tables/table.ts';
import type { World } from '../../../platform/world.ts';
import { entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Places } from '../../places/index.ts';
import type { Classes, CodeLayout } from '../rules/classes.ts';
import { readComponent, type ComponentDraft, type LineProblem, type Survey } from '../rules/record.ts';
import { componentsDigest, holdCounty, ownersDigest } from '../store/components.ts';
import { insertImport, mergeStaging, openStaging, takenPlates } from '../store/staging.ts';

/** How components are to be imported. */
export interface ComponentsOrder {
  readonly source: TableSource;
  /** What the file's coordinates are in; WGS-84 where absent. */
  readonly system?: CoordinateSystem;
  /** Reads and checks every line and writes nothing. */
  readonly dryRun?: boolean;
  /** Told after each piece of the file: lines read and the share of it, 0 to 1; `phase` is `merge` once while the rows are put in place. */
  readonly onProgress?: (progress: { readonly phase: 'read' | 'merge'; readonly rows: number; readonly done: number }) => void;
}

export interface ComponentsReport {
  readonly dryRun: boolean;
  readonly rows: number;
  /** 0 in a dry run. */
  readonly added: number;
  readonly changed: number;
  readonly digest: string;
  /** Titles of columns that were not used. */
  readonly ignored: readonly string[];
  /** Rows by class. */
  readonly classes: Readonly<Record<string, number>>;
}

/** What imports stand on. */
export interface ImportNeeds {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'append' | 'sequencer'>;
  readonly identity: Pick<Identity, 'permits' | 'units' | 'zone'>;
  readonly places: Pick<Places, 'tree'>;
  readonly classes: Classes;
  readonly fields: readonly Field[];
  readonly stateOf: (text: string) => string | undefined;
}

/** Lines with errors that are named; reading goes on no further. */
const mostProblems = 1_000;

const asErrors = (problems: readonly LineProblem[]): FieldError[] => problems.map(({ line, column, value, rule }) => ({
  path: `${line}:${column ?? ''}`, reason: rule, params: { line, column: column ?? '', value },
}));

/** Nothing was written; the first of the problems says where. */
const refused = (problems: readonly LineProblem[]): Refusal =>
  refuse(422, 'components.import', { count: problems.length, line: problems[0]?.line ?? 0 }, asErrors(problems.slice(0, mostProblems)));

/** What the records of a county are checked against. */
const surveyOf = async ({ world, identity, places, classes, stateOf }: ImportNeeds, county: string, system: CoordinateSystem): Promise<Survey> => {
  const [settings] = await world.db.query<{ layout: string | null; prefix: string | null }>(
    `select coalesce(settings->'components'->>'code', settings->>'componentCode') as layout, coalesce(settings->'components'->>'prefix', settings->>'componentPrefix') as prefix from county where county = $1`, [county]);
  const layout: CodeLayout = settings?.layout === '6+2+3+5' ? '6+2+3+5' : '6+2+2+6';
  const units = new Map<string, string>();
  for (let after = ''; ;) {
    const page = await identity.units.list(world.db, county, after, 500);
    for (const unit of page) for (const name of [unit.id, ...Object.values(unit.name)]) units.set(name, unit.id);
    if (page.length < 500) break;
    after = page.at(-1)!.id;
  }
  const tree = await places.tree(county as CountyCode);
  return {
    county: settings?.prefix ?? county, layout, system, classes, state: stateOf, unit: (text) => units.get(text),
    today: new Date(world.now() + (await identity.zone(county)).offsetMinutes * 60_000).toISOString().slice(0, 10),
    ...(tree.frame() !== null && {
      locate: (lng: number, lat: number) => {
        const { place, path } = tree.locate(lng, lat);
        return place === null || path === null ? null : { place, path };
      },
    }),
  };
};

/** Reads a file to its end; says what is wrong with it as it goes. */
class Reading {
  readonly problems: LineProblem[] = [];
  readonly classes: Record<string, number> = {};
  rows = 0;
  readonly #lines = new Map<string, number>();
  readonly #plates = new Map<string, number>();
  readonly #survey: Survey;
  readonly #head: TableHead;

  constructor(survey: Survey, head: TableHead) {
    this.#survey = survey;
    this.#head = head;
  }

  /** Columns as the file itself calls them. */
  add(problems: readonly LineProblem[]): void {
    for (const problem of problems)
      this.problems.push({ ...problem, column: problem.column === null ? null : (this.#head.titles[problem.column] ?? problem.column) });
  }

  take({ line, values, faults }: { readonly line: number; readonly values: Readonly<Record<string, string>>; readonly faults: readonly { readonly field: string; readonly value: string; readonly rule: string }[] }): ComponentDraft | undefined {
    this.rows++;
    if (faults.length > 0) {
      this.add(faults.map(({ field, value, rule }) => ({ line, column: field, value, rule })));
      return undefined;
    }
    const read = readComponent(line, values, this.#survey);
    if ('errors' in read) {
      this.add(read.errors);
      return undefined;
    }
    const twice = this.#lines.get(read.code);
    const plateTwice = read.plate === null ? undefined : this.#plates.get(read.plate);
    if (twice !== undefined) this.add([{ line, column: 'code', value: `${read.code} (${twice})`, rule: 'components.duplicate' }]);
    if (plateTwice !== undefined) this.add([{ line, column: 'plate', value: `${read.plate} (${plateTwice})`, rule: 'components.plate_taken' }]);
    if (twice !== undefined || plateTwice !== undefined) return undefined;
    this.#lines.set(read.code, line);
    if (read.plate !== null) this.#plates.set(read.plate, line);
    this.classes[read.class] = (this.classes[read.class] ?? 0) + 1;
    return read;
  }
}

/**
 * Imports components, whole or not at all: every line is checked and goes by COPY into component_staging, and one merge puts
 * them in place, all in one transaction. Lines that are wrong are named, up to a thousand; then nothing is written.
 */
export const importComponents = async (needs: ImportNeeds, actor: Actor, county: string, order: ComponentsOrder): Promise<Result<ComponentsReport>> => {
  const { world, ledger, identity, fields } = needs;
  const grant = identity.permits(actor, county, 'components.import');
  if (!grant) return refuse(403, 'identity.not_permitted');
  const survey = await surveyOf(needs, county, order.system ?? 'wgs84');
  const importId = world.random.uuid(world.now());
  const digest = createHash('sha256').update(order.source.bytes).digest('hex');
  const dryRun = order.dryRun ?? false;

  const client = dryRun ? null : await world.db.connection();
  let broken = false;
  // A connection that breaks while it is ours says so here too; the statement under way fails with it.
  const note = (): void => { broken = true; };
  client?.on('error', note);
  try {
    if (client) await client.query('begin');
    const staging = client && openStaging(client, county, importId);
    let reading: Reading | undefined;
    let ignored: readonly string[] = [];
    try {
      const { head, records } = openTable(order.source, fields);
      reading = new Reading(survey, head);
      for await (const { rows, done } of records) {
        const drafts: ComponentDraft[] = [];
        for (const row of rows) {
          const draft = reading.take(row);
          if (draft) drafts.push(draft);
        }
        if (reading.problems.length >= mostProblems) break;
        // After the first wrong line nothing will be written: the rest is only checked.
        if (staging && reading.problems.length === 0) await staging.write(drafts);
        order.onProgress?.({ phase: 'read', rows: reading.rows, done });
      }
      ignored = head.ignored;
    } catch (error) {
      if (!(error instanceof TableFault)) throw error;
      broken = true;
      return refused([...(reading?.problems ?? []), { line: error.line ?? 1, column: error.column, value: error.value, rule: error.rule }]);
    }
    if (reading.problems.length === 0 && reading.rows === 0) reading.add([{ line: 1, column: null, value: '', rule: 'tables.empty' }]);
    if (reading.problems.length > 0) {
      // The connection is in the middle of a COPY: closing it is what ends that, with the transaction.
      broken = true;
      return refused(reading.problems);
    }
    const report = { dryRun, rows: reading.rows, digest, ignored, classes: reading.classes };
    if (!client || !staging) return { ...report, added: 0, changed: 0 };

    await staging.end();
    order.onProgress?.({ phase: 'merge', rows: reading.rows, done: 1 });
    const tx: Tx = { query: async <Row>(sql: string, params: readonly unknown[] = [], name?: string) => (await client.query({ text: sql, values: params as unknown[], ...(name && { name }) })).rows as Row[] };
    const taken = await takenPlates(tx, county, importId);
    if (taken.length > 0) {
      await client.query('rollback');
      reading.add(taken.map(({ line, plate }) => ({ line, column: 'plate', value: plate, rule: 'components.plate_taken' })));
      return refused(reading.problems);
    }
    const now = new Date(world.now());
    // Of two imports that end at once the second sees the first: the digest of all rows is of both.
    await holdCounty(tx, county);
    const { added, changed, replaced, attached } = await mergeStaging(tx, county, importId, now);
    await insertImport(tx, county, importId, { actor: actor.id, source: order.source.name.slice(0, 200), digest, rows: reading.rows, added, changed }, now);
    await ledger.append(tx, [entryOf({
      county, subject: 'config', kind: 'components', action: 'import', set: { import: importId, digest, rows: reading.rows, added, changed, rowsDigest: await componentsDigest(tx, county), ownersDigest: await ownersDigest(tx, county) },
    }, actor, grant, now.getTime()),
    // Plates that were in the register before and that the survey found elsewhere or again.
    ...([['replaced', replaced], ['attached', attached]] as const).filter(([, plates]) => plates.length > 0)
      .map(([action, plates]) => entryOf({ county, subject: 'config', kind: 'plates', action, set: { import: importId, plates: [...plates] } }, actor, grant, now.getTime()))]);
    await client.query('commit');
    ledger.sequencer.nudge(county);
    return { ...report, added, changed };
  } catch (error) {
    broken = true;
    throw error;
  } finally {
    client?.off('error', note);
    client?.release(broken);
  }
};
