import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { callbackFigures, callbackPhone, callbackResult, listCallbacks, openCallback, takeCallback } from './contract.ts';
import type { Callbacks } from './service.ts';

const usualDays = 30;

export const callbackRoutes = (callbacks: Callbacks): Mounted[] => {
  const countyOf = (actor: Actor) => actor.grants[0]?.county ?? refuse(403, 'matters.no-county');
  return [
    handle(listCallbacks, async ({ actor, query, language }) => {
      const county = countyOf(actor);
      return isRefusal(county) ? county : callbacks.list(actor, county, query, language);
    }),
    handle(callbackFigures, async ({ actor, query, language }) => {
      const county = countyOf(actor);
      return isRefusal(county) ? county : callbacks.figures(actor, county, query.days ?? usualDays, language);
    }),
    handle(takeCallback, async ({ actor, language }) => {
      const county = countyOf(actor);
      return isRefusal(county) ? county : callbacks.take(actor, county, null, language);
    }),
    handle(openCallback, async ({ actor, params, language }) => {
      const county = countyOf(actor);
      return isRefusal(county) ? county : callbacks.take(actor, county, params.id, language);
    }),
    handle(callbackPhone, async ({ actor, params }) => {
      const county = countyOf(actor);
      return isRefusal(county) ? county : callbacks.phone(actor, county, params.id);
    }),
    handle(callbackResult, async ({ actor, params, body }) => {
      const county = countyOf(actor);
      return isRefusal(county) ? county : callbacks.result(actor, county, params.id, body);
    }),
  ];
};
