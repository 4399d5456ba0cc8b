import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../../base/route.ts';

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);

/** Roles that go out and take along what they need. */
export const walkers = ['gridworker', 'gridchief', 'collector', 'unithandler', 'enforcer'] as const;

/** A shape of the map (RFC 7946, WGS-84). `kind` is a level of places or a layer of the map. */
const Shape = Type.Object({
  kind: Type.String(), code: nullable(Type.String()), name: nullable(Type.String()), wide: nullable(Type.Number()),
  type: Type.String(), coordinates: Type.Unknown(),
});
export type Shape = Static<typeof Shape>;

/** The grids of somebody, with those around them and what is drawn there. */
export const Area = Type.Object({
  /** Codes of the grids that are theirs; the others are neighbours. */
  own: Type.Array(Type.String()),
  /** Names of each grid from the town down, by its code. */
  names: Type.Record(Type.String(), Type.Array(Type.String())),
  shapes: Type.Array(Shape),
  /** Houses: address, longitude, latitude. */
  doors: Type.Array(Type.Tuple([Type.String(), Type.Number(), Type.Number()])),
});
export type Area = Static<typeof Area>;

export const CarriedComponent = Type.Object({
  code: Type.String(), standard: Type.String(), className: Type.String(), name: Type.String(), lng: Type.Number(), lat: Type.Number(),
  accuracy: Type.Union([Type.Literal('A'), Type.Literal('B'), Type.Literal('C')]), state: Type.String(), place: nullable(Type.String()), plate: nullable(Type.String()),
});
export type CarriedComponent = Static<typeof CarriedComponent>;

export const Table = Type.Object({
  version: Type.Integer(),
  rows: Type.Array(Type.Object({
    line: Type.Integer(), key: Type.String(), kind: Type.Union([Type.Literal('component'), Type.Literal('event')]), code: Type.String(),
    major: Type.String(), majorName: Type.String(), minor: Type.String(), minorName: Type.String(), handler: Type.String(), authority: Type.String(),
    openCondition: Type.String(), closeCondition: Type.String(), limitText: Type.String(),
    limit: nullable(Type.Object({ amount: Type.Number(), unit: Type.Union([Type.Literal('workingHour'), Type.Literal('workingDay'), Type.Literal('urgentHour'), Type.Literal('urgentDay')]) })),
    note: nullable(Type.String()),
  })),
  phrases: Type.Record(Type.String(), Type.Array(Type.String())),
  spelling: Type.Record(Type.String(), Type.String()),
});
export type Table = Static<typeof Table>;

/** A kind of matter as far as a phone must know it to say what an action leads to, and what can be done then. */
export const CarriedKind = Type.Object({
  kind: Type.String(), states: Type.Record(Type.String(), Type.String()), final: Type.Array(Type.String()),
  actions: Type.Array(Type.Object({
    name: Type.String(), label: Type.String(), from: Type.Array(Type.String()), to: Type.String(), who: Type.Array(Type.String()), ownUnit: Type.Array(Type.String()),
    notWho: Type.Array(Type.String()), primary: Type.Boolean(), input: Type.Unknown(),
  })),
});
export type CarriedKind = Static<typeof CarriedKind>;

const part = <N extends string, T extends TSchema>(name: N, value: T) => Type.Object({ name: Type.Literal(name), digest: Type.String(), value: nullable(value) });

export const PackPart = Type.Union([part('area', Area), part('components', Type.Array(CarriedComponent)), part('table', nullable(Table)), part('kinds', Type.Array(CarriedKind))]);
export type PackPart = Static<typeof PackPart>;

/** What each part holds. */
export interface Pack {
  readonly area: Area;
  readonly components: readonly CarriedComponent[];
  readonly table: Table | null;
  readonly kinds: readonly CarriedKind[];
}

export const readPack = route({
  name: 'rounds.pack', method: 'GET', path: '/api/rounds/pack', who: walkers, perMinute: 60,
  summary: 'What somebody takes along to work without a network: their grids, what stands there, the code table, the forms. A part that the caller has already comes without its value.',
  query: Type.Object({
    /** Digests of the parts that the caller has: `area:0123456789abcdef,table:…`. */
    known: Type.Optional(Type.String({ maxLength: 300, pattern: '^[a-z]+:[0-9a-f]{16}(,[a-z]+:[0-9a-f]{16})*$' })),
    /** Where they are, in WGS-84 degrees: of whoever has many grids, those around it are given. */
    lng: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })), lat: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  }, { additionalProperties: false }),
  response: Type.Object({ at: Type.String(), county: Type.String(), parts: Type.Array(PackPart) }),
});
