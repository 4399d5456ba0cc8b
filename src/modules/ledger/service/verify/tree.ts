import { CompactRange, hashIn } from '../../rules/range.ts';
import { sameBytes } from '../../rules/notes.ts';
import { decodeEdge, hashBytes, hashLeaf, perfectRoot, rootOf, tileWidth } from '../../rules/tree.ts';
import type { Head } from '../../store/log.ts';
import type { ScannedBytes } from '../../store/scan.ts';
import { sha256 } from '../sha256.ts';
import type { Anchor } from './anchors.ts';
import type { Finding } from './findings.ts';

/** What the database has stored of a tree, to be compared with what its entries give. */
export interface StoredTree {
  readonly head: Head | undefined;
  /** Entries that there ought to be. */
  readonly size: number;
  /** Partial tiles by level; empty where the head does not fit together. */
  readonly edge: readonly Uint8Array[];
  /** The full tile of a level and index; level 0 is asked in order. */
  tile(level: number, index: number): Promise<Uint8Array | undefined> | Uint8Array | undefined;
}

/** Reads a head; `broken` says that its parts do not fit each other. */
export const readTree = (head: Head | undefined): { edge: Uint8Array[]; broken: boolean } => {
  if (!head) return { edge: [], broken: true };
  try {
    const edge = decodeEdge(head.size, head.edge);
    return { edge, broken: !sameBytes(rootOf(sha256, edge), head.root) };
  } catch {
    return { edge: [], broken: true };
  }
};

/** 256 places of the log, as they come out of the table. */
interface Place<Row> {
  row: Row;
  hash: Uint8Array;
}

/** Rows whose bytes are the ones that the tree holds, in order. */
export type Accept<Row> = (row: Row) => void;

/**
 * Builds a county's tree again from its rows and holds it against tiles, edge and anchors. Of a block whose rows and tile
 * disagree, the next higher tile (or, at the edge, the next anchor) says which of the two was changed; the tree goes on
 * with the other one, so that one change is one finding.
 */
export class TreeCheck<Row extends ScannedBytes> {
  readonly #county: string;
  readonly #stored: StoredTree;
  /** Sorted by size. */
  readonly #anchors: readonly Anchor[];
  readonly #range: CompactRange;
  readonly findings: Finding[] = [];
  /** Rows whose bytes differ, with the hash they have and the one they should have. */
  readonly #differing: { finding: number; seq: number; own: string; expected: string }[] = [];
  readonly #uppers: { level: number; index: number; root: Uint8Array }[] = [];
  #places: (Place<Row> | undefined)[] = [];
  #next = 1;
  #anchor = 0;
  /** Size and whether it held of the anchors that were reached. */
  #good = 0;
  #rewritten = 0;
  readonly #broken = new Map<string, number>();
  /** Largest size that a witness has seen and the tree agrees with. */
  witnessed: number | null = null;

  constructor(county: string, stored: StoredTree, anchors: readonly Anchor[]) {
    this.#county = county;
    this.#stored = stored;
    this.#anchors = anchors;
    this.#range = new CompactRange(sha256, (level, index, root) => void this.#uppers.push({ level, index, root }));
  }

  #say(seq: number | null, what: string, params: Finding['params'] = {}): void {
    this.findings.push({ county: this.#county, seq, what, params });
  }

  get size(): number {
    return this.#range.size;
  }

  /** Takes the next rows in order of seq. `accept` is called for those whose bytes are right, `lost` for the others. */
  async take(rows: readonly Row[], accept: Accept<Row>, lost: Accept<Row>): Promise<void> {
    for (const row of rows) {
      if (row.seq > this.#stored.size || row.seq < 1) {
        this.#say(row.seq, 'entry_beyond', { size: this.#stored.size });
        continue;
      }
      const hash = hashLeaf(sha256, row.canonical);
      if (row.seq < this.#next) {
        this.#say(row.seq, 'entry_doubled');
        const at = (row.seq - 1) % tileWidth;
        // Of two rows at one place, the right one counts; a block that is closed already has had its own.
        if (this.#range.size < row.seq && this.#places.length > at) {
          const expected = hashIn(await this.#tileOf(this.#blockOf(row.seq)), at);
          if (expected && sameBytes(expected, hash)) this.#places[at] = { row, hash };
        }
        continue;
      }
      for (;;) {
        // A block is closed only when the next row comes, so that a double of its last row still finds it open.
        if (this.#places.length === tileWidth) await this.#close(accept, lost);
        const isThere = this.#next++ === row.seq;
        this.#places.push(isThere ? { row, hash } : undefined);
        if (isThere) break;
      }
    }
  }

  #blockOf = (seq: number): number => Math.floor((seq - 1) / tileWidth);
  #tileOf = (block: number): Promise<Uint8Array | undefined> | Uint8Array | undefined =>
    ((block + 1) * tileWidth <= this.#stored.size ? this.#stored.tile(0, block) : this.#stored.edge[0]);

  /** Ends the log: closes the last block and names what is missing at its end. */
  async end(accept: Accept<Row>, lost: Accept<Row>): Promise<void> {
    for (; this.#next <= this.#stored.size; this.#next++) {
      if (this.#places.length === tileWidth) await this.#close(accept, lost);
      this.#places.push(undefined);
    }
    if (this.#places.length > 0) await this.#close(accept, lost);
    await this.#checkUppers();
    for (; this.#anchor < this.#anchors.length; this.#anchor++) {
      const anchor = this.#anchors[this.#anchor]!;
      if (anchor.size > this.size) this.#say(this.size + 1, 'log_shortened', { to: anchor.size, source: anchor.source ?? 'checkpoint' });
    }
    const { head } = this.#stored;
    if (!head) {
      // A county without a log has no head, and nothing that would miss it.
      if (this.size > 0 || this.#anchors.length > 0) this.#say(null, 'head_missing');
    } else if (head.size !== this.size) this.#say(null, 'head_changed', { column: 'size' });
    else if (!sameBytes(head.root, this.#range.root())) this.#say(null, 'head_changed', { column: 'root' });
    this.#nameMoved();
    for (const [source, count] of this.#broken) this.#say(null, 'anchors_broken', { source, count });
  }

  root(): Uint8Array {
    return this.#range.root();
  }

  async #close(accept: Accept<Row>, lost: Accept<Row>): Promise<void> {
    const places = this.#places;
    this.#places = [];
    const block = this.#range.size / tileWidth;
    const tile = await this.#tileOf(block);
    const full = places.length === tileWidth;
    if (full && !tile) this.#say(block * tileWidth + 1, 'tile_missing', { level: 0, tile: block });
    else if (tile && tile.length !== places.length * hashBytes)
      this.#say(block * tileWidth + 1, full ? 'tile_changed' : 'head_changed', full ? { level: 0, tile: block, hash: Math.floor(tile.length / hashBytes) } : { column: 'edge' });
    if (full && tile && this.#isAsStored(places, tile)) {
      this.#range.addTile(tile);
      this.#checkAnchors();
      for (const place of places) accept(place!.row);
      if (this.#uppers.length > 1_000) await this.#checkUppers();
      return;
    }
    const expected = places.map((_, i) => hashIn(tile, i));
    const differs = places.some((place, i) => !place || !expected[i] || !sameBytes(place.hash, expected[i]));
    const trusted = differs ? await this.#arbitrate(block, places, expected) : places.map((place) => place!.hash);
    for (const [i, hash] of trusted.entries()) {
      const place = places[i];
      this.#range.add(hash);
      this.#checkAnchors();
      if (place) (sameBytes(place.hash, hash) ? accept : lost)(place.row);
    }
    if (this.#uppers.length > 1_000) await this.#checkUppers();
  }

  /** The usual case: a full block whose rows give the tile, with no anchor inside of it. */
  #isAsStored(places: readonly (Place<Row> | undefined)[], tile: Uint8Array): boolean {
    const next = this.#anchors[this.#anchor];
    if (next && next.size < this.#range.size + tileWidth) return false;
    const own = Buffer.allocUnsafe(tileWidth * hashBytes);
    for (const [i, place] of places.entries()) {
      if (!place) return false;
      own.set(place.hash, i * hashBytes);
    }
    return own.equals(tile);
  }

  /** Decides whether the rows or the tile of a block were changed, and names the places. */
  async #arbitrate(block: number, places: readonly (Place<Row> | undefined)[], expected: readonly (Uint8Array | undefined)[]): Promise<Uint8Array[]> {
    const start = block * tileWidth;
    const own = places.map((place, i) => place?.hash ?? expected[i] ?? new Uint8Array(hashBytes));
    const kept = expected.map((hash, i) => hash ?? own[i]!);
    const ownHolds = await this.#holds(block, own);
    const keptHolds = await this.#holds(block, kept);
    // Neither fits: rows and tile were changed both, or what is above them. The rows are then what is believed.
    const tileIsWrong = ownHolds && !keptHolds;
    const inEdge = places.length < tileWidth;
    for (const [i, place] of places.entries()) {
      const seq = start + 1 + i;
      const hash = expected[i];
      if (!place) this.#say(seq, 'entry_missing');
      else if (hash && !sameBytes(place.hash, hash)) {
        if (tileIsWrong) this.#say(seq, inEdge ? 'head_changed' : 'tile_changed', inEdge ? { column: 'edge' } : { level: 0, tile: block, hash: i });
        else {
          this.#differing.push({ finding: this.findings.length, seq, own: Buffer.from(place.hash).toString('latin1'), expected: Buffer.from(hash).toString('latin1') });
          this.#say(seq, keptHolds ? 'entry_changed' : 'entry_differs');
        }
      }
    }
    return keptHolds ? kept : own;
  }

  /** Whether leaf hashes of a block fit what is signed or stands above them. */
  async #holds(block: number, hashes: readonly Uint8Array[]): Promise<boolean> {
    const end = this.#range.size + hashes.length;
    const anchor = this.#anchors.findLast((each) => each.size > this.#range.size && each.size <= end);
    if (anchor) {
      const fork = this.#range.fork();
      for (const hash of hashes.slice(0, anchor.size - this.#range.size)) fork.add(hash);
      if (!sameBytes(fork.root(), anchor.root)) return false;
      if (anchor.size === end) return true;
    }
    if (hashes.length === tileWidth) {
      const above = await this.#recorded(1, block);
      return above !== undefined && sameBytes(above, perfectRoot(sha256, Buffer.concat(hashes)));
    }
    const fork = this.#range.fork();
    for (const hash of hashes) fork.add(hash);
    return this.#stored.head !== undefined && sameBytes(fork.root(), this.#stored.head.root);
  }

  /** The hash of 256^level leaves as the tile or edge above records it. */
  async #recorded(level: number, index: number): Promise<Uint8Array | undefined> {
    const tile = Math.floor(index / tileWidth);
    const isFull = (tile + 1) * tileWidth ** (level + 1) <= this.#stored.size;
    return hashIn(isFull ? await this.#stored.tile(level, tile) : this.#stored.edge[level], index % tileWidth);
  }

  async #checkUppers(): Promise<void> {
    for (const { level, index, root } of this.#uppers.splice(0)) {
      const recorded = await this.#recorded(level, index);
      if (recorded && sameBytes(recorded, root)) continue;
      const tile = Math.floor(index / tileWidth);
      const seq = index * tileWidth ** level + 1;
      if ((tile + 1) * tileWidth ** (level + 1) > this.#stored.size) this.#say(seq, 'head_changed', { column: 'edge' });
      else this.#say(seq, recorded ? 'tile_changed' : 'tile_missing', { level, tile, hash: index % tileWidth });
    }
  }

  #checkAnchors(): void {
    for (; this.#anchor < this.#anchors.length && this.#anchors[this.#anchor]!.size <= this.size; this.#anchor++) {
      const anchor = this.#anchors[this.#anchor]!;
      if (anchor.size < this.size) continue;
      if (sameBytes(anchor.root, this.root())) {
        this.#good = anchor.size;
        if (anchor.source !== null) this.witnessed = Math.max(this.witnessed ?? 0, anchor.size);
        continue;
      }
      const source = anchor.source ?? 'checkpoint';
      if (this.#rewritten++ === 0) this.#say(this.#good + 1, 'log_rewritten', { to: anchor.size, source });
      else this.#broken.set(source, (this.#broken.get(source) ?? 0) + 1);
    }
  }

  /** Two rows that stand in each other's place are named as moved. */
  #nameMoved(): void {
    const homes = new Map(this.#differing.map((each) => [each.expected, each.seq]));
    for (const { finding, seq, own } of this.#differing) {
      const home = homes.get(own);
      if (home !== undefined && home !== seq) this.findings[finding] = { county: this.#county, seq, what: 'entry_moved', params: { home } };
    }
  }
}
