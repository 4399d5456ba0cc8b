import { isWorking, limitMs, localDay, specialDays, type Calendar } from '../../../../base/time/calendar.ts';
import type { Language } from '../../../../base/text/language.ts';
import type { ClockView } from '../../contract.ts';
import { spentUntil, type Clock } from '../../rules/clocks.ts';
import { clockLabel, kernelText } from '../labels.ts';

const two = (value: number): string => String(value).padStart(2, '0');
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A moment as people say it: weekday and time within a week, the date beyond, in the county's zone. */
export const sayTime = (calendar: Calendar, at: number, now: number, language: Language): string => {
  const local = new Date(at + calendar.offsetMinutes * 60_000);
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  const days = localDay(calendar, at) - localDay(calendar, now);
  if (days >= -1 && days <= 1) return kernelText(`time.${days === 0 ? 'today' : days === 1 ? 'tomorrow' : 'yesterday'}`, language, { time });
  const weekday = kernelText(`weekday.${local.getUTCDay()}`, language);
  return kernelText('time.date', language, { weekday, month: local.getUTCMonth() + 1, day: local.getUTCDate(), time });
};

/** `MM-DD` days in a row of the same name are said once. */
const runs = (days: ReturnType<typeof specialDays>): { from: string; to: string; kind: string; name: string }[] => {
  const found: { from: string; to: string; kind: string; name: string; last: number }[] = [];
  for (const day of days) {
    const number = Date.parse(day.date) / 86_400_000;
    const before = found.at(-1);
    if (before && before.kind === day.kind && before.name === day.name && number === before.last + 1) { before.to = day.date; before.last = number; }
    else found.push({ from: day.date, to: day.date, kind: day.kind, name: day.name, last: number });
  }
  return found;
};

const said = (date: string): string => `${Number(date.slice(5, 7))}-${Number(date.slice(8, 10))}`;

/** Why a clock is due when it is: the limit, its course, and every day that is not a plain workday or weekend. */
export const clockWorking = (calendar: Calendar, clock: Clock, now: number, language: Language): string[] => {
  const lines: string[] = [];
  const limit = kernelText(`unit.${clock.unit}`, language, { amount: clock.amount });
  const started = sayTime(calendar, clock.startedAt, now, language);
  if (clock.dueAt !== null) lines.push(kernelText('working.due', language, { limit, started, due: sayTime(calendar, clock.dueAt, now, language) }));
  else if (clock.pausedAt !== null) lines.push(kernelText('working.paused', language, { limit, started, paused: sayTime(calendar, clock.pausedAt, now, language) }));
  if (!isWorking(clock.unit)) lines.push(kernelText('working.urgent', language));
  else {
    const sessions = calendar.sessions.map(([from, to]) => `${two(Math.floor(from / 60))}:${two(from % 60)}–${two(Math.floor(to / 60))}:${two(to % 60)}`).join(' ');
    lines.push(kernelText('working.sessions', language, { sessions }));
    for (const run of runs(specialDays(calendar, clock.startedAt, clock.dueAt ?? now))) {
      const days = run.from === run.to ? said(run.from) : `${said(run.from)}–${said(run.to)}`;
      lines.push(kernelText(`working.${run.kind}`, language, { days, name: run.name }));
    }
  }
  if (clock.provisional) {
    const year = new Date((clock.dueAt ?? now) + calendar.offsetMinutes * 60_000).getUTCFullYear();
    lines.push(kernelText('working.provisional', language, { year }));
  }
  return lines;
};

/** A clock as its page shows it. */
export const clockView = (calendar: Calendar, kind: string, clock: Clock, now: number, language: Language): ClockView => ({
  name: clock.name, label: clockLabel(kind, clock.name, language), amount: clock.amount, unit: clock.unit,
  startedAt: iso(clock.startedAt)!, dueAt: iso(clock.dueAt), warnAt: iso(clock.warnAt), pausedAt: iso(clock.pausedAt),
  stoppedAt: iso(clock.stoppedAt), spent: spentUntil(calendar, clock, now) / limitMs(calendar, clock),
  working: clockWorking(calendar, clock, now, language), provisional: clock.provisional,
});

