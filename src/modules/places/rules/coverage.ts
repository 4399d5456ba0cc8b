import { metresToLine, type Area, type Position } from '../../../base/geo/geometry.ts';
import { sweep, toLat, toLng, type Piece, type Plane } from './sweep.ts';

/**
 * What may be between two borders and still count as their being one: both more than a square metre and, taken over
 * its length, wider than 2 cm. Below that lies what rounding to seven decimals does to a long common border.
 */
export const tolerance = { squareMetres: 1, width: 0.02 } as const;
/** Metres: what is narrower than this is a sliver of careless drawing, what is wider a real overlap or hole. */
export const sliverWidth = 3;

/** A stretch of the plane that is wrong, with a position in it. */
export interface Flaw {
  readonly squareMetres: number;
  /** Metres across, over its length. */
  readonly width: number;
  readonly at: Position;
}

export interface Overlap extends Flaw {
  /** Indices of the two areas. */
  readonly a: number;
  readonly b: number;
}

/** A hole in a parent's coverage; `beside` are indices of the children that bound it. */
export interface Gap extends Flaw {
  readonly beside: readonly number[];
}

export interface Outside extends Flaw {
  readonly child: number;
  /** Share of the child that lies outside its parent, 0 to 1. */
  readonly share: number;
}

class Tally {
  size = 0;
  #west = Infinity;
  #south = Infinity;
  #east = -Infinity;
  #north = -Infinity;
  #largest = 0;
  #at: readonly [number, number] = [0, 0];

  add(piece: Piece): void {
    this.size += piece.size;
    this.#west = Math.min(this.#west, piece.left);
    this.#east = Math.max(this.#east, piece.right);
    this.#south = Math.min(this.#south, piece.lowLeft, piece.lowRight);
    this.#north = Math.max(this.#north, piece.highLeft, piece.highRight);
    if (piece.size > this.#largest) {
      this.#largest = piece.size;
      this.#at = [(piece.left + piece.right) / 2, (piece.lowLeft + piece.lowRight + piece.highLeft + piece.highRight) / 4];
    }
  }

  /** Undefined where it is within the tolerance. */
  flaw(plane: Plane): Flaw | undefined {
    const width = this.size / Math.max(Math.hypot(this.#east - this.#west, this.#north - this.#south), 1e-9);
    if (this.size <= tolerance.squareMetres || width <= tolerance.width) return undefined;
    return { squareMetres: this.size, width, at: [toLng(plane, this.#at[0]), toLat(plane, this.#at[1])] };
  }
}

/** How much two areas lie on one another, beyond the tolerance. */
export const overlapOf = (a: Area, b: Area, plane: Plane): Flaw | undefined => {
  const tally = new Tally();
  sweep([a, b], plane, (piece, covering) => {
    if (covering.length === 2) tally.add(piece);
  });
  return tally.flaw(plane);
};

/** Pieces of one gap, found to touch one another. */
interface GapPart {
  readonly piece: Piece;
  readonly strip: number;
  root: GapPart | null;
}

const rootOf = (part: GapPart): GapPart => {
  let at = part;
  while (at.root) at = at.root;
  if (part !== at) part.root = at;
  return at;
};

/** Children with a border within half a metre of a piece's corners or of the middles of its upright sides. */
const besideOf = (pieces: readonly Piece[], children: readonly Area[], plane: Plane): number[] => {
  const corners = pieces.slice(0, 100).flatMap((piece) =>
    ([[piece.left, piece.lowLeft, piece.highLeft], [piece.right, piece.lowRight, piece.highRight]] as const)
      .flatMap(([x, low, high]) => [low, (low + high) / 2, high].map((y): Position => [toLng(plane, x), toLat(plane, y)])));
  return children.flatMap((child, index) =>
    corners.some(([lng, lat]) => child.some((polygon) => polygon.some((ring) => metresToLine(lng, lat, ring).metres < 0.5))) ? [index] : []);
};

/**
 * Looks at the children of one place all at once: which overlap, what of the parent none covers, which lie outside it.
 * Without a parent's area only overlaps are found.
 */
export const coverageOf = (parent: Area | null, children: readonly Area[], plane: Plane): {
  readonly overlaps: readonly Overlap[];
  readonly gaps: readonly Gap[];
  readonly outside: readonly Outside[];
} => {
  const parentAt = children.length;
  const pairs = new Map<number, Tally>();
  const outside = new Map<number, Tally>();
  const whole = new Float64Array(children.length);
  const parts: GapPart[] = [];
  let before: GapPart[] = [];
  let here: GapPart[] = [];
  let strip = 0;
  const tallyIn = (map: Map<number, Tally>, key: number): Tally => {
    let tally = map.get(key);
    if (!tally) map.set(key, (tally = new Tally()));
    return tally;
  };
  sweep(parent ? [...children, parent] : children, plane, (piece, covering, at) => {
    if (at !== strip) {
      before = at === strip + 1 ? here : [];
      here = [];
      strip = at;
    }
    const inside = covering.filter((owner) => owner !== parentAt);
    const inParent = inside.length < covering.length;
    for (const owner of inside) whole[owner]! += piece.size;
    for (let i = 1; i < inside.length; i++)
      for (let j = 0; j < i; j++) {
        const [a, b] = inside[i]! < inside[j]! ? [inside[i]!, inside[j]!] : [inside[j]!, inside[i]!];
        tallyIn(pairs, a * children.length + b).add(piece);
      }
    if (!parent) return;
    if (!inParent) for (const owner of inside) tallyIn(outside, owner).add(piece);
    if (inParent && inside.length === 0) {
      const part: GapPart = { piece, strip: at, root: null };
      for (const other of before)
        if (Math.min(other.piece.highRight, piece.highLeft) > Math.max(other.piece.lowRight, piece.lowLeft)) {
          const [theirs, ours] = [rootOf(other), rootOf(part)];
          if (theirs !== ours) theirs.root = ours;
        }
      parts.push(part);
      here.push(part);
    }
  });

  const overlaps: Overlap[] = [];
  for (const [key, tally] of pairs) {
    const flaw = tally.flaw(plane);
    if (flaw) overlaps.push({ ...flaw, a: Math.floor(key / children.length), b: key % children.length });
  }
  const gathered = new Map<GapPart, { readonly tally: Tally; readonly pieces: Piece[] }>();
  for (const part of parts) {
    const root = rootOf(part);
    let gap = gathered.get(root);
    if (!gap) gathered.set(root, (gap = { tally: new Tally(), pieces: [] }));
    gap.tally.add(part.piece);
    gap.pieces.push(part.piece);
  }
  const gaps: Gap[] = [];
  for (const { tally, pieces } of gathered.values()) {
    const flaw = tally.flaw(plane);
    if (flaw) gaps.push({ ...flaw, beside: besideOf(pieces, children, plane) });
  }
  const out: Outside[] = [];
  for (const [child, tally] of outside) {
    const flaw = tally.flaw(plane);
    if (flaw) out.push({ ...flaw, child, share: tally.size / whole[child]! });
  }
  return { overlaps, gaps, outside: out };
};
