import type { NoteKey } from '../../../../platform/keys.ts';
import { isSignedBy } from '../../../../platform/keys.ts';
import { isNoteSignedBy, originOf, readCheckpointText, readNote, sameBytes, type Checkpoint, type NoteCrypto } from '../../rules/notes.ts';
import type { CheckpointRow } from '../../store/checkpoints.ts';
import { sha256 } from '../sha256.ts';
import type { Finding } from './findings.ts';

/** Hashes and signatures by Node's own crypto. */
export const nodeCrypto: NoteCrypto = { sha256, ed25519: isSignedBy };

/** A signed statement about the tree at a size: a checkpoint of our own, or what a witness kept of one. */
export interface Anchor extends Checkpoint {
  /** null for our own table; else where it was found: `witness file`, `--checkpoints`. */
  readonly source: string | null;
}

/** A key with which checkpoints may be signed; `until` is the largest size that counts of a key that was followed by another. */
export type KnownKey = NoteKey & { readonly until?: number };

/** Reads a note as a checkpoint of the county's log that one of our keys has signed; a word for what is wrong otherwise. */
export const readAnchor = async (county: string, note: string, keys: readonly KnownKey[]): Promise<Checkpoint | 'form' | 'signature'> => {
  const read = readNote(note);
  const checkpoint = read && readCheckpointText(read.text);
  if (!checkpoint || checkpoint.origin !== originOf(county)) return 'form';
  for (const key of keys) if (await isNoteSignedBy(read, { name: key.name, keyId: key.id, algorithm: 1, publicKey: key.publicKey }, nodeCrypto))
    return checkpoint.size <= (key.until ?? Infinity) ? checkpoint : 'signature';
  return 'signature';
};

/** Checks a row of the checkpoints' table against its own note and the row before it. */
export const checkRow = async (
  county: string, row: CheckpointRow, previous: number, keys: readonly KnownKey[],
): Promise<{ anchor: Anchor | undefined; findings: Finding[] }> => {
  const findings: Finding[] = [];
  const say = (what: string, params: Finding['params'] = {}): void => void findings.push({ county, seq: null, what, params: { size: row.size, ...params } });
  const read = await readAnchor(county, row.note, keys);
  if (typeof read === 'string') {
    say(`checkpoint_${read}`);
    return { anchor: undefined, findings };
  }
  if (read.size !== row.size) say('checkpoint_changed', { column: 'size' });
  if (!sameBytes(read.root, row.root)) say('checkpoint_changed', { column: 'root' });
  if (Date.parse(read.time) !== row.at) say('checkpoint_changed', { column: 'at' });
  if (read.previous !== previous) say('checkpoint_missing', { missing: read.previous });
  return { anchor: { ...read, source: null }, findings };
};

/** Cuts a file of notes, one after the other with an empty line after each, into notes. */
export const splitNotes = (text: string): string[] => {
  const parts = text.split('\n\n');
  const notes: string[] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) notes.push(`${parts[i]!.replace(/^\n+/, '')}\n\n${parts[i + 1]!.replace(/\n*$/, '')}\n`);
  if (parts.length % 2 === 1 && parts.at(-1)!.trim() !== '') notes.push(parts.at(-1)!);
  return notes;
};
