import type { Tx } from '../../../platform/database/database.ts';
import type { Severity } from '../contract/settings.ts';

/** What came of an alarm: a case of its own, an open one, a part of an event, none so soon after another, none at all, or a refusal. */
export type Outcome = 'reported' | 'attached' | 'event' | 'held' | 'alarm' | 'refused';

export interface AlarmRow {
  readonly id: string;
  readonly no: number;
  readonly measure: number;
  readonly kind: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly path: string;
  readonly value: number | null;
  readonly opened_at: Date;
  readonly known_at: Date;
  readonly ended_at: Date | null;
  readonly state: 'waiting' | 'settled';
  readonly outcome: Outcome | null;
  readonly reason: string | null;
  readonly matter: string | null;
  readonly event: string | null;
  readonly end_due: boolean;
}

const columns = 'a.id, a.no, a.measure, a.kind, a.rule, a.severity, a.path, a.value, a.opened_at, a.known_at, a.ended_at, a.state, a.outcome, a.reason, a.matter, a.event, a.end_due';

/** Open alarms of these devices (sensor_alarm_open). */
export const openOf = (tx: Tx, county: string, devices: readonly number[]): Promise<{ id: string; no: number; measure: number; rule: string }[]> => tx.query(
  'select id, no, measure, rule from sensor_alarm where county = $1 and no = any($2) and ended_at is null', [county, devices], 'alarm_open_of');

export type NewAlarm = Pick<AlarmRow, 'id' | 'no' | 'measure' | 'kind' | 'rule' | 'severity' | 'path' | 'value'> & { readonly openedAt: number };

/** Opens alarms; one that stands already is not opened again. @returns ids of those that are new */
export const insertAlarms = async (tx: Tx, county: string, alarms: readonly NewAlarm[], known: Date): Promise<string[]> => (await tx.query<{ id: string }>(
  `insert into sensor_alarm (county, id, no, measure, kind, rule, severity, path, value, opened_at, known_at, state, end_due)
   select $1, r.id, r.no, r.measure, r.kind, r.rule, r.severity, r.path, r.value, to_timestamp(r.opened / 1000.0), $3, 'waiting', false
   from jsonb_to_recordset($2::jsonb) as r(id uuid, no int, measure smallint, kind text, rule text, severity text, path text, value float8, opened float8)
   on conflict (county, no, measure, rule) where ended_at is null do nothing returning id`,
  [county, JSON.stringify(alarms.map(({ openedAt, ...one }) => ({ ...one, opened: openedAt }))), known], 'alarm_insert')).map(({ id }) => id);

/** Ends alarms; what a case was told of has its end still noted there. */
export const endAlarms = (tx: Tx, county: string, ends: readonly { readonly id: string; readonly at: number }[]): Promise<unknown> => tx.query(
  `update sensor_alarm a set ended_at = greatest(to_timestamp(e.at / 1000.0), a.opened_at), end_due = a.matter is not null and a.event is null and a.reason is null
   from unnest($2::uuid[], $3::float8[]) as e(id, at) where a.county = $1 and a.id = e.id and a.ended_at is null`, [county, ends.map(({ id }) => id), ends.map(({ at }) => at)], 'alarm_end');

/** Ends whatever stands of rules that count no longer, or of devices that no longer report. */
export const endOrphans = (tx: Tx, county: string, rules: readonly string[], at: Date): Promise<{ id: string }[]> => tx.query(
  `update sensor_alarm a set ended_at = greatest($3, a.opened_at), end_due = a.matter is not null and a.event is null and a.reason is null
   where a.county = $1 and a.ended_at is null and (a.rule <> all($2) or exists (select from sensor s where s.county = a.county and s.no = a.no and s.state <> 'active')) returning a.id`, [county, rules, at], 'alarm_orphans');

/** Alarms that wait to be settled, the oldest first, held until the transaction ends (sensor_alarm_waiting). */
export const holdWaiting = (tx: Tx, county: string, limit: number): Promise<AlarmRow[]> => tx.query<AlarmRow>(
  `select ${columns} from sensor_alarm a where a.county = $1 and a.state = 'waiting' order by a.known_at, a.id limit $2 for update skip locked`, [county, limit], 'alarm_waiting');

/** Settled ones since a moment that are part of no event (sensor_alarm_time). */
export const settledSince = (tx: Tx, county: string, since: Date, limit: number): Promise<AlarmRow[]> => tx.query<AlarmRow>(
  `select ${columns} from sensor_alarm a where a.county = $1 and a.known_at >= $2 and a.state = 'settled' and a.event is null order by a.known_at, a.id limit $3`, [county, since, limit], 'alarm_recent');

export const settleAlarms = (tx: Tx, county: string, ids: readonly string[], how: { readonly outcome: Outcome; readonly matter: string | null; readonly event?: string | null; readonly reason?: string | null }): Promise<unknown> => tx.query(
  `update sensor_alarm set state = 'settled', outcome = $3, matter = $4, event = $5, reason = $6, end_due = (ended_at is not null and $4::uuid is not null and $5::uuid is null and $6::text is null) where county = $1 and id = any($2::uuid[])`,
  [county, ids, how.outcome, how.matter, how.event ?? null, how.reason ?? null], 'alarm_settle');

/** The newest case that this device or component brought by any rule, and by this one. */
export const caseBefore = (tx: Tx, county: string, no: number, rule: string, since: Date): Promise<{ matter: string; known_at: Date; same: boolean; ended: boolean }[]> => tx.query(
  `select a.matter, a.known_at, a.rule = $3 as same, m.ended_at is not null as ended from sensor_alarm a join matter m on m.county = a.county and m.id = a.matter
   where a.county = $1 and a.no = $2 and a.matter is not null and (m.ended_at is null or (a.rule = $3 and a.known_at >= $4)) order by a.known_at desc limit 20`, [county, no, rule, since], 'alarm_case_before');

/** The open case about a component, the oldest. */
export const openCaseOf = (tx: Tx, county: string, component: string): Promise<{ matter: string }[]> => tx.query(
  `select id as matter from matter where county = $1 and component = $2 and kind = 'case' and ended_at is null order by created_at limit 1`, [county, component], 'alarm_open_case');

/** When a case was last told of an alarm. */
export const lastNoted = async (tx: Tx, county: string, matter: string): Promise<Date | null> => (await tx.query<{ at: Date | null }>(
  `select max(known_at) as at from sensor_alarm where county = $1 and matter = $2 and outcome in ('reported', 'attached') and reason is null`, [county, matter], 'alarm_last_noted'))[0]?.at ?? null;

/** Ends that are to be noted in their case. */
export const holdEnds = (tx: Tx, county: string, limit: number): Promise<AlarmRow[]> => tx.query<AlarmRow>(
  `select ${columns} from sensor_alarm a where a.county = $1 and a.end_due order by a.id limit $2 for update skip locked`, [county, limit], 'alarm_ends');

export const endNoted = (tx: Tx, county: string, ids: readonly string[]): Promise<unknown> => tx.query('update sensor_alarm set end_due = false where county = $1 and id = any($2::uuid[])', [county, ids], 'alarm_end_noted');

export interface EventRow { readonly id: string; readonly kind: string; readonly rule: string; readonly path: string; readonly opened_at: Date; readonly ended_at: Date | null; readonly parts: number; readonly devices: number; readonly matter: string | null }
const eventColumns = 'id, kind, rule, path, opened_at, ended_at, parts, devices, matter';

export const openEvents = (tx: Tx, county: string): Promise<EventRow[]> => tx.query<EventRow>(`select ${eventColumns} from sensor_event where county = $1 and ended_at is null order by opened_at for update`, [county], 'event_open');
export const insertEvent = (tx: Tx, county: string, row: Omit<EventRow, 'ended_at'>): Promise<unknown> => tx.query(
  'insert into sensor_event (county, id, kind, rule, path, opened_at, parts, devices, matter) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)', [county, row.id, row.kind, row.rule, row.path, row.opened_at, row.parts, row.devices, row.matter], 'event_insert');
export const growEvent = (tx: Tx, county: string, id: string, parts: number): Promise<unknown> => tx.query('update sensor_event set parts = parts + $3 where county = $1 and id = $2', [county, id, parts], 'event_grow');

/** Ends events of which no part is left. @returns those that have just ended */
export const endEvents = (tx: Tx, county: string, at: Date): Promise<EventRow[]> => tx.query<EventRow>(
  `update sensor_event e set ended_at = $2 where e.county = $1 and e.ended_at is null
     and not exists (select from sensor_alarm a where a.county = e.county and a.event = e.id and a.ended_at is null) returning ${eventColumns}`, [county, at], 'event_end');
