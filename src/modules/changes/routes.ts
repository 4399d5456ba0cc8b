import { say } from '../../base/text/language.ts';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import type { Actor } from '../../base/actor.ts';
import type { Language } from '../../base/text/language.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { allPages, type Identity, type ListPage } from '../identity/index.ts';
import { holds } from '../identity/rules.ts';
import { backChange, exportChanges, listChanges, type ChangedView } from './contract.ts';
import type { Changes } from './service.ts';

/**
 * Thin: in which county, and whose names.
 * @param offsetOf minutes that a county's time is ahead of UTC
 */
export const changeRoutes = (changes: Changes, { world, accounts, roles, county: countyOf, send }: Pick<Identity, 'world' | 'accounts' | 'roles' | 'county' | 'send'>, offsetOf: (county: string) => number): Mounted[] => {
  const page = async (actor: Actor, county: string, ask: Parameters<Changes['list']>[2], language: Language): Promise<Result<{ items: ChangedView[]; next: number | null }>> => {
    const found = await changes.list(actor, county, ask, language);
    if (isRefusal(found)) return found;
    const names = await accounts.names(world.db, [...new Set(found.items.map(({ entry }) => entry.actor.id as string).filter((id) => /^[0-9a-f-]{36}$/u.test(id)))]);
    return {
      items: found.items.map(({ seq, entry, title, lines, way }) => ({
        seq, at: entry.at, author: names.get(entry.actor.id) ?? say(textsOf('changes'), language, 'author.system'), kind: entry.kind, action: entry.action, title, lines: [...lines], way: { ...way, page: [...way.page] },
        role: roles.roles[entry.actor.role]?.label[language] ?? (entry.actor.role === 'system' ? say(textsOf('changes'), language, 'author.system') : entry.actor.role),
      })),
      next: found.next,
    };
  };
  return [
    handle(listChanges, async ({ actor, query, language }) => {
      const { county: asked, limit = 30, ...filter } = query;
      const county = await countyOf(asked ?? actor.grants[0]?.county);
      return isRefusal(county) ? county : page(actor, county, { ...filter, limit }, language);
    }),
    handle(exportChanges, async ({ actor, query: { county: asked, format, ...filter }, language, reply }) => {
      const county = await countyOf(asked ?? actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      const grant = actor.grants.find((one) => one.county === county && holds(one, world.now()));
      if (!grant) return refuse(403, 'identity.not_permitted');
      const read = async (after?: string): Promise<Result<ListPage<ChangedView>>> => {
        const found = await page(actor, county, { ...filter, limit: 100, ...(after !== undefined && { before: Number(after) }) }, language);
        return isRefusal(found) ? found : { items: found.items, next: found.next === null ? null : String(found.next) };
      };
      const first = await read();
      if (isRefusal(first)) return first;
      const word = (key: string): string => say(textsOf('exports'), language, `changes.${key}`);
      return send(reply, {
        county, kind: 'changes', actor, grant, format, filter, file: word('file'), offsetMinutes: offsetOf(county), columns: ['seq', 'at', 'author', 'role', 'title', 'lines'].map(word),
        rowOf: (one) => [one.seq, { at: Date.parse(one.at) }, one.author, one.role, one.title, one.lines.map(({ label, before, after }) => `${label}：${before ?? '—'} → ${after ?? '—'}`).join('；')],
      }, allPages(first, read));
    }),
    handle(backChange, async ({ actor, params, body }) => {
      const county = await countyOf(body.county ?? actor.grants[0]?.county);
      return isRefusal(county) ? county : changes.back(actor, county, params.seq);
    }),
  ];
};
