import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { openTable, type Field, type TableHead } from '../../../platform/tables/records.ts';
import { TableFault, type LongTable } from '../../../platform/tables/table.ts';
import type { Mapping, ProblemKind } from '../contract.ts';
import { SeenIds } from '../rules/seen.ts';
import { readHistory, type HistoryDraft, type LineProblem, type Survey } from '../rules/record.ts';
import { knownIds } from '../store.ts';
import type { Needs } from './needs.ts';
import { Problems } from './problems.ts';

/** Rows of one transaction: as many as are written in well under a second, so that little is lost when it is cut off. */
const batchSize = 2_000;

const fieldsOf = ({ columns, steps = [] }: Mapping): Field[] => [
  ...Object.entries(columns).map(([name, titles]) => ({ name, titles, required: ['id', 'reportedAt', 'state'].includes(name) })),
  ...steps.map(({ titles }, at) => ({ name: `step${at}`, titles, required: false })),
];

/** What the rows of a county are read against, and what their titles and codes are made of. */
export type CountySurvey = Survey & { words(place: string): string; readonly version: number | undefined };

export const surveyOf = async ({ world, identity, places, catalogue, matters }: Pick<Needs, 'world' | 'identity' | 'places' | 'catalogue' | 'matters'>, county: string, mapping: Mapping): Promise<CountySurvey> => {
  const tree = await places.tree(county as CountyCode);
  const names = new Map<string, string | null>();
  for (const { name, code } of tree.all()) names.set(name, names.has(name) ? null : code);
  const version = catalogue.currentVersion(county, world.now());
  const rows = version === undefined ? [] : catalogue.rows(county, version);
  const byCode = new Map<string, (typeof rows)[number]>();
  for (const row of rows) for (const key of [row.key, row.code, row.minorName]) if (!byCode.has(key)) byCode.set(key, row);
  const units = new Map<string, string>();
  for (let after = ''; ;) {
    const page = await identity.units.list(world.db, county, after, 500);
    for (const unit of page) for (const name of [unit.id, ...Object.values(unit.name)]) units.set(name, unit.id);
    if (page.length < 500) break;
    after = page.at(-1)!.id;
  }
  const words = new Map<string, string>();
  return {
    mapping, version, offsetMinutes: matters.calendar(county).offsetMinutes, now: world.now(),
    locate(lng, lat) {
      const { place, path } = tree.locate(lng, lat);
      return place === null || path === null ? null : { place, path };
    },
    place(text) {
      const found = tree.find(names.get(text) ?? text);
      return found && { place: found.code, path: found.path };
    },
    row: (text) => byCode.get(text),
    unit: (text) => units.get(text),
    words(code) {
      const found = tree.find(code);
      const known = words.get(code) ?? (found ? tree.chain(found).slice(-2).map(({ name }) => name).join(' ') : '');
      words.set(code, known);
      return known;
    },
  };
};

/** What has been read of a file. */
export interface Tally {
  rows: number;
  refused: number;
  head: TableHead | null;
}

export const newTally = (): Tally => ({ rows: 0, refused: 0, head: null });

/** Told of everything that is wrong. @param titleOf what the file calls a field */
export type Hear = (problems: readonly LineProblem[], titleOf: (field: string) => string) => void;

/**
 * Reads a file to its end: its drafts batch by batch, its faults told. No more of it is in memory than a piece and a batch, and eight
 * bytes of every id.
 * @param after line up to which it was gone through before: what stands there is counted and not looked at
 * @throws TableFault
 */
export async function* readRows(
  source: LongTable, survey: Survey, tally: Tally, hear: Hear, { signal, after = 0 }: { readonly signal?: AbortSignal; readonly after?: number } = {},
): AsyncGenerator<{ readonly drafts: HistoryDraft[]; readonly done: number }> {
  const { head, records } = openTable(source, fieldsOf(survey.mapping));
  tally.head = head;
  const seen = new SeenIds();
  const title = (field: string): string => head.titles[field] ?? field;
  let drafts: HistoryDraft[] = [];
  for await (const { rows, done } of records) {
    for (const { line, values, faults } of rows) {
      tally.rows++;
      if (line <= after) continue;
      const { draft, problems: found } = readHistory(line, values, survey, title);
      // A text that came through a wrong encoding is no text: the row is not taken in.
      const garbled = faults.map(({ field, value, rule }) => ({ line, field, value, rule, level: 'refused' as const }));
      const twice = draft && !seen.add(draft.id) ? [{ line, field: 'id', value: draft.id, rule: 'history.twice', level: 'refused' as const }] : [];
      if (garbled.length + found.length + twice.length > 0) hear([...garbled, ...found, ...twice], title);
      if (!draft || garbled.length > 0 || twice.length > 0) {
        tally.refused++;
        continue;
      }
      drafts.push(draft);
      if (drafts.length < batchSize) continue;
      yield { drafts, done };
      drafts = [];
    }
    if (signal?.aborted) break;
  }
  if (drafts.length > 0) yield { drafts, done: 1 };
}

/** What a file came to when it was checked whole. */
export interface Checked {
  readonly rows: number;
  readonly refused: number;
  /** Rows that may be taken in, and those of them that were before. */
  readonly right: number;
  readonly known: number;
  readonly open: number;
  readonly encoding: string;
  readonly ignored: string[];
  readonly problems: ProblemKind[];
}

/**
 * Reads and checks every line of a file; writes nothing.
 * @param onBatch told after every batch; where it answers false the check ends there
 * @returns refusals: 422 `tables.*` where the file cannot be read
 */
export const checkRows = async (
  { world }: Pick<Needs, 'world'>, county: string, source: LongTable, survey: Survey,
  { hear, onBatch, signal }: { readonly hear?: Hear; readonly onBatch?: (rows: number, done: number) => boolean | void | Promise<boolean | void>; readonly signal?: AbortSignal },
): Promise<Result<Checked>> => {
  const problems = new Problems();
  const tally = newTally();
  let [right, known, open] = [0, 0, 0];
  try {
    for await (const { drafts, done } of readRows(source, survey, tally, (found, title) => { problems.add(found, title); hear?.(found, title); }, signal ? { signal } : {})) {
      right += drafts.length;
      open += drafts.filter(({ state }) => state === 'open').length;
      known += (await knownIds(world.db, county, survey.mapping.source, drafts.map(({ id }) => id))).size;
      if ((await onBatch?.(tally.rows, done)) === false) break;
    }
  } catch (error) {
    if (!(error instanceof TableFault)) throw error;
    return refuse(422, error.rule, { line: error.line ?? 0, column: error.column ?? '', value: error.value });
  }
  return { rows: tally.rows, refused: tally.refused, right, known, open, encoding: tally.head?.encoding ?? 'utf-8', ignored: [...new Set(tally.head?.ignored ?? [])], problems: problems.all() };
};
