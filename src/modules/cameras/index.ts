import { createGateways, type Gateways } from './service/gateways.ts';
import { createPorts } from './service/ports.ts';
import { createStreams, type Streams } from './service/streams.ts';
import { createTurning, type Turning } from './service/turning.ts';
import { createViews, type Views } from './service/views.ts';
import { createListing, type Listing } from './service/listing.ts';
import { readRules } from './service/area.ts';
import { countyCode, type Needs, type Shared } from './service/needs.ts';
import { createRegister, type Register } from './service/register.ts';
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
  /** Looks through cameras, what plays in them, and turning. */
  readonly views: Views;
  readonly streams: Streams;
  readonly turning: Turning;
  readonly gateways: Gateways;
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
  const ports = createPorts(world, needs.demoCamera);
  const views = createViews(shared, ports);
  return {
    identity, register, rules, views, streams: createStreams(shared, ports), turning: createTurning(shared, views, ports), ...createListing(shared, register),
    gateways: createGateways(shared),
    pathOf: async (county, place) => (await places.tree(countyCode(county))).find(place)?.path,
  };
};
