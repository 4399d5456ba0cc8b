import type { Database } from '../../../../platform/database/database.ts';
import { toHex } from '../../rules/notes.ts';
import { scanBytes, type ScannedBytes } from '../../store/scan.ts';
import type { Anchor } from './anchors.ts';
import { collectTexts, readEntry } from './columns.ts';
import type { Finding, NamedText, TraceChecker } from './findings.ts';
import { tileReader } from './tiles.ts';
import { TreeCheck, type StoredTree } from './tree.ts';

/** What the thread of the bytes is told. */
export interface BytesTask {
  /** Of the database, as the role that verifies. */
  readonly url: string;
  /** Exported by the transaction that reads the rest. */
  readonly snapshot: string;
  readonly county: string;
  readonly stored: Omit<StoredTree, 'tile'>;
  readonly anchors: readonly Anchor[];
  /** Addresses of the checkers that open texts. */
  readonly modules: readonly string[];
}

/** What it found. */
export interface BytesResult {
  /** Findings about the tree: the careful pass names them. */
  readonly tree: number;
  readonly texts: readonly Finding[];
  readonly entries: number;
  /** Hexadecimal. */
  readonly root: string;
  readonly witnessed: number | null;
}

/** Texts that are opened at once. */
const textsAtOnce = 2_000;

/** Hashes a county's log again, holds it against tiles, edge and anchors, and opens the texts that it names. */
export const checkBytes = async (db: Database, { snapshot, county, stored, anchors }: BytesTask, checkers: readonly TraceChecker[]): Promise<BytesResult> => {
  const client = await db.connection();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query(`set transaction snapshot ${client.escapeLiteral(snapshot)}`);
    let doubled = 0;
    const tree = new TreeCheck<ScannedBytes>(county, { ...stored, tile: tileReader(db, county, () => { doubled++; }) }, anchors);
    const found: Finding[] = [];
    let named: NamedText[] = [];
    /** At most one portion of texts is under way while the next entries are hashed. */
    let opening: Promise<unknown> = Promise.resolve();
    const openTexts = async (): Promise<void> => {
      await opening;
      const some = named;
      named = [];
      opening = Promise.all(checkers.map(async (checker) => { if (checker.texts) found.push(...(await checker.texts(db, county, some))); }));
      opening.catch(() => {});
    };
    const accept = ({ seq, canonical }: ScannedBytes): void => {
      if (checkers.length === 0 || !canonical.includes('"texts":')) return;
      const entry = readEntry(canonical);
      if (entry) collectTexts(named, seq, entry);
    };
    const lost = (): void => {};
    for await (const rows of scanBytes(client, county)) {
      await tree.take(rows, accept, lost);
      if (named.length >= textsAtOnce) await openTexts();
    }
    await tree.end(accept, lost);
    await openTexts();
    await opening;
    return { tree: tree.findings.length + doubled, texts: found, entries: tree.size, root: toHex(tree.root()), witnessed: tree.witnessed };
  } finally {
    await client.query('rollback').catch(() => {});
    client.release();
  }
};
