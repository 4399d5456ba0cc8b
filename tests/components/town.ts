import { createComponents, type Components } from '../../src/modules/components/index.ts';
import { createIdentity, type Identity } from '../../src/modules/identity/index.ts';
import { createLedger, type Ledger } from '../../src/modules/ledger/index.ts';
import type { PlaceTree } from '../../src/modules/places/rules/tree.ts';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal, type Refusal } from '../../src/base/result.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { county, treeOf } from './tree.ts';

export { county };

export interface ComponentTown {
  readonly world: TestWorld;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly components: Components;
  readonly tree: PlaceTree;
}

/** A world with two units and the county above. */
export const componentTown = async (tree = treeOf()): Promise<ComponentTown> => {
  const world = await testWorld();
  const ledger = createLedger(world);
  const identity = createIdentity(world, ledger, async () => {});
  for (const [id, name] of [['lighting', '路灯管理所'], ['water', '水务中心']] as const)
    await identity.units.put(theSystem, county, { id, name: { 'zh-Hans': name, 'zh-Hant': name, en: id }, kind: 'department' });
  return { world, ledger, identity, tree, components: createComponents(world, ledger, identity, { tree: async () => tree }) };
};

export const done = <T>(result: T | Refusal): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
};
export const refused = (result: unknown): Refusal => {
  if (!isRefusal(result)) throw new Error(`was done: ${JSON.stringify(result)}`);
  return result;
};

/** A code of a class with a running number. */
export const codeOf = (number: number, of = '0137'): string => `330281${of}${String(number).padStart(6, '0')}`;
