import type { Actor, Grant } from '../../../base/actor.ts';
import type { UnitId } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { permitted } from '../rules.ts';
import { endGrant, findGrant, heldGrants, insertGrant, type HeldFilter, type HeldRow } from '../store/accounts.ts';
import { unitsOf } from '../store/units.ts';
import { asSystem, entryOf, type Needs } from './needs.ts';
import type { Sessions } from './sessions.ts';

export type { HeldRow };

/** Who holds which rights in a county, and rights that go with a unit's work to another unit. */
export interface Grants {
  /** A page of who holds what. Refusal: 403 `identity.not_permitted`. */
  held(actor: Actor, county: string, filter: Partial<HeldFilter> & { readonly limit: number }): Promise<Result<readonly HeldRow[]>>;
  /**
   * Ends a grant and gives the same one for another unit, or for none where it simply ends, in one transaction with both entries.
   * One that has ended stays so. Refusals: 404 `identity.grant`, 422 `identity.unit`.
   */
  move(actor: Actor, county: string, id: string, unit: string | null): Promise<Result<Grant | null>>;
}

export const createGrants = ({ world, ledger, roles }: Needs, sessions: Sessions): Grants => ({
  async held(actor, county, { role = null, unit = null, ended = false, after = '', limit }) {
    const right = actor.kind === 'system' ? asSystem : permitted(roles, actor, county, 'accounts.read', world.now());
    return right ? heldGrants(world.db, county, new Date(world.now()), { role, unit, ended, after, limit }) : refuse(403, 'identity.not_permitted');
  },
  async move(actor, county, id, unit) {
    const now = world.now();
    const done = await world.db.transaction(async (tx): Promise<Result<{ readonly account: string; readonly grant: Grant | null }>> => {
      const found = await findGrant(tx, county, id);
      const right = found && (actor.kind === 'system' ? asSystem : permitted(roles, actor, county, 'grants.edit', now, found.grant.place));
      if (!found || !right) return refuse(404, 'identity.grant');
      if (found.grant.until !== null && found.grant.until <= now) return { account: found.account, grant: null };
      if (unit !== null) {
        const row = (await unitsOf(tx, county, [unit]))[0];
        if (!row || row.closed_at) return refuse(422, 'identity.unit', { unit });
      }
      const end = new Date(now);
      await endGrant(tx, county, id, end);
      const entries = [entryOf({ county, subject: 'config', kind: 'grant', action: 'end', set: { grant: id, account: found.account, role: found.grant.role } }, actor, right, now)];
      const grant: Grant | null = unit === null ? null : { ...found.grant, id: world.random.uuid(now), unit: unit as UnitId, from: Math.max(now, found.grant.from) };
      if (grant) {
        await insertGrant(tx, found.account, grant, end);
        entries.push(entryOf({
          county, subject: 'config', kind: 'grant', action: 'give',
          set: {
            grant: grant.id, account: found.account, role: grant.role, unit: grant.unit, place: grant.place, purpose: grant.purpose,
            from: new Date(grant.from).toISOString(), until: grant.until === null ? null : new Date(grant.until).toISOString(),
          },
        }, actor, right, now));
      }
      await ledger.append(tx, entries);
      return { account: found.account, grant };
    });
    if (isRefusal(done)) return done;
    ledger.sequencer.nudge(county);
    sessions.forget(done.account);
    return done.grant;
  },
});
