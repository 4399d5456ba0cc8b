/**
 * Signed notes (C2SP signed-note) and tree heads in them (C2SP tlog-checkpoint). Pure; runs in the browser and on the
 * server alike: hashes and signatures come in as arguments.
 */

/** What checking needs of the machine: SHA-256 and Ed25519, at once or later. */
export interface NoteCrypto {
  sha256(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** True when the 64 bytes are an Ed25519 signature (RFC 8032) of the message under the 32 bytes of the key. */
  ed25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>;
}

/** Over WebCrypto, which browsers offer on secure pages only. */
export const webCrypto: NoteCrypto = {
  async sha256(bytes) {
    return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
  },
  async ed25519(publicKey, message, signature) {
    const key = await crypto.subtle.importKey('raw', publicKey as BufferSource, { name: 'Ed25519' }, false, ['verify']);
    return crypto.subtle.verify({ name: 'Ed25519' }, key, signature as BufferSource, message as BufferSource);
  },
};

/** A tree head. */
export interface Checkpoint {
  /** Names the log: `lamplight.ledger/{county}`. */
  readonly origin: string;
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
  /** When it was signed: RFC 3339, UTC. */
  readonly time: string;
  /** Size of the checkpoint before it; 0 for the first. */
  readonly previous: number;
}

/** One signature of a note. */
export interface NoteSignature {
  readonly name: string;
  /** 4 bytes. */
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

export interface Note {
  /** What is signed, with its last line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A verifier key: `name+hex(key id)+base64(algorithm, key)`. */
export interface VerifierKey {
  readonly name: string;
  readonly keyId: Uint8Array;
  /** 1: Ed25519; 4: timestamped Ed25519 cosignature (C2SP tlog-cosignature). */
  readonly algorithm: number;
  readonly publicKey: Uint8Array;
}

const encoder = new TextEncoder();

export const toBase64 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};

/** Strict: undefined unless `text` is exactly what `toBase64` writes of some bytes. */
export const fromBase64 = (text: string): Uint8Array | undefined => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  return toBase64(bytes) === text ? bytes : undefined;
};

export const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
};

/** The log's name in its checkpoints. */
export const originOf = (county: string): string => `lamplight.ledger/${county}`;

/** The text of a checkpoint: origin, size, root, then two extension lines with its time and the checkpoint before it. */
export const checkpointText = ({ origin, size, root, time, previous }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\ntime ${time}\nprevious ${previous}\n`;

/** Reads the text of a checkpoint; undefined unless it is exactly what `checkpointText` writes of one. */
export const readCheckpointText = (text: string): Checkpoint | undefined => {
  const found = /^([^\n]+)\n(\d{1,16})\n([^\n]+)\ntime ([^\n]+)\nprevious (\d{1,16})\n$/.exec(text);
  const root = found && fromBase64(found[3]!);
  if (!root || root.length !== 32) return undefined;
  const checkpoint = { origin: found[1]!, size: Number(found[2]), root, time: found[4]!, previous: Number(found[5]) };
  return checkpointText(checkpoint) === text ? checkpoint : undefined;
};

/** What an installation states of a matter when its trace is exported: how much of it stands under a checkpoint. */
export interface MatterStatement {
  readonly county: string;
  readonly matter: string;
  /** Entries of the matter in the tree. */
  readonly entries: number;
  /** Version of the last of them; 0 where none made one. */
  readonly version: number;
  /** Place of the last of them. */
  readonly last: number;
  readonly size: number;
  readonly root: Uint8Array;
  /** When it was stated: RFC 3339, UTC. */
  readonly time: string;
}

/** The text of a statement. Its first line is no checkpoint's, so that neither can pass for the other. */
export const statementText = ({ county, matter, entries, version, last, size, root, time }: MatterStatement): string =>
  `lamplight.matter/${county}\nmatter ${matter}\nentries ${entries}\nversion ${version}\nlast ${last}\nsize ${size}\nroot ${toBase64(root)}\ntime ${time}\n`;

/** Reads the text of a statement; undefined unless it is exactly what `statementText` writes of one. */
export const readStatementText = (text: string): MatterStatement | undefined => {
  const found = /^lamplight\.matter\/([^\n]+)\nmatter ([^\n]+)\nentries (\d{1,16})\nversion (\d{1,16})\nlast (\d{1,16})\nsize (\d{1,16})\nroot ([^\n]+)\ntime ([^\n]+)\n$/.exec(text);
  const root = found && fromBase64(found[7]!);
  if (!root || root.length !== 32) return undefined;
  const statement = {
    county: found[1]!, matter: found[2]!, entries: Number(found[3]), version: Number(found[4]), last: Number(found[5]), size: Number(found[6]), root, time: found[8]!,
  };
  return statementText(statement) === text ? statement : undefined;
};

/** One signature line. */
export const signatureLine = (name: string, keyId: Uint8Array, signature: Uint8Array): string => {
  const bytes = new Uint8Array(4 + signature.length);
  bytes.set(keyId);
  bytes.set(signature, 4);
  return `— ${name} ${toBase64(bytes)}\n`;
};

/** Reads signature lines; undefined unless every line is one. */
export const readSignatureLines = (lines: string): NoteSignature[] | undefined => {
  if (!lines.endsWith('\n')) return undefined;
  const signatures: NoteSignature[] = [];
  for (const line of lines.slice(0, -1).split('\n')) {
    const found = /^— ([^\s+]+) (\S+)$/.exec(line);
    const bytes = found && fromBase64(found[2]!);
    if (!bytes || bytes.length < 5) return undefined;
    signatures.push({ name: found[1]!, keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) });
  }
  return signatures;
};

/** Reads a signed note; undefined where it is not well formed. */
export const readNote = (note: string): Note | undefined => {
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return undefined;
  const signatures = readSignatureLines(note.slice(split + 2));
  return signatures && { text: note.slice(0, split + 1), signatures };
};

/** Reads a verifier key and checks that its id is that of its bytes; undefined where it is none. */
export const readVerifierKey = async (text: string, crypto: NoteCrypto): Promise<VerifierKey | undefined> => {
  const found = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text);
  const bytes = found && fromBase64(found[3]!);
  if (!bytes || bytes.length !== 33) return undefined;
  const name = found[1]!;
  const input = new Uint8Array([...encoder.encode(name), 0x0a, ...bytes]);
  const keyId = (await crypto.sha256(input)).slice(0, 4);
  if (toHex(keyId) !== found[2]) return undefined;
  return { name, keyId, algorithm: bytes[0]!, publicKey: bytes.slice(1) };
};

/**
 * True when the note bears a valid signature by this key. A cosignature (algorithm 4) is one over
 * `cosignature/v1`, its time and the text.
 */
export const isNoteSignedBy = async (note: Note, key: VerifierKey, crypto: NoteCrypto): Promise<boolean> => {
  for (const { name, keyId, signature } of note.signatures) {
    if (name !== key.name || !sameBytes(keyId, key.keyId)) continue;
    if (key.algorithm === 1) return signature.length === 64 && crypto.ed25519(key.publicKey, encoder.encode(note.text), signature);
    if (key.algorithm === 4 && signature.length === 72) {
      const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
      const message = encoder.encode(`cosignature/v1\ntime ${time}\n${note.text}`);
      return crypto.ed25519(key.publicKey, message, signature.subarray(8));
    }
    return false;
  }
  return false;
};
