const minute = 60_000;
const day = 86_400_000;

/**
 * A time that somebody gave: RFC 3339 with an offset, or a day alone, which begins and ends as the county's do.
 * An unescaped `+` arrives as a space and is taken for what was meant; so is an offset without its colon.
 * @param offsetMinutes minutes that local time is ahead of UTC
 * @param end whether a day alone stands for its end
 * @returns milliseconds since 1970; undefined for what is no time
 */
export const readMoment = (text: string, offsetMinutes: number, end = false): number | undefined => {
  const given = text.trim().replace(/ (?=\d\d:?\d\d$)/, '+');
  const bare = /^(\d{4})-(\d{2})-(\d{2})$/.exec(given);
  const parts = bare ?? /^(\d{4})-(\d{2})-(\d{2})[Tt]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})$/.exec(given);
  if (!parts) return undefined;
  // 31 April would become 1 May.
  const date = new Date(Date.UTC(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3])));
  if (date.toISOString().slice(0, 10) !== `${parts[1]!}-${parts[2]!}-${parts[3]!}`) return undefined;
  if (bare) return date.getTime() - offsetMinutes * minute + (end ? day - 1 : 0);
  const at = Date.parse(given.toUpperCase().replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? undefined : at;
};
