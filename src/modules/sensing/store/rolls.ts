import type { Tx } from '../../../platform/database/database.ts';

/** Until when readings have been counted, by when they were received; null before the first time. Held until the transaction ends. */
export const holdRolled = async (tx: Tx, county: string): Promise<Date | null> => (await tx.query<{ until: Date }>(
  `select until from reading_rolled where county = $1 and grain = 'minute' for update`, [county], 'rolled_hold'))[0]?.until ?? null;

export const firstReceived = async (tx: Tx, county: string): Promise<Date | null> => (await tx.query<{ at: Date | null }>('select min(received_at) as at from reading where county = $1', [county], 'rolled_first'))[0]?.at ?? null;

export const writeRolled = (tx: Tx, county: string, until: Date): Promise<unknown> => tx.query(
  `insert into reading_rolled (county, grain, until) values ($1, 'minute', $2) on conflict (county, grain) do update set until = excluded.until`, [county, until], 'rolled_write');

/**
 * Counts anew every minute that a reading of a span of receipt belongs to, from all readings of that minute: what comes late changes
 * the minute it was taken in. What is beyond measure is left out. (reading_received, then the primary key)
 */
export const rollMinutes = (tx: Tx, county: string, slots: readonly number[], from: Date, to: Date): Promise<unknown> => tx.query(
  `insert into reading_minute (county, slot, no, measure, at, count, sum, low, high)
   select $1, r.slot, r.no, r.measure, t.minute, count(*), sum(r.value), min(r.value), max(r.value)
   from (select distinct slot, no, measure, date_trunc('minute', at, 'UTC') as minute from reading where county = $1 and slot = any($2) and received_at >= $3 and received_at < $4) t
   join reading r on r.county = $1 and r.slot = t.slot and r.no = t.no and r.measure = t.measure and r.at >= t.minute and r.at < t.minute + interval '1 minute' and r.marks & 2 = 0
   group by r.slot, r.no, r.measure, t.minute
   on conflict (county, slot, no, measure, at) do update set count = excluded.count, sum = excluded.sum, low = excluded.low, high = excluded.high`, [county, slots, from, to], 'roll_minutes');

/** The same for hours, from minutes. */
export const rollHours = (tx: Tx, county: string, slots: readonly number[], from: Date, to: Date): Promise<unknown> => tx.query(
  `insert into reading_hour (county, no, measure, at, count, sum, low, high)
   select $1, r.no, r.measure, t.hour, sum(r.count), sum(r.sum), min(r.low), max(r.high)
   from (select distinct slot, no, measure, date_trunc('hour', at, 'UTC') as hour from reading where county = $1 and slot = any($2) and received_at >= $3 and received_at < $4) t
   join reading_minute r on r.county = $1 and r.slot = t.slot and r.no = t.no and r.measure = t.measure and r.at >= t.hour and r.at < t.hour + interval '1 hour'
   group by r.no, r.measure, t.hour
   on conflict (county, no, measure, at) do update set count = excluded.count, sum = excluded.sum, low = excluded.low, high = excluded.high`, [county, slots, from, to], 'roll_hours');

/** The same for the county's days, from hours. @param zone IANA name */
export const rollDays = (tx: Tx, county: string, slots: readonly number[], from: Date, to: Date, zone: string): Promise<unknown> => tx.query(
  `insert into reading_day (county, no, measure, at, count, sum, low, high)
   select $1, r.no, r.measure, t.day, sum(r.count), sum(r.sum), min(r.low), max(r.high)
   from (select distinct no, measure, date_trunc('day', at, $5) as day from reading where county = $1 and slot = any($2) and received_at >= $3 and received_at < $4) t
   join reading_hour r on r.county = $1 and r.no = t.no and r.measure = t.measure and r.at >= t.day and r.at < t.day + interval '1 day'
   group by r.no, r.measure, t.day
   on conflict (county, no, measure, at) do update set count = excluded.count, sum = excluded.sum, low = excluded.low, high = excluded.high`, [county, slots, from, to, zone], 'roll_days');

/** Deletes counts that are kept no longer, so many at a time. @returns how many */
export const forgetCounts = async (tx: Tx, table: 'reading_hour' | 'reading_day', county: string, before: Date, limit: number): Promise<number> => (await tx.query(
  `delete from ${table} where county = $1 and at < $2 and (no, measure, at) in (select no, measure, at from ${table} where county = $1 and at < $2 order by at limit $3) returning 1`, [county, before, limit], `forget_${table}`)).length;

/** Deletes a county's readings or minutes of a slot that are kept no longer. @returns how many */
export const forgetOf = async (tx: Tx, table: 'reading' | 'reading_minute', county: string, slot: number, before: Date): Promise<number> => (await tx.query(
  `delete from ${table} where county = $1 and slot = $2 and at < $3 returning 1`, [county, slot, before], `forget_${table}`)).length;

/** Whether a slot of the ring holds anything, and anything younger than a moment. */
export const slotHolds = async (tx: Tx, table: 'reading' | 'reading_minute', slot: number, young: Date): Promise<{ any: boolean; young: boolean }> => (await tx.query<{ any: boolean; young: boolean }>(
  `select exists (select from ${table} where slot = $1) as any, exists (select from ${table} where slot = $1 and at >= $2) as young`, [slot, young], `slot_${table}`))[0]!;

/** Empties a slot of the ring whole. Waits two seconds at the most for whoever reads it. */
export const emptySlot = async (tx: Tx, table: 'reading' | 'reading_minute', slot: number): Promise<void> => {
  await tx.query(`set local lock_timeout = '2s'`);
  await tx.query(`truncate ${table}_${String(slot).padStart(2, '0')}`);
};
