import type { Calendar } from '../../../base/time/calendar.ts';
import type { Json } from '../../../base/canonical.ts';
import { isRefusal, refuse, type Refusal } from '../../../base/result.ts';
import { extendClock, nextDue, pauseClock, resumeClock, startClock, stopClock, type Clock } from './clocks.ts';
import { leadsFrom } from './permit.ts';
import { warnShareOf, type Also, type Change, type Context, type Facets, type FileDraft, type Matter, type Message, type TextDraft, type Workflow } from './workflow.ts';

/** A matter with what the kernel keeps beside it and a decision needs. */
export interface Held {
  readonly matter: Matter;
  readonly clocks: readonly Clock[];
  /** Who took which action so far: `action` to the actors' ids, for four eyes. */
  readonly doers: Readonly<Record<string, readonly string[]>>;
}

/** A new matter before its first action. */
export interface Blank {
  readonly county: string;
  readonly id: string;
  readonly number: string;
}

/** What one action does to one matter, decided and not yet written. */
export interface Decision {
  readonly before: Matter | null;
  readonly after: Held;
  /** Clocks that the action touched. */
  readonly touched: readonly Clock[];
  readonly set: { readonly [name: string]: Json };
  readonly texts: readonly TextDraft[];
  readonly files: readonly FileDraft[];
  readonly messages: readonly Message[];
  readonly also: readonly Also[];
  readonly then: Change['then'];
}

const facetNames = ['place', 'path', 'lng', 'lat', 'component', 'code', 'codeVersion', 'leadUnit', 'handler', 'reporter', 'parent'] as const;

const merged = (facets: Facets, change: Change['facets']): { facets: Facets; set: Record<string, Json> } => {
  const next: Record<string, Json> = { ...(facets as Record<string, Json>) };
  const set: Record<string, Json> = {};
  for (const name of facetNames) {
    const value = change?.[name];
    if (value === undefined) continue;
    if (value === null) delete next[name];
    else next[name] = value;
    // Where a report was made is a fact of the matter's row; the log keeps the place's code and not the point,
    // which may be somebody's door.
    if (name !== 'lng' && name !== 'lat') set[name] = value;
    // Whoever loses a matter must hear of it: live listeners are chosen by where it stands and by where it stood.
    const before = facets[name];
    if ((name === 'leadUnit' || name === 'handler') && before !== undefined && before !== value) set[`was.${name}`] = before;
  }
  return { facets: next as Facets, set };
};

/**
 * Decides one action on one matter: pure, so that server, phone and simulator come to the same result.
 * The caller has checked the input against its schema and the actor's standing.
 */
export const decide = (
  workflow: Workflow, held: Held | Blank, action: string, input: unknown, context: Context, calendar: Calendar,
): Decision | Refusal => {
  const declaration = workflow.actions[action];
  if (!declaration) return refuse(404, 'matters.no-such-action', { action });
  const existing = 'matter' in held ? held : null;
  const matter = existing?.matter ?? null;
  if ((declaration.from === null) !== (matter === null)) return refuse(409, 'matters.not-in-this-state', { action, state: matter?.state ?? '-' });
  if (matter && !leadsFrom(declaration, matter, workflow.final)) return refuse(409, 'matters.not-in-this-state', { action, state: matter.state });
  for (const other of declaration.notWho ?? [])
    if (existing?.doers[other]?.includes(context.actor.id)) return refuse(409, 'matters.not-the-same-person', { action, other });

  const blocked = matter && declaration.when?.(matter);
  if (blocked) return blocked;

  const change = declaration.rule ? declaration.rule(matter as never, input as never, context) : {};
  if (isRefusal(change)) return change;

  const to = declaration.to === 'same' ? matter!.state : declaration.to === 'rule' ? (change.to ?? matter?.state) : (change.to ?? declaration.to);
  if (to === undefined || !workflow.states.includes(to)) throw new Error(`workflow ${workflow.kind}, action ${action}: the rule led to ${to}`);

  const { facets, set } = merged(matter?.facets ?? {}, change.facets);
  const data: Record<string, Json | undefined> = { ...matter?.data };
  for (const [name, value] of Object.entries(change.data ?? {})) {
    if (value === null) delete data[name];
    else data[name] = value;
  }

  const clocks = new Map((existing?.clocks ?? []).map((clock) => [clock.name, clock]));
  const touched = new Map<string, Clock>();
  const turn = (name: string, how: (clock: Clock) => Clock) => {
    const clock = clocks.get(name);
    if (!clock) return;
    const next = how(clock);
    if (next === clock) return;
    clocks.set(name, next);
    touched.set(name, next);
  };
  const { now } = context;
  const share = (name: string) => warnShareOf(workflow, name);
  // An escalation marks its clock in the same write, so that it cannot happen twice: before the action stops any.
  const fired = (input as { clock?: unknown } | null)?.clock;
  if (context.role === 'system' && typeof fired === 'string') {
    const clockDeclared = workflow.clocks[fired];
    const clock = clocks.get(fired);
    if (clockDeclared?.due === action) {
      if (!clock || clock.dueAt === null || clock.stoppedAt !== null || clock.firedAt !== null || clock.dueAt > now) return refuse(409, 'matters.clock-not-due', { clock: fired });
      turn(fired, (one) => ({ ...one, firedAt: now, warnedAt: one.warnedAt ?? now }));
    } else if (clockDeclared?.warn === action) {
      if (!clock || clock.warnAt === null || clock.stoppedAt !== null || clock.warnedAt !== null || clock.warnAt > now) return refuse(409, 'matters.clock-not-due', { clock: fired });
      turn(fired, (one) => ({ ...one, warnedAt: now }));
    }
  }
  for (const name of declaration.stops ?? []) turn(name, (clock) => stopClock(clock, now));
  for (const name of declaration.pauses ?? []) turn(name, (clock) => pauseClock(calendar, clock, now));
  for (const name of declaration.resumes ?? []) turn(name, (clock) => resumeClock(calendar, clock, now, share(name)));
  for (const order of change.clocks ?? []) {
    if (!workflow.clocks[order.name]) throw new Error(`workflow ${workflow.kind}, action ${action}: clock ${order.name} is not declared`);
    switch (order.do) {
      case 'start': {
        const clock = startClock(calendar, order.name, order.limit!, (order.after === undefined ? null : clocks.get(order.after)?.dueAt) ?? now, share(order.name));
        clocks.set(order.name, clock);
        touched.set(order.name, clock);
        break;
      }
      case 'pause': turn(order.name, (clock) => pauseClock(calendar, clock, now)); break;
      case 'resume': turn(order.name, (clock) => resumeClock(calendar, clock, now, share(order.name))); break;
      case 'stop': turn(order.name, (clock) => stopClock(clock, now)); break;
      case 'extend': turn(order.name, (clock) => extendClock(calendar, clock, order.limit!.amount, now, share(order.name))); break;
    }
  }
  if (workflow.final.includes(to)) for (const name of clocks.keys()) turn(name, (clock) => stopClock(clock, now));
  for (const clock of touched.values())
    set[`clock.${clock.name}`] = clock.stoppedAt !== null ? 'stopped' : clock.dueAt === null ? 'paused' : new Date(clock.dueAt).toISOString();
  Object.assign(set, change.set);

  const base = matter ?? { ...(held as Blank), kind: workflow.kind, version: 0, title: '', createdAt: now };
  const after: Matter = {
    county: base.county, id: base.id, kind: workflow.kind, number: base.number, title: change.title ?? base.title,
    state: to, version: base.version + 1, facets, data, createdAt: base.createdAt, updatedAt: now,
  };
  const doers = { ...existing?.doers, [action]: [...new Set([...(existing?.doers[action] ?? []), context.actor.id])] };
  return {
    before: matter, after: { matter: after, clocks: [...clocks.values()], doers }, touched: [...touched.values()], set,
    texts: change.texts ?? [], files: change.files ?? [], messages: (change.deliveries ?? []).map((message) => withDue(message, [...clocks.values()], calendar)), also: change.also ?? [], then: change.then,
  };
};

const two = (value: number): string => String(value).padStart(2, '0');

/** Fills `{due}` with a short local time, `11-24 17:30`, which reads alike in every language. */
const withDue = (message: Message, clocks: readonly Clock[], calendar: Calendar): Message => {
  if (message.due === undefined) return message;
  const clock = clocks.find((one) => one.name === message.due && one.stoppedAt === null && one.dueAt !== null) ?? nextDue(clocks);
  if (!clock) return { ...message, params: { due: '—', ...message.params } };
  const local = new Date(clock.dueAt! + calendar.offsetMinutes * 60_000);
  const due = `${two(local.getUTCMonth() + 1)}-${two(local.getUTCDate())} ${two(local.getUTCHours())}:${two(local.getUTCMinutes())}`;
  return { ...message, params: { due, ...message.params } };
};
