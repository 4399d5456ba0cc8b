import type { Actor } from '../../../base/actor.ts';
import { refuse, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import { entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import { newPlate, readPlate } from '../rules/plate-codes.ts';
import { isRevoked, type PlateState } from '../rules/plate-states.ts';
import { insertPlates, lockPlates, movePlates, plateByCode, platesOf, type Doing } from '../store/plates.ts';

/** What a plate leads to. */
export interface PlateTarget {
  readonly county: string;
  readonly plate: string;
  /** `component`, `gate`, `counter`, `poster`, `blank`. */
  readonly kind: string;
  /** Code of the component or place, or what else the kind names; of a blank one the plate itself. */
  readonly target: string;
}

/** Plates: short codes with a check character that are printed, scanned and read aloud. */
export interface Plates {
  /**
   * What a plate stands for, whatever was scanned, typed or said: an address that ends in it, lower case, with or without
   * its hyphen. Without a county, whichever has it. Refusals: 422 `components.plate_misread` where a character is wrong,
   * 404 `components.plate_unknown` where there is no such plate, 404 `components.plate_withdrawn` where it is revoked.
   */
  plate(county: string | null, text: string): Promise<Result<PlateTarget>>;
  /** A plate with its state, revoked or not; undefined where there is none. */
  anyPlate(county: string, text: string): Promise<(PlateTarget & { readonly state: PlateState }) | undefined>;
  /**
   * Gives targets plates; one that has a plate keeps it. Written in the ledger as `plates` `issue`.
   * Refusal: 403 `identity.not_permitted`.
   * @returns the plate of each target, in the targets' order
   */
  issuePlates(actor: Actor, county: string, kind: string, targets: readonly string[]): Promise<Result<readonly PlateTarget[]>>;
  /** Withdraws plates: whoever scans them is told so. Refusal: 403 `identity.not_permitted`. @returns those that were in use */
  withdrawPlates(actor: Actor, county: string, plates: readonly string[]): Promise<Result<readonly string[]>>;
}

/**
 * Plates for targets, in the caller's transaction; one that has a plate keeps it. For `blank`, targets are only counted.
 * @returns the plate of each target, and those that are new, by target
 */
export const drawPlates = async (world: Pick<World, 'random'>, tx: Tx, county: string, kind: string, wanted: readonly string[], doing: Doing): Promise<{ readonly all: ReadonlyMap<string, string>; readonly fresh: Readonly<Record<string, string>> }> => {
  const all = new Map((await platesOf(tx, county, kind, wanted)).map(({ target, plate }) => [target, plate]));
  const fresh: Record<string, string> = {};
  const draw = (): string => newPlate((length) => world.random.bytes(length));
  // A drawn code that is taken is drawn again; a target that somebody else gave one meanwhile has that.
  for (let tries = 0; all.size < wanted.length; tries++) {
    if (tries === 10) throw new Error(`plates: ${wanted.length - all.size} targets of ${county} got no plate in ten draws`);
    const drawn = wanted.filter((target) => !all.has(target)).map((target) => ({ target, plate: draw() }));
    for (const { target, plate } of await insertPlates(tx, county, kind, drawn, doing)) {
      all.set(target, plate);
      fresh[target] = plate;
    }
    for (const { target, plate } of await platesOf(tx, county, kind, wanted)) all.set(target, plate);
  }
  return { all, fresh };
};

/** New plates that stand for nothing yet, in the caller's transaction. */
export const drawBlank = async (world: Pick<World, 'random'>, tx: Tx, county: string, count: number, doing: Doing): Promise<Readonly<Record<string, string>>> => {
  const fresh: Record<string, string> = {};
  for (let left = count; left > 0; left = count - Object.keys(fresh).length) {
    const drawn = Array.from({ length: left }, () => newPlate((length) => world.random.bytes(length))).map((plate) => ({ plate, target: plate }));
    for (const { plate } of await insertPlates(tx, county, 'blank', drawn, doing)) fresh[plate] = plate;
  }
  return fresh;
};

export const createPlates = (world: World, ledger: Pick<Ledger, 'append' | 'sequencer'>, identity: Pick<Identity, 'permits'>): Plates => ({
  async plate(county, text) {
    const plate = readPlate(text);
    if (plate === null) return refuse(422, 'components.plate_misread', { text: text.slice(0, 40) });
    const found = await plateByCode(world.db, county, plate);
    if (!found) return refuse(404, 'components.plate_unknown', { plate });
    if (isRevoked(found.state)) return refuse(404, 'components.plate_withdrawn', { plate });
    return { county: found.county, plate, kind: found.kind, target: found.target };
  },

  async anyPlate(county, text) {
    const plate = readPlate(text);
    return plate === null ? undefined : plateByCode(world.db, county, plate);
  },

  async issuePlates(actor, county, kind, targets) {
    const grant = identity.permits(actor, county, 'plates.print');
    if (!grant) return refuse(403, 'identity.not_permitted');
    const now = world.now();
    const plates = await world.db.transaction(async (tx) => {
      const { all, fresh } = await drawPlates(world, tx, county, kind, [...new Set(targets)], { at: new Date(now), by: actor.id, op: world.random.uuid(now) });
      if (Object.keys(fresh).length > 0)
        await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'plates', action: 'issue', set: { plateKind: kind, plates: fresh } }, actor, grant, now)]);
      return all;
    });
    ledger.sequencer.nudge(county);
    return targets.map((target) => ({ county, plate: plates.get(target)!, kind, target }));
  },

  async withdrawPlates(actor, county, plates) {
    const grant = identity.permits(actor, county, 'plates.print');
    if (!grant) return refuse(403, 'identity.not_permitted');
    const now = world.now();
    const gone = await world.db.transaction(async (tx) => {
      const ending = (await lockPlates(tx, county, plates)).filter(({ state }) => !isRevoked(state));
      if (ending.length === 0) return [];
      await movePlates(tx, county, ending.map((one) => ({ ...one, state: 'withdrawn' })), { at: new Date(now), by: actor.id, op: world.random.uuid(now) });
      const ended = ending.map(({ plate }) => plate);
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'plates', action: 'withdrawn', set: { plates: ended } }, actor, grant, now)]);
      return ended;
    });
    ledger.sequencer.nudge(county);
    return gone;
  },
});
