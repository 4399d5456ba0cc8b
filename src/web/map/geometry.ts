import { boxAround, pointInside, type Area } from '../../base/geo/geometry.ts';
import { mapComponents } from '../../modules/components/contract/components.ts';
import { placeGeometry } from '../../modules/places/contract.ts';
import { addressOf, call } from '../shared/client.ts';

/** A shape with what is known of it (RFC 7946, WGS-84); `properties` has `kind`, `code`, `name`, `wide` in metres. */
interface Shape {
  readonly type: 'Feature';
  readonly properties: Readonly<Record<string, unknown>> | null;
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}

/** The town's shapes. */
export interface TownGeometry {
  readonly type: 'FeatureCollection';
  readonly features: readonly Shape[];
}

/** Where a town is looked at while nothing of it is drawn: 泗门, the demo's place. */
const nowhere: [number, number, number, number] = [121.0, 30.13, 121.09, 30.23];

/** West, south, east and north of all that is drawn. */
export const boundsOf = (town: TownGeometry): [number, number, number, number] => {
  const box: [number, number, number, number] = [180, 90, -180, -90];
  const widen = (part: unknown): void => {
    if (!Array.isArray(part)) return;
    const [lng, lat] = part as unknown[];
    if (typeof lng === 'number' && typeof lat === 'number') {
      box[0] = Math.min(box[0], lng);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lng);
      box[3] = Math.max(box[3], lat);
    } else for (const each of part) widen(each);
  };
  for (const { geometry } of town.features) widen(geometry.coordinates);
  return box[0] > box[2] ? nowhere : box;
};

/** Names of villages and communities, each at a point inside of it. */
export const villageNames = (town: TownGeometry): readonly { readonly name: string; readonly at: [number, number] }[] =>
  town.features.flatMap(({ properties, geometry }) => {
    if (properties?.['kind'] !== 'village' || typeof properties['name'] !== 'string') return [];
    const area = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : null;
    if (area === null) return [];
    const [lng, lat] = pointInside(area as Area);
    return [{ name: properties['name'], at: [lng, lat] as [number, number] }];
  });

/** Metres around a point in which lamps and the like are shown. */
const around = 400;

/** Lamps, manholes and the like around a point, as points. @throws Problem. */
export const componentsAround = async (lng: number, lat: number, signal: AbortSignal): Promise<TownGeometry> => {
  const { west, south, east, north } = boxAround(lng, lat, around);
  const answer = await fetch(addressOf(mapComponents, {}, { bbox: [west, south, east, north].map((degrees) => degrees.toFixed(6)).join() }), { signal, credentials: 'same-origin' });
  return answer.ok ? ((await answer.json()) as TownGeometry) : { type: 'FeatureCollection', features: [] };
};

/** What is drawn of the whole town; houses and micro-grids only near what is looked at. */
const farKinds = 'town,village,grid,road,water,green';
/** Metres around a point whose shapes are read for a map of it. */
const nearby = 1500;

const kept = new Map<string, Promise<TownGeometry>>();
const nothing: TownGeometry = { type: 'FeatureCollection', features: [] };

const read = (query: { readonly bbox?: string; readonly kinds?: string }): Promise<TownGeometry> => {
  const key = JSON.stringify(query);
  let answer = kept.get(key);
  if (!answer) {
    answer = call(placeGeometry, { query }).then((town) => town as unknown as TownGeometry, () => {
      kept.delete(key);
      return nothing;
    });
    kept.set(key, answer);
  }
  return answer;
};

/** The town's shapes: all of them without houses, or everything around a point. Read once per page, again where that failed. */
export const townGeometry = (near: { readonly lng: number; readonly lat: number } | null): Promise<TownGeometry> => {
  if (!near) return read({ kinds: farKinds });
  // On a grid of about a kilometre, so that cases close by share what has been read.
  const { west, south, east, north } = boxAround(Math.round(near.lng * 100) / 100, Math.round(near.lat * 100) / 100, nearby);
  return read({ bbox: [west, south, east, north].map((degrees) => degrees.toFixed(5)).join() });
};
