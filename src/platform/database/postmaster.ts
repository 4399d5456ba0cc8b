import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What `postmaster.pid` of a data folder says. */
export interface Postmaster {
  readonly pid: number;
  /** `starting`, `ready`, `stopping` or `standby`; empty while the file is being written. */
  readonly status: string;
}

/** Reads `postmaster.pid`; undefined where no server runs or ran. The status is on its eighth line (miscadmin.h, LOCK_FILE_LINE_PM_STATUS). */
export const readPostmaster = async (folder: string): Promise<Postmaster | undefined> => {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => undefined);
  const lines = text?.split('\n') ?? [];
  const pid = Math.abs(Number(lines[0]));
  return Number.isInteger(pid) && pid > 1 ? { pid, status: lines[7]?.trim() ?? '' } : undefined;
};

/** True while a process of this number exists, whoever owns it. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

const commandOf = async (pid: number): Promise<string> => {
  const proc = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return proc?.replaceAll('\0', ' ') ?? spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
};

/**
 * True when the process is a PostgreSQL server on exactly this data folder, as its own command line says. Numbers of
 * processes are used again, so a file alone proves nothing.
 */
export const isPostmasterOf = async (pid: number, folder: string): Promise<boolean> => {
  if (!isAlive(pid)) return false;
  const command = await commandOf(pid);
  return /(^|\/)postgres /.test(command) && `${command} `.includes(` -D ${folder} `);
};

/**
 * Makes a `postmaster.pid` whose number now belongs to some other program no obstacle. The file stays, because PostgreSQL
 * reads the shared memory segment from it and refuses while a left-over child still uses that; only the number is replaced
 * by our own, which the server, being our child, takes for stale (postgres, CreateLockFile).
 */
export const disownPostmaster = async (folder: string): Promise<void> => {
  const path = join(folder, 'postmaster.pid');
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined) await writeFile(path, text.replace(/^-?\d+/, String(process.pid)));
};

/** Waits until `done` holds, looking every `everyMs`; false when it did not within `withinMs`. */
export const until = async (done: () => Promise<boolean> | boolean, withinMs: number, everyMs = 20): Promise<boolean> => {
  const end = performance.now() + withinMs;
  for (;;) {
    if (await done()) return true;
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};

/** Resolves when a process is gone. Watching keeps nobody alive: a command that is done ends beside a running server. */
export const untilGone = (pid: number, everyMs = 200): Promise<void> =>
  new Promise((resolve) => {
    const watch = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(watch);
      resolve();
    }, everyMs).unref();
  });
