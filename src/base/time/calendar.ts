import type { Limit } from './limit.ts';

/**
 * Working time of a county (GB/T 30428.2 counts limits in working hours and days; urgent ones run day and night).
 * Times are milliseconds since 1970; a day is the number of local days since 1970-01-01.
 */
export type DayKind = 'workday' | 'makeup' | 'weekend' | 'holiday' | 'closed';

export interface Calendar {
  /** Minutes that local time is ahead of UTC. The mainland has kept UTC+8 without change since 1991. */
  readonly offsetMinutes: number;
  /** Working sessions in minutes after local midnight, ascending, not touching. */
  readonly sessions: readonly (readonly [number, number])[];
  /** What a published or county's own day is: `YYYY-MM-DD` to its kind and name. */
  readonly days: ReadonlyMap<string, { readonly kind: DayKind; readonly name: string }>;
  /** Years whose holidays and make-up days are published. */
  readonly publishedYears: ReadonlySet<number>;
  /** Statutory holidays of fixed date, `MM-DD` to name: all that is known of a year not yet published. */
  readonly fixed: ReadonlyMap<string, string>;
}

const minute = 60_000;
const dayMs = 86_400_000;

/** The local day that a time falls on. */
export const localDay = (calendar: Calendar, at: number): number => Math.floor((at + calendar.offsetMinutes * minute) / dayMs);

/** `YYYY-MM-DD` of a local day. */
export const dayText = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);

export interface Day {
  readonly kind: DayKind;
  readonly name: string;
  /** True where this rests on a year that is not published: only weekends and fixed holidays are known. */
  readonly provisional: boolean;
}

const described = new WeakMap<Calendar, Map<number, Day>>();

/** What kind of day it is. Remembered per calendar, for clocks ask for the same days all day long. */
export const dayOf = (calendar: Calendar, day: number): Day => {
  let known = described.get(calendar);
  if (!known) described.set(calendar, (known = new Map()));
  const seen = known.get(day);
  if (seen) return seen;
  const text = dayText(day);
  const provisional = !calendar.publishedYears.has(Number(text.slice(0, 4)));
  const own = calendar.days.get(text);
  const weekday = (((day + 4) % 7) + 7) % 7;
  const weekend = weekday === 0 || weekday === 6;
  const fixed = provisional ? calendar.fixed.get(text.slice(5)) : undefined;
  const result: Day = own ? { ...own, provisional: false }
    : fixed ? { kind: 'holiday', name: fixed, provisional }
    : { kind: weekend ? 'weekend' : 'workday', name: '', provisional };
  if (known.size > 20_000) known.clear();
  known.set(day, result);
  return result;
};

const works = (kind: DayKind): boolean => kind === 'workday' || kind === 'makeup';

/** Working milliseconds of one working day: 8 hours by the usual sessions. */
export const workingDayMs = (calendar: Calendar): number =>
  calendar.sessions.reduce((sum, [from, to]) => sum + (to - from) * minute, 0);

/** True where the unit runs in working time only. */
export const isWorking = (unit: Limit['unit']): boolean => unit === 'workingHour' || unit === 'workingDay';

/** How long a limit is, in milliseconds of its own kind of time. */
export const limitMs = (calendar: Calendar, { amount, unit }: Limit): number => {
  switch (unit) {
    case 'workingHour': case 'urgentHour': return amount * 60 * minute;
    case 'workingDay': return amount * workingDayMs(calendar);
    case 'urgentDay': return amount * dayMs;
  }
};

export interface Due {
  readonly at: number;
  readonly provisional: boolean;
}

/**
 * When `ms` of the unit's kind of time have passed since `from`. A limit that ends with a session is due at the
 * session's end, not at the next one's beginning.
 * @throws RangeError where ten years of days hold less working time than that.
 */
export const addTime = (calendar: Calendar, from: number, ms: number, unit: Limit['unit']): Due => {
  if (!isWorking(unit)) return { at: from + Math.max(0, ms), provisional: false };
  let left = Math.max(0, ms);
  let provisional = false;
  const first = localDay(calendar, from);
  for (let day = first; day < first + 3660; day++) {
    const { kind, provisional: guess } = dayOf(calendar, day);
    provisional ||= guess;
    if (!works(kind)) continue;
    const midnight = day * dayMs - calendar.offsetMinutes * minute;
    for (const [open, close] of calendar.sessions) {
      const begin = Math.max(from, midnight + open * minute);
      const end = midnight + close * minute;
      if (begin >= end) continue;
      if (left <= end - begin) return { at: begin + left, provisional };
      left -= end - begin;
    }
  }
  throw new RangeError('addTime: no working time within ten years; is every day of the calendar closed?');
};

/** Time of the unit's kind between two moments, in milliseconds; 0 where `to` is not after `from`. */
export const spentTime = (calendar: Calendar, from: number, to: number, unit: Limit['unit']): number => {
  if (to <= from) return 0;
  if (!isWorking(unit)) return to - from;
  let spent = 0;
  const last = localDay(calendar, to);
  for (let day = localDay(calendar, from); day <= last; day++) {
    if (!works(dayOf(calendar, day).kind)) continue;
    const midnight = day * dayMs - calendar.offsetMinutes * minute;
    for (const [open, close] of calendar.sessions)
      spent += Math.max(0, Math.min(to, midnight + close * minute) - Math.max(from, midnight + open * minute));
  }
  return spent;
};

/** Days between two moments that are not plain workdays and weekends: what a due time must be explained with. */
export const specialDays = (calendar: Calendar, from: number, to: number): readonly (Day & { readonly date: string })[] => {
  const found: (Day & { date: string })[] = [];
  for (let day = localDay(calendar, from); day <= localDay(calendar, to) && found.length < 40; day++) {
    const described = dayOf(calendar, day);
    if (described.kind !== 'workday') found.push({ ...described, date: dayText(day) });
  }
  return found;
};

/**
 * `2024-05-01` from a day as tables have it: `2024-5-1`, `2024/05/01`, `2024.5.1`, `2024年5月1日`, `20240501`, or with a
 * midnight behind it as spreadsheets add; undefined for what is no day of the calendar.
 */
export const writtenDay = (text: string): string | undefined => {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?00:00(?::00)?)?$/u.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/u.exec(text);
  if (!parts) return undefined;
  const day = `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`;
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? undefined : day;
};
