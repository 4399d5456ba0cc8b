/** Slippy-map arithmetic in Web Mercator (EPSG:3857): tiles of 256 px, `z` from 0, `x` to the east, `y` to the south. */
export const tileSize = 256;
/** Cells a side of a tile in which cases are put together: 64 px, a thumb and its neighbours. */
const cellsASide = 4;
/** From here on a case is shown by itself wherever it does not stand in the very spot of another. */
export const deepest = 19;

/** WGS-84 degrees to the unit square. */
export const mercator = (lng: number, lat: number): readonly [x: number, y: number] => {
  const sin = Math.min(0.9999, Math.max(-0.9999, Math.sin((lat * Math.PI) / 180)));
  return [lng / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
};

/** And back. */
export const lngLat = (x: number, y: number): readonly [lng: number, lat: number] =>
  [(x - 0.5) * 360, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];

export interface Tile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
}

/** Reads `z`, `x`, `y` of an address; undefined for what is no tile. */
export const readTile = (z: string, x: string, y: string): Tile | undefined => {
  if (![z, x, y].every((part) => /^\d{1,7}$/.test(part))) return undefined;
  const tile = { z: Number(z), x: Number(x), y: Number(y) };
  const side = 2 ** tile.z;
  return tile.z <= deepest && tile.x < side && tile.y < side ? tile : undefined;
};

/** The box of a tile in degrees. */
export const boxOfTile = ({ z, x, y }: Tile) => {
  const side = 2 ** z;
  const [west, north] = lngLat(x / side, y / side);
  const [east, south] = lngLat((x + 1) / side, (y + 1) / side);
  return { west, south, east, north };
};

/** Cases put together: where their middle is within the tile in px, how many, and which one where it is one. */
export type Cluster = readonly [x: number, y: number, count: number, one: number];

/**
 * Puts the points of a tile together by cells. Every point is in exactly one cluster of exactly one tile of a zoom.
 * @param slots what is shown, as indexes into the coordinates (unit square)
 * @returns clusters; `one` is the slot of the newest in it
 */
export const clustersOf = ({ z, x, y }: Tile, xs: Float64Array, ys: Float64Array, slots: Iterable<number>): Cluster[] => {
  const side = 2 ** z;
  const cells = new Map<number, { x: number; y: number; count: number; one: number }>();
  for (const slot of slots) {
    const px = xs[slot]! * side - x;
    const py = ys[slot]! * side - y;
    if (px < 0 || px >= 1 || py < 0 || py >= 1) continue;
    const key = Math.floor(py * cellsASide) * cellsASide + Math.floor(px * cellsASide);
    const cell = cells.get(key);
    if (!cell) cells.set(key, { x: px, y: py, count: 1, one: slot });
    else { cell.x += px; cell.y += py; cell.count++; cell.one = slot; }
  }
  return [...cells.values()].map((cell): Cluster => [Math.round((cell.x / cell.count) * tileSize), Math.round((cell.y / cell.count) * tileSize), cell.count, cell.one]);
};
