import type { Actor } from '../../base/actor.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal } from '../../base/result.ts';
import { sendDownload } from '../../platform/http/download.ts';
import { tableTypes, writeTable } from '../../platform/tables/written.ts';
import { textsOf } from '../../platform/texts.ts';
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
    handle(contract.exportDeliveries, async ({ actor, query, language, reply }) => {
      const { county, format, ...rest } = query;
      const table = await outreach.exported(actor, countyOf(actor, county), rest, format, language);
      if (isRefusal(table)) return table;
      sendDownload(reply, { type: tableTypes[format], file: `${say(textsOf('outreach'), language, 'export_file')}.${format}` }, writeTable(format, table));
      return undefined;
    }),
    handle(contract.resendDelivery, async ({ actor, params, body, language }) => outreach.resend(actor, countyOf(actor, body.county), params.id, language)),
    handle(contract.markDelivery, async ({ actor, params, body, language }) => outreach.mark(actor, countyOf(actor, body.county), params.id, body.as, language)),
  ];
};
