import type { World } from '../../../../platform/world.ts';
import { checkpointText, originOf, signatureLine } from '../../rules/notes.ts';
import { insertCheckpoint } from '../../store/checkpoints.ts';
import { registerKey } from '../../store/keys.ts';
import { lockHead } from '../../store/log.ts';
import { obstacleOf, signingObstacles, type Obstacle, type Signed } from './continuity.ts';

/** Milliseconds between two checkpoints of a county. */
const signEvery = 1000;
/** Milliseconds between two lines of the log about a county that is not signed. */
const complainEvery = 60_000;

/** Signs the heads of counties, at most once a second each in this process, and only where they continue what was signed. */
export interface Signer {
  signIfDue(county: string, force: boolean): Promise<void>;
  /** Counties whose head may not be signed, by what the database says now. */
  obstacles(): Promise<Map<string, Obstacle>>;
}

/**
 * @param onSigned called after a checkpoint is kept.
 * @param onRefused called when a head is not signed (with why) and when it is again (undefined).
 */
export const createSigner = (
  { db, keys, log, now }: Pick<World, 'db' | 'keys' | 'log' | 'now'>,
  onSigned: (county: string, size: number) => void = () => {},
  onRefused: (county: string, obstacle: Obstacle | undefined) => void = () => {},
): Signer => {
  const signedAt = new Map<string, number>();
  /** What this process has signed: whoever changes the database does not change this. */
  const signed = new Map<string, Signed>();
  const complained = new Map<string, number>();
  let registered: string | undefined;

  const refused = (county: string, obstacle: Obstacle, size: number): void => {
    onRefused(county, obstacle);
    const present = performance.now();
    if (present - (complained.get(county) ?? -Infinity) < complainEvery) return;
    complained.set(county, present);
    log.error({ county, size, obstacle }, obstacle === 'key'
      ? 'THE LEDGER IS NOT SIGNED: its checkpoints bear another key. Put the lost key file back, or run lamplight trace rekey'
      : 'THE LEDGER IS NOT SIGNED: it does not continue what was signed. Run lamplight trace verify and keep the database as it is');
  };

  return {
    async signIfDue(county, force) {
      // Monotonic: a clock that is set back must not stop the signing.
      const present = performance.now();
      const before = signedAt.get(county) ?? -Infinity;
      if (!force && present - before < signEvery) return;
      signedAt.set(county, present);
      const done = await db.transaction(async (tx) => {
        const head = await lockHead(tx, county, force);
        if (!head || head.size <= head.signedSize) {
          // A batch is under way, or another process was faster: not this second's turn yet.
          signedAt.set(county, before);
          return undefined;
        }
        const obstacle = await obstacleOf(tx, keys, county, head, signed.get(county));
        if (obstacle) {
          refused(county, obstacle, head.size);
          return undefined;
        }
        const at = now();
        const text = checkpointText({ origin: originOf(county), size: head.size, root: head.root, time: new Date(at).toISOString(), previous: head.signedSize });
        // One that was added since the last time signs from now on.
        const key = keys.ledger;
        const note = `${text}\n${signatureLine(key.name, key.id, keys.sign(Buffer.from(text), key))}`;
        if (registered !== key.verifier) await registerKey(tx, key.verifier, at);
        await insertCheckpoint(tx, county, { size: head.size, root: head.root, note, at });
        return { size: head.size, root: head.root, verifier: key.verifier };
      });
      if (!done) return;
      registered = done.verifier;
      signed.set(county, { size: done.size, root: done.root });
      if (complained.delete(county)) onRefused(county, undefined);
      onSigned(county, done.size);
    },
    obstacles: () => signingObstacles(db, keys, signed),
  };
};
