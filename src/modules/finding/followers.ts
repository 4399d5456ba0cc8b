import type { Follower, LoggedEntry } from '../ledger/index.ts';
import type { Tx } from '../../platform/database/database.ts';
import { mattersOf } from './reads.ts';
import type { Finding } from './service.ts';
import type { Side } from './store/blocks.ts';
import { emptyBeside, swapBeside } from './store/terms.ts';

/**
 * Keeps the index of search. An entry only says which matter to look at: what is indexed are the matter and its texts as they
 * are now. Whoever has their data erased is found by none of their words from that entry on.
 */
export const findingFollower = (finding: Pick<Finding, 'index'>): Follower => {
  const take = (side: Side) => async (county: string, entries: readonly LoggedEntry[], tx: Tx): Promise<void> => {
    const matters = new Set<string>();
    const erased: string[] = [];
    for (const { entry } of entries) {
      if (entry.subject === 'matter' && entry.matter !== undefined) matters.add(entry.matter);
      const contact = entry.subject === 'access' && entry.kind === 'contact' && entry.action === 'erase' ? entry.set?.['contact'] : undefined;
      if (typeof contact !== 'string') continue;
      erased.push(contact);
      for (const matter of await mattersOf(tx, county, contact)) matters.add(matter);
    }
    if (matters.size > 0) await finding.index(tx, side, county, [...matters], erased);
  };
  return {
    // Some forty rows for each matter: without resting, search took more of the machine than the cases that it looks for.
    name: 'finding.terms', mayLag: 1_500, apply: take(''),
    beside: { begin: (county, tx) => emptyBeside(tx, county), apply: take('_beside'), swap: (county, tx) => swapBeside(tx, county) },
  };
};
