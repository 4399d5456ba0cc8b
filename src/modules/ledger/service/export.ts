import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import { writeBundle, type Bundle } from '../rules/bundle.ts';
import { readEntry } from '../rules/entry.ts';
import { sameBytes, signatureLine, statementText } from '../rules/notes.ts';
import { latestCheckpoint } from '../store/checkpoints.ts';
import { readMatterEntries } from '../store/log.ts';
import { knownKeys } from './signing/continuity.ts';
import { inclusionProofs } from './proofs.ts';
import { readAnchor } from './verify/anchors.ts';

/** A matter's trace as a file that proves itself. */
export interface Exported {
  /** See rules/bundle.ts. */
  readonly file: string;
  readonly entries: number;
  /** Entries that no checkpoint covers yet; the next one, within about a second, does. */
  readonly waiting: number;
}

/**
 * Proves every entry of a matter under the newest checkpoint, and states that these are all that the matter has there.
 * undefined where the log has no entry of it that is signed, and where the checkpoint is not one of ours.
 * @param texts opens the digests in the entries: of those that the exporter may read.
 */
export const exportMatter = async (
  { keys, now }: Pick<World, 'keys' | 'now'>, tx: Tx, county: string, matter: string, texts: Bundle['texts'] = [],
): Promise<Exported | undefined> => {
  const row = await latestCheckpoint(tx, county);
  const checkpoint = row && (await readAnchor(county, row.note, await knownKeys(tx, county, keys)));
  if (!row || !checkpoint || typeof checkpoint === 'string' || !sameBytes(checkpoint.root, row.root)) return undefined;
  const rows = await readMatterEntries(tx, county, matter);
  const signed = rows.flatMap(({ seq, canonical }) => (seq !== null && seq <= checkpoint.size ? [{ seq, canonical }] : []));
  if (signed.length === 0) return undefined;
  const proofs = await inclusionProofs(tx, county, signed.map(({ seq }) => seq), checkpoint.size);
  const key = keys.ledger;
  const sign = (text: string): string => `${text}\n${signatureLine(key.name, key.id, keys.sign(Buffer.from(text), key))}`;
  const version = signed.reduce((last, { canonical }) => readEntry(canonical)?.mv ?? last, 0);
  const file = writeBundle({
    county, matter, verifier: key.verifier,
    // One key for the whole file: after a rotation the present one vouches for what the earlier one has signed.
    checkpoint: sign(row.note.slice(0, row.note.lastIndexOf('\n\n') + 1)),
    statement: sign(statementText({
      county, matter, entries: signed.length, version, last: signed.at(-1)!.seq, size: checkpoint.size, root: checkpoint.root, time: new Date(now()).toISOString(),
    })),
    entries: signed.map((each, i) => ({ ...each, proof: proofs[i]! })),
    texts,
  });
  return { file, entries: signed.length, waiting: rows.length - signed.length };
};
