import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { theSystem } from '../../src/base/actor.ts';
import { isRefusal, type Result } from '../../src/base/result.ts';
import { buildTown } from '../../src/demo/seed.ts';
import { readDemoTown } from '../../src/demo/town-data.ts';
import { type Modules, openModules } from '../../src/entry/town/modules.ts';
import { freePort } from '../../src/entry/ports.ts';
import type { FromChild, ToChild } from '../../src/entry/child.ts';
import { migrationsFolder, openWorld, root } from '../../src/entry/world.ts';
import { readConfig } from '../../src/platform/config.ts';
import { type Database, openDatabase } from '../../src/platform/database/database.ts';
import { type Embedded, type EmbeddedPlace, findEmbedded, findEmbeddedPlace, startEmbedded } from '../../src/platform/database/embedded.ts';
import { migrate, readMigrations } from '../../src/platform/database/migrations.ts';

export const county = readDemoTown().county.code;

/** Programs of the town, each with one role; two keepers of the lighting unit want the same cases. */
const cast = [
  ['collector', 'collector', 'centre'], ['intake', 'intake', 'centre'], ['keeper', 'unithandler', 'lighting'],
  ['rival', 'unithandler', 'lighting'], ['verifier', 'collector', 'centre'],
] as const;
export type Part = (typeof cast)[number][0];

export const done = <T>(result: Result<T>): T => {
  if (isRefusal(result)) throw new Error(JSON.stringify(result));
  return result;
};

/** The server as `up` runs it: a process of its own, killed and started again at the same port. */
export interface Served {
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** A town on a database of its own, durable as it ships, with what makes faults in it. */
export interface House {
  readonly owner: Database;
  /** Modules of this process, for looking at what is there; their own work is not started. */
  readonly modules: Modules;
  readonly tokens: Readonly<Record<Part, string>>;
  readonly accounts: ReadonlySet<string>;
  /** A resident for whom is reported, so that there is somebody to write to. */
  readonly contact: string;
  /** Row of the code table for a lamp that does not burn. */
  readonly row: string;
  /** @param fileKiB KiB beyond which no file that the process writes may grow. */
  serve(fileKiB?: number): Promise<Served>;
  readonly database: {
    kill(): Promise<void>;
    stop(): Promise<void>;
    start(): Promise<void>;
  };
  close(): Promise<void>;
}

const childFile = resolve(import.meta.dirname, '../../src/entry/child.ts');

const serverOf = async (data: string, databaseUrl: string, children: Set<ChildProcess>, fileKiB: number | undefined): Promise<Served> => {
  const port = (await freePort('127.0.0.1', 0))!;
  const { DATABASE_URL: _, DATABASE_OWNER_URL: __, ...env } = process.env;
  const logPath = join(data, `server-${port}.log`);
  let child: ChildProcess | undefined;
  const ended = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child;
    child = undefined;
    if (!ending) return;
    const gone = ending.exitCode === null && ending.signalCode === null ? once(ending, 'exit') : undefined;
    ending.kill(signal);
    await gone;
    children.delete(ending);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    async start() {
      const log = await open(logPath, 'a');
      // POSIX counts in blocks of 512 bytes.
      const limit = fileKiB === undefined ? '' : `ulimit -f ${fileKiB * 2}; `;
      const starting = child = spawn('sh', ['-c', `${limit}exec "$0" --disable-warning=ExperimentalWarning "$1"`, process.execPath, childFile], {
        cwd: root, stdio: ['ignore', log.fd, log.fd, 'ipc'],
        env: { ...env, LAMPLIGHT_DATA: data, LAMPLIGHT_PORT: String(port), LAMPLIGHT_LOG: 'error', LAMPLIGHT_DEMO: '1',
          // One town, however many processes serve it: what they answer is the same to the letter.
          LAMPLIGHT_URL: 'http://127.0.0.1:8300',
        },
      });
      await log.close();
      children.add(starting);
      await new Promise<void>((ready, reject) => {
        const fail = (words: string): void => void readFile(logPath, 'utf8').then((text) => reject(new Error(`${words}\n${text.slice(-2_000)}`)));
        starting.on('message', (message: FromChild) => {
          if (message.say === 'ready') ready();
          else if (message.say === 'failed') fail(message.line);
        });
        starting.once('exit', (code, signal) => fail(`the server ended with ${code ?? signal}`));
        starting.send({ say: 'start', databaseUrl, demo: true } satisfies ToChild);
      });
    },
    kill: () => ended('SIGKILL'),
    stop: () => ended('SIGTERM'),
  };
};

const keepDatabase = async (place: EmbeddedPlace) => {
  let running: Embedded = await startEmbedded(place, { durable: true });
  return {
    urls: await Promise.all([running.url('lamplight_owner'), running.url('lamplight_app')]),
    async kill() {
      process.kill(running.pid, 'SIGKILL');
      await running.gone;
    },
    stop: () => running.stop(),
    async start() { running = await startEmbedded(place, { durable: true }); },
  };
};

const castOf = async ({ identity }: Modules): Promise<Pick<House, 'tokens' | 'accounts'>> => {
  const tokens: Partial<Record<Part, string>> = {};
  const accounts = new Set<string>();
  for (const [part, role, unit] of cast) {
    const { account } = done(await identity.accounts.create(theSystem, county, { kind: 'program', login: `faults-${part}`, name: part }));
    done(await identity.accounts.grant(theSystem, county, account.id, { role, unit, place: '' }));
    tokens[part] = done(await identity.accounts.makeToken(theSystem, account.id, { name: 'faults', roles: [role], days: 1 })).token;
    accounts.add(account.id);
  }
  return { tokens: tokens as Record<Part, string>, accounts };
};

/** A fresh database with the schema, durable as it ships, in a data folder of its own; `undo` is done in reverse when it closes. */
export const openBareDatabase = async () => {
  const data = await mkdtemp(join(tmpdir(), `lamplight-test-${process.pid}-`));
  const place = await findEmbeddedPlace(data);
  const undo: (() => Promise<void>)[] = [async () => {
    await (await findEmbedded(place))?.stop(2_000);
    // As root, what PostgreSQL's user could not reach in the folder went elsewhere.
    for (const folder of new Set([data, dirname(place.folder), dirname(place.sockets)]))
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const database = await keepDatabase(place);
    await migrate(database.urls[0]!, { name: 'lamplight_app' }, await readMigrations(migrationsFolder), Date.now);
    return { data, database, undo, close };
  } catch (error) {
    await close();
    throw error;
  }
};

/** Builds the demo town, without a history, on a fresh database. */
export const openHouse = async (): Promise<House> => {
  const { data, database, undo, close: closeDatabase } = await openBareDatabase();
  const children = new Set<ChildProcess>();
  const close = async (): Promise<void> => {
    for (const child of children) child.kill('SIGKILL');
    await closeDatabase();
  };
  try {
    const [ownerUrl, app] = database.urls as [string, string];
    const world = await openWorld(readConfig({ LAMPLIGHT_DATA: data, LAMPLIGHT_LOG: 'silent', DATABASE_URL: app }, root), app, true);
    undo.push(() => world.close());
    const modules = await openModules(world);
    await buildTown(modules, 'faults');
    const owner = openDatabase(ownerUrl, { max: 2 });
    undo.push(() => owner.close());
    const { catalogue, matters, ledger } = modules;
    const people = await castOf(modules);
    const contact = done(await modules.identity.contacts.contactByPhone(world.db, county, '13900000918', 'zh-Hans'));
    const lamp = catalogue.rows(county, catalogue.currentVersion(county, world.now())!).find(({ key, limit }) => key.startsWith('C0137') && limit !== null);
    await matters.drain();
    await ledger.sequencer.drain();
    return { owner, modules, database, ...people, contact: contact.id, row: lamp!.key, serve: (fileKiB) => serverOf(data, app, children, fileKiB), close };
  } catch (error) {
    await close();
    throw error;
  }
};
