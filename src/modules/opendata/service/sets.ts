import { say, type Text } from '../../../base/text/language.ts';
import { csvLine } from '../../../platform/tables/export.ts';
import { textsOf } from '../../../platform/texts.ts';

/** A report as it is published: codes and days, no words of anybody. */
export interface OpenReport {
  /** Null where its cell is suppressed. */
  readonly number: string | null;
  readonly category: string;
  readonly category_name: string;
  readonly state: string;
  readonly open: 'yes' | 'no';
  /** `2026-11-25`, the county's day. */
  readonly reported: string;
  readonly changed: string;
  readonly village: string | null;
  readonly village_name: string | null;
  readonly component: string | null;
  /** `exact`, `square` (the middle of a square of 300 m), or `none`. */
  readonly place: 'exact' | 'square' | 'none';
  /** WGS-84 degrees. */
  readonly lng: number | null;
  readonly lat: number | null;
}

/** A count as it is published. */
export interface OpenCount {
  readonly month: string;
  readonly category: string;
  readonly category_name: string;
  /** Empty for the whole county. */
  readonly village: string;
  readonly village_name: string | null;
  readonly count: number | null;
  readonly suppressed: 'yes' | 'no';
}

export const reportFields = {
  number: 'text', category: 'code', category_name: 'text', state: 'code', open: 'yes/no', reported: 'date', changed: 'date',
  village: 'code', village_name: 'text', component: 'code', place: 'code', lng: 'decimal', lat: 'decimal',
} as const satisfies Record<keyof OpenReport, string>;
export const countFields = {
  month: 'month', category: 'code', category_name: 'text', village: 'code', village_name: 'text', count: 'integer', suppressed: 'yes/no',
} as const satisfies Record<keyof OpenCount, string>;

/** The columns of a CSV file. */
export const headOf = (fields: object): string => csvLine(Object.keys(fields));
/** A line of a CSV file, safe to open in a spreadsheet. */
export const lineOf = (fields: object, row: OpenReport | OpenCount): string =>
  csvLine(Object.keys(fields).map((name) => (row as unknown as Readonly<Record<string, string | number | null>>)[name]));

/** A report as a feature of RFC 7946; without a point its geometry is null. */
export const featureOf = ({ lng, lat, ...properties }: OpenReport): string =>
  JSON.stringify({ type: 'Feature', geometry: lng === null || lat === null ? null : { type: 'Point', coordinates: [lng, lat] }, properties });

const meaning = (key: string): Text => {
  const texts = textsOf('opendata');
  return { 'zh-Hans': say(texts, 'zh-Hans', key), 'zh-Hant': say(texts, 'zh-Hant', key), en: say(texts, 'en', key) };
};
const fieldsOf = (fields: Readonly<Record<string, string>>) => Object.entries(fields).map(([name, type]) => ({ name, type, meaning: meaning(`field.${name}`) }));

/** What the sets are and what their fields mean. */
export const setsOf = () => [
  { name: 'reports', meaning: meaning('set.reports'), formats: ['csv', 'geojson'], fields: fieldsOf(reportFields) },
  { name: 'counts', meaning: meaning('set.counts'), formats: ['csv'], fields: fieldsOf(countFields) },
];
