/**
 * Inclusion and consistency proofs of RFC 6962 (checked as RFC 9162, 2.1.3.2 and 2.1.4.2, writes it down). Pure; planning
 * is for whoever holds the tiles, checking for anybody, in the browser too. Indexes and sizes are whole numbers up to 2^53.
 */
import { sameBytes, type NoteCrypto } from './notes.ts';

/** A perfect subtree: 2^height leaves from leaf index * 2^height on. */
export interface Subtree {
  readonly height: number;
  readonly index: number;
}

/** The largest power of two below n. */
const split = (n: number): number => {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
};

/** The perfect subtrees, left to right, that leaves from `start` to before `end` consist of; `start` is aligned as RFC 6962 splits. */
const perfect = (start: number, end: number): Subtree[] => {
  const parts: Subtree[] = [];
  for (let at = start; at < end;) {
    let width = 1;
    let height = 0;
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2;
      height++;
    }
    parts.push({ height, index: at / width });
    at += width;
  }
  return parts;
};

/**
 * What an inclusion proof of a leaf in a tree of `size` leaves consists of: each hash of the proof is the root over
 * the listed perfect subtrees. @throws RangeError unless 0 <= index < size.
 */
export const inclusionPlan = (index: number, size: number): Subtree[][] => {
  if (!(index >= 0 && index < size)) throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  const plan: Subtree[][] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (index < middle) {
      plan.unshift(perfect(middle, end));
      end = middle;
    } else {
      plan.unshift(perfect(start, middle));
      start = middle;
    }
  }
  return plan;
};

/** What a proof consists of that a tree of `to` leaves continues one of `from` leaves. @throws RangeError unless 0 < from <= to. */
export const consistencyPlan = (from: number, to: number): Subtree[][] => {
  if (!(from > 0 && from <= to)) throw new RangeError(`no proof from ${from} to ${to}`);
  const plan: Subtree[][] = [];
  let [start, end] = [0, to];
  let whole = true;
  while (end !== from) {
    const middle = start + split(end - start);
    if (from <= middle) {
      plan.unshift(perfect(middle, end));
      end = middle;
    } else {
      plan.unshift(perfect(start, middle));
      start = middle;
      whole = false;
    }
  }
  if (!whole) plan.unshift(perfect(start, end));
  return plan;
};

type Hash = NoteCrypto['sha256'];

/** SHA-256(0x00, bytes), with whatever SHA-256 there is. */
export const leafHash = async (sha256: Hash, bytes: Uint8Array): Promise<Uint8Array> => {
  const input = new Uint8Array(bytes.length + 1);
  input.set(bytes, 1);
  return sha256(input);
};

const nodeHash = async (sha256: Hash, left: Uint8Array, right: Uint8Array): Promise<Uint8Array> => {
  const input = new Uint8Array(65);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 33);
  return sha256(input);
};

const half = (n: number): number => Math.floor(n / 2);
const odd = (n: number): boolean => n % 2 === 1;

/** The root that an inclusion proof leads to, or undefined when it has a wrong number of hashes. */
export const rootOfInclusion = async (
  sha256: Hash, leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[],
): Promise<Uint8Array | undefined> => {
  if (!(index >= 0 && index < size)) return undefined;
  let [fn, sn, root] = [index, size - 1, leaf];
  for (const hash of proof) {
    if (sn === 0) return undefined;
    if (odd(fn) || fn === sn) {
      root = await nodeHash(sha256, hash, root);
      while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else root = await nodeHash(sha256, root, hash);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? root : undefined;
};

/** True when the proof shows that the leaf stands at `index` in the tree of `size` leaves with this root. */
export const isIncluded = async (
  sha256: Hash, leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[], root: Uint8Array,
): Promise<boolean> => {
  const found = await rootOfInclusion(sha256, leaf, index, size, proof);
  return found !== undefined && sameBytes(found, root);
};

/** True when the proof shows that the larger tree holds all leaves of the smaller one, unchanged and in their places. */
export const isConsistent = async (
  sha256: Hash,
  from: { readonly size: number; readonly root: Uint8Array },
  to: { readonly size: number; readonly root: Uint8Array },
  proof: readonly Uint8Array[],
): Promise<boolean> => {
  if (from.size > to.size || from.size < 0) return false;
  if (from.size === to.size) return proof.length === 0 && sameBytes(from.root, to.root);
  if (from.size === 0) return proof.length === 0 && sameBytes(from.root, await sha256(new Uint8Array(0)));
  const isPower = split(from.size + 1) === from.size;
  const path = isPower ? [from.root, ...proof] : proof;
  let [fn, sn] = [from.size - 1, to.size - 1];
  while (odd(fn)) [fn, sn] = [half(fn), half(sn)];
  const first = path[0];
  if (!first) return false;
  let [fr, sr] = [first, first];
  for (const hash of path.slice(1)) {
    if (sn === 0) return false;
    if (odd(fn) || fn === sn) {
      fr = await nodeHash(sha256, hash, fr);
      sr = await nodeHash(sha256, hash, sr);
      while (!odd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else sr = await nodeHash(sha256, sr, hash);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && sameBytes(fr, from.root) && sameBytes(sr, to.root);
};
