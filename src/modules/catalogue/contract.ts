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
  author: nullable(Type.String()), withdrawnAt: nullable(time),
  /** Cases that have not ended and were decided under it. */
  open: Type.Integer(),
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

export const exportRows = route({
  name: 'catalogue.export', method: 'GET', path: '/api/catalogue/export', who: ['operator', 'intake', 'dispatcher', 'commander', 'supervisor', 'steward', 'auditor'], perMinute: 20,
  summary: 'The rows of a version of the code table as a table, CSV or XLSX. Who exported what is traced.',
  query: Type.Object({ county, version, q: Type.Optional(Type.String({ maxLength: 100 })), kind: Type.Optional(Type.Union([Type.Literal('component'), Type.Literal('event')])), format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed),
  response: Type.Unknown(), produces: 'application/octet-stream',
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

const RowChangeView = Type.Object({
  key: Type.String(), code: Type.String(), name: Type.String(), condition: Type.String(), change: Type.Union([Type.Literal('added'), Type.Literal('removed'), Type.Literal('changed')]),
  fields: Type.Array(Type.Object({ field: Type.String(), before: nullable(Type.String()), after: nullable(Type.String()) })),
});
export type RowChangeView = Static<typeof RowChangeView>;
const versionParam = Type.Object({ version: Type.Integer({ minimum: 1 }) });
const tableReaders = ['operator', 'intake', 'dispatcher', 'commander', 'supervisor', 'steward', 'auditor'] as const;

export const listRowChanges = route({
  name: 'catalogue.changes', method: 'GET', path: '/api/catalogue/versions/:version/changes', who: tableReaders, summary: 'Row by row what a version of the code table changes over another one, the one before it where none is named.',
  params: versionParam, query: Type.Object({ county, against: Type.Optional(Type.Integer({ minimum: 0 })), after: Type.Optional(Type.String({ maxLength: 40 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })) }, closed),
  response: Type.Object({ against: Type.Integer(), total: Type.Integer(), items: Type.Array(RowChangeView), next: nullable(Type.String()) }),
});

const values = Type.Object(Object.fromEntries(['kind', 'major', 'majorName', 'minor', 'minorName', 'handler', 'authority', 'openCondition', 'closeCondition', 'timeLimit'].map((name) => [name, Type.Optional(Type.String({ maxLength: 1_000 }))])) as Record<string, TSchema>, closed);
const Edits = Type.Object({
  county,
  /** The newest version, which the edits were made on. */
  base: Type.Integer({ minimum: 1 }),
  /** No key: a new row. No values: the row is taken out. */
  edits: Type.Array(Type.Object({ key: nullable(Type.String({ maxLength: 40 })), values: nullable(values) }, closed), { minItems: 1, maxItems: 200 }),
  effective: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })),
}, closed);

export const previewRows = route({
  name: 'catalogue.preview', method: 'POST', path: '/api/catalogue/rows/preview', who: ['steward'], summary: 'What edits of rows would change, and how many cases of the last 30 days stood under these rows. Nothing is written.',
  body: Edits,
  response: Type.Object({ changes: Type.Array(RowChangeView), cases: Type.Object({ limit: Type.Integer(), handler: Type.Integer(), gone: Type.Integer(), all: Type.Integer() }), open: Type.Integer() }),
});

export const editRows = route({
  name: 'catalogue.edit', method: 'POST', path: '/api/catalogue/rows', who: ['steward'], summary: 'Makes edits of rows the next version of the code table.', body: Edits, response: Type.Object({ version: Type.Integer() }),
});

export const copyVersion = route({
  name: 'catalogue.copy', method: 'POST', path: '/api/catalogue/versions/:version/copy', who: ['steward'], summary: 'Makes the rows of an earlier version the next one: the way back.',
  params: versionParam, body: Type.Object({ county, effective: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })) }, closed), response: Type.Object({ version: Type.Integer() }),
});

const marked = Type.Object({ current: nullable(Type.Integer()), /** Cases that have not ended and keep the version. */ open: Type.Integer() });
export const withdrawVersion = route({
  name: 'catalogue.withdraw', method: 'POST', path: '/api/catalogue/versions/:version/withdraw', who: ['steward'], summary: 'Says that a version counts no more; cases that were decided under it keep it. Refused where no other would count.',
  params: versionParam, body: Type.Object({ county }, closed), response: marked,
});
export const restoreVersion = route({
  name: 'catalogue.restore', method: 'POST', path: '/api/catalogue/versions/:version/restore', who: ['steward'], summary: 'Takes the withdrawal of a version back.',
  params: versionParam, body: Type.Object({ county }, closed), response: marked,
});
