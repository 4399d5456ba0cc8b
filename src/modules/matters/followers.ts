import type { Follower, Ledger } from '../ledger/index.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { World } from '../../platform/world.ts';
import { dropFiles, eraseTexts, mattersTouchedBy, textsToErase } from './store/trace.ts';

/** Removes pictures that nothing names any more. */
type DropPictures = (tx: Tx, county: string, served: readonly string[]) => Promise<void>;

/**
 * Erases the personal words and the pictures of a resident who had their own data erased: identity says so by an entry. The
 * digests stay, so that each proof stays whole.
 * @param dropPictures pictures are looked after above: it removes those of the given ones that nothing else names
 */
export const erasureFollower = (world: Pick<World, 'now'>, ledger: Pick<Ledger, 'entriesOf'>, dropPictures: DropPictures): Follower => ({
  name: 'matters.erasure',
  async apply(county, entries, tx) {
    for (const { entry } of entries) {
      if (entry.subject !== 'access' || entry.kind !== 'contact' || entry.action !== 'erase') continue;
      const contact = entry.set?.['contact'];
      if (typeof contact !== 'string') continue;
      await eraseTexts(tx, county, await textsToErase(tx, county, contact), world.now());
      const served: string[] = [];
      for (const { id, reported } of await mattersTouchedBy(tx, county, contact)) {
        // A report that was taken by phone carries the caller's pictures, whoever typed it.
        const versions = (await ledger.entriesOf(tx, county, id)).flatMap(({ entry: { mv, actor } }) => (mv !== undefined && (actor.id === contact || (reported && mv === 1)) ? [mv] : []));
        served.push(...await dropFiles(tx, county, id, versions));
      }
      await dropPictures(tx, county, served);
    }
  },
});
