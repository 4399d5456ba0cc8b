import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { say } from '../../base/text/language.ts';
import { textsOf } from '../../platform/texts.ts';
import { allPages, type Identity } from '../identity/index.ts';
import { holds } from '../identity/rules.ts';
import { addPartner, changePartner, exportPartnerReports, listPartnerReports, listPartners, removePartner, retryPartnerReport } from './contract.ts';
import type { Exchange } from './index.ts';

/** @param offsetOf minutes that a county's time is ahead of UTC */
export const exchangeRoutes = ({ partners }: Pick<Exchange, 'partners'>, identity: Pick<Identity, 'world' | 'send'>, offsetOf: (county: string) => number): Mounted[] => {
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
    handle(exportPartnerReports, async ({ actor, params, query: { county: asked, format, ...ask }, language, reply }) => {
      const county = countyOf(actor, asked);
      if (isRefusal(county)) return county;
      const grant = actor.grants.find((one) => one.county === county && holds(one, identity.world.now()));
      const read = (after?: string) => partners.reports(actor, county, params.id, { ...ask, limit: 100, ...(after !== undefined && { after }) }, language);
      const first = await read();
      if (isRefusal(first)) return first;
      if (!grant) return refuse(403, 'matters.no-county');
      const word = (key: string): string => say(textsOf('exports'), language, `exchanged.${key}`);
      return identity.send(reply, {
        county, kind: 'exchanged', actor, grant, format, filter: { partner: params.id, ...ask }, file: word('file'), offsetMinutes: offsetOf(county), columns: ['at', 'number', 'title', 'theirs', 'origin', 'state', 'status', 'error'].map(word),
        rowOf: (one) => [{ at: Date.parse(one.at) }, one.number, one.title, one.theirs, one.origin, one.state, one.status, one.errorWords ?? one.error],
      }, allPages(first, read));
    }),
    handle(retryPartnerReport, async ({ actor, params, body }) => {
      const county = countyOf(actor, body.county);
      return isRefusal(county) ? county : partners.retry(actor, county, params.id, params.report);
    }),
  ];
};
