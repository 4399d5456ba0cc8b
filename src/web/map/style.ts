import type { ExpressionFilterSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { day, ground } from '../../base/tokens.ts';
import type { TownGeometry } from './geometry.ts';

const is = (...kinds: string[]): ExpressionFilterSpecification => ['in', ['get', 'kind'], ['literal', kinds]];
/** A width in pixels that grows with the zoom: `at` pixels at zoom 16, half of it one step further out. */
const wide = (at: number) => ['interpolate', ['exponential', 2], ['zoom'], 12, Math.max(0.4, at / 16), 16, at, 19, at * 8] as unknown as number;

const layers: readonly LayerSpecification[] = [
  { id: 'land', type: 'background', paint: { 'background-color': ground.land } },
  { id: 'green', type: 'fill', source: 'town', filter: is('green', 'field', 'park'), paint: { 'fill-color': ground.green } },
  { id: 'water', type: 'fill', source: 'town', filter: ['all', is('water', 'river'), ['==', ['geometry-type'], 'Polygon']], paint: { 'fill-color': ground.water } },
  { id: 'river', type: 'line', source: 'town', filter: ['all', is('water', 'river'), ['==', ['geometry-type'], 'LineString']], layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': ground.water, 'line-width': wide(18) } },
  { id: 'road-edge', type: 'line', source: 'town', filter: is('road', 'street', 'lane'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': ground.roadEdge, 'line-width': wide(12) } },
  { id: 'road', type: 'line', source: 'town', filter: is('road', 'street', 'lane'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': ground.road, 'line-width': wide(9.5) } },
  { id: 'building', type: 'fill', source: 'town', minzoom: 13.5, filter: is('building', 'house'), paint: { 'fill-color': ground.building, 'fill-outline-color': ground.roadEdge } },
  { id: 'micro', type: 'line', source: 'town', minzoom: 15.5, filter: is('microgrid', 'micro-grid'), paint: { 'line-color': day.lineStrong, 'line-width': 0.8, 'line-dasharray': [1, 2], 'line-opacity': 0.7 } },
  { id: 'grid', type: 'line', source: 'town', minzoom: 12.5, filter: is('grid'), paint: { 'line-color': day.action, 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 0.6, 16, 1.3], 'line-opacity': 0.55, 'line-dasharray': [3, 2.5] } },
  { id: 'village', type: 'line', source: 'town', filter: is('village', 'community'), paint: { 'line-color': day.action, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.8, 16, 2], 'line-opacity': 0.5 } },
  { id: 'town', type: 'line', source: 'town', filter: is('town'), paint: { 'line-color': day.ink3, 'line-width': 2 } },
  { id: 'grid-chosen', type: 'fill', source: 'town', filter: ['==', ['get', 'code'], ''], paint: { 'fill-color': day.action, 'fill-opacity': 0.09 } },
  { id: 'grid-chosen-line', type: 'line', source: 'town', filter: ['==', ['get', 'code'], ''], paint: { 'line-color': day.action, 'line-width': 2, 'line-dasharray': [3, 2] } },
];

/** The map's whole style: the town's own shapes, no tile, sprite, font or glyph from anywhere. */
export const styleOf = (town: TownGeometry): StyleSpecification => ({
  version: 8,
  sources: { town: { type: 'geojson', data: town } },
  layers: [...layers],
});
