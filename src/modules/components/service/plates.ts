import type { Actor } from '../../../base/actor.ts';
import { refuse, type Result } from '../../../base/result.ts';
import type { World } from '../../../platform/world.ts';
import { entryOf, type Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import { newPlate, readPlate } from '../rules/plates.ts';
import { insertPlates, plateByCode, platesOf, withdrawPlates } from '../store/plates.ts';

/** What a plate leads to. */
export interface PlateTarget {
  readonly county: string;
  readonly plate: string;
  /** `component`, `gate`, `counter`, `poster`. */
  readonly kind: string;
  /** Code of the component or place, or what else the kind names. */
  readonly target: string;
}

/** Plates: short codes with a check character that are printed, scanned and read aloud. */
export interface Plates {
  /**
   * What a plate stands for, whatever was scanned, typed or said: an address that ends in it, lower case, with or without
   * its hyphen. Without a county, whichever has it. Refusals: 422 `components.plate_misread` where a character is wrong,
   * 404 `components.plate_unknown` where there is no such plate, 404 `components.plate_withdrawn`.
   */
  plate(county: string | null, text: string): Promise<Result<PlateTarget>>;
  /**
   * Gives targets plates; one that has a plate keeps it. Written in the ledger as `plates` `issue`.
   * Refusal: 403 `identity.not_permitted`.
   * @returns the plate of each target, in the targets' order
   */
  issuePlates(actor: Actor, county: string, kind: string, targets: readonly string[]): Promise<Result<readonly PlateTarget[]>>;
  /** Ends plates that were lost or torn down; their codes are never given again. Refusal: 403 `identity.not_permitted`. */
  withdrawPlates(actor: Actor, county: string, plates: readonly string[]): Promise<Result<readonly string[]>>;
}

export const createPlates = (world: World, ledger: Pick<Ledger, 'append' | 'sequencer'>, identity: Pick<Identity, 'permits'>): Plates => ({
  async plate(county, text) {
    const plate = readPlate(text);
    if (plate === null) return refuse(422, 'components.plate_misread', { text: text.slice(0, 40) });
    const found = await plateByCode(world.db, county, plate);
    if (!found) return refuse(404, 'components.plate_unknown', { plate });
    if (found.withdrawn) return refuse(404, 'components.plate_withdrawn', { plate });
    return { county: found.county, plate, kind: found.kind, target: found.target };
  },

  async issuePlates(actor, county, kind, targets) {
    const grant = identity.permits(actor, county, 'plates.print');
    if (!grant) return refuse(403, 'identity.not_permitted');
    const wanted = [...new Set(targets)];
    const plates = await world.db.transaction(async (tx) => {
      const known = new Map((await platesOf(tx, county, kind, wanted)).map(({ target, plate }) => [target, plate]));
      const issued: Record<string, string> = {};
      // A drawn code that is taken is drawn again; a target that somebody else gave one meanwhile has that.
      for (let tries = 0; known.size < wanted.length; tries++) {
        if (tries === 10) throw new Error(`plates: ${wanted.length - known.size} targets of ${county} got no plate in ten draws`);
        const drawn = wanted.filter((target) => !known.has(target)).map((target) => ({ target, plate: newPlate((length) => world.random.bytes(length)) }));
        for (const { target, plate } of await insertPlates(tx, county, kind, drawn, new Date(world.now()))) {
          known.set(target, plate);
          issued[target] = plate;
        }
        for (const { target, plate } of await platesOf(tx, county, kind, wanted)) known.set(target, plate);
      }
      if (Object.keys(issued).length > 0)
        await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'plates', action: 'issue', set: { plateKind: kind, plates: issued } }, actor, grant, world.now())]);
      return known;
    });
    ledger.sequencer.nudge(county);
    return targets.map((target) => ({ county, plate: plates.get(target)!, kind, target }));
  },

  async withdrawPlates(actor, county, plates) {
    const grant = identity.permits(actor, county, 'plates.print');
    if (!grant) return refuse(403, 'identity.not_permitted');
    const gone = await world.db.transaction(async (tx) => {
      const ended = (await withdrawPlates(tx, county, plates, new Date(world.now()))).map(({ plate }) => plate);
      if (ended.length > 0)
        await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'plates', action: 'withdraw', set: { plates: ended } }, actor, grant, world.now())]);
      return ended;
    });
    ledger.sequencer.nudge(county);
    return gone;
  },
});
