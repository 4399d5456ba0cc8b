import type { ClockUnit, Limit } from '../../../base/time/limit.ts';
import { chineseNumeral } from '../../../base/text/numerals.ts';
import { halfWidth } from '../../../base/text/width.ts';

/** How a table is to be read where its words leave it open. */
export interface LimitSetting {
  /** What a bare `小时` counts: a setting of the table, working hours unless told otherwise. */
  readonly defaultHour?: 'workingHour' | 'urgentHour';
  /** What a bare `天` or `日` counts. */
  readonly defaultDay?: 'workingDay' | 'urgentDay';
}

/** A limit that was understood, or why it was not. */
export type ParsedLimit =
  | { readonly limit: Limit; readonly note: string | null; readonly notUnderstood?: undefined }
  | { readonly limit?: undefined; readonly notUnderstood: 'empty' | 'noAmount' | 'noUnit' | 'fraction' | 'zero' | 'tooLong' | 'more' | 'words' };

/** Longest first: `工作小时` before `小时`. */
const units: readonly (readonly [words: string, unit: ClockUnit | 'hour' | 'day' | 'minute'])[] = [
  ['紧急工作小时', 'urgentHour'], ['紧急工作时', 'urgentHour'], ['紧急小时', 'urgentHour'],
  ['紧急工作日', 'urgentDay'], ['紧急工作天', 'urgentDay'], ['紧急日', 'urgentDay'],
  ['工作小时', 'workingHour'], ['工作时', 'workingHour'],
  ['工作日', 'workingDay'], ['工作天', 'workingDay'],
  ['个钟头', 'hour'], ['钟头', 'hour'], ['小时', 'hour'],
  ['分钟', 'minute'],
  ['天', 'day'], ['日', 'day'],
];

/** Full-width signs become plain ones; all white space goes. */
const plain = (text: string): string => halfWidth(text).replace(/\s+/gu, '');

const number = String.raw`(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百]+)`;
const amountPattern = new RegExp(`^(${number})(?:[-~—–至到]+(${number}))?(个)?(半)?(?:个)?`, 'u');
const anyUnit = units.map(([words]) => words).join('|');
const anotherLimit = new RegExp(`(?:${number}|半)个?(?:${anyUnit})`, 'u');

const value = (text: string): number | undefined => (/^\d/.test(text) ? Number(text) : chineseNumeral(text));

/**
 * Reads the limit of a filing-and-closing table, such as `2紧急工作时`, `4小时`, `2天`, `1紧急工作时制止`,
 * `三个工作日`, `半天`, `1-3天` (the later end counts: by then it must be done), `不超过２４小时`.
 * Words behind the limit are kept as its note. Minutes are taken where they make half or whole hours.
 * Whatever else a table says (weeks, months, `立即`, two limits in one) is not understood, never guessed.
 */
export const parseLimit = (text: string, setting: LimitSetting = {}): ParsedLimit => {
  let rest = plain(text);
  if (rest === '') return { notUnderstood: 'empty' };
  if (rest.length > 60) return { notUnderstood: 'tooLong' };
  const whole = rest;
  rest = rest.replace(/^(?:处置时限[::]?)?(?:在|限|限时|不超过|不得超过|最长|最迟)?/u, '');

  let amount: number;
  const range = amountPattern.exec(rest);
  if (range) {
    const [all, from, to, , half] = range;
    const first = value(from!);
    const last = to === undefined ? first : value(to);
    if (first === undefined || last === undefined || last < first) return { notUnderstood: 'noAmount' };
    amount = last + (half ? 0.5 : 0);
    rest = rest.slice(all.length);
  } else if (rest.startsWith('半')) {
    amount = 0.5;
    rest = rest.replace(/^半个?/u, '');
  } else {
    return { notUnderstood: 'noAmount' };
  }

  const found = units.find(([words]) => rest.startsWith(words));
  if (!found) return { notUnderstood: 'noUnit' };
  rest = rest.slice(found[0].length);
  let unit: ClockUnit;
  switch (found[1]) {
    case 'minute': amount /= 60; unit = setting.defaultHour ?? 'workingHour'; break;
    case 'hour': unit = setting.defaultHour ?? 'workingHour'; break;
    case 'day': unit = setting.defaultDay ?? 'workingDay'; break;
    default: unit = found[1];
  }
  // `一天半`, `两小时半`
  if (/^半(?:$|[以之]?内)/u.test(rest)) {
    amount += 0.5;
    rest = rest.slice(1);
  }
  if (anotherLimit.test(rest)) return { notUnderstood: 'more' };
  // A qualifier that would change the unit stands before it in every table seen; behind it, nobody can say what it means.
  if (rest.startsWith('(') && rest.includes('紧急')) return { notUnderstood: 'words' };
  if (amount === 0) return { notUnderstood: 'zero' };
  if (!Number.isInteger(amount * 2)) return { notUnderstood: 'fraction' };
  if (amount > 9_999) return { notUnderstood: 'tooLong' };

  const closing = rest.replace(/^(?:以|之)?内/u, '').replace(/^[,，、;；。.]+|[。.;；]+$/gu, '');
  const bare = /^\((.*)\)$/u.exec(closing)?.[1] ?? closing;
  const note = range?.[2] === undefined ? bare : bare ? `${whole}` : whole.replace(/(?:以|之)?内$/u, '');
  return { limit: { amount, unit }, note: note || null };
};

const written: Readonly<Record<ClockUnit, string>> = { workingHour: '工作时', workingDay: '工作日', urgentHour: '紧急工作时', urgentDay: '紧急工作日' };

/** A limit as the standard writes it: `2紧急工作时`. `parseLimit` reads it back whatever the settings are. */
export const writeLimit = (limit: Limit): string => `${limit.amount}${written[limit.unit]}`;
