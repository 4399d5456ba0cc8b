import type { Json } from '../../../../base/canonical.ts';
import { isWorking, limitMs } from '../../../../base/time/calendar.ts';
import type { Limit } from '../../../../base/time/limit.ts';
import { refuse, type Refusal } from '../../../../base/result.ts';
import type { Area, Effect } from '../../../settings/index.ts';
import { Reporting } from '../../contract/reporting.ts';
import { textsOf } from '../../../../platform/texts.ts';
import { CaseFlow, ContactPoints, SavedReasons, SavedReplies } from '../../contract/settings.ts';
import type { CaseSettings } from '../../rules/facts.ts';
import { shippedCategories } from './categories.ts';
import type { Needs } from '../needs.ts';
import { shippedSettings, type SettingsOf } from './settings.ts';

interface Option { readonly value: string; readonly words: string }

/** Days that a preview looks back, and cases that it looks at. */
const lookBack = { days: 30, cases: 5_000 } as const;

/** Which clock of which kind each limit of the flow is for. */
const clockOf: Readonly<Record<string, readonly [kind: string, clock: string]>> = {
  check: ['case', 'check'], file: ['case', 'file'], dispatch: ['case', 'dispatch'], accept: ['case', 'accept'], verify: ['case', 'verify'], task: ['task', 'handle'],
};

/** What the case flow lets a county set: limits, replies, and where people call or go. */
export const caseAreas = ({ world, matters }: Pick<Needs, 'world' | 'matters'>, settings: SettingsOf, categories: { forget(county: string): void }): readonly Area[] => {
  const shipped = shippedSettings();
  const limitsOf = (own: Json): Readonly<Record<string, Limit>> => ({ ...shipped.clocks, ...(own as Partial<CaseSettings> | null)?.clocks });
  const number = (own: Json, name: 'reopenDays' | 'extensionsAtMost' | 'holdDaysAtMost'): number => (own as Partial<CaseSettings> | null)?.[name] ?? shipped[name];

  /** How many of last month's clocks would have run out under another limit. */
  const preview = async (county: string, before: Json, after: Json): Promise<Effect[]> => {
    const [was, is] = [limitsOf(before), limitsOf(after)];
    const changed = Object.keys(is).filter((name) => was[name]!.amount !== is[name]!.amount || was[name]!.unit !== is[name]!.unit);
    const calendar = matters.calendar(county);
    const effects: Effect[] = [];
    const since = world.now() - lookBack.days * 86_400_000;
    for (const name of changed) {
      const [kind, clock] = clockOf[name]!;
      const limit = is[name]!;
      // Working time and time around the clock cannot be compared.
      const spent = (await matters.spentClocks(world.db, county, { kind, name: clock, since, limit: lookBack.cases })).filter(({ unit }) => isWorking(unit) === isWorking(limit.unit));
      const late = spent.filter(({ ms }) => ms > limitMs(calendar, limit)).length;
      const actually = spent.filter((one) => one.late).length;
      effects.push({ words: 'effect.cases.clock', params: { clock: `@cases.clocks.${name}`, counted: spent.length, late, was: actually }, tone: late > actually ? 'warn' : 'plain' });
    }
    for (const name of changed) {
      const [kind, clock] = clockOf[name]!;
      effects.push({ words: 'effect.cases.open', params: { clock: `@cases.clocks.${name}`, count: await matters.runningClocks(world.db, county, { kind, name: clock }) } });
    }
    for (const name of ['reopenDays', 'extensionsAtMost', 'holdDaysAtMost'] as const)
      if (number(before, name) !== number(after, name)) effects.push({ words: `effect.cases.${name}`, params: { was: number(before, name), is: number(after, name) } });
    return effects;
  };

  /** A list in which every item has a key of its own. */
  const eachOnce = (_county: string, document: Json): Refusal | undefined => {
    const keys = (document as unknown as readonly { readonly key: string }[]).map(({ key }) => key);
    const twice = keys.findIndex((key, index) => keys.indexOf(key) !== index);
    return twice < 0 ? undefined : refuse(422, 'settings.twice', { name: keys[twice]! }, [{ path: `/${twice}/key`, reason: 'settings.twice', params: { name: keys[twice]! } }]);
  };

  return [{
    name: 'cases', path: ['cases'], schema: CaseFlow, edit: ['settings.edit', 'flow.edit'], preview,
    shipped: () => { const { replies: _, reasons: __, ...rest } = shipped; return rest as unknown as Json; },
    async beside(county, language) {
      const texts = textsOf('settings');
      const named = (heading: string): Option[] => Object.entries(texts).flatMap(([key, words]) => (key.startsWith(`${heading}.`) && !key.slice(heading.length + 1).includes('.') ? [{ value: key.slice(heading.length + 1), words: words[language] }] : []));
      const posts = (await settings(county)).posts.map(({ post, name }) => ({ value: post, words: name?.[language] ?? texts[`cases.post.${post}`]?.[language] ?? post }));
      return { options: { to: posts, role: named('roles') } } as unknown as Json;
    },
    changed: (county) => settings.forget(county),
  }, {
    name: 'replies', path: ['cases', 'replies'], schema: SavedReplies, edit: ['settings.edit', 'flow.edit'],
    shipped: () => shipped.replies as unknown as Json,
    check: eachOnce,
    preview: async (_county, _before, after) => [{ words: 'effect.replies', params: { count: ((after as readonly Json[] | null) ?? shipped.replies).length } }],
    changed: (county) => settings.forget(county),
  }, {
    name: 'reasons', path: ['cases', 'reasons'], schema: SavedReasons, edit: ['settings.edit', 'flow.edit'],
    shipped: () => shipped.reasons as unknown as Json,
    check: eachOnce,
    preview: async (_county, _before, after) => [{ words: 'effect.reasons', params: { count: ((after as readonly Json[] | null) ?? shipped.reasons).length } }],
    changed: (county) => settings.forget(county),
  }, {
    name: 'contacts', path: ['contacts'], schema: ContactPoints, edit: ['settings.edit'],
    shipped: () => ({ phones: [], windows: [] }),
    preview: async () => [{ words: 'effect.contacts' }],
  }, {
    name: 'reporting', path: ['reporting'], schema: Reporting, edit: ['settings.edit', 'flow.edit'],
    shipped: () => ({ categories: Object.fromEntries(shippedCategories.categories.map(({ code, public: shown, place, anonymous, duplicates, questions }) => [code, { public: shown, place, anonymous, duplicates, questions }])) }) as unknown as Json,
    beside: (_county, language) => ({ options: { categories: shippedCategories.categories.map(({ code, name }) => ({ value: code, words: name[language] })) } }) as unknown as Json,
    check(_county, document) {
      const own = Object.entries((document as { readonly categories?: Readonly<Record<string, { readonly questions?: readonly { readonly datatype: string; readonly values?: readonly Json[] }[] }>> }).categories ?? {});
      for (const [code, { questions = [] }] of own) {
        if (!shippedCategories.categories.some((one) => one.code === code)) return refuse(422, 'settings.no_service', undefined, [{ path: `/categories/${code}`, reason: 'settings.no_service' }]);
        const empty = questions.findIndex(({ datatype, values }) => datatype.endsWith('list') !== (values !== undefined));
        if (empty >= 0) return refuse(422, 'settings.no_choices', undefined, [{ path: `/categories/${code}/questions/${empty}/values`, reason: 'settings.no_choices' }]);
      }
      return undefined;
    },
    preview: async (_county, _before, after) => [{ words: 'effect.reporting', params: { count: Object.keys((after as { readonly categories?: object } | null)?.categories ?? {}).length } }],
    changed: (county) => categories.forget(county),
  }];
};
