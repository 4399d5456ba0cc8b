/**
 * How times, limits and figures are said. Pure: the present comes in as an argument, the zone is the
 * county's (`setZone`, 北京时间 until it is known), whatever the device believes.
 */
import { defaultZone, offsetMinutesOf } from '../../base/time/zone.ts';
import type { Language } from '../../base/text/language.ts';

let zone: string = defaultZone;
const hour = 3_600_000;
const minute = 60_000;
const day = 86_400_000;

const localeOf: Record<Language, string> = { 'zh-Hans': 'zh-CN', 'zh-Hant': 'zh-TW', en: 'en-GB' };
const formats = new Map<string, Intl.DateTimeFormat>();
const formatter = (language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${language} ${name}`;
  let made = formats.get(key);
  if (!made) formats.set(key, (made = new Intl.DateTimeFormat(localeOf[language], { timeZone: zone, ...options })));
  return made;
};

/** Says times in a county's zone (IANA name) from now on. */
export const setZone = (name: string): void => {
  if (name === zone) return;
  zone = name;
  formats.clear();
};

/** Minutes that the county is ahead of UTC at a moment in milliseconds since 1970. */
export const countyOffset = (at: number): number => offsetMinutesOf(zone, at);

/** The moment of a county's local time `2026-11-25T09:30`, as a field of a form has it, in RFC 3339. */
export const countyMoment = (local: string): string => {
  const utc = Date.parse(`${local}Z`);
  return new Date(utc - countyOffset(utc) * minute).toISOString();
};

/** `2026-11-25`, the day of a moment in the county. */
export const countyDay = (ms: number): string => new Date(ms + countyOffset(ms) * minute).toISOString().slice(0, 10);

/** Days since 1970 in the county's zone. */
const dayNumber = (ms: number): number => Math.floor((ms + countyOffset(ms) * minute) / day);

/** `17:05`, 24 hours. */
export const timeOfDay = (language: Language, iso: string): string => formatter(language, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso));

/** `17:05:09`, 24 hours. */
export const timeWithSeconds = (language: Language, iso: string): string => formatter(language, 'seconds', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(new Date(iso));

type DayWord = 'today' | 'tomorrow' | 'yesterday';
/** The words that a day has of its own, by language. */
export type DayWords = Readonly<Record<DayWord, string>>;

/** `today`, `tomorrow`, a weekday within six days ahead, otherwise the date; with the year where it is another one. */
export const dayWords = (language: Language, iso: string, now: number, words: DayWords): string => {
  const then = new Date(iso);
  const apart = dayNumber(then.getTime()) - dayNumber(now);
  if (apart === 0) return words.today;
  if (apart === 1) return words.tomorrow;
  if (apart === -1) return words.yesterday;
  if (apart > 1 && apart < 6) return formatter(language, 'weekday', { weekday: 'short' }).format(then);
  const sameYear = formatter('en', 'year', { year: 'numeric' }).format(then) === formatter('en', 'year', { year: 'numeric' }).format(new Date(now));
  return sameYear
    ? formatter(language, 'date', { month: 'short', day: 'numeric' }).format(then)
    : formatter(language, 'full', { year: 'numeric', month: 'short', day: 'numeric' }).format(then);
};

/** A span of time in the two units that matter: minutes below an hour, hours and minutes below a day, then days and hours. */
export interface Span {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

/** Cuts a length in milliseconds (its sign is dropped) into days, hours and minutes, rounded down to minutes. */
export const spanOf = (ms: number): Span => {
  const whole = Math.abs(ms);
  return { days: Math.floor(whole / day), hours: Math.floor((whole % day) / hour), minutes: Math.floor((whole % hour) / minute) };
};

export type Urgency = 'late' | 'warn' | 'calm' | 'paused';

/** How near a limit is: late when it has passed, warn from its warning time on, paused while it stands still. */
export const urgencyOf = (clock: { readonly dueAt: string | null; readonly warnAt: string | null; readonly pausedAt: string | null }, now: number): Urgency => {
  if (clock.pausedAt !== null || clock.dueAt === null) return 'paused';
  if (Date.parse(clock.dueAt) <= now) return 'late';
  if (clock.warnAt !== null && Date.parse(clock.warnAt) <= now) return 'warn';
  return 'calm';
};

/** A distance in metres as people say it: whole metres to 950, then kilometres with one digit. */
export const distanceWords = (language: Language, metres: number): string =>
  metres < 950
    ? `${Math.round(metres)} ${language === 'en' ? 'm' : '米'}`
    : `${(metres / 1000).toFixed(metres < 9950 ? 1 : 0)} ${language === 'en' ? 'km' : language === 'zh-Hant' ? '公里' : '公里'}`;

/** Figures in groups of three. */
export const figure = (value: number): string => value.toLocaleString('en-US');
