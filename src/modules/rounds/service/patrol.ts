import type { Actor } from '../../../base/actor.ts';
import { metresBetween } from '../../../base/geo/geometry.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../base/result.ts';
import type { BodyOf, QueryOf, ResponseOf } from '../../../base/route.ts';
import { entryOf } from '../../identity/index.ts';
import { doneEarlier } from '../../matters/rules/done.ts';
import type { planRoute, readCoverage, RouteView, step, Stop } from '../contract/patrol.ts';
import { askedOf, isThere, weekOf } from '../rules/coverage.ts';
import { inWalkingOrder, stopsOfFeatures } from '../rules/stops.ts';
import {
  endPatrol, findPatrol, findRoute, insertCheck, insertPatrol, insertRoute, patrolsOf, routesUnder, setEnded, visitsOf, type CheckRow, type RouteRow,
} from '../store/patrol.ts';
import { countyOf, momentOf, pathsOf, placeNames, type Needs } from './needs.ts';

type Step = BodyOf<typeof step>;

/** 巡查: routes that are planned, walked and counted. */
export interface Patrols {
  /** Refusals: 403 `identity.not_permitted`, 404 `rounds.no-place`. */
  routes(actor: Actor, ask: { readonly county?: string | undefined; readonly place?: string | undefined }): Promise<Result<RouteView[]>>;
  /** Refusals: 403 `identity.not_permitted`, 404 `rounds.no-place`, 422 `rounds.no-stops`, `rounds.too-many-stops`. */
  plan(actor: Actor, ask: BodyOf<typeof planRoute>): Promise<Result<RouteView>>;
  end(actor: Actor, county: string | undefined, id: string): Promise<Result<RouteView>>;
  /** Refusals: 403 `identity.not_permitted`, 404 `rounds.no-route`, `rounds.no-patrol`, 422 `rounds.no-stop`, `rounds.plate-unknown`, `rounds.plate-elsewhere`. */
  step(actor: Actor, ask: Step): Promise<Result<ResponseOf<typeof step>>>;
  coverage(actor: Actor, ask: QueryOf<typeof readCoverage>): Promise<Result<ResponseOf<typeof readCoverage>>>;
}

/** Stops of one route. */
const stopsAtMost = 300;

/** Numbered from one, so that a stop keeps its name in what was walked. */
const numbered = (stops: readonly Omit<Stop, 'id'>[]): Stop[] => stops.map((stop, at) => ({ id: String(at + 1), ...stop }));

export const createPatrols = (needs: Needs): Patrols => {
  const { world, ledger, identity, places, components, matters } = needs;
  const viewOf = async (county: string, row: RouteRow): Promise<RouteView> => ({
    id: row.id, name: row.name, place: row.place, placeNames: await placeNames(needs, county, row.place), everyDays: row.every_days, stops: row.stops, ended: row.ended_at !== null,
  });

  /** Paths that somebody may read under, narrowed to a place where one is asked for. */
  const reading = async (actor: Actor, county: CountyCode, code: string | undefined): Promise<Result<string[]>> => {
    const paths = pathsOf(needs, actor, county, 'rounds.read');
    if (paths.length === 0) return refuse(403, 'identity.not_permitted');
    if (code === undefined) return paths;
    const found = (await places.tree(county)).find(code);
    if (!found) return refuse(404, 'rounds.no-place');
    const inside = paths.filter((path) => found.path.startsWith(path));
    return inside.length > 0 ? [found.path] : paths.filter((path) => path.startsWith(found.path));
  };

  const stopsFor = async (county: CountyCode, path: string, ask: BodyOf<typeof planRoute>): Promise<Result<Stop[]>> => {
    const drafts: Omit<Stop, 'id'>[] = (ask.stops ?? []).map(({ component = null, ...stop }) => ({ ...stop, component }));
    drafts.push(...stopsOfFeatures(ask.geojson?.features ?? []));
    if (ask.components !== undefined) {
      const found = await components.list(county, { path, ...(ask.components !== 'all' && { class: ask.components }) }, '', stopsAtMost + 1);
      drafts.push(...inWalkingOrder(found.map(({ code, name, lng, lat }) => ({ name, lng, lat, component: code }))));
    }
    if (drafts.length === 0) return refuse(422, 'rounds.no-stops');
    if (drafts.length > stopsAtMost) return refuse(422, 'rounds.too-many-stops', { count: stopsAtMost });
    return numbered(drafts);
  };

  /** The stop that a check is about, and whether it shows that somebody was there. */
  const checked = async (county: string, route: RouteRow, ask: Step): Promise<Result<Pick<CheckRow, 'stop' | 'way' | 'metres' | 'good'>>> => {
    const way = ask.way ?? 'position';
    const component = ask.plate === undefined ? undefined : await components.byPlate(county, ask.plate);
    if (way !== 'position' && !component) return refuse(422, 'rounds.plate-unknown');
    const stop = component ? route.stops.find((one) => one.component === component.code) : route.stops.find((one) => one.id === ask.stop);
    if (!stop) return component ? refuse(422, 'rounds.plate-elsewhere', { name: component.name }) : refuse(422, 'rounds.no-stop');
    if (ask.stop !== undefined && stop.id !== ask.stop) return refuse(422, 'rounds.plate-elsewhere', { name: stop.name });
    const metres = ask.lng === undefined || ask.lat === undefined ? null : Math.round(metresBetween(ask.lng, ask.lat, stop.lng, stop.lat) * 10) / 10;
    // A plate was read where it hangs; a number can be typed from anywhere, and so needs the position to agree.
    const good = way === 'plate' || (metres !== null && isThere(metres, ask.accuracy ?? Infinity));
    return { stop: stop.id, way, metres, good };
  };

  return {
    async routes(actor, { county: asked, place }) {
      const county = countyOf(actor, asked);
      if (isRefusal(county)) return county;
      const paths = await reading(actor, county, place);
      return isRefusal(paths) ? paths : Promise.all((await routesUnder(world.db, county, paths)).map((row) => viewOf(county, row)));
    },

    async plan(actor, ask) {
      const county = countyOf(actor, ask.county);
      if (isRefusal(county)) return county;
      const place = (await places.tree(county)).find(ask.place);
      if (!place) return refuse(404, 'rounds.no-place');
      const grant = identity.permits(actor, county, 'rounds.plan', place.path);
      if (!grant) return refuse(403, 'identity.not_permitted');
      const stops = await stopsFor(county, place.path, ask);
      if (isRefusal(stops)) return stops;
      const row = { id: ask.op, place: place.id, path: place.path, name: ask.name.trim(), every_days: ask.everyDays, stops };
      const now = world.now();
      await world.db.transaction(async (tx) => {
        if (await insertRoute(tx, county, row, new Date(now)))
          await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'patrol_route', action: 'plan', set: { route: row.id, place: row.place, everyDays: row.every_days, stops: stops.length } }, actor, grant, now)]);
      });
      ledger.sequencer.nudge(county);
      return viewOf(county, (await findRoute(world.db, county, row.id))!);
    },

    async end(actor, asked, id) {
      const county = countyOf(actor, asked);
      if (isRefusal(county)) return county;
      const row = await findRoute(world.db, county, id);
      if (!row) return refuse(404, 'rounds.no-route');
      const grant = identity.permits(actor, county, 'rounds.plan', row.path);
      if (!grant) return refuse(403, 'identity.not_permitted');
      const now = world.now();
      await world.db.transaction(async (tx) => {
        await setEnded(tx, county, id, new Date(now));
        if (row.ended_at === null) await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'patrol_route', action: 'end', set: { route: id } }, actor, grant, now)]);
      });
      ledger.sequencer.nudge(county);
      return viewOf(county, { ...row, ended_at: row.ended_at ?? new Date(now) });
    },

    async step(actor, ask) {
      const county = countyOf(actor, undefined);
      if (isRefusal(county)) return county;
      const patrol = await findPatrol(world.db, county, ask.patrol);
      const route = await findRoute(world.db, county, patrol?.route ?? ask.route ?? ask.patrol);
      if (!route) return refuse(404, ask.do === 'start' ? 'rounds.no-route' : 'rounds.no-patrol');
      if ((!patrol && ask.do !== 'start') || (patrol && patrol.account !== actor.id)) return refuse(404, 'rounds.no-patrol');
      const grant = identity.permits(actor, county, 'rounds.walk', route.path);
      if (!grant) return refuse(403, 'identity.not_permitted');
      const now = world.now();
      const at = new Date(momentOf(ask.done, now));
      const check = ask.do === 'check' ? await checked(county, route, ask) : null;
      if (isRefusal(check)) return check;
      await world.db.transaction(async (tx) => {
        const happened = ask.do === 'start' ? await insertPatrol(tx, county, { id: ask.patrol, route: route.id, account: actor.id, started_at: at })
          : ask.do === 'end' ? await endPatrol(tx, county, ask.patrol, at)
            : await insertCheck(tx, county, { patrol: ask.patrol, route: route.id, op: ask.op, account: actor.id, done_at: at, received_at: new Date(now), ...check! });
        // Sent again is not done again: no second entry.
        if (happened)
          await ledger.append(tx, [entryOf({
            county, subject: 'config', kind: 'patrol', action: ask.do,
            set: { patrol: ask.patrol, route: route.id, ...(check && { stop: check.stop, way: check.way, good: check.good }), ...doneEarlier(ask.done, now) },
          }, actor, grant, now)]);
      });
      ledger.sequencer.nudge(county);
      return { patrol: ask.patrol, stop: check?.stop ?? null, metres: check?.metres ?? null, good: check?.good ?? true };
    },

    async coverage(actor, { county: asked, place, day }) {
      const county = countyOf(actor, asked);
      if (isRefusal(county)) return county;
      const paths = await reading(actor, county, place);
      if (isRefusal(paths)) return paths;
      const { offsetMinutes } = matters.calendar(county);
      const asking = day === undefined ? world.now() : Date.parse(`${day}T12:00:00Z`);
      if (Number.isNaN(asking)) return refuse(422, 'rounds.no-day') satisfies Refusal;
      const week = weekOf(asking, offsetMinutes);
      const rows = await routesUnder(world.db, county, paths);
      const visits = new Map((await visitsOf(world.db, county, rows.map(({ id, every_days }) => ({ id, since: new Date(askedOf(every_days, week).since) })), new Date(week.until), offsetMinutes)).map((one) => [`${one.route} ${one.stop}`, one]));
      const routes = await Promise.all(rows.map(async (row) => {
        const { needed } = askedOf(row.every_days, week);
        const stops = row.stops.map((stop) => {
          const found = visits.get(`${row.id} ${stop.id}`);
          return { ...stop, visits: found?.days ?? 0, last: found?.last.toISOString() ?? null, covered: (found?.days ?? 0) >= needed };
        });
        return { id: row.id, name: row.name, place: row.place, placeNames: await placeNames(needs, county, row.place), everyDays: row.every_days, needed, covered: stops.filter(({ covered }) => covered).length, stops };
      }));
      const patrols = await patrolsOf(world.db, county, rows.map(({ id }) => id), new Date(week.from), new Date(week.until));
      const names = await identity.accounts.names(world.db, [...new Set(patrols.map(({ account }) => account))]);
      return {
        from: new Date(week.from).toISOString(), until: new Date(week.until).toISOString(),
        stops: routes.reduce((sum, { stops }) => sum + stops.length, 0), covered: routes.reduce((sum, { covered }) => sum + covered, 0), routes,
        patrols: patrols.map(({ id, route, account, started_at: startedAt, ended_at: endedAt, checks }) => ({ id, route, name: names.get(account) ?? null, startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null, checks })),
      };
    },
  };
};
