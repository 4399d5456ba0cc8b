import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../../base/route.ts';

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const closed = { additionalProperties: false } as const;
const code = Type.String({ pattern: '^\\d{16}$' });
const componentClass = Type.String({ pattern: '^\\d{4,5}$' });
const lng = Type.Number({ minimum: -180, maximum: 180 });
const lat = Type.Number({ minimum: -90, maximum: 90 });

/** Roles of `data/roles.json` that may list components with their owners. */
export const componentReaders = [
  'gridworker', 'gridchief', 'collector', 'operator', 'intake', 'dispatcher', 'unithandler', 'enforcer', 'head', 'commander', 'supervisor', 'steward', 'auditor',
] as const;

/** What anybody may know of a component: what it is, where it stands, whether a case about it is open. */
export const ComponentPublic = Type.Object({
  code: Type.String(), class: Type.String(), className: Type.String(), name: Type.String(),
  lng, lat, accuracy: Type.String(), state: Type.String(), stateLabel: Type.String(),
});
export type ComponentPublic = Static<typeof ComponentPublic>;

/** A component for those who work with it. */
export const ComponentView = Type.Object({
  ...ComponentPublic.properties,
  majorName: Type.String(), road: nullable(Type.String()), ordinal: nullable(Type.Integer()),
  place: nullable(Type.Object({ code: Type.String(), names: Type.Array(Type.String()) })),
  owner: nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  manager: nullable(Type.Object({ id: Type.String(), name: Type.String() })),
  openCases: Type.Integer(), installed: nullable(Type.String()), plate: nullable(Type.String()),
});
export type ComponentView = Static<typeof ComponentView>;

const componentFilter = {
  county, class: Type.Optional(componentClass), state: Type.Optional(Type.String({ maxLength: 20 })),
  /** Id or code of a place: everything under it. */
  place: Type.Optional(Type.String({ maxLength: 24 })),
  /** Beginning of the name of a road. */
  road: Type.Optional(Type.String({ maxLength: 40 })),
  unit: Type.Optional(Type.String({ maxLength: 64 })), q: Type.Optional(Type.String({ maxLength: 60 })),
};

export const exportComponents = route({
  name: 'components.export', method: 'GET', path: '/api/components/export', who: componentReaders, perMinute: 20,
  summary: 'The whole list of components as a table, CSV or XLSX, in the caller\'s language. Who exported what is traced.',
  query: Type.Object({ ...componentFilter, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed),
  response: Type.Unknown(), produces: 'application/octet-stream',
});

export const listComponents = route({
  name: 'components.list', method: 'GET', path: '/api/components', who: componentReaders,
  summary: 'Components by class, state, place, unit, code or name, a page at a time.',
  query: Type.Object({
    ...componentFilter,
    after: Type.Optional(Type.String({ maxLength: 16 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }, closed),
  response: Type.Object({ items: Type.Array(ComponentView), next: nullable(Type.String()) }),
});

export const nearestComponents = route({
  name: 'components.nearest', method: 'GET', path: '/api/components/nearest', who: 'anyone', perMinute: 120,
  summary: 'The components nearest to a point, with the distance, the interval it lies in and how likely each is the one meant.',
  query: Type.Object({
    county, lng, lat, class: Type.Optional(componentClass),
    /** Radius in metres in which the device says that it is (95 %); with it the likeliest come first. */
    accuracy: Type.Optional(Type.Number({ minimum: 0, maximum: 10_000 })),
    within: Type.Optional(Type.Number({ minimum: 1, maximum: 2_000 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  }, closed),
  response: Type.Object({
    items: Type.Array(Type.Object({ ...ComponentPublic.properties, metres: Type.Number(), between: Type.Tuple([Type.Number(), Type.Number()]), likelihood: Type.Number() })),
  }),
});

export const mapComponents = route({
  name: 'components.map', method: 'GET', path: '/api/components/map', who: 'anyone', perMinute: 240, produces: 'application/geo+json',
  summary: 'Components in a box as GeoJSON points, at most 2,000; `more` is true where there are others.',
  query: Type.Object({
    county, /** west,south,east,north in WGS-84 degrees */
    bbox: Type.String({ pattern: '^-?\\d{1,3}(\\.\\d+)?(,-?\\d{1,3}(\\.\\d+)?){3}$' }), class: Type.Optional(componentClass),
  }, closed),
  response: Type.Unknown(),
});

export const listClasses = route({
  name: 'components.classes', method: 'GET', path: '/api/components/classes', who: 'anyone',
  summary: 'Classes of components, with how many the county has and how many of them are faulty, and the states.',
  query: Type.Object({ county }, closed),
  response: Type.Object({
    classes: Type.Array(Type.Object({ code: Type.String(), name: Type.String(), majorName: Type.String(), all: Type.Integer(), faulty: Type.Integer() })),
    states: Type.Array(Type.Object({ key: Type.String(), name: Type.String() })),
  }),
});

export const readComponent = route({
  name: 'components.read', method: 'GET', path: '/api/components/:code', who: componentReaders,
  summary: 'One component.',
  params: Type.Object({ code }), query: Type.Object({ county }, closed), response: ComponentView,
});

export const importComponents = route({
  name: 'components.import', method: 'POST', path: '/api/components/import', who: ['steward'], consumes: 'bytes', bodyLimit: 128 * 1024 * 1024, perMinute: 20,
  summary: 'Imports components (CSV, TSV, XLSX, GeoJSON), whole or not at all; with dryRun they are only checked.',
  query: Type.Object({
    county, dryRun: Type.Optional(Type.Boolean()),
    crs: Type.Optional(Type.Union([Type.Literal('wgs84'), Type.Literal('cgcs2000'), Type.Literal('gcj02'), Type.Literal('bd09')])),
  }, closed),
  response: Type.Object({
    dryRun: Type.Boolean(), rows: Type.Integer(), added: Type.Integer(), changed: Type.Integer(), digest: Type.String(),
    ignored: Type.Array(Type.String()), classes: Type.Array(Type.Object({ code: Type.String(), name: Type.String(), rows: Type.Integer() })),
  }),
});
