import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, opendir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Digest, isDigest } from '../base/ids.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../base/result.ts';

/** Bytes by their SHA-256. Who may see them is decided elsewhere: this is a shelf, not a door. */
export interface Blobs {
  /**
   * Keeps bytes. When it answers with a digest they are whole and on the disk (file and folder synced); otherwise nothing
   * of them is left. The same bytes twice are kept once.
   * Refusals: `blobs.full` 503 no space or a limit on file sizes, `blobs.away` 503 the store cannot be reached.
   */
  put(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Result<Digest>>;
  /** The bytes, or undefined where there are none. @throws when they are damaged: the digest is checked. */
  get(digest: Digest): Promise<Buffer | undefined>;
  /** The bytes as a stream with their length, unchecked; undefined where there are none. */
  stream(digest: Digest): Promise<{ readonly bytes: number; readonly body: Readable } | undefined>;
  has(digest: Digest): Promise<boolean>;
  /** Removes bytes for good; true when there were any. */
  delete(digest: Digest): Promise<boolean>;
  /** All that is kept, in no order that means anything; `at` is when it was written last, milliseconds since 1970. */
  list(): AsyncIterable<{ readonly digest: Digest; readonly bytes: number; readonly at: number }>;
}

const full = new Set(['ENOSPC', 'EFBIG', 'EDQUOT']);
const away = new Set(['EACCES', 'EPERM', 'EROFS', 'EIO', 'ENOENT', 'ENOTDIR', 'ESTALE', 'ETIMEDOUT', 'EMFILE', 'ENFILE']);

const refusalOf = (error: unknown): Refusal | undefined => {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === undefined) return undefined;
  if (full.has(code)) return refuse(503, 'blobs.full');
  return away.has(code) ? refuse(503, 'blobs.away') : undefined;
};

const missing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** Without a listener, a file that grows past RLIMIT_FSIZE ends the whole process instead of failing the write with EFBIG. */
const surviveFileLimit = (): void => {
  if (process.listenerCount('SIGXFSZ') === 0 && process.platform !== 'win32') process.on('SIGXFSZ', () => {});
};

/**
 * Opens the store of a folder, `{first two figures}/{next two}/{digest}`, and makes the folder if need be.
 * What an earlier process left unfinished under `incoming/` for more than an hour is removed.
 * @param now the present in milliseconds since 1970.
 */
export const openBlobs = async (folder: string, now: () => number): Promise<Blobs> => {
  surviveFileLimit();
  const incoming = join(folder, 'incoming');
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  for await (const left of await opendir(incoming)) {
    const path = join(incoming, left.name);
    const found = await stat(path).catch(() => undefined);
    if (found && now() - found.mtimeMs > 3_600_000) await rm(path, { force: true });
  }
  const folderOf = (digest: Digest): string => join(folder, digest.slice(0, 2), digest.slice(2, 4));
  const pathOf = (digest: Digest): string => join(folderOf(digest), digest);

  /** The source's own failures are not the store's, whatever code they carry: a caller that hangs up is no full disk. */
  const write = async (source: AsyncIterable<Uint8Array>, path: string): Promise<Digest | Refusal> => {
    const hash = createHash('sha256');
    try {
      const file = await open(path, 'wx', 0o600);
      try {
        let failed: unknown;
        for await (const chunk of source) {
          hash.update(chunk);
          try {
            for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
          } catch (error) {
            failed = error;
            break;
          }
        }
        if (failed) throw new StoreError(failed);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true }).catch(() => {});
      const cause = error instanceof StoreError ? error.cause : error;
      const refusal = refusalOf(cause);
      if (refusal && (error instanceof StoreError || (error as NodeJS.ErrnoException).syscall === 'open')) return refusal;
      throw cause;
    }
    return hash.digest('hex') as Digest;
  };

  return {
    async put(source) {
      const path = join(incoming, randomBytes(16).toString('hex'));
      const digest = await write(source instanceof Uint8Array ? one(source) : source, path);
      if (isRefusal(digest)) return digest;
      try {
        const shelf = folderOf(digest);
        const made = await mkdir(shelf, { recursive: true, mode: 0o700 });
        await rename(path, pathOf(digest));
        await syncFolder(shelf);
        if (made !== undefined) {
          await syncFolder(join(folder, digest.slice(0, 2)));
          await syncFolder(folder);
        }
        return digest;
      } catch (error) {
        await rm(path, { force: true }).catch(() => {});
        const refusal = refusalOf(error);
        if (refusal) return refusal;
        throw error;
      }
    },
    async get(digest) {
      const bytes = await readFile(pathOf(digest)).catch((error: unknown) => {
        if (missing(error)) return undefined;
        throw error;
      });
      if (bytes && createHash('sha256').update(bytes).digest('hex') !== digest)
        throw new Error(`blob ${digest} is damaged on the disk; bring it back from a backup`);
      return bytes;
    },
    async stream(digest) {
      const found = await stat(pathOf(digest)).catch(() => undefined);
      return found && { bytes: found.size, body: createReadStream(pathOf(digest)) };
    },
    has: async (digest) => (await stat(pathOf(digest)).catch(() => undefined)) !== undefined,
    async delete(digest) {
      try {
        await rm(pathOf(digest));
      } catch (error) {
        if (missing(error)) return false;
        throw error;
      }
      await syncFolder(folderOf(digest));
      return true;
    },
    async *list() {
      for await (const entry of await opendir(folder, { recursive: true })) {
        if (!entry.isFile() || !isDigest(entry.name)) continue;
        const found = await stat(pathOf(entry.name)).catch(() => undefined);
        if (found) yield { digest: entry.name, bytes: found.size, at: found.mtimeMs };
      }
    },
  };
};

/** Marks what the disk said, apart from what the source said. */
class StoreError extends Error {
  constructor(cause: unknown) {
    super('blob store', { cause });
  }
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
