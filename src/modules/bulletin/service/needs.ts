import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { Cases } from '../../cases/index.ts';
import type { Identity, LooseMessage } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Matters } from '../../matters/index.ts';
import type { Places } from '../../places/index.ts';

/** Everything that the public view stands on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly places: Places;
  readonly matters: Matters;
  readonly cases: Cases;
  /** Queues a message that belongs to no matter, in the caller's transaction. */
  readonly send: (tx: Tx, message: LooseMessage) => Promise<void>;
  /** Whether mails can leave. */
  readonly mails: boolean;
}
