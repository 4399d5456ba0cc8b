import { addTime, limitMs, spentTime, type Calendar } from '../../../base/time/calendar.ts';
import type { Limit } from '../../../base/time/limit.ts';

/** A limit running on a matter. Times are milliseconds since 1970. */
export interface Clock {
  readonly name: string;
  readonly unit: Limit['unit'];
  /** What was given, extensions included, in the unit. */
  readonly amount: number;
  readonly startedAt: number;
  /** When it runs out; null while it is paused. */
  readonly dueAt: number | null;
  readonly warnAt: number | null;
  /** The due time rests on a year whose holidays are not published. */
  readonly provisional: boolean;
  readonly runningSince: number | null;
  readonly pausedAt: number | null;
  readonly stoppedAt: number | null;
  /** Time of the unit's kind that was spent before `runningSince`, in milliseconds. */
  readonly spentMs: number;
  /** When its running out was acted on; an escalation cannot happen twice. */
  readonly firedAt: number | null;
  readonly warnedAt: number | null;
}

const scheduled = (calendar: Calendar, clock: Clock, now: number, warnShare: number): Clock => {
  const budget = limitMs(calendar, clock);
  const due = addTime(calendar, now, budget - clock.spentMs, clock.unit);
  const warn = addTime(calendar, now, budget * warnShare - clock.spentMs, clock.unit);
  return { ...clock, dueAt: due.at, warnAt: warn.at, provisional: due.provisional, runningSince: now, pausedAt: null };
};

/** Starts a clock. `warnShare` is the share of the limit after which it warns. */
export const startClock = (calendar: Calendar, name: string, limit: Limit, now: number, warnShare = 0.8): Clock =>
  scheduled(calendar, {
    name, unit: limit.unit, amount: limit.amount, startedAt: now, dueAt: null, warnAt: null, provisional: false,
    runningSince: null, pausedAt: null, stoppedAt: null, spentMs: 0, firedAt: null, warnedAt: null,
  }, now, warnShare);

/** What has been spent until now, in milliseconds of the unit's kind of time. */
export const spentUntil = (calendar: Calendar, clock: Clock, now: number): number =>
  clock.spentMs + (clock.runningSince === null ? 0 : spentTime(calendar, clock.runningSince, clock.stoppedAt ?? now, clock.unit));

export const pauseClock = (calendar: Calendar, clock: Clock, now: number): Clock =>
  clock.runningSince === null || clock.stoppedAt !== null ? clock
    : { ...clock, spentMs: spentUntil(calendar, clock, now), runningSince: null, pausedAt: now, dueAt: null, warnAt: null };

export const resumeClock = (calendar: Calendar, clock: Clock, now: number, warnShare = 0.8): Clock =>
  clock.pausedAt === null || clock.stoppedAt !== null ? clock : scheduled(calendar, clock, now, warnShare);

/** Adds to the limit, in the clock's own unit. A clock that had run out runs again and may warn again. */
export const extendClock = (calendar: Calendar, clock: Clock, amount: number, now: number, warnShare = 0.8): Clock => {
  const longer = { ...clock, amount: clock.amount + amount, firedAt: null, warnedAt: null };
  if (clock.runningSince === null || clock.stoppedAt !== null) return longer;
  return scheduled(calendar, { ...longer, spentMs: spentUntil(calendar, clock, now) }, now, warnShare);
};

export const stopClock = (clock: Clock, now: number): Clock => (clock.stoppedAt === null ? { ...clock, stoppedAt: now } : clock);

/** Computes the due time anew after the calendar changed; spent time is what the new calendar counts. */
export const recomputeClock = (calendar: Calendar, clock: Clock, warnShare = 0.8): Clock =>
  clock.runningSince === null || clock.stoppedAt !== null ? clock : scheduled(calendar, clock, clock.runningSince, warnShare);

/** Clocks that only the system goes by (the next rung of an escalation): no list sorts by them and no page shows them. */
export const isInner = (name: string): boolean => name.startsWith('rise.');

/** The running clock that ends first, which lists sort by. */
export const nextDue = (clocks: readonly Clock[]): Clock | undefined =>
  clocks.filter((clock) => clock.stoppedAt === null && clock.dueAt !== null && !isInner(clock.name)).sort((a, b) => a.dueAt! - b.dueAt!)[0];
