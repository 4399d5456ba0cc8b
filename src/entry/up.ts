import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, statSync, renameSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fill, type Language, type Params, say } from '../base/text/language.ts';
import { type Config } from '../platform/config.ts';
import { table } from '../platform/command/command.ts';
import { findRunAs } from '../platform/database/binaries.ts';
import { openDatabase } from '../platform/database/database.ts';
import { lockFolder } from '../platform/database/lock.ts';
import { isAlive, until } from '../platform/database/postmaster.ts';
import { openSeat, type Seat } from '../platform/database/seat.ts';
import { textsOf } from '../platform/texts.ts';
import type { FromChild, ToChild } from './child.ts';
import { freePort } from './ports.ts';
import type { Serving } from './server.ts';
import { migrationsFolder, root, seedingFact } from './world.ts';

/** A start that did not come to be; the message is the one line that people read. */
export class StartFailed extends Error {}

export interface UpOptions {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly language: Language;
  out(line: string): void;
  err(line: string): void;
  readonly signal: AbortSignal;
}

const childFile = join(import.meta.dirname, 'child.ts');

const withoutStack = (words: string): string => words.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line)).join('\n').slice(0, 1_500);

/** Builds the web ends where their sources changed; a process of its own, because the builder is large and blocks. */
const buildWeb = (signal: AbortSignal, onBuilding: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    const tool = join(root, 'tools/web.ts');
    if (!existsSync(tool)) return resolve();
    if (!existsSync(join(root, 'dist/web'))) onBuilding();
    const child = spawn(process.execPath, [...process.execArgv, tool], {
      cwd: root, stdio: ['ignore', 'ignore', 'pipe'], signal, env: { ...process.env, NO_COLOR: '1' },
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => { words += chunk.toString('utf8'); });
    child.once('error', (error) => (signal.aborted ? resolve() : reject(error)));
    child.once('close', (code) => (code === 0 || signal.aborted ? resolve() : reject(new StartFailed(`tools/web.ts: ${withoutStack(words)}`))));
  });

/** A demo that was cut short while it was made is worth nothing: everything in it goes, the schema stays. */
export const clearHalfMade = async (ownerUrl: string, onClear: () => void): Promise<void> => {
  const owner = openDatabase(ownerUrl, { max: 1 });
  try {
    if ((await owner.query('select from installation where fact = $1', [seedingFact])).length === 0) return;
    onClear();
    const tables = await owner.query<{ name: string }>(
      `select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'migration'`);
    await owner.query(`truncate ${tables.map(({ name }) => name).join(', ')} restart identity`);
  } finally {
    await owner.close();
  }
};

/** The process that serves: started, started again when it ends by itself, stopped. */
class Server {
  readonly #config: Config;
  readonly #env: NodeJS.ProcessEnv;
  readonly #log: number;
  #child: ChildProcess;
  #stopping = false;
  #start: ToChild | undefined;
  #quickEnds = 0;
  readonly #on: { message(message: FromChild): void; restart(): void; lost(): void };

  constructor(config: Config, env: NodeJS.ProcessEnv, log: number, on: { message(message: FromChild): void; restart(): void; lost(): void }) {
    this.#config = config;
    this.#env = env;
    this.#log = log;
    this.#on = on;
    this.#child = this.#fork();
  }

  #fork(): ChildProcess {
    const startedAt = performance.now();
    const child = fork(childFile, [this.#config.data], { cwd: root, env: this.#env, stdio: ['ignore', this.#log, 'inherit', 'ipc'] });
    void writeFile(join(this.#config.data, 'server.pid'), `${child.pid}\n`, { mode: 0o600 });
    child.on('message', (message: FromChild) => this.#on.message(message));
    child.once('exit', () => {
      if (this.#stopping || !this.#start) return;
      this.#quickEnds = performance.now() - startedAt < 5_000 ? this.#quickEnds + 1 : 0;
      if (this.#quickEnds >= 3) return this.#on.lost();
      this.#on.restart();
      this.#child = this.#fork();
      this.#child.send(this.#start);
    });
    return child;
  }

  start(databaseUrl: string, demo: boolean): void {
    this.#start = { say: 'start', databaseUrl, demo };
    this.#child.send(this.#start);
  }

  /** Lets requests end within `withinMs`, then ends it. */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.connected) child.send({ say: 'stop' } satisfies ToChild, () => {});
    const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
    await gone;
    clearTimeout(timer);
  }
}

/** The server that an `up` which was killed left behind, proven ours by its command line, gives the port up. */
const endLeftServer = async (config: Config): Promise<void> => {
  const pid = Number(await readFile(join(config.data, 'server.pid'), 'utf8').catch(() => ''));
  if (!(pid > 1) || !isAlive(pid)) return;
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  // It ends by itself once it notices; only where its loop is blocked it has to be ended.
  if (await until(() => !isAlive(pid), 1_500)) return;
  if (command.includes(childFile) && command.includes(config.data)) {
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid), 1_000);
  }
};

/** The log of the served process: continued, and put aside once it has 50 MB. */
const openLog = (config: Config): { fd: number; path: string } => {
  const path = join(config.data, 'server.log');
  if (existsSync(path) && statSync(path).size > 50_000_000) renameSync(path, `${path}.1`);
  return { fd: openSync(path, 'a', 0o600), path };
};

const startTable = (text: (key: string, params?: Params) => string, config: Config, seat: Seat, address: string, demo: Serving['demo'], log: string, language: Language): string[] => {
  const ends = [
    ['up.resident', '/'], ['up.elder', '/elder'], ['up.field', '/field/'], ['up.console', '/console/'], ['up.api', '/api/'], ['up.metrics', '/metrics'],
  ] as const;
  const place = seat.moved ? `${seat.where} ${text('up.moved', { user: findRunAs()?.name ?? '' })}` : seat.where;
  return [
    text('up.title'), '',
    ...table([
      ...ends.map(([key, path]) => [`  ${text(key)}`, `${address}${path}`]),
      [`  ${text('up.data')}`, config.data],
      [`  ${text('up.database')}`, place],
      [`  ${text('up.log')}`, log],
    ]),
    ...(demo ? [
      '', text('up.logins', { password: demo.password }),
      ...table(demo.logins.map(({ account, role, end }) => [`  ${account}`, role[language], `${address}${end}`])),
    ] : []),
  ];
};

/**
 * Starts everything on this machine and stays until the signal: database, migrations, demo, web ends, server. Prints one table.
 * @throws StartFailed, FolderTaken, or an Error whose message is the line to show.
 */
export const up = async ({ config: asked, env, language, out, err, signal }: UpOptions): Promise<void> => {
  const text = (key: string, params: Params = {}): string => fill(say(textsOf('commands'), language, key), params);
  await mkdir(asked.data, { recursive: true, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw new StartFailed(text('up.data_closed', { folder: asked.data, code: error.code ?? '' }));
  });
  // Tried before anything is started, so that a second copy says so at once; the seat takes the lock for good.
  (await lockFolder(asked.data, 'lamplight up'))();
  let port = await freePort(asked.host, asked.port);
  if (port === null) {
    await endLeftServer(asked);
    port = await freePort(asked.host, asked.port);
  }
  if (port === null) throw new StartFailed(text('up.port_taken', { host: asked.host, port: asked.port }));
  const config = { ...asked, port };

  const log = openLog(config);
  let failed: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => { failed = reject; });
  failure.catch(() => {});
  let ready: (at: Pick<Serving, 'address' | 'demo'>) => void = () => {};
  const isReady = new Promise<Pick<Serving, 'address' | 'demo'>>((resolve) => { ready = resolve; });
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

  let toldAt = Number.NEGATIVE_INFINITY;
  const { DATABASE_OWNER_URL: _, DATABASE_URL: __, ...rest } = env;
  const server = new Server(config, { ...rest, LAMPLIGHT_PORT: String(port) }, log.fd, {
    message(message) {
      if (message.say === 'ready') ready(message);
      else if (message.say === 'progress') {
        // A demo tells of every day that it plays; people want to see that it goes on, not each of them.
        if (message.step === 'line' && performance.now() - toldAt < 2_000) return;
        toldAt = performance.now();
        err(message.step === 'seeding' ? text('up.seeding') : message.line);
      }
      else failed(new StartFailed(
        message.name === 'EADDRINUSE' ? text('up.port_taken', { host: config.host, port })
          : message.name === 'BeyondLoopback' ? text('up.beyond_loopback', { host: config.host }) : message.line));
    },
    restart: () => err(text('up.server_back')),
    lost: () => failed(new StartFailed(text('up.server_lost', { log: log.path }))),
  });
  let seat: Seat | undefined;
  const opening = (async (): Promise<Seat> => {
    seat = await openSeat(config, migrationsFolder, {
      who: 'lamplight up', alone: true,
      onRestart: () => err(text('up.database_back')), onError: (error) => err(error.message),
    });
    const applied = await seat.migrate(Date.now);
    if (applied.length > 0) err(text('up.migrated', { count: applied.length }));
    await clearHalfMade(seat.owner ?? seat.app, () => err(text('up.reseeding')));
    return seat;
  })();
  const work = async (): Promise<void> => {
    const building = buildWeb(signal, () => err(text('up.building')));
    const [opened] = await Promise.all([opening, building]);
    if (signal.aborted) return;
    server.start(opened.app, config.demo ?? true);
    const { address, demo } = await isReady;
    for (const line of startTable(text, config, opened, address, demo, log.path, language)) out(line);
    await aborted;
  };
  try {
    await Promise.race([work(), failure, aborted]);
  } finally {
    if (signal.aborted) err(text('up.stopping'));
    await server.stop(3_000);
    // A start that is still under way must not leave a database behind that nobody stops.
    await opening.catch(() => {});
    await seat?.close(1_500);
    closeSync(log.fd);
  }
};

