import type { Actor } from '../../../base/actor.ts';
import type { Language } from '../../../base/text/language.ts';
import type { Area } from '../../settings/index.ts';
import type { Kind } from '../../matters/index.ts';
import type { ReportDesk } from '../pages/desk.ts';
import type { CaseSettings } from '../rules/facts.ts';
import { caseWorkflow } from '../rules/case.ts';
import { relationsOf } from '../rules/links.ts';
import { taskWorkflow } from '../rules/task.ts';
import { createArea } from './area.ts';
import { caseAreas } from './settings/areas.ts';
import { createCategories, type Categories } from './settings/categories.ts';
import { createDesk } from './desk.ts';
import { createExplain } from './explain.ts';
import { createFacts } from './facts.ts';
import { createFollowTokens, type FollowTokens } from './follow/follow.ts';
import type { Needs, Vouched } from './needs.ts';
import { createRouting, type Routing } from './routing.ts';
import { createSettings } from './settings/settings.ts';
import { createSuggest, type SuggestAsk } from './suggest.ts';
import type { DispatchQuality, Suggestion } from '../contract/routes.ts';
import { createSharing, type Sharing } from './load.ts';
import { createQuality } from './quality.ts';

/** Reporting and handling of cases. */
export interface Cases {
  readonly routing: Routing;
  readonly tokens: FollowTokens;
  /** What a county may set of the case flow. */
  readonly areas: readonly Area[];
  /** What ships, and the county's own over it. */
  settings(county: string): Promise<CaseSettings>;
  /** Assignment by load. */
  readonly sharing: Sharing;
  /** How well cases were dispatched in the last days. */
  quality(county: string, days: number, language: Language): Promise<DispatchQuality>;
  /** The kinds of case that people report there. */
  categories(county: string): Promise<Categories>;
  suggest(actor: Actor, county: string, ask: SuggestAsk): Promise<Suggestion>;
  /** What the resident pages of a county ask of the system. */
  desk(county: string): Promise<ReportDesk>;
  /** Lets an actor put pictures to use that somebody else took in for them (a demo's history); served digest to the original's. */
  vouch(actor: Actor, pictures: ReadonlyMap<string, string>): void;
}

/** Registers the kinds `case` and `task` with the kernel and gives what pages and routes need. */
export const createCases = (needs: Needs): Cases => {
  const settings = createSettings(needs.world);
  const categories = createCategories(needs);
  const tokens = createFollowTokens(needs.world.keys);
  const routing = createRouting(needs);
  const vouched: Vouched = new WeakMap();
  const facts = createFacts({ needs, routing, settings, categories, tokens, vouched });
  const explain = createExplain(needs);
  const kind = (workflow: Kind['workflow']): Kind => ({ workflow, facts, explain, related: relationsOf, others: (_action, input: { into?: string; other?: string }) => [input.into, input.other].filter((id) => id !== undefined) });
  needs.matters.register(kind(caseWorkflow));
  needs.matters.register(kind(taskWorkflow));
  const suggest = createSuggest(needs, settings, categories);
  return {
    routing, tokens, settings, categories, suggest, quality: createQuality(needs, routing), sharing: createSharing(needs), areas: caseAreas(needs, settings, categories),
    desk: async (county) => createDesk({ needs, suggest, categories, tokens, vouched, area: await createArea(needs, county) }, county),
    vouch: (actor, given) => void vouched.set(actor, given),
  };
};
