import type { Actor, Grant } from '../../../base/actor.ts';
import type { CountyCode } from '../../../base/ids.ts';
import { refuse, type Result } from '../../../base/result.ts';
import type { Language } from '../../../base/text/language.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { World } from '../../../platform/world.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Components } from '../../components/index.ts';
import { mayOf, type Identity, type LooseMessage } from '../../identity/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { DoneEarlier } from '../../matters/contract.ts';
import type { Matters } from '../../matters/index.ts';
import type { Places } from '../../places/index.ts';

/** What rounds stand on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly places: Places;
  readonly components: Components;
  readonly catalogue: Catalogue;
  readonly matters: Matters;
  /** Writes an urgent message that belongs to no matter, in the caller's transaction. */
  readonly send: (tx: Tx, message: LooseMessage) => Promise<void>;
}

/** Names of a place from the town down, as people read them. */
export const placeNames = async ({ places }: Needs, county: string, idOrCode: string | null): Promise<string[]> => {
  const tree = await places.tree(county as CountyCode);
  const found = idOrCode === null ? undefined : tree.find(idOrCode);
  return found ? tree.chain(found).filter(({ level }) => !['province', 'city', 'county'].includes(level)).map(({ name }) => name) : [];
};

/** The county that is asked for where the actor has a grant in it, else the first that they have one in. */
export const countyOf = (actor: Actor, asked: string | undefined): Result<CountyCode> => {
  const own = actor.grants.map(({ county }) => county);
  const county = asked === undefined ? own[0] : own.find((one) => one === asked);
  return county ?? refuse(403, 'matters.no-county');
};

/** Paths of an actor's grants in a county that carry a permission. */
export const pathsOf = ({ identity, world }: Needs, actor: Actor, county: string, permission: string): string[] =>
  actor.grants.filter((grant) => grant.county === county && grant.from <= world.now() && (grant.until === null || world.now() < grant.until) && mayOf(identity.roles, county, grant.role).includes(permission)).map(({ place }) => place);

/** When something was done: by the phone's word where it can be true, else now. Milliseconds since 1970. */
export const momentOf = (done: DoneEarlier | undefined, now: number): number => {
  const at = done === undefined ? now : Date.parse(done.at);
  return at <= now && at > now - 400 * 86_400_000 ? at : now;
};

export type Right = Pick<Grant, 'role' | 'unit'>;
export type { Language };
