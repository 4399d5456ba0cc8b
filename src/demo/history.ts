import { readFileSync } from 'node:fs';
import { SeededRandom } from '../base/random.ts';
import type { DemoGrid, PlacedComponent } from './geography.ts';

/** `data/demo/history.json` */
interface HistoryData {
  readonly minors: Readonly<Record<PlacedComponent['minor'], string>>;
  readonly kinds: readonly {
    readonly weight: number; readonly component?: PlacedComponent['minor']; readonly event?: string; readonly condition?: string;
    readonly night?: boolean; readonly words: readonly string[];
  }[];
  readonly reasons: Readonly<Record<string, readonly string[]>>;
  readonly notes: Readonly<Record<string, readonly string[]>>;
}

export const readHistoryData = (): HistoryData => JSON.parse(readFileSync(new URL('../../data/demo/history.json', import.meta.url), 'utf8')) as HistoryData;

/** Who may act in a script; the player finds a person of that part. */
export type Part = 'collector' | 'gridworker' | 'resident' | 'operator' | 'intake' | 'dispatcher' | 'handler' | 'verifier' | 'supervisor';

/** One thing that somebody will do to one matter at a time. Everything is settled beforehand; nothing depends on chance later. */
export interface ScriptedStep {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly matter: string;
  readonly part: Part;
  /** Chooses one person of the part, any whole number. */
  readonly who: number;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Pictures that the action shows, by their subject. */
  readonly pictures?: readonly string[];
  readonly op: string;
  /** Makes the matter; its figure of the day. */
  readonly figure?: number;
}

export interface ScriptSources {
  readonly grids: readonly DemoGrid[];
  /** Components by minor, with the code that each got. */
  readonly components: Readonly<Record<PlacedComponent['minor'], readonly (PlacedComponent & { readonly code: string })[]>>;
  /** Key of a row by `C0137` or `E0110` and the beginning of its condition. */
  readonly row: (code: string, condition: string) => string;
  readonly data: HistoryData;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Local midnight of a day, `YYYY-MM-DD`, in UTC+8. */
export const dayStart = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);
/** Local date of a time, `YYYY-MM-DD`, in UTC+8. */
export const dateOf = (at: number): string => new Date(at + 8 * hour).toISOString().slice(0, 10);

/** The next moment of office hours (8–18) at or after a time: desks file and dispatch then. */
const officeTime = (at: number): number => {
  const start = dayStart(dateOf(at));
  if (at < start + 8 * hour) return start + 8 * hour + ((at / minute) % 20) * minute;
  return at > start + 18 * hour ? start + day + 8 * hour + ((at / minute) % 40) * minute : at;
};

const weighted = <T extends { readonly weight: number }>(random: SeededRandom, items: readonly T[]): T => {
  let left = random.below(items.reduce((sum, { weight }) => sum + weight, 0));
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return items.at(-1)!;
};

/** How many matters a day brings; some nights a storm puts out many lamps. */
const loadOf = (seed: string, date: string): { matters: number; storm: boolean } => {
  const random = new SeededRandom(`${seed} load ${date}`);
  const weekday = new Date(dayStart(date) + 12 * hour).getUTCDay();
  const storm = random.fraction() < 0.06;
  return { matters: (weekday === 0 || weekday === 6 ? 33 : 43) + random.below(8) + (storm ? 14 : 0), storm };
};

/**
 * Everything that happens to the matters that a day brings, also on later days. Depends on seed and date alone, so that
 * a history can be played a piece at a time and comes out the same.
 */
export const scriptOfDay = (seed: string, date: string, sources: ScriptSources): ScriptedStep[] => {
  const { matters, storm } = loadOf(seed, date);
  const steps: ScriptedStep[] = [];
  const earlier: Earlier[] = [];
  for (let n = 0; n < matters; n++) {
    const random = new SeededRandom(`${seed} ${date} ${n}`);
    const { data } = sources;
    const kind = storm && n < 16 ? data.kinds[0]! : weighted(random, data.kinds);
    const start = dayStart(date) + (kind.night ? 18 * hour + random.below(5 * 60) * minute : 7 * hour + random.below(12 * 60) * minute) + random.below(60) * 1_000;
    const matter = random.uuid(start);
    const script = scriptOf(random, { sources, kind, start, matter, figure: n, earlier });
    steps.push(...script);
    earlier.push({ matter, from: start, until: script.at(-1)!.at });
  }
  return steps;
};

interface Told {
  readonly sources: ScriptSources;
  readonly kind: HistoryData['kinds'][number];
  readonly start: number;
  readonly matter: string;
  readonly figure: number;
  readonly earlier: readonly Earlier[];
}

/** A matter of the same day, and when its script runs: what another may turn out to be the same as. */
interface Earlier {
  readonly matter: string;
  readonly from: number;
  readonly until: number;
}

const scriptOf = (random: SeededRandom, { sources, kind, start, matter, figure, earlier }: Told): ScriptedStep[] => {
  const { grids, components, row, data } = sources;
  const steps: ScriptedStep[] = [];
  const handler = random.below(1_000);
  let at = start;
  const step = (part: Part, action: string, input: Readonly<Record<string, unknown>> = {}, more: Partial<ScriptedStep> = {}): void => {
    steps.push({ at, matter, part, who: part === 'handler' ? handler : random.below(1_000), action, input, op: random.uuid(at), ...more });
  };
  const after = (least: number, most: number): void => { at += least + random.below(Math.max(1, most - least)); };
  const chance = (share: number): boolean => random.fraction() < share;
  const say = (list: 'decline' | 'return' | 'rework' | 'extension' | 'hold' | 'urge' | 'reopen' | 'check') => random.pick(data.reasons[list]!);

  const component = kind.component ? random.pick(components[kind.component]) : undefined;
  const grid = random.pick(grids);
  const spread = () => (random.fraction() - 0.5) * 0.0012;
  const point = component ? { lng: component.at[0] + spread() / 40, lat: component.at[1] + spread() / 40 } : { lng: grid.centre[0] + spread(), lat: grid.centre[1] + spread() };
  const code = component ? row(`C${data.minors[component.minor]}`, kind.condition ?? '') : row(`E${kind.event!}`, kind.condition ?? '');
  const part = weighted(random, [{ weight: 50, part: 'collector' }, { weight: 18, part: 'gridworker' }, { weight: 22, part: 'resident' }, { weight: 10, part: 'operator' }] as const).part;
  const channel = part === 'resident' ? 'web' : part === 'operator' ? 'phone' : part === 'gridworker' ? 'gridworker' : 'field';
  const subject = component?.minor === 'lamp' ? 'lamp' : component ? 'street' : 'street';
  step(part, 'report', {
    text: random.pick(kind.words), lng: Number(point.lng.toFixed(6)), lat: Number(point.lat.toFixed(6)), channel, accuracy: 3 + random.below(15),
    ...(component && { component: component.code }), ...(part !== 'resident' && { code }),
  }, { figure, ...(part !== 'operator' && { pictures: [`${subject}-before-${random.below(3)}`] }) });

  // Filed, declined, merged or looked at first, by the desk.
  after(4 * minute, 70 * minute);
  at = officeTime(at);
  if (chance(0.04)) {
    step('intake', 'requestCheck', { reason: say('check') });
    after(30 * minute, 3 * hour);
    step('verifier', 'check', { found: true });
    after(5 * minute, 40 * minute);
  }
  if (chance(0.04)) { step('intake', 'decline', { reason: say('decline') }); return steps; }
  // The other must be filed by then and far from its end.
  const same = earlier.filter(({ from, until }) => from < start - 2 * hour && until > at + 6 * hour);
  if (chance(0.03) && same.length > 0) { step('intake', 'merge', { into: random.pick(same).matter }); return steps; }
  if (chance(0.004)) { step('intake', 'void', { reason: '重复测试上报。' }); return steps; }
  step('intake', 'file', { code });

  if (chance(0.035)) {
    after(20 * minute, 3 * hour);
    step('handler', 'return', { reason: say('return') });
    after(10 * minute, hour);
    at = officeTime(at);
    step('dispatcher', 'dispatch');
  }
  after(5 * minute, 100 * minute);
  if (chance(0.03)) after(3 * hour, 8 * hour);
  step('handler', 'accept');
  if (chance(0.015)) {
    after(hour, 4 * hour);
    step('handler', 'requestHold', { days: 3 + random.below(12), reason: say('hold') });
    after(20 * minute, 3 * hour);
    at = officeTime(at);
    step('dispatcher', 'approveHold');
    after(2 * day, 4 * day);
    step('dispatcher', 'resume');
  }
  after(40 * minute, 9 * hour);
  at = officeTime(at);
  if (chance(0.05)) {
    step('handler', 'requestExtension', { amount: 1, reason: say('extension') });
    after(20 * minute, 3 * hour);
    at = officeTime(at);
    if (chance(0.8)) step('dispatcher', 'approveExtension');
    else step('dispatcher', 'refuseExtension', { reason: '现有时限足够，请按期办理。' });
    after(hour, 8 * hour);
  }
  if (chance(0.05)) {
    after(3 * day, 6 * day);
    if (chance(0.6)) step('supervisor', 'urge', { reason: say('urge') });
    after(2 * hour, 12 * hour);
    at = officeTime(at);
  }
  step('handler', 'arrive', { lng: Number(point.lng.toFixed(6)), lat: Number(point.lat.toFixed(6)), accuracy: 8 });
  after(10 * minute, 90 * minute);
  step('handler', 'finish', { note: random.pick(data.notes['finish']!) }, { pictures: [`${subject}-after-${random.below(2)}`] });
  if (chance(0.05)) {
    after(30 * minute, 5 * hour);
    step('verifier', 'rework', { reason: say('rework') });
    after(2 * hour, 20 * hour);
    at = officeTime(at);
    step('handler', 'finish', { note: random.pick(data.notes['finish']!) }, { pictures: [`${subject}-after-${random.below(2)}`] });
  }
  after(20 * minute, 8 * hour);
  if (kind.night && chance(0.5)) {
    // Whether a lamp burns is seen after dark: this evening, or the next one where it is late already.
    const evening = dayStart(dateOf(at)) + 19 * hour + random.below(120) * minute;
    at = evening > at ? evening : evening + day;
  }
  step('verifier', 'verify', { note: random.pick(data.notes['verify']!) });
  if (part === 'resident' && chance(0.5)) {
    after(hour, 20 * hour);
    step('resident', 'rate', { stars: weighted(random, [{ weight: 60, stars: 5 }, { weight: 25, stars: 4 }, { weight: 9, stars: 3 }, { weight: 4, stars: 2 }, { weight: 2, stars: 1 }] as const).stars });
  } else if (chance(0.01)) {
    after(day, 3 * day);
    at = officeTime(at);
    step('intake', 'reopen', { reason: say('reopen') });
    after(10 * minute, hour);
    step('dispatcher', 'dispatch');
    after(30 * minute, 2 * hour);
    step('handler', 'accept');
    after(2 * hour, 6 * hour);
    step('handler', 'finish', { note: random.pick(data.notes['finish']!) }, { pictures: [`${subject}-after-${random.below(2)}`] });
    after(hour, 5 * hour);
    step('verifier', 'verify', { note: random.pick(data.notes['verify']!) });
  }
  return steps;
};

/** Dates from one to another, both included. */
export const datesBetween = (from: string, until: string): string[] => {
  const dates: string[] = [];
  for (let at = dayStart(from); at <= dayStart(until); at += day) dates.push(dateOf(at));
  return dates;
};


