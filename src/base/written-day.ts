/**
 * `2024-05-01` from a day as tables have it: `2024-5-1`, `2024/05/01`, `2024.5.1`, `2024年5月1日`, `20240501`, or with a
 * midnight behind it as spreadsheets add; undefined for what is no day of the calendar.
 */
export const writtenDay = (text: string): string | undefined => {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?00:00(?::00)?)?$/u.exec(text) ?? /^(\d{4})(\d{2})(\d{2})$/u.exec(text);
  if (!parts) return undefined;
  const day = `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`;
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? undefined : day;
};
