import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { say } from '../../base/text/language.ts';
import type { Cell } from '../../platform/tables/written.ts';
import { allPages, type Identity } from '../identity/index.ts';
import { callbackFigures, callbackPhone, callbackResult, exportCallbacks, listCallbacks, openCallback, takeCallback } from './contract.ts';
import type { Callbacks } from './service.ts';

const usualDays = 30;

/** @param offsetOf minutes that a county's time is ahead of UTC now */
export const callbackRoutes = (callbacks: Callbacks, identity: Pick<Identity, 'permits' | 'send'>, offsetOf: (county: string) => number): Mounted[] => {
  const countyOf = (actor: Actor) => actor.grants[0]?.county ?? refuse(403, 'matters.no-county');
  return [
    handle(listCallbacks, async ({ actor, query, language }) => {
      const county = countyOf(actor);
      return isRefusal(county) ? county : callbacks.list(actor, county, query, language);
    }),
    handle(exportCallbacks, async ({ actor, query: { state, format }, language, reply }) => {
      const county = countyOf(actor);
      if (isRefusal(county)) return county;
      const read = (after?: string) => callbacks.list(actor, county, { ...(state !== undefined && { state }), ...(after !== undefined && { after }), limit: 100 }, language);
      const first = await read();
      if (isRefusal(first)) return first;
      const word = (key: string): string => say(textsOf('exports'), language, `callbacks.${key}`);
      const moment = (text: string | null): Cell => (text === null ? null : { at: Date.parse(text) });
      return identity.send(reply, {
        county, kind: 'callbacks', actor, grant: identity.permits(actor, county, 'callbacks.work')!, format, filter: { state }, file: word('file'), offsetMinutes: offsetOf(county),
        columns: ['created', 'state', 'cases', 'titles', 'tries', 'ended', 'by'].map(word),
        rowOf: (one) => [moment(one.createdAt), word(`state.${one.state}`), one.parts.map(({ number }) => number).join('、'), one.parts.map(({ title }) => title).join('；'), one.tries, moment(one.endedAt), one.takenBy],
      }, allPages(first, read));
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
