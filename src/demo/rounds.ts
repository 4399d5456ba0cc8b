import { readFileSync } from 'node:fs';
import type { Actor } from '../base/actor.ts';
import { metresBetween } from '../base/geo/geometry.ts';
import type { CountyCode } from '../base/ids.ts';
import { SeededRandom } from '../base/random.ts';
import { isRefusal } from '../base/result.ts';
import { enqueue } from '../modules/outreach/index.ts';
import { createRounds, type Rounds } from '../modules/rounds/index.ts';
import type { DemoGrid } from './geography.ts';
import { dateOf, datesBetween, dayStart, type ScriptSources } from './history.ts';
import type { DemoModules } from './modules.ts';
import type { Cast } from './people.ts';

export interface RoundsOrder {
  readonly modules: DemoModules;
  readonly county: CountyCode;
  readonly seed: string;
  readonly sources: ScriptSources;
  readonly cast: Cast;
  /** Milliseconds since 1970: steps after one and up to the other are played. */
  readonly after: number;
  readonly until: number;
}

/** `data/demo/rounds.json`. */
interface RoundsData {
  readonly route: string;
  readonly kinds: readonly ('care' | 'safety' | 'survey' | 'dispute')[];
  readonly households: readonly string[];
  readonly notes: readonly string[];
  readonly spoken: string;
  readonly remarks: readonly string[];
  readonly answers: readonly string[];
}

interface Timed {
  readonly at: number;
  does(): Promise<unknown>;
}

interface Walk {
  readonly id: string;
  readonly walker: Actor;
  /** Every so many days. */
  readonly every: number;
  readonly grid: DemoGrid;
  readonly stops: readonly { readonly name: string; readonly lng: number; readonly lat: number; readonly component: string }[];
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** As far back as a page of rounds is looked at; each step is a transaction of its own, and a demo is to be there soon. */
const daysBack = 12;
const routesOfDemo = 5;
const stopsOfRoute = 6;
const householdsOfDemo = 3;
/** Matters that one hand-over of the demo names. */
const openAtMost = 4;

const readRounds = (): RoundsData => JSON.parse(readFileSync(new URL('../../data/demo/rounds.json', import.meta.url), 'utf8')) as RoundsData;

/** What stands nearest to the middle of a grid, eastwards: a way that one can walk. */
const stopsAround = ({ centre }: DemoGrid, components: ScriptSources['components']): Walk['stops'] =>
  [...components.lamp, ...components.hydrant, ...components.manhole]
    .map((one) => ({ one, metres: metresBetween(centre[0], centre[1], one.at[0], one.at[1]) }))
    .sort((a, b) => a.metres - b.metres || (a.one.code < b.one.code ? -1 : 1)).slice(0, stopsOfRoute)
    .map(({ one: { name, at, code } }) => ({ name, lng: at[0], lat: at[1], component: code }))
    .sort((a, b) => a.lng - b.lng);

/**
 * Plays patrols, visits to households and hand-overs of shifts through the front door of `rounds`, one after the other, with a
 * clock of their own. Everything that is chosen comes from seed and date, as in `play`; what was played before is not played twice.
 * A step whose beginning lies before what is played (a shift that was never given) is refused, and the rest goes on.
 */
export const playRounds = async ({ modules, county, seed, sources, cast, after, until }: RoundsOrder): Promise<number> => {
  const data = readRounds();
  let clock = after;
  const rounds: Rounds = createRounds({ ...modules, world: { ...modules.world, now: () => clock }, send: enqueue });
  const done = async (what: string, work: Promise<unknown>): Promise<void> => {
    const result = await work;
    if (isRefusal(result)) throw new Error(`demo: ${what}: ${result.reason}`);
  };
  const tree = await modules.places.tree(county);
  const workers = cast.of('gridworker');
  const workersOf = (grid: DemoGrid): readonly Actor[] => workers.filter(({ grants }) => grants.some(({ place }) => tree.find(grid.code)!.path.startsWith(place)));
  const [chief] = cast.role('gridchief');
  const watched = sources.grids.filter((grid) => workersOf(grid).length > 0);
  // The demo's own grid worker is at home in a village whose grids have two to look after them.
  const grids = [...watched].sort((a, b) => workersOf(b).length - workersOf(a).length || (a.code < b.code ? -1 : 1)).slice(0, routesOfDemo);
  const walks = grids.map((grid, at): Walk => {
    const random = new SeededRandom(`${seed} route ${grid.code}`);
    return { id: random.uuid(0), walker: workersOf(grid).at(-1)!, every: at === 0 ? 3 : at === 4 ? 14 : 7, grid, stops: stopsAround(grid, sources.components) };
  });
  const [one] = walks;
  if (!chief || !one) return 0;

  // Consents are dated by the clock of identity, which stands where this stretch of history began.
  const consents: string[] = [];
  for (let n = 0; n < householdsOfDemo; n++) {
    const id = new SeededRandom(`${seed} household ${n}`).uuid(0);
    const now = modules.world.now();
    await done('consent', modules.identity.consents.give(one.walker, county, { id, phone: `1390000${String(n + 1).padStart(4, '0')}`, purpose: 'visit', scope: ['visit_notes'], way: { spoken: data.spoken }, until: now + 360 * day, givenAt: now, language: 'zh-Hans' }));
    consents.push(id);
  }

  const stepsOfDay = (date: string): Timed[] => {
    const random = new SeededRandom(`${seed} rounds ${date}`);
    const start = dayStart(date);
    const number = Math.round(start / day);
    const steps: Timed[] = [];
    walks.forEach(({ id: route, walker, every, stops }, at) => {
      const patrol = random.uuid(start);
      const begins = start + 8 * hour + random.below(120) * minute;
      // Now and then a stop is passed by, and seen as missing.
      const seen = stops.map((stop, n) => ({ stop, id: String(n + 1), op: random.uuid(start), missed: random.below(10) === 0, off: random.below(9) / 1e5 }));
      if ((number + at * 3) % (every === 14 ? 10 : every === 7 ? 3 : 2) !== 0) return;
      const step = (when: number, ask: Parameters<Rounds['patrols']['step']>[1]): void => { steps.push({ at: when, does: () => rounds.patrols.step(walker, ask) }); };
      step(begins, { op: patrol, patrol, do: 'start', route });
      const checked = seen.filter(({ missed }) => !missed);
      checked.forEach(({ stop, id, op, off }, n) => step(begins + (n + 1) * 4 * minute, { op, patrol, do: 'check', stop: id, way: 'position', lng: stop.lng + off, lat: stop.lat, accuracy: 8 }));
      step(begins + (checked.length + 1) * 4 * minute, { op: new SeededRandom(`${patrol} end`).uuid(start), patrol, do: 'end' });
    });
    walks.slice(0, 3).forEach(({ walker, grid }, at) => {
      const op = random.uuid(start);
      const kind = random.pick(data.kinds);
      const outcome = random.pick(['met', 'met', 'met', 'absent', 'declined'] as const);
      const household = random.below(consents.length);
      const note = random.pick(data.notes);
      const noted = at === 0 && outcome === 'met';
      steps.push({ at: start + 15 * hour + at * 20 * minute, does: () => rounds.visits.log(walker, { op, place: grid.code, kind, outcome, ...(noted && { consent: consents[household]!, household: data.households[household]!, note }) }) });
    });
    /** What a giver has before them that was there at the time: the newest, as many as fit a page. */
    const openFor = async (giver: Actor, at: number): Promise<string[]> => {
      const found = await modules.matters.list(giver, { box: 'todo', limit: 50 }, 'zh-Hans');
      return isRefusal(found) ? [] : found.items.filter(({ createdAt }) => Date.parse(createdAt) <= at).slice(0, openAtMost).map(({ id }) => id);
    };
    const handOver = (givers: readonly Actor[], at: number, turn = number): void => {
      const [giver, taker] = [givers[turn % givers.length]!, givers[(turn + 1) % givers.length]!];
      const op = random.uuid(start);
      const [remarks, answer] = [random.pick(data.remarks), random.pick(data.answers)];
      if (giver === taker) return;
      steps.push({ at, does: async () => rounds.handovers.give(giver, { op, to: taker.id, matters: await openFor(giver, at), remarks }, 'zh-Hans') });
      // Taken over in the morning: what was given last still waits for its taker.
      steps.push({ at: at + 14 * hour, does: () => rounds.handovers.confirm(taker, op, { op: new SeededRandom(`${op} confirm`).uuid(start), remarks: answer }) });
    };
    handOver(cast.unit('lighting'), start + 17.5 * hour);
    handOver(cast.role('collector').slice(0, 2), start + 17.75 * hour);
    handOver([one.walker, chief], start + 18 * hour, 0);
    return steps;
  };

  clock = Math.max(after, until - daysBack * day);
  const from = clock;
  for (const { id, grid, every, stops } of walks)
    await done('route', rounds.patrols.plan(chief, { op: id, county, place: grid.code, name: data.route.replace('{road}', grid.road), everyDays: every, stops: [...stops] }));
  const steps = datesBetween(dateOf(from - day), dateOf(until)).flatMap(stepsOfDay).filter(({ at }) => at > from && at <= until).sort((a, b) => a.at - b.at);
  for (const { at, does } of steps) {
    clock = at;
    await does();
  }
  return steps.length;
};
