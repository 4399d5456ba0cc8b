import { metresPerDegree, type Area } from '../../../base/geo/geometry.ts';

/** An edge in metres on a plane, from left to right. */
interface Edge {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** Which of the areas it bounds. */
  readonly owner: number;
}

/** A piece of the plane between two neighbouring edges and two verticals; metres from the plane's origin. */
export interface Piece {
  readonly left: number;
  readonly right: number;
  /** Heights of the lower and the upper edge at the left and the right side. */
  readonly lowLeft: number;
  readonly lowRight: number;
  readonly highLeft: number;
  readonly highRight: number;
  /** Owners of the edges below and above. */
  readonly below: number;
  readonly above: number;
  /** Square metres. */
  readonly size: number;
}

/** A flat map of a neighbourhood: metres east and north of an origin; 0.1 % off at the far side of a county. */
export interface Plane {
  readonly lng: number;
  readonly lat: number;
  readonly metresPerLng: number;
}

export const planeAt = (lng: number, lat: number): Plane =>
  ({ lng, lat, metresPerLng: metresPerDegree * Math.cos((lat * Math.PI) / 180) });

export const toLng = (plane: Plane, x: number): number => plane.lng + x / plane.metresPerLng;
export const toLat = (plane: Plane, y: number): number => plane.lat + y / metresPerDegree;

const edgesOf = (areas: readonly Area[], plane: Plane): Edge[] => {
  const edges: Edge[] = [];
  areas.forEach((area, owner) => {
    for (const polygon of area)
      for (const ring of polygon) {
        let px = NaN;
        let py = NaN;
        for (const [lng, lat] of ring) {
          const x = (lng - plane.lng) * plane.metresPerLng;
          const y = (lat - plane.lat) * metresPerDegree;
          if (px < x) edges.push({ x0: px, y0: py, x1: x, y1: y, owner });
          else if (px > x) edges.push({ x0: x, y0: y, x1: px, y1: py, owner });
          px = x;
          py = y;
        }
      }
  });
  return edges.sort((a, b) => a.x0 - b.x0);
};

const heightAt = (edge: Edge, x: number): number => edge.y0 + ((x - edge.x0) / (edge.x1 - edge.x0)) * (edge.y1 - edge.y0);

/** Metres: verticals nearer to each other than this are one. */
const finest = 1e-6;

/** The x of every position and of every crossing of two edges, in order. */
const verticals = (edges: readonly Edge[]): number[] => {
  const list: number[] = [];
  let active: Edge[] = [];
  for (const edge of edges) {
    list.push(edge.x0, edge.x1);
    active = active.filter((other) => other.x1 > edge.x0);
    const low = Math.min(edge.y0, edge.y1);
    const high = Math.max(edge.y0, edge.y1);
    for (const other of active) {
      if (Math.min(other.y0, other.y1) > high || Math.max(other.y0, other.y1) < low) continue;
      const from = Math.max(edge.x0, other.x0);
      const to = Math.min(edge.x1, other.x1);
      const before = heightAt(edge, from) - heightAt(other, from);
      const after = heightAt(edge, to) - heightAt(other, to);
      if ((before > 0 && after < 0) || (before < 0 && after > 0)) list.push(from + (before / (before - after)) * (to - from));
    }
    active.push(edge);
  }
  list.sort((a, b) => a - b);
  return list.filter((x, i) => i === 0 || x - list[i - 1]! > finest);
};

/**
 * Cuts the plane at every position and crossing into upright strips, inside which no two edges cross, and shows each
 * piece between two neighbouring edges of a strip, from left to right and from below, with the areas that cover it.
 * Sizes are exact up to rounding for any input, self-crossing and coincident edges included, because nothing is
 * stitched together: a wrong last digit moves a size by as little. (Clipping libraries were weighed: the fast one
 * throws on near-coincident edges, which is what borders of neighbouring grids are; the robust one computes in
 * arbitrary precision.)
 * @param covering owners that cover the piece, in no order; valid during the call only
 */
export const sweep = (areas: readonly Area[], plane: Plane, visit: (piece: Piece, covering: readonly number[], strip: number) => void): void => {
  const edges = edgesOf(areas, plane);
  const xs = verticals(edges);
  let active: Edge[] = [];
  let next = 0;
  for (let strip = 1; strip < xs.length; strip++) {
    const left = xs[strip - 1]!;
    const right = xs[strip]!;
    const middle = (left + right) / 2;
    active = active.filter((edge) => edge.x1 > middle);
    while (next < edges.length && edges[next]!.x0 < middle) {
      if (edges[next]!.x1 > middle) active.push(edges[next]!);
      next++;
    }
    const order = active.map((edge) => ({ edge, y: heightAt(edge, middle) })).sort((a, b) => a.y - b.y);
    let covering: number[] = [];
    for (let i = 0; i < order.length - 1; i++) {
      const { edge, y } = order[i]!;
      covering = covering.includes(edge.owner) ? covering.filter((owner) => owner !== edge.owner) : [...covering, edge.owner];
      const { edge: upper, y: top } = order[i + 1]!;
      if (top <= y) continue;
      visit({
        left, right,
        lowLeft: heightAt(edge, left), lowRight: heightAt(edge, right),
        highLeft: heightAt(upper, left), highRight: heightAt(upper, right),
        below: edge.owner, above: upper.owner, size: (top - y) * (right - left),
      }, covering, strip);
    }
  }
};
