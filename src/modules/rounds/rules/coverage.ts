/** Milliseconds of a day. */
export const day = 86_400_000;

/** Metres from a stop within which somebody was there, beside what the position may be off. */
const there = 40;
/** A position that is worse than this says nothing, in metres. */
const vague = 100;

/** Whether a position shows that somebody was at a stop. @param accuracy radius of 95 % in metres */
export const isThere = (metres: number, accuracy: number): boolean => accuracy <= vague && metres <= there + accuracy;

/**
 * The week that a time lies in: from Monday 0:00 of the county's time.
 * @param at milliseconds since 1970 @param offsetMinutes of the county's zone, east positive
 */
export const weekOf = (at: number, offsetMinutes: number): { readonly from: number; readonly until: number } => {
  const local = at + offsetMinutes * 60_000;
  // 1970-01-01 was a Thursday.
  const days = Math.floor(local / day);
  const monday = days - ((((days + 3) % 7) + 7) % 7);
  const from = monday * day - offsetMinutes * 60_000;
  return { from, until: from + 7 * day };
};

/**
 * What a route asks of each stop in a week: on how many days it is visited, counted from when. An interval beyond a week
 * looks back as far as it is long.
 */
export const askedOf = (everyDays: number, week: { readonly from: number; readonly until: number }): { readonly needed: number; readonly since: number } =>
  everyDays >= 7 ? { needed: 1, since: week.until - everyDays * day } : { needed: Math.floor(7 / everyDays), since: week.from };
