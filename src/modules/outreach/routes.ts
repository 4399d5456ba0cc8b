import type { FastifyReply } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { sendDownload } from '../../platform/http/download.ts';
import { tableTypes, writeTable } from '../../platform/tables/written.ts';
import { textsOf } from '../../platform/texts.ts';
import { allPages, type Identity } from '../identity/index.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import * as contract from './contract.ts';
import type { Outreach } from './index.ts';
import type { Told } from './service/telling.ts';

/** What an aggregator is told, in its own words; a secret that is not its finds nothing here. */
const thanked = async (reply: FastifyReply, words: string | undefined) => {
  if (words === undefined) return refuse(404, 'http.not_found');
  await reply.type(words.startsWith('{') ? 'application/json; charset=utf-8' : words.startsWith('<') ? 'application/xml; charset=utf-8' : 'text/plain; charset=utf-8').send(words);
  return undefined;
};

const toldOf = ({ chosen, ...rest }: Told): contract.ToldView => ({
  ...rest, offers: [...rest.offers], chosenAt: chosen === null ? null : new Date(chosen.at).toISOString(), chosenBy: chosen?.by ?? null,
});

/**
 * The addresses of the logbook and of what could not be sent.
 * @param offsetOf minutes that a county's time is ahead of UTC
 */
export const outreachRoutes = (outreach: Outreach, identity: Pick<Identity, 'permits' | 'send'>, offsetOf: (county: string) => number): Mounted[] => {
  const countyOf = (actor: Actor, asked: string | undefined): string => asked ?? actor.grants[0]?.county ?? '';
  return [
    handle(contract.readNotices, ({ actor, query }) => outreach.notices.read(actor, query.here)),
    handle(contract.askNotices, ({ actor, body: { key, ...subscription } }) => outreach.notices.ask(actor, subscription, key)),
    handle(contract.stopNotices, ({ actor, body }) => outreach.notices.stop(actor, body.endpoint)),
    handle(contract.setQuiet, ({ actor, body }) => outreach.notices.quiet(actor, body.quiet)),
    handle(contract.listDeliveries, async ({ actor, query, language }) => {
      const { county, ...rest } = query;
      return outreach.list(actor, countyOf(actor, county), rest, language);
    }),
    handle(contract.exportDeliveries, async ({ actor, query, language, reply }) => {
      const { county, format, ...rest } = query;
      const table = await outreach.exported(actor, countyOf(actor, county), rest, format, language);
      if (isRefusal(table)) return table;
      sendDownload(reply, { type: tableTypes[format], file: `${say(textsOf('outreach'), language, 'export_file')}.${format}` }, writeTable(format, table));
      return undefined;
    }),
    handle(contract.listInbound, ({ actor, query, language }) => outreach.inbound.open(actor, countyOf(actor, query.county), query.after, query.limit ?? 50, language)),
    handle(contract.exportInbound, async ({ actor, query: { county: asked, format }, language, reply }) => {
      const county = countyOf(actor, asked);
      const read = (after?: string) => outreach.inbound.open(actor, county, after, 100, language);
      const first = await read();
      if (isRefusal(first)) return first;
      const word = (key: string): string => say(textsOf('exports'), language, `inbound.${key}`);
      return identity.send(reply, {
        county, kind: 'inbound', actor, grant: identity.permits(actor, county, 'deliveries.read')!, format, filter: {}, file: word('file'), offsetMinutes: offsetOf(county),
        columns: ['at', 'from', 'text', 'reason'].map(word), rowOf: (one) => [{ at: Date.parse(one.receivedAt) }, one.from, one.text, one.reason],
      }, allPages(first, read));
    }),
    handle(contract.doneInbound, ({ actor, params, body }) => outreach.inbound.done(actor, countyOf(actor, body.county), params.id)),
    handle(contract.listLinks, ({ actor, query, language }) => outreach.links(actor, countyOf(actor, query.county), language)),
    handle(contract.wechatAsks, async ({ params, query, reply }) => thanked(reply, await outreach.wechat?.called(params.county, query, undefined))),
    handle(contract.wechatSays, async ({ params, query, upload, reply }) => {
      const body = await upload();
      return isRefusal(body) ? body : thanked(reply, await outreach.wechat?.called(params.county, query, body.bytes.toString('utf8')));
    }),
    handle(contract.aggregatorPosts, async ({ params, body, reply }) => thanked(reply, await outreach.fromAggregator(params.secret, body))),
    handle(contract.aggregatorForms, async ({ params, form, reply }) => {
      const posted = await form();
      return isRefusal(posted) ? posted : thanked(reply, await outreach.fromAggregator(params.secret, Object.fromEntries(Object.entries(posted.fields).map(([name, values]) => [name, values[0]]))));
    }),
    handle(contract.readTold, async ({ actor, params, query }) => {
      const told = await outreach.telling.readFor(actor, countyOf(actor, query.county), params.id);
      return isRefusal(told) ? told : toldOf(told);
    }),
    handle(contract.chooseTold, async ({ actor, params, body }) => {
      const { county, asked, seen, ...change } = body;
      const kept = await outreach.telling.chooseFor(actor, countyOf(actor, county), params.id, change, { asked, seen });
      if (isRefusal(kept)) return kept;
      const { mailed, ...told } = kept;
      return { told: toldOf(told), mailed };
    }),
    handle(contract.callScript, ({ actor, params, body }) => outreach.script(actor, countyOf(actor, body.county), params.id)),
    handle(contract.calledDelivery, ({ actor, params, body, language }) => outreach.called(actor, countyOf(actor, body.county), params.id, body.result, language)),
    handle(contract.postLetters, ({ actor, body, language }) => outreach.posted(actor, countyOf(actor, body.county), body.ids, language)),
    handle(contract.returnedLetter, ({ actor, params, body, language }) => outreach.returned(actor, countyOf(actor, body.county), params.id, language)),
    handle(contract.resendDelivery, async ({ actor, params, body, language }) => outreach.resend(actor, countyOf(actor, body.county), params.id, language)),
    handle(contract.markDelivery, async ({ actor, params, body, language }) => outreach.mark(actor, countyOf(actor, body.county), params.id, body.as, language)),
  ];
};
