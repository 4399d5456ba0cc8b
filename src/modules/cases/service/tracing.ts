import { hash } from 'node:crypto';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { Finding, TraceChecker } from '../../ledger/index.ts';
import { allRules } from '../store/rules.ts';

/** Hexadecimal SHA-256 of the canonical JSON of dispatch rules: what an entry holds of them. */
export const rulesDigest = (rules: readonly unknown[]): string => hash('sha256', canonical(rules as readonly Json[]));

/** Dispatch rules, version by version, as `trace verify` compares them with their entries; earlier entries hold no digest. */
export const rulesChecker: TraceChecker = {
  config: [{
    kind: 'dispatch-rules',
    async check(tx, county, entries) {
      const found: Finding[] = [];
      const rows = new Map((await allRules(tx, county)).map((row) => [row.version, row]));
      const about = (seq: number | null, how: string, version: number, params: Finding['params'] = {}): void => void found.push({ county, seq, what: `config_${how}`, params: { what: 'dispatch-rules', id: version, ...params } });
      for (const { seq, set } of entries) {
        const version = Number(set['version']);
        const row = rows.get(version);
        rows.delete(version);
        if (!row) about(seq, 'missing', version);
        else if (row.rules.length !== set['rules'] || (typeof set['digest'] === 'string' && rulesDigest(row.rules) !== set['digest']))
          about(seq, 'differs', version, { column: 'rules', entry: String(set['digest'] ?? set['rules']), value: rulesDigest(row.rules) });
      }
      for (const version of rows.keys()) about(null, 'stranger', version);
      return found;
    },
  }],
};
