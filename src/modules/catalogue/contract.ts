import { Type, type Static, type TSchema } from 'typebox';
import { route } from '../../base/route.ts';

const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
/** RFC 3339 in UTC. */
const time = Type.String();
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const version = Type.Optional(Type.Integer({ minimum: 1 }));
const closed = { additionalProperties: false } as const;

/** A row of the filing-and-closing table. */
export const StandardRowView = Type.Object({
  key: Type.String(),
  kind: Type.Union([Type.Literal('component'), Type.Literal('event')]),
  code: Type.String(),
  major: Type.String(), majorName: Type.String(), minor: Type.String(), minorName: Type.String(),
  handler: Type.String(), authority: Type.String(), openCondition: Type.String(), closeCondition: Type.String(),
  limitText: Type.String(),
  /** Null where the table's words were not understood: whoever dispatches says a limit. */
  limit: nullable(Type.Object({ amount: Type.Number(), unit: Type.String() })),
  note: nullable(Type.String()),
});
export type StandardRowView = Static<typeof StandardRowView>;

export const StandardsVersionView = Type.Object({
  version: Type.Integer(), name: Type.String(), effectiveAt: time, importedAt: time, digest: Type.String(),
  rows: Type.Integer(), notUnderstood: Type.Integer(),
  /** The one that counts now. */
  current: Type.Boolean(),
});

export const LineView = Type.Object({ line: Type.Integer(), column: nullable(Type.String()), value: Type.String(), rule: Type.String(), words: Type.String() });

/** The code table is a published standard: whoever reports may read it. */
export const listRows = route({
  name: 'catalogue.rows', method: 'GET', path: '/api/catalogue/rows', who: 'anyone',
  summary: 'Rows of the code table by code, words or pinyin initials, best first.',
  query: Type.Object({
    county, version, q: Type.Optional(Type.String({ maxLength: 100 })), major: Type.Optional(Type.String({ maxLength: 100 })),
    kind: Type.Optional(Type.Union([Type.Literal('component'), Type.Literal('event')])),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  }, closed),
  response: Type.Object({ version: nullable(Type.Integer()), items: Type.Array(StandardRowView) }),
});

export const readRowRoute = route({
  name: 'catalogue.row', method: 'GET', path: '/api/catalogue/rows/:key', who: 'anyone',
  summary: 'One row of the code table, in the version that counts now or in the one asked for.',
  params: Type.Object({ key: Type.String({ maxLength: 20 }) }),
  query: Type.Object({ county, version }, closed),
  response: Type.Object({ version: Type.Integer(), row: StandardRowView }),
});

export const listVersions = route({
  name: 'catalogue.versions', method: 'GET', path: '/api/catalogue/versions', who: ['operator', 'intake', 'dispatcher', 'commander', 'supervisor', 'steward', 'auditor'],
  summary: 'Versions of the code table, newest first.',
  query: Type.Object({ county }, closed),
  response: Type.Object({ items: Type.Array(StandardsVersionView) }),
});

export const importStandards = route({
  name: 'catalogue.import', method: 'POST', path: '/api/catalogue/import', who: ['steward'], consumes: 'bytes', bodyLimit: 32 * 1024 * 1024, perMinute: 20,
  summary: 'Imports a filing-and-closing table (CSV, TSV, XLSX) as the next version, whole or not at all; with dryRun it is only checked.',
  query: Type.Object({
    county, dryRun: Type.Optional(Type.Boolean()), name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    /** The day from which the version counts, in the county's time; today where absent. */
    effective: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
    hour: Type.Optional(Type.Union([Type.Literal('workingHour'), Type.Literal('urgentHour')])),
  }, closed),
  response: Type.Object({
    version: nullable(Type.Integer()), name: Type.String(), digest: Type.String(), effectiveAt: time,
    rows: Type.Integer(), components: Type.Integer(), events: Type.Integer(),
    notUnderstood: Type.Array(LineView), ignored: Type.Array(Type.String()),
    changes: Type.Object({ added: Type.Integer(), removed: Type.Integer(), changed: Type.Integer() }),
  }),
});
