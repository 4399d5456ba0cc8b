import { prepareTown } from '../../bench/prepare.ts';
import type { Actor, Grant } from '../../src/base/actor.ts';
import type { ActorId, CountyCode, PlacePath, UnitId } from '../../src/base/ids.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { openModules, type Modules } from '../../src/entry/town/modules.ts';
import type { Done } from '../../src/modules/matters/index.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

export const county = '330281' as CountyCode;

/** Somebody with one grant for the whole county. */
export const person = (n: number, role: string, unit: string | null = null): Actor => {
  const grant: Grant = { id: `g${n}`, county, role, unit: unit as UnitId | null, place: '' as PlacePath, purpose: null, from: 0, until: null };
  return { id: `00000000-0000-7000-8000-0000000003${String(n).padStart(2, '0')}` as ActorId, kind: 'account', name: role, grants: [grant] };
};
export const people = {
  collector: person(1, 'collector'), intake: person(2, 'intake'), dispatcher: person(3, 'dispatcher'), keeper: person(4, 'unithandler', 'lighting'),
  other: person(5, 'unithandler', 'works'), supervisor: person(6, 'supervisor'), operator: person(7, 'operator'), enforcer: person(8, 'enforcer', 'enforcement'),
  resident: { id: '00000000-0000-7000-8000-000000000399' as ActorId, kind: 'resident', name: null, grants: [] } as Actor,
};

/** A picture that everybody here may put to use. */
export const served = 'a'.repeat(64);

export interface CaseTown {
  readonly world: TestWorld;
  readonly modules: Modules;
  /** A street lamp, and the row of the code table that a single dark lamp falls under. */
  readonly lamp: string;
  readonly row: string;
  /** Actions that were seen done, as `kind.action`. */
  readonly seen: Set<string>;
  act(who: Actor, matter: string | null, action: string, input?: object): Promise<Result<Done>>;
  /** As `act`. @throws with the reason where it is refused */
  done(who: Actor, matter: string | null, action: string, input?: object): Promise<Done>;
  /** The reason of the refusal. */
  reason(who: Actor, matter: string | null, action: string, input?: object): Promise<string>;
  stateOf(id: string): Promise<NonNullable<Awaited<ReturnType<Modules['matters']['whole']>>>>;
  reported(who?: Actor): Promise<string>;
  filed(): Promise<string>;
  inHand(): Promise<string>;
  close(): Promise<void>;
}

/** A town with units, rules and lamps, and short ways to a case in each state. */
export const openCaseTown = async (): Promise<CaseTown> => {
  const world = await testWorld({ county: null, demo: true });
  await prepareTown(world, 1);
  const modules = await openModules({ ...world, metrics: createMetrics() });
  const lamp = (await modules.components.list(county, { class: '0137' }, '', 1))[0]!.code;
  const row = modules.catalogue.rows(county, 1).find(({ code, openCondition }) => code === 'C0137' && openCondition.startsWith('单盏'))!.key;
  const seen = new Set<string>();
  let serial = 0;
  const { collector, intake, keeper } = people;
  const town: CaseTown = {
    world, modules, lamp, row, seen,
    async act(who, matter, action, input = {}) {
      const actor = { ...who };
      modules.cases.vouch(actor, new Map([[served, served]]));
      const kind = matter === null ? 'case' : (await modules.matters.whole(world.db, county, matter))!.matter.kind;
      const result = await modules.matters.act({ actor, behalf: null, county, kind, matter, action, input, op: `00000000-0000-4000-8000-${String(++serial).padStart(12, '0')}` });
      if (!isRefusal(result)) seen.add(`${kind}.${action}`);
      return result;
    },
    async done(...call) {
      const result = await town.act(...call);
      if (isRefusal(result)) throw new Error(`${call[2]}: ${result.reason} ${JSON.stringify(result.params ?? {})} ${JSON.stringify(result.errors ?? [])}`);
      return result;
    },
    async reason(...call) {
      const result = await town.act(...call);
      return isRefusal(result) ? result.reason : `done ${result.state}`;
    },
    stateOf: async (id) => (await modules.matters.whole(world.db, county, id))!,
    reported: async (who = collector) => (await town.done(who, null, 'report', { text: '不亮', component: lamp, blobs: [served] })).id,
    async filed() { const id = await town.reported(); await town.done(intake, id, 'file', { code: row }); return id; },
    async inHand() { const id = await town.filed(); await town.done(keeper, id, 'accept'); return id; },
    async close() { await modules.matters.drain(); await world.close(); },
  };
  return town;
};
