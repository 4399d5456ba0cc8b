import type { Json } from '../../../../base/canonical.ts';
import type { Entry } from '../../contract.ts';
import type { ConfigEntry, Finding, Replayed, ReplayedMatters } from './findings.ts';

interface State {
  readonly matter: string;
  kind: string;
  version: number;
  state: string | null;
  set: { [name: string]: Json | undefined };
  beside: string | null;
  spot: string | null;
  seq: number | null;
}

/** Follows the matters of a county through their entries: versions without a gap, each state where the last one ended. */
export class Replay implements ReplayedMatters {
  readonly #county: string;
  readonly #matters = new Map<string, State>();

  /** Entries about the kinds of configured things that somebody compares. */
  readonly config: ReadonlyMap<string, ConfigEntry[]>;

  constructor(county: string, kinds: readonly string[] = []) {
    this.#county = county;
    this.config = new Map(kinds.map((kind) => [kind, []]));
  }

  /** Forgets how far a matter is: an entry of it cannot be read, and its next one is believed. */
  lose(matter: string): void {
    const last = this.#matters.get(matter);
    if (last) last.version = Number.NaN;
    else this.#matters.set(matter, { matter, kind: '', version: Number.NaN, state: null, set: {}, beside: null, spot: null, seq: null });
  }

  /** Takes the next entry; seq is null for one that waits in the inbox. @returns what does not fit. */
  take(seq: number | null, entry: Entry): Finding[] {
    if (entry.subject === 'config') this.config.get(entry.kind)?.push({ seq, action: entry.action, at: Date.parse(entry.at), set: entry.set ?? {} });
    if (entry.subject !== 'matter' || !entry.matter || entry.mv === undefined) return [];
    const findings: Finding[] = [];
    const { matter, mv } = entry;
    const last = this.#matters.get(matter);
    const say = (what: string, params: Finding['params']): void => void findings.push({ county: this.#county, seq, what, params: { matter, ...params } });
    const expected = (last?.version ?? 0) + 1;
    if (Number.isNaN(expected)) last!.kind = entry.kind;
    else if (mv !== expected) say('version_gap', { version: mv, expected });
    else if ((entry.from ?? null) !== (last?.state ?? null)) say('state_breaks', { version: mv, from: entry.from ?? '-', expected: last?.state ?? '-' });
    const state = entry.to ?? entry.from ?? last?.state ?? null;
    if (last) {
      last.version = mv;
      last.state = state;
      last.seq = seq;
      last.beside = entry.beside ?? null;
      if (entry.spot !== undefined) last.spot = entry.spot;
      if (entry.set) Object.assign(last.set, entry.set);
    } else this.#matters.set(matter, { matter, kind: entry.kind, version: mv, state, set: entry.set ?? {}, beside: entry.beside ?? null, spot: entry.spot ?? null, seq });
    return findings;
  }

  isKnown = (matter: string): boolean => this.#matters.has(matter);

  /** Matters whose last entry vouches for nothing beside its facets. */
  plain(): number {
    let plain = 0;
    for (const { beside } of this.#matters.values()) if (beside === null) plain++;
    return plain;
  }

  get(matter: string): Replayed | undefined {
    const state = this.#matters.get(matter);
    return state && !Number.isNaN(state.version) ? state : undefined;
  }

  *[Symbol.iterator](): Generator<Replayed> {
    for (const state of this.#matters.values()) if (!Number.isNaN(state.version)) yield state;
  }
}
