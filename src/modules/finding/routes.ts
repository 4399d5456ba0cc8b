import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { dayStart } from '../catalogue/rules/days.ts';
import { search, searchByPhone } from './contract.ts';
import type { Finding, SearchFilter } from './service.ts';

interface Asked {
  readonly kind?: string; readonly state?: string; readonly place?: string; readonly from?: string; readonly until?: string; readonly after?: string; readonly limit?: number;
}

const day = 86_400_000;

/** @param pathOf stored path of a place's code @param offsetMinutes minutes that a county is ahead of UTC */
export const findingRoutes = (finding: Finding, pathOf: (county: string, code: string) => string | undefined, offsetMinutes: (county: string) => number): Mounted[] => {
  const filterOf = (actor: Actor, { place, from, until, after, ...rest }: Asked): Result<SearchFilter> => {
    const county = actor.grants[0]?.county;
    const path = place === undefined || county === undefined ? undefined : pathOf(county, place);
    if (place !== undefined && path === undefined) return refuse(422, 'matters.no-such-place', { place });
    if (after !== undefined && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u.test(after)) return refuse(422, 'matters.cursor-wrong');
    const [first, last] = [from, until].map((one) => (one === undefined ? undefined : dayStart(one, county === undefined ? 0 : offsetMinutes(county))));
    if ((from !== undefined && first === undefined) || (until !== undefined && last === undefined)) return refuse(422, 'finding.no-such-day');
    return { ...rest, ...(path !== undefined && { path }), ...(after !== undefined && { after }), ...(first !== undefined && { from: first }), ...(last !== undefined && { until: last + day }) };
  };
  return [
    handle(search, async ({ actor, query: { q, ...asked }, language }) => {
      const filter = filterOf(actor, asked);
      return isRefusal(filter) ? filter : finding.search(actor, q, filter, language);
    }),
    handle(searchByPhone, async ({ actor, body: { phone, purpose, ...asked }, language }) => {
      const filter = filterOf(actor, asked);
      return isRefusal(filter) ? filter : finding.searchByPhone(actor, phone, purpose, filter, language);
    }),
  ];
};
