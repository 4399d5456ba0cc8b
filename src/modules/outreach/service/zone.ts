const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes that a time zone is ahead of UTC at a moment (milliseconds since 1970). @throws RangeError for a zone that is none. */
export const offsetOf = (zone: string, at: number): number => {
  let format = formats.get(zone);
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })));
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const found = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
  return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
};
