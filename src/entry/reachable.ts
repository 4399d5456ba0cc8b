import type { Identity } from '../modules/identity/index.ts';
import type { Reachable } from '../modules/places/index.ts';
import type { World } from '../platform/world.ts';

/** Persons who can be reached by phone: duty without a number behind it is a gap. */
export const reachableBy = ({ db }: World, identity: Identity): Reachable => async (county, persons) => {
  const reached = await Promise.all(persons.map(async (person) => ({ person, reach: await identity.contacts.reach(db, county, person) })));
  return new Set(reached.filter(({ reach }) => reach?.phone).map(({ person }) => person));
};
