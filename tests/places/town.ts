import type { Area, Position } from '../../src/base/geo/geometry.ts';

/** A rectangle from its south-west corner, degrees. */
export const square = (west: number, south: number, wide: number, high: number): Area =>
  [[[[west, south], [west + wide, south], [west + wide, south + high], [west, south + high], [west, south]]]];

const step = 0.002;
const west = 121.02;
const south = 30.16;

export interface TestFeature {
  readonly type: 'Feature';
  readonly properties: Record<string, unknown>;
  readonly geometry: { readonly type: string; readonly coordinates: unknown } | null;
}

export const feature = (properties: Record<string, unknown>, area: Area | null): TestFeature =>
  ({ type: 'Feature', properties, geometry: area && { type: 'MultiPolygon', coordinates: area } });

export const point = (properties: Record<string, unknown>, at: Position): TestFeature =>
  ({ type: 'Feature', properties, geometry: { type: 'Point', coordinates: at } });

/** South-west corner of grid `n` (1 to 4) of the village that stands `village` places to the east. */
export const corner = (village: number, n: number): Position => [west + village * 2 * step + ((n - 1) % 2) * step, south + Math.floor((n - 1) / 2) * step];

/** Middle of a grid. */
export const middle = (village: number, n: number): Position => [corner(village, n)[0] + step / 2, corner(village, n)[1] + step / 2];

export const villages = ['330281103203', '330281103204'] as const;
export const gridCode = (village: number, n: number): string => `${villages[village]}00${n}`;

/** The town, two of its villages side by side and four square grids of 200 m in each. */
export const townFeatures = (): TestFeature[] => [
  feature({ code: '330281103', name: '泗门镇' }, square(west, south, 4 * step, 2 * step)),
  ...villages.flatMap((code, village) => [
    feature({ code, name: ['谢家路村', '夹塘村'][village] }, square(...corner(village, 1), 2 * step, 2 * step)),
    ...[1, 2, 3, 4].map((n) => feature({ code: gridCode(village, n), name: `第${'一二三四'[n - 1]}网格` }, square(...corner(village, n), step, step))),
  ]),
];

/** One feature a line, so that feature n stands on line n + 2. */
export const fileOf = (features: readonly unknown[], more = ''): string =>
  `{"type":"FeatureCollection",${more}"features":[\n${features.map((one) => JSON.stringify(one)).join(',\n')}\n]}`;

export async function* chunks(text: string, size = 1 << 16): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
