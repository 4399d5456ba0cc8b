import type { Actor } from '../../../base/actor.ts';
import type { Language } from '../../../base/text/language.ts';
import type { Pictures } from '../../../platform/pictures/pictures.ts';
import type { World } from '../../../platform/world.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Components } from '../../components/index.ts';
import type { Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Matters } from '../../matters/index.ts';
import type { Outreach } from '../../outreach/index.ts';
import type { Places } from '../../places/index.ts';

/** Everything that cases stand on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly outreach: Outreach;
  readonly places: Places;
  readonly components: Components;
  readonly catalogue: Catalogue;
  readonly matters: Matters;
  readonly pictures: Pictures;
}

/** The code table names things in one language; names of places and components come in the county's own. */
export const countyLanguage: Language = 'zh-Hans';

/**
 * Pictures that a visitor's draft has kept together, served digest to the original's: who they are for may put them to use
 * without an account.
 */
export type Vouched = WeakMap<Actor, ReadonlyMap<string, string>>;
