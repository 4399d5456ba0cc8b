import { say } from '../../base/text/language.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { exportLoad, mentionable, readLoad, shareOut, takeNextCase } from './contract/load.ts';
import { dispatchQuality, explainDispatch, listReasons, listReplies, readDispatchRules, setDispatchRules, suggest, tryDispatchRules, listRuleVersions, readRuleVersion, type RulesVersionItem } from './contract/routes.ts';
import type { Cases } from './service/cases.ts';
import type { Needs } from './service/needs.ts';

/** Cases that a dry run looks over at the most, newest first. */
const triedAtMost = 5_000;

export const caseRoutes = (cases: Cases, { world, identity, matters, components }: Needs): Mounted[] => {
  const countyOf = async (asked: string | undefined) => identity.county(asked);
  const versionItems = async (county: string, rows: readonly { readonly version: number; readonly rules: readonly unknown[]; readonly author: string; readonly at: Date }[]): Promise<RulesVersionItem[]> => {
    const [names, { version: present }] = await Promise.all([
      identity.accounts.names(world.db, [...new Set(rows.flatMap(({ author }) => (/^[0-9a-f-]{36}$/u.test(author) ? [author] : [])))]), cases.routing.rules(county),
    ]);
    return rows.map(({ version, rules, author, at }) => ({ version, at: at.toISOString(), author: names.get(author) ?? null, rules: rules.length, current: version === present }));
  };
  return [
    handle(suggest, async ({ actor, body: { county: asked, ...ask } }) => {
      const county = await countyOf(asked ?? actor.grants[0]?.county);
      return isRefusal(county) ? county : cases.suggest(actor, county, ask);
    }),
    handle(listReplies, async ({ actor, language }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      return { items: (await cases.settings(county)).replies.map(({ key, name, text }) => ({ key, name: name[language], text: text[language] })) };
    }),
    handle(listReasons, async ({ actor, language }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      return { items: (await cases.settings(county)).reasons.map(({ key, actions, text }) => ({ key, actions: [...actions], text: text[language] })) };
    }),
    handle(readDispatchRules, async ({ actor }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'rules.read')) return refuse(403, 'matters.not-allowed', { action: 'rules' });
      const { version, rules } = await cases.routing.rules(county);
      return { version, rules: [...rules] };
    }),
    handle(readLoad, async ({ actor, language }) => {
      const county = await countyOf(actor.grants[0]?.county);
      return isRefusal(county) ? county : cases.sharing.load(actor, county, language);
    }),
    handle(exportLoad, async ({ actor, query: { format }, language, reply }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      const load = await cases.sharing.load(actor, county, language);
      if (isRefusal(load)) return load;
      const word = (key: string): string => say(textsOf('exports'), language, `load.${key}`);
      const rows = [
        ...load.officers.map(({ name, unit, open, late }) => [word('person'), name, unit ?? '', open, late, '']),
        ...load.units.map(({ name, open, late, free }) => [word('unit'), '', name, open, late, free]),
        [word('desk'), '', '', '', '', load.free],
      ];
      return identity.send(reply, {
        county, kind: 'load', actor, grant: identity.permits(actor, county, 'load.read')!, format, filter: {}, file: word('file'), offsetMinutes: matters.calendar(county).offsetMinutes,
        columns: ['kind', 'name', 'of', 'open', 'late', 'free'].map(word), rowOf: (row) => row,
      }, (async function* () { yield rows; })());
    }),
    handle(takeNextCase, async ({ actor, body, language }) => {
      const county = await countyOf(actor.grants[0]?.county);
      return isRefusal(county) ? county : cases.sharing.next(actor, county, body.op, language);
    }),
    handle(shareOut, async ({ actor, body, language }) => {
      const county = await countyOf(actor.grants[0]?.county);
      return isRefusal(county) ? county : cases.sharing.share(actor, county, body, language);
    }),
    handle(mentionable, ({ actor, params, query }) => cases.sharing.people(actor, params.id, query.q ?? '')),
    handle(dispatchQuality, async ({ actor, query, language }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      return identity.permits(actor, county, 'rules.read') ? cases.quality(county, query.days ?? 30, language) : refuse(403, 'matters.not-allowed', { action: 'rules' });
    }),
    handle(setDispatchRules, async ({ actor, body }) => {
      const county = await countyOf(actor.grants[0]?.county);
      return isRefusal(county) ? county : cases.routing.set(actor, county, body.version, body.rules);
    }),
    handle(tryDispatchRules, async ({ actor, body }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'rules.read')) return refuse(403, 'matters.not-allowed', { action: 'rules' });
      const past = await matters.pastMatters(world.db, county, 'case', world.now() - (body.days ?? 30) * 86_400_000, triedAtMost);
      const rules = body.rules ?? (await cases.routing.rules(county)).rules;
      const tried = await cases.routing.dryRun(county, rules, past);
      const changed = tried.filter(({ was, would }) => was !== null && was !== would);
      const moved = tried.filter(({ now, would }) => now !== would);
      const start = body.after === undefined ? 0 : moved.findIndex(({ matter }) => matter.id === body.after) + 1;
      const page = moved.slice(start, start + (body.limit ?? 50));
      const pairs = [...Map.groupBy(moved, ({ now, would }) => `${now ?? ''} ${would ?? ''}`).values()].map((of) => ({ from: of[0]!.now, to: of[0]!.would, count: of.length })).sort((a, b) => b.count - a.count);
      return {
        tried: tried.length, same: tried.length - changed.length,
        changed: changed.slice(0, 200).map(({ matter, was, would, order }) => ({ id: matter.id, number: matter.number, title: matter.title, was, would, order })),
        moved: {
          total: moved.length, pairs, next: start + page.length < moved.length ? page.at(-1)!.matter.id : null,
          items: page.map(({ matter, now, would, order }) => ({ id: matter.id, number: matter.number, title: matter.title, from: now, to: would, order })),
        },
      };
    }),
    handle(listRuleVersions, async ({ actor, query }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'rules.read')) return refuse(403, 'matters.not-allowed', { action: 'rules' });
      const limit = query.limit ?? 20;
      const rows = await cases.routing.versions(county, query.after ?? null, limit + 1);
      const shown = rows.slice(0, limit);
      return { items: await versionItems(county, shown), next: rows.length > limit ? shown.at(-1)!.version : null };
    }),
    handle(readRuleVersion, async ({ actor, params }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'rules.read')) return refuse(403, 'matters.not-allowed', { action: 'rules' });
      const [row, before] = await cases.routing.versions(county, params.version + 1, 2);
      if (row?.version !== params.version) return refuse(404, 'settings.version', { version: params.version });
      return { version: (await versionItems(county, [row]))[0]!, rules: [...row.rules], before: [...(before?.rules ?? [])] };
    }),
    handle(explainDispatch, async ({ actor, params, language }) => {
      const located = await matters.locate(actor, params.id);
      if (isRefusal(located)) return located;
      const { county, whole: { matter } } = located;
      const component = matter.facets.component ? await components.find(county, matter.facets.component) : undefined;
      const { rules } = await cases.routing.rules(county);
      const { route, misses } = await cases.routing.route(county, { code: matter.facets.code ?? '', path: matter.facets.path ?? '', ownerUnit: component?.ownerUnit ?? null, at: world.now() });
      const unit = route ? (await identity.units.get(world.db, county, [route.unit])).get(route.unit) : undefined;
      return {
        unit: route ? { id: route.unit, name: unit?.name[language] ?? route.unit } : null, order: route?.order ?? null, words: route?.words?.[language] ?? '',
        misses: misses.map((because, index) => ({ order: index + 1, words: rules[index]!.words[language], because: say(textsOf('kinds'), language, `case.miss.${because}`) })),
      };
    }),
  ];
};
