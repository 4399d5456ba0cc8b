import { theSystem } from '../../../../base/actor.ts';
import { SeededRandom } from '../../../../base/random.ts';
import { isRefusal } from '../../../../base/result.ts';
import type { World } from '../../../../platform/world.ts';
import { takeDue, type DueClock } from '../../store/due.ts';
import type { Acting } from '../act.ts';
import type { Kinds } from '../kinds.ts';

/**
 * Acts on clocks that have run out or are about to, as the system. An escalation is an action like any other: the
 * decision marks the clock in the same write, so two workers that see the same row cannot both have it happen.
 * @param simulated time and seed, in a demo's history
 * @returns how many were acted on
 */
export const actOnDueClocks = async (world: World, acting: Acting, kinds: Kinds, limit = 200, simulated?: { readonly now: number; readonly seed: string }): Promise<number> => {
  const now = simulated?.now ?? world.now();
  const due = await takeDue(world.db, now, limit);
  let done = 0;
  await Promise.all(due.map(async (row) => {
    const action = actionFor(kinds, row);
    if (action === undefined) return;
    // A clock runs out more than once where it is started again: each time is an operation of its own.
    const random = simulated ? new SeededRandom(`${simulated.seed} ${row.matter} ${row.name} ${row.what} ${row.at.getTime()}`) : world.random;
    const result = await acting.act({
      actor: theSystem, behalf: null, county: row.county, kind: row.kind, matter: row.matter, action,
      input: { clock: row.name }, op: random.uuid(now), ...(simulated && { simulated: { now, random } }),
    });
    if (!isRefusal(result)) done++;
    else if (result.reason !== 'matters.clock-not-due')
      world.log.warn({ county: row.county, matter: row.matter, clock: row.name, reason: result.reason }, 'a clock ran out and its action was refused');
  }));
  return done;
};

const actionFor = (kinds: Kinds, { kind, name, what }: DueClock): string | undefined => {
  const declared = kinds.find(kind)?.workflow.clocks[name];
  return what === 'due' ? declared?.due : declared?.warn;
};
