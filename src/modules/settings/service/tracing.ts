import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { Finding, TraceChecker } from '../../ledger/index.ts';
import { documentIn, seatOf } from '../rules/tree.ts';
import { allVersions, readSettings } from '../store.ts';

/** Hexadecimal SHA-256 of the canonical JSON of a document: what an entry holds of it. */
export const documentDigest = (document: Json): string => createHash('sha256').update(canonical(document)).digest('hex');

/**
 * Every version is compared with its entry, and what counts now with the last one. A first version without an author is
 * what stood before versions were kept, and no entry speaks of it.
 */
export const settingsChecker = (paths: () => ReadonlyMap<string, readonly string[]>): TraceChecker => ({
  config: [{
    kind: 'settings',
    async check(tx, county, entries) {
      const found: Finding[] = [];
      const about = (seq: number | null, how: string, id: string, params: Finding['params'] = {}): void => void found.push({ county, seq, what: `config_${how}`, params: { what: 'settings', id, ...params } });
      const rows = new Map((await allVersions(tx, county)).map((row) => [`${row.area} ${row.version}`, row]));
      const last = new Map<string, { readonly seq: number | null; readonly digest: string }>();
      for (const { seq, set } of entries) {
        // Entries from before versions were kept name a member and its value.
        if (typeof set['area'] !== 'string' || typeof set['digest'] !== 'string') continue;
        const id = `${set['area']} ${String(set['version'])}`;
        const row = rows.get(id);
        rows.delete(id);
        last.set(set['area'], { seq, digest: set['digest'] });
        if (!row) about(seq, 'missing', id);
        else if (documentDigest(row.document) !== set['digest']) about(seq, 'differs', id, { column: 'document', entry: set['digest'], value: documentDigest(row.document) });
      }
      for (const [id, { author, version }] of rows) if (author !== null || version !== 1) about(null, 'stranger', id);
      const settings = (await readSettings(tx, county)) ?? {};
      const known = paths();
      for (const [area, { seq, digest }] of last) {
        const path = known.get(area);
        const value = path && documentDigest(documentIn(settings, seatOf(path, [...known.values()])));
        if (value !== undefined && value !== digest) about(seq, 'differs', area, { column: 'settings', entry: digest, value });
      }
      return found;
    },
  }],
});
