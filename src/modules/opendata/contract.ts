import { Type, type Static } from 'typebox';
import { route } from '../../base/route.ts';
import { wordsShape } from '../settings/contract/shapes.ts';

const text = wordsShape(400);

/** What a county says of its open data: the member `openData` of its settings; what is absent is as it ships in data/opendata. */
export const OpenDataSettings = Type.Object({
  /** Counts below it are suppressed. Counts only of months that are settled later follow a change. */
  smallest: Type.Optional(Type.Integer({ minimum: 2, maximum: 100 })),
  /** `homes`: kinds that are shown coarsely are suppressed where they are few. `all`: every kind. */
  protects: Type.Optional(Type.Union([Type.Literal('homes'), Type.Literal('all')])),
  /** Days that files are kept. */
  keepDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3_660 })),
  /** Months that a file reaches back. */
  months: Type.Optional(Type.Integer({ minimum: 1, maximum: 240 })),
  /** Hour of the county's day from which the files of the day are made. */
  hour: Type.Optional(Type.Integer({ minimum: 0, maximum: 23 })),
  licence: Type.Optional(Type.Object({ name: text, url: Type.String({ pattern: '^https://', maxLength: 400 }), text }, { additionalProperties: false })),
}, { additionalProperties: false });
export type OpenDataSettings = Static<typeof OpenDataSettings>;

const Published = Type.Object({
  day: Type.String(), path: Type.String({ description: 'Stable address of the file; its checksum stands at the same address with .sha256 behind.' }),
  sha256: Type.String(), bytes: Type.Integer(), rows: Type.Integer(),
});
const Field = Type.Object({ name: Type.String(), type: Type.String(), meaning: text });

/** The data dictionary: what the sets hold, under which licence, and which files there are. */
export const openDataDictionary = route({
  name: 'opendata.dictionary', method: 'GET', path: '/data/dictionary.json', who: 'anyone',
  summary: 'Data dictionary of the open data in three languages: fields, licence, suppression, and the files that are kept.',
  response: Type.Object({
    county: Type.String(), smallest: Type.Integer(), protects: Type.String(),
    licence: Type.Object({ name: text, url: Type.String(), text }),
    sets: Type.Array(Type.Object({ name: Type.String(), meaning: text, formats: Type.Array(Type.String()), fields: Type.Array(Field) })),
    files: Type.Array(Published),
  }),
});

/** One file, or its checksum: `/data/reports/2026-11-25.csv`, `latest.geojson`, `latest.csv.sha256`. */
export const openDataFile = route({
  name: 'opendata.file', method: 'GET', path: '/data/{set}/{file}', who: 'anyone', perMinute: 60,
  summary: 'A file of open data of a day, `latest` for the newest: CSV or GeoJSON, and with .sha256 behind it the checksum.',
  params: Type.Object({ set: Type.String({ maxLength: 20 }), file: Type.String({ maxLength: 40 }) }),
  response: Type.Unknown(), produces: 'application/octet-stream',
});
