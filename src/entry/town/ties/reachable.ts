import type { Identity } from '../../../modules/identity/index.ts';
import type { Reachable } from '../../../modules/places/index.ts';
import { remembered } from '../../../platform/remembered.ts';
import type { World } from '../../../platform/world.ts';

/** How long it is remembered whether somebody has a phone, in milliseconds: longer than two scrapes of the metrics are apart. */
const keepMs = 30_000;

/** Persons who can be reached by phone: duty without a number behind it is a gap. Seen at most half a minute late. */
export const reachableBy = ({ db, now }: World, identity: Identity): Reachable => {
  const hasPhone = remembered(now, keepMs, async (key) => {
    const at = key.indexOf(' ');
    return (await identity.contacts.reach(db, key.slice(0, at), key.slice(at + 1)))?.phone != null;
  });
  return async (county, persons) => {
    const reached = await Promise.all(persons.map(async (person) => ((await hasPhone(`${county} ${person}`)) ? person : null)));
    return new Set(reached.filter((person) => person !== null));
  };
};
