import { canonical, type Json } from '../../../base/canonical.ts';
import { isUuid } from '../../../base/ids.ts';
import type { Entry } from '../contract.ts';

/** Refuses bytes that are not UTF-8 and keeps a byte order mark, so that decoding loses nothing. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The canonical text of an entry (RFC 8785). Its UTF-8 bytes are what the ledger hashes and keeps for ever. */
export const entryText = (entry: Entry): string => canonical(entry as unknown as Json);

/** What is derived from an entry's bytes and stands in columns beside them. */
export interface EntryColumns {
  readonly matter: string | null;
  readonly mv: number | null;
  readonly subject: string;
  readonly kind: string;
  readonly action: string;
  /** Milliseconds since 1970. */
  readonly at: number | null;
  readonly actor: string | null;
}

/** Columns of bytes that are no entry. They keep their place in the log, and `trace verify` names them. */
export const unreadable: EntryColumns = { matter: null, mv: null, subject: 'unreadable', kind: '', action: '', at: null, actor: null };

/** Text that a column can hold: PostgreSQL takes no NUL. */
const text = (value: unknown): string => (typeof value === 'string' && !value.includes('\0') ? value : '');
/** The year 10000, where RFC 3339 ends. */
const endOfTime = 253_402_300_800_000;

/** Reads an entry back, or undefined where the bytes are not the JSON of an object. */
export const readEntry = (bytes: Uint8Array): Entry | undefined => {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
};

/** The columns of an entry. Values of a wrong type become null or empty, so that every entry has columns. */
export const columnsOf = (entry: Entry | undefined): EntryColumns => {
  if (!entry) return unreadable;
  const at = Date.parse(text(entry.at));
  return {
    matter: typeof entry.matter === 'string' && isUuid(entry.matter) ? entry.matter : null,
    mv: Number.isInteger(entry.mv) && Math.abs(entry.mv!) < 2 ** 31 ? entry.mv! : null,
    subject: text(entry.subject),
    kind: text(entry.kind),
    action: text(entry.action),
    at: at >= 0 && at < endOfTime ? at : null,
    actor: (typeof entry.actor === 'object' && entry.actor !== null && text(entry.actor.id)) || null,
  };
};
