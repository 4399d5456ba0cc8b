import { addTime, dayOf, dayText, isWorking, localDay, type Calendar, type DayKind } from './calendar.ts';
import type { Limit } from './limit.ts';

/** What a course is made of: a limit that began, perhaps stood still, and runs out. Times are milliseconds since 1970. */
export interface Coursed extends Limit {
  readonly startedAt: number;
  readonly dueAt: number | null;
  readonly runningSince: number | null;
  readonly pausedAt: number | null;
  /** Spent before `runningSince`, in milliseconds of the unit's kind of time. */
  readonly spentMs: number;
}

/** Days in a row of one kind and name: not counted, or (a make-up day) counted though it is a weekend. */
export interface SpecialRun {
  readonly kind: Exclude<DayKind, 'workday'>;
  /** `YYYY-MM-DD`, both included. */
  readonly from: string;
  readonly to: string;
  /** Days of the run. */
  readonly days: number;
  /** Name of the holiday; empty for a weekend. */
  readonly name: string;
}

/** How a due time comes about, step by step. */
export interface Course {
  readonly limit: Limit;
  readonly from: number;
  /** When it began to count, where that was later than `from`: a limit that starts in the night counts from the morning. */
  readonly counts: number | null;
  /** Where it stood still before: since when it runs again, and what had been spent. */
  readonly resumed: { readonly at: number; readonly spentMs: number } | null;
  readonly due: number | null;
  /** Since when it stands still. */
  readonly paused: number | null;
  /** Runs day and night: then there are neither sessions nor days. */
  readonly urgent: boolean;
  /** Minutes after local midnight. */
  readonly sessions: readonly (readonly [number, number])[];
  readonly days: readonly SpecialRun[];
  /** The first year that it rests on whose holidays are not published. */
  readonly provisional: number | null;
}

/** Days that a course looks at: longer limits say what the first two years hold. */
const daysAtMost = 800;

/** The working of a limit: one rule for every page, message and sheet that shows when something is due. `now` ends the course of one that stands still. */
export const courseOf = (calendar: Calendar, clock: Coursed, now: number): Course => {
  const { amount, unit, startedAt, dueAt, pausedAt, runningSince, spentMs } = clock;
  const urgent = !isWorking(unit);
  const resumed = runningSince !== null && runningSince > startedAt ? { at: runningSince, spentMs } : null;
  const base = { limit: { amount, unit }, from: startedAt, resumed, due: dueAt, paused: pausedAt, urgent };
  if (urgent) return { ...base, counts: null, sessions: [], days: [], provisional: null };
  const days: SpecialRun[] = [];
  let provisional: number | null = null;
  const first = localDay(calendar, resumed?.at ?? startedAt);
  const last = Math.min(localDay(calendar, dueAt ?? pausedAt ?? now), first + daysAtMost);
  for (let day = first; day <= last; day++) {
    const { kind, name, provisional: guess } = dayOf(calendar, day);
    const date = dayText(day);
    if (guess) provisional ??= Number(date.slice(0, 4));
    if (kind === 'workday') continue;
    const before = days.at(-1);
    if (before && before.kind === kind && before.name === name && before.to === dayText(day - 1)) days[days.length - 1] = { ...before, to: date, days: before.days + 1 };
    else days.push({ kind, from: date, to: date, days: 1, name });
  }
  // The first moment of working time: a millisecond later it has been spent.
  const begins = addTime(calendar, startedAt, 1, unit).at - 1;
  return { ...base, counts: resumed === null && begins - startedAt >= 60_000 ? begins : null, sessions: calendar.sessions, days, provisional };
};
