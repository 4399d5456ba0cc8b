/**
 * A matter's trace in one file that proves itself: its entries, where each stands in the county's log, and a signed
 * checkpoint of that log. One JSON object a line, each in canonical form, so that every byte of the file counts and a byte
 * that was changed is named with its line. Pure; checked on the server, on the command line and in the browser alike.
 */
import { canonical, type Json } from '../../../base/canonical.ts';
import type { Entry } from '../contract.ts';
import { readEntry } from './entry.ts';
import {
  fromBase64, isNoteSignedBy, originOf, readCheckpointText, readNote, readStatementText, readVerifierKey, sameBytes, toBase64, toHex,
  type MatterStatement, type NoteCrypto, type VerifierKey,
} from './notes.ts';
import { leafHash, rootOfInclusion } from './proofs.ts';

/** The present format; of the first one, which had no statement, files are read for ever. */
const format = 'lamplight-trace-2';
const firstFormat = 'lamplight-trace-1';

/** What goes into a bundle. */
export interface Bundle {
  readonly county: string;
  readonly matter: string;
  /** C2SP verifier key of whoever signed. */
  readonly verifier: string;
  /** The whole signed note. */
  readonly checkpoint: string;
  /** A signed note by the same key: how many entries the matter had under the checkpoint. See `MatterStatement`. */
  readonly statement: string;
  readonly entries: readonly { readonly seq: number; readonly canonical: Uint8Array; readonly proof: readonly Uint8Array[] }[];
  /** Texts that the exporter may read, with their salts: they open the digests in the entries. */
  readonly texts: readonly { readonly id: string; readonly salt: Uint8Array; readonly text: string }[];
}

/** Something in a bundle that does not hold. `what` is a key of `data/texts/trace.json`. */
export interface BundleFinding {
  /** Line of the file, from 1. */
  readonly line: number;
  /** The entry that it is about; null for the rest of the file. */
  readonly seq: number | null;
  readonly what: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** What a bundle says and whether it holds. */
export interface BundleReport {
  readonly county: string | null;
  readonly matter: string | null;
  /** The key that it is signed with: compare it with the one that the county publishes. */
  readonly verifier: string | null;
  readonly size: number | null;
  /** When the checkpoint was signed. */
  readonly time: string | null;
  readonly entries: readonly { readonly seq: number; readonly entry: Entry }[];
  readonly texts: number;
  /**
   * What the signer stated of the matter, where the file holds: these entries were all of it at that time. null: the file
   * proves its entries, and that no later one exists is not provable from it.
   */
  readonly complete: { readonly entries: number; readonly version: number; readonly time: string } | null;
  readonly findings: readonly BundleFinding[];
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Writes the file. */
export const writeBundle = (bundle: Bundle): string => [
  { format, county: bundle.county, matter: bundle.matter, verifier: bundle.verifier, checkpoint: bundle.checkpoint, statement: bundle.statement, entries: bundle.entries.length, texts: bundle.texts.length },
  ...bundle.entries.map(({ seq, canonical: bytes, proof }) => ({ seq, entry: decoder.decode(bytes), proof: proof.map(toBase64) })),
  ...bundle.texts.map(({ id, salt, text }) => ({ id, salt: toBase64(salt), text })),
].map((line) => `${canonical(line)}\n`).join('');

type Line = { readonly [name: string]: Json | undefined };

/** Reads a line that is an object with exactly these members, in canonical form. */
const readLine = (text: string, members: readonly string[]): Line | undefined => {
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value !== 'object' || value === null || Array.isArray(value) || canonical(value) !== text) return undefined;
    return Object.keys(value).sort().join() === [...members].sort().join() ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
};

/** One entry as the file has it, and the root that its proof leads to. */
interface Proved {
  readonly line: number;
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly root: Uint8Array | undefined;
}

const readProved = async (line: number, read: Line, size: number, crypto: NoteCrypto): Promise<Proved | undefined> => {
  const { seq, entry, proof } = read;
  if (typeof seq !== 'number' || typeof entry !== 'string' || !Array.isArray(proof)) return undefined;
  const hashes = (proof as readonly Json[]).map((hash) => (typeof hash === 'string' ? fromBase64(hash) : undefined));
  if (!Number.isSafeInteger(seq) || hashes.some((hash) => hash?.length !== 32)) return undefined;
  const bytes = encoder.encode(entry);
  return { line, seq, bytes, root: await rootOfInclusion(crypto.sha256, await leafHash(crypto.sha256, bytes), seq - 1, size, hashes as Uint8Array[]) };
};

const checkStatement = async (text: string, key: VerifierKey | undefined, crypto: NoteCrypto): Promise<MatterStatement | undefined> => {
  const note = readNote(text);
  return key && note?.signatures.length === 1 && (await isNoteSignedBy(note, key, crypto)) ? readStatementText(note.text) : undefined;
};

/**
 * Checks a bundle, with no database and no network.
 * @param trusted the verifier key that the county publishes, where the checker knows it; without it a bundle only proves
 *   that it is whole and signed by the key that it names.
 */
export const checkBundle = async (file: string, crypto: NoteCrypto, trusted?: string): Promise<BundleReport> => {
  const findings: BundleFinding[] = [];
  const say = (line: number, seq: number | null, what: string, params: BundleFinding['params'] = {}): void => void findings.push({ line, seq, what, params });
  const nothing = { county: null, matter: null, verifier: null, size: null, time: null, entries: [], texts: 0, complete: null };
  const lines = file.split('\n');
  if (lines.pop() !== '') say(lines.length + 1, null, 'bundle_end');
  const members = ['format', 'county', 'matter', 'verifier', 'checkpoint', 'entries', 'texts'];
  const head = readLine(lines[0] ?? '', [...members, 'statement']) ?? readLine(lines[0] ?? '', members);
  const stated = head?.['statement'];
  const { county, matter, verifier, checkpoint: noteText, entries: entryCount, texts: textCount } = head ?? {};
  if (head?.['format'] !== (stated === undefined ? firstFormat : format) || (stated !== undefined && typeof stated !== 'string') || typeof county !== 'string' || typeof matter !== 'string' || typeof verifier !== 'string'
    || typeof noteText !== 'string' || typeof entryCount !== 'number' || typeof textCount !== 'number') {
    say(1, null, 'bundle_head');
    return { ...nothing, findings };
  }

  const key = await readVerifierKey(verifier, crypto);
  const note = readNote(noteText);
  const checkpoint = note && readCheckpointText(note.text);
  if (!key) say(1, null, 'bundle_key');
  else if (trusted !== undefined && trusted !== verifier) say(1, null, 'bundle_other_key', { verifier, trusted });
  const isSigned = key !== undefined && note !== undefined && note.signatures.length === 1 && (await isNoteSignedBy(note, key, crypto));
  if (!checkpoint || checkpoint.origin !== originOf(county)) say(1, null, 'bundle_checkpoint');
  else if (key && !isSigned) say(1, null, 'bundle_signature');
  if (!checkpoint) return { ...nothing, county, matter, verifier, findings };

  const proved: Proved[] = [];
  for (let i = 1; i <= entryCount; i++) {
    const read = readLine(lines[i] ?? '', ['seq', 'entry', 'proof']);
    const seqOfLine = Number(/"seq":(\d+)/.exec(lines[i] ?? '')?.[1] ?? Number.NaN);
    const found = read && (await readProved(i + 1, read, checkpoint.size, crypto));
    if (found) proved.push(found);
    else say(i + 1, Number.isNaN(seqOfLine) ? null : seqOfLine, lines[i] === undefined ? 'bundle_short' : 'bundle_line', { of: entryCount });
  }
  // With a signature that holds, the signed root decides. Without, the entries are held against what most of them say,
  // so that a changed checkpoint does not put the blame on all of them.
  const roots = new Map<string, number>();
  const rootText = (root: Uint8Array | undefined): string => (root ? toHex(root) : '');
  for (const { root } of proved) roots.set(rootText(root), (roots.get(rootText(root)) ?? 0) + 1);
  const common = [...roots].sort((a, b) => b[1] - a[1])[0]?.[0];
  const expected = isSigned ? toHex(checkpoint.root) : common;

  // Entries that are all proved and all about one other matter: then it is the head that was changed.
  const about = new Set(proved.filter(({ root }) => rootText(root) === expected).map(({ bytes }) => readEntry(bytes)?.matter));
  const [only] = about;
  if (about.size === 1 && only !== undefined && only !== matter) say(1, null, 'bundle_head');
  const subject = about.size === 1 && only !== undefined ? only : matter;

  const entries: { seq: number; entry: Entry }[] = [];
  const digests = new Map<string, string>();
  let [lastSeq, version, state] = [0, 0, undefined as string | undefined];
  for (const { line, seq, bytes, root } of proved) {
    if (rootText(root) !== expected) {
      say(line, seq, 'bundle_entry');
      continue;
    }
    const entry = readEntry(bytes);
    if (!entry || entry.county !== county || entry.matter !== subject) {
      say(line, seq, 'bundle_other_matter');
      continue;
    }
    entries.push({ seq, entry });
    if (seq <= lastSeq) say(line, seq, 'bundle_order');
    lastSeq = seq;
    if (entry.subject === 'matter' && entry.mv !== undefined) {
      if (entry.mv !== version + 1) say(line, seq, 'version_gap', { matter, version: entry.mv, expected: version + 1 });
      else if (version > 0 && entry.from !== state) say(line, seq, 'state_breaks', { matter, version: entry.mv, from: entry.from ?? '-', expected: state ?? '-' });
      version = entry.mv;
      state = entry.to ?? entry.from ?? state;
    }
    for (const { id, digest } of entry.texts ?? []) digests.set(id, digest);
  }

  for (let i = entryCount + 1; i <= entryCount + textCount; i++) {
    const read = readLine(lines[i] ?? '', ['id', 'salt', 'text']);
    const salt = typeof read?.['salt'] === 'string' ? fromBase64(read['salt']) : undefined;
    const { id, text } = read ?? {};
    if (!salt || typeof id !== 'string' || typeof text !== 'string') {
      say(i + 1, null, lines[i] === undefined ? 'bundle_short' : 'bundle_line', { of: textCount });
      continue;
    }
    const words = encoder.encode(text);
    const input = new Uint8Array(salt.length + words.length);
    input.set(salt);
    input.set(words, salt.length);
    const digest = toHex(await crypto.sha256(input));
    const named = entries.find(({ entry }) => entry.texts?.some((each) => each.id === id));
    if (digest !== digests.get(id)) say(i + 1, named?.seq ?? null, 'bundle_text', { text: id });
  }
  const statement = stated === undefined ? undefined : await checkStatement(stated, key, crypto);
  if (stated !== undefined) {
    const { length } = entries;
    if (!statement || statement.county !== county || statement.matter !== subject || statement.size !== checkpoint.size || !sameBytes(statement.root, checkpoint.root)) say(1, null, 'bundle_statement');
    else if (length !== statement.entries || version !== statement.version || lastSeq !== statement.last)
      say(1, null, 'bundle_cut', { entries: length, of: statement.entries, version: statement.version, last: statement.last });
  }
  if (lines.length !== 1 + entryCount + textCount) {
    // Lines are missing or too many, or the head that counts them was changed: nobody can tell which, so both are named.
    say(lines.length, null, 'bundle_length', { of: 1 + entryCount + textCount });
    say(1, null, 'bundle_length', { of: 1 + entryCount + textCount });
  }
  return { county, matter, verifier, size: checkpoint.size, time: checkpoint.time, entries, texts: textCount, complete: statement && findings.length === 0 ? { entries: statement.entries, version: statement.version, time: statement.time } : null, findings };
};
