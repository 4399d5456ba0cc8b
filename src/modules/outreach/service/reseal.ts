import type { World } from '../../../platform/world.ts';
import { sealedInbound, writeInbound } from '../store/inbound.ts';

/** Rows that are read together. */
const round = 500;

/**
 * Seals anew what phones sent and was sealed under an earlier data key. A row that is erased meanwhile stays erased.
 * @returns values that were sealed anew
 */
export const resealInbound = async ({ db, keys }: Pick<World, 'db' | 'keys'>): Promise<number> => {
  let count = 0;
  const anew = (sealed: Buffer | null, context: string): Buffer | null => {
    if (sealed === null || !keys.isStale(sealed)) return sealed;
    count++;
    return keys.seal(keys.open(sealed, context), context);
  };
  for (let after: string | null = null; ;) {
    const rows = await sealedInbound(db, after, round);
    for (const row of rows) {
      const next = { phone: anew(row.phone, 'inbound.phone'), words: anew(row.words, 'inbound.words') };
      if (next.phone !== row.phone || next.words !== row.words) await writeInbound(db, row, next);
    }
    if (rows.length < round) return count;
    after = rows.at(-1)!.id;
  }
};
