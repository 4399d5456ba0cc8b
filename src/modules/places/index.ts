import type { World } from '../../platform/world.ts';
import type { Ledger } from '../ledger/index.ts';
import { createAbsences, type Absences } from './service/absences.ts';
import { createAddresses, type Addresses } from './service/addresses.ts';
import { createDuty, type Duty, type Reachable } from './service/duty.ts';
import { createGeometry, type Geometry } from './service/geometry.ts';
import { createImports, type Imports } from './service/import.ts';
import { createTree, type Tree } from './service/places.ts';
import { createSnapshots } from './service/snapshots.ts';
import { createWeeks, type Weeks } from './service/week.ts';

export { placesChecker } from './service/tracing.ts';
export type { Acting } from './service/change.ts';
export type { AddressCandidate } from './service/addresses.ts';
export type { PostDraft, Reachable } from './service/duty.ts';
export type { Drawn, DrawnFeature } from './service/geometry.ts';
export type { ImportContent, ImportDone, ImportOptions, Progress } from './service/import.ts';
export type { County } from './service/snapshots.ts';
export type { AddressDraft, Layer, MapDraft, MapGeometry, PlaceDraft } from './rules/drafts.ts';
export type { Absence, DutyGap, Gap, InCharge, OnDuty, Shift } from './rules/duty.ts';
export type { Level } from './rules/levels.ts';
export type { Located, Place, PlaceRef, PlaceTree } from './rules/tree.ts';

/** Places, where points and addresses are, and the people in charge. */
export type Places = Tree & Imports & Duty & Absences & Weeks & Addresses & Geometry;

/**
 * @param reachable tells which persons can be reached by phone, for `gaps`; where it is null, everybody counts as reachable
 */
export const createPlaces = (world: World, ledger: Pick<Ledger, 'append'>, reachable: Reachable | null = null): Places => {
  const snapshots = createSnapshots(world);
  return {
    ...createTree(world, ledger, snapshots),
    ...createImports(world, ledger, snapshots),
    ...createDuty(world, ledger, snapshots, reachable),
    ...createAbsences(world, ledger, snapshots),
    ...createWeeks(world, snapshots),
    ...createAddresses(world, snapshots),
    ...createGeometry(world, snapshots),
  };
};
