import { limitMs, localDay, type Calendar } from '../../../../base/time/calendar.ts';
import { courseOf, type Course, type SpecialRun } from '../../../../base/time/course.ts';
import type { Language } from '../../../../base/text/language.ts';
import { textsOf } from '../../../../platform/texts.ts';
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
  return kernelText('time.date', language, { weekday, date: dayOfMonth[language].format(local), time });
};

const dayOfMonth: Readonly<Record<Language, Intl.DateTimeFormat>> = {
  'zh-Hans': new Intl.DateTimeFormat('zh-CN', { month: 'long', day: 'numeric', timeZone: 'UTC' }), 'zh-Hant': new Intl.DateTimeFormat('zh-TW', { month: 'long', day: 'numeric', timeZone: 'UTC' }),
  en: new Intl.DateTimeFormat('en-GB', { month: 'short', day: 'numeric', timeZone: 'UTC' }),
};

/** A day as people say it, with its weekday. */
const sayDay = (date: string, language: Language): string => {
  const at = new Date(`${date}T00:00:00Z`);
  return kernelText('day.weekday', language, { weekday: kernelText(`weekday.${at.getUTCDay()}`, language), day: dayOfMonth[language].format(at) });
};

const sayRun = ({ from, to }: SpecialRun, language: Language): string => (from === to ? sayDay(from, language) : kernelText('day.range', language, { from: sayDay(from, language), to: sayDay(to, language) }));

/** A holiday's name in the language; as the calendar has it where that is the county's own. */
const holidayName = (name: string, language: Language): string => textsOf('matters')[`holiday.${name}`]?.[language] ?? name;

/** Weekends that are named day by day; where there are more they are counted. */
const weekendsNamed = 2;

/** The course in sentences: what was given and until when, then every reason why that is not sooner. */
export const sayCourse = (calendar: Calendar, course: Course, now: number, language: Language): string[] => {
  const when = (at: number): string => sayTime(calendar, at, now, language);
  const say = (key: string, params?: Record<string, string | number>): string => kernelText(`working.${key}`, language, params);
  const limit = kernelText(`unit.${course.limit.unit}`, language, { amount: Math.round(course.limit.amount * 100) / 100 });
  const lines: string[] = [];
  if (course.due !== null) lines.push(say('due', { limit, started: when(course.from), due: when(course.due) }));
  else if (course.paused !== null) lines.push(say('paused', { limit, started: when(course.from), paused: when(course.paused) }));
  if (course.resumed) lines.push(say('resumed', { since: when(course.resumed.at), hours: Math.round(course.resumed.spentMs / 360_000) / 10 }));
  if (course.urgent) return [...lines, say('urgent')];
  if (course.counts !== null) lines.push(say('counts', { when: when(course.counts) }));
  lines.push(say('sessions', { sessions: course.sessions.map(([from, to]) => `${two(Math.floor(from / 60))}:${two(from % 60)}–${two(Math.floor(to / 60))}:${two(to % 60)}`).join(language === 'en' ? ', ' : '、') }));
  const weekends = course.days.filter(({ kind }) => kind === 'weekend');
  if (weekends.length > weekendsNamed) lines.push(say('weekends', { count: weekends.reduce((sum, { days }) => sum + days, 0) }));
  for (const run of course.days)
    if (run.kind !== 'weekend' || weekends.length <= weekendsNamed) lines.push(say(run.kind, { days: sayRun(run, language), name: holidayName(run.name, language) }));
  if (course.provisional !== null) lines.push(say('provisional', { year: course.provisional }));
  return lines;
};

/** Why a clock is due when it is, a sentence a line. */
export const clockWorking = (calendar: Calendar, clock: Clock, now: number, language: Language): string[] => sayCourse(calendar, courseOf(calendar, clock, now), now, language);

/** A course as programs read it. */
const courseView = (course: Course): ClockView['course'] => ({
  from: iso(course.from)!, counts: iso(course.counts), due: iso(course.due), paused: iso(course.paused), urgent: course.urgent,
  resumed: course.resumed && { at: iso(course.resumed.at)!, spentHours: Math.round(course.resumed.spentMs / 36_000) / 100 },
  sessions: course.sessions.map(([from, to]) => ({ from, to })), days: [...course.days], provisional: course.provisional,
});

/** A clock as its page shows it. */
export const clockView = (calendar: Calendar, kind: string, clock: Clock, now: number, language: Language): ClockView => {
  const course = courseOf(calendar, clock, now);
  return {
    name: clock.name, label: clockLabel(kind, clock.name, language), amount: clock.amount, unit: clock.unit,
    startedAt: iso(clock.startedAt)!, dueAt: iso(clock.dueAt), warnAt: iso(clock.warnAt), pausedAt: iso(clock.pausedAt),
    stoppedAt: iso(clock.stoppedAt), spent: spentUntil(calendar, clock, now) / limitMs(calendar, clock),
    working: sayCourse(calendar, course, now, language), course: courseView(course), provisional: clock.provisional,
  };
};
