import type { Text } from '../../../base/text/language.ts';
import type { SensorRule, SensingSettings } from '../contract/settings.ts';

/** One quantity that a kind of device measures. */
export interface Measure {
  /** Its number within the kind; what is stored, and so never given to another. */
  readonly n: number;
  readonly code: string;
  readonly name: Text;
  readonly unit: string;
  /** What can be measured at all, in `unit`. */
  readonly low: number;
  readonly high: number;
  /** Seconds between two readings as a rule. */
  readonly period: number;
  /** Seconds between two readings that are kept. */
  readonly least: number;
}

/** A kind of device, as `data/sensing/kinds.json` has it. */
export interface SensorKind {
  readonly code: string;
  readonly name: Text;
  /** Class of the component that it usually sits on. */
  readonly component?: string;
  readonly measures: readonly Measure[];
}

/** Units that are understood beside a measure's own, with what a value is multiplied by. */
export type Units = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What counts for a county: what ships and its own over it. */
export interface Sensing {
  readonly night: { readonly from: string; readonly to: string };
  readonly keepDays: { readonly raw: number; readonly minute: number; readonly hour: number; readonly day: number };
  readonly backfillDays: number;
  readonly storm: { readonly share: number; readonly atLeast: number; readonly seconds: number };
  readonly againHours: number;
  readonly noteHours: number;
  readonly flapping: { readonly alarms: number; readonly minutes: number };
  readonly rotateHours: number;
  readonly rules: readonly SensorRule[];
}

/** A county's own values over what ships: member by member, rules by their code; rules that are off stay in the list. */
export const withOwn = (shipped: Sensing, own: SensingSettings): Sensing => {
  const replaced = new Map((own.rules ?? []).map((rule) => [rule.code, rule]));
  const known = new Set(shipped.rules.map(({ code }) => code));
  return {
    night: own.night ?? shipped.night, keepDays: { ...shipped.keepDays, ...own.keepDays }, backfillDays: own.backfillDays ?? shipped.backfillDays, storm: { ...shipped.storm, ...own.storm },
    againHours: own.againHours ?? shipped.againHours, noteHours: own.noteHours ?? shipped.noteHours, flapping: { ...shipped.flapping, ...own.flapping }, rotateHours: own.rotateHours ?? shipped.rotateHours,
    rules: [...shipped.rules.map((rule) => replaced.get(rule.code) ?? rule), ...(own.rules ?? []).filter(({ code }) => !known.has(code))],
  };
};

/** What is wrong with a rule beyond its shape: the member, and why. */
export interface RuleFault { readonly member: string; readonly reason: 'sensing.rule.missing' | 'sensing.rule.clear' | 'sensing.rule.kind' | 'sensing.rule.measure' | 'sensing.rule.beyond' | 'sensing.rule.area' | 'sensing.rule.category' }

/** @returns undefined for a rule that can be followed */
export const ruleFault = (rule: SensorRule, kinds: readonly SensorKind[]): RuleFault | undefined => {
  const kind = kinds.find(({ code }) => code === rule.kind);
  if (!kind) return { member: 'kind', reason: 'sensing.rule.kind' };
  const measure = kind.measures.find(({ code }) => code === rule.measure);
  if (!measure) return { member: 'measure', reason: 'sensing.rule.measure' };
  const needs = { above: ['limit', 'clear'], below: ['limit', 'clear'], rise: ['limit', 'minutes'], fall: ['limit', 'minutes'], silent: ['minutes'] } as const;
  const missing = needs[rule.when].find((member) => rule[member] === undefined);
  if (missing) return { member: missing, reason: 'sensing.rule.missing' };
  if (rule.when === 'above' || rule.when === 'below') {
    if (rule.limit! < measure.low || rule.limit! > measure.high) return { member: 'limit', reason: 'sensing.rule.beyond' };
    if (rule.when === 'above' ? rule.clear! > rule.limit! : rule.clear! < rule.limit!) return { member: 'clear', reason: 'sensing.rule.clear' };
  }
  if ((rule.when === 'rise' || rule.when === 'fall') && rule.limit! <= 0) return { member: 'limit', reason: 'sensing.rule.beyond' };
  return undefined;
};
