import type { CountyCode } from '../../base/ids.ts';
import type { Follower, LoggedEntry } from '../ledger/index.ts';
import type { Places } from '../places/index.ts';
import type { Components } from './service/components.ts';
import { countOpen, emptyBeside, swapBeside, takeNews, type CaseNews } from './store/cases.ts';

/** Whether a matter of a kind in a state keeps its component faulty. Matters are a higher module, so entry/ hands it in. */
export type KeepsFaulty = (kind: string, state: string) => boolean;

/** The newest that entries say of each matter. */
const newsOf = (entries: readonly LoggedEntry[], keepsFaulty: KeepsFaulty): CaseNews[] => {
  const news = new Map<string, CaseNews>();
  for (const { entry: { subject, matter, mv, kind, to, set } } of entries) {
    if (subject !== 'matter' || matter === undefined || mv === undefined || to === undefined) continue;
    const before = news.get(matter);
    if (before && before.mv >= mv) continue;
    const named = set?.['component'];
    news.set(matter, {
      matter, mv, component: typeof named === 'string' ? named : (before?.component ?? null),
      // A case that is told to be about no component any more keeps its last one, and is not open for it.
      open: named !== null && keepsFaulty(kind, to),
    });
  }
  return [...news.values()];
};

/**
 * Keeps, for each component, how many open cases are about it, which is what makes it faulty. Reads entries of matters: the
 * component that an action set, and the state that it led to.
 */
export const componentFollower = (keepsFaulty: KeepsFaulty): Follower => ({
  name: 'components.cases',
  async apply(county, entries, tx) {
    const news = newsOf(entries, keepsFaulty);
    if (news.length > 0) await countOpen(tx, county, await takeNews(tx, 'component_matter', county, news));
  },
  beside: {
    begin: (county, tx) => emptyBeside(tx, county),
    async apply(county, entries, tx) {
      const news = newsOf(entries, keepsFaulty);
      if (news.length > 0) await takeNews(tx, 'component_matter_beside', county, news);
    },
    swap: (county, tx) => swapBeside(tx, county),
  },
});

/**
 * Places a county's components anew whenever its table of places changed, so that lists and grants by place stay true.
 * Doing it twice does no more than doing it once.
 */
export const placesFollower = (components: Pick<Components, 'relocate'>, places: Pick<Places, 'refresh'>): Follower => ({
  name: 'components.places',
  async apply(county, entries) {
    if (!entries.some(({ entry: { subject, kind } }) => subject === 'config' && kind === 'places')) return;
    await places.refresh(county as CountyCode);
    await components.relocate(county);
  },
});
