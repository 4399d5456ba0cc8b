import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { addPartner, changePartner, listPartnerReports, listPartners, removePartner, retryPartnerReport } from './contract.ts';
import type { Exchange } from './index.ts';

export const exchangeRoutes = ({ partners }: Pick<Exchange, 'partners'>): Mounted[] => {
  /** The county that is said, else the caller's own; one where they have no grant is none of theirs. */
  const countyOf = (actor: Actor, asked: string | undefined) => {
    const own = actor.grants.map(({ county }) => county as string);
    const county = asked ?? own[0];
    return county !== undefined && own.includes(county) ? county : refuse(403, 'matters.no-county');
  };
  return [
    handle(listPartners, async ({ actor, query, language }) => {
      const county = countyOf(actor, query.county);
      const items = isRefusal(county) ? county : await partners.list(actor, county, language);
      return isRefusal(items) ? items : { items };
    }),
    handle(addPartner, async ({ actor, body, language }) => {
      const county = countyOf(actor, body.county);
      return isRefusal(county) ? county : partners.add(actor, county, body, language);
    }),
    handle(changePartner, async ({ actor, params, body, language }) => {
      const county = countyOf(actor, body.county);
      return isRefusal(county) ? county : partners.change(actor, county, params.id, body, language);
    }),
    handle(removePartner, async ({ actor, params, query }) => {
      const county = countyOf(actor, query.county);
      return isRefusal(county) ? county : partners.remove(actor, county, params.id);
    }),
    handle(listPartnerReports, async ({ actor, params, query: { county: asked, ...ask }, language }) => {
      const county = countyOf(actor, asked);
      return isRefusal(county) ? county : partners.reports(actor, county, params.id, ask, language);
    }),
    handle(retryPartnerReport, async ({ actor, params, body }) => {
      const county = countyOf(actor, body.county);
      return isRefusal(county) ? county : partners.retry(actor, county, params.id, params.report);
    }),
  ];
};
