import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { theSystem, type Grant } from '../../../base/actor.ts';
import type { CountyCode, PlacePath, UnitId } from '../../../base/ids.ts';
import type { Text } from '../../../base/text/language.ts';
import { findAccountByLogin, insertAccount, insertGrant } from '../store/accounts.ts';
import { putUnit, unitsOf } from '../store/units.ts';
import { asSystem, entryOf, type Needs } from './needs.ts';
import { hashPassword } from './secrets.ts';
import { nameMark } from './tracing.ts';

/** An account of a demo; `place` is a name that the town resolves, such as `village`. */
export interface DemoPerson {
  readonly login: string;
  readonly name: string;
  readonly role: string;
  readonly unit: string | null;
  readonly place: string;
  /** A mobile number of the range kept for demos, 1390000nnnn. */
  readonly phone: string;
}

/** What the names in the list of people stand for in this town. */
export interface DemoTown {
  readonly county: string;
  /** Name of a place in the list (`county`, `town`, `village`, `grid`) to its stored path. */
  readonly places: Readonly<Record<string, string>>;
  /** Added to the people of `data/demo-accounts.json`. */
  readonly more?: readonly DemoPerson[];
}

interface Listed {
  readonly units: readonly { readonly id: string; readonly kind: string; readonly name: Text }[];
  readonly people: readonly DemoPerson[];
}

const listed = (): Listed => JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../../data/demo-accounts.json'), 'utf8')) as Listed;

/** The password of every demo account. It opens nothing but a demo. */
export const demoPassword = 'demo-lamplight';

/**
 * Makes the units, accounts and grants of a demo town, each with its entries; what is there already stays as it is.
 * The password is hashed once and shared: with 19 MiB and two passes a hash, one for each would take most of the seeding.
 * @returns login to account id
 * @throws outside a demo database, and for a place that the town does not name
 */
export const createDemoAccounts = async ({ world, ledger }: Needs, town: DemoTown): Promise<Map<string, string>> => {
  if (!world.demo) throw new Error('demo accounts are made in a demo database only');
  const hash = await hashPassword(demoPassword);
  const { units, people } = listed();
  const made = new Map<string, string>();
  await world.db.transaction(async (tx) => {
    const there = new Set((await unitsOf(tx, town.county, units.map(({ id }) => id))).map(({ id }) => id));
    for (const unit of units) {
      if (there.has(unit.id)) continue;
      const now = world.now();
      await putUnit(tx, { county: town.county, ...unit, parent: null, phone: null, closed: false }, new Date(now));
      await ledger.append(tx, [entryOf({ county: town.county, subject: 'config', kind: 'unit', action: 'put', set: { unit: unit.id, name: { ...unit.name }, unitKind: unit.kind, parent: null, phone: null } }, theSystem, asSystem, now)]);
    }
    for (const person of [...people, ...(town.more ?? [])]) {
      const known = await findAccountByLogin(tx, person.login);
      if (known) { made.set(person.login, known.id); continue; }
      const place = town.places[person.place];
      if (place === undefined) throw new Error(`demo account ${person.login}: the town has no place ${person.place}`);
      const now = world.now();
      const at = new Date(now);
      const id = world.random.uuid(now);
      await insertAccount(tx, {
        id, kind: 'person', login: person.login, home: town.county, name: person.name, password: hash, phone: world.keys.seal(person.phone, 'phone'),
        email: null, language: 'zh-Hans', channel: 'sms',
      }, at);
      const grant: Grant = {
        id: world.random.uuid(now), county: town.county as CountyCode, role: person.role, unit: person.unit as UnitId | null, place: place as PlacePath,
        purpose: null, from: now, until: null,
      };
      await insertGrant(tx, id, grant, at);
      await ledger.append(tx, [
        entryOf({ county: town.county, subject: 'config', kind: 'account', action: 'create', set: { account: id, login: person.login, accountKind: 'person', name: nameMark(world.keys, id, person.name) } }, theSystem, asSystem, now),
        entryOf({ county: town.county, subject: 'config', kind: 'grant', action: 'give', set: { grant: grant.id, account: id, role: grant.role, unit: grant.unit, place: grant.place, purpose: null, from: at.toISOString(), until: null } }, theSystem, asSystem, now),
      ]);
      made.set(person.login, id);
    }
  });
  return made;
};
