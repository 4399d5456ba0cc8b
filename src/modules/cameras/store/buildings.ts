import type { Area, Box } from '../../../base/geo/geometry.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Building } from '../rules/sight.ts';

/** Replaces all buildings of a county. */
export const replaceBuildings = async (tx: Tx, county: string, buildings: readonly { readonly id: string; readonly height: number | null; readonly area: Area; readonly box: Box }[]): Promise<void> => {
  await tx.query('delete from camera_building where county = $1', [county]);
  for (let from = 0; from < buildings.length; from += 2_000)
    await tx.query(
      `insert into camera_building (county, id, height, box, area) select $1, b.id, b.height, box(point(b.west, b.south), point(b.east, b.north)), b.area
       from jsonb_to_recordset($2::jsonb) as b (id text, height real, west float8, south float8, east float8, north float8, area jsonb)`,
      [county, JSON.stringify(buildings.slice(from, from + 2_000).map(({ id, height, area, box }) => ({ id, height, area, ...box })))]);
};

/** Buildings that touch a box (camera_building_box); null where the county has none at all. */
export const buildingsIn = async (tx: Tx, county: string, box: Box): Promise<Building[] | null> => {
  const found = await tx.query<Building>(
    'select height::float8 as height, area from camera_building where county = $1 and box && box(point($2, $3), point($4, $5))', [county, box.west, box.south, box.east, box.north], 'camera_buildings.in');
  if (found.length > 0) return found;
  return (await tx.query('select 1 from camera_building where county = $1 limit 1', [county], 'camera_buildings.any')).length > 0 ? [] : null;
};

export const countBuildings = async (tx: Tx, county: string): Promise<number> =>
  (await tx.query<{ count: number }>('select count(*)::int as count from camera_building where county = $1', [county], 'camera_buildings.count'))[0]!.count;
