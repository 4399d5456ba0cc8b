import type { ClockUnit } from '../../base/time/limit.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { StandardRow, StandardsVersion } from './rules/standards.ts';

const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::double precision`;

/** Versions beyond the highest that the caller knows, of one county or of all (primary key). */
export const versionsAfter = async (tx: Tx, county: string | null, known: number): Promise<StandardsVersion[]> =>
  tx.query<StandardsVersion>(
    `select county, version, name, ${epoch('effective_at')} as "effectiveAt", ${epoch('imported_at')} as "importedAt",
       digest, default_hour as "defaultHour", rows, not_understood as "notUnderstood", imported_by as "importedBy",
       ${epoch('withdrawn_at')} as "withdrawnAt"
     from standards_version where ($1::text is null or county = $1) and version > $2 order by county, version`,
    [county, known], 'catalogue.versions',
  );

/** Which versions are withdrawn, and since when, of one county or of all (primary key). */
export const withdrawnVersions = (tx: Tx, county: string | null): Promise<{ county: string; version: number; at: number }[]> =>
  tx.query(`select county, version, ${epoch('withdrawn_at')} as at from standards_version where ($1::text is null or county = $1) and withdrawn_at is not null`, [county], 'catalogue.withdrawn');

/** Withdraws a version, or takes that back where `at` is null. @returns false where it stood so already */
export const setWithdrawnAt = async (tx: Tx, county: string, version: number, at: number | null): Promise<boolean> =>
  (await tx.query(
    `update standards_version set withdrawn_at = timestamptz 'epoch' + $3::double precision * interval '1 millisecond'
     where county = $1 and version = $2 and (withdrawn_at is null) <> ($3::double precision is null) returning 1`, [county, version, at], 'catalogue.withdraw')).length > 0;

/** The rows of a version in the order of the file. */
export const rowsOf = async (tx: Tx, county: string, version: number): Promise<StandardRow[]> => {
  const rows = await tx.query<Omit<StandardRow, 'limit'> & { amount: number | null; unit: ClockUnit | null }>(
    `select key, line, kind, code, major, major_name as "majorName", minor, minor_name as "minorName", handler, authority,
       open_condition as "openCondition", close_condition as "closeCondition", limit_text as "limitText", amount, unit, note
     from standards_row where county = $1 and version = $2 order by line`,
    [county, version], 'catalogue.rows',
  );
  return rows.map(({ amount, unit, ...row }) => ({ ...row, limit: amount === null || unit === null ? null : { amount, unit } }));
};

/**
 * Writes a version and its rows. The number is the county's next; of two imports at once, one fails on the primary key (23505).
 * @returns the number.
 */
export const insertVersion = async (
  tx: Tx,
  version: Omit<StandardsVersion, 'version'> & { readonly importedBy: string },
  rows: readonly StandardRow[],
): Promise<number> => {
  const [made] = await tx.query<{ version: number }>(
    `insert into standards_version (county, version, name, effective_at, imported_at, imported_by, digest, default_hour, rows, not_understood)
     select $1, coalesce((select max(version) from standards_version where county = $1), 0) + 1, $2,
       timestamptz 'epoch' + $3 * interval '1 millisecond', timestamptz 'epoch' + $4 * interval '1 millisecond', $5, $6, $7, $8, $9
     returning version`,
    [version.county, version.name, version.effectiveAt, version.importedAt, version.importedBy, version.digest, version.defaultHour, version.rows, version.notUnderstood],
  );
  await tx.query(
    `insert into standards_row (county, version, key, line, kind, code, major, major_name, minor, minor_name, handler, authority,
       open_condition, close_condition, limit_text, amount, unit, note)
     select $1, $2, r.* from jsonb_to_recordset($3::jsonb) as r(key text, line integer, kind text, code text, major text, "majorName" text,
       minor text, "minorName" text, handler text, authority text, "openCondition" text, "closeCondition" text, "limitText" text,
       amount double precision, unit text, note text)`,
    [version.county, made!.version, JSON.stringify(rows.map(({ limit, ...row }) => ({ ...row, amount: limit?.amount ?? null, unit: limit?.unit ?? null })))],
  );
  return made!.version;
};
