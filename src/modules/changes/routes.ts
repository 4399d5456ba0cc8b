import { say } from '../../base/text/language.ts';
import { isRefusal } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from '../identity/index.ts';
import { backChange, listChanges } from './contract.ts';
import type { Changes } from './service.ts';

/** Thin: in which county, and whose names. */
export const changeRoutes = (changes: Changes, { world, accounts, roles, county: countyOf }: Pick<Identity, 'world' | 'accounts' | 'roles' | 'county'>): Mounted[] => [
  handle(listChanges, async ({ actor, query, language }) => {
    const { county: asked, limit = 30, ...filter } = query;
    const county = await countyOf(asked ?? actor.grants[0]?.county);
    if (isRefusal(county)) return county;
    const found = await changes.list(actor, county, { ...filter, limit }, language);
    if (isRefusal(found)) return found;
    const names = await accounts.names(world.db, [...new Set(found.items.map(({ entry }) => entry.actor.id as string).filter((id) => /^[0-9a-f-]{36}$/u.test(id)))]);
    return {
      items: found.items.map(({ seq, entry, title, lines, way }) => ({
        seq, at: entry.at, author: names.get(entry.actor.id) ?? say(textsOf('changes'), language, 'author.system'), kind: entry.kind, action: entry.action, title, lines: [...lines], way: { ...way, page: [...way.page] },
        role: roles.roles[entry.actor.role]?.label[language] ?? (entry.actor.role === 'system' ? say(textsOf('changes'), language, 'author.system') : entry.actor.role),
      })),
      next: found.next,
    };
  }),
  handle(backChange, async ({ actor, params, body }) => {
    const county = await countyOf(body.county ?? actor.grants[0]?.county);
    return isRefusal(county) ? county : changes.back(actor, county, params.seq);
  }),
];
