import type { Finding, TraceChecker } from '../../ledger/index.ts';
import { textDigest } from '../../ledger/index.ts';
import { matterIds, presentMatters, textsById, type PresentMatter } from '../store/trace.ts';

/** Facets that entries set and the row must still have. Path, point and due times are derived or nobody's business in a log. */
const replayed = ['place', 'component', 'code', 'codeVersion', 'leadUnit', 'handler', 'reporter', 'parent'] as const;

const compared = (county: string, seq: number | null, matter: string, name: string, log: unknown, row: unknown): Finding[] =>
  (log ?? null) === (row ?? null) ? [] : [{ county, seq, what: 'matter_differs', params: { matter, column: name, entry: String(log ?? '-'), value: String(row ?? '-') } }];

/** What the kernel knows of its rows and the ledger does not: that texts open their digests, and rows stand where the log left them. */
export const matterChecker: TraceChecker = {
  async texts(tx, county, named) {
    const rows = new Map((await textsById(tx, county, named.map(({ id }) => id))).map((row) => [row.id, row]));
    return named.flatMap(({ seq, matter, id, name, digest }): Finding[] => {
      const row = rows.get(id);
      const about = { matter: matter ?? '-', name, text: id };
      if (!row) return [{ county, seq, what: 'text_missing', params: about }];
      if (row.body === null || row.salt === null) return [];
      return textDigest(row.salt, row.body) === digest ? [] : [{ county, seq, what: 'text_changed', params: about }];
    });
  },
  async matters(tx, county, list) {
    const rows = new Map((await presentMatters(tx, county, list.map(({ matter }) => matter))).map((row) => [row.id, row]));
    return list.flatMap(({ matter, kind, version, state, set, seq }): Finding[] => {
      const row = rows.get(matter);
      if (!row) return [{ county, seq, what: 'matter_missing', params: { matter } }];
      const check = (name: string, log: unknown, value: unknown) => compared(county, seq, matter, name, log, value);
      return [
        ...check('kind', kind, row.kind), ...check('version', version, row.version), ...check('state', state, row.state),
        ...replayed.flatMap((name) => check(name, set[name], row[name as keyof PresentMatter])),
      ];
    });
  },
  async strangers(tx, county, isKnown) {
    const found: Finding[] = [];
    for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
      const ids = await matterIds(tx, county, after, 5_000);
      for (const matter of ids) if (!isKnown(matter)) found.push({ county, seq: null, what: 'matter_stranger', params: { matter } });
      if (ids.length < 5_000) return found;
      after = ids.at(-1)!;
    }
  },
};
