import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another process of ours uses the data folder. */
export class FolderTaken extends Error {
  readonly holder: string;
  constructor(folder: string, holder: string) {
    super(`another copy of Lamplight (${holder}) runs on ${folder}; stop it, or give this one a folder of its own by LAMPLIGHT_DATA`);
    this.name = 'FolderTaken';
    this.holder = holder;
  }
}

/**
 * Takes a data folder for this process. The lock is the operating system's, on a small SQLite file, which is the only way
 * to a file lock that Node has built in: it ends with the process however that ends, so no stale lock can exist.
 * @param who said to whoever comes second, such as `up`.
 * @returns gives the folder back.
 * @throws FolderTaken
 */
export const lockFolder = async (folder: string, who: string): Promise<() => void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const holder = join(folder, 'lamplight.holder');
  const lock = new DatabaseSync(join(folder, 'lamplight.lock'), { timeout: 0 });
  try {
    lock.exec('pragma journal_mode = memory');
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== 5) throw error;
    let words = 'unknown process';
    try {
      words = readFileSync(holder, 'utf8').trim();
    } catch {
      // Taken this very moment: its name is not written yet.
    }
    throw new FolderTaken(folder, words);
  }
  writeFileSync(holder, `${who}, process ${process.pid}\n`, { mode: 0o600 });
  return () => {
    if (lock.isOpen) lock.close();
  };
};
