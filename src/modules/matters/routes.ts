import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import { sendDownload, sendLines } from '../../platform/http/download.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { tableTypes, writeTable } from '../../platform/tables/written.ts';
import { actInBulk, actOnMatter, bulkActions, dropFilter, exportMatters, listMatters, listSavedFilters, makeMatter, previewBulk, readDue, readMatter, saveFilter } from './contract.ts';
import type { Matters } from './service/matters.ts';

export interface MatterRoutesDependencies {
  readonly matters: Matters;
  /** The first action of a kind where the caller names none. */
  firstAction(kind: string): string | undefined;
  /** Where a matter belongs that is made without saying: the only county, or the one its point lies in. */
  countyFor(kind: string, input: unknown): string | undefined;
  /** Stored path of a place's code. */
  pathOf(county: string, code: string): string | undefined;
}

const itemsOf = <T>(items: Result<T[]>): Result<{ items: T[] }> => (isRefusal(items) ? items : { items });

export const matterRoutes = ({ matters, firstAction, countyFor, pathOf }: MatterRoutesDependencies): Mounted[] => {
  /** A place is asked for by its code, and everything under it is meant. */
  const withPath = <Q extends { readonly place?: string }>(actor: Actor, { place, ...rest }: Q): Result<Omit<Q, 'place'> & { readonly path?: string }> => {
    if (place === undefined) return rest;
    const county = actor.grants[0]?.county;
    const path = county === undefined ? undefined : pathOf(county, place);
    return path === undefined ? refuse(422, 'matters.no-such-place', { place }) : { ...rest, path };
  };
  return [
    handle(makeMatter, async ({ actor, body }) => {
      const action = body.action ?? firstAction(body.kind);
      if (!action || !matters.kinds.find(body.kind)) return refuse(422, 'matters.no-such-kind', { kind: body.kind });
      const county = body.county ?? actor.grants[0]?.county ?? countyFor(body.kind, body.input);
      if (county === undefined) return refuse(422, 'matters.no-county');
      return matters.act({ actor, behalf: null, county, kind: body.kind, matter: null, action, input: body.input, op: body.op, ...(body.done && { done: body.done }) });
    }),
    handle(readDue, ({ actor, params, language }) => matters.due(actor, params.id, language)),
    handle(actOnMatter, async ({ actor, params, body }) => {
      const found = await matters.find(actor, params.id);
      const asked = { matter: params.id, action: body.action, input: body.input ?? {}, op: body.op };
      if ('refused' in found) return (await matters.answered(actor, asked)) ?? found;
      return matters.act({ ...asked, ...(body.done && { done: body.done }), actor, behalf: null, county: found.county, kind: found.kind });
    }),
    handle(listMatters, async ({ actor, query, language }) => {
      const ask = withPath(actor, query);
      return isRefusal(ask) ? ask : matters.list(actor, ask, language);
    }),
    handle(exportMatters, async ({ actor, query, language, reply }) => {
      const ask = withPath(actor, query);
      if (isRefusal(ask)) return ask;
      const made = await matters.exported(actor, ask, language);
      if (isRefusal(made)) return made;
      sendDownload(reply, { type: tableTypes[query.format], file: made.file }, writeTable(query.format, made.table));
      return undefined;
    }),
    handle(bulkActions, async ({ actor, body, language }) => {
      const items = await matters.bulk.actions(actor, body.matters, language);
      return isRefusal(items) ? items : { items };
    }),
    handle(previewBulk, async ({ actor, body, language }) => {
      const items = await matters.bulk.preview(actor, body, language);
      if (isRefusal(items)) return items;
      const done = items.filter(({ ok }) => ok).length;
      return { possible: done, refused: items.length - done, items };
    }),
    handle(actInBulk, async ({ actor, body, language, reply }) => {
      const results = await matters.bulk.carry(actor, body, language);
      if (isRefusal(results)) return results;
      sendLines(reply, results);
      return undefined;
    }),
    handle(listSavedFilters, async ({ actor }) => itemsOf(await matters.saved.list(actor))),
    handle(saveFilter, async ({ actor, body }) => itemsOf(await matters.saved.put(actor, body))),
    handle(dropFilter, async ({ actor, query }) => itemsOf(await matters.saved.drop(actor, query.name))),
    handle(readMatter, async ({ actor, params, language }) => matters.page(actor, params.id, language)),
  ];
};
