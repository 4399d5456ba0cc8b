import type { Actor } from '../../../base/actor.ts';
import type { Ledger, LiveRights, LoggedEntry } from '../../ledger/index.ts';

/** Entries that one question looks at: an actor who may see little is given a place to go on from instead of being kept waiting. */
const lookedAt = 5_000;
const batch = 500;

export interface Seen {
  readonly events: readonly LoggedEntry[];
  /** The last seq that was looked at. */
  readonly next: number;
  readonly more: boolean;
}

/** Reads what an actor may see of a county's log after a seq, by the rights that the live stream has. */
export const createEvents = <Subject>(ledger: Pick<Ledger, 'readAfter'>, rights: LiveRights<Subject>) =>
  async (actor: Actor, county: string, after: number, limit: number): Promise<Seen> => {
    const sees = rights.compile(actor);
    const events: LoggedEntry[] = [];
    let next = after;
    for (let looked = 0; looked < lookedAt; looked += batch) {
      const { entries, to } = await ledger.readAfter(county, next, batch);
      if (to === next) return { events, next, more: false };
      const subjects = await rights.subjects(county, entries);
      for (let at = 0; at < entries.length; at++) {
        if (!sees(entries[at]!, subjects[at]!)) continue;
        if (events.length === limit) return { events, next: events.at(-1)!.seq, more: true };
        events.push(entries[at]!);
      }
      next = to;
    }
    return { events, next, more: true };
  };

export type ReadEvents = ReturnType<typeof createEvents>;
