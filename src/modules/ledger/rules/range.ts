import { hashBytes, hashNode, perfectRoot, tileWidth, type Sha256 } from './tree.ts';

/**
 * The compact form of a growing tree: the roots of its perfect subtrees, left to right. One hash a leaf on average, and
 * the root at any size for the price of its height. This is how the log is recomputed without the tiles.
 */
export class CompactRange {
  readonly #sha256: Sha256;
  /** Called with each perfect subtree of 256^level leaves when it is complete: what a tile of that level holds. */
  readonly #onTile: (level: number, index: number, root: Uint8Array) => void;
  #stack: { height: number; hash: Uint8Array }[] = [];
  size = 0;

  constructor(sha256: Sha256, onTile: (level: number, index: number, root: Uint8Array) => void = () => {}) {
    this.#sha256 = sha256;
    this.#onTile = onTile;
  }

  /** Adds the next leaf's hash. */
  add(leaf: Uint8Array): void {
    this.size++;
    this.#push({ height: 0, hash: leaf });
  }

  /** Adds the hashes of 256 leaves at once. @throws RangeError unless a tile begins here. */
  addTile(leaves: Uint8Array): void {
    if (this.size % tileWidth !== 0 || leaves.length !== tileWidth * hashBytes) throw new RangeError(`no tile of ${leaves.length} bytes fits at ${this.size}`);
    this.size += tileWidth;
    const node = { height: 8, hash: perfectRoot(this.#sha256, leaves) };
    this.#onTile(1, this.size / tileWidth - 1, node.hash);
    this.#push(node);
  }

  #push(added: { height: number; hash: Uint8Array }): void {
    let node = added;
    for (let last = this.#stack.at(-1); last && last.height === node.height; last = this.#stack.at(-1)) {
      this.#stack.pop();
      node = { height: node.height + 1, hash: hashNode(this.#sha256, last.hash, node.hash) };
      if (node.height % 8 === 0) this.#onTile(node.height / 8, this.size / 2 ** node.height - 1, node.hash);
    }
    this.#stack.push(node);
  }

  /** Another one that stands at the same place and goes its own way; it tells nobody of its tiles. */
  fork(): CompactRange {
    const other = new CompactRange(this.#sha256);
    other.#stack = [...this.#stack];
    other.size = this.size;
    return other;
  }

  /** The root over all leaves so far. */
  root(): Uint8Array {
    const hashes = this.#stack.map((node) => node.hash);
    return hashes.length === 0 ? this.#sha256(new Uint8Array(0)) : hashes.reduceRight((right, left) => hashNode(this.#sha256, left, right));
  }
}

/** The hash at a place of a tile, or undefined where the tile does not reach so far. */
export const hashIn = (tile: Uint8Array | undefined, at: number): Uint8Array | undefined => {
  const hash = tile?.subarray(at * hashBytes, (at + 1) * hashBytes);
  return hash?.length === hashBytes ? hash : undefined;
};
