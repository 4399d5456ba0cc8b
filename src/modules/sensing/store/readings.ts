import type { Tx } from '../../../platform/database/database.ts';
import type { RuleMemory } from '../rules/judge.ts';

/** How a series stands; `memory` by the code of a rule. */
export interface SeriesRow {
  readonly no: number;
  readonly measure: number;
  readonly at: Date;
  readonly value: number;
  readonly memory: Readonly<Record<string, RuleMemory>> | null;
}

/** Holds the series of these devices until the transaction ends, in one order for everybody (primary key). */
export const holdSeries = (tx: Tx, county: string, devices: readonly number[]): Promise<SeriesRow[]> => tx.query<SeriesRow>(
  'select no, measure, at, value, memory from sensor_series where county = $1 and no = any($2) order by no, measure for update', [county, devices], 'series_hold');

/** A reading that is to be kept. */
export interface NewReading {
  readonly no: number;
  readonly measure: number;
  readonly slot: number;
  readonly at: number;
  readonly seq: number;
  readonly value: number;
  readonly raw: number | null;
  readonly marks: number;
}

/** Keeps readings; one that is there stays as it is. One array a column: nothing is parsed twice. @returns how many were new */
export const insertReadings = async (tx: Tx, county: string, readings: readonly NewReading[], received: Date): Promise<number> => {
  const column = <T>(of: (one: NewReading) => T): T[] => readings.map(of);
  const [row] = await tx.query<{ count: number }>(
    `with kept as (
       insert into reading (county, slot, no, measure, at, seq, value, raw, marks, received_at)
       select $1, r.slot, r.no, r.measure, to_timestamp(r.at / 1000.0), r.seq, r.value, r.raw, r.marks, $10
       from unnest($2::smallint[], $3::integer[], $4::smallint[], $5::float8[], $6::bigint[], $7::float8[], $8::float8[], $9::smallint[]) as r(slot, no, measure, at, seq, value, raw, marks)
       on conflict do nothing returning 1)
     select count(*)::int as count from kept`,
    [county, column(({ slot }) => slot), column(({ no }) => no), column(({ measure }) => measure), column(({ at }) => at), column(({ seq }) => seq), column(({ value }) => value), column(({ raw }) => raw), column((one) => one.marks), received],
    'reading_insert');
  return row?.count ?? 0;
};

export interface SeriesChange {
  readonly no: number;
  readonly measure: number;
  readonly at: number;
  readonly value: number;
  readonly memory: string | null;
  readonly thinned: number;
}

/** Writes how series stand after a batch. */
export const writeSeries = (tx: Tx, county: string, changes: readonly SeriesChange[], seen: Date): Promise<unknown> => {
  const column = <T>(of: (one: SeriesChange) => T): T[] => changes.map(of);
  return tx.query(
    `insert into sensor_series (county, no, measure, at, value, seen_at, memory, thinned, faults)
     select $1, r.no, r.measure, to_timestamp(r.at / 1000.0), r.value, $7, r.memory::jsonb, r.thinned, 0
     from unnest($2::integer[], $3::smallint[], $4::float8[], $5::float8[], $6::text[], $8::bigint[]) as r(no, measure, at, value, memory, thinned)
     on conflict (county, no, measure) do update set at = excluded.at, value = excluded.value, seen_at = excluded.seen_at, memory = excluded.memory, thinned = sensor_series.thinned + excluded.thinned`,
    [county, column(({ no }) => no), column(({ measure }) => measure), column(({ at }) => at), column(({ value }) => value), column(({ memory }) => memory), seen, column(({ thinned }) => thinned)], 'series_write');
};

/** Counts what a device sent that could not be kept. */
export const noteFaults = (tx: Tx, county: string, faults: readonly { readonly no: number; readonly fault: string; readonly count: number }[], at: Date): Promise<unknown> => tx.query(
  `insert into sensor_series (county, no, measure, at, value, seen_at, thinned, faults, fault, fault_at)
   select $1, f.no, -1, $5, 0, $5, 0, f.count, f.fault, $5 from unnest($2::integer[], $3::text[], $4::bigint[]) as f(no, fault, count)
   on conflict (county, no, measure) do update set faults = sensor_series.faults + excluded.faults, fault = excluded.fault, fault_at = excluded.fault_at`,
  [county, faults.map(({ no }) => no), faults.map(({ fault }) => fault), faults.map(({ count }) => count), at], 'series_faults');

/** The newest value of each of these devices in one measure, no older than a moment. */
export const newestValues = (tx: Tx, county: string, devices: readonly number[], measure: number, since: Date): Promise<{ no: number; value: number }[]> => tx.query(
  'select no, value from sensor_series where county = $1 and no = any($2) and measure = $3 and at >= $4', [county, devices, measure, since], 'series_newest');

export interface SilentRow { readonly no: number; readonly measure: number; readonly at: Date }

/** Series of devices of a kind that nothing came of since a moment, and that have no alarm of that rule; those that the broker gave up at once. */
export const silentSeries = (tx: Tx, county: string, kind: string, measure: number, rule: string, path: string, since: Date, limit: number): Promise<SilentRow[]> => tx.query<SilentRow>(
  `select r.no, r.measure, r.seen_at as at from sensor s join sensor_series r on r.county = s.county and r.no = s.no and r.measure = $3
   where s.county = $1 and s.kind = $2 and s.state = 'active' and starts_with(s.path, $5) and (r.seen_at < $6 or s.will_at > r.seen_at)
     and not exists (select from sensor_alarm a where a.county = s.county and a.no = s.no and a.measure = r.measure and a.rule = $4 and a.ended_at is null)
   order by r.seen_at limit $7`, [county, kind, measure, rule, path, since, limit], 'series_silent');

export interface Point { readonly at: Date; readonly value: number; readonly low: number; readonly high: number; readonly count: number; readonly marks: number }

/** Readings of a series from a moment until another, the oldest first (primary key, the slots of those days). */
export const readRaw = (tx: Tx, county: string, slots: readonly number[], no: number, measure: number, from: Date, to: Date, limit: number): Promise<(Point & { readonly seq: number })[]> => tx.query(
  `select at, seq, value, value as low, value as high, 1 as count, marks::int as marks from reading where county = $1 and slot = any($2) and no = $3 and measure = $4 and at >= $5 and at < $6 order by at, seq limit $7`,
  [county, slots, no, measure, from, to, limit], 'reading_raw');

export const readMinutes = (tx: Tx, county: string, slots: readonly number[], no: number, measure: number, from: Date, to: Date): Promise<Point[]> => tx.query<Point>(
  `select at, sum / count as value, low, high, count, 0 as marks from reading_minute where county = $1 and slot = any($2) and no = $3 and measure = $4 and at >= $5 and at < $6 order by at`,
  [county, slots, no, measure, from, to], 'reading_minutes');

export const readHours = (tx: Tx, county: string, no: number, measure: number, from: Date, to: Date): Promise<Point[]> => tx.query<Point>(
  'select at, sum / count as value, low, high, count, 0 as marks from reading_hour where county = $1 and no = $2 and measure = $3 and at >= $4 and at < $5 order by at', [county, no, measure, from, to], 'reading_hours');

export const readDays = (tx: Tx, county: string, no: number, measure: number, from: Date, to: Date): Promise<Point[]> => tx.query<Point>(
  'select at, sum / count as value, low, high, count, 0 as marks from reading_day where county = $1 and no = $2 and measure = $3 and at >= $4 and at < $5 order by at', [county, no, measure, from, to], 'reading_days');
