import type { Actor } from '../base/actor.ts';
import type { ActorId } from '../base/ids.ts';
import { SeededRandom } from '../base/random.ts';
import { isRefusal } from '../base/result.ts';
import { dateOf, datesBetween, scriptOfDay, type ScriptedStep, type ScriptSources } from './history.ts';
import type { DemoModules } from './modules.ts';
import type { Cast } from './people.ts';
import type { DemoPictures } from './pictures.ts';

export interface PlayOrder {
  readonly modules: DemoModules;
  readonly county: string;
  readonly seed: string;
  readonly sources: ScriptSources;
  readonly cast: Cast;
  readonly pictures: DemoPictures;
  /** Contacts of residents who report. */
  readonly residents: readonly string[];
  /** First day that brings matters, `YYYY-MM-DD`. */
  readonly origin: string;
  /** Steps after this and up to `until` are played. Milliseconds since 1970. */
  readonly after: number;
  readonly until: number;
  readonly signal?: AbortSignal;
  progress?(line: string): void;
}

export interface Played {
  readonly matters: number;
  readonly actions: number;
  readonly refused: number;
  readonly clocks: number;
}

/** Matters of a wave travel in one write; a wave holds no matter twice, so its order is the order of time. */
const waveSize = 64;
/** How often the clocks are looked at in simulated time. */
const clockRound = 60 * 60_000;

/** All steps of a stretch of time, in order. Scripts of earlier days reach into it, so all days since the origin are written anew. */
const stepsOf = ({ seed, sources, origin, after, until }: PlayOrder): ScriptedStep[] =>
  datesBetween(origin, dateOf(until)).flatMap((date) => scriptOfDay(seed, date, sources))
    .filter(({ at }) => at > after && at <= until).sort((a, b) => a.at - b.at || (a.op < b.op ? -1 : 1));

/**
 * Plays a history through `act`, with simulated time. Everything that is chosen comes from seed and date: equal orders on
 * equal databases give equal canonical entries. A step that the state does not allow (a clock came between, a person of
 * the demo was faster) is refused like any other and the history goes on.
 */
export const play = async (order: PlayOrder): Promise<Played> => {
  const { modules: { matters, cases }, county, seed, cast, pictures, residents, after, until } = order;
  const steps = stepsOf(order);
  const figures = new Map<string, number>();
  for (const { at, figure } of steps) if (figure !== undefined) figures.set(dateOf(at), (figures.get(dateOf(at)) ?? 0) + 1);
  const firsts = new Map<string, number>();
  for (const [date, count] of figures) firsts.set(date, await matters.leaseFigures(county, date.slice(2).replaceAll('-', ''), count));

  const resident = (n: number): Actor => ({ id: residents[n % residents.length]! as ActorId, kind: 'resident', name: null, grants: [] });
  const played = { matters: 0, actions: 0, refused: 0, clocks: 0 };
  const given = new Map<string, number>();

  const actorOf = (step: ScriptedStep, standing: { leadUnit: string | null; handler: string | null } | undefined): Actor | undefined => {
    if (step.part === 'resident') return resident(step.who);
    if (step.part !== 'handler') { const people = cast.of(step.part); return people[step.who % people.length]; }
    const known = standing?.handler ? cast.byId(standing.handler) : undefined;
    const unit = standing?.leadUnit ? cast.unit(standing.leadUnit) : [];
    return known ?? unit[step.who % Math.max(1, unit.length)];
  };

  const perform = async (wave: readonly ScriptedStep[]): Promise<void> => {
    const standings = await matters.standings(order.modules.world.db, county, wave.map(({ matter }) => matter));
    const results = await Promise.all(wave.map(async (step) => {
      const chosen = actorOf(step, standings.get(step.matter));
      if (!chosen) return null;
      const actor: Actor = { ...chosen };
      const shown = (step.pictures ?? []).map((subject) => pictures.get(subject)!);
      const blobs = shown.map(({ served }) => served);
      cases.vouch(actor, new Map(shown.map(({ served, original }) => [served, original])));
      const makes = step.figure !== undefined;
      let figure: number | undefined;
      if (makes) {
        const date = dateOf(step.at);
        figure = firsts.get(date)! + (given.get(date) ?? 0);
        given.set(date, (given.get(date) ?? 0) + 1);
      }
      const contact = makes && step.part === 'operator' ? { contact: residents[step.who % residents.length]! } : {};
      return matters.act({
        actor, behalf: null, county, kind: 'case', matter: makes ? null : step.matter, action: step.action,
        input: { ...step.input, ...contact, ...(blobs.length > 0 && { blobs }) }, op: step.op,
        simulated: { now: step.at, random: new SeededRandom(step.op), ...(makes && { newId: step.matter, figure: figure! }) },
      });
    }));
    results.forEach((result, i) => {
      if (result === null || isRefusal(result)) played.refused++;
      else { played.actions++; if (wave[i]!.figure !== undefined) played.matters++; }
    });
  };

  const tick = async (now: number): Promise<void> => {
    for (;;) {
      const done = await matters.tick({ now, seed });
      played.clocks += done;
      if (done === 0) return;
    }
  };

  let looked = after;
  let told = '';
  for (let next = 0; next < steps.length;) {
    order.signal?.throwIfAborted();
    const wave: ScriptedStep[] = [];
    const seen = new Set<string>();
    // A merge touches a second matter: it travels alone, so that the wave's order stays the order of time.
    while (next < steps.length && wave.length < waveSize && !seen.has(steps[next]!.matter) && (wave.length === 0 || steps[next]!.at < looked + clockRound)) {
      const step = steps[next]!;
      if (step.action === 'merge' && wave.length > 0) break;
      wave.push(step);
      seen.add(step.matter);
      next++;
      if (step.action === 'merge') break;
    }
    if (wave[0]!.at >= looked + clockRound) { await tick(wave[0]!.at); looked = wave[0]!.at; }
    await perform(wave);
    const date = dateOf(wave[0]!.at);
    if (date !== told) { told = date; order.progress?.(date); }
  }
  await tick(until);
  return played;
};

