import type { Actor } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Remembered } from '../../../platform/remembered.ts';
import type { RuleItem, TriedRule } from '../contract/rules.ts';
import type { SensorRule } from '../contract/settings.ts';
import { isDuring, judge, type RuleMemory } from '../rules/judge.ts';
import { ruleFault } from '../rules/kinds.ts';
import { slotsOf } from '../rules/lines.ts';
import { alarmsSince, openByRule, readingsOf } from '../reads.ts';
import { kindOf, pathsWith, sensorKinds, shippedSensing, type Needs } from './needs.ts';
import type { Registry } from './registry.ts';
import type { Counting } from './settings.ts';

/** Readings that a rule is tried on at the most. */
const readingsAtMost = 300_000;
const examplesShown = 20;

/** Rules as people read them, and what one would have done. */
export const createTrying = ({ world, identity, places, matters, cases, registry, counting }: Needs & { readonly registry: Registry; readonly counting: Remembered<Counting> }) => {
  const shippedByCode = new Map(shippedSensing().rules.map((rule) => [rule.code, JSON.stringify(rule)]));

  /** A rule in a sentence. */
  const saysOf = async (county: string, rule: SensorRule, unit: string, night: Counting['night'], language: Language): Promise<string> => {
    const texts = textsOf('sensing');
    const area = rule.area === undefined ? undefined : (await places.tree(county as CountyCode)).find(rule.area)?.name ?? rule.area;
    const span = rule.during === undefined ? undefined : rule.during === 'night' ? night : rule.during === 'day' ? { from: night.to, to: night.from } : rule.during;
    const parts = [
      say(texts, language, `says.${rule.when}`, { limit: rule.limit ?? 0, clear: rule.clear ?? 0, minutes: rule.minutes ?? 0, unit }),
      ...(rule.holdSeconds ? [say(texts, language, 'says.hold', { minutes: Math.round(rule.holdSeconds / 6) / 10 })] : []),
      ...(span ? [say(texts, language, 'says.during', span)] : []),
      ...(area === undefined ? [] : [say(texts, language, 'says.area', { area })]),
      ...(rule.neighbours ? [say(texts, language, 'says.neighbours', { metres: rule.neighbours.metres, percent: Math.round(rule.neighbours.share * 100) })] : []),
    ];
    return parts.join(language === 'en' ? '; ' : '；');
  };

  return {
    /** Refusal: 403 `identity.not_permitted`. */
    async list(actor: Actor, county: string, language: Language): Promise<Result<{ items: RuleItem[]; maySet: boolean }>> {
      if (pathsWith({ identity, world }, actor, county, 'sensing.read').length === 0) return refuse(403, 'identity.not_permitted');
      const [set, open, devices, categories] = await Promise.all([counting(county), openByRule(world.db, county), registry.of(county), cases.categories(county)]);
      const byRule = new Map(open.map((one) => [one.rule, one.open]));
      const tree = await places.tree(county as CountyCode);
      const items = await Promise.all(set.rules.map(async (rule): Promise<RuleItem> => {
        const kind = kindOf(rule.kind);
        const measure = kind?.measures.find(({ code }) => code === rule.measure);
        return {
          rule, kindName: kind?.name[language] ?? rule.kind, measureName: measure?.name[language] ?? rule.measure, unit: measure?.unit ?? '', own: shippedByCode.get(rule.code) !== JSON.stringify(rule),
          says: await saysOf(county, rule, measure?.unit ?? '', set.night, language), categoryName: rule.category === undefined ? null : categories.find(rule.category)?.name[language] ?? rule.category,
          devices: devices.count(rule.kind, rule.area === undefined ? '' : tree.find(rule.area)?.path ?? ''), open: byRule.get(rule.code) ?? 0,
        };
      }));
      return { items, maySet: identity.permits(actor, county, 'flow.edit') !== undefined || identity.permits(actor, county, 'settings.edit') !== undefined };
    },

    /** Refusals: 403 `identity.not_permitted`, 422 for a rule that cannot be followed. Writes nothing. */
    async try(actor: Actor, county: string, rule: SensorRule, days: number): Promise<Result<TriedRule>> {
      const paths = pathsWith({ identity, world }, actor, county, 'sensing.read');
      if (paths.length === 0) return refuse(403, 'identity.not_permitted');
      const fault = ruleFault(rule, sensorKinds);
      const area = rule.area === undefined ? '' : (await places.tree(county as CountyCode)).find(rule.area)?.path;
      if (fault || area === undefined) { const reason = fault?.reason ?? 'sensing.rule.area'; return refuse(422, reason, undefined, [{ path: `/rule/${fault?.member ?? 'area'}`, reason }]); }
      const [set, devices] = await Promise.all([counting(county), registry.of(county)]);
      const offset = matters.calendar(county).offsetMinutes;
      const measure = kindOf(rule.kind)!.measures.find(({ code }) => code === rule.measure)!;
      const of = [...devices.byNo.values()].filter((one) => one.kind.code === rule.kind && one.state !== 'retired' && one.path.startsWith(area) && paths.some((path) => one.path.startsWith(path)));
      const now = world.now();
      const from = now - days * 86_400_000;
      const readings = of.length === 0 ? [] : await readingsOf(world.db, county, slotsOf(from, now), of.map(({ no }) => no), measure.n, new Date(from), readingsAtMost + 1);
      const cut = readings.length > readingsAtMost;
      const alarms: { readonly no: number; readonly at: number; readonly value: number; ended: number | null }[] = [];
      let [cases, no, last, caseAt] = [0, -1, 0, -Infinity];
      let memory: RuleMemory | null = null;
      let open: (typeof alarms)[number] | null = null;
      const opens = (at: number, value: number): void => {
        alarms.push(open = { no, at, value, ended: null });
        if (rule.category !== undefined && at - caseAt >= set.againHours * 3_600_000) { cases++; caseAt = at; }
      };
      for (const { no: next, at: time, value } of readings.slice(0, readingsAtMost)) {
        const at = time.getTime();
        if (next !== no) {
          if (rule.when === 'silent' && no >= 0 && !open && now - last >= rule.minutes! * 60_000) opens(last + rule.minutes! * 60_000, 0);
          [no, memory, open, caseAt, last] = [next, null, null, -Infinity, at];
        }
        if (rule.when === 'silent') {
          if (at - last >= rule.minutes! * 60_000) { opens(last + rule.minutes! * 60_000, value); alarms.at(-1)!.ended = at; open = null; }
        } else {
          const judged = judge(rule, memory, { at, value }, open !== null, isDuring(rule, at, set.night, offset));
          memory = judged.memory;
          if (judged.verdict === 'opens') opens(at, value);
          else if (judged.verdict === 'ends') { alarms.at(-1)!.ended = at; open = null; }
        }
        last = at;
      }
      return {
        readings: Math.min(readings.length, readingsAtMost), devices: of.length, cut, alarms: alarms.length, devicesWithAlarms: new Set(alarms.map((alarm) => alarm.no)).size, cases, happened: await alarmsSince(world.db, county, rule.code, new Date(from)),
        examples: alarms.slice(0, examplesShown).map((alarm) => ({ device: { code: devices.byNo.get(alarm.no)!.code, name: devices.byNo.get(alarm.no)!.name }, openedAt: new Date(alarm.at).toISOString(), endedAt: alarm.ended === null ? null : new Date(alarm.ended).toISOString(), value: alarm.value })),
      };
    },
  };
};
