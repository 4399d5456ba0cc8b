import { Type, type Static } from 'typebox';
import { route } from '../../base/route.ts';

/** A county's code; the county that the point lies in, or the installation's first, where absent. */
const county = Type.Optional(Type.String({ maxLength: 12 }));
const lng = Type.Number({ minimum: -180, maximum: 180 });
const lat = Type.Number({ minimum: -90, maximum: 90 });
const code = Type.String({ minLength: 2, maxLength: 24 });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
/** The coordinate system that the caller's point is in; converted by name, never guessed. */
const system = Type.Optional(Type.Union([Type.Literal('wgs84'), Type.Literal('cgcs2000'), Type.Literal('gcj02'), Type.Literal('bd09')]));

/** Roles of `data/roles.json` that may know who is on duty. */
export const dutyReaders = [
  'gridworker', 'gridchief', 'operator', 'intake', 'dispatcher', 'unithandler', 'enforcer', 'head', 'commander', 'supervisor', 'steward', 'auditor',
] as const;

export const PlaceView = Type.Object({
  id: Type.String(),
  code: Type.String(),
  level: Type.String(),
  /** The level, and for a micro-grid its type, in the caller's language. */
  label: Type.String(),
  name: Type.String(),
  kind: nullable(Type.String()),
});
export type PlaceView = Static<typeof PlaceView>;

export const LocatedView = Type.Object({
  /** `inside`, `border` (the lowest code wins, the others are in `also`), `hole` (in the county, in no grid), `outside`. */
  outcome: Type.Union([Type.Literal('inside'), Type.Literal('border'), Type.Literal('hole'), Type.Literal('outside')]),
  county: nullable(Type.String()),
  /** The point in WGS-84. */
  lng, lat,
  place: nullable(Type.String()),
  path: nullable(Type.String()),
  /** From the province down. */
  chain: Type.Array(PlaceView),
  also: Type.Array(PlaceView),
  microgrids: Type.Array(PlaceView),
  /** The house with the nearest door within 60 m. */
  address: nullable(Type.String()),
});
export type LocatedView = Static<typeof LocatedView>;

export const locatePlace = route({
  name: 'places.locate', method: 'GET', path: '/api/places/locate', who: 'anyone',
  summary: 'Where a point is: the chain of places down to the grid, and candidate micro-grids.',
  query: Type.Object({ lng, lat, crs: system, county }, { additionalProperties: false }),
  response: LocatedView,
});

export const placeTree = route({
  name: 'places.tree', method: 'GET', path: '/api/places/tree', who: 'anyone',
  summary: 'The places directly under one, or those at the top.',
  query: Type.Object({ parent: Type.Optional(code), county }, { additionalProperties: false }),
  response: Type.Object({ version: Type.Integer(), places: Type.Array(Type.Intersect([PlaceView, Type.Object({ children: Type.Integer() })])) }),
});

export const searchPlaces = route({
  name: 'places.search', method: 'GET', path: '/api/places/search', who: 'anyone',
  summary: 'Places whose name or code holds the text.',
  query: Type.Object({ q: Type.String({ minLength: 1, maxLength: 60 }), county }, { additionalProperties: false }),
  response: Type.Object({ places: Type.Array(Type.Intersect([PlaceView, Type.Object({ path: Type.String(), chain: Type.Array(Type.String()) })])) }),
});

/** Positions and rings are WGS-84, as RFC 7946 wants. Members of `properties`: `kind` (level or layer), `code`, `name`, `wide` (metres). */
export const placeGeometry = route({
  name: 'places.geometry', method: 'GET', path: '/api/places/geometry', who: 'anyone',
  summary: 'Outlines of places, roads, water, buildings and greens as a GeoJSON FeatureCollection.',
  query: Type.Object({
    /** `west,south,east,north`; everything where absent. */
    bbox: Type.Optional(Type.String({ maxLength: 100, pattern: '^-?[0-9.]+(,-?[0-9.]+){3}$' })),
    /** Levels and layers, parted by commas: `town,village,grid,microgrid,road,water,building,green,landmark`. */
    kinds: Type.Optional(Type.String({ maxLength: 120, pattern: '^[a-z,]+$' })),
    county,
  }, { additionalProperties: false }),
  response: Type.Object({ type: Type.Literal('FeatureCollection'), features: Type.Array(Type.Unknown()) }),
});

export const findAddress = route({
  name: 'places.addresses', method: 'POST', path: '/api/places/addresses', who: 'anyone', perMinute: 120,
  summary: 'What the words of an address may mean, best first. Words of residents belong in no URL.',
  body: Type.Object({ words: Type.String({ minLength: 1, maxLength: 100 }), county }, { additionalProperties: false }),
  response: Type.Object({
    candidates: Type.Array(Type.Object({
      label: Type.String(), kind: Type.String(), lng, lat, confidence: Type.Number(), outcome: Type.String(),
      place: nullable(Type.String()), chain: Type.Array(Type.String()),
    })),
  }),
});

export const exportPlaces = route({
  name: 'places.export', method: 'GET', path: '/api/places/export', who: ['dispatcher', 'commander', 'supervisor', 'steward', 'auditor'], perMinute: 20,
  summary: 'All places under one as a table, CSV or XLSX, in the order of their codes. Who exported what is traced.',
  query: Type.Object({ county, under: Type.Optional(code), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, { additionalProperties: false }),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

export const readPlace = route({
  name: 'places.read', method: 'GET', path: '/api/places/:code', who: 'anyone',
  summary: 'A place with the places above and below it, and its history.',
  params: Type.Object({ code }),
  query: Type.Object({ county }, { additionalProperties: false }),
  response: Type.Intersect([PlaceView, Type.Object({
    path: Type.String(), chain: Type.Array(PlaceView), children: Type.Array(PlaceView),
    addresses: Type.Array(Type.String()), squareMetres: nullable(Type.Number()),
    /** A point that stands for it. */
    point: nullable(Type.Object({ lng, lat })),
    codes: Type.Array(Type.Object({ code: Type.String(), from: Type.String(), until: nullable(Type.String()) })),
    history: Type.Array(Type.Object({ name: Type.String(), fromVersion: Type.Integer(), untilVersion: nullable(Type.Integer()), from: Type.String(), until: nullable(Type.String()) })),
  })]),
});

export const importPlaces = route({
  name: 'places.import', method: 'POST', path: '/api/places/import', who: ['steward'], consumes: 'bytes', bodyLimit: 64 * 1024 * 1024,
  summary: 'Imports a GeoJSON FeatureCollection, whole or not at all. `dryRun` checks and writes nothing.',
  query: Type.Object({
    crs: system, county, source: Type.Optional(Type.String({ maxLength: 120 })),
    mode: Type.Optional(Type.Union([Type.Literal('merge'), Type.Literal('replace')])), dryRun: Type.Optional(Type.Boolean()),
  }, { additionalProperties: false }),
  response: Type.Object({
    version: Type.Integer(), dryRun: Type.Boolean(), added: Type.Integer(), changed: Type.Integer(), ended: Type.Integer(),
    unchanged: Type.Integer(), features: Type.Integer(), addresses: Type.Integer(),
  }),
});

export const placeVersions = route({
  name: 'places.versions', method: 'GET', path: '/api/places/versions', who: ['steward', 'auditor', 'supervisor'],
  summary: 'Versions of the county\'s table of places, newest first.',
  query: Type.Object({ county }, { additionalProperties: false }),
  response: Type.Object({
    versions: Type.Array(Type.Object({
      version: Type.Integer(), at: Type.String(), actor: Type.String(), source: Type.String(), digest: Type.String(),
      added: Type.Integer(), changed: Type.Integer(), ended: Type.Integer(),
    })),
  }),
});

const Person = Type.Object({ key: Type.String(), name: Type.String() });
const OnDutyView = Type.Object({
  person: Person, standIn: nullable(Person), standingIn: Type.Boolean(), role: Type.String(), roleLabel: Type.String(),
  from: Type.String(), until: Type.String(),
});

export const readDuty = route({
  name: 'duty.read', method: 'GET', path: '/api/duty', who: dutyReaders,
  summary: 'Who is in charge of a place at a moment, now where none is given.',
  query: Type.Object({ place: code, at: Type.Optional(Type.String({ maxLength: 40 })), county }, { additionalProperties: false }),
  response: Type.Object({
    place: PlaceView,
    /** Null where nobody is on duty, here or above. */
    inCharge: nullable(OnDutyView),
    /** Whose post it is: the place itself or one above it. */
    found: nullable(PlaceView),
    others: Type.Array(OnDutyView),
    gap: nullable(Type.Object({ reason: Type.String(), words: Type.String() })),
  }),
});

export const dutyGaps = route({
  name: 'duty.gaps', method: 'GET', path: '/api/duty/gaps', who: dutyReaders,
  summary: 'Grids and micro-grids that nobody answers for now, or nobody who can be reached.',
  query: Type.Object({ under: Type.Optional(code), county }, { additionalProperties: false }),
  response: Type.Object({
    /** Grids, and micro-grids with posts of their own. */
    posts: Type.Integer(),
    gaps: Type.Array(Type.Object({ place: PlaceView, chain: Type.Array(Type.String()), reason: Type.String(), words: Type.String() })),
  }),
});

const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const minutes = Type.Integer({ minimum: 0, maximum: 1440 });
const personKey = Type.String({ maxLength: 48, pattern: '^(account|contact):[0-9a-f-]{36}$', examples: ['account:0193591c-5a80-7c3e-9b1d-3f2a5c7e9d10'] });
/** Roles that may change rosters, within their own places. */
export const dutyEditors = ['gridchief', 'steward'] as const;

export const ShiftView = Type.Object({
  person: personKey, standIn: nullable(personKey),
  /** Days on which it begins: digits 1 (Monday) to 7 (Sunday). */
  weekdays: Type.String({ pattern: '^[1-7]{1,7}$' }),
  /** Minutes after midnight of the county; an end that is not after the start is on the next day. */
  starts: minutes, ends: minutes,
  fromDay: day, untilDay: nullable(day),
}, { additionalProperties: false });
export type ShiftView = Static<typeof ShiftView>;
const PostView = Type.Object({ role: Type.String({ minLength: 1, maxLength: 40 }), rank: Type.Integer({ minimum: 1, maximum: 9 }), shifts: Type.Array(ShiftView, { maxItems: 60 }) }, { additionalProperties: false });
export type PostView = Static<typeof PostView>;
/** A time of one day, in minutes after midnight of the county. */
const daytime = { day, from: minutes, until: minutes };
const GapView = Type.Object({ place: Type.String(), code: Type.String(), ...daytime });
const DoubleView = Type.Object({ person: Type.String(), places: Type.Array(Type.String()), ...daytime });
const OutlookView = Type.Object({ openMinutes: Type.Integer(), gaps: Type.Array(GapView), doubles: Type.Array(DoubleView) });
export type OutlookView = Static<typeof OutlookView>;

export const dutyWeek = route({
  name: 'duty.week', method: 'GET', path: '/api/duty/week', who: dutyReaders,
  summary: 'Seven days of duty at the grids under a place: rosters, who is on when, gaps and double bookings. At most 60 places.',
  query: Type.Object({ under: Type.Optional(code), /** The first of the seven days; the Monday of this week where absent. */ from: Type.Optional(day), county }, { additionalProperties: false }),
  response: Type.Object({
    under: PlaceView, days: Type.Array(day), today: day, total: Type.Integer(), mayEdit: Type.Boolean(),
    roles: Type.Array(Type.Object({ role: Type.String(), label: Type.String() })),
    people: Type.Array(Person),
    rows: Type.Array(Type.Object({
      place: PlaceView, seen: Type.String(), mayEdit: Type.Boolean(), posts: Type.Array(PostView),
      stretches: Type.Array(Type.Object({ person: Type.String(), role: Type.String(), standingIn: Type.Boolean(), ...daytime })),
      gaps: Type.Array(GapView),
    })),
    doubles: Type.Array(DoubleView),
    /** Who of the shown rosters is away on which days. */
    away: Type.Array(Type.Object({ person: Type.String(), day })),
  }),
});

export const dutyPeople = route({
  name: 'duty.people', method: 'GET', path: '/api/duty/people', who: dutyEditors, perMinute: 240,
  summary: 'Who may be put on a roster: accounts of the county by the beginning of their login or a part of their name. Nothing but names.',
  query: Type.Object({ text: Type.Optional(Type.String({ maxLength: 64 })), county }, { additionalProperties: false }),
  response: Type.Object({ items: Type.Array(Type.Object({ key: Type.String(), name: Type.String(), login: Type.String() })) }),
});

export const putRosters = route({
  name: 'duty.put_rosters', method: 'POST', path: '/api/duty/rosters', who: dutyEditors, perMinute: 120,
  summary: 'Replaces the rosters of some places, all or none; with `dryRun` it only says what would be open and double that week, before and after.',
  query: Type.Object({ county }, { additionalProperties: false }),
  body: Type.Object({
    /** First of the seven days that gaps and double bookings are counted for. */
    from: day, dryRun: Type.Boolean(),
    places: Type.Array(Type.Object({ place: code, /** As `duty.week` gave it: refused where somebody else changed the roster since. */ seen: Type.String({ maxLength: 40 }), posts: Type.Array(PostView, { maxItems: 20 }) }, { additionalProperties: false }), { minItems: 1, maxItems: 60 }),
  }, { additionalProperties: false }),
  response: Type.Object({ done: Type.Boolean(), before: OutlookView, after: OutlookView }),
});

/** An absence in a list. Times are RFC 3339 in UTC. */
export const AbsenceView = Type.Object({
  id: Type.String(), person: Type.String(), name: Type.String(), from: Type.String(), until: Type.String(),
  /** What it concerns: the shifts that fall into it, and who takes them; null where nobody does. */
  covers: Type.Array(Type.Object({ place: Type.String(), role: Type.String(), standIn: nullable(Type.String()) })),
  state: Type.Union([Type.Literal('coming'), Type.Literal('now'), Type.Literal('over'), Type.Literal('withdrawn')]),
  madeAt: nullable(Type.String()), madeBy: nullable(Type.String()), mayWithdraw: Type.Boolean(),
});
export type AbsenceView = Static<typeof AbsenceView>;

export const listAbsences = route({
  name: 'duty.absences', method: 'GET', path: '/api/duty/absences', who: dutyReaders,
  summary: 'Absences, the latest first: of a person, of a week, a page at a time.',
  query: Type.Object({
    county, person: Type.Optional(personKey),
    /** A day of the county, `YYYY-MM-DD`: the seven days from it. */
    week: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    after: Type.Optional(Type.String({ maxLength: 60 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  }, { additionalProperties: false }),
  response: Type.Object({ items: Type.Array(AbsenceView), next: nullable(Type.String()) }),
});

export const withdrawAbsence = route({
  name: 'duty.withdraw_absence', method: 'DELETE', path: '/api/duty/absences/:id', who: ['steward'], perMinute: 60,
  summary: 'Takes an absence back: the person has their shifts again, from now on where it has begun.',
  params: Type.Object({ id: Type.String({ pattern: '^[0-9a-f-]{36}$' }) }),
  query: Type.Object({ county }, { additionalProperties: false }), response: Type.Object({ id: Type.String() }),
});

export const addAbsence = route({
  name: 'duty.add_absence', method: 'POST', path: '/api/duty/absences', who: ['steward'], perMinute: 60,
  summary: 'Somebody is away: stand-ins take their shifts.',
  query: Type.Object({ county }, { additionalProperties: false }),
  body: Type.Object({ person: personKey, from: Type.String({ maxLength: 40 }), until: Type.String({ maxLength: 40 }) }, { additionalProperties: false }),
  response: Type.Object({ id: Type.String() }),
});
