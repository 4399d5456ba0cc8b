import { canonical, type Json } from '../../../base/canonical.ts';
import type { Keys } from '../../../platform/keys.ts';
import type { ConfigChecker, ConfigEntry, Finding, TraceChecker } from '../../ledger/index.ts';
import { tracedAccounts, tracedGrants, tracedUnits } from '../store/trace.ts';

type Row = { readonly id: string } & Readonly<Record<string, Json>>;

/** Compares rows with what the entries say of them: rows that differ, that are gone, that no entry speaks of. */
const compare = (county: string, what: string, log: ReadonlyMap<string, { seq: number | null; row: Readonly<Record<string, Json>> }>, rows: readonly Row[]): Finding[] => {
  const found: Finding[] = [];
  const present = new Map(rows.map((row) => [row.id, row]));
  const about = (seq: number | null, how: string, id: string, params: Finding['params'] = {}): void => void found.push({ county, seq, what: `config_${how}`, params: { what, id, ...params } });
  for (const [id, { seq, row }] of log) {
    const now = present.get(id);
    if (!now) about(seq, 'missing', id);
    else for (const [column, value] of Object.entries(row)) if (canonical(value) !== canonical(now[column] ?? null)) about(seq, 'differs', id, { column, entry: canonical(value), value: canonical(now[column] ?? null) });
  }
  for (const { id } of rows) if (!log.has(id)) about(null, 'stranger', id);
  return found;
};

const ms = (time: Json | undefined): number | null => (typeof time === 'string' ? Date.parse(time) : null);
const value = ({ set }: ConfigEntry, name: string): Json => set[name] ?? null;

/** Who may do what, where, from when until when. */
const grants: ConfigChecker = {
  kind: 'grant',
  async check(tx, county, entries) {
    const log = new Map<string, { seq: number | null; row: Record<string, Json> }>();
    for (const entry of entries) {
      const id = String(entry.set['grant']);
      const known = log.get(id)?.row;
      if (entry.action === 'give') {
        const row = { account: value(entry, 'account'), role: value(entry, 'role'), unit: value(entry, 'unit'), place: value(entry, 'place'), purpose: value(entry, 'purpose'), from: ms(entry.set['from']), until: ms(entry.set['until']) };
        log.set(id, { seq: entry.seq, row });
      } else if (entry.action === 'end' && known) log.set(id, { seq: entry.seq, row: { ...known, until: Math.max(entry.at, known['from'] as number) } });
    }
    return compare(county, 'grant', log, await tracedGrants(tx, county));
  },
};

const units: ConfigChecker = {
  kind: 'unit',
  async check(tx, county, entries) {
    const log = new Map(entries.map((entry) => [String(entry.set['unit']), {
      seq: entry.seq,
      row: { name: value(entry, 'name'), unitKind: value(entry, 'unitKind'), parent: value(entry, 'parent'), phone: value(entry, 'phone'), ...(entry.set['places'] !== undefined && { places: entry.set['places'] }), closed: entry.action === 'close' },
    }]));
    return compare(county, 'unit', log, await tracedUnits(tx, county));
  },
};

/**
 * Mark of a name under the installation's index key: an entry holds no personal text, and a plain digest of a name would be guessed.
 * Format and key come first, so that marks of two keys are not compared.
 */
export const nameMark = (keys: Pick<Keys, 'blindIndex'>, account: string, name: string): string => keys.blindIndex('account.name', `${account} ${name}`).toString('base64url');

/** Accounts that are at home in the county: login, kind, whether they are disabled, and the mark of the name. Telephones and addresses are in no entry. */
const accounts = (keys: Pick<Keys, 'blindIndex'>): ConfigChecker => ({
  kind: 'account',
  async check(tx, county, entries) {
    const log = new Map<string, { seq: number | null; row: Record<string, Json> }>();
    const named = ({ set }: ConfigEntry, id: string): Record<string, Json> => {
      const mark = set['name'];
      return typeof mark === 'string' && mark.slice(0, 6) === nameMark(keys, id, '').slice(0, 6) ? { name: mark } : {};
    };
    for (const entry of entries) {
      const id = String(entry.set['account']);
      const known = log.get(id)?.row;
      if (entry.action === 'create') log.set(id, { seq: entry.seq, row: { login: value(entry, 'login'), accountKind: value(entry, 'accountKind'), disabled: false, ...named(entry, id) } });
      else if (known && entry.action === 'change') log.set(id, { seq: entry.seq, row: { ...known, ...named(entry, id) } });
      else if (known && (entry.action === 'disable' || entry.action === 'enable')) log.set(id, { seq: entry.seq, row: { ...known, ...named(entry, id), disabled: entry.action === 'disable' } });
    }
    return compare(county, 'account', log, (await tracedAccounts(tx, county)).map((row) => ({ ...row, name: nameMark(keys, row.id, String(row['name'])) })));
  },
});

/** What people and units may do, as `trace verify` compares it with the entries. */
export const createIdentityChecker = (keys: Pick<Keys, 'blindIndex'>): TraceChecker => ({ config: [grants, units, accounts(keys)] });
