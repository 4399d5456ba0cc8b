import type { World } from '../../../platform/world.ts';
import { checkpointText, originOf, signatureLine } from '../rules/notes.ts';
import { insertCheckpoint } from '../store/checkpoints.ts';
import { lockHead } from '../store/log.ts';

/** Milliseconds between two checkpoints of a county. */
const signEvery = 1000;

/**
 * Signs the heads of counties, at most once a second each in this process.
 * @param onSigned called after a checkpoint is kept.
 */
export const createSigner = (
  { db, keys, now }: Pick<World, 'db' | 'keys' | 'now'>,
  onSigned: (county: string, size: number) => void = () => {},
): ((county: string, force: boolean) => Promise<void>) => {
  const signedAt = new Map<string, number>();
  return async (county, force) => {
    // Monotonic: a clock that is set back must not stop the signing.
    const present = performance.now();
    const before = signedAt.get(county) ?? -Infinity;
    if (!force && present - before < signEvery) return;
    signedAt.set(county, present);
    const size = await db.transaction(async (tx) => {
      const head = await lockHead(tx, county, force);
      if (!head || head.size <= head.signedSize) {
        // A batch is under way, or another process was faster: not this second's turn yet.
        signedAt.set(county, before);
        return undefined;
      }
      const at = now();
      const text = checkpointText({ origin: originOf(county), size: head.size, root: head.root, time: new Date(at).toISOString(), previous: head.signedSize });
      const note = `${text}\n${signatureLine(keys.ledger.name, keys.ledger.id, keys.sign(Buffer.from(text)))}`;
      await insertCheckpoint(tx, county, { size: head.size, root: head.root, note, at });
      return head.size;
    });
    if (size !== undefined) onSigned(county, size);
  };
};
