import { toWgs84, type CoordinateSystem } from '../../../base/geo/coordinates.ts';
import { halfWidth } from '../../../base/text/width.ts';
import { writtenDay } from '../../../base/time/calendar.ts';
import { partsOfCode, type Classes, type CodeLayout } from './classes.ts';
import { isAccuracyClass, type AccuracyClass } from './nearness.ts';
import { readPlate } from './plate-codes.ts';

/** What is wrong with one value of one line. */
export interface LineProblem {
  readonly line: number;
  /** The column as the file calls it; null for the line or the file as a whole. */
  readonly column: string | null;
  readonly value: string;
  /** Reason code; its words are in `data/texts/reasons`. */
  readonly rule: string;
}

/** A component as an import writes it. */
export interface ComponentDraft {
  readonly line: number;
  readonly code: string;
  readonly class: string;
  readonly name: string;
  readonly road: string | null;
  readonly ordinal: number | null;
  /** WGS-84 degrees. */
  readonly lng: number;
  readonly lat: number;
  readonly accuracy: AccuracyClass;
  readonly place: string | null;
  readonly path: string | null;
  readonly owner: string | null;
  readonly manager: string | null;
  readonly state: string;
  /** `2024-05-01` */
  readonly installed: string | null;
  readonly plate: string | null;
}

/** What a record is checked against. */
export interface Survey {
  readonly county: string;
  readonly layout: CodeLayout;
  readonly system: CoordinateSystem;
  readonly classes: Classes;
  /** The place of a WGS-84 point; null where it is outside the county. Absent where no place is drawn: then nothing is checked. */
  readonly locate?: (lng: number, lat: number) => { readonly place: string; readonly path: string } | null;
  /** A unit by its id or its name in any language. */
  readonly unit: (text: string) => string | undefined;
  /** A state by its key or what surveys call it. */
  readonly state: (text: string) => string | undefined;
  /** The present day, `2026-11-24`: nothing was installed after it. */
  readonly today: string;
}

const plain = (text: string): string => halfWidth(text).replace(/\s+/gu, '');

const degrees = (text: string): number | undefined => (/^-?\d{1,3}(?:\.\d+)?$/u.test(text) ? Number(text) : undefined);

/** Reads one record. Every value that is wrong is named, not the first alone. */
export const readComponent = (
  line: number, values: Readonly<Record<string, string>>, survey: Survey,
): ComponentDraft | { readonly errors: readonly LineProblem[] } => {
  const errors: LineProblem[] = [];
  const wrong = (column: string, rule: string): void => {
    errors.push({ line, column, value: (values[column] ?? '').slice(0, 80), rule: `components.${rule}` });
  };
  const text = (field: string, most: number): string | null => {
    const value = (values[field] ?? '').normalize('NFC');
    if (value.length > most) wrong(field, 'too_long');
    return value === '' ? null : value;
  };

  const code = plain(values['code'] ?? '');
  const parts = partsOfCode(code, survey.layout);
  const known = parts && survey.classes.find(parts.class);
  if (code === '') wrong('code', 'missing');
  else if (/^≈|E\+/iu.test(code)) wrong('code', 'code_digits');
  else if (!parts) wrong('code', 'code');
  else if (parts.county !== survey.county) wrong('code', 'code_county');
  else if (!known) wrong('code', 'class');

  const lngText = plain(values['lng'] ?? '');
  const latText = plain(values['lat'] ?? '');
  const [rawLng, rawLat] = [degrees(lngText), degrees(latText)];
  let position: readonly [number, number] | null = null;
  let at: { readonly place: string; readonly path: string } | null = null;
  if (lngText === '') wrong('lng', 'missing');
  else if (rawLng === undefined || Math.abs(rawLng) > 180) wrong('lng', 'degrees');
  if (latText === '') wrong('lat', 'missing');
  else if (rawLat === undefined) wrong('lat', 'degrees');
  else if (Math.abs(rawLat) > 90) wrong('lat', rawLng !== undefined && Math.abs(rawLng) <= 90 ? 'swapped' : 'degrees');
  else if (rawLng !== undefined && Math.abs(rawLng) <= 180) {
    position = toWgs84(survey.system, rawLng, rawLat);
    if (survey.locate) {
      at = survey.locate(...position);
      if (!at) wrong('lng', Math.abs(rawLng) <= 90 && survey.locate(...toWgs84(survey.system, rawLat, rawLng)) ? 'swapped' : 'outside');
    }
  }

  const accuracy = plain(values['accuracy'] ?? '').toUpperCase().replace(/[类级]$/u, '') || 'C';
  if (!isAccuracyClass(accuracy)) wrong('accuracy', 'accuracy');
  const unitOf = (field: string): string | null => {
    const value = text(field, 100);
    const unit = value === null ? null : survey.unit(value);
    if (unit === undefined) wrong(field, 'unit');
    return unit ?? null;
  };
  const [owner, manager] = [unitOf('owner'), unitOf('manager')];
  const stateText = (values['state'] ?? '').normalize('NFC');
  const state = stateText === '' ? 'intact' : survey.state(halfWidth(stateText));
  if (state === undefined) wrong('state', 'state');
  const installedText = halfWidth(values['installed'] ?? '').trim();
  const installed = installedText === '' ? null : writtenDay(installedText);
  if (installed === undefined || (installed !== null && (installed > survey.today || installed < '1900-01-01'))) wrong('installed', 'date');
  const plateText = values['plate'] ?? '';
  const plate = plateText === '' ? null : readPlate(plateText);
  if (plateText !== '' && plate === null) wrong('plate', 'plate');
  const road = text('road', 60);
  const ordinalText = plain(values['ordinal'] ?? '').replace(/^第|[号#]$/gu, '');
  const ordinal = ordinalText === '' ? null : Number(ordinalText);
  if (ordinal !== null && !/^[1-9]\d{0,5}$/u.test(ordinalText)) wrong('ordinal', 'ordinal');
  const name = text('name', 100);

  if (errors.length > 0 || !parts || !known || !position || !isAccuracyClass(accuracy) || state === undefined) return { errors };
  return {
    line, code, class: parts.class, road, ordinal, lng: position[0], lat: position[1], accuracy, owner, manager, state, plate,
    name: name ?? (road !== null && ordinal !== null ? `${road}${ordinal}号${known.said[0] ?? known.name['zh-Hans']}` : `${known.name['zh-Hans']}${parts.number}`),
    place: at?.place ?? null, path: at?.path ?? null, installed: installed ?? null,
  };
};
