import type { Json } from '../../base/canonical.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { Tree } from './rules/tree.ts';

/** A version of an area as it is kept. */
export interface VersionRow {
  readonly version: number;
  readonly document: Json;
  /** Null for what stood before versions were kept. */
  readonly author: string | null;
  readonly at: Date;
  readonly note: string;
  readonly backTo: number | null;
}

/** A county's settings as its row holds them (primary key); undefined where there is no such county. */
export const readSettings = async (tx: Tx, county: string): Promise<Tree | undefined> =>
  (await tx.query<{ settings: Tree | null }>('select settings from county where county = $1', [county], 'settings_read')).map(({ settings }) => settings ?? {})[0];

/** As `readSettings`, with the county's row held until the transaction ends: two changes at once wait for each other. */
export const holdSettings = async (tx: Tx, county: string): Promise<Tree | undefined> =>
  (await tx.query<{ settings: Tree | null }>('select settings from county where county = $1 for update', [county], 'settings_hold')).map(({ settings }) => settings ?? {})[0];

/** Writes what counts now. */
export const writeSettings = (tx: Tx, county: string, settings: Tree): Promise<unknown> =>
  tx.query('update county set settings = $2 where county = $1', [county, JSON.stringify(settings)], 'settings_write');

const columns = 'version, document, author, at, note, back_to as "backTo"';

/** The newest version of every area of a county (primary key). */
export const newestVersions = async (tx: Tx, county: string): Promise<Map<string, Omit<VersionRow, 'document'>>> =>
  new Map((await tx.query<Omit<VersionRow, 'document'> & { area: string }>(
    'select distinct on (area) area, version, author, at, note, back_to as "backTo" from setting_version where county = $1 order by area, version desc', [county], 'settings_newest')).map(({ area, ...row }) => [area, row]));

/** The number of an area's newest version; 0 where there is none (primary key). */
export const newestVersion = async (tx: Tx, county: string, area: string): Promise<Omit<VersionRow, 'document'> | undefined> =>
  (await tx.query<Omit<VersionRow, 'document'>>(
    'select version, author, at, note, back_to as "backTo" from setting_version where county = $1 and area = $2 order by version desc limit 1', [county, area], 'settings_last'))[0];

/** Versions below a number, newest first (primary key). */
export const versionsBelow = (tx: Tx, county: string, area: string, below: number | null, limit: number): Promise<VersionRow[]> =>
  tx.query<VersionRow>(
    `select ${columns} from setting_version where county = $1 and area = $2 and ($3::integer is null or version < $3) order by version desc limit $4`,
    [county, area, below, limit], 'settings_versions');

/** One version, and the one before it (primary key). */
export const versionWithBefore = async (tx: Tx, county: string, area: string, version: number): Promise<{ readonly row: VersionRow; readonly before: Json } | undefined> => {
  const [row, before] = await versionsBelow(tx, county, area, version + 1, 2);
  return row?.version === version ? { row, before: before?.document ?? null } : undefined;
};

export const insertVersion = (tx: Tx, county: string, area: string, { version, document, author, at, note, backTo }: VersionRow): Promise<unknown> =>
  tx.query(
    'insert into setting_version (county, area, version, document, author, at, note, back_to) values ($1, $2, $3, $4, $5, $6, $7, $8)',
    [county, area, version, JSON.stringify(document), author, at, note, backTo], 'settings_insert');

/** All versions of a county, for `trace verify`. */
export const allVersions = (tx: Tx, county: string): Promise<(VersionRow & { readonly area: string })[]> =>
  tx.query(`select area, ${columns} from setting_version where county = $1 order by area, version`, [county]);
