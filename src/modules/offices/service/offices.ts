import { theSystem, type Actor } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { isRefusal, refuse, type FieldError, type Refusal, type Result } from '../../../base/result.ts';
import type { Json } from '../../../base/canonical.ts';
import type { Params, Text } from '../../../base/text/language.ts';
import { entryOf, type UnitRow } from '../../identity/index.ts';
import { groups, type Group, type Successors } from '../contract.ts';
import { below, placesOf } from '../rules.ts';
import { countHandovers, dissolutionsOf, holdUnit, insertDissolution, openDissolutions, type DissolutionRow } from '../store.ts';
import { createHanding } from './handing.ts';
import type { Needs } from './needs.ts';

/** What a unit holds of one group; words are texts, or a key of `data/texts/offices` with what fills it. */
export interface Holding {
  readonly group: Group;
  readonly count: number;
  readonly words: readonly (Text | { readonly key: string; readonly params: Params } | { readonly state: string; readonly kind: string; readonly count: number })[];
}

export interface Holds {
  readonly unit: UnitRow;
  readonly holds: readonly Holding[];
  readonly shifts: number;
  readonly blocks: readonly Refusal[];
  readonly dissolutions: readonly Dissolution[];
}

export interface Dissolution extends DissolutionRow {
  readonly handed: readonly { readonly what: string; readonly to: string | null; readonly count: number }[];
  readonly left: number;
}

/** 单位: how they are dissolved with work in hand, and opened again. */
export interface Offices {
  /** What a unit holds. Refusals: 403, 404 `identity.unit`. */
  holds(actor: Actor, county: string, unit: string): Promise<Result<Holds>>;
  /** Judges successors. Refusals: as of `dissolve`. */
  judge(actor: Actor, county: string, unit: string, successors: Successors): Promise<Result<Holds>>;
  /**
   * Dissolves a unit and hands over as much as one turn does; `works` does the rest.
   * Refusals: 403, 404 `identity.unit`, 409 `offices.closed`, `offices.running`, 422 `offices.successors`, `offices.named`, `offices.stays`.
   */
  dissolve(actor: Actor, county: string, unit: string, order: { readonly reason: string; readonly successors: Successors }): Promise<Result<Dissolution>>;
  /** Takes the last dissolution back. Refusals: 403, 404 `identity.unit`, 409 `offices.not_dissolved`, `offices.running`. */
  back(actor: Actor, county: string, unit: string, reason: string): Promise<Result<Dissolution>>;
  /** Goes on with what was cut off or is long. @returns how many came to their end */
  turn(): Promise<number>;
}

/** Matters that a request hands over itself before the rest goes on in the background. */
const inRequest = 400;
const inTurn = 2_000;
/** Things of a group that are named. */
const named = 6;

export const createOffices = (needs: Needs): Offices => {
  const { world, ledger, identity, places, components, matters, cases, settings } = needs;
  const { db } = world;
  const handing = createHanding(needs);

  const unitOf = async (county: string, id: string): Promise<Result<UnitRow>> => (await identity.units.get(db, county, [id])).get(id) ?? refuse(404, 'identity.unit', { unit: id });

  const people = async (county: string, unit: string) => {
    const held = await identity.grants.held(theSystem, county, { unit, limit: 500 });
    return isRefusal(held) ? [] : held;
  };

  const dissolution = async (row: DissolutionRow): Promise<Dissolution> => {
    const handed = (await countHandovers(db, row.county, row.back_of ?? row.id)).map(({ what, to_unit, count }) => ({ what, to: to_unit, count }));
    const left = row.ended_at || row.back_of ? 0 : (await matters.countOfUnit(db, row.county, row.unit)).reduce((sum, { count }) => sum + count, 0);
    return { ...row, handed, left };
  };

  const look = async (county: string, unit: UnitRow): Promise<Holds> => {
    const { id } = unit;
    const [open, grants, { rules }, owned, children, document, tree, past] = await Promise.all([
      matters.countOfUnit(db, county, id), people(county, id), cases.routing.rules(county), components.ofUnit(county, id), identity.units.under(db, county, id), settings.all(county), places.tree(county as CountyCode), dissolutionsOf(db, county, id),
    ]);
    const matterGroup = (group: 'cases' | 'tasks'): Holding => {
      const mine = open.filter(({ kind }) => (kind === 'task') === (group === 'tasks'));
      return { group, count: mine.reduce((sum, { count }) => sum + count, 0), words: mine.map(({ kind, state, count }) => ({ kind, state, count })) };
    };
    const mine = rules.flatMap((rule, index) => (rule.unit === id ? [{ rule, index }] : []));
    const same = (text: string): Text => ({ 'zh-Hans': text, 'zh-Hant': text, en: text });
    const holds: Holding[] = [
      matterGroup('cases'), matterGroup('tasks'),
      { group: 'people', count: grants.length, words: grants.slice(0, named).map(({ name, grant }) => ({ key: 'holds.person', params: { name, role: `@role:${grant.role}` } })) },
      { group: 'rules', count: mine.length, words: mine.slice(0, named).map(({ rule, index }) => ({ key: 'holds.rule', params: { order: index + 1, words: `@${JSON.stringify(rule.words)}` } })) },
      { group: 'components', count: owned.owner + owned.manager, words: [...(owned.owner > 0 ? [{ key: 'holds.owner', params: { count: owned.owner } }] : []), ...(owned.manager > 0 ? [{ key: 'holds.manager', params: { count: owned.manager } }] : [])] },
      { group: 'units', count: children.length, words: children.slice(0, named).map(({ name }) => name) },
      { group: 'places', count: unit.places.length, words: unit.places.slice(0, named).map((code) => same(tree.find(code)?.name ?? code)) },
    ];
    const blocks: Refusal[] = settings.areas().flatMap(({ path }) => {
      const part = path.reduce<Json>((held, name) => (held !== null && typeof held === 'object' && !Array.isArray(held) ? ((held as Record<string, Json>)[name] ?? null) : null), document as Json);
      return placesOf(part, id).map((where) => refuse(422, 'offices.named', { where: [...path, where].join('.') }));
    });
    for (const kind of new Set(open.map((one) => one.kind))) if (!matters.kinds.get(kind).workflow.actions['succeed']) blocks.push(refuse(422, 'offices.stays', { kind }));
    const shifts = await places.shiftsOf(county as CountyCode, new Set(grants.map(({ account }) => `account:${account}`)));
    return { unit, holds, shifts, blocks, dissolutions: await Promise.all(past.map(dissolution)) };
  };

  const holds: Offices['holds'] = async (actor, county, id) => {
    if (!identity.permits(actor, county, 'accounts.read')) return refuse(403, 'identity.not_permitted');
    const unit = await unitOf(county, id);
    return isRefusal(unit) ? unit : look(county, unit);
  };

  const judge: Offices['judge'] = async (actor, county, id, successors) => {
    if (!identity.permits(actor, county, 'units.edit')) return refuse(403, 'identity.not_permitted');
    const unit = await unitOf(county, id);
    if (isRefusal(unit)) return unit;
    const seen = await look(county, unit);
    if (unit.closed_at !== null) return refuse(409, 'offices.closed');
    if (seen.dissolutions[0]?.ended_at === null) return refuse(409, 'offices.running');
    const [block] = seen.blocks;
    if (block) return block;
    const heirs = await identity.units.get(db, county, [...new Set(Object.values(successors).filter((one) => one != null))]);
    const under = successors.units === undefined ? new Set<string>() : below(await identity.units.list(db, county, '', 10_000), id);
    const errors: FieldError[] = groups.flatMap((group): FieldError[] => {
      const heir = successors[group];
      const path = `/successors/${group}`;
      if (heir === undefined) return (seen.holds.find((one) => one.group === group)?.count ?? 0) > 0 ? [{ path, reason: 'offices.needs_successor' }] : [];
      if (heir === null) return [];
      const found = heirs.get(heir);
      if (!found || found.closed_at !== null || heir === id) return [{ path, reason: 'offices.no_successor', params: { unit: heir } }];
      return group === 'units' && under.has(heir) ? [{ path, reason: 'offices.under_itself', params: { unit: heir } }] : [];
    });
    return errors.length > 0 ? refuse(422, 'offices.successors', { count: errors.length }, errors) : seen;
  };

  /** Writes the order with its entry, and carries it out as far as a request may take. */
  const begin = async (actor: Actor, row: Omit<DissolutionRow, 'ended_at' | 'at' | 'id' | 'account'>): Promise<Result<Dissolution>> => {
    const right = identity.permits(actor, row.county, 'units.edit');
    if (!right) return refuse(403, 'identity.not_permitted');
    const now = world.now();
    const made = await db.transaction(async (tx): Promise<Result<DissolutionRow>> => {
      await holdUnit(tx, row.county, row.unit);
      const [last] = await dissolutionsOf(tx, row.county, row.unit);
      if (last?.ended_at === null) return refuse(409, 'offices.running');
      const whole: DissolutionRow = { ...row, id: world.random.uuid(now), account: actor.id, at: new Date(now), ended_at: null };
      await insertDissolution(tx, whole);
      await ledger.append(tx, [entryOf({
        county: row.county, subject: 'config', kind: 'dissolution', action: row.back_of === null ? 'begin' : 'back',
        set: { dissolution: whole.id, unit: row.unit, ...(row.back_of === null ? { successors: { ...row.successors } as Json } : { of: row.back_of }) },
      }, actor, right, now)]);
      return whole;
    });
    if (isRefusal(made)) return made;
    ledger.sequencer.nudge(row.county);
    await handing.turn(made, inRequest);
    return dissolution((await dissolutionsOf(db, row.county, row.unit)).find(({ id }) => id === made.id) ?? made);
  };

  return {
    holds, judge,
    async dissolve(actor, county, unit, { reason, successors }) {
      const seen = await judge(actor, county, unit, successors);
      return isRefusal(seen) ? seen : begin(actor, { county, unit, successors, reason, back_of: null });
    },
    async back(actor, county, id, reason) {
      if (!identity.permits(actor, county, 'units.edit')) return refuse(403, 'identity.not_permitted');
      const unit = await unitOf(county, id);
      if (isRefusal(unit)) return unit;
      const [last] = await dissolutionsOf(db, county, id);
      if (!last || last.back_of !== null || unit.closed_at === null) return refuse(409, last?.ended_at === null ? 'offices.running' : 'offices.not_dissolved');
      return begin(actor, { county, unit: id, successors: last.successors, reason, back_of: last.id });
    },
    async turn() {
      let ended = 0;
      for (const order of await openDissolutions(db)) if (await handing.turn(order, inTurn)) ended++;
      return ended;
    },
  };
};
