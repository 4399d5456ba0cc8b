import { Type, type Static, type TSchema } from 'typebox';
import { coordinateSystems } from '../../base/geo/coordinates.ts';
import { route } from '../../base/route.ts';

const closed = { additionalProperties: false } as const;
const titles = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: 20 });
const column = Type.Optional(titles);
const words = Type.Record(Type.String({ minLength: 1, maxLength: 120 }), Type.String({ minLength: 1, maxLength: 60 }));

/** What another system's table says in our terms. Kept as data: a file of `data/history`, or one of the county's own. */
export const Mapping = Type.Object({
  about: Type.Optional(Type.String()),
  name: Type.Object({ 'zh-Hans': Type.String(), 'zh-Hant': Type.String(), en: Type.String() }, closed),
  /** Names the other system: a row is known by it and the row's own id, and is taken in once. */
  source: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{1,39}$' }),
  /** What the file's coordinates are in. */
  coordinates: Type.Union(coordinateSystems.map((system) => Type.Literal(system))),
  /** Titles under which each field stands in the file, compared without white space, width and case. */
  columns: Type.Object({
    id: titles, reportedAt: titles, state: titles,
    endedAt: column, code: column, description: column, address: column, lng: column, lat: column, place: column, unit: column,
  }, closed),
  /** Further moments of its past: what happened, and the column that says when. */
  steps: Type.Optional(Type.Array(Type.Object({ name: Type.String({ minLength: 1, maxLength: 40 }), titles }, closed), { maxItems: 20 })),
  /** What the file calls states; `open` waits here for the desk. */
  states: Type.Record(Type.String({ minLength: 1, maxLength: 40 }), Type.Union(['open', 'closed', 'declined', 'void'].map((state) => Type.Literal(state)))),
  /** The file's codes or words for kinds of trouble, as codes of our code table (`C0137`). What is not here is looked for as it stands. */
  codes: Type.Optional(words),
  /** The file's words for units and places, as ours. */
  units: Type.Optional(words),
  places: Type.Optional(words),
  /** In which order a date like 3/1/2024 is written; it is refused where nothing is said. */
  dayOrder: Type.Optional(Type.Union([Type.Literal('mdy'), Type.Literal('dmy')])),
}, closed);
export type Mapping = Static<typeof Mapping>;

/** One kind of problem, with where it was found. */
export const ProblemKind = Type.Object({
  /** Reason code, whose words are in `data/texts/reasons`. */
  rule: Type.String(),
  /** Name of the field; empty for a line as a whole. */
  field: Type.String(),
  /** As the file calls it. */
  column: Type.String(),
  /** `refused`: the row is not taken in. `noticed`: it is, without this value, which is kept in its past as it stands. */
  level: Type.Union([Type.Literal('refused'), Type.Literal('noticed')]),
  count: Type.Integer(),
  /** The first of them: line of the file and value. */
  lines: Type.Array(Type.Object({ line: Type.Integer(), value: Type.String() })),
  /** Of words that a mapping can say: the most frequent of them. */
  values: Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() })),
});
export type ProblemKind = Static<typeof ProblemKind>;

/** What an import came to, or would. */
export interface HistoryReport {
  readonly dryRun: boolean;
  readonly source: string;
  /** Lines that hold something. */
  readonly rows: number;
  /** Taken in now; in a dry run those that would be. */
  readonly added: number;
  /** Taken in before, by an earlier run of the same source. */
  readonly known: number;
  readonly refused: number;
  readonly open: number;
  readonly encoding: string;
  /** Titles of columns that the mapping does not use. */
  readonly ignored: readonly string[];
  readonly problems: readonly ProblemKind[];
  /** SHA-256 of the file. */
  readonly digest: string;
  /** Whether it was stopped before its end; run it again and it goes on. */
  readonly cancelled: boolean;
}

const uuid = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' });
const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const county = Type.Optional(Type.String({ pattern: '^[0-9A-Za-z]{2,12}$' }));
const ofCounty = Type.Object({ county }, closed);
const one = Type.Object({ id: uuid });
const mappingName = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{1,39}$' });

/** Bytes of one piece of an upload, the last one apart; what a slow line carries in the minute that a request may take. */
export const pieceBytes = 4 * 1_048_576;
/** Bytes of the largest file: two million rows and more. */
export const mostBytes = 512 * 1_048_576;

/**
 * `uploading` → `uploaded` → `checking` → `checked` → `running` ⇄ `paused` → `done`. `cancelled`: stopped for good, what was taken in
 * stays. `failed`: the file cannot be read, and `error` says why. `broken`: an import by command that was killed.
 */
export const importStates = ['uploading', 'uploaded', 'checking', 'checked', 'running', 'paused', 'done', 'cancelled', 'failed', 'broken'] as const;
export type ImportState = (typeof importStates)[number];

const counted = {
  id: Type.String(), file: Type.String(), bytes: nullable(Type.Integer()), received: Type.Integer(), state: Type.Enum([...importStates]),
  /** Name and version of the mapping, 0 one that ships; null before one was chosen, and of an import by command. */
  mapping: nullable(Type.String()), mappingVersion: nullable(Type.Integer()), source: Type.String(),
  author: Type.String(), at: Type.String(), endedAt: nullable(Type.String()),
  rows: Type.Integer(), added: Type.Integer(), known: Type.Integer(), refused: Type.Integer(),
  /** How much of the file the present phase has read, 0 to 1. */
  share: Type.Number(),
};
export const ImportItem = Type.Object(counted);
export type ImportItem = Static<typeof ImportItem>;
export const ImportView = Type.Object({
  ...counted, definition: nullable(Mapping), leaveOut: Type.Boolean(),
  /** Of the check: cases that would wait for the desk, how the file is written, columns that nothing asks for, what is wrong. */
  report: nullable(Type.Object({ open: Type.Integer(), encoding: Type.String(), ignored: Type.Array(Type.String()), problems: Type.Array(Type.Intersect([ProblemKind, Type.Object({ words: Type.String(), advice: Type.String() })])) })),
  /** Why it stopped, in words. */
  error: nullable(Type.String()),
  /** Whether there is a list of every row with something wrong. */
  faults: Type.Boolean(),
});
export type ImportView = Static<typeof ImportView>;

const MappingItem = Type.Object({ name: Type.String(), title: Type.String(), version: Type.Integer(), author: nullable(Type.String()), at: nullable(Type.String()), definition: Mapping });
export type MappingItem = Static<typeof MappingItem>;

export const listImports = route({
  name: 'history.imports', method: 'GET', path: '/api/history/imports', who: ['admin'], summary: 'Imports of other systems\u2019 histories, the newest first, with who began them and what they came to.',
  query: Type.Object({ county, after: Type.Optional(Type.String({ maxLength: 80 })), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }, closed),
  response: Type.Object({ items: Type.Array(ImportItem), next: nullable(Type.String()) }),
});
export const exportImports = route({
  name: 'history.export_imports', method: 'GET', path: '/api/history/imports.file', who: ['admin'], perMinute: 30, summary: 'The list of imports as CSV or XLSX.',
  query: Type.Object({ county, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), produces: 'application/octet-stream', response: Type.Unknown(),
});
export const readImport = route({
  name: 'history.import', method: 'GET', path: '/api/history/imports/:id', who: ['admin'], summary: 'One import: how far it is, and what its check found.', params: one, query: ofCounty, response: ImportView,
});
export const beginImport = route({
  name: 'history.begin', method: 'POST', path: '/api/history/imports', who: ['admin'], status: 201, perMinute: 30, summary: 'Begins an import: says what the file is called and how long it is. Its pieces follow.',
  body: Type.Object({ county, file: Type.String({ minLength: 1, maxLength: 200 }), bytes: Type.Integer({ minimum: 1, maximum: mostBytes }) }, closed), response: ImportView,
});
export const sendPiece = route({
  name: 'history.piece', method: 'PUT', path: '/api/history/imports/:id/pieces/:n', who: ['admin'], perMinute: 600, consumes: 'bytes', bodyLimit: pieceBytes,
  summary: 'One piece of the file, in order, each 4 MiB but the last. The same piece again changes nothing.',
  params: Type.Object({ id: uuid, n: Type.Integer({ minimum: 0, maximum: 1_000 }) }), query: ofCounty, response: ImportView,
});
export const readTitles = route({
  name: 'history.titles', method: 'GET', path: '/api/history/imports/:id/titles', who: ['admin'], summary: 'Titles of the columns of the file, each with a value, and the mapping that fits them best.', params: one, query: ofCounty,
  response: Type.Object({ titles: Type.Array(Type.Object({ title: Type.String(), sample: Type.String() })), fits: nullable(Type.String()) }),
});
export const checkImport = route({
  name: 'history.check', method: 'POST', path: '/api/history/imports/:id/check', who: ['admin'], perMinute: 60, summary: 'Has every row checked by a mapping; nothing is taken in. Again after the mapping has changed.',
  params: one, body: Type.Object({ county, mapping: mappingName, version: Type.Integer({ minimum: 0 }) }, closed), response: ImportView,
});
export const turnImport = route({
  name: 'history.turn', method: 'POST', path: '/api/history/imports/:id/turn', who: ['admin'], perMinute: 120,
  summary: 'Starts a checked import, pauses it between two batches, goes on with it, or cancels it. `leaveOut` takes in the right rows though others are refused.',
  params: one, body: Type.Object({ county, turn: Type.Enum(['start', 'pause', 'resume', 'cancel']), leaveOut: Type.Optional(Type.Boolean()) }, closed), response: ImportView,
});
export const exportFaults = route({
  name: 'history.faults', method: 'GET', path: '/api/history/imports/:id/faults', who: ['admin'], perMinute: 30, summary: 'Every row with something wrong, as a file: line, column, value, what is wrong, what to do.',
  params: one, query: Type.Object({ county, format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')]) }, closed), produces: 'application/octet-stream', response: Type.Unknown(),
});
export const listMappings = route({
  name: 'history.mappings', method: 'GET', path: '/api/history/mappings', who: ['admin'], summary: 'Mappings that ship and the county\u2019s own, each with its versions.', query: ofCounty, response: Type.Object({ items: Type.Array(MappingItem) }),
});
export const saveMapping = route({
  name: 'history.save_mapping', method: 'PUT', path: '/api/history/mappings/:name', who: ['admin'], perMinute: 60, summary: 'Keeps a mapping as its next version; `base` is the version that was changed, 0 for a new one.',
  params: Type.Object({ name: mappingName }), body: Type.Object({ county, base: Type.Integer({ minimum: 0 }), definition: Mapping }, closed), response: MappingItem,
});
