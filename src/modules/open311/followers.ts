import type { Tx } from '../../platform/database/database.ts';
import type { Follower, LoggedEntry } from '../ledger/index.ts';
import { emptyBeside, insertUpdates, swapBeside, type Side } from './store.ts';

/** Keeps which case came into which state when: what programs read that follow their reports. The report itself is no update. */
export const updatesFollower = (): Follower => {
  const take = (side: Side) => async (county: string, entries: readonly LoggedEntry[], tx: Tx): Promise<void> => {
    const rows = entries.flatMap(({ seq, entry: { subject, kind, matter, from, to, at } }) =>
      (subject === 'matter' && kind === 'case' && matter !== undefined && typeof from === 'string' && typeof to === 'string' && from !== to ? [{ seq, matter, state: to, at }] : []));
    if (rows.length > 0) await insertUpdates(tx, side, county, rows);
  };
  return {
    name: 'open311.updates', apply: take(''),
    beside: { begin: async (county, tx) => void (await emptyBeside(tx, county)), apply: take('_beside'), swap: (county, tx) => swapBeside(tx, county) },
  };
};
