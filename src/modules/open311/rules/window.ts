import { readMoment } from '../../../base/time/moment.ts';
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
 * The times that a query asks about: the last 90 days where it says nothing, 90 days from or until the one it says.
 * Refusals: 422 for what is no time, 400 `open311.span`, 400 `open311.backwards`.
 */
export const windowOf = (asked: { readonly start_date?: string; readonly end_date?: string }, now: number, offsetMinutes: number): Result<Window> => {
  const start = asked.start_date === undefined ? undefined : readMoment(asked.start_date, offsetMinutes, false);
  const end = asked.end_date === undefined ? undefined : readMoment(asked.end_date, offsetMinutes, true);
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
