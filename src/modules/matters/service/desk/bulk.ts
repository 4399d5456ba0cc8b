import { createHash } from 'node:crypto';
import type { Actor } from '../../../../base/actor.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../../base/result.ts';
import type { Language } from '../../../../base/text/language.ts';
import type { World } from '../../../../platform/world.ts';
import { scopeAllows, type Scope } from '../../../identity/index.ts';
import type { BulkAction, BulkAsk, BulkResult } from '../../contract.ts';
import type { Held } from '../../rules/decide.ts';
import { readHeld } from '../../store/read.ts';
import type { Acting } from '../act.ts';
import { stateLabel } from '../labels.ts';
import { possible, reasonWords, refusalWords, type Viewing } from '../view.ts';

interface Sources {
  readonly world: World;
  readonly acting: Acting;
  readonly viewing: Viewing;
  scope(actor: Actor): Scope;
}

/** One action on many matters. */
export interface Bulk {
  /** What the actor may do with any of these matters, with how many it is possible for now. */
  actions(actor: Actor, ids: readonly string[], language: Language): Promise<Result<BulkAction[]>>;
  /** Who would be refused and why. Nothing is written. */
  preview(actor: Actor, ask: BulkAsk, language: Language): Promise<Result<BulkResult[]>>;
  /**
   * Carries the action out on one matter after the other, each under an op of its own that follows from the bulk's: whoever asks
   * again with the same op gets the same answers, and what had not been reached is done then. Ends where the reader leaves.
   */
  carry(actor: Actor, ask: BulkAsk & { readonly op: string }, language: Language): Promise<Result<AsyncGenerator<BulkResult>>>;
}

/** Matters that are decided on or acted upon together. */
const together = 32;

/** The op of one matter of a bulk: a UUID of version 8 out of SHA-256 of the bulk's op and the matter's id. */
export const opOfMatter = (op: string, matter: string): string => {
  const hex = createHash('sha256').update(`${op} ${matter}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${'89ab'[Number.parseInt(hex[16]!, 16) % 4]!}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export const createBulk = ({ world, acting, viewing, scope }: Sources): Bulk => {
  /** Those of the matters that the actor may see, in the order asked for. */
  const seen = async (actor: Actor, asked: readonly string[]): Promise<Result<{ readonly county: string; readonly ids: readonly string[]; readonly held: ReadonlyMap<string, Held> }>> => {
    const county = actor.grants[0]?.county;
    if (county === undefined) return refuse(403, 'matters.no-county');
    const rights = scope(actor);
    const all = await readHeld(world.db, [county], asked);
    const held = new Map([...all].filter(([, { matter }]) => scopeAllows(rights, { county, kind: matter.kind, ...matter.facets })));
    return { county, ids: [...new Set(asked)], held };
  };
  const resultOf = (id: string, matter: Held['matter'] | undefined, refused: Refusal | null, language: Language): BulkResult => ({
    id, number: matter?.number ?? '', title: matter?.title ?? '', stateLabel: matter ? stateLabel(matter.kind, matter.state, language) : '',
    ok: refused === null, reason: refused?.reason ?? null, words: refused && (matter ? refusalWords(matter.kind, refused, language) : reasonWords(refused.reason, language)),
  });
  const notThere = refuse(404, 'matters.not-found');
  const alone = (kind: string, action: string): Refusal | null =>
    viewing.kinds.find(kind)?.workflow.actions[action]?.alone ? refuse(422, 'matters.alone', { action }) : null;

  return {
    async actions(actor, asked, language) {
      const found = await seen(actor, asked);
      if (isRefusal(found)) return found;
      const counted = new Map<string, BulkAction & { count: number }>();
      for (const { matter, doers } of found.held.values())
        for (const { name, label, input } of possible(viewing, { matter, doers }, actor, language).actions) {
          if (alone(matter.kind, name)) continue;
          const known = counted.get(name) ?? { name, label, input, count: 0 };
          counted.set(name, { ...known, count: known.count + 1 });
        }
      return [...counted.values()].sort((a, b) => b.count - a.count);
    },

    async preview(actor, { matters, action, input }, language) {
      const found = await seen(actor, matters);
      if (isRefusal(found)) return found;
      const { county, ids, held } = found;
      const results: BulkResult[] = [];
      for (let at = 0; at < ids.length; at += together) {
        const some = ids.slice(at, at + together);
        const there = some.flatMap((id) => held.get(id)?.matter ?? []);
        const decided = await acting.dry(county, there.map(({ id, kind }) => ({ actor, behalf: null, county, kind, matter: id, action, input: input ?? {} })));
        const refusals = new Map(there.map(({ id, kind }, n) => [id, alone(kind, action) ?? (isRefusal(decided[n]) ? decided[n] : null)]));
        for (const id of some) results.push(resultOf(id, held.get(id)?.matter, held.has(id) ? refusals.get(id)! : notThere, language));
      }
      return results;
    },

    async carry(actor, { matters, action, input, op }, language) {
      const found = await seen(actor, matters);
      if (isRefusal(found)) return found;
      const { county, ids, held } = found;
      const one = async (id: string): Promise<BulkResult> => {
        const known = held.get(id)?.matter;
        // An action may have ended the right to see the matter: who asks again is still told that it was done.
        const call = { actor, behalf: null, county, kind: known?.kind ?? '', matter: id, action, input: input ?? {}, op: opOfMatter(op, id) };
        if (!known) {
          const there = (await readHeld(world.db, [county], [id])).get(id)?.matter;
          const before = there && await acting.answered({ ...call, kind: there.kind });
          return resultOf(id, before && there, before ? (isRefusal(before) ? before : null) : notThere, language);
        }
        const done = alone(known.kind, action) ?? await acting.act(call);
        return isRefusal(done) ? resultOf(id, known, done, language) : resultOf(id, { ...known, state: done.state }, null, language);
      };
      return (async function* () {
        for (let at = 0; at < ids.length; at += together) yield* await Promise.all(ids.slice(at, at + together).map(one));
      })();
    },
  };
};
