import type { Follower } from '../ledger/index.ts';
import { dropAddressesOf } from './store/addresses.ts';
import { eraseInbound, eraseOutbound } from './store/inbound.ts';

/** Erases what phones sent and were sent, and browsers and accounts that are told, of a resident who had their own data erased: identity says so by an entry. */
export const outreachErasure = (): Follower => ({
  name: 'outreach.erasure',
  async apply(county, entries, tx) {
    for (const { entry } of entries) {
      if (entry.subject !== 'access' || entry.kind !== 'contact' || entry.action !== 'erase') continue;
      const contact = entry.set?.['contact'];
      if (typeof contact !== 'string') continue;
      await eraseInbound(tx, county, contact);
      await eraseOutbound(tx, county, `contact:${contact}`);
      await dropAddressesOf(tx, county, `contact:${contact}`, null);
    }
  },
});
