import { createListing, type Listing } from './service/listing.ts';
import { readRules } from './service/area.ts';
import { countyCode, type Needs, type Shared } from './service/needs.ts';
import { createRegister, type Register } from './service/register.ts';
import { readGateways } from './store/gateways.ts';
import type { CameraRules } from './rules/area.ts';

export { cameraArea } from './service/area.ts';
export { cameraChecker } from './service/tracing.ts';
export { cameraSealed } from './store/gateways.ts';
export type { Camera, NearAsk, Register } from './service/register.ts';
export type { Seen } from './rules/sight.ts';

/** Cameras: which there are and what they see, who looks through them and why, who turns them. */
export interface Cameras extends Listing {
  readonly identity: Needs['identity'];
  readonly register: Register;
  readonly gateways: { names(county: string): Promise<readonly { readonly id: string; readonly name: string }[]> };
  /** What counts in a county: purposes, limits, whom residents may ask. */
  rules(county: string): Promise<CameraRules>;
  /** Path of a place by its id or code; undefined where there is none. */
  pathOf(county: string, place: string): Promise<string | undefined>;
}

export const createCameras = (needs: Needs): Cameras => {
  const { world, identity, places } = needs;
  const rules = (county: string): Promise<CameraRules> => readRules(world, county);
  const shared: Shared = { ...needs, rules };
  const register = createRegister(shared);
  return {
    identity, register, rules, ...createListing(shared, register),
    gateways: { names: (county) => readGateways(world.db, county) },
    pathOf: async (county, place) => (await places.tree(countyCode(county))).find(place)?.path,
  };
};
