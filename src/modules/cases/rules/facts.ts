import type { Json } from '../../../base/canonical.ts';
import type { Limit } from '../../../base/time/limit.ts';
import type { Language, Params, Text } from '../../../base/text/language.ts';
import type { Post, Rung, Stage } from './posts.ts';
import type { ReasonTemplate, ReplyTemplate } from './text/words.ts';
import type { StandardRow } from '../../catalogue/rules/standards.ts';
import type { Context, Facets, FileDraft, Matter, Message } from '../../matters/rules/workflow.ts';

/** Limits and numbers of the case flow: `data/cases/settings.json`, and the county's own over them. */
export interface CaseSettings {
  readonly clocks: Readonly<Record<'check' | 'file' | 'dispatch' | 'accept' | 'verify' | 'task', Limit>>;
  readonly extensionsAtMost: number;
  readonly holdDaysAtMost: number;
  readonly reopenDays: number;
  /** Filing is followed at once by the first dispatch rule that fits; otherwise a dispatcher chooses. */
  readonly dispatchAtOnce: boolean;
  /** Passing verification closes the case. */
  readonly closeAtOnce: boolean;
  /** Replies that are kept ready. */
  readonly replies: readonly ReplyTemplate[];
  /** Reasons that are offered where an action asks for one. */
  readonly reasons: readonly ReasonTemplate[];
  /** What rises to whom while nothing moves: rungs by stage, and who holds which post, the lowest first. */
  readonly ladders: Readonly<Record<Stage, readonly Rung[]>>;
  readonly posts: readonly Post[];
  readonly duplicates: { readonly metres: number; readonly days: number };
}

/** Where a case goes and why. */
export interface Route {
  readonly unit: string;
  /** Place of the rule in the county's order, from 1, with its words; null where a person chose. */
  readonly order: number | null;
  readonly words: Text | null;
}

/** What is looked up before an action on a case is decided; every rule takes what it needs. */
export interface CaseFacts {
  readonly settings: CaseSettings;
  /** Digests asked for that are pictures here, with the digest of the original. */
  readonly pictures: ReadonlyMap<string, string>;
  /** Facets that a report gets: place, point, component, row. */
  readonly facets?: Facets;
  readonly title?: string;
  /** Questions of the report's category with their answers in words, and the answers that are choices or figures. */
  readonly answers?: { readonly words: string; readonly chosen: Readonly<Record<string, readonly string[]>> };
  /** Metres from the reported point to the component. */
  readonly metres?: number;
  readonly row?: StandardRow;
  readonly codeVersion?: number;
  readonly route?: Route;
  /** Recipients in a unit who are on duty now, or all of it where nobody is. */
  readonly staff: Readonly<Record<string, readonly string[]>>;
  /** Recipients to be told that a limit was passed: chiefs, dispatchers, supervisors of the place. */
  readonly above: readonly string[];
  /** Working hours of a day of the county's calendar. */
  readonly dayHours: number;
  /** Recipients by post, for an escalation. */
  readonly posts?: Readonly<Record<string, readonly string[]>>;
  /** Everyone of the assisting units who had a task of the case in hand: they verify it as little as the lead unit's do. */
  readonly hands?: readonly string[];
  /** Whether the account that a case is handed to may take it in its state. */
  readonly mayTake?: boolean;
  /** Pictures of the report that a part is split from. */
  readonly before?: readonly FileDraft[];
  /** Accounts that a note calls. */
  readonly mentioned?: readonly string[];
  /** Language of everybody who is told of a reply. */
  readonly speaks?: ReadonlyMap<string, Language>;
  /** Open tasks of assisting units. */
  readonly tasks: readonly string[];
  /** Address of the page that the reporter follows. */
  readonly link: string;
  /** Where it is, as people say it, and the name of the unit that has it or gets it. */
  readonly placeWords: string;
  readonly unitName: string;
}

export const factsOf = (context: Context): CaseFacts => context.facts as unknown as CaseFacts;

/** A request of the handling unit that waits for somebody's decision. */
export interface Pending {
  readonly what: 'extension' | 'hold' | 'appeal';
  readonly amount: number;
  readonly by: string;
}

export const pendingOf = (matter: Matter): Pending | undefined => matter.data['pending'] as unknown as Pending | undefined;
export const countOf = (matter: Matter, name: 'extensions' | 'holds' | 'appeals' | 'overdue' | 'reworks' | 'returns'): number => Number(matter.data[name] ?? 0);
export const listOf = (matter: Matter, name: 'followers' | 'assisting'): readonly string[] => (matter.data[name] as readonly string[] | undefined) ?? [];

/** Everyone who asked for the case: the reporter, whoever brought it in for them, and those who follow it together. A program is not written to: it has the API. */
export const askers = (matter: Matter): string[] =>
  [...new Set([
    ...(matter.facets.reporter && !matter.data['byProgram'] ? [matter.facets.reporter] : []),
    ...(typeof matter.data['forwarder'] === 'string' ? [matter.data['forwarder']] : []), ...listOf(matter, 'followers'),
  ])];

/** What every message about a case can say: no names, no words of people. */
export const messageParams = (matter: Matter, facts: CaseFacts, more: Params = {}): Params => ({
  number: matter.number, title: matter.title, link: facts.link, place: facts.placeWords, unit: facts.unitName, ...more,
});

export const tell = (template: string, recipients: readonly string[], params: Params, urgent = false): Message[] =>
  recipients.map((recipient) => ({ template, recipient, params, urgent, due: 'handle' }));

/** Pictures of an action as files of a role. */
export const filesOf = (facts: CaseFacts, blobs: readonly string[] | undefined, role: string) =>
  (blobs ?? []).map((served) => ({ role, served, original: facts.pictures.get(served) ?? served }));

/** A text of staff: seen by everyone who sees the case. */
export const said = (name: string, text: string | undefined) => (text ? [{ name, text, personal: false }] : []);
/** Words of a resident: seen by those who handle the case. */
export const confided = (name: string, text: string | undefined) => (text ? [{ name, text, personal: true }] : []);

export const asJson = (value: unknown): Json => value as Json;
