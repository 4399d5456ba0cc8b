import type { Actor } from '../../../../base/actor.ts';
import { refuse, type Result } from '../../../../base/result.ts';
import type { Scope } from '../../../identity/index.ts';
import { holds } from '../../../identity/rules.ts';
import type { Duty, ListQuery } from '../../reads/list.ts';
import { readNumber } from '../../rules/number.ts';
import type { Kinds } from '../kinds.ts';

/** What a person asks of a list. */
export interface ListAsk {
  readonly county?: string;
  readonly box?: 'todo' | 'mine' | 'unit' | 'all' | 'ended';
  readonly kind?: string;
  readonly state?: string;
  /** Stored path: everything under it. */
  readonly path?: string;
  readonly code?: string;
  readonly unit?: string;
  readonly component?: string;
  readonly number?: string;
  readonly due?: 'late' | 'warn';
  readonly order?: 'due' | 'new';
  readonly after?: string;
  readonly limit?: number;
}

/** Where a page ended, for the next one. */
export const writeCursor = (order: 'due' | 'new', dueAt: number | null, createdAt: number, id: string): string =>
  `${order}~${order === 'due' ? (dueAt === null ? 'infinity' : new Date(dueAt).toISOString()) : new Date(createdAt).toISOString()}~${id}`;

/** States in which each of the actor's roles has the first button: what waits for this person. */
const dutiesOf = (kinds: Kinds, actor: Actor, county: string, now: number): Duty[] => {
  const duties: Duty[] = [];
  for (const { workflow } of kinds.all()) {
    /** States of one role's first buttons, apart by what they wait for. */
    const waitsOf = (who: string): { states: string[]; bound: boolean; awaits: string | undefined }[] => {
      const mine = Object.values(workflow.actions).filter((action) => action.primary && action.who.includes(who) && Array.isArray(action.from));
      return [...new Set(mine.map(({ awaits }) => awaits))].map((awaits) => {
        const same = mine.filter((action) => action.awaits === awaits);
        return { awaits, states: [...new Set(same.flatMap((action) => action.from as string[]))], bound: same.some((action) => action.ownUnit?.includes(who)) };
      });
    };
    for (const grant of actor.grants) {
      if (grant.county !== county || !holds(grant, now)) continue;
      for (const { states, bound, awaits } of waitsOf(grant.role)) {
        if (bound && grant.unit === null) continue;
        duties.push({ kind: workflow.kind, states, ...(grant.place && { place: grant.place }), ...(bound && { unit: grant.unit! }), ...(awaits && { awaits }) });
      }
    }
    for (const { states, awaits } of waitsOf('handler')) duties.push({ kind: workflow.kind, states, handler: actor.id, ...(awaits && { awaits }) });
  }
  return duties;
};

/** What is asked of the list, checked: 422 where a number's check digits or the position do not fit. */
export const listQuery = (ask: ListAsk, county: string, actor: Actor, scope: Scope, kinds: Kinds, now: number): Result<ListQuery> => {
  const box = ask.box ?? 'all';
  const order = ask.order ?? (box === 'ended' ? 'new' : 'due');
  const number = ask.number === undefined ? undefined : readNumber(county, ask.number);
  if (ask.number !== undefined && number === undefined) return refuse(422, 'matters.number-wrong', { number: ask.number });
  let after: ListQuery['after'];
  if (ask.after !== undefined) {
    const parts = /^(due|new)~(infinity|[0-9T:.Z-]+)~([0-9a-f-]{36})$/.exec(ask.after);
    if (!parts || parts[1] !== order) return refuse(422, 'matters.cursor-wrong');
    after = { key: parts[2]!, id: parts[3]! };
  }
  const units = [...new Set(actor.grants.filter((grant) => grant.county === county && grant.unit !== null).map((grant) => grant.unit as string))];
  return {
    county, scope, order, limit: ask.limit ?? 30, now,
    // A number finds its matter whether it has ended or not.
    ended: number !== undefined ? null : box === 'ended',
    ...(box === 'todo' && { duties: dutiesOf(kinds, actor, county, now) }),
    ...(box === 'mine' && { handler: actor.id }),
    ...(box === 'unit' && { units }),
    ...(ask.kind && { kind: ask.kind }), ...(ask.state && { state: ask.state }), ...(ask.code && { code: ask.code }),
    ...(ask.unit && { unit: ask.unit }), ...(ask.component && { component: ask.component }), ...(ask.path && { path: ask.path }),
    ...(ask.due && { due: ask.due }), ...(number && { number }), ...(after && { after }),
  };
};
