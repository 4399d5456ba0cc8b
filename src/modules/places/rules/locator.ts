import Flatbush from 'flatbush';
import { borderWidth, boxOf, onSegment, positionsOf, type Area, type Box } from '../../../base/geo/geometry.ts';

/**
 * Answers "which areas hold this point" for a fixed set of areas: boxes in a packed R-tree (flatbush), then exact
 * containment on flat arrays. `find` allocates nothing. Areas keep the index they were given in; where a point lies
 * on a border shared by several, the lowest index wins, so that the caller's order decides, always the same way.
 */
export class Locator {
  readonly size: number;
  readonly #tree: Flatbush | null;
  /** Boxes and children of the tree's nodes, as flatbush lays them out: leaves first, the root last. */
  readonly #boxes: Float64Array;
  readonly #indices: Uint16Array | Uint32Array;
  readonly #levelEnds: Float64Array;
  readonly #nodeSize: number;
  readonly #stack = new Float64Array(512);
  /** x and y of every position; rings are closed and stand one after the other. */
  readonly #coords: Float64Array;
  /** Ring r takes positions `#ringStart[r]` up to `#ringStart[r + 1]`. */
  readonly #ringStart: Uint32Array;
  /** Area a takes rings `#areaStart[a]` up to `#areaStart[a + 1]`. */
  readonly #areaStart: Uint32Array;

  constructor(areas: readonly Area[]) {
    this.size = areas.length;
    let rings = 0;
    let positions = 0;
    for (const area of areas)
      for (const polygon of area)
        for (const ring of polygon) {
          rings++;
          positions += ring.length;
        }
    this.#coords = new Float64Array(positions * 2);
    this.#ringStart = new Uint32Array(rings + 1);
    this.#areaStart = new Uint32Array(areas.length + 1);
    const tree = areas.length ? new Flatbush(areas.length, 8) : null;
    let ringAt = 0;
    let at = 0;
    areas.forEach((area, index) => {
      this.#areaStart[index] = ringAt;
      for (const polygon of area)
        for (const ring of polygon) {
          this.#ringStart[ringAt++] = at;
          for (const [x, y] of ring) {
            this.#coords[at * 2] = x;
            this.#coords[at * 2 + 1] = y;
            at++;
          }
        }
      const box = boxOf(positionsOf(area));
      tree!.add(box.west - borderWidth, box.south - borderWidth, box.east + borderWidth, box.north + borderWidth);
    });
    this.#areaStart[areas.length] = ringAt;
    this.#ringStart[ringAt] = at;
    tree?.finish();
    this.#tree = tree;
    this.#boxes = (tree?._boxes ?? new Float64Array()) as Float64Array;
    this.#indices = tree?._indices ?? new Uint16Array();
    this.#levelEnds = Float64Array.from(tree?._levelBounds ?? []);
    this.#nodeSize = tree?.nodeSize ?? 0;
  }

  /**
   * The area that holds the point: -1 for none, else its index times two, plus one where the point is on a border.
   * The tree is walked here rather than by `Flatbush.search`, which makes two arrays a call
   * (measured on 9,538 grids, one core: see docs/performance.md, "locate").
   */
  find(lng: number, lat: number): number {
    const boxes = this.#boxes;
    const indices = this.#indices;
    const ends = this.#levelEnds;
    const width = this.#nodeSize * 4;
    const stack = this.#stack;
    if (this.size === 0) return -1;
    let top = 0;
    let node = boxes.length - 4;
    let level = ends.length - 1;
    let best = -1;
    for (;;) {
      const end = Math.min(node + width, ends[level]!);
      for (let at = node; at < end; at += 4) {
        if (lng < boxes[at]! || lat < boxes[at + 1]! || lng > boxes[at + 2]! || lat > boxes[at + 3]!) continue;
        const child = indices[at >> 2]!;
        if (level > 0) {
          stack[top++] = child;
          stack[top++] = level - 1;
        } else {
          const where = this.holds(child, lng, lat);
          // Areas do not overlap: strictly inside one is the answer. On a border the others are looked at too.
          if (where === 2) return child * 2;
          if (where === 1 && (best === -1 || child < best)) best = child;
        }
      }
      if (top === 0) break;
      level = stack[--top]!;
      node = stack[--top]!;
    }
    return best === -1 ? -1 : best * 2 + 1;
  }

  /** 0 where the point is outside area `index`, 1 on its border, 2 inside. */
  holds(index: number, lng: number, lat: number): 0 | 1 | 2 {
    const coords = this.#coords;
    let inside = false;
    const lastRing = this.#areaStart[index + 1]!;
    for (let ring = this.#areaStart[index]!; ring < lastRing; ring++) {
      const end = this.#ringStart[ring + 1]! * 2;
      let at = this.#ringStart[ring]! * 2;
      let ax = coords[at]!;
      let ay = coords[at + 1]!;
      for (at += 2; at < end; at += 2) {
        const bx = coords[at]!;
        const by = coords[at + 1]!;
        const low = ay < by ? ay : by;
        const high = ay < by ? by : ay;
        if (lat >= low - borderWidth && lat <= high + borderWidth && (lng <= ax + borderWidth || lng <= bx + borderWidth)) {
          const near = lng >= (ax < bx ? ax : bx) - borderWidth;
          if (near && onSegment(lng, lat, ax, ay, bx, by)) return 1;
          if (ay > lat !== by > lat && (!near || lng < ax + ((lat - ay) / (by - ay)) * (bx - ax))) inside = !inside;
        }
        ax = bx;
        ay = by;
      }
    }
    return inside ? 2 : 0;
  }

  /** Every area that holds the point, inside or on its border, in the caller's order. */
  all(lng: number, lat: number): number[] {
    const found = this.#tree?.search(lng, lat, lng, lat, (index) => this.holds(index, lng, lat) > 0) ?? [];
    return found.sort((a, b) => a - b);
  }

  /** The box around all areas; infinite where there are none. */
  frame(): Box {
    const tree = this.#tree;
    return { west: tree?.minX ?? Infinity, south: tree?.minY ?? Infinity, east: tree?.maxX ?? -Infinity, north: tree?.maxY ?? -Infinity };
  }

  /** Areas whose box touches the box, in the caller's order. */
  inBox(west: number, south: number, east: number, north: number): number[] {
    return (this.#tree?.search(west, south, east, north) ?? []).sort((a, b) => a - b);
  }
}
