import { readFileSync } from 'node:fs';
import type { Actor, Grant } from '../../../base/actor.ts';
import type { ActorId } from '../../../base/ids.ts';
import type { World } from '../../../platform/world.ts';
import type { Cases } from '../../cases/index.ts';
import type { Catalogue } from '../../catalogue/index.ts';
import type { Components } from '../../components/index.ts';
import { mayOf, type Identity } from '../../identity/index.ts';
import { holds } from '../../identity/rules.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { Matters } from '../../matters/index.ts';
import type { Places } from '../../places/index.ts';
import type { Sensing, SensorKind, Units } from '../rules/kinds.ts';

/** What sensing stands on. */
export interface Needs {
  readonly world: World;
  readonly ledger: Ledger;
  readonly identity: Identity;
  readonly places: Places;
  readonly components: Components;
  readonly catalogue: Catalogue;
  readonly matters: Matters;
  readonly cases: Cases;
}

/** In whose name devices report: a program that may do what anyone may, and no more. */
export const deviceProgram: Actor = { id: '00000000-0000-7000-8000-000000000002' as ActorId, kind: 'program', name: null, grants: [] };

const shipped = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../../../data/sensing/${name}.json`, import.meta.url), 'utf8')) as T;

const { kinds, units } = shipped<{ readonly kinds: readonly SensorKind[]; readonly units: Units }>('kinds');
export { units };
/** All kinds of device, and one by its code. */
export const sensorKinds: readonly SensorKind[] = kinds;
export const kindOf = (code: string): SensorKind | undefined => kinds.find((kind) => kind.code === code);

/** What counts where a county has set nothing. */
export const shippedSensing = (): Sensing => {
  const { about: _, ...settings } = shipped<Omit<Sensing, 'rules'> & { readonly about: string }>('settings');
  return { ...settings, rules: shipped<Pick<Sensing, 'rules'>>('rules').rules };
};

/** Paths below which an actor has a permission; the whole county for the system. */
export const pathsWith = ({ identity, world }: Pick<Needs, 'identity' | 'world'>, actor: Actor, county: string, permission: string): string[] => (actor.kind === 'system' ? [''] : actor.grants.filter((grant: Grant) =>
  grant.county === county && holds(grant, world.now()) && mayOf(identity.roles, county, grant.role).includes(permission)).map(({ place }) => place));
