import type { Follower } from '../ledger/index.ts';
import type { World } from '../../platform/world.ts';
import { eraseTexts, personalTextsBy } from './store/trace.ts';

/**
 * Erases the personal words of a resident who had their own data erased: identity says so by an entry, and every word of
 * theirs in matters goes. The digests stay, so that each proof stays whole.
 */
export const erasureFollower = (world: Pick<World, 'now'>): Follower => ({
  name: 'matters.erasure',
  async apply(county, entries, tx) {
    for (const { entry } of entries) {
      if (entry.subject !== 'access' || entry.kind !== 'contact' || entry.action !== 'erase') continue;
      const contact = entry.set?.['contact'];
      if (typeof contact !== 'string') continue;
      await eraseTexts(tx, county, await personalTextsBy(tx, county, contact), world.now());
    }
  },
});
