import { theSystem, type Actor, type Grant } from '../../../base/actor.ts';
import type { CountyCode, PlacePath, UnitId } from '../../../base/ids.ts';
import type { Language } from '../../../base/text/language.ts';
import { maskEmail, maskPhone, normalPhone } from '../../../base/text/phone.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../../base/result.ts';
import type { Tx } from '../../../platform/database/database.ts';
import { permitted, type Roles } from '../rules.ts';
import {
  accountsByLogin, type AccountListRow, type AccountRow, endGrant, findAccount, findGrant, grantsOfAccount, hasAdministrator, holdersOf, insertAccount, insertGrant,
  insertLink, insertProgramToken, listAccounts, namesOf, peopleOf, programTokensOf, revokeProgramToken, updateAccount, voidLinks,
} from '../store/accounts.ts';
import { deleteSessionsOf } from '../store/sessions.ts';
import { unitsOf } from '../store/units.ts';
import { asSystem, entryOf, type Needs } from './needs.ts';
import { randomToken, tokenDigest } from './secrets.ts';
import { nameMark } from './tracing.ts';
import type { Sessions } from './sessions.ts';

const day = 86_400_000;
/** How long a one-time link opens. */
export const linkMs = 3 * day;

/** An account as administrators see it. */
export interface AccountSummary {
  readonly id: string;
  readonly kind: string;
  readonly login: string;
  readonly name: string;
  readonly maskedPhone: string | null;
  readonly maskedEmail: string | null;
  readonly language: Language;
  readonly channel: string;
  readonly disabled: boolean;
  readonly hasPassword: boolean;
  readonly roles: string[];
}

export interface NewAccount {
  readonly kind?: 'person' | 'program';
  readonly login: string;
  readonly name: string;
  readonly phone?: string | null;
  readonly email?: string | null;
  readonly language?: Language;
  readonly channel?: 'sms' | 'email';
}

export type AccountEdit = Partial<Omit<NewAccount, 'login' | 'kind'>> & { readonly disabled?: boolean };

export interface NewGrant {
  readonly role: string;
  readonly unit?: string | null;
  /** Stored path; empty for everything in the county. */
  readonly place: string;
  readonly purpose?: string | null;
  /** Milliseconds since 1970; now where absent. */
  readonly from?: number;
  readonly until?: number | null;
}

export interface Accounts {
  list(actor: Actor, county: string, filter: { after?: string; text?: string; role?: string; kind?: 'person' | 'program'; limit: number }): Promise<Result<{ items: AccountSummary[]; next: string | null }>>;
  read(actor: Actor, county: string, id: string): Promise<Result<{ account: AccountSummary; grants: Grant[]; tokens: { id: string; name: string; roles: string[]; expiresAt: string; revoked: boolean }[] }>>;
  /** The account and the token of its one-time link (null for a program, which has no password). Refusals: 409 `identity.login_taken`. */
  create(actor: Actor, county: string, input: NewAccount): Promise<Result<{ account: AccountSummary; link: string | null }>>;
  change(actor: Actor, id: string, edit: AccountEdit): Promise<Result<AccountSummary>>;
  link(actor: Actor, id: string): Promise<Result<{ account: AccountSummary; link: string }>>;
  /** Refusals: 403 `identity.own_grant`, 422 `identity.role`, `identity.unit`, `identity.unit_needed`, `identity.from_until`, 403 `identity.beyond_place`. */
  grant(actor: Actor, county: string, id: string, input: NewGrant): Promise<Result<Grant>>;
  endGrant(actor: Actor, county: string, id: string): Promise<Result<Grant>>;
  makeToken(actor: Actor, id: string, input: { name: string; roles: string[]; days: number }): Promise<Result<{ id: string; token: string; expiresAt: string }>>;
  revokeToken(actor: Actor, id: string, token: string): Promise<Result<{ done: true }>>;
  /** Display names of accounts, for timelines. */
  names(tx: Tx, ids: readonly string[]): Promise<Map<string, string>>;
  /** Ids of accounts by login; those that are not there are left out. */
  /** Login and name of those of some accounts that are in use. */
  people(tx: Tx, ids: readonly string[]): Promise<{ id: string; login: string; name: string }[]>;
  byLogin(tx: Tx, logins: readonly string[]): Promise<Map<string, string>>;
  /** Accounts that hold one of the roles now, of a unit and at a path where given: whom a message to an office goes to. */
  holders(tx: Tx, county: string, roles: readonly string[], where: { readonly unit?: string; readonly path?: string }): Promise<string[]>;
  /** The first administrator of a county, made by whoever has the machine. Refusal: 409 `identity.administrator_there`. */
  firstAdministrator(county: string, login: string, name: string): Promise<Result<{ readonly login: string; readonly link: string }>>;
}

export const createAccounts = ({ world, ledger, roles, send }: Needs, sessions: Sessions): Accounts => {
  const { keys, db } = world;

  const summary = (row: AccountRow & { readonly roles?: string[] }): AccountSummary => ({
    id: row.id, kind: row.kind, login: row.login, name: row.name,
    maskedPhone: row.phone && maskPhone(keys.open(row.phone, 'phone')), maskedEmail: row.email && maskEmail(keys.open(row.email, 'email')),
    language: row.language, channel: row.channel, disabled: row.disabled_at !== null, hasPassword: row.password !== null, roles: row.roles ?? [],
  });

  const may = (actor: Actor, county: string, permission: string, path?: string): Result<Pick<Grant, 'role' | 'unit'>> =>
    actor.kind === 'system' ? asSystem : permitted(roles, actor, county, permission, world.now(), path) ?? refuse(403, 'identity.not_permitted');

  /** An account that the actor looks after: of a county where they may edit accounts. Others are not said to exist. */
  const owned = async (tx: Tx, actor: Actor, id: string): Promise<Result<{ row: AccountRow; right: Pick<Grant, 'role' | 'unit'> }>> => {
    const row = await findAccount(tx, id);
    const right = row && may(actor, row.home, 'accounts.edit');
    return !row || !right || isRefusal(right) ? refuse(404, 'identity.account') : { row, right };
  };

  /** Seals phone and e-mail; a refusal for a phone that is none. */
  const sealed = (input: { readonly phone?: string | null; readonly email?: string | null }): Result<{ phone?: Buffer | null; email?: Buffer | null }> => {
    const found: { phone?: Buffer | null; email?: Buffer | null } = {};
    if (input.phone !== undefined) {
      const normal = input.phone === null ? null : normalPhone(input.phone);
      if (normal === undefined) return refuse(422, 'identity.phone', undefined, [{ path: '/phone', reason: 'identity.phone' }]);
      found.phone = normal === null ? null : keys.seal(normal, 'phone');
    }
    if (input.email !== undefined) found.email = input.email === null ? null : keys.seal(input.email, 'email');
    return found;
  };

  const newLink = async (tx: Tx, account: string, now: number): Promise<string> => {
    const token = randomToken();
    await voidLinks(tx, account);
    await insertLink(tx, tokenDigest(token), account, new Date(now), new Date(now + linkMs));
    return token;
  };

  /** Runs a change with its entry in one transaction and has the entry sequenced. */
  const changing = async <T>(county: (done: T) => string, work: (tx: Tx) => Promise<Result<T>>): Promise<Result<T>> => {
    const done = await db.transaction(work);
    if (!isRefusal(done)) ledger.sequencer.nudge(county(done as T));
    return done;
  };

  const checkGrant = async (tx: Tx, county: string, input: NewGrant, now: number): Promise<Refusal | undefined> => {
    const role = roles.roles[input.role];
    // A resident's right comes from a checked phone, never from an administrator.
    if (!role || input.role === 'resident') return refuse(422, 'identity.role', { role: input.role }, [{ path: '/role', reason: 'identity.role', params: { role: input.role } }]);
    const unit = input.unit ?? null;
    if (unit === null && needsUnit(roles, input.role)) return refuse(422, 'identity.unit_needed', undefined, [{ path: '/unit', reason: 'identity.unit_needed' }]);
    if (unit !== null) {
      const row = (await unitsOf(tx, county, [unit]))[0];
      if (!row || row.closed_at) return refuse(422, 'identity.unit', { unit }, [{ path: '/unit', reason: 'identity.unit', params: { unit } }]);
    }
    if (input.until != null && input.until <= (input.from ?? now)) return refuse(422, 'identity.from_until', undefined, [{ path: '/until', reason: 'identity.from_until' }]);
    return undefined;
  };

  return {
    async list(actor, county, { after = '', text, role, kind, limit }) {
      const right = may(actor, county, 'accounts.read');
      if (isRefusal(right)) return right;
      const rows: AccountListRow[] = await listAccounts(db, county, new Date(world.now()), { after, text: text ?? null, role: role ?? null, kind: kind ?? null, limit: limit + 1 });
      const items = rows.slice(0, limit).map(summary);
      return { items, next: rows.length > limit ? items.at(-1)!.login : null };
    },
    async read(actor, county, id) {
      const right = may(actor, county, 'accounts.read');
      if (isRefusal(right)) return right;
      const row = await findAccount(db, id);
      const grants = row ? await grantsOfAccount(db, id, county) : [];
      if (!row || (row.home !== county && grants.length === 0)) return refuse(404, 'identity.account');
      const tokens = (await programTokensOf(db, id)).map((token) => ({
        id: token.id, name: token.name, roles: token.roles, expiresAt: token.expires_at.toISOString(), revoked: token.revoked_at !== null,
      }));
      const now = world.now();
      const held = [...new Set(grants.filter((grant) => grant.from <= now && (grant.until === null || now < grant.until)).map(({ role }) => role))].sort();
      return { account: summary({ ...row, roles: held }), grants, tokens };
    },
    create: (actor, county, input) => changing(() => county, async (tx) => {
      const right = may(actor, county, 'accounts.edit');
      if (isRefusal(right)) return right;
      const opened = sealed(input);
      if (isRefusal(opened)) return opened;
      const now = world.now();
      const row: AccountRow = {
        id: world.random.uuid(now), kind: input.kind ?? 'person', login: input.login, home: county, name: input.name, password: null,
        phone: opened.phone ?? null, email: opened.email ?? null, language: input.language ?? 'zh-Hans',
        channel: input.channel ?? (opened.phone || !opened.email ? 'sms' : 'email'), disabled_at: null,
      };
      if (!(await insertAccount(tx, row, new Date(now)))) return refuse(409, 'identity.login_taken', { login: input.login }, [{ path: '/login', reason: 'identity.login_taken', params: { login: input.login } }]);
      await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'account', action: 'create', set: { account: row.id, login: row.login, accountKind: row.kind, name: nameMark(world.keys, row.id, row.name) } }, actor, right, now)]);
      if (row.kind === 'program') return { account: summary(row), link: null };
      const link = await newLink(tx, row.id, now);
      if (row.phone || row.email)
        await send(tx, { county, id: world.random.uuid(now), template: 'staff_invite', recipient: `account:${row.id}`, params: { login: row.login, link: linkAddress(world.config.url, link) }, at: now });
      return { account: summary(row), link };
    }),
    async change(actor, id, edit) {
      let home = '';
      const done = await changing(() => home, async (tx) => {
        const found = await owned(tx, actor, id);
        if (isRefusal(found)) return found;
        home = found.row.home;
        if (edit.disabled && id === actor.id) return refuse(403, 'identity.own_account');
        const opened = sealed(edit);
        if (isRefusal(opened)) return opened;
        const now = world.now();
        await updateAccount(tx, id, {
          ...opened, ...(edit.name !== undefined && { name: edit.name }), ...(edit.language && { language: edit.language }), ...(edit.channel && { channel: edit.channel }),
          ...(edit.disabled !== undefined && { disabled_at: edit.disabled ? new Date(now) : null }),
        }, new Date(now));
        if (edit.disabled) { await deleteSessionsOf(tx, id, null); await voidLinks(tx, id); }
        await ledger.append(tx, [entryOf({
          county: home, subject: 'config', kind: 'account', action: edit.disabled === undefined ? 'change' : edit.disabled ? 'disable' : 'enable',
          set: { account: id, members: Object.keys(edit).sort(), ...(edit.name !== undefined && { name: nameMark(world.keys, id, edit.name) }) },
        }, actor, found.right, now)]);
        return summary((await findAccount(tx, id))!);
      });
      sessions.forget(id);
      return done;
    },
    async link(actor, id) {
      let home = '';
      return changing(() => home, async (tx) => {
        const found = await owned(tx, actor, id);
        if (isRefusal(found)) return found;
        home = found.row.home;
        if (found.row.kind === 'program' || found.row.disabled_at) return refuse(422, 'identity.no_password');
        const now = world.now();
        const link = await newLink(tx, id, now);
        await ledger.append(tx, [entryOf({ county: home, subject: 'config', kind: 'account', action: 'link', set: { account: id } }, actor, found.right, now)]);
        return { account: summary(found.row), link };
      });
    },
    async grant(actor, county, id, input) {
      const done = await changing(() => county, async (tx) => {
        const right = may(actor, county, 'grants.edit', input.place);
        if (isRefusal(right)) return isRefusal(may(actor, county, 'grants.edit')) ? right : refuse(403, 'identity.beyond_place');
        if (id === actor.id) return refuse(403, 'identity.own_grant');
        if (!(await findAccount(tx, id))) return refuse(404, 'identity.account');
        const now = world.now();
        const wrong = await checkGrant(tx, county, input, now);
        if (wrong) return wrong;
        const grant: Grant = {
          id: world.random.uuid(now), county: county as CountyCode, role: input.role, unit: (input.unit ?? null) as UnitId | null,
          place: input.place as PlacePath, purpose: input.purpose ?? null, from: input.from ?? now, until: input.until ?? null,
        };
        await insertGrant(tx, id, grant, new Date(now));
        await ledger.append(tx, [entryOf({
          county, subject: 'config', kind: 'grant', action: 'give',
          set: {
            grant: grant.id, account: id, role: grant.role, unit: grant.unit, place: grant.place, purpose: grant.purpose,
            from: new Date(grant.from).toISOString(), until: grant.until === null ? null : new Date(grant.until).toISOString(),
          },
        }, actor, right, now)]);
        return grant;
      });
      sessions.forget(id);
      return done;
    },
    async endGrant(actor, county, id) {
      const done = await changing(() => county, async (tx) => {
        const found = await findGrant(tx, county, id);
        const right = found && may(actor, county, 'grants.edit', found.grant.place);
        if (!found || !right || isRefusal(right)) return refuse(404, 'identity.grant');
        const now = world.now();
        if (found.grant.until !== null && found.grant.until <= now) return found;
        await endGrant(tx, county, id, new Date(now));
        await ledger.append(tx, [entryOf({ county, subject: 'config', kind: 'grant', action: 'end', set: { grant: id, account: found.account, role: found.grant.role } }, actor, right, now)]);
        return { account: found.account, grant: { ...found.grant, until: Math.max(now, found.grant.from) } };
      });
      if (isRefusal(done)) return done;
      sessions.forget(done.account);
      return done.grant;
    },
    async makeToken(actor, id, input) {
      let home = '';
      return changing(() => home, async (tx) => {
        const found = await owned(tx, actor, id);
        if (isRefusal(found)) return found;
        home = found.row.home;
        if (found.row.kind !== 'program') return refuse(422, 'identity.not_program');
        const unknown = input.roles.find((role) => !roles.roles[role]);
        if (unknown !== undefined) return refuse(422, 'identity.role', { role: unknown }, [{ path: '/roles', reason: 'identity.role', params: { role: unknown } }]);
        const now = world.now();
        const token = randomToken();
        const row = { id: world.random.uuid(now), digest: tokenDigest(token), account: id, name: input.name, roles: input.roles, now: new Date(now), until: new Date(now + input.days * day) };
        await insertProgramToken(tx, row);
        await ledger.append(tx, [entryOf({ county: home, subject: 'config', kind: 'token', action: 'give', set: { token: row.id, account: id, roles: input.roles, until: row.until.toISOString() } }, actor, found.right, now)]);
        return { id: row.id, token, expiresAt: row.until.toISOString() };
      });
    },
    async revokeToken(actor, id, token) {
      let home = '';
      const done = await changing(() => home, async (tx): Promise<Result<{ done: true }>> => {
        const found = await owned(tx, actor, id);
        if (isRefusal(found)) return found;
        home = found.row.home;
        const now = world.now();
        if (!(await revokeProgramToken(tx, token, id, new Date(now)))) return refuse(404, 'identity.token_gone');
        await ledger.append(tx, [entryOf({ county: home, subject: 'config', kind: 'token', action: 'end', set: { token, account: id } }, actor, found.right, now)]);
        return { done: true };
      });
      sessions.forget(id);
      return done;
    },
    names: async (tx, ids) => new Map(ids.length === 0 ? [] : (await namesOf(tx, ids)).map(({ id, name }) => [id, name])),
    people: async (tx, ids) => (ids.length === 0 ? [] : peopleOf(tx, ids)),
    byLogin: async (tx, logins) => new Map(logins.length === 0 ? [] : (await accountsByLogin(tx, logins)).map(({ id, login }) => [login, id])),
    holders: (tx, county, wanted, { unit, path }) => holdersOf(tx, county, wanted, unit ?? null, path ?? null, new Date(world.now())),
    async firstAdministrator(county, login, name) {
      if (await hasAdministrator(db, county, new Date(world.now()))) return refuse(409, 'identity.administrator_there', { county });
      const made = await this.create(theSystem, county, { login, name });
      if (isRefusal(made)) return made;
      const granted = await this.grant(theSystem, county, made.account.id, { role: 'admin', place: '' });
      return isRefusal(granted) ? granted : { login, link: linkAddress(world.config.url, made.link!) };
    },
  };
};

/** Where a one-time link leads: a page that asks for a password. The log knows routes by name and holds no address. */
export const linkAddress = (url: string, token: string): string => `${url}/welcome/${token}`;

/** True where some right of the role is about its own unit: a grant without one would give nothing. */
export const needsUnit = (roles: Roles, role: string): boolean => roles.roles[role]?.reads.some(({ within }) => within === 'unit') ?? false;
