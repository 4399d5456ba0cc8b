import { refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { actOnMatter, listMatters, makeMatter, readMatter } from './contract.ts';
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

export const matterRoutes = ({ matters, firstAction, countyFor, pathOf }: MatterRoutesDependencies): Mounted[] => [
  handle(makeMatter, async ({ actor, body }) => {
    const action = body.action ?? firstAction(body.kind);
    if (!action || !matters.kinds.find(body.kind)) return refuse(422, 'matters.no-such-kind', { kind: body.kind });
    const county = body.county ?? actor.grants[0]?.county ?? countyFor(body.kind, body.input);
    if (county === undefined) return refuse(422, 'matters.no-county');
    return matters.act({ actor, behalf: null, county, kind: body.kind, matter: null, action, input: body.input, op: body.op });
  }),
  handle(actOnMatter, async ({ actor, params, body }) => {
    const found = await matters.find(actor, params.id);
    const asked = { matter: params.id, action: body.action, input: body.input ?? {}, op: body.op };
    if ('refused' in found) return (await matters.answered(actor, asked)) ?? found;
    return matters.act({ ...asked, actor, behalf: null, county: found.county, kind: found.kind });
  }),
  handle(listMatters, async ({ actor, query, language }) => {
    const { place, ...rest } = query;
    const county = actor.grants[0]?.county;
    const path = place === undefined || county === undefined ? undefined : pathOf(county, place);
    if (place !== undefined && path === undefined) return refuse(422, 'matters.no-such-place', { place });
    return matters.list(actor, { ...rest, ...(path !== undefined && { path }) }, language);
  }),
  handle(readMatter, async ({ actor, params, language }) => matters.page(actor, params.id, language)),
];
