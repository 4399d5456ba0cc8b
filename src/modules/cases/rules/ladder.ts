import { isWorking } from '../../../base/time/calendar.ts';
import type { Limit } from '../../../base/time/limit.ts';
import { refuse, type Refusal } from '../../../base/result.ts';
import type { Change, ClockOrder, Context, Matter } from '../../matters/rules/workflow.ts';
import type { ClockInput } from '../contract/inputs.ts';
import type { Rung, Stage } from './posts.ts';
import { asJson, factsOf, messageParams, tell, type CaseFacts } from './facts.ts';

/** Where an escalation stands. It is kept with the case and not with whoever has it: a case that is sent elsewhere or back goes on rising from the same start. */
interface Standing {
  /** Hours of the limit, in its kind of time. */
  readonly hours: number;
  /** Rungs that have been taken. */
  readonly taken: number;
  readonly urgent: boolean;
}

export const riseClock = (stage: Stage): string => `rise.${stage}`;

const standingsOf = (matter: Matter | null): Readonly<Partial<Record<Stage, Standing>>> => (matter?.data['rise'] as unknown as Readonly<Partial<Record<Stage, Standing>>> | undefined) ?? {};

const hoursOf = ({ amount, unit }: Limit, dayHours: number): number => amount * (unit === 'workingDay' ? dayHours : unit === 'urgentDay' ? 24 : 1);

/** Hours from the start at which a rung comes. */
const hoursAt = (rung: Rung, hours: number): number => (rung.share === undefined ? hours + (rung.over ?? 0) : rung.share * hours);

const inOrder = (rungs: readonly Rung[], hours: number): readonly Rung[] => [...rungs].sort((a, b) => hoursAt(a, hours) - hoursAt(b, hours));

/** The least that a clock can be set to, in hours: rungs of the same hour follow each other at once. */
const least = 1 / 60;

const orderFor = (stage: Stage, { hours, taken, urgent }: Standing, rungs: readonly Rung[]): ClockOrder => {
  const sorted = inOrder(rungs, hours);
  const next = sorted[taken];
  if (!next) return { name: riseClock(stage), do: 'stop' };
  const before = taken === 0 ? 0 : hoursAt(sorted[taken - 1]!, hours);
  return { name: riseClock(stage), do: 'start', ...(taken > 0 && { after: riseClock(stage) }), limit: { amount: Math.max(least, hoursAt(next, hours) - before), unit: urgent ? 'urgentHour' : 'workingHour' } };
};

/** A stage's escalation from its beginning: what the case keeps, and the clock of the first rung. */
export const startRise = (matter: Matter | null, stage: Stage, limit: Limit, { settings, dayHours }: CaseFacts): { readonly rise: Change['data']; readonly clocks: readonly ClockOrder[] } => {
  const standing: Standing = { hours: hoursOf(limit, dayHours), taken: 0, urgent: !isWorking(limit.unit) };
  return { rise: { rise: asJson({ ...standingsOf(matter), [stage]: standing }) }, clocks: settings.ladders[stage].length === 0 ? [] : [orderFor(stage, standing, settings.ladders[stage])] };
};

/** As `startRise`, but for a case that is rising already: that goes on from where it began. */
export const keepRise = (matter: Matter | null, stage: Stage, limit: Limit, facts: CaseFacts): ReturnType<typeof startRise> =>
  standingsOf(matter)[stage] ? { rise: {}, clocks: [] } : startRise(matter, stage, limit, facts);

/** More time moves the rungs that are still to come as far as it moves the limit. */
export const extendRise = (matter: Matter, more: Limit, { settings, dayHours }: CaseFacts): ReturnType<typeof startRise> => {
  const standing = standingsOf(matter).handle;
  if (!standing) return { rise: {}, clocks: [] };
  const hours = standing.hours + hoursOf(more, dayHours);
  const [before, after] = [standing.hours, hours].map((all) => inOrder(settings.ladders.handle, all)[standing.taken]);
  const moved = before && after ? hoursAt(after, hours) - hoursAt(before, standing.hours) : 0;
  return {
    rise: { rise: asJson({ ...standingsOf(matter), handle: { ...standing, hours } }) },
    clocks: moved > 0 ? [{ name: riseClock('handle'), do: 'extend', limit: { amount: moved, unit: standing.urgent ? 'urgentHour' : 'workingHour' } }] : [],
  };
};

/** Those who hold the posts of a rung; where nobody holds any, those of the next post above, and so on: nothing rises to nobody. */
const reached = ({ settings, posts = {} }: CaseFacts, to: readonly string[]): { readonly post: string; readonly recipients: readonly string[] } => {
  const asked = [...new Set(to.flatMap((post) => posts[post] ?? []))];
  if (asked.length > 0) return { post: to.join(' '), recipients: asked };
  const from = settings.posts.findIndex(({ post }) => to.includes(post));
  const above = settings.posts.slice(Math.max(0, from)).find(({ post }) => (posts[post] ?? []).length > 0) ?? settings.posts.find(({ post }) => (posts[post] ?? []).length > 0);
  return above ? { post: above.post, recipients: posts[above.post]! } : { post: '', recipients: [] };
};

/** 逐级上报: one rung is taken, and the clock of the next begins. */
export const escalate = (matter: Matter, { clock }: ClockInput, context: Context): Change | Refusal => {
  const facts = factsOf(context);
  const stage = clock.slice('rise.'.length) as Stage;
  const standing = standingsOf(matter)[stage];
  const rungs = facts.settings.ladders[stage];
  const rung = standing && inOrder(rungs, standing.hours)[standing.taken];
  // The county has shortened its ladder since: there is nothing left to rise to.
  if (!standing || !rung) return standing ? { clocks: [{ name: clock, do: 'stop' }], set: { clock } } : refuse(409, 'matters.clock-not-due', { clock });
  const after = { ...standing, taken: standing.taken + 1 };
  const { post, recipients } = reached(facts, rung.to);
  return {
    data: { rise: asJson({ ...standingsOf(matter), [stage]: after }), risen: Number(matter.data['risen'] ?? 0) + 1 },
    set: { clock, rung: after.taken, post },
    clocks: [orderFor(stage, after, rungs)],
    deliveries: tell('escalated', recipients, messageParams(matter, facts), true),
  };
};
