import type { World } from '../../../platform/world.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Cases } from '../../cases/index.ts';
import type { Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Matters } from '../../matters/index.ts';
import type { Places } from '../../places/index.ts';

/** Everything that an import stands on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly places: Places;
  readonly catalogue: Catalogue;
  readonly matters: Matters;
  readonly cases: Cases;
}
