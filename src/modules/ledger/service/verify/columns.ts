import type { Entry } from '../../contract.ts';
import { columnsOf, readEntry } from '../../rules/entry.ts';
import type { ScannedRow } from '../../store/scan.ts';
import type { Finding, NamedText } from './findings.ts';

const names = ['matter', 'mv', 'subject', 'kind', 'action', 'at', 'actor'] as const;

/** Reads an entry whose bytes are those of the log and compares what is derived from it. */
export const readChecked = (county: string, row: ScannedRow): { entry: Entry | undefined; findings: Finding[] } => {
  const entry = readEntry(row.canonical);
  const columns = columnsOf(entry);
  const findings: Finding[] = [];
  const say = (what: string, params: Finding['params']): void => void findings.push({ county, seq: row.seq, what, params });
  for (const name of names) if (row[name] !== columns[name]) say('column_differs', { column: name, value: String(row[name]), entry: String(columns[name]) });
  if (!entry) say('entry_unreadable', {});
  else if (entry.county !== county) say('column_differs', { column: 'county', value: county, entry: String(entry.county) });
  return { entry, findings };
};

/** The texts that an entry names. Anything that is not shaped as one is left out. */
export const namedTexts = (seq: number, entry: Entry): NamedText[] =>
  (Array.isArray(entry.texts) ? entry.texts : []).flatMap((text) =>
    (typeof text.id === 'string' && typeof text.digest === 'string' ? [{ seq, matter: entry.matter ?? null, id: text.id, name: String(text.name), digest: text.digest }] : []));
