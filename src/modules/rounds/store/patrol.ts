import type { Tx } from '../../../platform/database/database.ts';
import type { Stop } from '../contract/patrol.ts';

export interface RouteRow {
  readonly id: string;
  readonly place: string;
  readonly path: string;
  readonly name: string;
  readonly every_days: number;
  readonly stops: Stop[];
  readonly ended_at: Date | null;
}

const columns = 'id, place, path, name, every_days, stops, ended_at';

/** Adds a route; false where its id is there already. */
export const insertRoute = async (tx: Tx, county: string, row: Omit<RouteRow, 'ended_at'>, now: Date): Promise<boolean> =>
  (await tx.query(
    `insert into patrol_route (county, id, place, path, name, every_days, stops, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (county, id) do nothing returning id`,
    [county, row.id, row.place, row.path, row.name, row.every_days, JSON.stringify(row.stops), now], 'rounds_route_insert')).length === 1;

export const findRoute = async (tx: Tx, county: string, id: string): Promise<RouteRow | undefined> =>
  (await tx.query<RouteRow>(`select ${columns} from patrol_route where county = $1 and id = $2`, [county, id], 'rounds_route'))[0];

/** Routes of everything under some paths (patrol_route_path); at most 500. */
export const routesUnder = (tx: Tx, county: string, paths: readonly string[]): Promise<RouteRow[]> =>
  tx.query<RouteRow>(
    `select ${columns} from patrol_route r where county = $1 and ended_at is null
       and exists (select 1 from unnest($2::text[]) p where r.path >= p collate "C" and r.path < (p || $3) collate "C") order by path, name, id limit 500`,
    [county, paths, '\u{10ffff}'], 'rounds_routes');

export const setEnded = (tx: Tx, county: string, id: string, now: Date): Promise<unknown> =>
  tx.query('update patrol_route set ended_at = coalesce(ended_at, $3) where county = $1 and id = $2', [county, id, now], 'rounds_route_end');

export interface PatrolRow {
  readonly id: string;
  readonly route: string;
  readonly account: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
}

/** Starts a patrol; false where its id is there already. */
export const insertPatrol = async (tx: Tx, county: string, row: Omit<PatrolRow, 'ended_at'>): Promise<boolean> =>
  (await tx.query('insert into patrol (county, id, route, account, started_at) values ($1, $2, $3, $4, $5) on conflict (county, id) do nothing returning id',
    [county, row.id, row.route, row.account, row.started_at], 'rounds_patrol_insert')).length === 1;

export const findPatrol = async (tx: Tx, county: string, id: string): Promise<PatrolRow | undefined> =>
  (await tx.query<PatrolRow>('select id, route, account, started_at, ended_at from patrol where county = $1 and id = $2', [county, id], 'rounds_patrol'))[0];

/** Ends a patrol; false where it was ended before. */
export const endPatrol = async (tx: Tx, county: string, id: string, at: Date): Promise<boolean> =>
  (await tx.query('update patrol set ended_at = $3 where county = $1 and id = $2 and ended_at is null returning id', [county, id, at], 'rounds_patrol_end')).length === 1;

export interface CheckRow {
  readonly patrol: string;
  readonly stop: string;
  readonly route: string;
  readonly op: string;
  readonly account: string;
  readonly way: 'position' | 'plate' | 'typed';
  readonly done_at: Date;
  readonly received_at: Date;
  readonly metres: number | null;
  readonly good: boolean;
}

/** Notes a check. A stop counts once in a patrol: a better check takes the place of one that did not count. False where nothing changed. */
export const insertCheck = async (tx: Tx, county: string, row: CheckRow): Promise<boolean> =>
  (await tx.query(
    `insert into patrol_check (county, patrol, stop, route, op, account, way, done_at, received_at, metres, good) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (county, patrol, stop) do update set op = excluded.op, way = excluded.way, done_at = excluded.done_at, received_at = excluded.received_at, metres = excluded.metres, good = excluded.good
       where excluded.good and not patrol_check.good returning stop`,
    [county, row.patrol, row.stop, row.route, row.op, row.account, row.way, row.done_at, row.received_at, row.metres, row.good], 'rounds_check_insert')).length === 1;

/** Days on which each stop of some routes was visited, each from a time of its own until one of all, and when last (patrol_check_route). */
export const visitsOf = (tx: Tx, county: string, routes: readonly { readonly id: string; readonly since: Date }[], until: Date, offsetMinutes: number): Promise<{ route: string; stop: string; days: number; last: Date }[]> =>
  tx.query(
    `select c.route, c.stop, count(distinct (c.done_at at time zone 'UTC' + make_interval(mins => $5))::date)::int as days, max(c.done_at) as last
     from unnest($2::uuid[], $3::timestamptz[]) r (id, since) join patrol_check c on c.county = $1 and c.route = r.id and c.done_at >= r.since
     where c.good and c.done_at < $4 group by c.route, c.stop`,
    [county, routes.map(({ id }) => id), routes.map(({ since }) => since), until, offsetMinutes], 'rounds_visits');

/** Patrols of some routes that began between two times, newest first, at most 200. */
export const patrolsOf = (tx: Tx, county: string, routes: readonly string[], from: Date, until: Date): Promise<(PatrolRow & { readonly checks: number })[]> =>
  tx.query(
    `select p.id, p.route, p.account, p.started_at, p.ended_at, (select count(*)::int from patrol_check c where c.county = p.county and c.patrol = p.id and c.good) as checks
     from patrol p where p.county = $1 and p.route = any($2::uuid[]) and p.started_at >= $3 and p.started_at < $4 order by p.started_at desc, p.id limit 200`,
    [county, routes, from, until], 'rounds_patrols');
