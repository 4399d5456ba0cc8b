import { theSystem } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, type Refusal } from '../../../base/result.ts';
import { say, type Params } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Remembered } from '../../../platform/remembered.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { SensorRule } from '../contract/settings.ts';
import { isAlone } from '../rules/judge.ts';
import { stormsOf, type Storm } from '../rules/storm.ts';
import {
  caseBefore, endEvents, endNoted, endOrphans, growEvent, holdEnds, holdWaiting, insertAlarms, insertEvent, lastNoted, openCaseOf, openEvents, settleAlarms, settledSince, type AlarmRow, type NewAlarm,
} from '../store/alarms.ts';
import { newestValues, silentSeries } from '../store/readings.ts';
import { deviceProgram, kindOf, type Needs } from './needs.ts';
import type { Device, Devices, Registry } from './registry.ts';
import type { Counting } from './settings.ts';

/** Milliseconds that an alarm waits for others like it: what cannot wait, and what is shared with its neighbours. */
const criticalWaitMs = 5_000;
const sharedWaitMs = 600_000;
/** Alarms that one turn looks at. */
const atOnce = 5_000;
/** Single cases of one turn: each is an action, and the transaction holds its alarms meanwhile. */
const casesAtOnce = 100;
/** Alarms of silence that one turn opens for a rule. */
const silentAtOnce = 2_000;
/** How old a neighbour's reading may be to say how it stands, in milliseconds. */
const aroundMs = 3_600_000;
/** Time that devices have to be heard after this process began to watch, in milliseconds: while nobody listened nobody was silent. */
const graceMs = 900_000;
/** What the desk reads, it reads in the language of the code table. */
const deskLanguage = 'zh-Hans';

/** Makes cases of alarms, and tells cases how their alarms go on. */
export const createRaising = ({ world, ledger, places, catalogue, matters, cases, registry, counting }: Needs & { readonly registry: Registry; readonly counting: Remembered<Counting> }) => {
  const words = (key: string, params: Params): string => say(textsOf('sensing'), deskLanguage, key, params);
  /** As the desk reads a time: the county's own, to the minute. */
  const clock = (county: string, at: Date): string => new Date(at.getTime() + matters.calendar(county).offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
  const placeWords = async (county: string, path: string): Promise<string> => {
    const tree = await places.tree(county as CountyCode);
    const found = tree.find(path.split('/').filter(Boolean).at(-1) ?? '');
    return found ? tree.chain(found).filter(({ level }) => !['province', 'city'].includes(level)).map(({ name }) => name).slice(-2).join(' ') : county;
  };

  const paramsOf = (county: string, alarm: AlarmRow, rule: SensorRule, device: Device): Params => {
    const measure = device.kind.measures.find(({ n }) => n === alarm.measure);
    return {
      device: device.name, code: device.code, kind: device.kind.name[deskLanguage], rule: rule.name[deskLanguage], measure: measure?.name[deskLanguage] ?? '', unit: measure?.unit ?? '',
      value: alarm.value === null ? '–' : Math.round(alarm.value * 1000) / 1000, at: clock(county, alarm.opened_at),
    };
  };

  /** The row of the code table that a rule's case is proposed under; none where the table has no such row. */
  const rowOf = async (county: string, { category, condition }: SensorRule): Promise<string | undefined> => {
    const all = await cases.categories(county);
    const found = category === undefined ? undefined : all.find(category);
    if (!found || catalogue.currentVersion(county, world.now()) === undefined) return undefined;
    const rows = all.rows(found);
    return (rows.find(({ openCondition }) => condition !== undefined && openCondition.includes(condition)) ?? rows[0])?.key;
  };

  const report = async (tx: Tx, county: string, rule: SensorRule, device: Device, text: string) => {
    const code = await rowOf(county, rule);
    return matters.actIn(tx, {
      actor: deviceProgram, behalf: null, county, kind: 'case', matter: null, action: 'report', op: world.random.uuid(world.now()),
      input: { text, lng: device.lng, lat: device.lat, channel: 'device', ...(device.component !== null && { component: device.component }), ...(code !== undefined && { code }) },
    });
  };

  /** Notes something in a case; one that has come to its end takes no more. */
  const note = async (tx: Tx, county: string, matter: string, text: string): Promise<Refusal | undefined> => {
    const done = await matters.actIn(tx, { actor: theSystem, behalf: null, county, kind: 'case', matter, action: 'note', op: world.random.uuid(world.now()), input: { text } });
    return isRefusal(done) ? done : undefined;
  };

  /** One alarm by itself: a case of its own, a word in the open one, or nothing. */
  const single = async (tx: Tx, county: string, alarm: AlarmRow, rule: SensorRule, device: Device, { againHours, noteHours }: Counting): Promise<void> => {
    if (rule.category === undefined) return void await settleAlarms(tx, county, [alarm.id], { outcome: 'alarm', matter: null });
    const now = world.now();
    const before = await caseBefore(tx, county, alarm.no, alarm.rule, new Date(now - againHours * 3_600_000));
    const open = before.find(({ ended }) => !ended)?.matter ?? (device.component === null ? undefined : (await openCaseOf(tx, county, device.component))[0]?.matter);
    if (open !== undefined) {
      const told = await lastNoted(tx, county, open);
      const quiet = told !== null && told.getTime() > now - noteHours * 3_600_000 && before.some(({ matter, same }) => matter === open && same);
      const refused = quiet ? undefined : await note(tx, county, open, words('case.again', paramsOf(county, alarm, rule, device)));
      return void await settleAlarms(tx, county, [alarm.id], { outcome: 'attached', matter: open, reason: quiet ? 'quiet' : refused?.reason ?? null });
    }
    // The case was ended, or found to be nothing: one that goes on and on brings no second within hours.
    const again = before.find(({ same, ended }) => same && ended)?.matter;
    if (again !== undefined) return void await settleAlarms(tx, county, [alarm.id], { outcome: 'held', matter: again, reason: 'again' });
    const done = await report(tx, county, rule, device, words('case.text', paramsOf(county, alarm, rule, device)));
    await settleAlarms(tx, county, [alarm.id], isRefusal(done) ? { outcome: 'refused', matter: null, reason: done.reason } : { outcome: 'reported', matter: done.id });
  };

  const event = async (tx: Tx, county: string, storm: Storm, alarms: ReadonlyMap<string, AlarmRow>, rule: SensorRule, devices: Devices): Promise<void> => {
    const parts = storm.parts.map((id) => alarms.get(id)!);
    const first = devices.byNo.get(parts[0]!.no);
    let matter = parts.find((part) => part.matter !== null)?.matter ?? null;
    const of = devices.count(storm.kind, storm.path);
    const text = words('event.text', { parts: parts.length, of, kind: kindOf(storm.kind)?.name[deskLanguage] ?? storm.kind, rule: rule.name[deskLanguage], place: await placeWords(county, storm.path), at: clock(county, parts[0]!.opened_at), devices: parts.slice(0, 20).map(({ no }) => devices.byNo.get(no)?.name ?? no).join('、') });
    // Silence of many is a broken line or a power cut, and somebody has to look, whatever a single one brings.
    if (matter === null && first && (rule.category !== undefined || rule.when === 'silent')) {
      const done = await report(tx, county, rule, { ...first, component: null }, text);
      if (!isRefusal(done)) matter = done.id;
    } else if (matter !== null) await note(tx, county, matter, text);
    const id = world.random.uuid(world.now());
    await insertEvent(tx, county, { id, kind: storm.kind, rule: storm.rule, path: storm.path, opened_at: parts[0]!.opened_at, parts: parts.length, devices: of, matter });
    await settleAlarms(tx, county, storm.parts, { outcome: 'event', matter, event: id });
  };

  /** Settles what waits. @returns how many were settled: more may wait */
  const settle = async (county: string): Promise<number> => {
    const set = await counting(county);
    const devices = await registry.of(county);
    const now = world.now();
    const settled = await world.db.transaction(async (tx) => {
      const waiting = await holdWaiting(tx, county, atOnce);
      if (waiting.length === 0) return 0;
      let count = 0;
      // What no rule or device stands behind any more is an alarm and nothing else.
      const lost = waiting.filter((alarm) => !set.byCode.has(alarm.rule) || !devices.byNo.has(alarm.no));
      if (lost.length > 0) { await settleAlarms(tx, county, lost.map(({ id }) => id), { outcome: 'alarm', matter: null }); count += lost.length; }
      let left = waiting.filter((alarm) => !lost.includes(alarm));

      for (const running of await openEvents(tx, county)) {
        const joining = left.filter(({ rule, path }) => rule === running.rule && path.startsWith(running.path));
        if (joining.length === 0) continue;
        await growEvent(tx, county, running.id, joining.length);
        await settleAlarms(tx, county, joining.map(({ id }) => id), { outcome: 'event', matter: running.matter, event: running.id });
        left = left.filter((alarm) => !joining.includes(alarm));
        count += joining.length;
      }

      const shared = new Set<string>();
      for (const alarm of left) {
        const rule = set.byCode.get(alarm.rule)!;
        if (rule.neighbours === undefined) continue;
        const around = devices.around(devices.byNo.get(alarm.no)!, rule.neighbours.metres);
        const values = around.length < 2 ? [] : await newestValues(tx, county, around.map(({ no }) => no), alarm.measure, new Date(now - aroundMs));
        if (!isAlone(rule, values.map(({ value }) => value))) shared.add(alarm.id);
      }
      const recent = await settledSince(tx, county, new Date(now - set.storm.seconds * 1000), atOnce);
      const candidates = [...left, ...recent].filter(({ id, known_at: known }) => shared.has(id) || known.getTime() >= now - set.storm.seconds * 1000 - sharedWaitMs);
      const all = new Map(candidates.map((alarm) => [alarm.id, alarm]));
      for (const storm of stormsOf(county, candidates.map((alarm) => ({ ...alarm, shared: shared.has(alarm.id) })), (kind, path) => devices.count(kind, path), set.storm)) {
        const rule = set.byCode.get(storm.rule);
        // Only what goes on is an event: those that were settled alone make it a storm, those that wait make it one now.
        if (!rule || !storm.parts.some((id) => left.some((alarm) => alarm.id === id))) continue;
        await event(tx, county, storm, all, rule, devices);
        const parts = new Set(storm.parts);
        count += left.filter(({ id }) => parts.has(id)).length;
        left = left.filter(({ id }) => !parts.has(id));
      }

      const due = left.filter(({ id, known_at: known, severity }) => known.getTime() <= now - (shared.has(id) ? sharedWaitMs : severity === 'critical' ? criticalWaitMs : set.storm.seconds * 1000));
      for (const alarm of due.slice(0, casesAtOnce)) await single(tx, county, alarm, set.byCode.get(alarm.rule)!, devices.byNo.get(alarm.no)!, set);
      return count + Math.min(due.length, casesAtOnce);
    });
    if (settled > 0) ledger.sequencer.nudge(county as CountyCode);
    return settled;
  };

  let watching: number | undefined;
  /** Opens alarms of silence, and ends what no rule stands behind. */
  const watch = async (county: string): Promise<void> => {
    const set = await counting(county);
    const now = world.now();
    watching ??= now;
    const devices = await registry.of(county);
    await endOrphans(world.db, county, [...set.active.values()].flat().map(({ rule }) => rule.code), new Date(now));
    for (const [, active] of set.active)
      for (const { rule, path } of active) {
        const measure = kindOf(rule.kind)?.measures.find(({ code }) => code === rule.measure);
        if (rule.when !== 'silent' || !measure) continue;
        const heard = now - watching >= Math.min(graceMs, rule.minutes! * 60_000);
        const silent = await silentSeries(world.db, county, rule.kind, measure.n, rule.code, path, new Date(heard ? now - rule.minutes! * 60_000 : 0), silentAtOnce);
        const alarms = silent.flatMap(({ no, at }): NewAlarm[] => {
          const device = devices.byNo.get(no);
          return device ? [{ id: world.random.uuid(now), no, measure: measure.n, kind: rule.kind, rule: rule.code, severity: rule.severity, path: device.path, value: null, openedAt: Math.min(now, at.getTime() + rule.minutes! * 60_000) }] : [];
        });
        if (alarms.length > 0) await insertAlarms(world.db, county, alarms, new Date(now));
      }
  };

  /** Tells cases that their alarms are over. @returns how many */
  const tell = async (county: string): Promise<number> => {
    const set = await counting(county);
    const devices = await registry.of(county);
    const told = await world.db.transaction(async (tx) => {
      const ends = await holdEnds(tx, county, casesAtOnce);
      for (const alarm of ends) {
        const [rule, device] = [set.byCode.get(alarm.rule), devices.byNo.get(alarm.no)];
        if (rule && device) await note(tx, county, alarm.matter!, words('case.over', { ...paramsOf(county, alarm, rule, device), at: clock(county, alarm.ended_at!) }));
      }
      if (ends.length > 0) await endNoted(tx, county, ends.map(({ id }) => id));
      const over = await endEvents(tx, county, new Date(world.now()));
      for (const one of over) if (one.matter !== null) await note(tx, county, one.matter, words('event.over', { parts: one.parts, rule: set.byCode.get(one.rule)?.name[deskLanguage] ?? one.rule, at: clock(county, one.ended_at!) }));
      return ends.length + over.length;
    });
    if (told > 0) ledger.sequencer.nudge(county as CountyCode);
    return told;
  };

  return { settle, watch, tell };
};

export type Raising = ReturnType<typeof createRaising>;
