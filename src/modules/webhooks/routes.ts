import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { say } from '../../base/text/language.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { inParts, type Identity } from '../identity/index.ts';
import { addWebhook, changeWebhook, exportWebhooks, listEvents, listWebhooks, removeWebhook } from './contract.ts';
import type { Webhooks } from './index.ts';

const usual = 100;

/** @param offsetOf minutes that a county's time is ahead of UTC */
export const webhookRoutes = (webhooks: Webhooks, identity: Pick<Identity, 'world' | 'accounts' | 'permits' | 'send'>, offsetOf: (county: string) => number): Mounted[] => {
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
    handle(exportWebhooks, async ({ actor, query, language, reply }) => {
      const county = countyOf(actor, query.county);
      if (isRefusal(county)) return county;
      const items = await webhooks.list(actor, county, language);
      if (isRefusal(items)) return items;
      const names = await identity.accounts.names(identity.world.db, [...new Set(items.map(({ account }) => account))]);
      const word = (key: string): string => say(textsOf('webhooks'), language, `export.${key}`);
      return identity.send(reply, {
        county, kind: 'webhook', actor, grant: identity.permits(actor, county, 'accounts.edit')!, format: query.format, filter: {}, file: word('file'), offsetMinutes: offsetOf(county),
        columns: ['url', 'program', 'since', 'active', 'seq', 'failures', 'error', 'next'].map(word),
        rowOf: ({ url, account, createdAt, active, seq, failures, errorWords, nextAt }) => [url, names.get(account) ?? account, { at: Date.parse(createdAt) }, word(active ? 'yes' : 'no'), seq, failures, errorWords, active && failures > 0 ? { at: Date.parse(nextAt) } : null],
      }, inParts(items));
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
