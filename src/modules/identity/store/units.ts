import type { Text } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';

export interface UnitRow {
  readonly county: string;
  readonly id: string;
  readonly name: Text;
  readonly kind: string;
  readonly parent: string | null;
  readonly phone: string | null;
  readonly closed_at: Date | null;
}

const columns = 'county, id, name, kind, parent, phone, closed_at';

export const listUnits = (tx: Tx, county: string, after: string, limit: number): Promise<UnitRow[]> =>
  tx.query<UnitRow>(`select ${columns} from unit where county = $1 and id > $2 order by id limit $3`, [county, after, limit]);

export const unitsOf = (tx: Tx, county: string, ids: readonly string[]): Promise<UnitRow[]> =>
  tx.query<UnitRow>(`select ${columns} from unit where county = $1 and id = any($2)`, [county, ids], 'identity_units');

/** Adds a unit or changes it; the earlier row, where there was one. */
export const putUnit = async (tx: Tx, unit: Omit<UnitRow, 'closed_at'> & { readonly closed: boolean }, now: Date): Promise<void> => {
  await tx.query(`
    insert into unit as u (county, id, name, kind, parent, phone, closed_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (county, id) do update set name = excluded.name, kind = excluded.kind, parent = excluded.parent, phone = excluded.phone,
      closed_at = case when excluded.closed_at is null then null else coalesce(u.closed_at, excluded.closed_at) end, updated_at = excluded.updated_at`,
  [unit.county, unit.id, unit.name, unit.kind, unit.parent, unit.phone, unit.closed ? now : null, now]);
};
