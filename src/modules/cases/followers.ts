import type { Tx } from '../../platform/database/database.ts';
import type { Follower, LoggedEntry } from '../ledger/index.ts';
import { emptyBeside, keepDispatch, setOutcome, setWrong, swapBeside, type Side } from './store/dispatches.ts';

/**
 * Keeps what became of each dispatch. The entry of a dispatch names unit and rule; that of the acceptance which proved an earlier
 * one wrong names the unit that had sent the case back.
 */
export const dispatchFollower = (): Follower => {
  const take = (side: Side) => async (county: string, entries: readonly LoggedEntry[], tx: Tx): Promise<void> => {
    for (const { entry: { subject, kind, matter, mv, action, at, actor, set } } of entries) {
      if (subject !== 'matter' || kind !== 'case' || matter === undefined || mv === undefined) continue;
      if (action === 'dispatch' || action === 'redispatch') {
        if (action === 'redispatch') await setOutcome(tx, side, county, matter, mv, 'replaced');
        const rule = Number(set?.['rule'] ?? 0);
        await keepDispatch(tx, side, county, { matter, version: mv, at, unit: String(set?.['leadUnit'] ?? ''), rule: rule > 0 ? rule : null, by: actor.role === 'system' ? null : actor.id });
      } else if (action === 'return') await setOutcome(tx, side, county, matter, mv, 'returned');
      else if (action === 'accept') {
        await setOutcome(tx, side, county, matter, mv, 'accepted');
        const wrong = set?.['misdispatched'];
        if (Array.isArray(wrong)) for (const one of wrong) await setWrong(tx, side, county, matter, String((one as { readonly unit?: unknown }).unit ?? ''));
      }
    }
  };
  return {
    name: 'cases.dispatches', mayLag: 1_500, apply: take(''),
    beside: { begin: async (county, tx) => void (await emptyBeside(tx, county)), apply: take('_beside'), swap: (county, tx) => swapBeside(tx, county) },
  };
};
