/**
 * A cell as a spreadsheet shall read it: what would be computed there (`=`, `+`, `-`, `@`, also full-width, and a tab or
 * a line end before them) gets an apostrophe in front; plain numbers stay numbers. Quoted where RFC 4180 asks for it.
 */
export const csvCell = (value: string | number | null | undefined): string => {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[\s\u0000]*[=+\-@＝＋－＠]/u.test(value) && !/^-?\d+(?:\.\d+)?$/u.test(value) || /^[\t\r\n]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A line of a CSV file. */
export const csvLine = (cells: readonly (string | number | null | undefined)[]): string => `${cells.map(csvCell).join(',')}\r\n`;
