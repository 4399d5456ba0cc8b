import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { theSystem } from '../../../base/actor.ts';
import type { CountyCode, Digest } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import type { World } from '../../../platform/world.ts';
import type { Bulletin } from '../../bulletin/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Places } from '../../places/index.ts';
import type { OpenDataSettings } from '../contract.ts';
import type { Area } from '../../settings/index.ts';
import { openDataArea } from './area.ts';
import { fileNames, type FileName } from '../rules/files.ts';
import { countFields, featureOf, headOf, lineOf, reportFields, type OpenReport } from './sets.ts';
import { deleteFiles, insertFile, insertMonth, readCells, readDigests, readFiles, readMonths, readSettings, type FileRow } from '../store.ts';
import { openReport, settle, shownIn, villagesOf, type Protects, type Span } from './making.ts';

/** Everything that open data stand on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly places: Places;
  readonly bulletin: Bulletin;
}

export interface OpenFile {
  readonly row: FileRow;
  readonly body: Readable;
}

/** 开放数据: what a county publishes every day of what the public view shows. */
export interface OpenData {
  readonly area: Area;
  /** What counts in the county: its own settings over what ships. */
  settings(county: string): Promise<Required<OpenDataSettings>>;
  /**
   * Makes the files of the present day of every county whose hour has come. Doing it again, by two at once or after an end
   * in the middle, changes nothing: the day's files are there or they are not. @returns how many files were made
   */
  make(): Promise<number>;
  /** Files that are kept, the newest first. */
  files(county: string): Promise<readonly FileRow[]>;
  /** A file of a day, `latest` for the newest. Refusal: 404 `opendata.file`. */
  file(county: string, name: string, day: string): Promise<Result<FileRow>>;
  /** Its bytes. Refusal: 404 `opendata.file`. */
  open(row: FileRow): Promise<Result<OpenFile>>;
  /** Which of these bytes must be kept. */
  referenced(county: string, digests: readonly string[]): Promise<readonly string[]>;
}

const shipped = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../data/opendata/open-data.json'), 'utf8')) as Required<OpenDataSettings>;
const minute = 60_000;
const dayMs = 86_400_000;

/** First moment of a month `2026-11` and of the one that is `later` months after it, as days of UTC. */
const monthStart = (month: string, later = 0): number => Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + later, 1);

export const createOpenData = ({ world, ledger, places, bulletin }: Needs): OpenData => {
  const settingsOf = async (county: string): Promise<Required<OpenDataSettings>> => ({ ...shipped, ...await readSettings(world.db, county) });

  /** Keeps a file while it is made; no more than a batch is in memory. */
  const keep = async (day: string, name: FileName, pieces: AsyncIterable<{ readonly text: string; readonly rows: number }>): Promise<FileRow> => {
    let bytes = 0;
    let rows = 0;
    const body = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of pieces) {
        const made = Buffer.from(piece.text);
        bytes += made.length;
        rows += piece.rows;
        yield made;
      }
    };
    const digest = await world.blobs.put(body());
    if (isRefusal(digest)) throw new Error(`open data of ${day} cannot be kept: ${digest.reason}`);
    return { day, name, digest, bytes, rows };
  };

  const makeDay = async (county: CountyCode, day: string, offset: number): Promise<number> => {
    const { smallest, protects: which, keepDays, months } = await settingsOf(county);
    const protects: Protects = (category) => which === 'all' || category.place === 'coarse';
    const villageOf = await villagesOf(places, county);
    const utc = (local: number): number => local - offset * minute;
    const dayOf = (at: number): string => new Date(at + offset * minute).toISOString().slice(0, 10);
    const first = new Date(monthStart(day, -months)).toISOString().slice(0, 7);
    const settled = await readMonths(world.db, county);
    for (let month = first; month < day.slice(0, 7); month = new Date(monthStart(month, 1)).toISOString().slice(0, 7)) {
      if (settled.has(month)) continue;
      const cells = await settle(shownIn(bulletin, county, { from: utc(monthStart(month)), to: utc(monthStart(month, 1)) - 1 }), month, villageOf, smallest, protects);
      await world.db.transaction((tx) => insertMonth(tx, county, month, cells, new Date(world.now())));
    }
    const cells = await readCells(world.db, county, first);
    const known = new Map(cells.map(({ month, category, village, count }) => [`${month} ${category} ${village}`, count]));
    // What happens on the day itself is in the files of the next one.
    const window: Span = { from: utc(monthStart(first)), to: utc(Date.parse(day)) - 1 };
    const reports = async function* (): AsyncGenerator<readonly OpenReport[]> {
      for await (const some of shownIn(bulletin, county, window)) yield some.flatMap((one) => openReport(one, dayOf, villageOf, protects, known) ?? []);
    };
    const names = new Map((await bulletin.offer(county)).categories.map(({ code, name }) => [code, name['zh-Hans']]));
    const makers: Readonly<Record<FileName, () => AsyncGenerator<{ text: string; rows: number }>>> = {
      async *'reports.csv'() {
        yield { text: `\uFEFF${headOf(reportFields)}`, rows: 0 };
        for await (const some of reports()) yield { text: some.map((row) => lineOf(reportFields, row)).join(''), rows: some.length };
      },
      async *'reports.geojson'() {
        yield { text: '{"type":"FeatureCollection","features":[', rows: 0 };
        let begun = false;
        for await (const some of reports()) {
          if (some.length === 0) continue;
          yield { text: `${begun ? ',' : ''}\n${some.map(featureOf).join(',\n')}`, rows: some.length };
          begun = true;
        }
        yield { text: '\n]}\n', rows: 0 };
      },
      async *'counts.csv'() {
        // A kind that is no longer public is in no new file.
        const rows = cells.flatMap(({ month, category, village, count }) => {
          const name = names.get(category);
          return name === undefined ? [] : [{ month, category, category_name: name, village, village_name: villageOf(village)?.name ?? null, count, suppressed: count === null ? 'yes' : 'no' } as const];
        });
        yield { text: `\uFEFF${headOf(countFields)}${rows.map((row) => lineOf(countFields, row)).join('')}`, rows: rows.length };
      },
    };
    const made: FileRow[] = [];
    for (const name of fileNames) made.push(await keep(day, name, makers[name]()));
    return world.db.transaction(async (tx) => {
      const now = world.now();
      for (const row of made) if (!await insertFile(tx, county, row, new Date(now))) return 0;
      await deleteFiles(tx, county, new Date(Date.parse(day) - keepDays * dayMs).toISOString().slice(0, 10));
      await ledger.append(tx, [{
        v: 1, county, subject: 'config', kind: 'open-data', action: 'publish', actor: { id: theSystem.id, role: 'system' }, at: new Date(now).toISOString(),
        set: { day, files: made.map(({ name, digest, rows }) => ({ name, digest, rows })) },
      }]);
      return made.length;
    });
  };

  return {
    area: openDataArea(shipped), settings: settingsOf,
    async make() {
      let made = 0;
      for (const { county, offsetMinutes } of await places.counties()) {
        const local = new Date(world.now() + offsetMinutes * minute);
        const day = local.toISOString().slice(0, 10);
        if (local.getUTCHours() < (await settingsOf(county)).hour) continue;
        if ((await readFiles(world.db, county))[0]?.day === day) continue;
        made += await makeDay(county, day, offsetMinutes);
      }
      return made;
    },
    files: (county) => readFiles(world.db, county),
    async file(county, name, day) {
      const found = (await readFiles(world.db, county)).find((row) => row.name === name && (day === 'latest' || row.day === day));
      return found ?? refuse(404, 'opendata.file', { file: `${name} ${day}`.slice(0, 60) });
    },
    async open(row) {
      const stream = await world.blobs.stream(row.digest as Digest);
      return stream ? { row, body: stream.body } : refuse(404, 'opendata.file', { file: `${row.name} ${row.day}` });
    },
    referenced: (county, digests) => readDigests(world.db, county, digests),
  };
};
