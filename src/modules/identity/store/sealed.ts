import type { Tx } from '../../../platform/database/database.ts';

/** The tables that hold sealed values. */
export type SealedTable = 'account' | 'contact';

export interface SealedRow {
  readonly id: string;
  readonly phone: Buffer | null;
  readonly email: Buffer | null;
}

/** Rows with a sealed value, by id, after `after`. Ids are of time and chance, so that no two counties share one. */
export const sealedAfter = (tx: Tx, table: SealedTable, after: string | null, limit: number): Promise<SealedRow[]> =>
  tx.query<SealedRow>(
    `select id, phone, email from ${table} where ($1::uuid is null or id > $1) and (phone is not null or email is not null) order by id limit $2`, [after, limit]);

/** Writes what was sealed anew, unless somebody has changed the row since it was read. */
export const writeSealed = (tx: Tx, table: SealedTable, was: SealedRow, next: { readonly phone: Buffer | null; readonly email: Buffer | null }): Promise<unknown> =>
  tx.query(
    `update ${table} set phone = $2, email = $3 where id = $1 and phone is not distinct from $4 and email is not distinct from $5`,
    [was.id, next.phone, next.email, was.phone, was.email]);
