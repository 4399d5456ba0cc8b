import { createHash } from 'node:crypto';
import { parseLimit, type LimitSetting } from './limits.ts';
import type { StandardRow } from './standards.ts';

/** One line of a table that was not taken, or was taken with something left open. */
export interface LineProblem {
  readonly line: number;
  /** Field of `StandardRow`, null for the line as a whole. */
  readonly column: string | null;
  readonly value: string;
  /** Reason code; its words are in `data/texts/reasons/catalogue.json`. */
  readonly rule: string;
}

/** The fields that a table must or may have, and how longest they may be. */
export const standardFields = {
  kind: 20, major: 8, majorName: 100, minor: 8, minorName: 100, handler: 500, authority: 500, openCondition: 1000, closeCondition: 1000, timeLimit: 60,
} as const;
export type StandardField = keyof typeof standardFields;

const kinds: Readonly<Record<string, StandardRow['kind']>> = { component: 'component', event: 'event', 部件: 'component', 事件: 'event', 部件类: 'component', 事件类: 'event' };

/** What of a condition makes it the same one: its letters and figures, whatever the punctuation, width and white space. */
const bare = (text: string): string => text.normalize('NFKC').replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase();

/** Code and condition as one key: 31 bits of SHA-256 in base 36, so that it can be said and typed. */
export const rowKey = (code: string, openCondition: string): string =>
  `${code}-${(createHash('sha256').update(`${code}\n${bare(openCondition)}`).digest().readUInt32BE() >>> 1).toString(36).padStart(6, '0')}`;

/**
 * Reads one line. A limit that is not understood is no error: the row is taken without one and listed.
 * @returns the row with what is left open, or the errors for which it cannot be taken.
 */
export const readRow = (
  line: number, values: Readonly<Partial<Record<StandardField, string>>>, setting: LimitSetting,
): { readonly row: StandardRow; readonly open: LineProblem | null } | { readonly errors: readonly LineProblem[] } => {
  const errors: LineProblem[] = [];
  const get = (field: StandardField): string => (values[field] ?? '').normalize('NFC').replace(/\s+/gu, ' ').trim();
  const wrong = (column: StandardField, rule: string) => errors.push({ line, column, value: get(column).slice(0, 80), rule: `catalogue.${rule}` });

  for (const field of Object.keys(standardFields) as StandardField[])
    if (get(field).length > standardFields[field]) wrong(field, 'too_long');
  const kind = kinds[get('kind').toLowerCase()];
  if (!kind) wrong('kind', 'kind');
  const digits = (field: 'major' | 'minor'): string => {
    const text = get(field).normalize('NFKC');
    // Spreadsheets drop leading zeros: `1` is `01`. Codes of three digits exist in county extensions.
    if (!/^\d{1,3}$/.test(text)) wrong(field, 'code');
    return text.padStart(2, '0');
  };
  const major = digits('major');
  const minor = digits('minor');
  for (const field of ['minorName', 'openCondition'] as const) if (get(field) === '') wrong(field, 'missing');
  if (errors.length > 0 || !kind) return { errors };

  const code = `${kind === 'component' ? 'C' : 'E'}${major}${minor}`;
  const limitText = get('timeLimit');
  const parsed = parseLimit(limitText, setting);
  return {
    row: {
      key: rowKey(code, get('openCondition')), kind, code, major, majorName: get('majorName'), minor, minorName: get('minorName'),
      handler: get('handler'), authority: get('authority'), openCondition: get('openCondition'), closeCondition: get('closeCondition'),
      limitText, limit: parsed.limit ?? null, note: parsed.limit ? parsed.note : null, line,
    },
    open: parsed.limit ? null : { line, column: 'timeLimit', value: limitText, rule: `catalogue.limit_${parsed.notUnderstood}` },
  };
};
