import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../base/canonical.ts';
import type { Finding, TraceChecker } from '../ledger/index.ts';
import type { StandardRow } from './rules/standards.ts';
import { rowsOf, versionsAfter } from './store.ts';

/** Hexadecimal SHA-256 of a table's rows as they are kept: what an entry vouches for. */
export const rowsDigest = (rows: readonly StandardRow[]): string => createHash('sha256').update(canonical(rows.map(({ key, line, kind, code, major, majorName, minor, minorName, handler, authority, openCondition, closeCondition, limitText, limit, note }) => ({
  key, line, kind, code, major, majorName, minor, minorName, handler, authority, openCondition, closeCondition, limitText, limit: limit && { amount: limit.amount, unit: limit.unit }, note: note ?? null,
})).sort((a, b) => (a.key < b.key ? -1 : 1)) as unknown as Json)).digest('hex');

/** Versions of the code table, their rows and whether they are withdrawn. Entries from before rows were digested are compared by what they have. */
export const catalogueChecker: TraceChecker = {
  config: [{
    kind: 'standards',
    async check(tx, county, entries) {
      const found: Finding[] = [];
      const about = (seq: number | null, how: string, version: number, params: Finding['params'] = {}): void => void found.push({ county, seq, what: `config_${how}`, params: { what: 'standards', id: version, ...params } });
      const rows = new Map((await versionsAfter(tx, county, 0)).map((row) => [row.version, row]));
      const log = new Map<number, { readonly seq: number | null; readonly set: (typeof entries)[number]['set']; readonly withdrawn: boolean }>();
      for (const { seq, action, set } of entries) {
        const version = Number(set['version']);
        const known = log.get(version);
        if (action === 'withdraw' || action === 'restore') { if (known) log.set(version, { ...known, withdrawn: action === 'withdraw' }); }
        else log.set(version, { seq, set, withdrawn: false });
      }
      for (const [version, { seq, set, withdrawn }] of log) {
        const row = rows.get(version);
        rows.delete(version);
        if (!row) { about(seq, 'missing', version); continue; }
        const differs = (column: string, entry: string | number | boolean, value: string | number | boolean): void => { if (entry !== value) about(seq, 'differs', version, { column, entry: String(entry), value: String(value) }); };
        differs('digest', String(set['digest']), row.digest);
        differs('effective_at', Date.parse(String(set['effectiveAt'])), row.effectiveAt);
        differs('withdrawn', withdrawn, row.withdrawnAt != null);
        if (typeof set['rowsDigest'] === 'string') differs('rows', set['rowsDigest'], rowsDigest(await rowsOf(tx, county, version)));
      }
      for (const version of rows.keys()) about(null, 'stranger', version);
      return found;
    },
  }],
};
