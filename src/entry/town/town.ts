import type { Mounted } from '../../platform/http/handler.ts';
import type { Page } from '../../platform/http/page.ts';
import type { HealthCheck } from '../../platform/http/served/health.ts';
import type { ServerOptions } from '../../platform/http/server.ts';
import type { World } from '../../platform/world.ts';
import type { Modules } from './modules.ts';
import { townPages } from './pages.ts';
import { openParts } from './parts.ts';
import { townRoutes } from './routes.ts';
import { hearingOf, worksOf } from './work/turns.ts';
import type { Work } from './work/works.ts';

/** All modules on one world, as the processes need them. */
export interface Town {
  readonly world: World;
  readonly modules: Modules;
  readonly routes: readonly Mounted[];
  readonly pages: readonly Page[];
  /** Who asks, and how pages for people who are refused look. */
  readonly http: Pick<ServerOptions, 'authenticate' | 'errorPage' | 'language' | 'limits'>;
  /** What /readyz asks besides database and migrations. */
  readonly checks: Readonly<Record<string, HealthCheck>>;
  /** What every process that serves runs. */
  readonly hearing: readonly Work[];
  /** What a worker runs. */
  readonly works: readonly Work[];
  close(): Promise<void>;
}

/** Seconds that an entry may wait for its place in the log before /readyz says so. */
const lagAtMost = 10;

/** Opens a town: every module, from the lowest to the highest, with all that goes on in it. */
export const openTown = async (world: World): Promise<Town> => {
  const parts = await openParts(world);
  const { modules, resident } = parts;
  const { identity, ledger, matters } = modules;
  return {
    world, modules,
    routes: townRoutes(parts),
    pages: townPages(parts),
    http: {
      authenticate: ({ url, headers }) => identity.sessions.authenticate({ url, headers }),
      ...(resident && { errorPage: resident.errorPage }),
    },
    checks: {
      sequencer: async () => {
        const { rows, seconds } = await ledger.lag();
        return { ok: seconds < lagAtMost, says: `${rows} entries wait, the oldest ${seconds.toFixed(1)} s` };
      },
      // Stays ready: cases go on, and whoever looks is told that nothing vouches for them.
      signing: async () => {
        const unsigned = await ledger.unsigned();
        return { ok: true, says: unsigned.size === 0 ? 'the ledger is signed' : `THE LEDGER IS NOT SIGNED: ${[...unsigned].map(([county, why]) => `${county} (${why})`).join(', ')}; run lamplight doctor` };
      },
    },
    hearing: hearingOf(parts),
    works: worksOf(parts),
    close: () => matters.drain(),
  };
};
