import type { ConfigChecker, Finding, TraceChecker } from '../../ledger/index.ts';
import { componentsDigest, ownersDigest } from '../store/components.ts';
import { tracedPlates } from '../store/plates.ts';

interface Known { readonly seq: number | null; readonly kind: string; readonly target: string; readonly state: string }

/**
 * Plates: each stands for what its last entry says, in the state that it says. Those that came with a survey have no entry of
 * their own and no steps; they are no strangers.
 */
const plates: ConfigChecker = {
  kind: 'plates',
  async check(tx, county, entries) {
    const log = new Map<string, Known>();
    for (const { seq, action, set } of entries) {
      if (action === 'issue') {
        for (const [target, plate] of Object.entries((set['plates'] ?? {}) as Readonly<Record<string, string>>)) log.set(plate, { seq, kind: String(set['plateKind']), target, state: 'ordered' });
        continue;
      }
      for (const plate of (set['plates'] ?? []) as readonly string[]) {
        const known = log.get(plate);
        const component = typeof set['component'] === 'string' ? { kind: 'component', target: set['component'] } : {};
        // Entries from before states were kept say `withdraw`.
        if (known) log.set(plate, { ...known, ...component, seq, state: action === 'withdraw' ? 'withdrawn' : action });
      }
    }
    const found: Finding[] = [];
    const about = (seq: number | null, how: string, id: string, params: Finding['params'] = {}): void => void found.push({ county, seq, what: `config_${how}`, params: { what: 'plates', id, ...params } });
    const present = new Map((await tracedPlates(tx, county)).map((row) => [row.plate, row]));
    for (const [plate, { seq, ...row }] of log) {
      const now = present.get(plate);
      present.delete(plate);
      if (!now) about(seq, 'missing', plate);
      else for (const column of ['kind', 'target', 'state'] as const) if (row[column] !== now[column]) about(seq, 'differs', plate, { column, entry: row[column], value: now[column] });
    }
    for (const { plate, steps } of present.values()) if (steps > 0) about(null, 'stranger', plate);
    return found;
  },
};

/**
 * Components as the last survey left them, and who owns and manages each as the last survey or hand-over did. Grid and village follow
 * from the point and the table of places, and stand outside. Earlier entries hold no digest.
 */
const components: ConfigChecker = {
  kind: 'components',
  async check(tx, county, entries) {
    const found: Finding[] = [];
    const compare = async (name: 'rowsDigest' | 'ownersDigest', column: string, digestOf: typeof ownersDigest): Promise<void> => {
      const last = entries.findLast(({ action }) => action === 'import' || (name === 'ownersDigest' && action === 'give'));
      const digest = last?.set[name];
      if (!last || typeof digest !== 'string') return;
      const value = await digestOf(tx, county);
      if (value !== digest) found.push({ county, seq: last.seq, what: 'config_differs', params: { what: 'components', id: String(last.set['import'] ?? ''), column, entry: digest, value } });
    };
    await compare('rowsDigest', 'rows', componentsDigest);
    if (found.length === 0) await compare('ownersDigest', 'owners', ownersDigest);
    return found;
  },
};

/** Plates and components, as `trace verify` compares them with the entries. */
export const componentChecker: TraceChecker = { config: [plates, components] };
