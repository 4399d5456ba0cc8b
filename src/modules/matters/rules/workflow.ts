import type { TSchema } from 'typebox';
import type { Actor } from '../../../base/actor.ts';
import type { Json } from '../../../base/canonical.ts';
import type { Refusal } from '../../../base/result.ts';
import type { Params } from '../../../base/text/language.ts';
import type { Limit } from '../../../base/time/limit.ts';

/** What the kernel knows of any matter; everything else is `data`, by the kind's own schema. */
export interface Matter {
  readonly county: string;
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  /** 1 when made, one more with every action. */
  readonly version: number;
  /** As people say it: county day, figure, check digits. */
  readonly number: string;
  /** A name without personal words: component or place, and what is wrong with it. */
  readonly title: string;
  readonly facets: Facets;
  readonly data: { readonly [name: string]: Json | undefined };
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Columns that lists filter by and grants decide on. Undefined: not known (yet). */
export interface Facets {
  readonly place?: string;
  /** Stored path of the place: what grants are compared with. */
  readonly path?: string;
  /** WGS-84 degrees. */
  readonly lng?: number;
  readonly lat?: number;
  readonly component?: string;
  /** Row of the code table, with the version of the table that it was decided under. */
  readonly code?: string;
  readonly codeVersion?: number;
  readonly leadUnit?: string;
  /** Who has it in hand: an account. */
  readonly handler?: string;
  /** Who asked for it: `account:{uuid}` or `contact:{uuid}`. */
  readonly reporter?: string;
  readonly parent?: string;
}

export interface ClockOrder {
  readonly name: string;
  readonly do: 'start' | 'pause' | 'resume' | 'stop' | 'extend';
  /** With start: the whole limit; with extend: what is added. */
  readonly limit?: Limit;
  /** With start: the clock counts from when this one ran out, however late that was acted on; from now where there is none. */
  readonly after?: string;
}

export interface TextDraft {
  /** What the text is: `description`, `note`, `reason`, … */
  readonly name: string;
  readonly text: string;
  /** Personal texts are shown to those who handle the matter only; the rest to everyone who sees it. */
  readonly personal: boolean;
}

export interface FileDraft {
  /** `before`, `after`, `arrival`, `note`. */
  readonly role: string;
  readonly served: string;
  readonly original: string;
}

/** What an action changes. Whatever is absent stays as it is; null takes a facet away. */
export interface Change {
  readonly to?: string;
  readonly title?: string;
  readonly facets?: { readonly [K in keyof Facets]?: Facets[K] | null };
  /** Merged into `data`, member by member; null removes one. */
  readonly data?: { readonly [name: string]: Json };
  readonly clocks?: readonly ClockOrder[];
  readonly texts?: readonly TextDraft[];
  readonly files?: readonly FileDraft[];
  readonly deliveries?: readonly Message[];
  /** Codes and ids for the entry, beside changed facets, which are there anyway. */
  readonly set?: { readonly [name: string]: Json };
  /** Child matters to make, and actions on other matters of the county, in the same transaction. */
  readonly also?: readonly Also[];
  /** What the system does next in the same transaction, as an entry of its own: dispatch after filing, close after verification. */
  readonly then?: { readonly action: string; readonly input: unknown };
}

export interface Message {
  readonly template: string;
  readonly recipient: string;
  readonly params: Params;
  readonly urgent?: boolean;
  /** Clock whose due time, as the action leaves it, fills `{due}`; the next due one where that is not running. */
  readonly due?: string;
}

export type Also =
  | { readonly make: { readonly kind: string; readonly action: string; readonly input: unknown } }
  | { readonly on: string; /** The kind of that matter; the same kind where absent. */ readonly kind?: string; readonly action: string; readonly input: unknown };

/** What a pure rule may look at, beside the matter and the input. */
export interface Context {
  readonly now: number;
  readonly actor: Actor;
  /** The role and unit of the grant under which the action is taken. */
  readonly role: string;
  readonly unit: string | null;
  /** Everything that the kind's `facts` looked up for this action. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Children and other matters named by the action, by id. */
  readonly others: ReadonlyMap<string, Matter>;
}

export type Rule = (matter: never, input: never, context: Context) => Change | Refusal;

export interface ActionDeclaration {
  /** States it leads from; null makes a new matter; `any` is every state that is not final. */
  readonly from: readonly string[] | 'any' | null;
  /** The state it leads to; `same` keeps it; `rule` leaves it to the rule. */
  readonly to: string;
  /** Roles that may, `reporter` (who asked for it), `handler` (who has it in hand), `anyone` or `system`. */
  readonly who: readonly string[];
  /** A role listed here may only act within its own unit: the grant's unit must be the matter's lead unit. */
  readonly ownUnit?: readonly string[];
  /** Never the person who took one of these actions before (four eyes). */
  readonly notWho?: readonly string[];
  readonly input: TSchema;
  readonly rule?: Rule;
  /** Waits for somebody only while the matter's `data` has this member: an extension that was asked for. Lists look for it. */
  readonly awaits?: string;
  /** Refuses what the state alone would allow (a second extension): pages ask it before they draw a button, decide before the rule. */
  readonly when?: (matter: Matter) => Refusal | null;
  /** Names of clocks; starting with a limit is the rule's work. */
  readonly pauses?: readonly string[];
  readonly resumes?: readonly string[];
  readonly stops?: readonly string[];
  /** Of one matter by itself: what it needs (a picture, somebody's own words) is never the same for many. */
  readonly alone?: boolean;
  /** Shown as the first button in these states. */
  readonly primary?: boolean;
  /** States in which people look for it though it is not possible yet: shown dashed there, with the reason. */
  readonly expected?: readonly string[];
}

export interface ClockDeclaration {
  /** The action that the system takes when the limit is reached. */
  readonly due: string;
  /** The action that the system takes when `warnAt` of the limit is spent (0.8 where absent). */
  readonly warn?: string;
  readonly warnAt?: number;
}

/** A kind of matter as data: what the console draws, the API validates and the documents show. */
export interface Workflow {
  readonly kind: string;
  readonly states: readonly string[];
  readonly final: readonly string[];
  readonly clocks: Readonly<Record<string, ClockDeclaration>>;
  readonly actions: Readonly<Record<string, ActionDeclaration>>;
}

/**
 * Declares a kind of matter, after checking that the declaration holds together.
 * @throws Error naming the kind, the action and the name that nothing declares.
 */
export const workflow = (declared: Workflow): Workflow => {
  const fail = (action: string, what: string): never => {
    throw new Error(`workflow ${declared.kind}, action ${action}: ${what}`);
  };
  const states = new Set(declared.states);
  for (const state of declared.final) if (!states.has(state)) fail('-', `final state ${state} is not declared`);
  for (const [name, clock] of Object.entries(declared.clocks))
    for (const action of [clock.due, clock.warn])
      if (action !== undefined && !declared.actions[action]) fail(action, `clock ${name} calls for it, but it is not declared`);
  for (const [name, action] of Object.entries(declared.actions)) {
    if (Array.isArray(action.from)) for (const state of action.from) if (!states.has(state)) fail(name, `from ${state}, which is not declared`);
    if (action.to !== 'same' && action.to !== 'rule' && !states.has(action.to)) fail(name, `to ${action.to}, which is not declared`);
    if (action.to === 'rule' && !action.rule) fail(name, 'the rule must name the state, and there is none');
    if (action.from === null && action.to === 'same') fail(name, 'makes a matter and so needs a state');
    for (const clock of [...(action.pauses ?? []), ...(action.resumes ?? []), ...(action.stops ?? [])])
      if (!declared.clocks[clock]) fail(name, `clock ${clock} is not declared`);
    for (const other of action.notWho ?? []) if (!declared.actions[other]) fail(name, `notWho ${other} is not declared`);
  }
  return declared;
};

/** After which share of its limit a clock warns. One that warns of nothing does so at its end: the worker would look at it in each round between. */
export const warnShareOf = ({ clocks }: Workflow, name: string): number => (clocks[name]?.warn === undefined ? 1 : clocks[name].warnAt ?? 0.8);
