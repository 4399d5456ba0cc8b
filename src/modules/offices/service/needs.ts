import type { World } from '../../../platform/world.ts';
import type { Cases } from '../../cases/index.ts';
import type { Components } from '../../components/index.ts';
import type { Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Matters } from '../../matters/index.ts';
import type { Places } from '../../places/index.ts';
import type { Settings } from '../../settings/index.ts';

/** What units stand on: everything that may name one. */
export interface Needs {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'append' | 'sequencer' | 'changes'>;
  readonly identity: Identity;
  readonly places: Pick<Places, 'tree' | 'shiftsOf'>;
  readonly components: Components;
  readonly matters: Matters;
  readonly cases: Pick<Cases, 'routing'>;
  readonly settings: Settings;
}
