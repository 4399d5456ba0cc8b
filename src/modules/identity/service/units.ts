import type { Actor } from '../../../base/actor.ts';
import type { Text } from '../../../base/text/language.ts';
import { normalPhone } from '../../../base/text/phone.ts';
import { refuse, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { permitted } from '../rules.ts';
import { listUnits, putUnit, unitsOf, unitsUnder, type UnitRow } from '../store/units.ts';
import { asSystem, entryOf, type Needs } from './needs.ts';

export type { UnitRow };

/** A unit (单位) as an administrator declares it; `id` is the county's own code, lower case. */
export interface UnitInput {
  readonly id: string;
  readonly name: Text;
  /** `department`, `street`, `company`, `station`, … */
  readonly kind: string;
  readonly parent?: string | null;
  /** An office's number: public, so not sealed. */
  readonly phone?: string | null;
  /** Codes of the places that it serves; as they were where absent. */
  readonly places?: readonly string[];
  readonly closed?: boolean;
}

export interface Units {
  list(tx: Tx, county: string, after: string, limit: number): Promise<UnitRow[]>;
  /** Units by id; those that are not there are left out. */
  get(tx: Tx, county: string, ids: readonly string[]): Promise<Map<string, UnitRow>>;
  /** Open units directly under another one. */
  under(tx: Tx, county: string, parent: string): Promise<UnitRow[]>;
  /** Adds a unit or changes it, with an entry. A unit is closed by dissolving it, which the system does: nobody else closes one. Refusals: 403 `identity.not_permitted`, 422 `identity.unit`, `identity.phone`, 409 `identity.close_by_dissolving`. */
  put(actor: Actor, county: string, unit: UnitInput): Promise<Result<UnitRow>>;
}

export const createUnits = ({ world, ledger, roles }: Needs): Units => ({
  list: listUnits,
  get: async (tx, county, ids) => new Map(ids.length === 0 ? [] : (await unitsOf(tx, county, ids)).map((unit) => [unit.id, unit])),
  under: unitsUnder,
  async put(actor, county, unit) {
    const right = actor.kind === 'system' ? asSystem : permitted(roles, actor, county, 'units.edit', world.now());
    if (!right) return refuse(403, 'identity.not_permitted');
    const phone = unit.phone == null ? null : normalPhone(unit.phone);
    if (phone === undefined) return refuse(422, 'identity.phone', undefined, [{ path: '/phone', reason: 'identity.phone' }]);
    const parent = unit.parent ?? null;
    const done = await world.db.transaction(async (tx) => {
      // A chain of parents that comes back to the unit would never end.
      for (let above = parent; above !== null;) {
        const row: UnitRow | undefined = (await unitsOf(tx, county, [above]))[0];
        if (!row || row.id === unit.id) return refuse(422, 'identity.unit', { unit: parent! }, [{ path: '/parent', reason: 'identity.unit', params: { unit: parent! } }]);
        above = row.parent;
      }
      const before = (await unitsOf(tx, county, [unit.id]))[0];
      if (unit.closed && actor.kind !== 'system' && before?.closed_at === null) return refuse(409, 'identity.close_by_dissolving', undefined, [{ path: '/closed', reason: 'identity.close_by_dissolving' }]);
      const now = world.now();
      await putUnit(tx, { county, id: unit.id, name: unit.name, kind: unit.kind, parent, phone, closed: unit.closed ?? false, places: unit.places }, new Date(now));
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'unit', action: unit.closed ? 'close' : 'put', set: { unit: unit.id, name: { ...unit.name }, unitKind: unit.kind, parent, phone, places: [...(unit.places ?? before?.places ?? [])] } }, actor, right, now)]);
      return (await unitsOf(tx, county, [unit.id]))[0]!;
    });
    ledger.sequencer.nudge(county);
    return done;
  },
});
