import type { Identity } from '../identity/index.ts';
import type { Follower } from '../ledger/index.ts';
import { forgetWords } from './store/visits.ts';

/**
 * What was noted of visits goes when the consent to it goes: taken back, or with everything else when a resident has their
 * data erased.
 */
export const visitFollower = (identity: Pick<Identity, 'consents'>): Follower => ({
  name: 'rounds.consents',
  async apply(county, entries, tx) {
    for (const { entry: { subject, kind, action, set } } of entries) {
      if (subject !== 'access') continue;
      const { consent, contact } = set ?? {};
      if (kind === 'consent' && action === 'revoke' && typeof consent === 'string') await forgetWords(tx, county, [consent]);
      if (kind === 'contact' && action === 'erase' && typeof contact === 'string') await forgetWords(tx, county, await identity.consents.revokeAll(tx, county, contact));
    }
  },
});
