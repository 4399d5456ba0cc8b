import type { Actor } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { say, type Language } from '../../../base/text/language.ts';
import { textsOf } from '../../../platform/texts.ts';
import type { Remembered } from '../../../platform/remembered.ts';
import type { AlarmBox, AlarmItem, DeviceBox, DeviceItem, DeviceView, SeriesSpan, SeriesView } from '../contract/devices.ts';
import { slotsOf } from '../rules/lines.ts';
import { countDevices, oneDevice, pageAlarms, pageDevices, type Counts, type DeviceFilter, type ListedDevice } from '../reads.ts';
import { readCalibrations } from '../store/devices.ts';
import { readDays, readHours, readMinutes, readRaw } from '../store/readings.ts';
import { kindOf, pathsWith, sensorKinds, type Needs } from './needs.ts';
import type { Counting } from './settings.ts';

interface DeviceAsk { readonly box?: DeviceBox; readonly kind?: string; readonly place?: string; readonly q?: string; readonly after?: string; readonly limit?: number }
interface AlarmAsk { readonly box?: AlarmBox; readonly kind?: string; readonly severity?: string; readonly device?: string; readonly event?: string; readonly matter?: string; readonly after?: string; readonly limit?: number }
interface Labelled { readonly code: string; readonly name: string }

/** What pages show of devices, their series and alarms. Everything is refused with 403 `identity.not_permitted` where the actor may read none. */
export interface Views {
  devices(actor: Actor, county: string, ask: DeviceAsk, language: Language): Promise<Result<{ items: DeviceItem[]; next: string | null; kinds: Labelled[]; mayEdit: boolean; counts: Counts }>>;
  /** Refusal: 404 `sensing.no_device`, also for one that stands elsewhere. */
  device(actor: Actor, county: string, code: string, language: Language): Promise<Result<DeviceView>>;
  series(actor: Actor, county: string, code: string, ask: { readonly measure?: string; readonly span?: SeriesSpan; readonly until?: string }): Promise<Result<SeriesView>>;
  alarms(actor: Actor, county: string, ask: AlarmAsk, language: Language): Promise<Result<{ items: AlarmItem[]; next: string | null; kinds: Labelled[] }>>;
}

const hourMs = 3_600_000;
const spans: Readonly<Record<SeriesSpan, { readonly ms: number; readonly grain: SeriesView['grain'] }>> = {
  '6h': { ms: 6 * hourMs, grain: 'reading' }, day: { ms: 24 * hourMs, grain: 'minute' }, week: { ms: 7 * 24 * hourMs, grain: 'minute' }, month: { ms: 31 * 24 * hourMs, grain: 'hour' }, year: { ms: 366 * 24 * hourMs, grain: 'day' },
};
/** Points that one answer has at the most: what a chart can show and a table be read through. */
const pointsAtMost = 11_000;
const usual = 50;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const createViews = ({ world, identity, places, components, counting }: Pick<Needs, 'world' | 'identity' | 'places' | 'components'> & { readonly counting: Remembered<Counting> }): Views => {
  const denied = refuse(403, 'identity.not_permitted');
  const unknown = refuse(404, 'sensing.no_device');
  const kindsOf = (language: Language): Labelled[] => sensorKinds.map(({ code, name }) => ({ code, name: name[language] }));

  /** What the actor may see, below the place that is asked for. */
  const filterOf = async (actor: Actor, county: string, place: string | undefined, kind?: string, text?: string): Promise<{ filter: DeviceFilter; silent: string[]; set: Counting } | undefined> => {
    const paths = pathsWith({ identity, world }, actor, county, 'sensing.read');
    if (paths.length === 0) return undefined;
    const set = await counting(county);
    const below = place === undefined ? undefined : (await places.tree(county as CountyCode)).find(place)?.path;
    const within = place === undefined ? paths : below === undefined ? [] : paths.flatMap((path) => (below.startsWith(path) ? [below] : path.startsWith(below) ? [path] : []));
    return {
      set, silent: set.rules.filter(({ when }) => when === 'silent').map(({ code }) => code),
      filter: { paths: within, kind: kind ?? null, text: text?.trim() || null, flapping: { since: new Date(world.now() - set.flapping.minutes * 60_000), alarms: set.flapping.alarms } },
    };
  };

  const namer = async (county: string, rows: readonly { readonly unit?: string | null }[], language: Language) => {
    const tree = await places.tree(county as CountyCode);
    const units = await identity.units.get(world.db, county, [...new Set(rows.flatMap(({ unit }) => unit ?? []))]);
    return {
      places(path: string): string[] {
        const found = tree.find(path.split('/').filter(Boolean).at(-1) ?? '');
        return found ? tree.chain(found).filter(({ level }) => !['province', 'city', 'county'].includes(level)).map(({ name }) => name) : [];
      },
      unit: (id: string | null) => (id === null ? null : { id, name: units.get(id)?.name[language] ?? id }),
    };
  };

  const itemsOf = async (county: string, rows: readonly ListedDevice[], language: Language): Promise<DeviceItem[]> => {
    const names = await namer(county, rows, language);
    return rows.map((row) => {
      const kind = kindOf(row.kind);
      return {
        code: row.code, kind: { code: row.kind, name: kind?.name[language] ?? row.kind }, name: row.name, component: row.component, lng: row.lng, lat: row.lat, placeNames: names.places(row.path), unit: names.unit(row.unit),
        state: row.state, demo: row.demo, hasKey: row.key !== null, seenAt: iso(row.seen_at),
        now: row.series.flatMap(({ measure, value, at }) => { const of = kind?.measures.find(({ n }) => n === measure); return of ? [{ measure: of.code, name: of.name[language], unit: of.unit, value, at: new Date(at).toISOString() }] : []; }),
        alarms: row.open, silent: row.silent, flapping: row.flapping, thinned: row.thinned, faults: row.faults, fault: row.fault, faultWords: row.fault === null ? null : say(textsOf('reasons'), language, row.fault), faultAt: iso(row.fault_at),
      };
    });
  };

  return {
    async devices(actor, county, { box = 'all', kind, place, q, after = '', limit = usual }, language) {
      const may = await filterOf(actor, county, place, kind, q);
      if (!may) return denied;
      const [rows, counts] = await Promise.all([pageDevices(world.db, county, may.filter, may.silent, box, after, limit), countDevices(world.db, county, may.filter, may.silent)]);
      return { items: await itemsOf(county, rows, language), next: rows.length === limit ? rows.at(-1)!.code : null, kinds: kindsOf(language), mayEdit: identity.permits(actor, county, 'sensing.edit') !== undefined, counts };
    },
    async device(actor, county, code, language) {
      const may = await filterOf(actor, county, undefined);
      if (!may) return denied;
      const row = await oneDevice(world.db, county, may.filter, may.silent, code);
      if (!row) return unknown;
      const [[item], calibrations, component] = await Promise.all([itemsOf(county, [row], language), readCalibrations(world.db, county, [row.no]), row.component === null ? undefined : components.find(county, row.component)]);
      const names = await identity.accounts.names(world.db, calibrations.flatMap(({ account }) => account ?? []));
      const measures = kindOf(row.kind)?.measures ?? [];
      return {
        ...item!, componentName: component?.name ?? null, keyAt: iso(row.key_at), keyBeforeUntil: (row.key_before_until?.getTime() ?? 0) > world.now() ? iso(row.key_before_until) : null, willAt: iso(row.will_at), madeAt: row.made_at.toISOString(),
        mayEdit: identity.permits(actor, county, 'sensing.edit', row.path) !== undefined,
        measures: measures.map(({ code: of, name, unit, low, high }) => ({ code: of, name: name[language], unit, low, high })),
        calibrations: calibrations.flatMap(({ measure, from_at: from, scale, shift, account }) => { const of = measures.find(({ n }) => n === measure); return of ? [{ measure: of.code, name: of.name[language], unit: of.unit, from: from.toISOString(), scale, shift, by: account === null ? null : names.get(account) ?? null }] : []; }),
        rules: measures.flatMap((measure) => (may.set.active.get(`${row.kind} ${measure.code}`) ?? []).filter(({ path }) => row.path.startsWith(path)).map(({ rule }) => ({ code: rule.code, name: rule.name[language], measure: measure.code, limit: rule.when === 'above' || rule.when === 'below' ? rule.limit ?? null : null }))),
      };
    },
    async series(actor, county, code, { measure: named, span = 'day', until }) {
      const may = await filterOf(actor, county, undefined);
      if (!may) return denied;
      const row = await oneDevice(world.db, county, may.filter, may.silent, code);
      if (!row) return unknown;
      const measures = kindOf(row.kind)?.measures ?? [];
      const measure = named === undefined ? measures[0] : measures.find((one) => one.code === named);
      if (!measure) return refuse(422, 'sensing.no_measure', undefined, [{ path: '/query/measure', reason: 'sensing.no_measure' }]);
      const end = until === undefined ? world.now() + 60_000 : Date.parse(until);
      if (Number.isNaN(end)) return refuse(422, 'sensing.no_time', undefined, [{ path: '/query/until', reason: 'sensing.no_time' }]);
      const { ms, grain } = spans[span];
      const [from, to] = [new Date(end - ms), new Date(end)];
      const slots = slotsOf(from.getTime(), to.getTime());
      const { db } = world;
      const points = grain === 'reading' ? await readRaw(db, county, slots, row.no, measure.n, from, to, pointsAtMost + 1)
        : grain === 'minute' ? await readMinutes(db, county, slots, row.no, measure.n, from, to)
          : grain === 'hour' ? await readHours(db, county, row.no, measure.n, from, to) : await readDays(db, county, row.no, measure.n, from, to);
      return {
        measure: measure.code, unit: measure.unit, from: from.toISOString(), to: to.toISOString(), grain, cut: points.length > pointsAtMost,
        points: points.slice(0, pointsAtMost).map(({ at, value, low, high, count, marks }) => ({ at: at.toISOString(), value, low, high, count, marks })),
      };
    },
    async alarms(actor, county, { box = 'open', kind, severity, device, event, matter, after, limit = usual }, language) {
      const may = await filterOf(actor, county, undefined);
      if (!may) return denied;
      const [at = '', id = ''] = after?.split('~') ?? [];
      if (after !== undefined && (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id))) return refuse(422, 'matters.cursor-wrong');
      const rows = await pageAlarms(world.db, county, { paths: may.filter.paths, box, kind: kind ?? null, severity: severity ?? null, code: device ?? null, event: event ?? null, matter: matter ?? null }, after === undefined ? null : { at: new Date(at), id }, limit);
      const names = await namer(county, [], language);
      const texts = textsOf('sensing');
      const last = rows.length === limit ? rows.at(-1)! : undefined;
      return {
        next: last ? `${last.known_at.toISOString()}~${last.id}` : null, kinds: kindsOf(language),
        items: rows.map((row) => {
          const found = kindOf(row.kind);
          return {
            id: row.id, device: { code: row.code, name: row.name }, kind: { code: row.kind, name: found?.name[language] ?? row.kind }, rule: { code: row.rule, name: may.set.byCode.get(row.rule)?.name[language] ?? row.rule }, severity: row.severity,
            value: row.value, unit: found?.measures.find(({ n }) => n === row.measure)?.unit ?? '', placeNames: names.places(row.path), openedAt: row.opened_at.toISOString(), endedAt: iso(row.ended_at),
            outcome: row.outcome, outcomeWords: say(texts, language, `outcome.${row.outcome ?? 'waiting'}`), matter: row.matter === null ? null : { id: row.matter, number: row.number, title: row.title }, event: row.event === null ? null : { id: row.event, parts: row.parts ?? 0 },
          };
        }),
      };
    },
  };
};
