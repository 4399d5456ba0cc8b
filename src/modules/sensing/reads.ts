import type { Tx } from '../../platform/database/database.ts';
import type { AlarmBox, DeviceBox } from './contract/devices.ts';
import type { AlarmRow } from './store/alarms.ts';
import type { DeviceRow } from './store/devices.ts';

/** What a list of devices asks for; null asks for nothing. */
export interface DeviceFilter { readonly paths: readonly string[]; readonly kind: string | null; readonly text: string | null; readonly flapping: { readonly since: Date; readonly alarms: number } }

export interface ListedDevice extends DeviceRow {
  readonly open: number;
  readonly silent: boolean;
  readonly flapping: boolean;
  readonly seen_at: Date | null;
  readonly series: readonly { readonly measure: number; readonly value: number; readonly at: string }[];
  readonly thinned: number;
  readonly faults: number;
  readonly fault: string | null;
  readonly fault_at: Date | null;
}

const stands = `
  left join lateral (select count(*)::int as open, coalesce(bool_or(a.rule = any($6)), false) as silent from sensor_alarm a where a.county = s.county and a.no = s.no and a.ended_at is null) o on true
  left join lateral (select count(*) >= $8 as flapping from sensor_alarm a where a.county = s.county and a.no = s.no and a.known_at >= $7) f on true
  left join lateral (select max(r.seen_at) filter (where r.measure >= 0) as seen_at, coalesce(sum(r.thinned), 0)::int as thinned, coalesce(sum(r.faults), 0)::int as faults, max(r.fault) as fault, max(r.fault_at) as fault_at,
      coalesce(jsonb_agg(jsonb_build_object('measure', r.measure, 'value', r.value, 'at', r.at) order by r.measure) filter (where r.measure >= 0), '[]') as series
    from sensor_series r where r.county = s.county and r.no = s.no) n on true`;
const base = `s.county = $1 and exists (select from unnest($2::text[]) p where starts_with(s.path, p)) and ($3::text is null or s.kind = $3) and ($4::text is null or starts_with(lower(s.code), lower($4)) or position(lower($4) in lower(s.name)) > 0 or s.component = $4)
  and ($5::text is null or s.code = $5)`;
const boxes: Readonly<Record<DeviceBox, string>> = {
  all: `s.state <> 'retired'`, alarm: 'o.open > 0', silent: 'o.silent', flapping: 'f.flapping', faulty: `(n.faults > 0 or n.thinned > 0) and s.state <> 'retired'`, never: `n.seen_at is null and s.state = 'active'`, resting: `s.state <> 'active'`,
};
const columns = `s.no, s.code, s.kind, s.name, s.component, s.lng, s.lat, s.place, s.path, s.unit, s.state, s.key, s.key_at, s.key_before, s.key_before_until, s.demo, s.made_at, s.changed_at, s.will_at,
  o.open, o.silent, f.flapping, n.seen_at, n.series, n.thinned, n.faults, n.fault, n.fault_at`;
const values = (county: string, { paths, kind, text, flapping }: DeviceFilter, silentRules: readonly string[], code: string | null): unknown[] => [county, paths, kind, text, code, silentRules, flapping.since, flapping.alarms];

/** A page of devices by code (sensor_code). */
export const pageDevices = (tx: Tx, county: string, filter: DeviceFilter, silentRules: readonly string[], box: DeviceBox, after: string, limit: number): Promise<ListedDevice[]> => tx.query<ListedDevice>(
  `select ${columns} from sensor s ${stands} where ${base} and (${boxes[box]}) and s.code > $9 order by s.code limit $10`, [...values(county, filter, silentRules, null), after, limit], `sensor_page_${box}`);

/** One device as a list shows it. */
export const oneDevice = async (tx: Tx, county: string, filter: DeviceFilter, silentRules: readonly string[], code: string): Promise<ListedDevice | undefined> =>
  (await tx.query<ListedDevice>(`select ${columns} from sensor s ${stands} where ${base}`, values(county, filter, silentRules, code), 'sensor_one'))[0];

export type Counts = Readonly<Record<DeviceBox, number>>;
export const countDevices = async (tx: Tx, county: string, filter: DeviceFilter, silentRules: readonly string[]): Promise<Counts> => (await tx.query<Counts>(
  `select ${Object.entries(boxes).map(([name, where]) => `(count(*) filter (where ${where}))::int as "${name}"`).join(', ')} from sensor s ${stands} where ${base}`, values(county, filter, silentRules, null), 'sensor_counts'))[0]!;

export interface AlarmFilter { readonly paths: readonly string[]; readonly box: AlarmBox; readonly kind: string | null; readonly severity: string | null; readonly code: string | null; readonly event: string | null; readonly matter: string | null }
export type ListedAlarm = AlarmRow & { readonly code: string; readonly name: string; readonly number: string | null; readonly title: string | null; readonly parts: number | null };

/** A page of alarms, the newest first (sensor_alarm_time). */
export const pageAlarms = (tx: Tx, county: string, { paths, box, kind, severity, code, event, matter }: AlarmFilter, after: { readonly at: Date; readonly id: string } | null, limit: number): Promise<ListedAlarm[]> => tx.query<ListedAlarm>(
  `select a.id, a.no, a.measure, a.kind, a.rule, a.severity, a.path, a.value, a.opened_at, a.known_at, a.ended_at, a.state, a.outcome, a.reason, a.matter, a.event, a.end_due, s.code, s.name, m.number, m.title, e.parts
   from sensor_alarm a join sensor s on s.county = a.county and s.no = a.no left join matter m on m.county = a.county and m.id = a.matter left join sensor_event e on e.county = a.county and e.id = a.event
   where a.county = $1 and exists (select from unnest($2::text[]) p where starts_with(a.path, p)) and ($3 = 'all' or (a.ended_at is null) = ($3 = 'open')) and ($4::text is null or a.kind = $4) and ($5::text is null or a.severity = $5)
     and ($6::text is null or s.code = $6) and ($7::uuid is null or a.event = $7) and ($8::uuid is null or a.matter = $8) and ($9::timestamptz is null or (a.known_at, a.id) < ($9, $10::uuid))
   order by a.known_at desc, a.id desc limit $11`, [county, paths, box, kind, severity, code, event, matter, after?.at ?? null, after?.id ?? null, limit]);

export interface RuleCount { readonly rule: string; readonly open: number }
export const openByRule = (tx: Tx, county: string): Promise<RuleCount[]> => tx.query<RuleCount>('select rule, count(*)::int as open from sensor_alarm where county = $1 and ended_at is null group by rule', [county], 'alarm_by_rule');

export interface TriedReading { readonly no: number; readonly at: Date; readonly value: number }
/** Good readings of a kind's measure, device by device in order of time, for trying a rule. */
export const readingsOf = (tx: Tx, county: string, slots: readonly number[], devices: readonly number[], measure: number, from: Date, limit: number): Promise<TriedReading[]> => tx.query<TriedReading>(
  'select no, at, value from reading where county = $1 and slot = any($2) and no = any($3) and measure = $4 and at >= $5 and marks & 2 = 0 order by no, at limit $6', [county, slots, devices, measure, from, limit]);
export const alarmsSince = async (tx: Tx, county: string, rule: string, since: Date): Promise<number> => (await tx.query<{ count: number }>('select count(*)::int as count from sensor_alarm where county = $1 and rule = $2 and known_at >= $3', [county, rule, since]))[0]?.count ?? 0;
