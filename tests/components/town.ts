import type { CountyCode, PlaceCode, PlacePath } from '../../src/base/ids.ts';
import { createComponents, type Components } from '../../src/modules/components/index.ts';
import { createIdentity, type Identity } from '../../src/modules/identity/index.ts';
import { createLedger, type Ledger } from '../../src/modules/ledger/index.ts';
import { PlaceTree, type Place } from '../../src/modules/places/rules/tree.ts';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal, type Refusal } from '../../src/base/result.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

export const county = '330281' as CountyCode;

const square = (west: number, south: number, east: number, north: number): Place['area'] =>
  [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]];

const place = (id: string, level: Place['level'], parent: string | null, path: string, area: Place['area']): Place =>
  ({ id: id as PlaceCode, code: id as PlaceCode, level, parent: parent as PlaceCode | null, path: path as PlacePath, name: id, kind: null, area, addresses: null, doors: null });

/** A county of one village with two grids side by side, 121.04 to 121.06 east. */
export const treeOf = (): PlaceTree => new PlaceTree(county, 1, [
  place('330281', 'county', null, '330281/', square(121.03, 30.15, 121.07, 30.21)),
  place('330281103', 'town', '330281', '330281/330281103/', null),
  place('330281103203', 'village', '330281103', '330281/330281103/330281103203/', square(121.03, 30.15, 121.07, 30.21)),
  place('330281103203001', 'grid', '330281103203', '330281/330281103/330281103203/330281103203001/', square(121.04, 30.16, 121.05, 30.2)),
  place('330281103203002', 'grid', '330281103203', '330281/330281103/330281103203/330281103203002/', square(121.05, 30.16, 121.06, 30.2)),
]);

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
