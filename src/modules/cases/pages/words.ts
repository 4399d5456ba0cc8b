import { type Language, type Params, say } from '../../../base/text/language.ts';
import type { Refusal } from '../../../base/result.ts';
import { textsOf } from '../../../platform/texts.ts';
import type texts from '../../../../data/texts/resident.json';

/** A key of data/texts/resident.json. */
export type TextKey = keyof typeof texts;

/** Words of the resident pages. */
export const sayResident = (language: Language, key: TextKey, params?: Params): string => say(textsOf('resident'), language, key, params);

/** What a refusal says to people. */
export const reasonWords = (refusal: Refusal, language: Language): string => say(textsOf('reasons'), language, refusal.reason, refusal.params);

const dayOf = new Intl.DateTimeFormat('en-CA', { timeZone: 'UTC', year: 'numeric', month: '2-digit', day: '2-digit' });
const clockOf = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', hour: 'numeric', minute: '2-digit', hourCycle: 'h23' });
const englishDay = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' });
const dayMs = 86_400_000;

/**
 * A time as people say it, in the county's zone: 今天 17:30, 昨天 9:05, 11月20日 17:30, 2025年3月2日. Milliseconds since 1970.
 * @param offsetMinutes minutes that the county is ahead of UTC
 */
export const sayTime = (language: Language, moment: number, present: number, offsetMinutes: number): string => {
  // What is formatted as UTC is the county's local time.
  const [at, now] = [moment + offsetMinutes * 60_000, present + offsetMinutes * 60_000];
  const day = dayOf.format(at);
  const clock = clockOf.format(at).replace(/^0(\d)/, '$1');
  for (const [key, then] of [['time.today', now], ['time.yesterday', now - dayMs], ['time.tomorrow', now + dayMs]] as const)
    if (day === dayOf.format(then)) return sayResident(language, key, { clock });
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const same = dayOf.format(now).startsWith(String(year));
  if (language === 'en') return same ? `${englishDay.format(at)}, ${clock}` : `${englishDay.format(at)} ${year}`;
  return same ? `${month}月${date}日 ${clock}` : `${year}年${month}月${date}日`;
};

/** A distance as people say it, of metres. */
export const sayDistance = (language: Language, metres: number): string =>
  metres < 1000
    ? sayResident(language, 'distance.metres', { metres: metres < 10 ? Math.max(1, Math.round(metres)) : Math.round(metres) })
    : sayResident(language, 'distance.kilometres', { kilometres: (metres / 1000).toFixed(1) });

/** A row of the code table as a choice: what it is, and of its condition as much as one reads at a glance. */
export const kindWords = (name: string): { readonly title: string; readonly hint: string | null } => {
  const at = name.indexOf('：');
  if (at === -1) return { title: name, hint: null };
  const condition = name.slice(at + 1);
  const glance = 24;
  return { title: name.slice(0, at), hint: condition.length > glance ? `${condition.slice(0, glance)}…` : condition };
};

/** A case's number in groups for reading aloud: groups that it has are kept, otherwise four and four and the rest. */
export const groupNumber = (number: string): string => {
  if (/[^0-9A-Za-z]/.test(number)) return number.replace(/[^0-9A-Za-z]+/g, ' ');
  return number.replace(/(.{4})(?=.)/g, '$1 ');
};

/** Digit by digit, as a screen reader should say it. */
export const spellNumber = (number: string): string => number.replace(/[^0-9A-Za-z]/g, '').split('').join(' ');

/** A mobile number as it is called: eleven digits, typed with full-width digits, spaces, hyphens or +86; null for what is none. */
export const readPhone = (typed: string): string | null => {
  const digits = typed.replace(/[０-９]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replace(/[\s\-－()（）]/g, '').replace(/^(\+|＋|00)?86(?=1\d{10}$)/, '');
  return /^1\d{10}$/.test(digits) ? digits : null;
};

/** A six-digit code, typed with full-width digits or spaces; null for what is none. */
export const readCode = (typed: string): string | null => {
  const digits = typed.replace(/[０-９]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).replace(/\s/g, '');
  return /^\d{6}$/.test(digits) ? digits : null;
};
