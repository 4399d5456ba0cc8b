import type { Actor } from '../../../base/actor.ts';
import { theSystem } from '../../../base/actor.ts';
import type { Json } from '../../../base/canonical.ts';
import type { RandomSource } from '../../../base/random.ts';
import { isRefusal, refuse, type Refusal } from '../../../base/result.ts';
import type { DoneEarlier } from '../contract.ts';
import type { Clock } from '../rules/clocks.ts';
import { decide, type Decision, type Held } from '../rules/decide.ts';
import { doneEarlier } from '../rules/done.ts';
import { standing, standingIn, type Standing } from '../rules/permit.ts';
import type { FileDraft, Matter, Message, TextDraft } from '../rules/workflow.ts';
import type { Calendars } from './clocks/calendars.ts';
import { besideDigest, saltedDigest, type SpotMark } from './digests.ts';
import type { Kinds } from './kinds.ts';
import type { Numbers } from './numbers.ts';

/** One decided action on one matter, with who took it: an entry-to-be. */
export interface Step {
  readonly matter: Matter;
  readonly action: string;
  readonly from: string | null;
  readonly actor: Actor;
  readonly standing: Standing;
  readonly behalf: string | null;
  readonly set: { readonly [name: string]: Json };
  /** Digest of what the entry vouches for beside: see `besideDigest`. */
  readonly beside: string;
  /** Mark of where the matter is from now on; absent where that did not change. */
  readonly spot?: string;
  readonly texts: readonly (TextDraft & { readonly id: string; readonly salt: Uint8Array; readonly digest: string })[];
  readonly files: readonly FileDraft[];
  readonly messages: readonly (Message & { readonly id: string })[];
}

/** Everything that one call of `act` will write: several steps, of one or more matters of one county. */
export interface Plan {
  readonly steps: readonly Step[];
  /** The last state of every matter touched, the target first; `expect` is null for a new one. */
  readonly results: readonly { readonly held: Held; readonly expect: number | null; readonly touched: readonly Clock[]; readonly ended: boolean }[];
}

/** What the planner needs of the server; the present and randomness come in from outside. */
export interface Planner {
  readonly kinds: Kinds;
  readonly calendars: Calendars;
  readonly numbers: Pick<Numbers, 'take'>;
  readonly random: RandomSource;
  readonly spot: SpotMark;
  /** Reads matters that an action turned out to touch beside those it named. */
  load(county: string, ids: readonly string[]): Promise<Map<string, Held>>;
}

export interface Asked {
  readonly actor: Actor;
  readonly behalf: string | null;
  readonly county: string;
  readonly kind: string;
  /** Null to make one. */
  readonly matter: string | null;
  readonly action: string;
  readonly input: unknown;
  /** When it was done, where the caller says so; see `doneEarlier`. */
  readonly done?: DoneEarlier;
  /** Time, ids and figure of a simulated action; refused outside a demo database. */
  readonly simulated?: Simulated;
}

/** What makes a simulated history repeatable: nothing of it comes from the clock or the machine. */
export interface Simulated {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly random: RandomSource;
  /** Id and figure of the day that a new matter gets. */
  readonly newId?: string;
  readonly figure?: number;
}

interface Working {
  held: Held | null;
  expect: number | null;
  touched: Map<string, Clock>;
}

/**
 * Decides an action with all that it entails (children, other matters, what the system does next). Nothing is written.
 * @param loaded every matter that the action may touch, as just read
 */
export const plan = async (planner: Planner, asked: Asked, loaded: ReadonlyMap<string, Held>, present: number): Promise<Plan | Refusal> => {
  const { county, simulated } = asked;
  const now = simulated?.now ?? present;
  const random = simulated?.random ?? planner.random;
  const calendar = planner.calendars.of(county);
  const working = new Map<string, Working>();
  const steps: Step[] = [];

  const take = async (
    kindName: string, id: string | null, action: string, input: unknown, actor: Actor, behalf: string | null, ordered: Standing | null, first = false,
  ): Promise<Refusal | string> => {
    const kind = planner.kinds.find(kindName);
    const declaration = kind?.workflow.actions[action];
    if (!kind || !declaration) return refuse(422, 'matters.no-such-action', { action });
    if (ordered) {
      const wrong = planner.kinds.check(kindName, action, input);
      if (wrong) return wrong;
    }
    let state: Working;
    if (id === null) {
      if (declaration.from !== null) return refuse(409, 'matters.not-in-this-state', { action, state: '-' });
      state = { held: null, expect: null, touched: new Map() };
    } else {
      const known = working.get(id);
      const read = loaded.get(id) ?? (known ? undefined : (await planner.load(county, [id])).get(id));
      if (!known && !read) return refuse(404, 'matters.not-found');
      state = known ?? { held: read!, expect: read!.matter.version, touched: new Map() };
    }
    const matter = state.held?.matter ?? null;
    const facts = (await kind.facts?.({ county, action, input: input as never, matter, actor, now })) ?? {};
    if (isRefusal(facts)) return facts;
    // Where a new matter will stand is known only from the facts: its place decides who may make it there.
    const place = (facts['facets'] as Matter['facets'] | undefined) ?? matter?.facets ?? {};
    // Whoever acts on a resident's own matter for them acts as they would, whatever else they may.
    const right = ordered ?? (matter ? standingIn(behalf, declaration, matter.facets) : undefined) ?? standing(actor, declaration, county, matter?.facets ?? place, now) ?? standingIn(behalf, declaration, matter?.facets ?? place);
    if (!right) return refuse(403, 'matters.not-allowed', { action });
    const context = { now, actor, role: right.role, unit: right.unit, facts, others: new Map([...loaded].map(([key, value]) => [key, working.get(key)?.held?.matter ?? value.matter])) };
    const blank = state.held ?? {
      county, id: (first ? simulated?.newId : undefined) ?? random.uuid(now),
      number: await planner.numbers.take(county, calendar, now, first ? simulated?.figure : undefined),
    };
    const decision: Decision | Refusal = decide(kind.workflow, blank, action, input, context, calendar);
    if (isRefusal(decision)) return decision;

    const { after } = decision;
    state.held = after;
    for (const clock of decision.touched) state.touched.set(clock.name, clock);
    working.set(after.matter.id, state);
    steps.push({
      matter: after.matter, action, from: decision.before?.state ?? null, actor, standing: right, behalf, files: decision.files,
      set: first ? { ...decision.set, ...doneEarlier(asked.done, now) } : decision.set,
      beside: besideDigest({ ...after.matter, doers: after.doers, clocks: after.clocks }),
      ...(moved(decision.before?.facets, after.matter.facets) && { spot: planner.spot(county, after.matter.id, after.matter.facets) }),
      texts: decision.texts.map((text) => {
        const salt = random.bytes(16);
        return { ...text, id: random.uuid(now), salt, digest: saltedDigest(salt, text.text) };
      }),
      messages: decision.messages.map((message) => ({ ...message, id: random.uuid(now) })),
    });
    for (const next of decision.also) {
      const done = 'make' in next
        ? await take(next.make.kind, null, next.make.action, withParent(next.make.input, after.matter.id), actor, behalf, right)
        : await take(next.kind ?? kindName, next.on, next.action, next.input, actor, behalf, right);
      if (isRefusal(done)) return done;
    }
    if (decision.then) {
      const done = await take(kindName, after.matter.id, decision.then.action, decision.then.input, theSystem, null, { role: 'system', unit: null });
      if (isRefusal(done)) return done;
    }
    return after.matter.id;
  };

  const done = await take(asked.kind, asked.matter, asked.action, asked.input, asked.actor, asked.behalf, null, true);
  if (isRefusal(done)) return done;
  const order = [done, ...[...working.keys()].filter((id) => id !== done)];
  return {
    steps,
    results: order.map((id) => {
      const { held, expect, touched } = working.get(id)!;
      return { held: held!, expect, touched: [...touched.values()], ended: planner.kinds.get(held!.matter.kind).workflow.final.includes(held!.matter.state) };
    }),
  };
};

const withParent = (input: unknown, parent: string): unknown => ({ ...(input as object), parent });

/** Whether an action said where a matter is, or something else than before. */
const moved = (before: Matter['facets'] | undefined, after: Matter['facets']): boolean => before?.lng !== after.lng || before?.lat !== after.lat;
