import type { World } from '../../../platform/world.ts';
import type { Identity } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Matters } from '../../matters/index.ts';
import type { Open311 } from '../../open311/index.ts';
import type { Jurisdiction } from '../../open311/index.ts';
import type { PartnerRow } from '../store.ts';
import type { Peer } from './peer.ts';

/** Everything that an exchange stands on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly matters: Matters;
  readonly open311: Open311;
}

/** One round with one partner. */
export interface Turn {
  readonly partner: PartnerRow;
  readonly peer: Peer;
  readonly jurisdiction: Jurisdiction;
}

/** What is written to desks and partners is in the language of the code table. */
export const deskLanguage = 'zh-Hans';
