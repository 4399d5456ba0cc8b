import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { addWebhook, changeWebhook, listEvents, listWebhooks, removeWebhook } from './contract.ts';
import type { Webhooks } from './index.ts';

const usual = 100;

export const webhookRoutes = (webhooks: Webhooks): Mounted[] => {
  /** The county that is said, else the caller's own; one where they have no grant is none of theirs. */
  const countyOf = (actor: Actor, asked: string | undefined) => {
    const own = actor.grants.map(({ county }) => county as string);
    const county = asked ?? own[0];
    return county !== undefined && own.includes(county) ? county : refuse(403, 'matters.no-county');
  };
  return [
    handle(listEvents, async ({ actor, query }) => {
      const county = countyOf(actor, query.county);
      if (isRefusal(county)) return county;
      const { events, next, more } = await webhooks.events(actor, county, query.after ?? 0, query.limit ?? usual);
      return { county, events: events.map(({ seq, entry }) => ({ seq, entry })), next, more };
    }),
    handle(listWebhooks, async ({ actor, query, language }) => {
      const county = countyOf(actor, query.county);
      const items = isRefusal(county) ? county : await webhooks.list(actor, county, language);
      return isRefusal(items) ? items : { items };
    }),
    handle(addWebhook, async ({ actor, body: { county: asked, ...ask } }) => {
      const county = countyOf(actor, asked);
      return isRefusal(county) ? county : webhooks.add(actor, county, ask);
    }),
    handle(changeWebhook, async ({ actor, params, body: { county: asked, ...ask }, language }) => {
      const county = countyOf(actor, asked);
      return isRefusal(county) ? county : webhooks.change(actor, county, params.id, ask, language);
    }),
    handle(removeWebhook, async ({ actor, params, query }) => {
      const county = countyOf(actor, query.county);
      return isRefusal(county) ? county : webhooks.remove(actor, county, params.id);
    }),
  ];
};
