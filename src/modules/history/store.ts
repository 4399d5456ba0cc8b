import type pg from 'pg';
import type { Json } from '../../base/canonical.ts';
import { copyCell as cell, openCopy } from '../../platform/database/copying.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { ImportState, Mapping, ProblemKind } from './contract.ts';

/** What a check found, as it is kept. */
export interface KeptReport {
  readonly open: number;
  readonly encoding: string;
  readonly ignored: string[];
  readonly problems: ProblemKind[];
}

export interface ImportRow {
  readonly county: string;
  readonly id: string;
  readonly source: string;
  readonly file: string;
  /** SHA-256 of the file; empty before it was read. */
  readonly digest: string;
  /** SHA-256 of the mapping; empty before one was chosen. */
  readonly mapping: string;
  readonly actor: string;
  readonly rows: number;
  readonly added: number;
  readonly refused: number;
  readonly state: ImportState;
  readonly at: Date;
  readonly ended_at: Date | null;
  readonly mapping_name: string | null;
  readonly mapping_version: number | null;
  readonly definition: Mapping | null;
  /** Role under which the entries stand. */
  readonly role: string | null;
  /** Of an import that was begun on a page: how long its file is, how much has come, and its pieces in order. */
  readonly bytes: number | null;
  readonly received: number;
  readonly pieces: readonly string[];
  readonly leave_out: boolean;
  readonly known: number;
  readonly share: number;
  /** Line of the file up to which all that is right has been taken in; 0 before the first batch. */
  readonly line: number;
  readonly report: KeptReport | null;
  /** Bytes that hold every row with something wrong. */
  readonly faults: string | null;
  readonly error: { readonly reason: string; readonly params?: Record<string, string | number> } | null;
  readonly tries: number;
}

const columns = `county, id, source, file, digest, mapping, actor, rows, added, refused, state, at, ended_at, mapping_name, mapping_version, definition, role,
  bytes::float8 as bytes, received::float8 as received, pieces, leave_out, known, share, line, report, faults, error, tries`;

/** Begins an import by command; an earlier one of the source that was killed is over. */
export const insertImport = async (tx: Tx, row: Pick<ImportRow, 'county' | 'id' | 'source' | 'file' | 'digest' | 'mapping' | 'actor' | 'rows' | 'added' | 'refused' | 'state' | 'at' | 'known' | 'definition'>): Promise<void> => {
  await tx.query(`update history_import set state = 'broken' where county = $1 and source = $2 and state = 'running' and bytes is null`, [row.county, row.source], 'history_broken');
  await tx.query(`insert into history_import (county, id, source, file, digest, mapping, actor, rows, added, refused, state, at, known, definition) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [row.county, row.id, row.source, row.file, row.digest, row.mapping, row.actor, row.rows, row.added, row.refused, row.state, row.at, row.known, JSON.stringify(row.definition)], 'history_insert');
};

/** Begins an import whose file is still to come. */
export const insertUpload = (tx: Tx, row: Pick<ImportRow, 'county' | 'id' | 'file' | 'actor' | 'at' | 'bytes'>): Promise<unknown> =>
  tx.query(`insert into history_import (county, id, source, file, digest, mapping, actor, rows, added, refused, state, at, bytes) values ($1, $2, '', $3, '', '', $4, 0, 0, 0, 'uploading', $5, $6)`,
    [row.county, row.id, row.file, row.actor, row.at, row.bytes], 'history_upload');

export const readImport = async (tx: Tx, county: string, id: string, hold = false): Promise<ImportRow | undefined> =>
  (await tx.query<ImportRow>(`select ${columns} from history_import where county = $1 and id = $2${hold ? ' for update' : ''}`, [county, id], hold ? 'history_hold' : 'history_read'))[0];

export const addPiece = (tx: Tx, county: string, id: string, digest: string, received: number, state: ImportState): Promise<unknown> =>
  tx.query('update history_import set pieces = pieces || to_jsonb($3::text), received = $4, state = $5 where county = $1 and id = $2', [county, id, digest, received, state], 'history_piece');

/** Has an import checked, by this mapping, from the beginning. */
export const askCheck = (tx: Tx, county: string, id: string, by: { readonly name: string; readonly version: number; readonly definition: Mapping; readonly digest: string }): Promise<unknown> =>
  tx.query(
    `update history_import set state = 'checking', mapping_name = $3, mapping_version = $4, definition = $5, mapping = $6, source = $7, rows = 0, refused = 0, known = 0, share = 0, line = 0, report = null, faults = null, error = null, tries = 0,
       held_by = null, held_until = null where county = $1 and id = $2`,
    [county, id, by.name, by.version, JSON.stringify(by.definition), by.digest, by.definition.source], 'history_ask_check');

/** Turns an import from one state to another; false where it has another one by now. Whoever works at it sees that at its next batch. */
export const turnTo = async (tx: Tx, county: string, id: string, from: readonly ImportState[], to: ImportState, more: { readonly endedAt?: Date; readonly leaveOut?: boolean; readonly role?: string } = {}): Promise<boolean> =>
  (await tx.query(
    `update history_import set state = $4, ended_at = $5, leave_out = coalesce($6, leave_out), role = coalesce($7, role), tries = 0, held_by = null, held_until = null
     where county = $1 and id = $2 and state = any($3::text[]) returning id`,
    [county, id, from, to, more.endedAt ?? null, more.leaveOut ?? null, more.role ?? null], 'history_turn')).length === 1;

/** Whether another import of the same source is at work or rests in the middle. */
export const othersRun = async (tx: Tx, { county, id, source }: Pick<ImportRow, 'county' | 'id' | 'source'>): Promise<boolean> =>
  (await tx.query(`select 1 from history_import where county = $1 and source = $2 and id <> $3 and state in ('running', 'paused') and bytes is not null limit 1`, [county, source, id], 'history_others')).length > 0;

/** Takes the import that waits longest and that nobody holds, for a while (history_import_waiting). */
export const claimImport = async (tx: Tx, me: string, now: Date, until: Date): Promise<ImportRow | undefined> =>
  (await tx.query<ImportRow>(
    `update history_import set held_by = $1, held_until = $3, tries = tries + 1 where (county, id) = (
       select county, id from history_import where state in ('checking', 'running') and bytes is not null and (held_until is null or held_until < $2) order by at limit 1 for update skip locked)
     returning ${columns}`, [me, now, until], 'history_claim'))[0];

/** Whether an import waits for a worker (history_import_waiting). */
export const importWaits = async (tx: Tx, now: Date): Promise<boolean> =>
  (await tx.query(`select 1 from history_import where state in ('checking', 'running') and bytes is not null and (held_until is null or held_until < $1) limit 1`, [now], 'history_waits')).length > 0;

/** Holds an import on, and tells how far it is; false where it was stopped, or is held by somebody else. Written with the rows themselves, so that `added` is exact. */
export const holdOn = async (tx: Tx, county: string, id: string, me: string, state: ImportState, until: Date, progress: { readonly rows?: number; readonly added?: number; readonly share?: number; readonly line?: number }): Promise<boolean> =>
  (await tx.query(
    `update history_import set held_until = $5, rows = greatest(rows, $6), added = added + $7, share = $8, line = greatest(line, $9), tries = 1 where county = $1 and id = $2 and held_by = $3 and state = $4 returning id`,
    [county, id, me, state, until, progress.rows ?? 0, progress.added ?? 0, progress.share ?? 0, progress.line ?? 0], 'history_hold_on')).length === 1;

/** Lets an import go, as far as it is. */
export const letGo = (tx: Tx, county: string, id: string, me: string): Promise<unknown> =>
  tx.query('update history_import set held_by = null, held_until = null where county = $1 and id = $2 and held_by = $3', [county, id, me], 'history_let_go');

/** The end of a check, unless it was stopped meanwhile. */
export const endCheck = (tx: Tx, county: string, id: string, me: string, found: { readonly rows: number; readonly refused: number; readonly known: number; readonly digest: string; readonly report: KeptReport; readonly faults: string | null }): Promise<unknown> =>
  tx.query(
    `update history_import set state = 'checked', rows = $4, refused = $5, known = $6, digest = $7, report = $8, faults = $9, share = 1, held_by = null, held_until = null
     where county = $1 and id = $2 and held_by = $3 and state = 'checking'`,
    [county, id, me, found.rows, found.refused, found.known, found.digest, JSON.stringify(found.report), found.faults], 'history_end_check');

/** The end of an import that is at work, unless it was stopped meanwhile. */
export const endWork = (tx: Tx, county: string, id: string, me: string, state: 'done' | 'failed', at: Date, error: Json): Promise<unknown> =>
  tx.query(`update history_import set state = $4, ended_at = $5, error = $6, share = case when $4 = 'done' then 1 else share end, held_by = null, held_until = null where county = $1 and id = $2 and held_by = $3 and state in ('checking', 'running')`,
    [county, id, me, state, at, error === null ? null : JSON.stringify(error)], 'history_end_work');

export const addedTo = (tx: Tx, county: string, id: string, added: number): Promise<unknown> =>
  tx.query('update history_import set added = added + $3 where county = $1 and id = $2', [county, id, added], 'history_added');

export const endImport = (tx: Tx, county: string, id: string, state: string, at: Date): Promise<unknown> =>
  tx.query('update history_import set state = $3, ended_at = $4, share = 1 where county = $1 and id = $2', [county, id, state, at], 'history_end');

/** Imports of a county, the newest first, after one (history_import_at). */
export const readImports = (tx: Tx, county: string, after: { readonly at: Date; readonly id: string } | null, limit: number): Promise<ImportRow[]> =>
  tx.query<ImportRow>(`select ${columns.replace('definition', 'null::jsonb as definition').replace('report', 'null::jsonb as report')} from history_import where county = $1 and ($2::timestamptz is null or (at, id) < ($2, $3::uuid)) order by at desc, id desc limit $4`,
    [county, after?.at ?? null, after?.id ?? null, limit], 'history_imports');

/** Which of these bytes an import still needs: its file until it is over, its list of faults for as long as its file would be kept. */
export const keptBytes = async (tx: Tx, county: string, digests: readonly string[]): Promise<string[]> =>
  (await tx.query<{ digest: string }>(
    `select d.digest from unnest($2::text[]) d(digest) where exists (select 1 from history_import i where i.county = $1 and (i.faults = d.digest or i.pieces ? d.digest))`, [county, digests], 'history_kept')).map(({ digest }) => digest);

/** Forgets files of imports that are over, and all bytes of those that were begun before a moment; the bytes go with the next sweep. */
export const forgetFiles = async (tx: Tx, before: Date): Promise<void> => {
  await tx.query(`update history_import set pieces = '[]' where pieces <> '[]' and state in ('done', 'cancelled')`, [], 'history_forget_done');
  await tx.query(`update history_import set pieces = '[]', faults = null, state = case when state in ('done', 'cancelled', 'failed') then state else 'cancelled' end, ended_at = coalesce(ended_at, at)
    where at < $1 and bytes is not null and (pieces <> '[]' or faults is not null) and state not in ('checking', 'running')`, [before], 'history_forget_old');
};

/** Ids of these that were taken in before (primary key). */
export const knownIds = async (tx: Tx, county: string, source: string, ids: readonly string[]): Promise<Set<string>> =>
  new Set((await tx.query<{ id: string }>('select id from history_row where county = $1 and source = $2 and id = any($3::text[])', [county, source, ids], 'history_known')).map(({ id }) => id));

/** Remembers which row is which matter, in the transaction that writes them. */
export const copyRows = async (client: pg.PoolClient, county: string, source: string, importId: string, rows: readonly { readonly id: string; readonly line: number; readonly matter: string }[]): Promise<void> => {
  const copying = openCopy(client, 'history_row (county, source, id, import, line, matter)');
  await copying.write(rows.map(({ id, line, matter }) => `${cell(county)}\t${source}\t${cell(id)}\t${importId}\t${line}\t${matter}\n`));
  await copying.end();
};

export interface MappingRow {
  readonly name: string;
  readonly version: number;
  readonly definition: Mapping;
  readonly author: string;
  readonly at: Date;
}

/** Every version of a county's own mappings, the newest of each first (primary key). */
export const readMappings = (tx: Tx, county: string): Promise<MappingRow[]> =>
  tx.query<MappingRow>('select name, version, definition, author, at from history_mapping where county = $1 order by name, version desc limit 500', [county], 'history_mappings');

export const readMappingVersion = async (tx: Tx, county: string, name: string, version: number): Promise<MappingRow | undefined> =>
  (await tx.query<MappingRow>('select name, version, definition, author, at from history_mapping where county = $1 and name = $2 and version = $3', [county, name, version], 'history_mapping'))[0];

/** False where somebody else has made this version meanwhile. */
export const insertMapping = async (tx: Tx, county: string, row: MappingRow): Promise<boolean> =>
  (await tx.query('insert into history_mapping (county, name, version, definition, author, at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning version',
    [county, row.name, row.version, JSON.stringify(row.definition), row.author, row.at], 'history_mapping_insert')).length === 1;
