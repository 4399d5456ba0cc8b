import { theSystem, type Actor } from '../base/actor.ts';
import type { ActorId } from '../base/ids.ts';
import { SeededRandom } from '../base/random.ts';
import { isRefusal } from '../base/result.ts';
import type { DemoPerson } from '../modules/identity/index.ts';
import type { Part } from './history.ts';
import type { DemoGrid } from './geography.ts';
import type { DemoModules } from './modules.ts';
import type { DemoTown } from './town-data.ts';

/** Grids without anybody on duty, so that the list of gaps has something to show. */
export const unmanned = 3;

/** Roles in which people act in a history, by part. */
const partRoles: Readonly<Record<Exclude<Part, 'resident' | 'handler'>, readonly string[]>> = {
  collector: ['collector'], gridworker: ['gridworker'], operator: ['operator'], intake: ['intake'], dispatcher: ['dispatcher'],
  verifier: ['collector', 'gridchief'], supervisor: ['supervisor'],
};

/** People beside the demo's logins: a grid worker for every grid, more collectors, and two who handle in each unit. */
export const extraPeople = (town: DemoTown, grids: readonly DemoGrid[], seed: string): DemoPerson[] => {
  const random = new SeededRandom(`${seed} people`);
  const name = (): string => `${random.pick(town.surnames)}${random.pick(town.given)}`;
  let phone = 13900020000;
  const next = (): string => String(++phone);
  const people: DemoPerson[] = grids.map(({ code }) => ({ login: `grid${code.slice(-9)}`, name: name(), role: 'gridworker', unit: 'town', place: code, phone: next() }));
  for (let n = 1; n <= 6; n++) people.push({ login: `collector${n}`, name: name(), role: 'collector', unit: 'centre', place: 'town', phone: next() });
  for (const unit of ['lighting', 'works', 'sanitation', 'water', 'parks', 'enforcement'])
    for (let n = 1; n <= 2; n++)
      people.push({ login: `${unit}${n}`, name: name(), role: unit === 'enforcement' ? 'enforcer' : 'unithandler', unit, place: 'county', phone: next() });
  return people;
};

/** The people of a demo, as the history needs them. */
export interface Cast {
  of(part: Exclude<Part, 'resident' | 'handler'>): readonly Actor[];
  unit(unit: string): readonly Actor[];
  /** Everybody of one role. */
  role(role: string): readonly Actor[];
  byId(id: string): Actor | undefined;
}

/** Reads accounts with their grants back as actors. @param accounts login to account id */
export const castOf = async ({ identity }: DemoModules, county: string, accounts: ReadonlyMap<string, string>): Promise<Cast> => {
  const actors: Actor[] = [];
  for (const [, id] of [...accounts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const read = await identity.accounts.read(theSystem, county, id);
    if (isRefusal(read)) throw new Error(`demo account ${id}: ${read.reason}`);
    actors.push({ id: id as ActorId, kind: 'account', name: read.account.name, grants: read.grants });
  }
  const byRole = (roles: readonly string[]): Actor[] => actors.filter(({ grants }) => grants.some(({ role }) => roles.includes(role)));
  const parts = new Map(Object.entries(partRoles).map(([part, roles]) => [part, byRole(roles)]));
  const ids = new Map(actors.map((actor) => [actor.id as string, actor]));
  return {
    of: (part) => parts.get(part)!,
    unit: (unit) => actors.filter(({ grants }) => grants.some((grant) => grant.unit === unit && (grant.role === 'unithandler' || grant.role === 'enforcer'))),
    role: (role) => byRole([role]),
    byId: (id) => ids.get(id),
  };
};
