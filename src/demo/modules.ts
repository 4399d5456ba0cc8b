import type { World } from '../platform/world.ts';
import type { Pictures } from '../platform/pictures/index.ts';
import type { Cases } from '../modules/cases/index.ts';
import type { Catalogue } from '../modules/catalogue/index.ts';
import type { Components } from '../modules/components/index.ts';
import type { Identity } from '../modules/identity/index.ts';
import type { Ledger } from '../modules/ledger/index.ts';
import type { Matters } from '../modules/matters/index.ts';
import type { Outreach } from '../modules/outreach/index.ts';
import type { Places } from '../modules/places/index.ts';

/** The modules that a demo is made through, by their front doors. */
export interface DemoModules {
  readonly world: World;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly outreach: Outreach;
  readonly places: Places;
  readonly components: Components;
  readonly catalogue: Catalogue;
  readonly matters: Matters;
  readonly cases: Cases;
  readonly pictures: Pictures;
  refresh(): Promise<void>;
}
