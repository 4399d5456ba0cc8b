/**
 * Midnight of a day `2026-12-01` in a county, in milliseconds since 1970; undefined for a day that no calendar has.
 * @param offsetMinutes minutes that the county is ahead of UTC
 */
export const dayStart = (day: string, offsetMinutes: number): number | undefined => {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? undefined : at - offsetMinutes * 60_000;
};
