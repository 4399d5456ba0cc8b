import { say } from '../../base/text/language.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import { handle, type Mounted } from '../../platform/http/handler.ts';
import { textsOf } from '../../platform/texts.ts';
import { dispatchQuality, explainDispatch, listReplies, readDispatchRules, setDispatchRules, suggest, tryDispatchRules } from './contract/routes.ts';
import type { Cases } from './service/cases.ts';
import type { Needs } from './service/needs.ts';

/** Cases that a dry run looks over at the most, newest first. */
const triedAtMost = 5_000;

export const caseRoutes = (cases: Cases, { world, identity, matters, components }: Needs): Mounted[] => {
  const countyOf = async (asked: string | undefined) => identity.county(asked);
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
    handle(readDispatchRules, async ({ actor }) => {
      const county = await countyOf(actor.grants[0]?.county);
      if (isRefusal(county)) return county;
      if (!identity.permits(actor, county, 'rules.read')) return refuse(403, 'matters.not-allowed', { action: 'rules' });
      const { version, rules } = await cases.routing.rules(county);
      return { version, rules: [...rules] };
    }),
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
      return {
        tried: tried.length, same: tried.length - changed.length,
        changed: changed.slice(0, 200).map(({ matter, was, would, order }) => ({ id: matter.id, number: matter.number, title: matter.title, was, would, order })),
      };
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
