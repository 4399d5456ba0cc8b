import { createHash } from 'node:crypto';
import { theSystem, type Actor } from '../../../base/actor.ts';
import type { ActorId } from '../../../base/ids.ts';
import type { Json } from '../../../base/canonical.ts';
import { isRefusal, type Refusal } from '../../../base/result.ts';
import { entryOf } from '../../identity/index.ts';
import type { UnitRow } from '../../identity/index.ts';
import { rewritten, ruleKey } from '../rules.ts';
import { countHandovers, endDissolution, handovers, noteHandovers, type DissolutionRow, type HandoverRow } from '../store.ts';
import type { Needs } from './needs.ts';

/** How many things one turn hands over before others have theirs. */
const atOnce = 200;

/** What carries a dissolution on, from wherever it stands, to its end. */
export interface Handing {
  /** Hands over what is left, at most some of it; true where nothing is left. What cannot go for now is tried again. */
  turn(order: DissolutionRow, most: number): Promise<boolean>;
}

/** The name of one action of a dissolution, always the same: done twice it is done once. A UUID of version 8 (RFC 9562). */
const opOf = (dissolution: string, matter: string): string => {
  const hex = createHash('sha256').update(`${dissolution} ${matter}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/** The system carries out what somebody has ordered: entries name the person, and the role says that it was not their own. */
const onOrderOf = (account: string): Actor => ({ ...theSystem, id: account as ActorId });

export const createHanding = (needs: Needs): Handing => {
  const { world, ledger, identity, components, matters, cases } = needs;
  const { db } = world;

  const refused = (order: DissolutionRow, what: string, refusal: Refusal): void =>
    world.log.warn({ county: order.county, unit: order.unit, what, reason: refusal.reason }, 'offices: could not be handed over and is tried again');

  const note = (order: DissolutionRow, rows: readonly HandoverRow[]): Promise<unknown> => noteHandovers(db, order.county, order.id, rows, new Date(world.now()));

  const unitOf = async (order: DissolutionRow, id: string): Promise<UnitRow | undefined> => (await identity.units.get(db, order.county, [id])).get(id);

  const putUnit = async (order: DissolutionRow, unit: UnitRow, change: { readonly parent?: string | null; readonly places?: readonly string[]; readonly closed?: boolean }): Promise<void> => {
    const { id, name, kind, parent, phone, places, closed_at } = unit;
    const done = await identity.units.put(onOrderOf(order.account), order.county, { id, name, kind, parent, phone, places, closed: closed_at !== null, ...change });
    if (isRefusal(done)) refused(order, `unit ${id}`, done);
  };

  /** One matter goes to its successor by an action of its own. @returns whether it went */
  const giveMatter = async (order: DissolutionRow, matter: { readonly id: string; readonly kind: string; readonly parent: string | null }, from: string, to: string, keep: boolean): Promise<boolean> => {
    const done = await matters.act({
      actor: theSystem, behalf: `account:${order.account}`, county: order.county, kind: matter.kind, matter: matter.id, action: 'succeed', op: opOf(order.id, matter.id),
      input: { unit: to, from, reason: order.reason, ...(keep && { keep }), ...(matter.kind === 'task' && matter.parent !== null && { other: matter.parent }) },
    });
    if (isRefusal(done)) refused(order, `matter ${matter.id}`, done);
    return !isRefusal(done);
  };

  const setRules = async (order: DissolutionRow, from: string, to: string, only?: ReadonlySet<string>): Promise<void> => {
    const present = await cases.routing.rules(order.county);
    const { rules, changed } = rewritten(present.rules, from, to, only);
    if (changed.length === 0) return;
    if (!only) await note(order, changed.map((rule) => ({ what: 'rule', target: ruleKey(rule), from_unit: from, to_unit: to, was: null })));
    const done = await cases.routing.set(onOrderOf(order.account), order.county, present.version, rules);
    if (isRefusal(done)) refused(order, 'rules', done);
  };

  /** Everything but the matters: little of it, and first, so that nothing new comes to the unit. */
  const giveOffice = async (order: DissolutionRow): Promise<void> => {
    const { unit: from, successors: to, county } = order;
    if (to.rules !== undefined) await setRules(order, from, to.rules);
    const unit = await unitOf(order, from);
    if (!unit) return;
    if (to.places !== undefined && unit.places.length > 0) {
      const heir = await unitOf(order, to.places);
      const added = unit.places.filter((code) => heir && !heir.places.includes(code));
      // A successor without places serves the whole county already.
      if (heir && heir.places.length > 0 && added.length > 0) {
        await note(order, added.map((code) => ({ what: 'place', target: code, from_unit: from, to_unit: heir.id, was: null })));
        await putUnit(order, heir, { places: [...heir.places, ...added] });
      }
    }
    if (to.units !== undefined) for (const child of await identity.units.under(db, county, from)) {
      await note(order, [{ what: 'unit', target: child.id, from_unit: from, to_unit: to.units, was: null }]);
      await putUnit(order, child, { parent: to.units });
    }
    if (unit.closed_at === null) await putUnit(order, unit, { closed: true });
    if (to.people !== undefined) {
      for (let more = true; more;) {
        const held = await identity.grants.held(theSystem, county, { unit: from, limit: atOnce });
        if (isRefusal(held)) return refused(order, 'people', held);
        for (const { account, grant } of held) {
          const { role, place, purpose, until } = grant;
          await note(order, [{ what: 'grant', target: `${account} ${role} ${place}`, from_unit: from, to_unit: to.people, was: { purpose, until } }]);
          const moved = await identity.grants.move(onOrderOf(order.account), county, grant.id, to.people);
          if (isRefusal(moved)) return refused(order, `grant ${grant.id}`, moved);
        }
        more = held.length === atOnce;
      }
    }
    if (to.components !== undefined) for (const as of ['owner', 'manager'] as const) {
      for (let codes = await components.codesOf(county, as, from, atOnce); codes.length > 0; codes = await components.codesOf(county, as, from, atOnce)) {
        await note(order, codes.map((code) => ({ what: as, target: code, from_unit: from, to_unit: to.components!, was: null })));
        const given = await components.give(onOrderOf(order.account), county, { as, from, to: to.components, codes });
        if (isRefusal(given)) return refused(order, 'components', given);
      }
    }
  };

  const dissolve = async (order: DissolutionRow, most: number): Promise<boolean> => {
    const { unit: from, successors: to, county } = order;
    await giveOffice(order);
    for (let done = 0; done < most;) {
      const open = await matters.openOfUnit(db, county, from, Math.min(atOnce, most - done));
      if (open.length === 0) return true;
      // Tasks first: the case that one belongs to then names the successor among those who assist.
      const ordered = [...open].sort((a, b) => Number(b.kind === 'task') - Number(a.kind === 'task'));
      let went = 0;
      for (const matter of ordered) {
        const heir = matter.kind === 'task' ? to.tasks : to.cases;
        if (heir === undefined) continue;
        await note(order, [{ what: 'matter', target: matter.id, from_unit: from, to_unit: heir, was: { kind: matter.kind, parent: matter.parent } }]);
        if (await giveMatter(order, matter, from, heir, to.people === heir)) went++;
      }
      if (went === 0) return false;
      done += open.length;
    }
    return false;
  };

  const allOf = async function* (order: DissolutionRow, what: string): AsyncGenerator<HandoverRow> {
    for (let after = '', more = true; more;) {
      const rows = await handovers(db, order.county, order.back_of!, what, after, atOnce);
      yield* rows;
      more = rows.length === atOnce;
      after = rows.at(-1)?.target ?? after;
    }
  };

  /** The way back: what the successors still have of it goes home. */
  const giveBack = async (order: DissolutionRow): Promise<boolean> => {
    const { county, unit: home } = order;
    const unit = await unitOf(order, home);
    if (unit && unit.closed_at !== null) await putUnit(order, unit, { closed: false });
    const rules = new Map<string, Set<string>>();
    for await (const { target, to_unit } of allOf(order, 'rule')) rules.set(to_unit!, (rules.get(to_unit!) ?? new Set()).add(target));
    for (const [from, keys] of rules) await setRules(order, from, home, keys);
    for await (const { target, to_unit } of allOf(order, 'unit')) {
      const child = await unitOf(order, target);
      if (child && child.parent === to_unit) await putUnit(order, child, { parent: home });
    }
    for await (const { target, to_unit } of allOf(order, 'place')) {
      const heir = await unitOf(order, to_unit!);
      if (heir?.places.includes(target)) await putUnit(order, heir, { places: heir.places.filter((code) => code !== target) });
    }
    for (const as of ['owner', 'manager'] as const) {
      const codes = new Map<string, string[]>();
      for await (const { target, to_unit } of allOf(order, as)) codes.set(to_unit!, [...(codes.get(to_unit!) ?? []), target]);
      for (const [from, list] of codes) {
        const given = await components.give(onOrderOf(order.account), county, { as, from, to: home, codes: list });
        if (isRefusal(given)) refused(order, 'components', given);
      }
    }
    for await (const row of allOf(order, 'grant')) await returnGrant(order, row);
    let whole = true;
    for await (const { target, to_unit, was } of allOf(order, 'matter')) {
      const stands = (await matters.standings(db, county, [target])).get(target);
      const { kind, parent } = was as { readonly kind: string; readonly parent: string | null };
      if (!stands || stands.leadUnit !== to_unit || matters.kinds.get(kind).workflow.final.includes(stands.state)) continue;
      if (!(await giveMatter(order, { id: target, kind, parent }, to_unit!, home, false))) whole = false;
    }
    return whole;
  };

  const returnGrant = async (order: DissolutionRow, { target, to_unit, was }: HandoverRow): Promise<void> => {
    const [account, role, place] = target.split(' ') as [string, string, string];
    const { purpose, until } = was as { readonly purpose: string | null; readonly until: number | null };
    const seen = await identity.accounts.read(theSystem, order.county, account);
    if (isRefusal(seen)) return;
    const now = world.now();
    const holds = (unit: string | null) => seen.grants.find((grant) => grant.role === role && grant.place === place && grant.unit === unit && (grant.until === null || grant.until > now));
    if (holds(order.unit)) return;
    const held = to_unit === null ? undefined : holds(to_unit);
    if (to_unit !== null) {
      // Whoever has lost the right since does not get it back with the unit.
      if (!held) return;
      const moved = await identity.grants.move(onOrderOf(order.account), order.county, held.id, order.unit);
      if (isRefusal(moved)) refused(order, `grant ${held.id}`, moved);
    } else if (until === null || until > now) {
      const given = await identity.accounts.grant(onOrderOf(order.account), order.county, account, { role, unit: order.unit, place, purpose, until });
      if (isRefusal(given)) refused(order, `grant of ${account}`, given);
    }
  };

  return {
    async turn(order, most) {
      const whole = order.back_of === null ? await dissolve(order, most) : await giveBack(order);
      if (!whole) return false;
      await db.transaction(async (tx) => {
        const now = world.now();
        if ((await endDissolution(tx, order.county, order.id, new Date(now))).length === 0) return;
        const handed = (await countHandovers(tx, order.county, order.back_of ?? order.id)).map(({ what, to_unit, count }) => ({ what, to: to_unit, count })) as unknown as Json;
        await ledger.append(tx, [entryOf({ county: order.county, subject: 'config', kind: 'dissolution', action: order.back_of === null ? 'done' : 'undone', set: { dissolution: order.id, unit: order.unit, handed } }, onOrderOf(order.account), { role: 'system', unit: null }, now)]);
      });
      ledger.sequencer.nudge(order.county);
      return true;
    },
  };
};
