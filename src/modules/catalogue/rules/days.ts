/**
 * Midnight of a day `2026-12-01` in the mainland's time (UTC+8, unchanged since 1991), in milliseconds since 1970;
 * undefined for a day that no calendar has.
 */
export const dayStart = (day: string): number | undefined => {
  const at = Date.parse(`${day}T00:00:00+08:00`);
  if (Number.isNaN(at)) return undefined;
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 10) === day ? at : undefined;
};
