/** What a county has that says nothing else: 北京时间. */
export const defaultZone = 'Asia/Shanghai';

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes that a time zone (IANA name) is ahead of UTC at a moment (milliseconds since 1970). @throws RangeError for a zone that there is not */
export const offsetMinutesOf = (zone: string, at: number): number => {
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })));
  const text = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(text) ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : 0;
};

/**
 * Whether times can be counted in a zone: it exists and keeps its clocks all the year round. Days of a zone that changes them
 * have 23 or 25 hours twice a year, which no limit here is written for.
 * @param year four digits, looked at from January to December
 */
export const isSteadyZone = (zone: string, year: number): boolean => {
  try {
    return new Set(Array.from({ length: 12 }, (_, month) => offsetMinutesOf(zone, Date.UTC(year, month, 15)))).size === 1;
  } catch {
    return false;
  }
};

/** `2026-11-25 09:30` of a zone. @param at milliseconds since 1970 @param offsetMinutes minutes that local time is ahead of UTC */
export const localTime = (at: number, offsetMinutes: number): string => new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
