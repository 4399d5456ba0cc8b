import type { Json } from '../../../base/canonical.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Refusal } from '../../../base/result.ts';
import { remembered, type Remembered } from '../../../platform/remembered.ts';
import { shippedCategories } from '../../cases/index.ts';
import type { Area } from '../../settings/index.ts';
import { SensingSettings, type SensorRule } from '../contract/settings.ts';
import { ruleFault, withOwn, type Sensing } from '../rules/kinds.ts';
import { readSettings } from '../store/settings.ts';
import { sensorKinds, shippedSensing, type Needs } from './needs.ts';

/** A rule that is followed: on, and with the stored path of its area. */
export interface Active { readonly rule: SensorRule; /** Empty: everywhere. */ readonly path: string }

/** What counts for a county, as intake asks it. */
export interface Counting extends Sensing {
  /** Rules that are followed, by `kind measure`. */
  readonly active: ReadonlyMap<string, readonly Active[]>;
  readonly byCode: ReadonlyMap<string, SensorRule>;
}

/** How long a county's own values are kept in memory, in milliseconds. */
const keepMs = 5_000;

export const activeOf = (rules: readonly SensorRule[], pathOf: (area: string) => string | undefined): Map<string, Active[]> => {
  const active = new Map<string, Active[]>();
  for (const rule of rules) {
    const path = rule.area === undefined ? '' : pathOf(rule.area);
    if (rule.off || path === undefined) continue;
    const key = `${rule.kind} ${rule.measure}`;
    active.set(key, [...(active.get(key) ?? []), { rule, path }]);
  }
  return active;
};

/** Gives what counts for a county; `forget` makes the next reading a new one. */
export const createCounting = ({ world, places }: Pick<Needs, 'world' | 'places'>): Remembered<Counting> => {
  const shipped = shippedSensing();
  return remembered(world.now, keepMs, async (county) => {
    const sensing = withOwn(shipped, (await readSettings(world.db, county)) ?? {});
    const tree = await places.tree(county as CountyCode);
    return { ...sensing, active: activeOf(sensing.rules, (area) => tree.find(area)?.path), byCode: new Map(sensing.rules.map((rule) => [rule.code, rule])) };
  });
};

/** What a county may set of its sensors. */
export const sensingArea = ({ places }: Pick<Needs, 'places'>, counting: Remembered<Counting>): Area => ({
  name: 'sensing', path: ['sensing'], schema: SensingSettings, edit: ['settings.edit', 'flow.edit'], shipped: () => shippedSensing() as unknown as Json,
  async check(county, document) {
    const { rules = [] } = document as SensingSettings;
    const wrong = (at: number, member: string, reason: string): Refusal => refuse(422, reason, undefined, [{ path: `/rules/${at}/${member}`, reason }]);
    const tree = await places.tree(county as CountyCode);
    for (const [at, rule] of rules.entries()) {
      const fault = ruleFault(rule, sensorKinds);
      if (fault) return wrong(at, fault.member, fault.reason);
      if (rule.area !== undefined && !tree.find(rule.area)) return wrong(at, 'area', 'sensing.rule.area');
      if (rule.category !== undefined && !shippedCategories.categories.some((one) => one.code === rule.category)) return wrong(at, 'category', 'sensing.rule.category');
      if (rules.findIndex(({ code }) => code === rule.code) !== at) return wrong(at, 'code', 'settings.twice');
    }
    return document;
  },
  preview: async () => [{ words: 'effect.sensing' }],
  changed: (county) => counting.forget(county),
});
