import type { Actor, Grant } from '../../../base/actor.ts';
import type { UnitId } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { holds, mayOf, permitted, type ReadRight } from '../rules.ts';
import { endGrant, findAccount, findGrant, grantsOfAccount, heldGrants, insertGrant, type HeldFilter, type HeldRow } from '../store/accounts.ts';
import { unitsOf } from '../store/units.ts';
import { asSystem, entryOf, type Needs } from './needs.ts';
import type { Sessions } from './sessions.ts';

export type { HeldRow };

/** Who holds which rights in a county, and rights that go with a unit's work to another unit. */
export interface Grants {
  /** A page of who holds what. Refusal: 403 `identity.not_permitted`. */
  held(actor: Actor, county: string, filter: Partial<HeldFilter> & { readonly limit: number }): Promise<Result<readonly HeldRow[]>>;
  /** What a role would newly show somebody and let them do, beside what they have. Refusals: 403, 404 `identity.account`, 422 `identity.role`. */
  preview(actor: Actor, county: string, account: string, grant: { readonly role: string; readonly unit: string | null; readonly place: string }): Promise<Result<{ readonly sees: readonly ReadRight[]; readonly does: readonly string[]; readonly already: readonly string[] }>>;
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
  async preview(actor, county, account, { role, unit, place }) {
    if (!permitted(roles, actor, county, 'grants.edit', world.now())) return refuse(403, 'identity.not_permitted');
    const wanted = roles.roles[role];
    if (!wanted || role === 'resident') return refuse(422, 'identity.role', { role }, [{ path: '/role', reason: 'identity.role', params: { role } }]);
    if (!(await findAccount(world.db, account))) return refuse(404, 'identity.account');
    const now = world.now();
    const held = (await grantsOfAccount(world.db, account, county)).filter((grant) => holds(grant, now));
    const has = new Set(held.flatMap((grant) => mayOf(roles, county, grant.role)));
    const may = mayOf(roles, county, role);
    // The same reading right counts as had only where unit and place are the same too.
    const same = (right: ReadRight): boolean => held.some((grant) => place.startsWith(grant.place) && (right.within !== 'unit' || grant.unit === unit) && (roles.roles[grant.role]?.reads ?? []).some((one) => one.within === right.within && String(one.kinds) === String(right.kinds)));
    return { sees: wanted.reads.filter((right) => !same(right)), does: may.filter((permission) => !has.has(permission)), already: may.filter((permission) => has.has(permission)) };
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
