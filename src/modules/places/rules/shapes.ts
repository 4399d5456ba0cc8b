import { toWgs84, type CoordinateSystem } from '../../../base/geo/coordinates.ts';
import { containment, selfMeeting, squareMetres, type Area, type Position, type Ring } from '../../../base/geo/geometry.ts';
import type { Faults, Where } from './faults.ts';

/** The rectangle around the country, degrees: what lies outside it is a mistake, and most often longitude and latitude swapped. */
const country = { west: 73, south: 3, east: 136, north: 54 } as const;

const inCountry = (lng: number, lat: number): boolean =>
  lng >= country.west && lng <= country.east && lat >= country.south && lat <= country.north;

/** Nine decimals are a tenth of a millimetre; more only fills the table. */
const rounded = (degrees: number): number => Math.round(degrees * 1e9) / 1e9;

/** What a geometry is checked for and read with. `about` names the feature in every fault. */
export interface Reading {
  readonly system: CoordinateSystem;
  readonly faults: Faults;
  readonly where: Where;
  readonly about: Readonly<Record<string, string | number>>;
}

/** One position, or undefined with its fault noted. Heights are dropped. */
export const readPosition = (value: unknown, { system, faults, where, about }: Reading): Position | undefined => {
  const [lng, lat] = Array.isArray(value) ? (value as unknown[]) : [];
  if (typeof lng !== 'number' || typeof lat !== 'number' || !Number.isFinite(lng) || !Number.isFinite(lat)) {
    faults.add(where, 'places.not_numbers', { ...about, value: JSON.stringify(value ?? null).slice(0, 60) });
    return undefined;
  }
  if (!inCountry(lng, lat)) {
    faults.add(where, inCountry(lat, lng) ? 'places.swapped' : 'places.out_of_range', { ...about, lng, lat });
    return undefined;
  }
  const [x, y] = toWgs84(system, lng, lat);
  return [rounded(x), rounded(y)];
};

/** A list of positions; undefined after the first fault. */
export const readLine = (value: unknown, least: number, reading: Reading): Position[] | undefined => {
  if (!Array.isArray(value)) {
    reading.faults.add(reading.where, 'places.not_numbers', { ...reading.about, value: JSON.stringify(value ?? null).slice(0, 60) });
    return undefined;
  }
  const line: Position[] = [];
  for (const item of value as unknown[]) {
    const position = readPosition(item, reading);
    if (!position) return undefined;
    const last = line.at(-1);
    if (!last || last[0] !== position[0] || last[1] !== position[1]) line.push(position);
  }
  if (line.length < least) {
    reading.faults.add(reading.where, 'places.too_few_positions', { ...reading.about, positions: line.length });
    return undefined;
  }
  return line;
};

const readRing = (value: unknown, reading: Reading): Ring | undefined => {
  const raw = Array.isArray(value) ? (value as unknown[]) : [];
  const [first, last] = [raw[0], raw.at(-1)];
  if (Array.isArray(first) && Array.isArray(last) && raw.length > 1 && (first[0] !== last[0] || first[1] !== last[1])) {
    reading.faults.add(reading.where, 'places.unclosed', { ...reading.about, from: String(first.slice(0, 2)), to: String(last.slice(0, 2)) });
    return undefined;
  }
  const ring = readLine(value, 4, reading);
  if (!ring) return undefined;
  const met = selfMeeting(ring);
  if (met) {
    reading.faults.add(reading.where, 'places.self_intersection', { ...reading.about, lng: met[0], lat: met[1] });
    return undefined;
  }
  return ring;
};

/** A Polygon or MultiPolygon as WGS-84; undefined with the faults noted. */
export const readArea = (geometry: { readonly type?: unknown; readonly coordinates?: unknown }, reading: Reading): Area | undefined => {
  const { faults, where, about } = reading;
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
  const area: Ring[][] = [];
  const fail = (reason: string, params: Readonly<Record<string, string | number>> = {}): undefined => {
    faults.add(where, reason, { ...about, ...params });
  };
  if (!Array.isArray(polygons) || polygons.length === 0) return fail('places.no_geometry');
  for (const polygon of polygons as unknown[]) {
    if (!Array.isArray(polygon) || polygon.length === 0) return fail('places.no_geometry');
    const rings: Ring[] = [];
    for (const value of polygon as unknown[]) {
      const ring = readRing(value, reading);
      if (!ring) return undefined;
      if (squareMetres([[ring]]) < 0.01) return fail('places.no_size');
      rings.push(ring);
    }
    const [outline, ...holes] = rings;
    for (const hole of holes)
      if (hole.some(([lng, lat]) => containment([[outline!]], lng, lat) === 'outside')) return fail('places.hole_outside', { lng: hole[0]![0], lat: hole[0]![1] });
    area.push(rings);
  }
  return area;
};
