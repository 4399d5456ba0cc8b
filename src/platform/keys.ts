import {
  createCipheriv, createDecipheriv, createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync,
  type KeyObject, randomBytes, sign, timingSafeEqual, verify,
} from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What keys are for. Each purpose has keys of its own; of several, the one with the highest figure is the present one. */
export type KeyPurpose = 'data' | 'index' | 'ledger' | 'token';

/** An Ed25519 key under which checkpoints are signed, as C2SP signed-note describes it. */
export interface NoteKey {
  /** Without white space and plus signs; part of what the key id is computed from. */
  readonly name: string;
  /** First four bytes of SHA-256(name, 0x0A, 0x01, public key). */
  readonly id: Buffer;
  /** 32 bytes. */
  readonly publicKey: Buffer;
  /** `name+hex(id)+base64(0x01, public key)`: what a witness or a verifier is given. */
  readonly verifier: string;
}

/**
 * The secrets of an installation. Nothing here leaves the process. Every value that is made names its algorithm and key,
 * so that a later key or another algorithm can stand beside the present one. A key that is added to the folder is the present
 * one within a second, in every process that runs on it; one that is taken away is kept until the process ends.
 */
export interface Keys {
  /**
   * Encrypts under the present data key with AES-256-GCM.
   * Layout: 0x01 format, 0x01 algorithm, 4 bytes key id, 12 bytes nonce, ciphertext, 16 bytes tag.
   * @param context what the value belongs to, such as `contact.phone`; the same must be said to open it.
   */
  seal(text: string, context?: string): Buffer;
  /** Opens what `seal` made, under whichever key it names. @throws SealError when the key is not here or a byte was changed. */
  open(sealed: Uint8Array, context?: string): string;
  /** True when `sealed` was not made under the present data key: seal it anew when it is next written. */
  isStale(sealed: Uint8Array): boolean;
  /**
   * Finds a sealed value again without opening all of them: 0x01 algorithm (HMAC-SHA-256), 4 bytes key id, 32 bytes.
   * Equal texts of one purpose give equal bytes; purposes do not mix.
   */
  blindIndex(purpose: string, text: string): Buffer;
  /** 32 bytes of HMAC-SHA-256 over purpose and text under the present token key: signed links, cursors, form marks. */
  mark(purpose: string, text: string): Buffer;
  /** True when `mark` made these bytes under the present token key or an earlier one that is still kept. Constant time. */
  isMark(purpose: string, text: string, mark: Uint8Array): boolean;
  /** The present key of the ledger. */
  readonly ledger: NoteKey;
  /** All keys that checkpoints were ever signed with, the present one last. */
  readonly ledgerKeys: readonly NoteKey[];
  /** Ed25519 signature, 64 bytes. @param by one of `ledgerKeys`, so that what is signed and what names the key agree. @throws for another */
  sign(message: Uint8Array, by: Pick<NoteKey, 'verifier'>): Buffer;
  /** Names the present data and index keys: kept in the database, it tells a folder of other keys apart. No secret. */
  readonly fingerprint: string;
}

/** A sealed value that cannot be opened. */
export class SealError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SealError';
  }
}

interface KeyFile {
  readonly kind: 'aes-256-gcm' | 'hmac-sha-256' | 'ed25519';
  readonly name?: string;
  readonly key: string;
}

const kinds: Readonly<Record<KeyPurpose, KeyFile['kind']>> = {
  data: 'aes-256-gcm', index: 'hmac-sha-256', ledger: 'ed25519', token: 'hmac-sha-256',
};

const fresh = (purpose: KeyPurpose): KeyFile => {
  if (purpose !== 'ledger') return { kind: kinds[purpose], key: randomBytes(32).toString('base64') };
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    kind: 'ed25519', name: `lamplight-${randomBytes(4).toString('hex')}`,
    key: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  };
};

/** Writes a key file that is whole or absent; false when a file of that name is already there. */
const place = (folder: string, name: string, file: KeyFile): boolean => {
  const path = join(folder, name);
  const temporary = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
  const fd = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(fd, `${JSON.stringify(file)}\n`);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  try {
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
};

const figuresOf = (folder: string, purpose: KeyPurpose): number[] =>
  readdirSync(folder)
    .map((name) => new RegExp(`^${purpose}-(\\d{4})\\.json$`).exec(name))
    .filter((found) => found !== null)
    .map((found) => Number(found[1]))
    .sort((a, b) => a - b);

const fileName = (purpose: KeyPurpose, figure: number): string => `${purpose}-${String(figure).padStart(4, '0')}.json`;

const read = (folder: string, purpose: KeyPurpose, figure: number): KeyFile => {
  const path = join(folder, fileName(purpose, figure));
  chmodSync(path, 0o600);
  const file = JSON.parse(readFileSync(path, 'utf8')) as Partial<KeyFile>;
  if (file.kind !== kinds[purpose] || typeof file.key !== 'string')
    throw new Error(`${path}: not a key for ${kinds[purpose]}; put the file back from the copy that was kept apart`);
  return file as KeyFile;
};

/** Milliseconds between looks for added keys, where a value does not say that one is missing. */
const lookEvery = 1_000;

/** The keys of a purpose, by figure: those that were there, and those that came since. The first is made where there is none. */
const keysOf = <Key>(folder: string, purpose: KeyPurpose, keyOf: (file: KeyFile) => Key) => {
  if (figuresOf(folder, purpose).length === 0) place(folder, fileName(purpose, 1), fresh(purpose));
  const known = new Map<number, Key>();
  const take = (): void => { for (const figure of figuresOf(folder, purpose)) if (!known.has(figure)) known.set(figure, keyOf(read(folder, purpose, figure))); };
  take();
  let all = [...known.values()];
  let looked = performance.now();
  return {
    /** The present one last. @param now looks even if it has just looked */
    all(now = false): readonly Key[] {
      if (!now && performance.now() - looked < lookEvery) return all;
      looked = performance.now();
      // A folder that is away for a moment, or a file that is being put there, is looked at again the next time.
      try { take(); } catch { return all; }
      all = [...known].sort(([one], [other]) => one - other).map(([, key]) => key);
      return all;
    },
  };
};

const idOf = (key: Buffer): Buffer => createHash('sha256').update('lamplight key id\n').update(key).digest().subarray(0, 4);

const noteKeyOf = (file: KeyFile): NoteKey & { readonly privateKey: KeyObject } => {
  const privateKey = createPrivateKey({ key: Buffer.from(file.key, 'base64'), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
  const name = file.name ?? 'lamplight';
  const typed = Buffer.concat([Buffer.of(1), publicKey]);
  const id = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  return { name, id, publicKey, verifier: `${name}+${id.toString('hex')}+${typed.toString('base64')}`, privateKey };
};

/** RFC 8410 SubjectPublicKeyInfo of Ed25519, before the 32 bytes of the key. */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Checks an Ed25519 signature with nothing but the 32 bytes of a public key. */
export const isSignedBy = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  publicKey.length === 32 && signature.length === 64 &&
  verify(null, message, createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' }), signature);

/**
 * Adds a key that is the present one within a second, also in processes that run; earlier keys stay and go on opening what they sealed.
 * An index key cannot be followed by another without computing every index anew, so it is not offered.
 * @returns the name of the new file.
 */
export const addKey = (folder: string, purpose: Exclude<KeyPurpose, 'index'>): string => {
  for (;;) {
    const name = fileName(purpose, (figuresOf(folder, purpose).at(-1) ?? 0) + 1);
    if (place(folder, name, fresh(purpose))) return name;
  }
};

const header = 6;

/**
 * Opens the keys of a folder and makes those that are missing. The folder is 0700, each file 0600, one key a file, so that
 * two processes that start at once agree and an operator can copy or withdraw a single key.
 * @throws when a file is there but is no key.
 */
export const openKeys = (folder: string): Keys => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const bytesOf = (purpose: KeyPurpose) => (file: KeyFile): Buffer => {
    const key = Buffer.from(file.key, 'base64');
    if (key.length !== 32) throw new Error(`${folder}: a key for ${purpose} has ${key.length} bytes, 32 are needed`);
    return key;
  };
  const data = keysOf(folder, 'data', (file) => { const key = bytesOf('data')(file); return { id: idOf(key), key }; });
  const indexKey = keysOf(folder, 'index', bytesOf('index')).all().at(-1)!;
  const indexHead = Buffer.concat([Buffer.of(1), idOf(indexKey)]);
  const tokens = keysOf(folder, 'token', bytesOf('token'));
  const notes = keysOf(folder, 'ledger', noteKeyOf);
  const publicOf = ({ name, id, publicKey, verifier }: NoteKey): NoteKey => ({ name, id, publicKey, verifier });

  const hmac = (key: Buffer, purpose: string, text: string): Buffer =>
    createHmac('sha256', key).update(`${purpose.length}:${purpose}:`).update(text).digest();

  return {
    seal(text, context = '') {
      const present = data.all().at(-1)!;
      const head = Buffer.concat([Buffer.of(1, 1), present.id]);
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', present.key, nonce);
      cipher.setAAD(Buffer.concat([head, Buffer.from(context)]));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([head, nonce, body, cipher.getAuthTag()]);
    },
    open(sealed, context = '') {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      if (bytes.length < header + 28 || bytes[0] !== 1 || bytes[1] !== 1) throw new SealError('not a sealed value of a known format');
      const id = bytes.subarray(2, header);
      const named = (key: { readonly id: Buffer }): boolean => key.id.equals(id);
      const found = data.all().find(named) ?? data.all(true).find(named);
      if (!found) throw new SealError(`sealed under key ${id.toString('hex')}, which is not in the folder of keys`);
      const decipher = createDecipheriv('aes-256-gcm', found.key, bytes.subarray(header, header + 12));
      decipher.setAAD(Buffer.concat([bytes.subarray(0, header), Buffer.from(context)]));
      decipher.setAuthTag(bytes.subarray(-16));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(header + 12, -16)), decipher.final()]).toString('utf8');
      } catch {
        throw new SealError('a sealed value was changed, or belongs to something else');
      }
    },
    isStale: (sealed) => !data.all().at(-1)!.id.equals(sealed.subarray(2, header)),
    blindIndex: (purpose, text) => Buffer.concat([indexHead, hmac(indexKey, purpose, text)]),
    mark: (purpose, text) => hmac(tokens.all().at(-1)!, purpose, text),
    isMark: (purpose, text, mark) =>
      mark.length === 32 && tokens.all().some((key) => timingSafeEqual(hmac(key, purpose, text), mark)),
    // Looked for each time: what another process has signed a moment ago must not look like a stranger's.
    get ledger() { return publicOf(notes.all(true).at(-1)!); },
    get ledgerKeys() { return notes.all(true).map(publicOf); },
    sign(message, by) {
      const key = notes.all().find(({ verifier }) => verifier === by.verifier);
      if (!key) throw new Error(`no ledger key ${by.verifier} is here`);
      return sign(null, message, key.privateKey);
    },
    get fingerprint() { return createHash('sha256').update(data.all().at(-1)!.id).update(indexHead).digest('hex').slice(0, 16); },
  };
};
