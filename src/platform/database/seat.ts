import type { Config } from '../config.ts';
import { type Embedded, findEmbedded, findEmbeddedPlace, startEmbedded } from './embedded.ts';
import { FolderTaken, lockFolder } from './lock.ts';
import { type AppRole, migrate, readMigrations } from './migrations.ts';
import { until } from './postmaster.ts';

/** The database that a process works on, whoever runs it. */
export interface Seat {
  readonly kind: 'embedded' | 'given';
  /** Address for the application's role. */
  readonly app: string;
  /** Address for the owner's role; null where only DATABASE_URL is given to a process that must not migrate. */
  readonly owner: string | null;
  /** In words where the database is, without a password. */
  readonly where: string;
  /** True when PostgreSQL's folder had to go elsewhere than in the data folder. */
  readonly moved: boolean;
  /** Applies pending migrations; the names applied. */
  migrate(now: () => number): Promise<string[]>;
  /** Leaves it; the embedded database is stopped where this process keeps it. */
  close(withinMs?: number): Promise<void>;
}

/** Role and password that an address of a database names. */
export const roleOf = (url: string): AppRole => {
  const { username, password } = new URL(url);
  return { name: decodeURIComponent(username), ...(password && { password: decodeURIComponent(password) }) };
};

const whereOf = (url: string): string => {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? (port ? `${hostname}:${port}` : hostname)}${pathname}`;
};

const given = (app: string, owner: string | null, migrationsFolder: string): Seat => ({
  kind: 'given', app, owner, where: whereOf(app), moved: false,
  migrate: async (now) => migrate(owner ?? app, roleOf(app), await readMigrations(migrationsFolder), now),
  close: async () => {},
});

/** What happens to the database while a process keeps it. */
export interface SeatEvents {
  /** It ended although nobody asked, and is being started again. */
  readonly onRestart?: () => void;
  /** It could not be started again; tried once more after a second. */
  readonly onError?: (error: Error) => void;
}

/**
 * The database of a configuration: the one that DATABASE_URL names, or the embedded one of the data folder. The first
 * process on a data folder keeps the embedded database (starts, restarts and stops it), the others join it while it runs.
 * @param who names this process to a second one.
 * @param alone true where a second process on the folder is a mistake.
 * @throws FolderTaken when `alone` and somebody else is there.
 */
export const openSeat = async (
  config: Pick<Config, 'data' | 'databaseUrl' | 'databaseOwnerUrl'>,
  migrationsFolder: string,
  { who, alone = false, onRestart = () => {}, onError = () => {} }: { who: string; alone?: boolean } & SeatEvents,
): Promise<Seat> => {
  if (config.databaseUrl !== null) {
    const seat = given(config.databaseUrl, config.databaseOwnerUrl, migrationsFolder);
    if (!alone) return seat;
    const unlock = await lockFolder(config.data, who);
    return { ...seat, close: async () => unlock() };
  }
  const place = await findEmbeddedPlace(config.data);
  let unlock: () => void;
  try {
    unlock = await lockFolder(config.data, who);
  } catch (error) {
    if (alone || !(error instanceof FolderTaken)) throw error;
    let running: Embedded | undefined;
    await until(async () => (running = await findEmbedded(place)) !== undefined, 60_000, 100);
    if (!running) throw error;
    const [app, owner] = [await running.url('lamplight_app'), await running.url('lamplight_owner')];
    return { ...given(app, owner, migrationsFolder), kind: 'embedded', where: place.folder, moved: place.moved };
  }
  let closing = false;
  let embedded: Embedded;
  try {
    embedded = await startEmbedded(place);
  } catch (error) {
    unlock();
    throw error;
  }
  const keep = async (): Promise<void> => {
    for (;;) {
      await embedded.gone;
      if (closing) return;
      onRestart();
      while (!closing) {
        try {
          embedded = await startEmbedded(place);
          if (closing) await embedded.stop(1_000);
          break;
        } catch (error) {
          onError(error as Error);
          await until(() => closing, 1_000, 50);
        }
      }
    }
  };
  const kept = keep();
  const [app, owner] = [await embedded.url('lamplight_app'), await embedded.url('lamplight_owner')];
  return {
    ...given(app, owner, migrationsFolder), kind: 'embedded', where: place.folder, moved: place.moved,
    async close(withinMs = 4_000) {
      closing = true;
      await embedded.stop(withinMs);
      await Promise.race([kept, until(() => false, withinMs)]);
      unlock();
    },
  };
};
