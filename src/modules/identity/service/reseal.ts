import { renewProbe } from '../../../platform/keyCheck.ts';
import type { World } from '../../../platform/world.ts';
import { sealedAfter, sealedColumns, writeSealed, type SealedRow, type SealedTable } from '../store/sealed.ts';

/** Rows that are read together. */
const round = 500;

/**
 * Seals every phone and address anew that was sealed under an earlier data key, while everything runs: a value that
 * changes meanwhile is left to whoever changed it. Afterwards the earlier keys open nothing that is kept here but begun
 * reports, which are forgotten within a day, and older backups.
 * @returns values that were sealed anew
 */
export const reseal = async ({ db, keys, now }: World): Promise<number> => {
  let count = 0;
  const anew = (sealed: Buffer | null, context: string): Buffer | null => {
    if (sealed === null || !keys.isStale(sealed)) return sealed;
    count++;
    return keys.seal(keys.open(sealed, context), context);
  };
  for (const table of ['account', 'contact'] as const satisfies readonly SealedTable[])
    for (let after: string | null = null; ;) {
      const rows: SealedRow[] = await sealedAfter(db, table, after, round);
      for (const row of rows) {
        const next = row.values.map((value, at) => anew(value, sealedColumns[table][at]!));
        if (next.some((value, at) => value !== row.values[at])) await writeSealed(db, table, row, next);
      }
      if (rows.length < round) break;
      after = rows.at(-1)!.id;
    }
  await renewProbe(db, keys, now());
  return count;
};
