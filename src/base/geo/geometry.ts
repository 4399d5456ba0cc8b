/** Longitude and latitude, degrees, WGS-84 unless a function says otherwise. */
export type Position = readonly [lng: number, lat: number];
/** A closed line: first and last position are equal. */
export type Ring = readonly Position[];
/** One outline and the holes in it, as in GeoJSON `MultiPolygon`: polygons of rings, the outline first. */
export type Area = readonly (readonly Ring[])[];

/** Degrees; a box that crosses the date line is not supported. */
export interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Mean radius of the earth in metres (IUGG R1). */
const earthRadius = 6_371_008.8;
const radian = Math.PI / 180;

/** Metres of one degree of latitude on that sphere; one of longitude is this times the cosine of the latitude. */
export const metresPerDegree = earthRadius * radian;

/** Great-circle distance in metres (haversine); within 0.5 % of the ellipsoid's. */
export const metresBetween = (lng1: number, lat1: number, lng2: number, lat2: number): number => {
  const sinLat = Math.sin(((lat2 - lat1) * radian) / 2);
  const sinLng = Math.sin(((lng2 - lng1) * radian) / 2);
  const h = sinLat * sinLat + Math.cos(lat1 * radian) * Math.cos(lat2 * radian) * sinLng * sinLng;
  return 2 * earthRadius * Math.asin(Math.min(1, Math.sqrt(h)));
};

/** The box of everything within `metres` of a point. */
export const boxAround = (lng: number, lat: number, metres: number): Box => {
  const high = metres / metresPerDegree;
  const wide = high / Math.max(0.01, Math.cos(lat * radian));
  return { west: lng - wide, south: lat - high, east: lng + wide, north: lat + high };
};

export const inBox = (box: Box, lng: number, lat: number): boolean =>
  lng >= box.west && lng <= box.east && lat >= box.south && lat <= box.north;

/** The smallest box around positions; west is infinite where there are none. */
export const boxOf = (positions: Iterable<Position>): Box => {
  let west = Infinity;
  let south = Infinity;
  let east = -Infinity;
  let north = -Infinity;
  for (const [lng, lat] of positions) {
    if (lng < west) west = lng;
    if (lng > east) east = lng;
    if (lat < south) south = lat;
    if (lat > north) north = lat;
  }
  return { west, south, east, north };
};

/** Every position of an area, ring by ring. */
export function* positionsOf(area: Area): Generator<Position> {
  for (const polygon of area) for (const ring of polygon) yield* ring;
}

/** Signed area in square degrees of a closed ring: positive where it runs against the clock. */
const signedDegrees = (ring: Ring): number => {
  const [x0, y0] = ring[0] ?? [0, 0];
  let sum = 0;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = ring[i - 1]!;
    const [bx, by] = ring[i]!;
    sum += (ax - x0) * (by - y0) - (bx - x0) * (ay - y0);
  }
  return sum / 2;
};

/** Square metres of an area, holes taken out; good to 0.1 % up to the size of a county. */
export const squareMetres = (area: Area): number => {
  let total = 0;
  for (const polygon of area) {
    polygon.forEach((ring, at) => {
      const lat = ring[0]?.[1] ?? 0;
      const size = Math.abs(signedDegrees(ring)) * metresPerDegree ** 2 * Math.cos(lat * radian);
      total += at === 0 ? size : -size;
    });
  }
  return total;
};

/**
 * A point that stands for an area: the centre of gravity of its largest outline where that lies inside,
 * else the middle of the longest stretch of the area on the centre's parallel. Always inside the area.
 */
export const pointInside = (area: Area): Position => {
  let largest: Ring = [];
  let size = -1;
  for (const polygon of area) {
    const ring = polygon[0] ?? [];
    const here = Math.abs(signedDegrees(ring));
    if (here > size) [largest, size] = [ring, here];
  }
  const [ox, oy] = largest[0] ?? [0, 0];
  let [x, y, twice] = [0, 0, 0];
  for (let i = 1; i < largest.length; i++) {
    const [ax, ay] = [largest[i - 1]![0] - ox, largest[i - 1]![1] - oy];
    const [bx, by] = [largest[i]![0] - ox, largest[i]![1] - oy];
    const cross = ax * by - bx * ay;
    twice += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  if (twice === 0) return [ox, oy];
  const centre: Position = [ox + x / (3 * twice), oy + y / (3 * twice)];
  if (containment(area, centre[0], centre[1]) === 'inside') return centre;
  const crossings: number[] = [];
  for (const polygon of area)
    for (const ring of polygon)
      for (let i = 1; i < ring.length; i++) {
        const [ax, ay] = ring[i - 1]!;
        const [bx, by] = ring[i]!;
        if (ay > centre[1] !== by > centre[1]) crossings.push(ax + ((centre[1] - ay) / (by - ay)) * (bx - ax));
      }
  crossings.sort((a, b) => a - b);
  let best: Position = [ox, oy];
  let longest = -1;
  for (let i = 1; i < crossings.length; i += 2) {
    const length = crossings[i]! - crossings[i - 1]!;
    if (length > longest) [longest, best] = [length, [(crossings[i]! + crossings[i - 1]!) / 2, centre[1]]];
  }
  return best;
};

/**
 * How near to a line, in degrees, a point counts as being on it: about 0.1 mm, far above the rounding of
 * doubles and far below any survey, so that a computed middle of a shared border is on both sides' border.
 */
export const borderWidth = 1e-9;

/** True where the point is within `borderWidth` of the segment. */
export const onSegment = (px: number, py: number, ax: number, ay: number, bx: number, by: number): boolean => {
  const dx = bx - ax;
  const dy = by - ay;
  const length = dx * dx + dy * dy;
  let t = length === 0 ? 0 : ((px - ax) * dx + (py - ay) * dy) / length;
  t = t < 0 ? 0 : t > 1 ? 1 : t;
  const ex = px - ax - t * dx;
  const ey = py - ay - t * dy;
  return ex * ex + ey * ey <= borderWidth * borderWidth;
};

export type Containment = 'inside' | 'border' | 'outside';

/** Where a point is in relation to an area (even-odd rule, so that holes are outside). */
export const containment = (area: Area, lng: number, lat: number): Containment => {
  let inside = false;
  for (const polygon of area)
    for (const ring of polygon)
      for (let i = 1; i < ring.length; i++) {
        const [ax, ay] = ring[i - 1]!;
        const [bx, by] = ring[i]!;
        if (onSegment(lng, lat, ax, ay, bx, by)) return 'border';
        if (ay > lat !== by > lat && lng < ax + ((lat - ay) / (by - ay)) * (bx - ax)) inside = !inside;
      }
  return inside ? 'inside' : 'outside';
};

/** Twice the signed area of a triangle: positive where c lies left of a to b. */
const turn = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);

/**
 * Where two segments meet: a crossing, a touching or the start of a common stretch; undefined where they do not.
 */
export const meeting = (a: Position, b: Position, c: Position, d: Position): Position | undefined => {
  const [ax, ay] = a;
  const [bx, by] = b;
  const [cx, cy] = c;
  const [dx, dy] = d;
  const d1 = turn(cx, cy, dx, dy, ax, ay);
  const d2 = turn(cx, cy, dx, dy, bx, by);
  const d3 = turn(ax, ay, bx, by, cx, cy);
  const d4 = turn(ax, ay, bx, by, dx, dy);
  if (((d1 > 0 && d2 < 0) || (d1 < 0 && d2 > 0)) && ((d3 > 0 && d4 < 0) || (d3 < 0 && d4 > 0))) {
    const t = d1 / (d1 - d2);
    return [ax + t * (bx - ax), ay + t * (by - ay)];
  }
  const between = (p: Position, q: Position, r: Position) =>
    r[0] >= Math.min(p[0], q[0]) && r[0] <= Math.max(p[0], q[0]) && r[1] >= Math.min(p[1], q[1]) && r[1] <= Math.max(p[1], q[1]);
  if (d1 === 0 && between(c, d, a)) return a;
  if (d2 === 0 && between(c, d, b)) return b;
  if (d3 === 0 && between(a, b, c)) return c;
  if (d4 === 0 && between(a, b, d)) return d;
  return undefined;
};

/**
 * The first place where a closed ring meets itself (crosses, touches, folds back), or undefined for a simple ring.
 * Sorted by longitude, so that a ring of n edges costs about n times the edges abreast of one another.
 */
export const selfMeeting = (ring: Ring): Position | undefined => {
  const edges = ring.length - 1;
  const order = Array.from({ length: edges }, (_, i) => i);
  const low = (i: number) => Math.min(ring[i]![0], ring[i + 1]![0]);
  order.sort((i, j) => low(i) - low(j));
  let active: number[] = [];
  for (const i of order) {
    const [a, b] = [ring[i]!, ring[i + 1]!];
    const from = low(i);
    active = active.filter((j) => Math.max(ring[j]![0], ring[j + 1]![0]) >= from);
    for (const j of active) {
      const [c, d] = [ring[j]!, ring[j + 1]!];
      const next = (i + 1) % edges === j;
      const before = (j + 1) % edges === i;
      if (next || before) {
        // Neighbours share one position; they fold back where the far end of one lies on the other.
        const [shared, far, other] = next ? [b, a, d] : [a, b, c];
        const folded = turn(shared[0], shared[1], far[0], far[1], other[0], other[1]) === 0
          && (far[0] - shared[0]) * (other[0] - shared[0]) + (far[1] - shared[1]) * (other[1] - shared[1]) > 0;
        if (folded) return shared;
        continue;
      }
      const met = meeting(a, b, c, d);
      if (met) return met;
    }
    active.push(i);
  }
  return undefined;
};

/** Metres from a point to the nearest part of a line, with the nearest position; flat within a town. */
export const metresToLine = (lng: number, lat: number, line: readonly Position[]): { readonly metres: number; readonly at: Position } => {
  const scale = Math.cos(lat * radian);
  let best = Infinity;
  let at: Position = line[0] ?? [lng, lat];
  const consider = (x: number, y: number) => {
    const distance = Math.hypot((x - lng) * scale, y - lat);
    if (distance < best) [best, at] = [distance, [x, y]];
  };
  if (line.length === 1) consider(line[0]![0], line[0]![1]);
  for (let i = 1; i < line.length; i++) {
    const [ax, ay] = line[i - 1]!;
    const [bx, by] = line[i]!;
    const dx = (bx - ax) * scale;
    const dy = by - ay;
    const length = dx * dx + dy * dy;
    let t = length === 0 ? 0 : ((lng - ax) * scale * dx + (lat - ay) * dy) / length;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    consider(ax + t * (bx - ax), ay + t * (by - ay));
  }
  return { metres: best * metresPerDegree, at };
};
