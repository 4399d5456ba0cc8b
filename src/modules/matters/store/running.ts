import type { ClockUnit } from '../../../base/time/limit.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Clock } from '../rules/clocks.ts';
import { clockOf, type ClockJson } from './rows.ts';

export interface RunningClock {
  readonly county: string;
  readonly matter: string;
  readonly kind: string;
  readonly clock: Clock;
}

/** Running clocks after a key, in the order of the primary key. */
export const readRunning = async (tx: Tx, after: { county: string; matter: string; name: string } | null, limit: number): Promise<RunningClock[]> => {
  const rows = await tx.query<{ county: string; matter: string; kind: string; clock: ClockJson }>(
    `select county, matter, kind, to_jsonb(c) as clock from clock c
     where (county, matter, name) > ($1, $2::uuid, $3) and stopped_at is null and running_since is not null
     order by county, matter, name limit $4`,
    [after?.county ?? '', after?.matter ?? '00000000-0000-0000-0000-000000000000', after?.name ?? '', limit], 'matters_running');
  return rows.map((row) => ({ ...row, clock: clockOf(row.clock) }));
};

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Sets a clock's due time, where it has not moved since it was read, and the matter's next one. */
export const setSchedule = async (tx: Tx, { county, matter, clock }: RunningClock, next: Clock): Promise<void> => {
  await tx.query('select 1 from matter where county = $1 and id = $2 for update', [county, matter]);
  const changed = await tx.query(
    `update clock set due_at = $4, warn_at = $5, provisional = $6
     where county = $1 and matter = $2 and name = $3 and stopped_at is null and running_since = $7 returning 1`,
    [county, matter, clock.name, iso(next.dueAt), iso(next.warnAt), next.provisional, iso(clock.runningSince)]);
  if (changed.length === 0) return;
  await tx.query(
    `update matter m set due_at = c.due_at, warn_at = c.warn_at, due_clock = c.name
     from (select name, due_at, warn_at from clock where county = $1 and matter = $2 and stopped_at is null and due_at is not null
           order by due_at limit 1) c
     where m.county = $1 and m.id = $2`, [county, matter]);
};

/** How long a stopped clock ran, in milliseconds of its unit's kind of time, and whether it ran out. */
export interface SpentClock {
  readonly unit: ClockUnit;
  readonly ms: number;
  readonly late: boolean;
}

/** The stopped clocks of a name of the newest matters of a kind that were made since a time (matter by kind, then primary key). */
export const readSpent = (tx: Tx, county: string, { kind, name, since, limit }: { readonly kind: string; readonly name: string; readonly since: number; readonly limit: number }): Promise<SpentClock[]> =>
  tx.query<SpentClock>(
    `select c.unit, c.spent_ms as ms, c.fired_at is not null as late
     from (select id from matter where county = $1 and kind = $2 and created_at >= $3 order by created_at desc limit $4) m
     join clock c on c.county = $1 and c.matter = m.id and c.name = $5 where c.stopped_at is not null`,
    [county, kind, new Date(since).toISOString(), limit, name], 'matters_spent');

/** How many clocks of a name run in open matters of a kind (matter_open by kind, then primary key). */
export const countRunning = async (tx: Tx, county: string, { kind, name }: { readonly kind: string; readonly name: string }): Promise<number> =>
  (await tx.query<{ count: number }>(
    `select count(*)::int as count from matter m join clock c on c.county = m.county and c.matter = m.id and c.name = $3
     where m.county = $1 and m.kind = $2 and m.ended_at is null and c.stopped_at is null`,
    [county, kind, name], 'matters_running_of'))[0]!.count;
