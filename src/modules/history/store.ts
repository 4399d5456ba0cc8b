import type pg from 'pg';
import { copyCell as cell, openCopy } from '../../platform/database/copying.ts';
import type { Tx } from '../../platform/database/database.ts';

export interface ImportRow {
  readonly county: string;
  readonly id: string;
  readonly source: string;
  readonly file: string;
  readonly digest: string;
  /** SHA-256 of the mapping. */
  readonly mapping: string;
  readonly actor: string;
  readonly rows: number;
  readonly added: number;
  readonly refused: number;
  /** `running`, `done`, `cancelled`; one that was killed stays `running` until the next of its source. */
  readonly state: string;
  readonly at: Date;
  readonly ended_at: Date | null;
}

const columns = 'county, id, source, file, digest, mapping, actor, rows, added, refused, state, at, ended_at';

/** Begins an import; an earlier one of the source that was killed is over. */
export const insertImport = async (tx: Tx, row: ImportRow): Promise<void> => {
  await tx.query(`update history_import set state = 'broken' where county = $1 and source = $2 and state = 'running'`, [row.county, row.source], 'history_broken');
  await tx.query(`insert into history_import (${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [row.county, row.id, row.source, row.file, row.digest, row.mapping, row.actor, row.rows, row.added, row.refused, row.state, row.at, row.ended_at], 'history_insert');
};

export const addedTo = (tx: Tx, county: string, id: string, added: number): Promise<unknown> =>
  tx.query('update history_import set added = added + $3 where county = $1 and id = $2', [county, id, added], 'history_added');

export const endImport = (tx: Tx, county: string, id: string, state: string, at: Date): Promise<unknown> =>
  tx.query('update history_import set state = $3, ended_at = $4 where county = $1 and id = $2', [county, id, state, at], 'history_end');

/** Imports of a county, the newest first. */
export const readImports = (tx: Tx, county: string, limit: number): Promise<ImportRow[]> =>
  tx.query<ImportRow>(`select ${columns} from history_import where county = $1 order by at desc, id desc limit $2`, [county, limit], 'history_imports');

/** Ids of these that were taken in before (primary key). */
export const knownIds = async (tx: Tx, county: string, source: string, ids: readonly string[]): Promise<Set<string>> =>
  new Set((await tx.query<{ id: string }>('select id from history_row where county = $1 and source = $2 and id = any($3::text[])', [county, source, ids], 'history_known')).map(({ id }) => id));

/** Remembers which row is which matter, in the transaction that writes them. */
export const copyRows = async (client: pg.PoolClient, county: string, source: string, importId: string, rows: readonly { readonly id: string; readonly line: number; readonly matter: string }[]): Promise<void> => {
  const copying = openCopy(client, 'history_row (county, source, id, import, line, matter)');
  await copying.write(rows.map(({ id, line, matter }) => `${cell(county)}\t${source}\t${cell(id)}\t${importId}\t${line}\t${matter}\n`));
  await copying.end();
};
