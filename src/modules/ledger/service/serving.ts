import type { World } from '../../../platform/world.ts';
import { hashBytes, decodeEdge, tileWidth } from '../rules/tree.ts';
import { latestCheckpoint } from '../store/checkpoints.ts';
import { readHead, readTiles } from '../store/log.ts';
import { consistencyProof } from './proofs.ts';

/** What anybody may read of a log: hashes and signatures, no entries. */
export interface PublicLog {
  /** The newest signed note; undefined before the first. */
  checkpoint(county: string): Promise<string | undefined>;
  /** Hashes of a tile, of which `width` are asked for; undefined where the log does not reach so far. */
  tile(county: string, level: number, index: number, width: number): Promise<Buffer | undefined>;
  /** undefined where the log has never had `to` entries. */
  consistency(county: string, from: number, to: number): Promise<Uint8Array[] | undefined>;
  /** Verifier keys, the present one last. */
  readonly keys: readonly string[];
}

export const createPublicLog = ({ db, keys }: Pick<World, 'db' | 'keys'>): PublicLog => ({
  checkpoint: async (county) => (await latestCheckpoint(db, county))?.note,
  async tile(county, level, index, width) {
    const full = (await readTiles(db, county, level, [index])).get(index);
    if (full) return full.subarray(0, width * hashBytes);
    if (width === tileWidth) return undefined;
    const head = await readHead(db, county);
    if (!head || Math.floor(head.size / tileWidth ** (level + 1)) !== index) return undefined;
    const partial = decodeEdge(head.size, head.edge)[level];
    return partial && partial.length >= width * hashBytes ? Buffer.from(partial.subarray(0, width * hashBytes)) : undefined;
  },
  async consistency(county, from, to) {
    const head = await readHead(db, county);
    return head && to <= head.size && from <= to ? consistencyProof(db, county, from, to) : undefined;
  },
  get keys() { return keys.ledgerKeys.map((key) => key.verifier); },
});

/** Reads the part of a C2SP tlog-tiles path behind the level: `x001/x234/067` or `000.p/17`; undefined where it is none. */
export const readTilePath = (path: string): { index: number; width: number } | undefined => {
  const found = /^((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/.exec(path);
  if (!found) return undefined;
  const index = Number(found[1]!.replaceAll(/[x/]/g, ''));
  const width = found[2] === undefined ? tileWidth : Number(found[2]);
  if (!Number.isSafeInteger(index) || width > tileWidth || (found[2] !== undefined && width === tileWidth)) return undefined;
  // Leading groups of zeros are not how such a path is written: one tile has one address.
  return found[1]!.startsWith('x000/') ? undefined : { index, width };
};
