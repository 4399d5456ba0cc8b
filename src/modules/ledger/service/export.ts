import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import { writeBundle, type Bundle } from '../rules/bundle.ts';
import { isNoteSignedBy, readNote } from '../rules/notes.ts';
import { latestCheckpoint } from '../store/checkpoints.ts';
import { readMatterEntries } from '../store/log.ts';
import { inclusionProofs } from './proofs.ts';
import { nodeCrypto } from './verify/anchors.ts';

/** A matter's trace as a file that proves itself. */
export interface Exported {
  /** See rules/bundle.ts. */
  readonly file: string;
  readonly entries: number;
  /** Entries that no checkpoint covers yet; the next one, within about a second, does. */
  readonly waiting: number;
}

/**
 * Proves every entry of a matter under the newest checkpoint. undefined where the log has no entry of it that is signed.
 * @param texts opens the digests in the entries: of those that the exporter may read.
 */
export const exportMatter = async (
  { keys }: Pick<World, 'keys'>, tx: Tx, county: string, matter: string, texts: Bundle['texts'] = [],
): Promise<Exported | undefined> => {
  const checkpoint = await latestCheckpoint(tx, county);
  const note = checkpoint && readNote(checkpoint.note);
  if (!checkpoint || !note) return undefined;
  const rows = await readMatterEntries(tx, county, matter);
  const signed = rows.flatMap(({ seq, canonical }) => (seq !== null && seq <= checkpoint.size ? [{ seq, canonical }] : []));
  if (signed.length === 0) return undefined;
  let verifier = keys.ledger.verifier;
  for (const key of keys.ledgerKeys)
    if (await isNoteSignedBy(note, { name: key.name, keyId: key.id, algorithm: 1, publicKey: key.publicKey }, nodeCrypto)) verifier = key.verifier;
  const proofs = await inclusionProofs(tx, county, signed.map((row) => row.seq), checkpoint.size);
  const file = writeBundle({
    county, matter, verifier, checkpoint: checkpoint.note,
    entries: signed.map((row, i) => ({ ...row, proof: proofs[i]! })),
    texts,
  });
  return { file, entries: signed.length, waiting: rows.length - signed.length };
};
