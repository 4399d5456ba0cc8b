import { Type, type Static } from 'typebox';
import { coordinateSystems } from '../../base/geo/coordinates.ts';

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
export interface ProblemKind {
  /** Reason code, whose words are in `data/texts/reasons`. */
  readonly rule: string;
  /** As the file calls it; empty for a line as a whole. */
  readonly column: string;
  /** `refused`: the row is not taken in. `noticed`: it is, without this value. */
  readonly level: 'refused' | 'noticed';
  readonly count: number;
  /** The first of them: line of the file and value. */
  readonly lines: readonly { readonly line: number; readonly value: string }[];
}

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
