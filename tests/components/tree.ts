import type { CountyCode, PlaceCode, PlacePath } from '../../src/base/ids.ts';
import { PlaceTree, type Place } from '../../src/modules/places/rules/tree.ts';

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
