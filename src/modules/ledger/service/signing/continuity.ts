import type { Database, Tx } from '../../../../platform/database/database.ts';
import type { Keys, NoteKey } from '../../../../platform/keys.ts';
import { readEntry } from '../../rules/entry.ts';
import { readNote, readVerifierKey, sameBytes } from '../../rules/notes.ts';
import { isConsistent } from '../../rules/proofs.ts';
import { latestCheckpoint } from '../../store/checkpoints.ts';
import { keyEntries } from '../../store/keys.ts';
import { lockHead, loggedCounties, type Head } from '../../store/log.ts';
import { largestWitnessed } from '../../store/witnesses.ts';
import { consistencyProof } from '../proofs.ts';
import { nodeCrypto, readAnchor, type KnownKey } from '../verify/anchors.ts';

/**
 * Why a county's head may not be signed. `key`: the last checkpoint bears another key's signature and nobody said that ours
 * follows it. `checkpoint`: the last checkpoint was changed. `missing`: a checkpoint is gone that was signed or witnessed.
 * `rewritten`: the log does not continue what was signed.
 */
export type Obstacle = 'key' | 'checkpoint' | 'missing' | 'rewritten';

/** A tree that was signed. */
export interface Signed {
  readonly size: number;
  readonly root: Uint8Array;
}

interface Succession {
  readonly seq: number;
  readonly previous: string;
  readonly verifier: string;
}

const successions = async (tx: Tx, county: string, after: number): Promise<Succession[]> =>
  (await keyEntries(tx, county, after)).flatMap(({ seq, canonical }) => {
    const { previous, verifier } = readEntry(canonical)?.set ?? {};
    return typeof previous === 'string' && typeof verifier === 'string' ? [{ seq, previous, verifier }] : [];
  });

/** A verifier key as signatures are checked with it; undefined where the text is none. */
export const noteKeyOf = async (verifier: string): Promise<NoteKey | undefined> => {
  const key = await readVerifierKey(verifier, nodeCrypto);
  return key?.algorithm === 1 ? { name: key.name, id: Buffer.from(key.keyId), publicKey: Buffer.from(key.publicKey), verifier } : undefined;
};

/**
 * Keys that a county's checkpoints may be signed with: those of the folder, and lost ones that an entry of the log names as
 * followed by another. Of those only what was signed before the entry counts, which later checkpoints vouch for.
 */
export const knownKeys = async (tx: Tx, county: string, keys: Pick<Keys, 'ledgerKeys'>): Promise<KnownKey[]> => {
  const known: KnownKey[] = [...keys.ledgerKeys];
  for (const { seq, previous } of await successions(tx, county, 0)) {
    const key = await noteKeyOf(previous);
    if (key && !keys.ledgerKeys.some(({ verifier }) => verifier === previous)) known.push({ ...key, until: seq - 1 });
  }
  return known;
};

/**
 * Looks whether a head continues everything that is known to be signed: the last checkpoint, what witnesses have seen, and
 * what this process remembers. The head's lock is held.
 */
export const obstacleOf = async (
  tx: Tx, keys: Pick<Keys, 'ledger' | 'ledgerKeys'>, county: string, head: Head, remembered?: Signed,
): Promise<Obstacle | undefined> => {
  const last = await latestCheckpoint(tx, county);
  const witnessed = await largestWitnessed(tx, county);
  if (Math.max(head.signedSize, witnessed, remembered?.size ?? 0) > (last?.size ?? 0)) return 'missing';
  if (!last) return undefined;
  const note = readNote(last.note);
  if (!note) return 'checkpoint';
  const isOurs = note.signatures.some(({ keyId }) => keys.ledgerKeys.some(({ id }) => sameBytes(id, keyId)));
  let known: readonly KnownKey[] = keys.ledgerKeys;
  if (!isOurs) {
    const follows = (await successions(tx, county, last.size)).filter(({ verifier }) => verifier === keys.ledger.verifier);
    if (follows.length === 0) return 'key';
    known = (await Promise.all(follows.map(({ previous }) => noteKeyOf(previous)))).filter((key) => key !== undefined);
  }
  const signed = await readAnchor(county, last.note, known);
  if (typeof signed === 'string' || signed.size !== last.size || !sameBytes(signed.root, last.root)) return isOurs ? 'checkpoint' : 'key';
  if (remembered?.size === signed.size && !sameBytes(remembered.root, signed.root)) return 'rewritten';
  if (head.size < signed.size) return 'rewritten';
  try {
    const proof = head.size === signed.size ? [] : await consistencyProof(tx, county, signed.size, head.size);
    return (await isConsistent(nodeCrypto.sha256, signed, head, proof)) ? undefined : 'rewritten';
  } catch {
    // A tile that the proof needs is gone, or the head's edge is not that of its size.
    return 'rewritten';
  }
};

/** Counties whose head may not be signed, and why. `remembered` is what the asking process has signed itself. */
export const signingObstacles = async (
  db: Database, keys: Pick<Keys, 'ledger' | 'ledgerKeys'>, remembered: ReadonlyMap<string, Signed> = new Map(),
): Promise<Map<string, Obstacle>> => {
  const found = new Map<string, Obstacle>();
  for (const { county } of await loggedCounties(db)) {
    const obstacle = await db.transaction(async (tx) => {
      const head = await lockHead(tx, county, true);
      return head && obstacleOf(tx, keys, county, head, remembered.get(county));
    });
    if (obstacle) found.set(county, obstacle);
  }
  return found;
};
