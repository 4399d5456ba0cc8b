import { isRefusal } from '../../base/result.ts';
import type { World } from '../../platform/world.ts';
import type { Follower } from '../ledger/index.ts';
import { bringAction } from '../matters/index.ts';
import type { Open311 } from '../open311/index.ts';
import { insertWaiting, markNews, readCodes, readPartners } from './store.ts';

/** Notices which cases are to be sent to which partner, and what is news for partners that have one. Nothing is sent here. */
export const exchangeFollower = ({ now }: Pick<World, 'now'>, open311: Pick<Open311, 'jurisdiction'>): Follower => ({
  name: 'exchange.news',
  async apply(county, entries, tx) {
    const turns = entries.flatMap(({ entry: { subject, kind, matter, from, to, at, action } }) =>
      (action !== bringAction && subject === 'matter' && kind === 'case' && matter !== undefined && typeof to === 'string' && from !== to ? [{ matter, to, at: Date.parse(at) }] : []));
    if (turns.length === 0) return;
    await markNews(tx, county, [...new Set(turns.map(({ matter }) => matter))]);
    const partners = (await readPartners(tx, county)).filter(({ direction }) => direction !== 'pull');
    const jurisdiction = partners.length === 0 ? undefined : await open311.jurisdiction(county);
    if (jurisdiction === undefined || isRefusal(jurisdiction)) return;
    const codes = new Map((await readCodes(tx, county, [...new Set(turns.map(({ matter }) => matter))])).map((row) => [row.matter, row]));
    for (const partner of partners) {
      const mine = turns.filter(({ matter, to, at }) => {
        const row = codes.get(matter);
        const service = jurisdiction.serviceOf(row?.code ?? null)?.code;
        // What came from there does not go back there.
        return to === partner.push_at && at >= partner.created_at.getTime() && !row?.origin?.startsWith(`${partner.url}/`) && partner.services.some(({ ours }) => ours === service);
      });
      await insertWaiting(tx, county, partner.id, [...new Set(mine.map(({ matter }) => matter))], new Date(now()));
    }
  },
});
