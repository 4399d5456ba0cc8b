import type { Tx } from '../../../platform/database/database.ts';

/** What a plate stands for. */
export interface PlateRow {
  readonly county: string;
  readonly plate: string;
  readonly kind: string;
  readonly target: string;
  readonly withdrawn: boolean;
}

const columns = 'county, plate, kind, target, withdrawn_at is not null as withdrawn';

/** A plate of a county, or of whichever county has it (plate_plate). */
export const plateByCode = async (tx: Tx, county: string | null, plate: string): Promise<PlateRow | undefined> =>
  (await tx.query<PlateRow>(`select ${columns} from plate where plate = $1 and ($2::text is null or county = $2) order by county limit 1`, [plate, county], 'plates.by_code'))[0];

/** Plates that are in use for targets (plate_target). */
export const platesOf = (tx: Tx, county: string, kind: string, targets: readonly string[]): Promise<PlateRow[]> =>
  tx.query<PlateRow>(`select ${columns} from plate where county = $1 and kind = $2 and target = any($3) and withdrawn_at is null`, [county, kind, targets], 'plates.of');

/** Gives targets their plates; a target that has one, and a plate that is taken, are left out. */
export const insertPlates = (
  tx: Tx, county: string, kind: string, plates: readonly { readonly target: string; readonly plate: string }[], now: Date,
): Promise<{ target: string; plate: string }[]> =>
  tx.query(
    `insert into plate (county, plate, kind, target, issued_at)
     select $1, p.plate, $2, p.target, $3 from unnest($4::text[], $5::text[]) as p(plate, target)
     on conflict do nothing returning target, plate`,
    [county, kind, now, plates.map((one) => one.plate), plates.map((one) => one.target)],
  );

/** Ends plates: they stand for nothing from now on and are never given again. */
export const withdrawPlates = (tx: Tx, county: string, plates: readonly string[], now: Date): Promise<{ plate: string }[]> =>
  tx.query('update plate set withdrawn_at = $3 where county = $1 and plate = any($2) and withdrawn_at is null returning plate', [county, plates, now]);
