import type { Actor, Grant } from '../../../base/actor.ts';
import { localDay } from '../../../base/time/calendar.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { remembered } from '../../../platform/remembered.ts';
import type { Matter } from '../../matters/index.ts';
import type { Route } from '../rules/facts.ts';
import type { DispatchRule } from '../contract/dispatch.ts';
import { routeBy, type Miss, type Routed } from '../rules/routing.ts';
import { readRules, ruleVersionsBelow, writeRules, type RulesVersionRow } from '../store/rules.ts';
import type { Needs } from './needs.ts';
import { rulesDigest } from './tracing.ts';

/** Dispatch rules of the counties, in memory. */
export interface Routing {
  rules(county: string): Promise<{ readonly version: number; readonly rules: readonly DispatchRule[] }>;
  route(county: string, about: { code: string; path: string; ownerUnit: string | null; at: number }): Promise<{ readonly route: Route | null; readonly misses: readonly Miss[] }>;
  /** Sets the whole list, on top of the version that was read. Refusals: 403, 409 where somebody else has changed them, 422 for a unit or place that is not there. */
  set(actor: Actor, county: string, version: number, rules: readonly DispatchRule[]): Promise<Result<{ version: number }>>;
  /** What a list would have done with past cases, beside what was done and what the rules that count now would do. Nothing is changed. */
  dryRun(county: string, rules: readonly DispatchRule[], cases: readonly Matter[]): Promise<readonly Tried[]>;
  /** Versions below a number, newest first, each with its list. */
  versions(county: string, below: number | null, limit: number): Promise<readonly RulesVersionRow[]>;
}

/** A past case under a list of rules. */
export interface Tried {
  readonly matter: Matter;
  /** The unit that has it. */
  readonly was: string | null;
  /** Where the rules that count now send it, and where the list would. */
  readonly now: string | null;
  readonly would: string | null;
  /** Place of the rule that decides. */
  readonly order: number | null;
}

/** How late another process's change of the rules may be seen, in milliseconds. */
const keepMs = 10_000;

export const createRouting = ({ world, ledger, identity, places, components, matters }: Needs): Routing => {
  const kept = remembered(world.now, keepMs, async (county) => (await readRules(world.db, county)) ?? { version: 0, rules: [] });
  const rules: Routing['rules'] = (county) => kept(county);
  const routed = (county: string, { code, path, ownerUnit, at }: { code: string; path: string; ownerUnit: string | null; at: number }): Routed => {
    const calendar = matters.calendar(county);
    const minute = Math.floor((at + calendar.offsetMinutes * 60_000) / 60_000) % 1440;
    return { code, path, ownerUnit, minute, weekday: (((localDay(calendar, at) + 4) % 7) + 7) % 7 };
  };
  const wrong = async (county: string, list: readonly DispatchRule[]) => {
    const units = await identity.units.get(world.db, county, [...new Set(list.map((rule) => rule.unit))]);
    const tree = await places.tree(county as CountyCode);
    return list.flatMap((rule, index) => [
      ...(rule.unit !== 'owner' && !units.has(rule.unit) ? [{ path: `/rules/${index}/unit`, reason: 'case.no-unit' }] : []),
      ...(rule.place !== undefined && !tree.find(rule.place) ? [{ path: `/rules/${index}/place`, reason: 'matters.no-such-place', params: { place: rule.place } }] : []),
    ]);
  };
  return {
    rules,
    route: async (county, about) => routeBy((await rules(county)).rules, routed(county, about)),
    async set(actor, county, version, list) {
      const right: Pick<Grant, 'role' | 'unit'> | undefined = identity.permits(actor, county, 'rules.edit');
      if (!right) return refuse(403, 'matters.not-allowed', { action: 'rules' });
      const errors = await wrong(county, list);
      if (errors.length > 0) return refuse(422, 'case.rules-wrong', { count: errors.length }, errors);
      const now = world.now();
      const set = await world.db.transaction(async (tx) => {
        if (!(await writeRules(tx, county, { version: version + 1, rules: list }, actor.id, now))) return false;
        await ledger.append(tx, [{
          v: 1, county: county as CountyCode, subject: 'config', kind: 'dispatch-rules', action: 'set', actor: { id: actor.id, role: right.role, ...(right.unit && { unit: right.unit }) },
          at: new Date(now).toISOString(), set: { version: version + 1, rules: list.length, digest: rulesDigest(list) },
        }]);
        return true;
      });
      kept.forget(county);
      if (!set) return refuse(409, 'case.rules-moved');
      ledger.sequencer.nudge(county);
      return { version: version + 1 };
    },
    async dryRun(county, list, cases) {
      const { rules: present } = await rules(county);
      return Promise.all(cases.map(async (matter) => {
        const { facets } = matter;
        const component = facets.component ? await components.find(county, facets.component) : undefined;
        const about = routed(county, { code: facets.code ?? '', path: facets.path ?? '', ownerUnit: component?.ownerUnit ?? null, at: matter.createdAt });
        const { route } = routeBy(list, about);
        return { matter, was: facets.leadUnit ?? null, now: routeBy(present, about).route?.unit ?? null, would: route?.unit ?? null, order: route?.order ?? null };
      }));
    },
    versions: (county, below, limit) => ruleVersionsBelow(world.db, county, below, limit),
  };
};
