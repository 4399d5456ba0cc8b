import type { Language, Text } from '../../../base/language.ts';
import type { World } from '../../../platform/world.ts';
import type { Roles } from '../rules.ts';
import { namesOf } from '../store/accounts.ts';
import { allUnitNames } from '../store/units.ts';

/** How old what is remembered may be, in milliseconds. */
const freshMs = 30_000;

/** Names of units, roles and people for pages, remembered in the process. */
export interface Labels {
  /** Reads the names of all units; once at the start, and after a unit has changed. */
  load(): Promise<void>;
  /** A unit's name as it was at most half a minute ago; undefined where it is not known. */
  unit(county: string, id: string, language: Language): string | undefined;
  role(role: string, language: Language): string;
  /** A member of staff or a program by account id; undefined for anybody else. */
  person(id: string): Promise<string | undefined>;
}

export const createLabels = ({ db, log, now }: Pick<World, 'db' | 'log' | 'now'>, roles: Roles): Labels => {
  let units = new Map<string, Text>();
  let read = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;
  const people = new Map<string, { readonly name: string | undefined; readonly read: number }>();

  const load = (): Promise<void> => {
    reading ??= allUnitNames(db).then((rows) => {
      units = new Map(rows.map(({ county, id, name }) => [`${county} ${id}`, name]));
      read = now();
    }).finally(() => { reading = undefined; });
    return reading;
  };

  return {
    load,
    unit(county, id, language) {
      if (Math.abs(now() - read) > freshMs) load().catch((error: unknown) => log.warn({ err: error }, 'names of units cannot be read; the old ones stay'));
      return units.get(`${county} ${id}`)?.[language];
    },
    role: (role, language) => roles.roles[role]?.label[language] ?? role,
    async person(id) {
      const known = people.get(id);
      if (known && Math.abs(now() - known.read) <= freshMs) return known.name;
      const name = (await namesOf(db, [id]))[0]?.name;
      if (people.size > 10_000) people.clear();
      people.set(id, { name, read: now() });
      return name;
    },
  };
};
