import type { Actor } from '../../base/actor.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import * as contract from './contract.ts';
import type { Outreach } from './index.ts';

/** The addresses of the logbook and of what could not be sent. */
export const outreachRoutes = (outreach: Outreach): Mounted[] => {
  const countyOf = (actor: Actor, asked: string | undefined): string => asked ?? actor.grants[0]?.county ?? '';
  return [
    handle(contract.listDeliveries, async ({ actor, query, language }) => {
      const { county, ...rest } = query;
      return outreach.list(actor, countyOf(actor, county), rest, language);
    }),
    handle(contract.resendDelivery, async ({ actor, params, body, language }) => outreach.resend(actor, countyOf(actor, body.county), params.id, language)),
    handle(contract.markDelivery, async ({ actor, params, body, language }) => outreach.mark(actor, countyOf(actor, body.county), params.id, body.as, language)),
  ];
};
