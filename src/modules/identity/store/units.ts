import type { Text } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';

export interface UnitRow {
  readonly county: string;
  readonly id: string;
  readonly name: Text;
  readonly kind: string;
  readonly parent: string | null;
  readonly phone: string | null;
  /** Codes of the places that it serves; empty: the whole county. */
  readonly places: readonly string[];
  readonly closed_at: Date | null;
}

const columns = 'county, id, name, kind, parent, phone, places, closed_at';

export const listUnits = (tx: Tx, county: string, after: string, limit: number): Promise<UnitRow[]> =>
  tx.query<UnitRow>(`select ${columns} from unit where county = $1 and id > $2 order by id limit $3`, [county, after, limit]);

export const unitsOf = (tx: Tx, county: string, ids: readonly string[]): Promise<UnitRow[]> =>
  tx.query<UnitRow>(`select ${columns} from unit where county = $1 and id = any($2)`, [county, ids], 'identity_units');

/** Units directly under another one. */
export const unitsUnder = (tx: Tx, county: string, parent: string): Promise<UnitRow[]> =>
  tx.query<UnitRow>(`select ${columns} from unit where county = $1 and parent = $2 and closed_at is null order by id`, [county, parent]);

/** Adds a unit or changes it; places stay as they are where none are given; the earlier row, where there was one. */
export const putUnit = async (tx: Tx, unit: Omit<UnitRow, 'closed_at' | 'places'> & { readonly closed: boolean; readonly places?: readonly string[] | undefined }, now: Date): Promise<void> => {
  await tx.query(`
    insert into unit as u (county, id, name, kind, parent, phone, closed_at, updated_at, places) values ($1, $2, $3, $4, $5, $6, $7, $8, coalesce($9::text[], '{}'))
    on conflict (county, id) do update set name = excluded.name, kind = excluded.kind, parent = excluded.parent, phone = excluded.phone,
      closed_at = case when excluded.closed_at is null then null else coalesce(u.closed_at, excluded.closed_at) end, updated_at = excluded.updated_at, places = coalesce($9::text[], u.places)`,
  [unit.county, unit.id, unit.name, unit.kind, unit.parent, unit.phone, unit.closed ? now : null, now, unit.places ?? null]);
};
