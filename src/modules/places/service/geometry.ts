import type { Area, Box } from '../../../base/geo/geometry.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { World } from '../../../platform/world.ts';
import { layers, type Layer, type MapGeometry } from '../rules/drafts.ts';
import { levels, type Level } from '../rules/levels.ts';
import { readDoors, readFeatures, readFrame, type MapFeature } from '../store/map.ts';
import { labelOf } from './addresses.ts';
import type { Snapshots } from './snapshots.ts';

/** A GeoJSON feature in WGS-84. `kind` is a level or a layer. */
export interface DrawnFeature {
  readonly type: 'Feature';
  readonly properties: { readonly kind: Level | Layer; readonly code: string | null; readonly name: string | null; readonly wide: number | null };
  readonly geometry: MapGeometry;
}

export interface Drawn {
  readonly type: 'FeatureCollection';
  readonly features: readonly DrawnFeature[];
}

export interface Geometry {
  /**
   * Outlines of places and features of the map that touch the box, from below to above as they are painted; at most
   * `limit` features of the map, the largest first.
   */
  drawn(county: CountyCode, ask: { readonly box?: Box; readonly kinds?: readonly string[]; readonly limit?: number }): Promise<Drawn>;
  /** Doors of houses in a box, at most `limit`: the address as people write it, and where its door is. */
  doors(county: CountyCode, box: Box, limit: number): Promise<{ readonly label: string; readonly lng: number; readonly lat: number }[]>;
  /** The box around all that is drawn of a county; null where nothing is. */
  extent(county: CountyCode): Promise<Box | null>;
}

const everything: Box = { west: -180, south: -90, east: 180, north: 90 };
const isLevel = (kind: string): kind is Level => levels.includes(kind as Level);
const isLayer = (kind: string): kind is Layer => layers.includes(kind as Layer);

const ofArea = (kind: Level, code: string, name: string, area: Area): DrawnFeature =>
  ({ type: 'Feature', properties: { kind, code, name, wide: null }, geometry: { type: 'MultiPolygon', coordinates: area } });

const ofMap = ({ layer, name, wide, geometry }: MapFeature): DrawnFeature =>
  ({ type: 'Feature', properties: { kind: layer, code: null, name, wide }, geometry });

/** How many features of the map one answer holds at most: a town of 8,000 houses fits, a county is asked for by boxes. */
const most = 20_000;

export const createGeometry = (world: World, snapshots: Snapshots): Geometry => ({
  async drawn(county, { box = everything, kinds = [...levels, ...layers], limit = most }) {
    const { tree } = await snapshots.get(county);
    const wantedLevels = kinds.filter(isLevel);
    const wantedLayers = kinds.filter(isLayer);
    const features = wantedLayers.length > 0 ? (await readFeatures(world.db, county, box, wantedLayers, limit)).map(ofMap) : [];
    for (const place of wantedLevels.length > 0 ? tree.within(box, wantedLevels) : [])
      features.push(ofArea(place.level, place.code, place.name, place.area!));
    return { type: 'FeatureCollection', features };
  },
  doors: async (county, box, limit) => (await readDoors(world.db, county, box, limit)).map(({ lng, lat, ...house }) => ({ label: labelOf(house), lng, lat })),
  async extent(county) {
    const { tree } = await snapshots.get(county);
    return tree.frame() ?? readFrame(world.db, county);
  },
});
