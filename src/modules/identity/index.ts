import type { FastifyReply } from 'fastify';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Actor, Grant } from '../../base/actor.ts';
import type { CountyCode, PlacePath } from '../../base/ids.ts';
import { refuse, type Result } from '../../base/result.ts';
import type { World } from '../../platform/world.ts';
import { compileScope, permitted, type Roles, type Scope } from './rules.ts';
import { createAccounts, linkAddress, type Accounts } from './service/accounts.ts';
import { createContacts, type Contacts } from './service/residents/contacts.ts';
import { createGrants, type Grants } from './service/grants.ts';
import { createConsents, type Consents } from './service/residents/consents.ts';
import { createDemoAccounts, type DemoTown } from './service/demo.ts';
import { asSystem, type Needs } from './service/needs.ts';
import { importPeople, type PeopleOrder, type PeopleReport, type PlaceBook } from './service/people/people.ts';
import { importUnits, type UnitsOrder, type UnitsReport } from './service/people/units.ts';
import { createSessions, type Sessions } from './service/sessions.ts';
import { sendList, type Leaving } from './service/leaving/leaving.ts';
import { tracedPages, type Taken } from './service/leaving/taken.ts';
import { createUnits, type Units } from './service/units.ts';
import { zoneOf } from './service/zone.ts';

export { createIdentityChecker } from './service/tracing.ts';

export {
  compileScope, coversCounty, grantFor, mayOf, permitted, personKey, prefixEnd, scopeAllows, scopeSql,
  type Clause, type ReadRight, type Role, type Roles, type Scope, type ScopedObject,
} from './rules.ts';
export { type MaskedContact, type Purpose, type Reach, type RevealTarget } from './service/residents/contacts.ts';
export type { Consent, ConsentScope, Consents } from './service/residents/consents.ts';
export type { Chooser, PreferenceChange, Preferences } from './service/residents/preferences.ts';
export { identitySealed } from './store/sealed.ts';
export type { ContactChannel } from './store/contacts.ts';
export { demoPassword, type DemoPerson, type DemoTown } from './service/demo.ts';
export { entryOf, type LooseMessage } from './service/needs.ts';
export { programActor } from './service/program.ts';
export { tracedPages, type Taken } from './service/leaving/taken.ts';
export { allPages, inParts, type Leaving, type ListPage } from './service/leaving/leaving.ts';
export { randomToken as deviceToken, tokenDigest } from './service/secrets.ts';
export { hoursOf, weekdaysOf } from './service/people/person.ts';
export type { ImportedPost, PlaceBook } from './service/people/people.ts';
export type { Opened } from './service/sessions.ts';
export type { UnitInput } from './service/units.ts';
export type { UnitRow } from './store/units.ts';

/** Who people are, what they may, and how they are reached. */
export interface Identity {
  readonly world: World;
  readonly roles: Roles;
  readonly sessions: Sessions;
  readonly contacts: Contacts;
  readonly consents: Consents;
  readonly accounts: Accounts;
  readonly grants: Grants;
  readonly units: Units;
  /** What the actor may see now; compile anew for each request and when a grant changes. */
  scope(actor: Actor): Scope;
  /**
   * The grant by which an actor has a permission of `data/roles.json` in a county, at a path where the permission is about
   * a place; undefined where there is none. The system has every permission.
   */
  permits(actor: Actor, county: string, permission: string, path?: string | null): Grant | undefined;
  /** The county that was asked for, or the first of the installation. Refusal: 422 `identity.county`. */
  county(asked: string | undefined): Promise<Result<string>>;
  /** The county's time zone (IANA name) and the minutes that it is ahead of UTC. */
  zone(county: string): Promise<{ readonly name: string; readonly offsetMinutes: number }>;
  /**
   * Opens a county, where it is not open yet, and makes its first administrator, for whoever has the machine.
   * Refusals: 409 `identity.administrator_there`, 409 `identity.login_taken`.
   */
  openCounty(county: string, name: string, login: string): Promise<Result<{ readonly login: string; readonly link: string }>>;
  /** Pages of a list that leaves as a file, traced; see `tracedPages`. */
  taken<T>(what: Taken, pages: AsyncIterable<readonly T[]>): AsyncGenerator<readonly T[]>;
  /** Sends a list as a file; see `sendList`. */
  send<T>(reply: FastifyReply, leaving: Leaving<T>, pages: AsyncIterable<readonly T[]>): undefined;
  /** Units out of a table; see `importUnits`. */
  importUnits(actor: Actor, county: string, order: UnitsOrder): Promise<Result<UnitsReport>>;
  /** People out of a table, with their rights and duties; see `importPeople`. */
  importPeople(actor: Actor, county: string, book: PlaceBook, order: PeopleOrder): Promise<Result<PeopleReport>>;
  /** Reads again what the counties withhold from roles. */
  refreshRoles(): Promise<void>;
  /** Address of a one-time link. */
  linkAddress(token: string): string;
  /** Makes the accounts of `data/demo-accounts.json`. @throws outside a demo database. */
  createDemoAccounts(town: DemoTown): Promise<Map<string, string>>;
}

/** The roles as they ship. @throws when the file is not there. */
export const shippedRoles = (): Roles =>
  ({ ...(JSON.parse(readFileSync(resolve(import.meta.dirname, '../../../data/roles.json'), 'utf8')) as Roles), withheld: new Map() });

/**
 * @param send writes a message that belongs to no matter, in the caller's transaction; entry/ hands in outreach's `enqueue`.
 * @param roles as `data/roles.json` has them unless given; a kind of one's own may bring roles of its own.
 */
export const createIdentity = (world: World, ledger: Needs['ledger'], send: Needs['send'], roles: Roles = shippedRoles()): Identity => {
  const needs: Needs = { world, ledger, send, roles };
  const sessions = createSessions(needs);
  const accounts = createAccounts(needs, sessions);
  const contacts = createContacts(needs, sessions);
  return {
    world, roles, sessions,
    contacts, consents: createConsents(needs, contacts),
    accounts,
    grants: createGrants(needs, sessions),
    units: createUnits(needs),
    scope: (actor) => compileScope(roles, actor, world.now()),
    permits: (actor, county, permission, path) => (actor.kind === 'system'
      ? { id: actor.id, county: county as CountyCode, ...asSystem, place: '' as PlacePath, purpose: null, from: 0, until: null }
      : permitted(roles, actor, county, permission, world.now(), path)),
    async county(asked) {
      const rows = await world.db.query<{ county: string }>('select county from county where $1::text is null or county = $1 order by county limit 1', [asked ?? null], 'identity_county');
      return rows[0]?.county ?? refuse(422, 'identity.county', { county: asked ?? '' }, [{ path: '/county', reason: 'identity.county', params: { county: asked ?? '' } }]);
    },
    zone: (county) => zoneOf(world, county),
    async openCounty(county, name, login) {
      await world.db.query('insert into county (county, name, created_at) values ($1, $2, $3) on conflict (county) do nothing',
        [county, { 'zh-Hans': name, 'zh-Hant': name, en: name }, new Date(world.now())]);
      return accounts.firstAdministrator(county, login, login);
    },
    taken: (what, pages) => tracedPages(needs, what, pages),
    send: (reply, leaving, pages) => sendList(needs, reply, leaving, pages),
    importUnits: (actor, county, order) => importUnits(needs, actor, county, order),
    importPeople: (actor, county, book, order) => importPeople(needs, sessions, actor, county, book, order),
    async refreshRoles() {
      const rows = await world.db.query<{ county: string; withheld: Readonly<Record<string, readonly string[]>> | null }>(`select county, settings -> 'roles' as withheld from county`, [], 'identity_withheld');
      for (const { county, withheld } of rows) if (withheld === null) roles.withheld?.delete(county); else roles.withheld?.set(county, withheld);
    },
    linkAddress: (token) => linkAddress(world.config.url, token),
    createDemoAccounts: (town) => createDemoAccounts(needs, town),
  };
};
