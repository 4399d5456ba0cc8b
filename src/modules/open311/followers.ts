import type { Follower } from '../ledger/index.ts';
import { insertUpdates } from './store.ts';

/** Keeps which case came into which state when: what programs read that follow their reports. The report itself is no update. */
export const updatesFollower = (): Follower => ({
  name: 'open311.updates',
  async apply(county, entries, tx) {
    const rows = entries.flatMap(({ seq, entry: { subject, kind, matter, from, to, at } }) =>
      (subject === 'matter' && kind === 'case' && matter !== undefined && typeof from === 'string' && typeof to === 'string' && from !== to ? [{ seq, matter, state: to, at }] : []));
    if (rows.length > 0) await insertUpdates(tx, county, rows);
  },
});
