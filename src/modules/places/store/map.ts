import type { Box, Position } from '../../../base/geo/geometry.ts';
import type { CountyCode } from '../../../base/ids.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { AddressDraft, Layer, MapDraft, MapGeometry } from '../rules/drafts.ts';

/** A box as PostgreSQL writes it: upper right corner, lower left corner. */
const boxText = ({ west, south, east, north }: Box): string => `(${east},${north}),(${west},${south})`;

/** Takes away what a source brought before: map features and addresses. */
export const deleteMap = async (tx: Tx, county: CountyCode, source: string): Promise<void> => {
  await tx.query('delete from map_feature where county = $1 and source = $2', [county, source]);
  await tx.query('delete from address where county = $1 and source = $2', [county, source]);
};

/** Writes map features, a thousand a statement. */
export const insertFeatures = async (
  tx: Tx, county: CountyCode, source: string, features: readonly (MapDraft & { readonly id: string; readonly frame: Box })[],
): Promise<void> => {
  for (let from = 0; from < features.length; from += 1000)
    await tx.query(
      `insert into map_feature (county, id, source, layer, name, wide, geometry, frame)
       select $1, r.id, $2, r.layer, r.name, r.wide, r.geometry, r.frame
       from jsonb_to_recordset($3::jsonb) as r(id uuid, layer text, name text, wide real, geometry jsonb, frame box)`,
      [county, source, JSON.stringify(features.slice(from, from + 1000).map((feature) => ({ ...feature, frame: boxText(feature.frame) })))],
    );
};

/** Writes addresses, two thousand a statement. */
export const insertAddresses = async (
  tx: Tx, county: CountyCode, source: string, addresses: readonly (AddressDraft & { readonly id: string })[],
): Promise<void> => {
  for (let from = 0; from < addresses.length; from += 2000)
    await tx.query(
      `insert into address (county, id, source, road, number, suffix, door)
       select $1, r.id, $2, r.road, r.number, r.suffix, r.door
       from jsonb_to_recordset($3::jsonb) as r(id uuid, road text, number integer, suffix text, door point)`,
      [county, source, JSON.stringify(addresses.slice(from, from + 2000).map((address) => ({ ...address, door: `(${address.door[0]},${address.door[1]})` })))],
    );
};

export interface MapFeature {
  readonly id: string;
  readonly layer: Layer;
  readonly name: string | null;
  readonly wide: number | null;
  readonly geometry: MapGeometry;
}

/** Features of some layers whose frame touches a box, the largest first (index map_feature_frame). */
export const readFeatures = (tx: Tx, county: CountyCode, box: Box, layers: readonly Layer[], limit: number): Promise<MapFeature[]> =>
  tx.query<MapFeature>(
    `select id, layer, name, wide, geometry from map_feature
     where county = $1 and frame && $2::box and layer = any($3) order by area(frame) desc, id limit $4`,
    [county, boxText(box), layers, limit], 'places.features',
  );

/** The box around everything that is on the map; null where nothing is. */
export const readFrame = async (tx: Tx, county: CountyCode): Promise<Box | null> => {
  const [row] = await tx.query<{ west: number | null; south: number; east: number; north: number }>(
    `select min((frame[1])[0]) as west, min((frame[1])[1]) as south, max((frame[0])[0]) as east, max((frame[0])[1]) as north
     from map_feature where county = $1`,
    [county],
  );
  return row && row.west !== null ? { west: row.west, south: row.south, east: row.east, north: row.north } : null;
};

/** Names of a layer that stand somewhere in the words, the longest first (index map_feature_name). */
export const readNamesIn = (tx: Tx, county: CountyCode, layer: Layer, words: string): Promise<{ name: string; geometry: MapGeometry }[]> =>
  tx.query(
    `select name, geometry from map_feature
     where county = $1 and layer = $2 and name is not null and strpos($3, name) > 0 order by length(name) desc, id limit 20`,
    [county, layer, words], 'places.namesIn',
  );

/** Names of a layer that begin with or hold the words, the shortest first (index map_feature_name). */
export const readNamesLike = (tx: Tx, county: CountyCode, layer: Layer, words: string): Promise<{ name: string; geometry: MapGeometry }[]> =>
  tx.query(
    `select name, geometry from map_feature
     where county = $1 and layer = $2 and name is not null and strpos(name, $3) > 0 order by length(name), id limit 20`,
    [county, layer, words], 'places.namesLike',
  );

interface AddressRow {
  readonly road: string;
  readonly number: number;
  readonly suffix: string;
  readonly door: { readonly x: number; readonly y: number };
}

/** A house number with its door. */
export interface Address {
  readonly road: string;
  readonly number: number;
  readonly suffix: string;
  readonly door: Position;
}

const addressOf = ({ door, ...row }: AddressRow): Address => ({ ...row, door: [door.x, door.y] });

/** Roads with numbered houses whose names stand in the words, the longest first. */
export const readRoadsIn = async (tx: Tx, county: CountyCode, words: string): Promise<string[]> =>
  (await tx.query<{ road: string }>(
    `with recursive roads as (
       (select road from address where county = $1 order by road limit 1)
       union all
       select (select a.road from address a where a.county = $1 and a.road > r.road order by a.road limit 1) from roads r where r.road is not null
     ) select road from roads where road is not null and strpos($2, road) > 0 order by length(road) desc`,
    [county, words], 'places.roadsIn',
  )).map(({ road }) => road);

/** Houses of a road nearest in number to one (index address_road, once down and once up). */
export const readHouses = async (tx: Tx, county: CountyCode, road: string, number: number, limit: number): Promise<Address[]> =>
  (await tx.query<AddressRow>(
    `(select road, number, suffix, door from address where county = $1 and road = $2 and number <= $3 order by number desc limit $4)
     union all
     (select road, number, suffix, door from address where county = $1 and road = $2 and number > $3 order by number limit $4)`,
    [county, road, number, limit], 'places.houses',
  )).map(addressOf);

/** Houses with the nearest doors, nearest first (index address_door). */
export const readHousesNear = async (tx: Tx, county: CountyCode, lng: number, lat: number, limit: number): Promise<Address[]> =>
  (await tx.query<AddressRow>(
    `select road, number, suffix, door from address where county = $1 order by door <-> point($2, $3) limit $4`,
    [county, lng, lat, limit], 'places.housesNear',
  )).map(addressOf);

/** Doors in a box, at most `limit` (index address_door). */
export const readDoors = (tx: Tx, county: CountyCode, box: Box, limit: number): Promise<{ road: string; number: number; suffix: string; lng: number; lat: number }[]> =>
  tx.query('select road, number, suffix, door[0] as lng, door[1] as lat from address where county = $1 and door <@ $2::box limit $3', [county, boxText(box), limit], 'places.doors');

/** Every house of some roads, to resolve the addresses of micro-grids. */
export const readHousesOf = async (tx: Tx, county: CountyCode, roads: readonly string[]): Promise<Address[]> =>
  (await tx.query<AddressRow>('select road, number, suffix, door from address where county = $1 and road = any($2)', [county, roads])).map(addressOf);

/** Roads with a name that pass a box. */
export const readRoadsWithin = (tx: Tx, county: CountyCode, box: Box): Promise<{ name: string; geometry: MapGeometry }[]> =>
  tx.query(
    `select name, geometry from map_feature
     where county = $1 and layer = 'road' and name is not null and frame && $2::box order by name, id limit 500`,
    [county, boxText(box)],
  );
