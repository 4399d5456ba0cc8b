/**
 * The Merkle tree of RFC 6962 as C2SP tlog-tiles keeps it: tiles of height 8, full ones apart, the partial tile of each
 * level in the edge. Pure: SHA-256 comes in as an argument.
 */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** Bytes of a hash. */
export const hashBytes = 32;
/** Hashes of a full tile. */
export const tileWidth = 256;

/** A full tile: 256 hashes; those of level L are the roots of 256^L leaves each. */
export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly hashes: Uint8Array;
}

/** The tree's right edge: for each level, lowest first, the hashes that do not fill a tile yet. */
export type Edge = readonly Uint8Array[];

/** One input for all leaves, the first byte 0x00: hashing is done when `sha256` returns, and allocating took as long as hashing. */
let leafInput = new Uint8Array(4096);

/** SHA-256(0x00, bytes). */
export const hashLeaf = (sha256: Sha256, bytes: Uint8Array): Uint8Array => {
  if (leafInput.length <= bytes.length) leafInput = new Uint8Array(2 * bytes.length);
  leafInput.set(bytes, 1);
  return sha256(leafInput.subarray(0, bytes.length + 1));
};

/** One input for all nodes, likewise. */
const nodeInput = new Uint8Array(1 + 2 * hashBytes);
nodeInput[0] = 1;

/** SHA-256(0x01, left, right). */
export const hashNode = (sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array => {
  nodeInput.set(left, 1);
  nodeInput.set(right, 1 + hashBytes);
  return sha256(nodeInput);
};

/** How many hashes the partial tiles of a tree have, lowest level first. */
export const edgeWidths = (size: number): number[] => {
  const widths: number[] = [];
  for (let rest = size; rest > 0; rest = Math.floor(rest / tileWidth)) widths.push(rest % tileWidth);
  return widths;
};

/** Cuts the stored edge of a tree of `size` leaves. @throws RangeError when its length is not that of such a tree. */
export const decodeEdge = (size: number, bytes: Uint8Array): Uint8Array[] => {
  let offset = 0;
  const edge = edgeWidths(size).map((width) => {
    const hashes = bytes.subarray(offset, offset + width * hashBytes);
    offset += width * hashBytes;
    return hashes;
  });
  if (offset !== bytes.length) throw new RangeError(`edge: a tree of ${size} leaves has ${offset} bytes of edge, not ${bytes.length}`);
  return edge;
};

/** Levels one after the other, as `decodeEdge` reads them. */
export const encodeEdge = (edge: Edge): Uint8Array => {
  const bytes = new Uint8Array(edge.reduce((sum, level) => sum + level.length, 0));
  let offset = 0;
  for (const level of edge) {
    bytes.set(level, offset);
    offset += level.length;
  }
  return bytes;
};

/** Root of a perfect subtree over `hashes`, whose number is a power of two. */
export const perfectRoot = (sha256: Sha256, hashes: Uint8Array): Uint8Array => {
  let level = hashes;
  while (level.length > hashBytes) {
    const next = new Uint8Array(level.length / 2);
    for (let at = 0; at < level.length; at += 2 * hashBytes) {
      nodeInput.set(level.subarray(at, at + 2 * hashBytes), 1);
      next.set(sha256(nodeInput), at / 2);
    }
    level = next;
  }
  return level;
};

/** Root of the tree whose edge this is; SHA-256 of nothing for the empty tree. */
export const rootOf = (sha256: Sha256, edge: Edge): Uint8Array => {
  let root: Uint8Array | undefined;
  // From the right: lowest level first, and in a level the smallest perfect subtree first.
  for (const level of edge) {
    let end = level.length / hashBytes;
    for (let bit = 1; end > 0; bit *= 2) {
      if ((end & bit) === 0) continue;
      const left = perfectRoot(sha256, level.subarray((end - bit) * hashBytes, end * hashBytes));
      root = root ? hashNode(sha256, left, root) : left;
      end -= bit;
    }
  }
  return root ?? sha256(new Uint8Array(0));
};

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
};

/**
 * Adds leaf hashes (one after the other) to a tree of `size` leaves.
 * @returns the new edge, and the tiles that have become full, lower levels first.
 */
export const extend = (sha256: Sha256, size: number, edge: Edge, leaves: Uint8Array): { edge: Uint8Array[]; tiles: Tile[] } => {
  const tiles: Tile[] = [];
  const next: Uint8Array[] = [];
  let incoming = leaves;
  let before = size;
  for (let level = 0; incoming.length > 0 || level < edge.length; level++) {
    const all = joined(edge[level] ?? new Uint8Array(0), incoming);
    const first = Math.floor(before / tileWidth);
    const full = Math.floor(all.length / hashBytes / tileWidth);
    const roots = new Uint8Array(full * hashBytes);
    for (let i = 0; i < full; i++) {
      const hashes = all.slice(i * tileWidth * hashBytes, (i + 1) * tileWidth * hashBytes);
      tiles.push({ level, index: first + i, hashes });
      roots.set(perfectRoot(sha256, hashes), i * hashBytes);
    }
    next.push(all.slice(full * tileWidth * hashBytes));
    incoming = roots;
    before = first;
  }
  return { edge: next, tiles };
};
