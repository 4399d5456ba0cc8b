import type { CountyCode } from '../../../base/ids.ts';
import type { World } from '../../../platform/world.ts';
import type { Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Matters } from '../../matters/index.ts';
import type { Places } from '../../places/index.ts';
import type { CameraRules } from '../rules/area.ts';

/** What cameras stand on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Pick<Ledger, 'append' | 'sequencer'>;
  readonly identity: Pick<Identity, 'world' | 'permits' | 'units' | 'accounts' | 'county' | 'send' | 'zone'>;
  readonly places: Pick<Places, 'tree'>;
  readonly matters: Pick<Matters, 'locate'>;
  /** Address of the demo camera of this process, without a slash at the end; undefined where none runs. */
  readonly demoCamera: () => string | undefined;
}

/** What the services of this module ask of each other. */
export interface Shared extends Needs {
  rules(county: string): Promise<CameraRules>;
}

export const countyCode = (county: string): CountyCode => county as CountyCode;
