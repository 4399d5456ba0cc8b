import type { Tx } from '../../../platform/database/database.ts';
import type { ComponentSettings } from '../rules/area.ts';
import type { PlateKind, PlateState } from '../rules/plate-states.ts';

/** What a plate stands for. */
export interface PlateRow {
  readonly county: string;
  readonly plate: string;
  readonly kind: string;
  readonly target: string;
  readonly state: PlateState;
}

const columns = 'county, plate, kind, target, state';

/** A plate of a county, or of whichever county has it (plate_plate). */
export const plateByCode = async (tx: Tx, county: string | null, plate: string): Promise<PlateRow | undefined> =>
  (await tx.query<PlateRow>(`select ${columns} from plate where plate = $1 and ($2::text is null or county = $2) order by county limit 1`, [plate, county], 'plates.by_code'))[0];

/** Plates that are in use for targets (plate_target). */
export const platesOf = (tx: Tx, county: string, kind: string, targets: readonly string[]): Promise<PlateRow[]> =>
  tx.query<PlateRow>(`select ${columns} from plate where county = $1 and kind = $2 and target = any($3) and withdrawn_at is null`, [county, kind, targets], 'plates.of');

/** Who did something to plates, when, under which operation. */
export interface Doing {
  readonly at: Date;
  readonly by: string;
  readonly op: string;
  readonly batch?: string | null;
  readonly photo?: string | null;
}

/** Gives targets their plates, each with its first step; a target that has one, and a plate that is taken, are left out. */
export const insertPlates = (
  tx: Tx, county: string, kind: string, plates: readonly { readonly target: string; readonly plate: string }[], { at, by, op, batch = null }: Doing,
): Promise<{ target: string; plate: string }[]> =>
  tx.query(
    `with made as (
       insert into plate (county, plate, kind, target, issued_at, batch, steps)
       select $1, p.plate, $2, p.target, $3, $6, 1 from unnest($4::text[], $5::text[]) as p(plate, target)
       on conflict do nothing returning target, plate
     ), stepped as (
       insert into plate_step (county, plate, step, state, kind, target, at, by, op) select $1, plate, 1, 'ordered', $2, target, $3, $7, $8 from made
     ) select target, plate from made`,
    [county, kind, at, plates.map((one) => one.plate), plates.map((one) => one.target), batch, by, op],
  );

/** Plates, locked in one order until the transaction ends. */
export const lockPlates = (tx: Tx, county: string, plates: readonly string[]): Promise<PlateRow[]> =>
  tx.query<PlateRow>(`select ${columns} from plate where county = $1 and plate = any($2) order by plate for update`, [county, plates]);

/** Plates of a batch, in order. */
export const platesOfBatch = (tx: Tx, county: string, batch: string): Promise<PlateRow[]> =>
  tx.query<PlateRow>(`select ${columns} from plate where county = $1 and batch = $2 order by plate`, [county, batch]);

/** One plate's next state, and what it stands for from then on. */
export interface PlateMove {
  readonly plate: string;
  readonly state: PlateState;
  readonly kind: string;
  readonly target: string;
}

/** Puts plates into states, each with a step. A plate that is revoked stands for nothing; one that is put back stands for its target again. */
export const movePlates = (tx: Tx, county: string, moves: readonly PlateMove[], { at, by, op, photo = null }: Doing): Promise<unknown> =>
  tx.query(
    `with moved as (
       update plate p set state = m.state, kind = m.kind, target = m.target, steps = p.steps + 1,
         withdrawn_at = case when m.state in ('lost', 'replaced', 'withdrawn') then coalesce(p.withdrawn_at, $6) end
       from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as m(plate, state, kind, target)
       where p.county = $1 and p.plate = m.plate returning p.plate, p.steps, p.state, p.kind, p.target
     ) insert into plate_step (county, plate, step, state, kind, target, at, by, op, photo)
       select $1, plate, steps, state, kind, target, $6, $7, $8, $9 from moved`,
    [county, moves.map((one) => one.plate), moves.map((one) => one.state), moves.map((one) => one.kind), moves.map((one) => one.target), at, by, op, photo],
  );

/** One step of a plate. */
export interface StepRow {
  readonly plate: string;
  readonly state: PlateState;
  readonly kind: string;
  readonly target: string;
  readonly at: Date;
  readonly by: string;
  readonly photo: string | null;
}

export const stepsOf = (tx: Tx, county: string, plate: string): Promise<StepRow[]> =>
  tx.query<StepRow>('select plate, state, kind, target, at, by, photo from plate_step where county = $1 and plate = $2 order by step', [county, plate]);

/** What an operation did already (plate_step_op). */
export const stepsOfOp = (tx: Tx, county: string, op: string): Promise<StepRow[]> =>
  tx.query<StepRow>('select plate, state, kind, target, at, by, photo from plate_step where county = $1 and op = $2 order by plate', [county, op]);

/** Which of these pictures show a plate (plate_step_photo). */
export const photosAmong = async (tx: Tx, county: string, digests: readonly string[]): Promise<string[]> =>
  (await tx.query<{ photo: string }>('select distinct photo from plate_step where county = $1 and photo = any($2)', [county, digests])).map(({ photo }) => photo);

/** A batch of plates. */
export interface BatchRow {
  readonly batch: string;
  readonly name: string;
  readonly kind: PlateKind;
  readonly sheet: string;
  readonly plates: number;
  readonly made_at: Date;
  readonly made_by: string;
}

const batchColumns = 'batch, name, kind, sheet, plates, made_at, made_by';

/** @returns whether it is new. */
export const insertBatch = async (tx: Tx, county: string, row: BatchRow): Promise<boolean> =>
  (await tx.query(
    'insert into plate_batch (county, batch, name, kind, sheet, plates, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing returning batch',
    [county, row.batch, row.name, row.kind, row.sheet, row.plates, row.made_at, row.made_by],
  )).length > 0;

export const findBatch = async (tx: Tx, county: string, batch: string): Promise<BatchRow | undefined> =>
  (await tx.query<BatchRow>(`select ${batchColumns} from plate_batch where county = $1 and batch = $2`, [county, batch]))[0];

/** Batches, newest first, from after one (plate_batch_made). */
export const batchesBefore = (tx: Tx, county: string, after: { readonly at: Date; readonly batch: string } | null, limit: number): Promise<BatchRow[]> =>
  tx.query<BatchRow>(
    `select ${batchColumns} from plate_batch where county = $1 and ($2::timestamptz is null or (made_at, batch) < ($2, $3::uuid)) order by made_at desc, batch desc limit $4`,
    [county, after?.at ?? null, after?.batch ?? null, limit],
  );

/** How many plates of batches are in which state (plate_batch_of). */
export const countStates = (tx: Tx, county: string, batches: readonly string[]): Promise<{ batch: string; state: PlateState; count: number }[]> =>
  tx.query('select batch, state, count(*)::int as count from plate where county = $1 and batch = any($2) group by batch, state', [county, batches]);

/** What a list of plates asks for; null asks for nothing. */
export interface PlateFilter {
  readonly state: string | null;
  readonly kind: string | null;
  readonly batch: string | null;
  /** Components under this path, and places of these codes. */
  readonly path: string | null;
  readonly codes: readonly string[] | null;
  /** Beginning of a plate or of what it stands for, or a part of a component's name. */
  readonly text: string | null;
}

/** A plate of a list, with its last step. */
export interface ListedPlate extends PlateRow {
  readonly batch: string | null;
  readonly issued_at: Date;
  readonly name: string | null;
  readonly place: string | null;
  readonly at: Date | null;
  readonly by: string | null;
  readonly photo: string | null;
}

/** A page of plates by number (plate_pkey, component_pkey, plate_step_pkey). */
export const listPlates = (tx: Tx, county: string, filter: PlateFilter, after: string, limit: number): Promise<ListedPlate[]> =>
  tx.query<ListedPlate>(
    `select p.county, p.plate, p.kind, p.target, p.state, p.batch, p.issued_at, c.name, c.place, s.at, s.by, s.photo
     from plate p
     left join component c on c.county = p.county and c.code = p.target and p.kind = 'component'
     left join plate_step s on s.county = p.county and s.plate = p.plate and s.step = p.steps
     where p.county = $1 and p.plate > $2
       and ($3::text is null or p.state = $3) and ($4::text is null or p.kind = $4) and ($5::uuid is null or p.batch = $5)
       and ($6::text is null or (c.path >= $6 and c.path < $7) or (p.kind = 'gate' and p.target = any($8)))
       and ($9::text is null or p.plate like $9 || '%' or p.target like $9 || '%' or position($9 in c.name) > 0)
     order by p.plate limit $10`,
    [county, after, filter.state, filter.kind, filter.batch, filter.path, filter.path && `${filter.path}\u{10ffff}`, filter.codes ?? [], filter.text, limit],
  );

/** Every plate of a county, for a check against the ledger. */
export const tracedPlates = (tx: Tx, county: string): Promise<(PlateRow & { readonly steps: number })[]> =>
  tx.query(`select ${columns}, steps from plate where county = $1`, [county]);

/** What the county set of its components and plates. */
export const readSettings = async (tx: Tx, county: string): Promise<ComponentSettings> =>
  (await tx.query<{ own: ComponentSettings | null }>(`select settings -> 'components' as own from county where county = $1`, [county], 'components.settings'))[0]?.own ?? {};
