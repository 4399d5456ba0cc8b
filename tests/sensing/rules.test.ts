import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SensorRule } from '../../src/modules/sensing/contract/settings.ts';
import { isAlone, isDuring, isWithin, judge, type RuleMemory } from '../../src/modules/sensing/rules/judge.ts';
import { ruleFault, withOwn, type Sensing, type SensorKind, type Units } from '../../src/modules/sensing/rules/kinds.ts';
import { calibrated, marks, readLine, slotOf, slotsOf } from '../../src/modules/sensing/rules/lines.ts';
import { pathsAbove, stormsOf } from '../../src/modules/sensing/rules/storm.ts';

const data = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../data/sensing/${name}.json`, import.meta.url), 'utf8')) as T;
const { kinds, units } = data<{ kinds: SensorKind[]; units: Units }>('kinds');
const { rules } = data<{ rules: SensorRule[] }>('rules');
const kind = (code: string): SensorKind => kinds.find((one) => one.code === code)!;
const now = Date.parse('2026-11-24T01:00:00Z');
const name = { 'zh-Hans': '试', 'zh-Hant': '試', en: 'Try' };
const level: SensorRule = { code: 'try', kind: 'water', measure: 'level', name, when: 'above', limit: 1, clear: 0.6, holdSeconds: 120, severity: 'warning' };

/** What becomes of a series, `[at, verdict]` of everything but nothing. */
const played = (rule: SensorRule, series: readonly (readonly [number, number])[], during: (at: number) => boolean = () => true): [number, string][] => {
  let memory: RuleMemory | null = null;
  let open = false;
  const said: [number, string][] = [];
  for (const [at, value] of series) {
    const { verdict, memory: kept } = judge(rule, memory, { at, value }, open, during(at));
    memory = kept;
    if (verdict === 'nothing') continue;
    open = verdict === 'opens';
    said.push([at, verdict]);
  }
  return said;
};
const minutes = (values: readonly number[]): [number, number][] => values.map((value, at) => [now + at * 60_000, value]);

test('a limit is an alarm once it has been passed for long enough, and over when it is clear of it', () => {
  expect(played(level, minutes([0.2, 1.2, 1.1, 1.3, 0.9, 1.4, 0.5, 0.4])).map(([at, verdict]) => [(at - now) / 60_000, verdict])).toEqual([[3, 'opens'], [6, 'ends']]);
  expect(played(level, minutes([1.2, 0.9, 1.2, 0.9, 1.2, 0.9]))).toEqual([]);
});

test('whatever is measured, a rule opens and ends in turn, opens only beyond its limit and ends only where it is clear', () => {
  const rule = fc.constantFrom<SensorRule>(level, { ...level, holdSeconds: 0 }, { ...level, when: 'below', limit: 1, clear: 2 }, { ...level, when: 'rise', limit: 1, minutes: 5 }, { ...level, when: 'fall', limit: 1, minutes: 5 });
  fc.assert(fc.property(rule, fc.array(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.double({ min: -1, max: 4, noNaN: true })), { maxLength: 80 }), (one, steps) => {
    let at = now;
    const series = steps.map(([seconds, value]) => [at += seconds * 1000, value] as const);
    const value = new Map(series);
    const said = played(one, series);
    for (const [turn, [when, verdict]] of said.entries()) {
      expect(verdict).toBe(turn % 2 === 0 ? 'opens' : 'ends');
      if (one.when === 'above') expect(verdict === 'opens' ? value.get(when)! > one.limit! : value.get(when)! <= one.clear!).toBe(true);
      if (one.when === 'below') expect(verdict === 'opens' ? value.get(when)! < one.limit! : value.get(when)! >= one.clear!).toBe(true);
    }
  }));
});

test('a value that trembles at its limit forty times is one alarm', () => {
  const trembling = minutes([0, ...Array.from({ length: 40 }, (_, at) => (at % 2 === 0 ? 1.05 : 0.95))]);
  expect(played({ ...level, holdSeconds: 0 }, trembling)).toHaveLength(1);
});

test('a rise is measured over its minutes and no longer', () => {
  const rise: SensorRule = { ...level, when: 'rise', limit: 0.5, minutes: 10 };
  expect(played(rise, minutes([0, 0.1, 0.2, 0.3, 0.4, 0.5])).map(([at]) => (at - now) / 60_000)).toEqual([5]);
  expect(played(rise, minutes(Array.from({ length: 60 }, (_, at) => at * 0.03)))).toEqual([]);
  expect(judge(rise, { past: Array.from({ length: 40 }, (_, at) => [now - at, 0] as const) }, { at: now + 3_600_000, value: 1 }, false, true).memory?.past).toHaveLength(1);
});

test('night goes over midnight in the county\'s own time, and a rule of the night leaves the day alone', () => {
  const night = { from: '18:30', to: '05:00' };
  expect([isWithin(1_110, night), isWithin(1_109, night), isWithin(0, night), isWithin(299, night), isWithin(300, night)]).toEqual([true, false, true, true, false]);
  expect(isDuring({ during: 'night' }, Date.parse('2026-11-24T20:00:00+08:00'), night, 480)).toBe(true);
  expect(isDuring({ during: 'day' }, Date.parse('2026-11-24T20:00:00+08:00'), night, 480)).toBe(false);
  const lamp = rules.find(({ code }) => code === 'lamp-dark')!;
  const dark = Array.from({ length: 30 }, (_, at) => [now + at * 60_000, 0] as const);
  expect(played(lamp, dark, () => false)).toEqual([]);
  expect(played(lamp, dark)).toEqual([[now + 600_000, 'opens']]);
});

test('a lamp is dark by itself only where those around it burn', () => {
  const lamp = rules.find(({ code }) => code === 'lamp-dark')!;
  expect([isAlone(lamp, [0.4, 0.5, 0]), isAlone(lamp, [0, 0, 0.4]), isAlone(lamp, [0]), isAlone(lamp, [])]).toEqual([true, false, true, true]);
});

test('a line is read with its unit, its time and its count, or refused with the reason', () => {
  const line = (given: unknown, of = 'water') => readLine(given, kind(of), units, now, 7 * 86_400_000);
  expect(line({ value: 120, unit: 'cm' })).toMatchObject({ raw: 1.2, at: now, seq: 0, marks: 0 });
  expect(line({ value: '0.4', at: '2026-11-24T08:30:00+08:00', seq: 7 })).toMatchObject({ raw: 0.4, at: Date.parse('2026-11-24T00:30:00Z'), seq: 7 });
  expect(line({ value: 1, at: 1_795_000_000 })).toMatchObject({ at: 1_795_000_000_000, marks: 0 });
  expect(line({ value: 1, at: 0 })).toMatchObject({ at: now, marks: marks.clock });
  expect(line({ value: 1, at: '2099-01-01T00:00:00Z' })).toMatchObject({ at: now, marks: marks.clock });
  expect(line({ value: 9_999 })).toMatchObject({ raw: 9_999, marks: marks.beyond });
  const refused: readonly (readonly [unknown, string])[] = [
    [null, 'sensing.shape'], [[1], 'sensing.shape'], ['1', 'sensing.shape'], [{ value: Number.NaN }, 'sensing.no_number'], [{ value: 'NaN' }, 'sensing.no_number'], [{ value: null }, 'sensing.no_number'], [{ value: '１２' }, 'sensing.no_number'],
    [{ value: 1e308, unit: 'mg/m3', measure: 'pm25' }, 'sensing.no_measure'], [{ value: 1, unit: 'psi' }, 'sensing.unit'], [{ value: 1, unit: 'constructor' }, 'sensing.unit'], [{ value: 1, unit: 7 }, 'sensing.unit'],
    [{ value: 1, at: 'yesterday' }, 'sensing.no_time'], [{ value: 1, at: Number.NaN }, 'sensing.no_time'], [{ value: 1, seq: -1 }, 'sensing.seq'], [{ value: 1, seq: 1.5 }, 'sensing.seq'], [{ value: 1, measure: 'depth' }, 'sensing.no_measure'],
  ];
  expect(refused.map(([given]) => line(given))).toEqual(refused.map(([, reason]) => reason));
  expect(line({ value: 1 }, 'air')).toBe('sensing.no_measure');
});

test('no input whatever makes reading a line fail', () => {
  fc.assert(fc.property(fc.anything(), fc.constantFrom(...kinds), (given, of) => {
    const line = readLine(given, of, units, now, 86_400_000);
    if (typeof line !== 'string') expect(Number.isFinite(line.raw) && line.at <= now + 60_000 && line.at >= now - 86_400_000).toBe(true);
  }));
});

test('calibration counts from its moment on, the newest first', () => {
  const given = [{ measure: 0, from: now, scale: 2, shift: 1 }, { measure: 0, from: now - 1000, scale: 1, shift: 0.5 }];
  expect([calibrated(given, 0, now + 1, 3), calibrated(given, 0, now - 1, 3), calibrated(given, 0, now - 2000, 3), calibrated(given, 1, now, 3)]).toEqual([7, 3.5, 3, 3]);
});

test('thirty-two days stand beside each other, and a month asks for each once', () => {
  const day = 86_400_000;
  expect(new Set(Array.from({ length: 32 }, (_, at) => slotOf(now + at * day))).size).toBe(32);
  expect(slotOf(now + 32 * day)).toBe(slotOf(now));
  expect(slotsOf(now - 2 * day, now)).toHaveLength(3);
  expect(slotsOf(now - 300 * day, now)).toHaveLength(32);
});

const path = (village: number, grid: number): string => `33/3302/330281/330281103/3302811032${String(village).padStart(2, '0')}/g${grid}/`;
const alarm = (n: number, village: number, more: object = {}) => ({ id: `a${n}`, kind: 'water', rule: 'water-silent', path: path(village, n), shared: false, ...more });

test('five in a hundred at once are one event; fewer are alarms of their own', () => {
  const many = Array.from({ length: 12 }, (_, n) => alarm(n, n % 3));
  const limits = { share: 0.05, atLeast: 10 };
  expect(stormsOf('330281', many, () => 200, limits)).toEqual([{ kind: 'water', rule: 'water-silent', path: '33/3302/330281/330281103/', parts: many.map(({ id }) => id) }]);
  expect(stormsOf('330281', many, () => 300, limits)).toEqual([]);
  expect(stormsOf('330281', many.slice(0, 9), () => 9, limits)).toEqual([]);
  // In one village alone they may be a storm where in the county they are few.
  const village = Array.from({ length: 10 }, (_, n) => alarm(n, 1));
  expect(stormsOf('330281', village, (_, at) => (at.includes('330281103201') ? 20 : 5_000), limits)).toMatchObject([{ path: '33/3302/330281/330281103/330281103201/', parts: { length: 10 } }]);
  expect(pathsAbove(path(1, 1), '330281')[0]).toBe('33/3302/330281/');
});

test('no alarm is part of two events', () => {
  const alarms = fc.uniqueArray(fc.record({ n: fc.integer({ min: 0, max: 200 }), village: fc.integer({ min: 0, max: 4 }), shared: fc.boolean(), rule: fc.constantFrom('a', 'b') }), { selector: ({ n }) => n, maxLength: 60 });
  fc.assert(fc.property(alarms, fc.integer({ min: 1, max: 400 }), (given, devices) => {
    const parts = stormsOf('330281', given.map(({ n, village, ...more }) => alarm(n, village, more)), () => devices, { share: 0.05, atLeast: 5 }).flatMap((storm) => storm.parts);
    expect(new Set(parts).size).toBe(parts.length);
  }));
});

test('every rule that ships can be followed, and a county\'s own takes its place', () => {
  expect(rules.map((rule) => ruleFault(rule, kinds)).filter(Boolean)).toEqual([]);
  expect(ruleFault({ ...level, clear: 3 }, kinds)).toMatchObject({ member: 'clear' });
  expect(ruleFault({ ...level, measure: 'depth' }, kinds)).toMatchObject({ member: 'measure' });
  expect(ruleFault({ ...level, when: 'rise' }, kinds)).toMatchObject({ member: 'minutes', reason: 'sensing.rule.missing' });
  const shipped = { ...data<Omit<Sensing, 'rules'>>('settings'), rules };
  const own = withOwn(shipped, { rules: [{ ...rules[0]!, off: true }, level], storm: { atLeast: 3 } });
  expect(own.rules).toHaveLength(rules.length + 1);
  expect([own.rules[0]!.off, own.storm]).toEqual([true, { share: 0.05, atLeast: 3, seconds: 60 }]);
});
