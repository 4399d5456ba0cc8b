import { isRefusal } from '../../base/result.ts';
import type { Needs, Turn } from './service/needs.ts';
import { createPartners, type Partners } from './service/partners.ts';
import { createPeer, PeerFault } from './service/peer.ts';
import { createPull } from './service/pull.ts';
import { createPush } from './service/push.ts';
import { createUpdates } from './service/updates.ts';
import { anyUnclear, claimPartners, settlePartner, type PartnerRow } from './store.ts';

export { exchangeSealed } from './store.ts';
export { exchangeFollower } from './followers.ts';

/** Exchange of reports and updates with other Open311 systems, both ways. */
export interface Exchange {
  readonly partners: Partners;
  /** One round with each partner that is due. @returns how many there were */
  round(): Promise<number>;
}

/** Longer than a round takes; one that takes longer is gone on with by whoever comes next, and nothing is done twice. */
const claimMs = 600_000;
const atOnce = 4;
/** Milliseconds between two rounds with a partner. */
const paceMs = 60_000;
const longestPauseMs = 3_600_000;

export const createExchange = (needs: Needs): Exchange => {
  const { world, open311 } = needs;
  const [pull, push, updates] = [createPull(needs), createPush(needs), createUpdates(needs)];

  const one = async (partner: PartnerRow): Promise<void> => {
    const at = (ms: number): Date => new Date(world.now() + ms);
    const { county, direction } = partner;
    try {
      const jurisdiction = await open311.jurisdiction(county);
      if (isRefusal(jurisdiction)) throw new PeerFault('ours');
      const peer = createPeer({ url: partner.url, jurisdiction: partner.jurisdiction, key: partner.key === null ? null : world.keys.open(partner.key, 'partner') });
      const turn: Turn = { partner, peer, jurisdiction };
      if (direction !== 'pull') await push(turn);
      // What is on its way and unclear might be among what is listed: first that is cleared up.
      if (direction !== 'push' && !(await anyUnclear(world.db, county, partner.id))) await pull(turn);
      await updates.hear(turn);
      await updates.tell(turn);
      await settlePartner(world.db, partner, { failures: 0, error: null, contacted: at(0), next: at(paceMs) });
    } catch (error) {
      if (!(error instanceof PeerFault)) world.log.error({ err: error, partner: partner.id }, 'an exchange with a partner failed');
      const failures = partner.failures + 1;
      const code = error instanceof PeerFault ? error.code : 'ours';
      await settlePartner(world.db, partner, { failures, error: code, contacted: /^(http_|not_xml|key|large)/.test(code) ? at(0) : null, next: at(Math.min(longestPauseMs, paceMs * 2 ** Math.min(failures - 1, 6))) });
    }
  };

  return {
    partners: createPartners(needs),
    async round() {
      const due = await claimPartners(world.db, new Date(world.now()), new Date(world.now() + claimMs), atOnce);
      await Promise.all(due.map(one));
      return due.length;
    },
  };
};
