import { isUtf8 } from 'node:buffer';
import type { Entry } from '../../contract.ts';
import { columnsOf } from '../../rules/entry.ts';
import type { ScannedRow } from '../../store/scan.ts';
import type { Finding, NamedText } from './findings.ts';

const names = ['matter', 'mv', 'subject', 'kind', 'action', 'at', 'actor'] as const;

/** What `readEntry` reads, by Node's faster way from bytes to text. */
export const readEntry = (bytes: Buffer): Entry | undefined => {
  if (!isUtf8(bytes)) return undefined;
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Entry) : undefined;
  } catch {
    return undefined;
  }
};

/** Reads an entry whose bytes are those of the log and compares what is derived from it. */
export const readChecked = (county: string, row: ScannedRow): { entry: Entry | undefined; findings: Finding[] } => {
  const entry = readEntry(row.canonical);
  const columns = columnsOf(entry);
  const findings: Finding[] = [];
  const say = (what: string, params: Finding['params']): void => void findings.push({ county, seq: row.seq, what, params });
  // One comparison after the other: a loop over the names costs as much as reading the entry.
  const same = row.matter === columns.matter && row.mv === columns.mv && row.subject === columns.subject && row.kind === columns.kind
    && row.action === columns.action && row.at === columns.at && row.actor === columns.actor;
  if (!same) for (const name of names) if (row[name] !== columns[name]) say('column_differs', { column: name, value: String(row[name]), entry: String(columns[name]) });
  if (!entry) say('entry_unreadable', {});
  else if (entry.county !== county) say('column_differs', { column: 'county', value: county, entry: String(entry.county) });
  return { entry, findings };
};

/** Adds the texts that an entry names to `into`. Anything that is not shaped as one is left out. */
export const collectTexts = (into: NamedText[], seq: number, entry: Entry): void => {
  if (!Array.isArray(entry.texts)) return;
  for (const { id, name, digest } of entry.texts as NonNullable<Entry['texts']>)
    if (typeof id === 'string' && typeof digest === 'string') into.push({ seq, matter: entry.matter ?? null, id, name: String(name), digest });
};
