import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../../base/route.ts';
import { DoneEarlier } from '../../matters/contract.ts';

export const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
export const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
export const closed = { additionalProperties: false } as const;
/** Degrees, WGS-84. */
export const lng = Type.Number({ minimum: -180, maximum: 180 });
export const lat = Type.Number({ minimum: -90, maximum: 90 });
export const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
/** Code of a place. */
export const place = Type.String({ pattern: '^[0-9A-Za-z]{2,24}$' });
/** RFC 3339 in UTC. */
export const time = Type.String();

/** Who walks routes, who plans them, who looks at what was walked. */
export const patrollers = ['gridworker', 'gridchief', 'collector'] as const;
export const planners = ['gridchief', 'steward'] as const;
export const roundReaders = ['gridworker', 'gridchief', 'collector', 'dispatcher', 'commander', 'supervisor', 'steward', 'auditor'] as const;

/** A point of a route: where somebody has to have been. */
export const Stop = Type.Object({
  id: Type.String({ pattern: '^[0-9a-z-]{1,40}$' }), name: Type.String({ minLength: 1, maxLength: 100 }), lng, lat,
  /** Code of the component that stands there, whose plate may be scanned. */
  component: nullable(Type.String({ maxLength: 20 })),
}, closed);
export type Stop = Static<typeof Stop>;

export const RouteView = Type.Object({
  id: Type.String(), name: Type.String(), place: Type.String(), placeNames: Type.Array(Type.String()),
  /** Days within which every stop is to be visited once. */
  everyDays: Type.Integer(),
  stops: Type.Array(Stop), ended: Type.Boolean(),
});
export type RouteView = Static<typeof RouteView>;

export const listRoutes = route({
  name: 'rounds.routes', method: 'GET', path: '/api/rounds/routes', who: roundReaders,
  summary: 'Planned patrol routes of a place and everything under it.',
  query: Type.Object({ county, place: Type.Optional(place) }, closed),
  response: Type.Object({ items: Type.Array(RouteView) }),
});

export const planRoute = route({
  name: 'rounds.plan', method: 'POST', path: '/api/rounds/routes', who: planners, status: 201, bodyLimit: 2 * 1024 * 1024,
  summary: 'Plans a route of a grid: from its components of a class, from given stops, or from points and lines of a GeoJSON FeatureCollection in WGS-84.',
  body: Type.Object({
    op: uuid, county, place, name: Type.String({ minLength: 1, maxLength: 60 }), everyDays: Type.Integer({ minimum: 1, maximum: 92 }),
    /** Class of components, `0137`, or `all`. */
    components: Type.Optional(Type.String({ pattern: '^(all|\\d{4,5})$' })),
    stops: Type.Optional(Type.Array(Type.Object({ name: Type.String({ minLength: 1, maxLength: 100 }), lng, lat, component: Type.Optional(Type.String({ maxLength: 20 })) }, closed), { maxItems: 300 })),
    geojson: Type.Optional(Type.Object({ type: Type.Literal('FeatureCollection'), features: Type.Array(Type.Unknown(), { maxItems: 2_000 }) })),
  }, closed),
  response: RouteView,
});

export const endRoute = route({
  name: 'rounds.end_route', method: 'DELETE', path: '/api/rounds/routes/:id', who: planners,
  summary: 'Ends a route: it is walked no more, what was walked stays.',
  params: Type.Object({ id: uuid }), query: Type.Object({ county }, closed), response: RouteView,
});

/** How somebody showed to be there. */
export const Way = Type.Union([Type.Literal('position'), Type.Literal('plate'), Type.Literal('typed')]);

export const step = route({
  name: 'rounds.step', method: 'POST', path: '/api/rounds/steps', who: patrollers, perMinute: 600,
  summary: 'A step of a patrol: its start, a check at a stop, its end. The same op happens once; a stop counts once in a patrol.',
  body: Type.Object({
    op: uuid,
    /** The patrol, by an id that the phone made. */
    patrol: uuid,
    do: Type.Union([Type.Literal('start'), Type.Literal('check'), Type.Literal('end')]),
    /** With `start`. */
    route: Type.Optional(uuid),
    /** With `check`: the stop, where no plate says it. */
    stop: Type.Optional(Type.String({ maxLength: 40 })), way: Type.Optional(Way),
    /** What was scanned or typed. */
    plate: Type.Optional(Type.String({ maxLength: 200 })),
    lng: Type.Optional(lng), lat: Type.Optional(lat), accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })),
    done: Type.Optional(DoneEarlier),
  }, closed),
  response: Type.Object({
    patrol: Type.String(), stop: nullable(Type.String()),
    /** Metres from the stop; null where nobody said where it was. */
    metres: nullable(Type.Number()),
    /** Whether it counts as a visit. */
    good: Type.Boolean(),
  }),
});

export const StopCoverage = Type.Object({ ...Stop.properties, visits: Type.Integer(), last: nullable(time), covered: Type.Boolean() });

export const readCoverage = route({
  name: 'rounds.coverage', method: 'GET', path: '/api/rounds/coverage', who: roundReaders,
  summary: 'Which stops of the routes of a place were visited in a week, and which are missing. The week begins on Monday in the county\'s time.',
  query: Type.Object({ county, place: Type.Optional(place), /** Any day of the week; the present one where absent. */ day: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })) }, closed),
  response: Type.Object({
    from: time, until: time, stops: Type.Integer(), covered: Type.Integer(),
    routes: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), place: Type.String(), placeNames: Type.Array(Type.String()), everyDays: Type.Integer(), needed: Type.Integer(), covered: Type.Integer(), stops: Type.Array(StopCoverage) })),
    /** Patrols of the week, newest first. */
    patrols: Type.Array(Type.Object({ id: Type.String(), route: Type.String(), name: nullable(Type.String()), startedAt: time, endedAt: nullable(time), checks: Type.Integer() })),
  }),
});

export const exportCoverage = route({
  name: 'rounds.export_coverage', method: 'GET', path: '/api/rounds/coverage/export', who: roundReaders, perMinute: 20,
  summary: 'A week of patrols as a table, CSV or XLSX: every stop of the routes with whether somebody was there, or every patrol that was walked. Who exported it is traced.',
  query: Type.Object({ county, place: Type.Optional(place), day: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })), list: Type.Optional(Type.Union([Type.Literal('stops'), Type.Literal('patrols')])), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed),
  response: Type.Unknown(), produces: 'application/octet-stream',
});
