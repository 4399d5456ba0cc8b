import type { Tx } from '../../platform/database/database.ts';
import type { OpenDataSettings } from './contract.ts';
import type { FileName } from './rules/files.ts';

/** What the county says about its open data. */
export const readSettings = async (tx: Tx, county: string): Promise<OpenDataSettings> =>
  (await tx.query<{ own: OpenDataSettings | null }>(`select settings -> 'openData' as own from county where county = $1`, [county], 'opendata_settings'))[0]?.own ?? {};

export interface FileRow {
  readonly day: string;
  readonly name: FileName;
  readonly digest: string;
  readonly bytes: number;
  readonly rows: number;
}

/** Files that are kept, the newest first (primary key). */
export const readFiles = (tx: Tx, county: string): Promise<FileRow[]> =>
  tx.query<FileRow>(`select to_char(day, 'YYYY-MM-DD') as day, name, digest, bytes, rows from open_data_file where county = $1 order by open_data_file.day desc, name`, [county], 'opendata_files');

/** @returns whether it was new */
export const insertFile = async (tx: Tx, county: string, file: FileRow, at: Date): Promise<boolean> =>
  (await tx.query(`insert into open_data_file (county, day, name, digest, bytes, rows, made_at) values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning day`,
    [county, file.day, file.name, file.digest, file.bytes, file.rows, at])).length > 0;

/** Forgets files of days before this one; their bytes go with the next sweep. */
export const deleteFiles = (tx: Tx, county: string, before: string): Promise<unknown> =>
  tx.query('delete from open_data_file where county = $1 and day < $2', [county, before]);

/** Which of these bytes are a file of open data (open_data_file_digest). */
export const readDigests = async (tx: Tx, county: string, digests: readonly string[]): Promise<string[]> =>
  (await tx.query<{ digest: string }>('select distinct digest from open_data_file where county = $1 and digest = any($2::text[])', [county, digests])).map(({ digest }) => digest);

export interface CellRow {
  readonly month: string;
  readonly category: string;
  readonly village: string;
  readonly count: number | null;
}

export const readMonths = async (tx: Tx, county: string): Promise<Set<string>> =>
  new Set((await tx.query<{ month: string }>('select month from open_data_month where county = $1', [county])).map(({ month }) => month));

/** Cells of settled months, in the order of the key. */
export const readCells = (tx: Tx, county: string, from: string): Promise<CellRow[]> =>
  tx.query<CellRow>('select month, category, village, count from open_data_cell where county = $1 and month >= $2 order by month, category, village', [county, from]);

/** Settles a month for good; nothing where another worker was first. */
export const insertMonth = async (tx: Tx, county: string, month: string, cells: readonly CellRow[], at: Date): Promise<void> => {
  if ((await tx.query('insert into open_data_month (county, month, settled_at) values ($1, $2, $3) on conflict do nothing returning month', [county, month, at])).length === 0) return;
  await tx.query(
    'insert into open_data_cell (county, month, category, village, count) select $1, $2, c.category, c.village, c.count from unnest($3::text[], $4::text[], $5::integer[]) c(category, village, count)',
    [county, month, cells.map(({ category }) => category), cells.map(({ village }) => village), cells.map(({ count }) => count)]);
};
