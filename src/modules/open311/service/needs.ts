import type { World } from '../../../platform/world.ts';
import type { Bulletin } from '../../bulletin/index.ts';
import type { Cases } from '../../cases/index.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Components } from '../../components/index.ts';
import type { Identity } from '../../identity/index.ts';
import type { Matters } from '../../matters/index.ts';
import type { Places } from '../../places/index.ts';
import type { Pictures } from '../../../platform/pictures/index.ts';

/** Everything that Open311 stands on. */
export interface Needs {
  readonly world: World;
  readonly identity: Identity;
  readonly places: Places;
  readonly components: Components;
  readonly catalogue: Catalogue;
  readonly matters: Matters;
  readonly cases: Cases;
  readonly bulletin: Bulletin;
  readonly pictures: Pictures;
}
