import type { Language } from '../base/text/language.ts';
import { SeededRandom } from '../base/random.ts';
import { createMetrics } from '../platform/metrics.ts';
import type { World } from '../platform/world.ts';
import { demoPassword } from '../modules/identity/index.ts';
import { dateOf, dayStart } from './history.ts';
import type { DemoModules } from './modules.ts';
import { play, type Played } from './player.ts';
import { playRounds } from './rounds.ts';
import { buildTown, prepareHistory, type DemoState } from './seed.ts';
import { readDemoTown } from './town-data.ts';

const day = 86_400_000;
/** Days of history that a new demo has. */
const historyDays = 90;
/** Seed of a demo that nobody chose one for. */
export const usualSeed = 'lamplight';

/** What a demo is made with: modules opened on a world of its own, with simulated time and foretellable ids. */
export interface DemoOrder {
  readonly world: World;
  open(world: World): Promise<DemoModules>;
  progress(line: string): void;
  readonly signal: AbortSignal;
}

const readState = async ({ db }: World): Promise<DemoState | undefined> => {
  const [row] = await db.query<{ demo: DemoState | null }>(`select settings -> 'demo' as demo from county where county = $1`, [readDemoTown().county.code]);
  return row?.demo ?? undefined;
};

const writeState = async ({ db }: World, state: DemoState): Promise<void> => {
  await db.query(`update county set settings = settings || jsonb_build_object('demo', $2::jsonb) where county = $1`, [readDemoTown().county.code, JSON.stringify(state)]);
};

/** A world whose clock stands where it is set and whose ids come from a seed; its figures go nowhere. */
const simulatedWorld = (world: World, seed: string, begin: number): { readonly world: World; set(at: number): void } => {
  let at = begin;
  return { world: { ...world, metrics: createMetrics(), random: new SeededRandom(seed), now: () => at }, set(time) { at = time; } };
};

const playOn = async (order: DemoOrder, modules: DemoModules, state: DemoState, until: number, set: (at: number) => void): Promise<Played> => {
  const prepared = await prepareHistory(modules, state.seed);
  const played = await play({
    modules, ...prepared, seed: state.seed, origin: state.origin, after: state.playedUntil, until, signal: order.signal, progress: order.progress,
  });
  await playRounds({ modules, ...prepared, seed: state.seed, after: state.playedUntil, until });
  // What is signed now is signed at the end of the history, not at its beginning.
  set(until);
  await modules.outreach.logHistory(prepared.county);
  await modules.ledger.sequencer.drain(prepared.county);
  await writeState(order.world, { ...state, playedUntil: until });
  return played;
};

/** Makes the demo town in an empty database: 90 days of history up to the present. */
export const seedDemo = async (order: DemoOrder): Promise<Played> => {
  const now = order.world.now();
  return simulate(order, { from: dateOf(now - historyDays * day), until: now, seed: usualSeed });
};

/** Makes the demo town in an empty database, with a history from the beginning of a day until a time. */
export const simulate = async (order: DemoOrder, { from, until, seed }: { from: string; until: number; seed: string }): Promise<Played> => {
  const begin = dayStart(from);
  const { world, set } = simulatedWorld(order.world, seed, begin);
  const modules = await order.open(world);
  await buildTown(modules, seed);
  const state: DemoState = { seed, origin: from, playedUntil: begin };
  await writeState(order.world, state);
  return playOn(order, modules, state, until, set);
};

/** Plays the history forward that passed since the demo was last open, so that it does not wake up in a storm of overdue. */
export const catchUpDemo = async (order: DemoOrder): Promise<Played | null> => {
  const state = await readState(order.world);
  const now = order.world.now();
  if (!state || now - state.playedUntil < 60_000) return null;
  const { world, set } = simulatedWorld(order.world, `${state.seed} ${state.playedUntil}`, state.playedUntil);
  const modules = await order.open(world);
  return playOn(order, modules, state, now, set);
};

/** A login that the start table shows. */
export interface DemoLogin {
  readonly account: string;
  /** What this person does there. */
  readonly role: Readonly<Record<Language, string>>;
  /** `/console/`, `/field/`. */
  readonly end: string;
}

export const demoLogins: readonly DemoLogin[] = [
  { account: 'collector', end: '/field/', role: { 'zh-Hans': '巡查上报、核查', 'zh-Hant': '巡查上報、核查', en: 'patrols, reports and verifies' } },
  { account: 'lampkeeper', end: '/field/', role: { 'zh-Hans': '修灯', 'zh-Hant': '修燈', en: 'keeps the lamps' } },
  { account: 'intake', end: '/console/', role: { 'zh-Hans': '受理立案', 'zh-Hant': '受理立案', en: 'files reports' } },
  { account: 'dispatcher', end: '/console/', role: { 'zh-Hans': '派遣', 'zh-Hant': '派遣', en: 'dispatches' } },
  { account: 'supervisor', end: '/console/', role: { 'zh-Hans': '督查', 'zh-Hant': '督查', en: 'supervises' } },
  { account: 'auditor', end: '/console/', role: { 'zh-Hans': '审计留痕', 'zh-Hant': '審計留痕', en: 'audits the ledger' } },
  { account: 'admin', end: '/console/', role: { 'zh-Hans': '账号与权限', 'zh-Hant': '帳號與權限', en: 'accounts and rights' } },
];

export { demoPassword };
export type { Played };
