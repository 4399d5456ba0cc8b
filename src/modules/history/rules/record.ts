import { toWgs84 } from '../../../base/geo/coordinates.ts';
import { halfWidth } from '../../../base/text/width.ts';
import type { StandardRow } from '../../catalogue/rules/standards.ts';
import type { Mapping } from '../contract.ts';
import { earliest, readHistoricTime } from './times.ts';

/** What is wrong with one value of one line. */
export interface LineProblem {
  readonly line: number;
  /** Name of the field; empty for the line as a whole. */
  readonly field: string;
  readonly value: string;
  readonly rule: string;
  readonly level: 'refused' | 'noticed';
}

/** What the rows of a file are read against. */
export interface Survey {
  readonly mapping: Mapping;
  /** Minutes that the county's time is ahead of UTC. */
  readonly offsetMinutes: number;
  /** The present in milliseconds: nothing was reported after it. */
  readonly now: number;
  /** The place of a WGS-84 point; null where it is outside the county. */
  locate(lng: number, lat: number): { readonly place: string; readonly path: string } | null;
  /** A place by its code or the name that one place alone bears. */
  place(text: string): { readonly place: string; readonly path: string } | undefined;
  /** The row of the code table for a code or a word of it. */
  row(text: string): StandardRow | undefined;
  /** A unit by its id or its name. */
  unit(text: string): string | undefined;
}

/** A row as it is to be brought in. */
export interface HistoryDraft {
  readonly line: number;
  /** What the other system calls it. */
  readonly id: string;
  readonly state: 'open' | 'closed' | 'declined' | 'void';
  /** Milliseconds since 1970. */
  readonly reportedAt: number;
  readonly endedAt: number | null;
  readonly row: StandardRow | null;
  readonly place: { readonly place: string; readonly path: string } | null;
  /** WGS-84 degrees. */
  readonly point: { readonly lng: number; readonly lat: number } | null;
  readonly unit: string | null;
  readonly description: string;
  readonly address: string;
  readonly steps: readonly { readonly name: string; readonly at: number }[];
  /** Values that nothing here answers to, under the file's own titles: they stay with the case as they were written. */
  readonly unread: readonly { readonly title: string; readonly value: string }[];
}

const longest = { id: 120, description: 6_000, address: 200 } as const;
const degrees = (text: string): number | undefined => (/^-?\d{1,3}(?:\.\d{1,15})?$/.test(text) ? Number(text) : undefined);
const sevenPlaces = (value: number): number => Math.round(value * 1e7) / 1e7;

/**
 * Reads one row; every value that is wrong is named, not the first alone. A row without a draft is refused.
 * @param title what the file calls a field
 */
export const readHistory = (line: number, values: Readonly<Record<string, string>>, survey: Survey, title: (field: string) => string): { readonly draft: HistoryDraft | null; readonly problems: readonly LineProblem[] } => {
  const { mapping, offsetMinutes, now } = survey;
  const problems: LineProblem[] = [];
  const problem = (field: string, rule: string, level: 'refused' | 'noticed'): null => {
    problems.push({ line, field, value: (values[field] ?? '').slice(0, 80), rule, level });
    return null;
  };
  const said = (field: string): string => halfWidth(values[field] ?? '').trim();

  const id = said('id');
  if (id === '') problem('id', 'history.id', 'refused');
  else if (id.length > longest.id) problem('id', 'history.long', 'refused');

  const time = (field: string, level: 'refused' | 'noticed'): number | null => {
    const at = readHistoricTime(said(field), offsetMinutes, mapping.dayOrder);
    if (at === undefined || at < earliest) return problem(field, 'history.date', level);
    return at > now ? problem(field, 'history.future', level) : at;
  };
  const reportedAt = said('reportedAt') === '' ? problem('reportedAt', 'history.date_missing', 'refused') : time('reportedAt', 'refused');

  const state = mapping.states[(values['state'] ?? '').trim()] ?? mapping.states[said('state')];
  if (state === undefined) problem('state', 'history.state', 'refused');

  let endedAt = said('endedAt') === '' ? null : time('endedAt', 'noticed');
  if (endedAt !== null && reportedAt !== null && endedAt < reportedAt) endedAt = problem('endedAt', 'history.backwards', 'noticed');

  const code = said('code');
  const row = code === '' ? null : (survey.row(mapping.codes?.[(values['code'] ?? '').trim()] ?? mapping.codes?.[code] ?? code) ?? problem('code', 'history.code', 'noticed'));
  const unit = said('unit') === '' ? null : (survey.unit(mapping.units?.[said('unit')] ?? said('unit')) ?? problem('unit', 'history.unit', 'noticed'));

  let point: HistoryDraft['point'] = null;
  let place: HistoryDraft['place'] = null;
  if (said('lng') !== '' || said('lat') !== '') {
    const [lng, lat] = [degrees(said('lng')), degrees(said('lat'))];
    if (lng === undefined || lat === undefined || Math.abs(lng) > 180 || Math.abs(lat) > 180) problem(lng === undefined ? 'lng' : 'lat', 'history.degrees', 'noticed');
    else if (Math.abs(lat) > 90) problem('lng', 'history.swapped', 'noticed');
    else if (lng !== 0 || lat !== 0) {
      const [east, north] = toWgs84(mapping.coordinates, lng, lat);
      place = survey.locate(east, north);
      if (place) point = { lng: sevenPlaces(east), lat: sevenPlaces(north) };
      else problem('lng', survey.locate(...toWgs84(mapping.coordinates, lat, lng)) ? 'history.swapped' : 'history.outside', 'noticed');
    }
  }
  if (place === null && said('place') !== '') place = survey.place(mapping.places?.[said('place')] ?? said('place')) ?? problem('place', 'history.place', 'noticed');

  const free = (field: 'description' | 'address'): string => {
    const text = (values[field] ?? '').trim();
    if (text.length > longest[field]) problem(field, 'history.long', 'noticed');
    return text.slice(0, longest[field]);
  };
  const description = free('description');
  const address = free('address');
  const steps = (mapping.steps ?? []).flatMap(({ name }, at) => {
    const field = `step${at}`;
    const found = said(field) === '' ? null : time(field, 'noticed');
    return found === null ? [] : [{ name, at: found }];
  }).sort((a, b) => a.at - b.at);

  const refused = problems.some(({ level }) => level === 'refused');
  const unread = problems.flatMap(({ field, rule }) => (rule === 'history.long' ? [] : [field, ...(field === 'lng' ? ['lat'] : field === 'lat' ? ['lng'] : [])]).map((name) => ({ title: title(name), value: (values[name] ?? '').slice(0, 200) })));
  return { problems, draft: refused || state === undefined || reportedAt === null ? null : { line, id, state, reportedAt, endedAt, row, place, point, unit, description, address, steps, unread } };
};
