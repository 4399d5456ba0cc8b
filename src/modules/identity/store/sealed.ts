import type { Tx } from '../../../platform/database/database.ts';

/** The tables that hold sealed values, and the columns of them that do. */
export const sealedColumns = { account: ['phone', 'email'], contact: ['phone', 'email', 'postal'] } as const;
export type SealedTable = keyof typeof sealedColumns;

/** A row's sealed values, in the order of `sealedColumns`. */
export interface SealedRow {
  readonly id: string;
  readonly values: readonly (Buffer | null)[];
}

/** Rows with a sealed value, by id, after `after`. Ids are of time and chance, so that no two counties share one. */
export const sealedAfter = async (tx: Tx, table: SealedTable, after: string | null, limit: number): Promise<SealedRow[]> => {
  const columns = sealedColumns[table];
  const rows = await tx.query<{ id: string } & Record<string, Buffer | null>>(
    `select id, ${columns.join(', ')} from ${table} where ($1::uuid is null or id > $1) and (${columns.map((name) => `${name} is not null`).join(' or ')}) order by id limit $2`, [after, limit]);
  return rows.map((row) => ({ id: row.id, values: columns.map((name) => row[name] ?? null) }));
};

/** Writes what was sealed anew, unless somebody has changed the row since it was read. */
export const writeSealed = (tx: Tx, table: SealedTable, was: SealedRow, next: readonly (Buffer | null)[]): Promise<unknown> => {
  const columns = sealedColumns[table];
  return tx.query(
    `update ${table} set ${columns.map((name, at) => `${name} = $${at + 2}`).join(', ')}
     where id = $1 and ${columns.map((name, at) => `${name} is not distinct from $${columns.length + at + 2}`).join(' and ')}`,
    [was.id, ...next, ...was.values]);
};
