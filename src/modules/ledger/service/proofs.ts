import type { Tx } from '../../../platform/database/database.ts';
import { consistencyPlan, inclusionPlan, type Subtree } from '../rules/proofs.ts';
import { decodeEdge, hashBytes, hashNode, perfectRoot, tileWidth } from '../rules/tree.ts';
import { readHead, readTiles } from '../store/log.ts';
import { sha256 } from './sha256.ts';

/** Which tile a perfect subtree's hashes stand in, and from where to where. */
const placeOf = ({ height, index }: Subtree): { level: number; tile: number; first: number; count: number } => {
  const level = Math.floor(height / 8);
  const count = 2 ** (height % 8);
  const start = index * count;
  return { level, tile: Math.floor(start / tileWidth), first: start % tileWidth, count };
};

/** Computes what plans ask for from tiles and edge: one query a level, whatever the number of plans. */
const hashesOf = async (tx: Tx, county: string, plans: readonly Subtree[][]): Promise<Uint8Array[]> => {
  // The head first: a tile that is not in its edge was full then, and is in the table.
  const head = await readHead(tx, county);
  if (!head) throw new RangeError(`county ${county} has no log`);
  const edge = decodeEdge(head.size, head.edge);
  const wanted = new Map<number, Set<number>>();
  for (const part of plans.flat()) {
    const { level, tile } = placeOf(part);
    let tiles = wanted.get(level);
    if (!tiles) wanted.set(level, (tiles = new Set()));
    tiles.add(tile);
  }
  const tiles = new Map<number, Map<number, Uint8Array>>();
  for (const [level, indexes] of wanted) {
    const partial = Math.floor(head.size / tileWidth ** (level + 1));
    const found: Map<number, Uint8Array> = await readTiles(tx, county, level, [...indexes].filter((index) => index < partial));
    found.set(partial, edge[level] ?? new Uint8Array(0));
    tiles.set(level, found);
  }
  return plans.map((parts) => parts.map((part) => {
    const { level, tile, first, count } = placeOf(part);
    const hashes = tiles.get(level)?.get(tile)?.subarray(first * hashBytes, (first + count) * hashBytes);
    if (hashes?.length !== count * hashBytes) throw new Error(`ledger ${county}: tile ${level}/${tile} is not there; run trace verify`);
    return perfectRoot(sha256, hashes);
  }).reduceRight((right, left) => hashNode(sha256, left, right)));
};

/** Inclusion proofs of several entries in the tree of `size` leaves. @throws RangeError for a seq beyond it. */
export const inclusionProofs = async (tx: Tx, county: string, seqs: readonly number[], size: number): Promise<Uint8Array[][]> => {
  const plans = seqs.map((seq) => inclusionPlan(seq - 1, size));
  const hashes = await hashesOf(tx, county, plans.flat());
  let at = 0;
  return plans.map((plan) => hashes.slice(at, (at += plan.length)));
};

/** Proof that the log at `to` continues the log at `from`. @throws RangeError unless 0 < from <= to. */
export const consistencyProof = (tx: Tx, county: string, from: number, to: number): Promise<Uint8Array[]> =>
  hashesOf(tx, county, consistencyPlan(from, to));
