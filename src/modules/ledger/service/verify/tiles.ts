import type { Tx } from '../../../../platform/database/database.ts';
import { hashBytes, tileWidth } from '../../rules/tree.ts';
import { scanTiles } from '../../store/log.ts';
import type { Finding } from './findings.ts';
import type { StoredTree } from './tree.ts';

/** Tiles of level 0 that are read at once: 2 MB. */
const tilesAtOnce = 256;

/** Reads tiles in the order in which they are needed. Tiles above level 0 stay: there are 256 times fewer. */
export const tileReader = (tx: Tx, county: string, report: (finding: Finding) => void): StoredTree['tile'] => {
  const pages = new Map<number, { page: number; tiles: Map<number, Uint8Array> }>();
  return async (level, index) => {
    const page = Math.floor(index / tilesAtOnce);
    let held = pages.get(level);
    if (held?.page !== page) {
      const tiles = new Map<number, Uint8Array>();
      for (const row of await scanTiles(tx, county, level, page * tilesAtOnce, (page + 1) * tilesAtOnce)) {
        if (tiles.has(row.index)) report({ county, seq: row.index * tileWidth ** (level + 1) + 1, what: 'tile_doubled', params: { level, tile: row.index } });
        if (row.hashes.length !== tileWidth * hashBytes) report({ county, seq: row.index * tileWidth ** (level + 1) + 1, what: 'tile_changed', params: { level, tile: row.index, hash: Math.floor(row.hashes.length / hashBytes) } });
        tiles.set(row.index, row.hashes);
      }
      held = { page, tiles };
      pages.set(level, held);
    }
    return held.tiles.get(index);
  };
};
