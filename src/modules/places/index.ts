import type { World } from '../../platform/world.ts';
import type { Ledger } from '../ledger/index.ts';
import { createTree, type Tree } from './service/places.ts';
import { createSnapshots } from './service/snapshots.ts';

export type { Acting } from './service/change.ts';
export type { County } from './service/snapshots.ts';
export { levels, type Level } from './rules/levels.ts';
export type { Located, Place, PlaceRef, PlaceTree } from './rules/tree.ts';

/** Places and the people in charge of them. */
export type Places = Tree;

export const createPlaces = (world: World, ledger: Pick<Ledger, 'append'>): Places => {
  const snapshots = createSnapshots(world);
  return createTree(world, ledger, snapshots);
};
