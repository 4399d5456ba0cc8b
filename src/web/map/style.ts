import type { ExpressionFilterSpecification, ExpressionSpecification, GeoJSONSourceSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import { day, ground } from '../../base/tokens.ts';
import type { TownGeometry } from './geometry.ts';

const is = (...kinds: string[]): ExpressionFilterSpecification => ['in', ['get', 'kind'], ['literal', kinds]];
/** Pixels of a metre at zoom 16 on 30 degrees north; twice as many with every step closer. */
const pixels = 0.967;
/** A width in pixels: that of the feature in metres (6 where it says none) and `more` on top, never less than `least`. */
const wide = (more: number, least: number): ExpressionSpecification => {
  const metres: ExpressionSpecification = ['+', ['coalesce', ['get', 'wide'], 6], more];
  return ['interpolate', ['exponential', 2], ['zoom'], 10, ['max', least, ['*', metres, pixels / 64]], 13, ['max', least, ['*', metres, pixels / 8]], 16, ['max', least, ['*', metres, pixels]], 20, ['*', metres, pixels * 16]];
};

const layers: readonly LayerSpecification[] = [
  { id: 'land', type: 'background', paint: { 'background-color': ground.land } },
  { id: 'green', type: 'fill', source: 'town', filter: is('green'), paint: { 'fill-color': ground.green } },
  { id: 'water', type: 'fill', source: 'town', filter: ['all', is('water'), ['==', ['geometry-type'], 'Polygon']], paint: { 'fill-color': ground.water } },
  { id: 'river', type: 'line', source: 'town', filter: ['all', is('water'), ['==', ['geometry-type'], 'LineString']], layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': ground.water, 'line-width': wide(0, 1) } },
  { id: 'road-edge', type: 'line', source: 'town', filter: is('road'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': ground.roadEdge, 'line-width': wide(1.6, 0.6) } },
  { id: 'road', type: 'line', source: 'town', filter: is('road'), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': ground.road, 'line-width': wide(0, 0.5) } },
  { id: 'building', type: 'fill', source: 'town', minzoom: 13.5, filter: is('building'), paint: { 'fill-color': ground.building, 'fill-outline-color': ground.roadEdge } },
  // Not seen, but pressed: areas under the pointer name their place.
  { id: 'village-area', type: 'fill', source: 'town', filter: is('village'), paint: { 'fill-opacity': 0 } },
  { id: 'grid-area', type: 'fill', source: 'town', minzoom: 13, filter: is('grid'), paint: { 'fill-opacity': 0 } },
  { id: 'micro', type: 'line', source: 'town', minzoom: 15.5, filter: is('microgrid'), paint: { 'line-color': day.lineStrong, 'line-width': 0.8, 'line-dasharray': [1, 2], 'line-opacity': 0.7 } },
  { id: 'grid', type: 'line', source: 'town', minzoom: 12.5, filter: is('grid'), paint: { 'line-color': day.action, 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 0.6, 16, 1.3], 'line-opacity': 0.4, 'line-dasharray': [3, 2.5] } },
  { id: 'village', type: 'line', source: 'town', filter: is('village'), paint: { 'line-color': day.action, 'line-width': ['interpolate', ['linear'], ['zoom'], 11, 0.8, 16, 1.6], 'line-opacity': 0.4, 'line-dasharray': [5, 2] } },
  { id: 'town', type: 'line', source: 'town', filter: is('town'), paint: { 'line-color': day.ink3, 'line-width': 2 } },
  { id: 'chosen', type: 'fill', source: 'town', filter: ['==', ['get', 'code'], ''], paint: { 'fill-color': day.action, 'fill-opacity': 0.09 } },
  { id: 'chosen-line', type: 'line', source: 'town', filter: ['==', ['get', 'code'], ''], paint: { 'line-color': day.action, 'line-width': 2, 'line-dasharray': [3, 2] } },
  { id: 'components', type: 'circle', source: 'components', minzoom: 14.5, paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 15, 1.6, 18, 4.5], 'circle-color': day.ink3, 'circle-stroke-color': day.card, 'circle-stroke-width': 1 } },
];

/** MapLibre's name for the same thing. */
export const asData = (town: TownGeometry): GeoJSONSourceSpecification['data'] => town as unknown as GeoJSONSourceSpecification['data'];

/** The map's whole style: the town's own shapes, no tile, sprite, font or glyph from anywhere. */
export const styleOf = (town: TownGeometry): StyleSpecification => ({
  version: 8,
  sources: { town: { type: 'geojson', data: asData(town) }, components: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } } },
  layers: [...layers],
});
