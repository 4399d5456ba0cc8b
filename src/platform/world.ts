import type { Logger } from 'pino';
import type { RandomSource } from '../base/random.ts';
import type { Blobs } from './blobs.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import type { Keys } from './keys.ts';
import type { Metrics } from './metrics.ts';

/** What every service stands on. Made once by entry/, given to every module; tests make their own. */
export interface World {
  readonly config: Config;
  readonly db: Database;
  readonly blobs: Blobs;
  readonly keys: Keys;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly random: RandomSource;
  /** The present, in milliseconds since 1970. The only clock: nothing else asks the system what time it is. */
  readonly now: () => number;
  /** True in a database that was seeded as a demo: deliveries go to the logbook only. */
  readonly demo: boolean;
}
