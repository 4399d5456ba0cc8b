import type { CoordinateSystem } from '../../../base/geo/coordinates.ts';
import type { Area, Position } from '../../../base/geo/geometry.ts';
import { halfWidth } from '../../../base/text/width.ts';
import type { Faults, Where } from './faults.ts';
import type { ReadFeature } from './geojson.ts';
import { levelOfCode, type Level } from './levels.ts';
import { readArea, readLine, readPosition, type Reading } from './shapes.ts';

/** A place as an import gives it; what is undefined stays as it is in the table. */
export interface PlaceDraft {
  readonly code: string;
  readonly name: string;
  readonly level: Level;
  /** Code of the place above, where the file says it; else the code's own beginning names it. */
  readonly parent?: string;
  readonly kind?: string;
  readonly area?: Area;
  readonly addresses?: readonly string[];
  readonly doors?: readonly Position[];
  /** Where in a file it stands; absent for what a program made. */
  readonly where?: Where | undefined;
}

/** What the map draws beside places. */
export const layers = ['road', 'water', 'building', 'green', 'landmark'] as const;
export type Layer = (typeof layers)[number];

/** A geometry of the map, as GeoJSON has it, in WGS-84. */
export type MapGeometry =
  | { readonly type: 'Point'; readonly coordinates: Position }
  | { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
  | { readonly type: 'MultiPolygon'; readonly coordinates: Area };

export interface MapDraft {
  readonly layer: Layer;
  readonly name: string | null;
  /** Metres across, of a road or river that is drawn as a line; null where it is not known. */
  readonly wide: number | null;
  readonly geometry: MapGeometry;
}

/** A house number along a road, with its door. `suffix` is what follows the number: `-1`, `甲`. */
export interface AddressDraft {
  readonly road: string;
  readonly number: number;
  readonly suffix: string;
  readonly door: Position;
}

/** What a feature turned out to be. */
export type Draft =
  | { readonly is: 'place'; readonly place: PlaceDraft }
  | { readonly is: 'map'; readonly feature: MapDraft }
  | { readonly is: 'address'; readonly address: AddressDraft };

const aliases = {
  code: ['code', '编码', '代码', '网格编码', '微网格编码'],
  name: ['name', '名称', '网格名称', '微网格名称'],
  parent: ['parent', '上级编码', '所属网格编码'],
  kind: ['kind', 'type', '类型'],
  addresses: ['addresses', '地址'],
  layer: ['layer', '图层'],
  road: ['road', '道路'],
  number: ['number', '门牌号'],
  wide: ['wide', 'width', '宽度'],
} as const;

const pick = (properties: Readonly<Record<string, unknown>>, key: keyof typeof aliases): unknown =>
  aliases[key].map((name) => (Object.hasOwn(properties, name) ? properties[name] : undefined)).find((value) => value !== undefined && value !== null && value !== '');

const asText = (value: unknown): string => (typeof value === 'string' ? halfWidth(value).trim() : typeof value === 'number' ? String(value) : '');

/** Control characters, bidirectional overrides and zero-width signs have no business in a name. */
const unfit = /[\u0000-\u001f\u007f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

/** Names of micro-grid types in any language, to the key. */
export type KindNames = ReadonlyMap<string, string>;

/**
 * Reads one feature. Everything wrong with it is noted; undefined means that nothing can be made of it.
 * @param kinds names and keys of micro-grid types
 */
export const draftOf = (feature: ReadFeature, system: CoordinateSystem, kinds: KindNames, faults: Faults): Draft | undefined => {
  const where: Where = { index: feature.index, line: feature.line };
  const value = feature.value as { type?: unknown; geometry?: unknown; properties?: unknown } | null;
  const properties = (typeof value?.properties === 'object' && value.properties !== null ? value.properties : {}) as Readonly<Record<string, unknown>>;
  if (value?.type !== 'Feature') {
    faults.add(where, 'places.not_feature');
    return undefined;
  }
  const geometry = (typeof value.geometry === 'object' && value.geometry !== null ? value.geometry : null) as { type?: unknown; coordinates?: unknown } | null;
  const layer = asText(pick(properties, 'layer'));
  const name = asText(pick(properties, 'name'));
  if (name.length > 60 || unfit.test(name) || !name.isWellFormed()) {
    faults.add(where, 'places.bad_name', { name: name.slice(0, 60).replace(new RegExp(unfit, 'g'), '□').toWellFormed() });
    return undefined;
  }
  if (layer === 'address') return addressOf(properties, geometry, { system, faults, where, about: { code: '', name: asText(pick(properties, 'road')) } });
  if (layer !== '') return mapOf(layer, name, Number(pick(properties, 'wide') ?? NaN), geometry, { system, faults, where, about: { code: layer, name } });
  return placeOf(properties, name, geometry, kinds, { system, faults, where, about: {} });
};

type Geometry = { readonly type?: unknown; readonly coordinates?: unknown } | null;

const placeOf = (properties: Readonly<Record<string, unknown>>, name: string, geometry: Geometry, kinds: KindNames, base: Reading): Draft | undefined => {
  const { faults, where } = base;
  const raw = pick(properties, 'code');
  // 18 digits do not fit a JSON number: 330281103203001001 would silently become …000.
  if (typeof raw === 'number' && !Number.isSafeInteger(raw)) {
    faults.add(where, 'places.code_as_number', { name });
    return undefined;
  }
  const code = asText(raw);
  const about = { code, name };
  const reading: Reading = { ...base, about };
  const level = levelOfCode(code);
  if (!level) {
    faults.add(where, code === '' ? 'places.no_code' : 'places.bad_code', { ...about, digits: code.length });
    return undefined;
  }
  if (name === '') faults.add(where, 'places.no_name', about);
  const kindText = asText(pick(properties, 'kind'));
  const kind = level === 'microgrid' ? kinds.get(kindText) : undefined;
  if (level === 'microgrid' && kind === undefined) faults.add(where, 'places.bad_kind', { ...about, kind: kindText });
  const listed = pick(properties, 'addresses');
  const addresses = (Array.isArray(listed) ? listed.map(asText) : asText(listed).split(/[;；、\n]/)).map((text) => text.trim()).filter((text) => text !== '');
  let area: Area | undefined;
  let doors: Position[] | undefined;
  switch (geometry === null ? null : geometry.type) {
    case null:
      break;
    case 'Polygon':
    case 'MultiPolygon':
      area = readArea(geometry!, reading);
      if (!area) return undefined;
      break;
    case 'Point':
    case 'MultiPoint': {
      const positions = geometry!.type === 'Point' ? [geometry!.coordinates] : geometry!.coordinates;
      doors = level === 'microgrid' ? readLine(positions, 1, reading) : undefined;
      if (level !== 'microgrid') faults.add(where, 'places.bad_geometry', { ...about, type: 'Point' });
      break;
    }
    default:
      faults.add(where, 'places.bad_geometry', { ...about, type: String(geometry!.type).slice(0, 40) });
      return undefined;
  }
  if (level === 'microgrid' && !area && addresses.length === 0) faults.add(where, 'places.empty_microgrid', about);
  const parent = asText(pick(properties, 'parent'));
  return {
    is: 'place',
    place: {
      code, name, level, where,
      ...(parent !== '' && { parent }), ...(kind && { kind }), ...(area && { area }), ...(doors && { doors }),
      ...(addresses.length > 0 && { addresses }),
    },
  };
};

const mapOf = (layer: string, name: string, wide: number, geometry: Geometry, reading: Reading): Draft | undefined => {
  const { faults, where, about } = reading;
  if (!layers.includes(layer as Layer)) {
    faults.add(where, 'places.bad_layer', { layer: layer.slice(0, 40) });
    return undefined;
  }
  const made = (drawn: MapGeometry): Draft => ({ is: 'map', feature: { layer: layer as Layer, name: name === '' ? null : name, wide: wide > 0 && wide < 1000 ? wide : null, geometry: drawn } });
  if (geometry?.type === 'Point' && layer === 'landmark') {
    const coordinates = readPosition(geometry.coordinates, reading);
    return coordinates && made({ type: 'Point', coordinates });
  }
  if (geometry?.type === 'LineString' && (layer === 'road' || layer === 'water')) {
    const coordinates = readLine(geometry.coordinates, 2, reading);
    return coordinates && made({ type: 'LineString', coordinates });
  }
  if ((geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon') && layer !== 'road') {
    const coordinates = readArea(geometry, reading);
    return coordinates && made({ type: 'MultiPolygon', coordinates });
  }
  faults.add(where, 'places.bad_geometry', { ...about, type: String(geometry?.type).slice(0, 40) });
  return undefined;
};

const addressOf = (properties: Readonly<Record<string, unknown>>, geometry: Geometry, reading: Reading): Draft | undefined => {
  const road = asText(pick(properties, 'road'));
  const [, digits, suffix] = /^(\d{1,5})(?:号)?(.{0,8})$/u.exec(asText(pick(properties, 'number'))) ?? [];
  if (road === '' || road.length > 60 || unfit.test(road) || digits === undefined) {
    reading.faults.add(reading.where, 'places.bad_address', { road: road.slice(0, 60), number: asText(pick(properties, 'number')).slice(0, 20) });
    return undefined;
  }
  const door = readPosition(geometry?.type === 'Point' ? geometry.coordinates : null, reading);
  return door && { is: 'address', address: { road, number: Number(digits), suffix: suffix!.replace(/号$/u, ''), door } };
};
