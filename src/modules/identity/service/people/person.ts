import { isMobile, normalPhone } from '../../../../base/text/phone.ts';
import { halfWidth } from '../../../../base/text/width.ts';
import { writtenDay } from '../../../../base/time/calendar.ts';
import type { Roles } from '../../rules.ts';
import { needsUnit } from '../accounts.ts';
import type { Wrong } from './lines.ts';

/** When somebody is on duty at the place of the line; minutes after midnight, as duty has them. */
export interface DutyHours {
  /** Digits 1 (Monday) to 7. */
  readonly weekdays: string;
  readonly starts: number;
  readonly ends: number;
  readonly rank: number;
  /** Login of who stands in. */
  readonly standIn: string | null;
}

/** A line of a file of people: somebody, one right, and perhaps the hours of a duty. */
export interface PersonLine {
  readonly line: number;
  readonly login: string;
  readonly name: string;
  /** In stored form. */
  readonly phone: string | null;
  readonly email: string | null;
  readonly role: string;
  readonly unit: string | null;
  /** Code of the place, and its stored path; the whole county where the file names none. */
  readonly code: string | null;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number | null;
  /** First and last day of the right, in the county's time. */
  readonly fromDay: string;
  readonly untilDay: string | null;
  readonly duty: DutyHours | null;
}

/** What a line is checked against. */
export interface PeopleBook {
  readonly roles: Roles;
  /** A role by its key or by what it is called in any language. */
  readonly role: (text: string) => string | undefined;
  /** An open unit by its id or its name in any language. */
  readonly unit: (text: string) => string | undefined;
  /** Stored path of a place's code. */
  readonly place: (code: string) => string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Minutes that the county is ahead of UTC. */
  readonly offsetMinutes: number;
}

const dayMs = 86_400_000;
const plain = (text: string): string => halfWidth(text).replace(/\s+/gu, '');

const weekdaySigns: Readonly<Record<string, string>> = { 一: '1', 二: '2', 三: '3', 四: '4', 五: '5', 六: '6', 日: '7', 天: '7' };

/** Digits 1 to 7 from `1-5`, `1,3,5`, `周一至周五`, `一三五`, `每天`; undefined for what names no days. */
export const weekdaysOf = (text: string): string | undefined => {
  const bare = plain(text).replace(/周|星期|礼拜/gu, '').toLowerCase();
  if (/^(每天|每日|全周|daily)$/u.test(bare)) return '1234567';
  const figures = bare.replace(/[一二三四五六日天]/gu, (sign) => weekdaySigns[sign]!).replace(/[至到~—–]/gu, '-').replace(/[,、，;/]/gu, '');
  if (!/^[1-7](-[1-7])?([1-7](-[1-7])?)*$/u.test(figures)) return undefined;
  const days = new Set<string>();
  for (const [, first, last] of figures.matchAll(/([1-7])(?:-([1-7]))?/gu)) {
    if (last !== undefined && last < first!) return undefined;
    for (let day = Number(first); day <= Number(last ?? first); day++) days.add(String(day));
  }
  return [...days].sort().join('');
};

/** Minutes after midnight from `08:00-20:00`, `8:00至次日8:00` or `全天`; undefined for what is none. */
export const hoursOf = (text: string): { readonly starts: number; readonly ends: number } | undefined => {
  const bare = plain(text).replace(/[至到~—–]/gu, '-').replace(/次日|翌日/gu, '').replace(/点/gu, ':00').toLowerCase();
  if (/^(全天|全日|24小时|24h|0-24|00:00-24:00)$/u.test(bare)) return { starts: 0, ends: 1440 };
  const found = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/u.exec(bare);
  if (!found) return undefined;
  const [starts, ends] = [Number(found[1]) * 60 + Number(found[2]), Number(found[3]) * 60 + Number(found[4])];
  return Number(found[2]) > 59 || Number(found[4]) > 59 || starts >= 1440 || ends > 1440 ? undefined : { starts, ends };
};

/** Reads one line. Every value that is wrong is named, not the first alone. */
export const readPerson = (line: number, values: Readonly<Record<string, string>>, note: Wrong, book: PeopleBook): PersonLine | undefined => {
  let right = true;
  const wrong: Wrong = (column, rule, value) => { right = false; note(column, `identity.line_${rule}`, value); };
  const cell = (field: string): string => (values[field] ?? '').normalize('NFC').trim();

  const login = plain(cell('login')).toLowerCase();
  if (login === '') wrong('login', 'missing');
  else if (!/^[a-z0-9][a-z0-9._-]{1,63}$/u.test(login)) wrong('login', 'login');
  const name = cell('name');
  if (name === '') wrong('name', 'missing');
  else if (name.length > 60) wrong('name', 'too_long');

  const phoneText = cell('phone');
  const phone = phoneText === '' ? null : normalPhone(phoneText);
  if (phone === undefined) wrong('phone', 'phone');
  const emailText = halfWidth(cell('email'));
  if (emailText !== '' && (emailText.length > 254 || !/^[^@\s]+@[^@\s]+\.[^@\s]+$/u.test(emailText))) wrong('email', 'email');

  const roleText = cell('role');
  const role = book.role(roleText);
  if (roleText === '') wrong('role', 'missing');
  else if (role === undefined) wrong('role', 'role');
  const unitText = cell('unit');
  const unit = unitText === '' ? null : book.unit(unitText);
  if (unit === undefined) wrong('unit', 'unit');
  else if (unit === null && role !== undefined && needsUnit(book.roles, role)) wrong('unit', 'unit_needed');

  const code = plain(cell('place'));
  const path = code === '' ? '' : book.place(code);
  if (path === undefined) wrong('place', /^≈|E\+/iu.test(code) ? 'code_digits' : 'place');

  const day = (field: string): string | null | undefined => {
    const text = plain(cell(field));
    if (text === '') return null;
    const found = writtenDay(text);
    if (found === undefined) wrong(field, 'day');
    return found;
  };
  const [fromDay, untilDay] = [day('from'), day('until')];
  const midnight = (written: string): number => Date.parse(`${written}T00:00:00Z`) - book.offsetMinutes * 60_000;
  const from = fromDay ? midnight(fromDay) : book.now;
  // The last day counts: the right ends with it.
  const until = untilDay ? midnight(untilDay) + dayMs : null;
  if (until !== null && until <= from) wrong('until', 'from_until');
  else if (until !== null && until <= book.now) wrong('until', 'ended');

  const [hoursText, daysText, standInText, rankText] = [cell('duty'), cell('dutyDays'), plain(cell('standIn')).toLowerCase(), plain(cell('rank'))];
  let duty: DutyHours | null = null;
  if (hoursText !== '' || daysText !== '') {
    const hours = hoursText === '' ? { starts: 0, ends: 1440 } : hoursOf(hoursText);
    if (!hours) wrong('duty', 'hours');
    const weekdays = daysText === '' ? '1234567' : weekdaysOf(daysText);
    if (weekdays === undefined) wrong('dutyDays', 'weekdays');
    if (code === '') wrong('place', 'duty_place');
    if (rankText !== '' && !/^[1-9]\d?$/u.test(rankText)) wrong('rank', 'rank');
    if (standInText !== '' && standInText === login) wrong('standIn', 'stand_in');
    if (hours && weekdays !== undefined) duty = { ...hours, weekdays, rank: Number(rankText || '1'), standIn: standInText || null };
  } else if (standInText !== '') wrong('standIn', 'no_hours');

  if (!right || phone === undefined || role === undefined || unit === undefined || path === undefined) return undefined;
  return {
    line, login, name, phone, email: emailText || null, role, unit, code: code || null, path, from, until, duty, untilDay: untilDay ?? null,
    fromDay: fromDay ?? new Date(book.now + book.offsetMinutes * 60_000).toISOString().slice(0, 10),
  };
};

/** What lines say of one another: who is one person, and what stands there twice. Problems go to `note`. */
export const byLogin = (
  lines: readonly PersonLine[], note: (line: number, column: string, rule: string, value: string) => void,
): Map<string, PersonLine[]> => {
  const people = new Map<string, PersonLine[]>();
  const phones = new Map<string, PersonLine>();
  const rights = new Map<string, number>();
  for (const one of lines) {
    const first = people.get(one.login)?.[0];
    if (first) {
      people.get(one.login)!.push(one);
      for (const field of ['name', 'phone', 'email'] as const)
        if (one[field] !== null && first[field] !== null && one[field] !== first[field]) note(one.line, field, 'identity.line_differs', `${one[field]} (${first.line})`);
    } else people.set(one.login, [one]);
    if (one.phone !== null && isMobile(one.phone)) {
      const other = phones.get(one.phone);
      if (other && other.login !== one.login) note(one.line, 'phone', 'identity.line_phone_twice', `${one.phone} (${other.line})`);
      else phones.set(one.phone, one);
    }
    // The same right may stand there again for another stretch of duty, and for nothing else.
    const right = JSON.stringify([one.login, one.role, one.unit, one.path, one.duty]);
    const twice = rights.get(right);
    if (twice !== undefined) note(one.line, 'login', 'identity.line_twice', `${one.login} (${twice})`);
    else rights.set(right, one.line);
  }
  return people;
};
