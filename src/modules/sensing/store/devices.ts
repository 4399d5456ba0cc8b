import type { Tx } from '../../../platform/database/database.ts';

export type DeviceState = 'active' | 'resting' | 'retired';

/** A device as its row has it. */
export interface DeviceRow {
  readonly no: number;
  readonly code: string;
  readonly kind: string;
  readonly name: string;
  readonly component: string | null;
  readonly lng: number;
  readonly lat: number;
  readonly place: string | null;
  readonly path: string;
  readonly unit: string | null;
  readonly state: DeviceState;
  readonly key: Buffer | null;
  readonly key_at: Date | null;
  readonly key_before: Buffer | null;
  readonly key_before_until: Date | null;
  readonly demo: boolean;
  readonly made_at: Date;
  readonly changed_at: Date;
  readonly will_at: Date | null;
}

const columns = 's.no, s.code, s.kind, s.name, s.component, s.lng, s.lat, s.place, s.path, s.unit, s.state, s.key, s.key_at, s.key_before, s.key_before_until, s.demo, s.made_at, s.changed_at, s.will_at';

/** What changed since a moment, itself included (sensor_changed). */
export const readChanged = (tx: Tx, county: string, since: Date): Promise<DeviceRow[]> =>
  tx.query<DeviceRow>(`select ${columns} from sensor s where s.county = $1 and s.changed_at >= $2 order by s.changed_at`, [county, since], 'sensor_changed');

export const readDevices = (tx: Tx, county: string, codes: readonly string[]): Promise<DeviceRow[]> =>
  tx.query<DeviceRow>(`select ${columns} from sensor s where s.county = $1 and s.code = any($2)`, [county, codes], 'sensor_by_code');

export type NewDevice = Pick<DeviceRow, 'code' | 'kind' | 'name' | 'component' | 'lng' | 'lat' | 'place' | 'path' | 'unit' | 'demo'> & { readonly key: Buffer | null };

/** Numbers are given in turn: whoever registers holds the county's row meanwhile. @returns codes that were free */
export const insertDevices = async (tx: Tx, county: string, devices: readonly NewDevice[], at: Date): Promise<Map<string, number>> => {
  await tx.query('select 1 from county where county = $1 for update', [county], 'sensor_hold');
  const rows = await tx.query<{ code: string; no: number }>(
    `insert into sensor (county, no, code, kind, name, component, lng, lat, place, path, unit, state, key, key_at, demo, made_at, changed_at)
     select $1, (select coalesce(max(no), 0) from sensor where county = $1) + row_number() over (order by d.at), d.code, d.kind, d.name, d.component, d.lng, d.lat, d.place, d.path, d.unit, 'active', decode(d.key, 'hex'), case when d.key is not null then $3::timestamptz end, d.demo, $3, $3
     from (select *, ordinality as at from jsonb_array_elements($2::jsonb) with ordinality as e(body, ordinality), jsonb_to_record(e.body) as r(code text, kind text, name text, component text, lng float8, lat float8, place text, path text, unit text, key text, demo boolean)) d
     where not exists (select from sensor s where s.county = $1 and s.code = d.code)
     returning code, no`, [county, JSON.stringify(devices.map((one) => ({ ...one, key: one.key?.toString('hex') ?? null }))), at], 'sensor_insert');
  return new Map(rows.map(({ code, no }) => [code, no]));
};

export type DeviceChange = Partial<Pick<DeviceRow, 'name' | 'component' | 'lng' | 'lat' | 'place' | 'path' | 'unit' | 'state'>>;

export const updateDevice = (tx: Tx, county: string, no: number, row: Required<DeviceChange>, at: Date): Promise<unknown> => tx.query(
  'update sensor set name = $3, component = $4, lng = $5, lat = $6, place = $7, path = $8, unit = $9, state = $10, changed_at = $11 where county = $1 and no = $2',
  [county, no, row.name, row.component, row.lng, row.lat, row.place, row.path, row.unit, row.state, at], 'sensor_update');

/** @param graceUntil until when the key before still holds; null ends it at once */
export const updateKey = (tx: Tx, county: string, no: number, key: Buffer | null, graceUntil: Date | null, at: Date): Promise<unknown> => tx.query(
  `update sensor set key_before = case when $4::timestamptz is null then null else key end, key_before_until = $4, key = $3, key_at = $5, changed_at = $5 where county = $1 and no = $2`,
  [county, no, key, graceUntil, at], 'sensor_key');

export const updateWill = (tx: Tx, county: string, no: number, at: Date | null, now: Date): Promise<unknown> =>
  tx.query('update sensor set will_at = $3, changed_at = $4 where county = $1 and no = $2', [county, no, at, now], 'sensor_will');

export interface CalibrationRow { readonly no: number; readonly measure: number; readonly from_at: Date; readonly scale: number; readonly shift: number; readonly account: string | null; readonly made_at: Date }

/** Of these devices, the newest first (primary key). */
export const readCalibrations = (tx: Tx, county: string, devices: readonly number[]): Promise<CalibrationRow[]> => tx.query<CalibrationRow>(
  'select no, measure, from_at, scale, shift, account, made_at from sensor_calibration where county = $1 and no = any($2) order by no, measure, from_at desc', [county, devices], 'sensor_calibrations');

export const insertCalibration = async (tx: Tx, county: string, row: Omit<CalibrationRow, 'made_at'>, at: Date): Promise<void> => {
  await tx.query(
    `insert into sensor_calibration (county, no, measure, from_at, scale, shift, account, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (county, no, measure, from_at) do update set scale = excluded.scale, shift = excluded.shift, account = excluded.account, made_at = excluded.made_at`,
    [county, row.no, row.measure, row.from_at, row.scale, row.shift, row.account, at], 'sensor_calibrate');
  await tx.query('update sensor set changed_at = $3 where county = $1 and no = $2', [county, row.no, at], 'sensor_touch');
};
