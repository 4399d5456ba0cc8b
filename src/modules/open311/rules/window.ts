import { refuse, type Refusal, type Result } from '../../../base/result.ts';

const minute = 60_000;
const day = 86_400_000;
/** GeoReport v2: a query spans at most 90 days. */
export const spanDays = 90;
/** GeoReport v2: a query gives at most the first 1,000. */
export const mostRequests = 1_000;

/** Times within which requests were made, in milliseconds since 1970, both inclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A day alone. */
const bareDay = /^(\d{4})-(\d{2})-(\d{2})$/;

const wrong = (name: string): Refusal => refuse(422, 'http.values', undefined, [{ path: `/query/${name}`, reason: 'open311.time' }]);

/**
 * A time of a query: RFC 3339 with an offset, or a day alone, which begins and ends as the county's do.
 * An unescaped `+` arrives as a space and is taken for what was meant; so is an offset without its colon.
 * @param end whether a day alone stands for its end.
 */
const readTime = (text: string, offsetMinutes: number, end: boolean): number | undefined => {
  const given = text.trim().replace(/ (?=\d\d:?\d\d$)/, '+');
  const bare = bareDay.exec(given);
  const parts = bare ?? /^(\d{4})-(\d{2})-(\d{2})[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/.exec(given);
  if (!parts) return undefined;
  // 31 April would become 1 May.
  const date = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
  if (date.toISOString().slice(0, 10) !== `${parts[1]!}-${parts[2]!}-${parts[3]!}`) return undefined;
  if (bare) return date.getTime() - offsetMinutes * minute + (end ? day - 1 : 0);
  const at = Date.parse(given.toUpperCase().replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? undefined : at;
};

/** Reads a time with an offset, for answers to questions; undefined where it is none. */
export const readMoment = (text: string, offsetMinutes: number): number | undefined => readTime(text, offsetMinutes, false);

/**
 * The times that a query asks about: the last 90 days where it says nothing, 90 days from or until the one it says.
 * Refusals: 422 for what is no time, 400 `open311.span`, 400 `open311.backwards`.
 */
export const windowOf = (asked: { readonly start_date?: string; readonly end_date?: string }, now: number, offsetMinutes: number): Result<Window> => {
  const start = asked.start_date === undefined ? undefined : readTime(asked.start_date, offsetMinutes, false);
  const end = asked.end_date === undefined ? undefined : readTime(asked.end_date, offsetMinutes, true);
  if (asked.start_date !== undefined && start === undefined) return wrong('start_date');
  if (asked.end_date !== undefined && end === undefined) return wrong('end_date');
  const to = end ?? (start === undefined ? now : start + spanDays * day);
  const from = start ?? to - spanDays * day;
  if (from > to) return refuse(400, 'open311.backwards');
  // Two days that are 90 apart are what a client counts as 90 days, though the last one ends only when it is over.
  const most = spanDays * day + (asked.end_date !== undefined && bareDay.test(asked.end_date.trim()) ? day : 0);
  return to - from > most ? refuse(400, 'open311.span', { days: spanDays }) : { from, to };
};

/** RFC 3339 with the county's offset, to the second. */
export const stamp = (ms: number, offsetMinutes: number): string => {
  const ahead = Math.abs(offsetMinutes);
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${new Date(ms + offsetMinutes * minute).toISOString().slice(0, 19)}${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(ahead / 60))}:${pad(ahead % 60)}`;
};

/** Keyset: where the page before ended. */
export interface Cursor {
  readonly at: number;
  readonly id: string;
}

export const writeCursor = ({ at, id }: Cursor): string => `${at.toString(36)}~${id}`;

export const readCursor = (text: string): Cursor | undefined => {
  const parts = /^([0-9a-z]{1,10})~([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  return parts ? { at: Number.parseInt(parts[1]!, 36), id: parts[2]! } : undefined;
};
