import { type SpawnOptions, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, open, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { type Binaries, canReach, findBinaries, findRunAs, type RunAs } from './binaries.ts';
import { disownPostmaster, isAlive, isPostmasterOf, readPostmaster, until, untilGone } from './postmaster.ts';

/** The roles of an installation: who makes roles and databases, who migrates, who serves. */
export const roles = ['postgres', 'lamplight_owner', 'lamplight_app'] as const;
export type Role = (typeof roles)[number];

/** Where the embedded database of a data folder lives. */
export interface EmbeddedPlace {
  /** LAMPLIGHT_DATA. */
  readonly data: string;
  /** PostgreSQL's own folder; elsewhere than in `data` where PostgreSQL's user could not reach it. */
  readonly folder: string;
  /** Folder of the UNIX socket. There is no TCP port: none can be taken, none can be reached from outside. */
  readonly sockets: string;
  readonly runAs: RunAs | null;
  readonly binaries: Binaries;
  /** True when `folder` is not inside `data`. */
  readonly moved: boolean;
}

/** A running embedded database. */
export interface Embedded {
  readonly place: EmbeddedPlace;
  readonly pid: number;
  /** True when it was found running and not started by this call. */
  readonly adopted: boolean;
  /** Address of a database for a role; the file of the role's password is read here. */
  url(role: Role, database?: string): Promise<string>;
  /**
   * Stops the server within about `withinMs`: first by closing its sessions and writing a checkpoint, then at once, which
   * loses nothing and makes the next start read its log.
   */
  stop(withinMs?: number): Promise<void>;
  /** Resolves when the server is gone, whoever ended it. */
  readonly gone: Promise<void>;
}

export interface EmbeddedOptions {
  /** False only for tests: speed for a database that nobody misses. */
  readonly durable?: boolean;
  readonly maxConnections?: number;
}

const digest8 = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/**
 * Settles where the database of a data folder lives, and makes the data folder, 0700. As root a closed data folder is given to
 * PostgreSQL's user, who could not enter it otherwise; where a folder above is closed to that user, the database goes to
 * `/var/lib/lamplight-…`.
 */
export const findEmbeddedPlace = async (data: string): Promise<EmbeddedPlace> => {
  const runAs = findRunAs();
  await mkdir(data, { recursive: true, mode: 0o700 });
  if (runAs && !canReach(data, runAs) && canReach(dirname(data), runAs) && (await stat(data)).uid === 0) await chown(data, runAs.uid, runAs.gid);
  const elsewhere = `/var/lib/lamplight-${digest8(data)}`;
  const moved = !canReach(data, runAs);
  const home = moved ? elsewhere : data;
  const socketInHome = join(home, 'socket');
  // A socket's path may have 107 bytes on Linux and 103 on macOS, the file's own name included.
  const sockets = Buffer.byteLength(socketInHome) <= 85 ? socketInHome
    : join(runAs ? elsewhere : `/tmp/lamplight-${process.getuid?.()}-${digest8(data)}`, 'socket');
  const binaries = await findBinaries(runAs, elsewhere);
  for (const folder of new Set([...(home === data ? [] : [home]), dirname(sockets), sockets])) {
    if (folder === data) continue;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await lstat(folder);
    // Checked before it is given away: in /tmp anybody may have put a link there first.
    if (!found.isDirectory() || ![process.getuid?.(), runAs?.uid].includes(found.uid)) throw new Error(`${folder} belongs to somebody else; remove it or set LAMPLIGHT_DATA`);
    if (runAs) await chown(folder, runAs.uid, runAs.gid);
  }
  return { data, folder: join(home, 'database'), sockets, runAs, binaries, moved };
};

const passwordFile = (place: EmbeddedPlace, role: Role): string => join(place.data, 'roles', role);

const password = async (place: EmbeddedPlace, role: Role): Promise<string> =>
  (await readFile(passwordFile(place, role), 'utf8')).trim();

const makePasswords = async (place: EmbeddedPlace): Promise<void> => {
  await mkdir(join(place.data, 'roles'), { recursive: true, mode: 0o700 });
  for (const role of roles)
    await writeFile(passwordFile(place, role), `${randomBytes(24).toString('hex')}\n`, { flag: 'wx', mode: 0o600 })
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
};

const roleUrl = async (place: EmbeddedPlace, role: Role, database: string): Promise<string> =>
  `postgres://${role}:${await password(place, role)}@localhost/${database}?host=${encodeURIComponent(place.sockets)}`;

const finished = (program: string, args: readonly string[], options: SpawnOptions): Promise<{ code: number | null; words: string }> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => { words += chunk.toString('utf8'); });
    child.once('error', (error) => resolve({ code: null, words: error.message }));
    child.once('close', (code) => resolve({ code, words }));
  });

/** Makes the data folder of PostgreSQL beside its place and moves it there whole, so that a start that was cut short is begun anew. */
const initialise = async (place: EmbeddedPlace, durable: boolean): Promise<void> => {
  const unfinished = `${place.folder}.${randomBytes(4).toString('hex')}`;
  // What an earlier start left behind; an initdb that outlived its parent may still be writing there, which is no matter.
  for (const name of await readdir(dirname(place.folder)))
    if (/^database\.[0-9a-f]{8}$/.test(name)) await rm(join(dirname(place.folder), name), { recursive: true, force: true }).catch(() => {});
  await mkdir(unfinished, { mode: 0o700 });
  const passwordCopy = join(place.sockets, 'initial-password');
  await writeFile(passwordCopy, `${await password(place, 'postgres')}\n`, { mode: 0o600 });
  if (place.runAs) for (const path of [unfinished, passwordCopy]) await chown(path, place.runAs.uid, place.runAs.gid);
  try {
    const run = (locale: string) =>
      finished(place.binaries.initdb, [
        '-D', unfinished, '--username=postgres', `--pwfile=${passwordCopy}`, '--auth=scram-sha-256', '--encoding=UTF8',
        '--locale-provider=builtin', '--builtin-locale=C.UTF-8', `--locale=${locale}`, '--text-search-config=simple',
        ...(durable ? [] : ['--no-sync']),
      ], { cwd: '/', env: serverEnvironment(), ...asUser(place.runAs) });
    let result = await run('C.UTF-8');
    // A C library without C.UTF-8: comparing and classifying is the builtin provider's work all the same.
    if (result.code !== 0 && /locale/.test(result.words)) {
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished, { mode: 0o700 });
      if (place.runAs) await chown(unfinished, place.runAs.uid, place.runAs.gid);
      result = await run('C');
    }
    if (result.code !== 0) throw new Error(`initdb did not make ${place.folder}: ${result.words.trim()}`);
  } finally {
    await unlink(passwordCopy).catch(() => {});
  }
  await rename(unfinished, place.folder);
};

/** PostgreSQL gets no variable of ours: PG… ones of the caller would change what it does. */
const serverEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'] ?? '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C' });

const asUser = (runAs: RunAs | null): { uid?: number; gid?: number } => (runAs ? { uid: runAs.uid, gid: runAs.gid } : {});

const settings = (place: EmbeddedPlace, { durable = true, maxConnections = 200 }: EmbeddedOptions): string[] => [
  'listen_addresses=', `unix_socket_directories=${place.sockets}`, 'unix_socket_permissions=0700',
  `max_connections=${maxConnections}`, 'shared_buffers=256MB', 'max_wal_size=2GB', 'random_page_cost=1.1', 'jit=off',
  'timezone=UTC', 'log_timezone=UTC', 'cluster_name=lamplight', 'log_line_prefix=%m [%p] %u ',
  ...(durable ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'wal_level=minimal', 'max_wal_senders=0', 'autovacuum=off']),
];

/** Makes what is missing of roles and database; run at every start, since an earlier one may have been cut short. */
const ensureRoles = async (place: EmbeddedPlace): Promise<void> => {
  const query = async (database: string, work: (client: pg.Client) => Promise<void>): Promise<void> => {
    const client = new pg.Client({ connectionString: await roleUrl(place, 'postgres', database), connectionTimeoutMillis: 5_000 });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  };
  await query('postgres', async (client) => {
    const found = new Set((await client.query<{ name: string }>(
      `select rolname as name from pg_roles union all select datname from pg_database where datname = 'lamplight'`)).rows.map((row) => row.name));
    for (const role of ['lamplight_owner', 'lamplight_app'] as const)
      if (!found.has(role))
        await client.query(`create role ${role} login nosuperuser password ${client.escapeLiteral(await password(place, role))}`);
    if (found.has('lamplight')) return;
    await client.query('create database lamplight owner lamplight_owner');
  });
};

/** The running server of a place, proven by its command line; undefined where none runs. */
export const findEmbedded = async (place: EmbeddedPlace): Promise<Embedded | undefined> => {
  const found = await readPostmaster(place.folder);
  if (!found || !(await isPostmasterOf(found.pid, place.folder))) return undefined;
  if (!(await until(async () => (await readPostmaster(place.folder))?.status === 'ready' || !isAlive(found.pid), 60_000)))
    throw new Error(`PostgreSQL (process ${found.pid}) on ${place.folder} is not ready after a minute; see database.log beside it`);
  if (!isAlive(found.pid)) return undefined;
  return running(place, found.pid, true, untilGone(found.pid));
};

const running = (place: EmbeddedPlace, pid: number, adopted: boolean, end: Promise<unknown>): Embedded => ({
  place, pid, adopted,
  url: (role, database = 'lamplight') => roleUrl(place, role, database),
  async stop(withinMs = 4_000) {
    for (const [signal, ms] of [['SIGINT', withinMs * 0.75], ['SIGQUIT', withinMs * 0.25], ['SIGKILL', 2_000]] as const) {
      if (!(await isPostmasterOf(pid, place.folder))) return;
      try {
        process.kill(pid, signal);
      } catch {
        return;
      }
      if (await until(() => !isAlive(pid), ms)) return;
    }
  },
  gone: end.then(() => {}),
});

/**
 * Starts the embedded database of a place, or adopts the one that an earlier process left running there. It runs in a
 * process group of its own, so that Ctrl-C in a terminal reaches us first.
 * @throws with the end of the server's log when it does not come up.
 */
export const startEmbedded = async (place: EmbeddedPlace, options: EmbeddedOptions = {}): Promise<Embedded> => {
  await makePasswords(place);
  const orphan = await findEmbedded(place);
  if (orphan) {
    try {
      await ensureRoles(place);
      return orphan;
    } catch {
      // It runs but does not let us in: its folder was moved under it, or its passwords were lost.
      await orphan.stop();
    }
  }
  if (!(await stat(join(place.folder, 'PG_VERSION')).catch(() => undefined))) await initialise(place, options.durable ?? true);
  const logPath = join(place.sockets, '..', 'database.log');
  for (let attempt = 1; ; attempt++) {
    const left = await readPostmaster(place.folder);
    if (left && isAlive(left.pid)) await disownPostmaster(place.folder);
    const log = await open(logPath, 'w', 0o600);
    const child = spawn(place.binaries.postgres, ['-D', place.folder, ...settings(place, options).flatMap((setting) => ['-c', setting])], {
      cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd], env: serverEnvironment(), ...asUser(place.runAs),
    });
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.once('error', () => resolve());
    });
    child.unref();
    await log.close();
    const pid = child.pid;
    let over = pid === undefined;
    void ended.then(() => { over = true; });
    const ready = await until(async () => {
      const found = await readPostmaster(place.folder);
      return over || (found?.pid === pid && found?.status === 'ready');
    }, 60_000, 10);
    if (ready && !over && pid !== undefined) {
      await ensureRoles(place);
      return running(place, pid, false, ended);
    }
    const words = await readFile(logPath, 'utf8').catch(() => '');
    // After a kill -9 its children need a moment to notice that they are orphans.
    if (/still in use|lock file .* already exists/.test(words) && attempt < 50) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    throw new Error(`PostgreSQL did not start in ${place.folder}: ${words.trim().split('\n').slice(-3).join(' | ') || 'it said nothing'}`);
  }
};
