/** Minutes after midnight as `hh:mm`; the end of a day is 24:00. */
export const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** `hh:mm` as minutes after midnight; null where it is no time. 24:00 is the end of a day. */
export const minutesOf = (text: string): number | null => {
  const [, hours, minutes] = /^(\d{1,2})[:：](\d{2})$/u.exec(text.trim()) ?? [];
  const at = Number(hours) * 60 + Number(minutes);
  return hours !== undefined && Number(minutes) < 60 && at <= 1440 ? at : null;
};

/** A day (`YYYY-MM-DD`) some days later. */
export const daysLater = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
