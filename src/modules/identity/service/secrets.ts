import { argon2, createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';

/** Argon2id as OWASP's password storage sheet sets it for 19 MiB: memory in KiB, passes, lanes. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;

const derive = (password: string, salt: Uint8Array, { memory, passes, parallelism, tagLength }: typeof cost | Cost): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    argon2('argon2id', { message: password.normalize('NFC'), nonce: salt, memory, passes, parallelism, tagLength }, (error, key) =>
      error ? reject(error) : resolve(key));
  });

interface Cost { readonly memory: number; readonly passes: number; readonly parallelism: number; readonly tagLength: number }

/** How many hashes run at once: each takes 19 MiB and a thread that file reading needs too. */
const lanes = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Above this many in the queue a sign-in is refused rather than kept waiting. */
const queueLimit = 200;
let running = 0;
const waiting: (() => void)[] = [];

/** True while so many passwords wait to be checked that one more would wait for longer than people do. */
export const passwordsBusy = (): boolean => waiting.length >= queueLimit;

/** Runs `work` when a lane for hashing is free. */
export const inLane = async <T>(work: () => Promise<T>): Promise<T> => {
  if (running >= lanes) await new Promise<void>((resolve) => waiting.push(resolve));
  else running++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

/** Hashes a password with Argon2id (RFC 9106), written as a PHC string that names its own cost. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(salt)}$${base64(key)}`;
};

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** A hash of nothing that anyone knows: checked where there is no account, so that the answer takes as long. */
const nobodys = `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${base64(Buffer.alloc(16, 7))}$${base64(Buffer.alloc(32, 7))}`;

/** Whether the password is the one that was hashed; takes as long, and is false, where there is none. */
export const isPassword = async (password: string, hash: string | null): Promise<boolean> => {
  const found = phc.exec(hash ?? nobodys);
  if (!found) return false;
  const key = Buffer.from(found[5]!, 'base64');
  const derived = await derive(password, Buffer.from(found[4]!, 'base64'),
    { memory: Number(found[1]), passes: Number(found[2]), parallelism: Number(found[3]), tagLength: key.length });
  return timingSafeEqual(derived, key) && hash !== null;
};

/** True when the hash was made at another cost than today's: hash the password anew, now that it is known. */
export const isOutdated = (hash: string): boolean => {
  const found = phc.exec(hash);
  return !found || Number(found[1]) !== cost.memory || Number(found[2]) !== cost.passes || Number(found[3]) !== cost.parallelism;
};

/**
 * A secret of 256 bits that is told once and kept as its digest only: 43 characters of base64url. Always from the
 * operating system's generator: a demo's repeatable source makes ids, never secrets.
 */
export const randomToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256 of a token: what the database keeps. A token has 256 random bits, so no salt and no slow hash is needed. */
export const tokenDigest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Six figures, each code as likely as any other. */
export const sixFigures = (): string => String(randomInt(1_000_000)).padStart(6, '0');
