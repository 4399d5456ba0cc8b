import type { Actor, Grant } from '../../../base/actor.ts';
import type { ActorId, CountyCode, PlacePath } from '../../../base/ids.ts';
import { isRefusal, refuse, type Result } from '../../../base/result.ts';
import { findAccount, findAccountByLogin, updateAccount, useLink, voidLinks } from '../store/accounts.ts';
import {
  clearPause, countFailure, deleteSession, deleteSessionsOf, findPause, findProgram, findSession, insertSession, sweepSessions, touchSession,
} from '../store/sessions.ts';
import type { Needs } from './needs.ts';
import { hashPassword, inLane, isOutdated, isPassword, passwordsBusy, randomToken, tokenDigest } from './secrets.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Sessions of staff end after 12 hours without a request and after 7 days in any case. */
const staffLimits = { idle: 12 * hour, absolute: 7 * day };
/** A resident follows a report over weeks; a session shows no more than the resident's own matters. */
const residentLimits = { idle: 14 * day, absolute: 30 * day };
/** How long another process's ending of a session or grant may go unseen. In this process it is seen at once. */
const cacheMs = 3_000;
const cacheSize = 50_000;

/** A session as it was opened: the token goes into the cookie and nowhere else. */
export interface Opened {
  readonly token: string;
  readonly actor: Actor;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** What a request carries that tells who asks; header names in lower case, as Node gives them. */
export interface Credentials {
  /** Path with query. On residents' pages and addresses a resident's session goes before that of staff in the same browser. */
  readonly url?: string;
  readonly headers: { readonly cookie?: string | undefined; readonly authorization?: string | undefined };
}

export interface Sessions {
  /**
   * Who asks: a program by its bearer token, staff or a resident by cookie; null where nobody is signed in.
   * A bearer token that does not hold is refused (401 `identity.token`), for a program must not go on as nobody.
   * Asks the database at most once in 3 s for a token.
   */
  authenticate(request: Credentials): Promise<Result<Actor | null>>;
  /** The resident who is signed in, whether or not a member of staff is too: for the residents' pages. */
  resident(request: Credentials): Promise<Actor | undefined>;
  /** Refusals: 401 `identity.password` (also where there is no such account), 429 `identity.pause` {seconds}, 503 `identity.busy`. */
  signIn(login: string, password: string): Promise<Result<Opened>>;
  /** Signs a resident in whose phone has just been checked. */
  openResident(county: string, contact: string): Promise<Opened>;
  /** Ends the sessions that the request carries. */
  signOut(request: Credentials): Promise<void>;
  /** Refusals: 401 `identity.password`, 422 `identity.password_weak`, 403 `identity.no_password`. */
  changePassword(actor: Actor, request: Credentials, old: string, next: string): Promise<Result<{ done: true }>>;
  /** Sets a password by a one-time link. Refusals: 422 `identity.link`, 422 `identity.password_weak`. */
  useLink(token: string, password: string): Promise<Result<Opened>>;
  /** Values of Set-Cookie: HttpOnly, SameSite=Lax, and `__Host-` with Secure where the public address is https. */
  cookie(kind: 'staff' | 'resident', opened: Pick<Opened, 'token' | 'expiresAt'> | null): string;
  /** Forgets what this process remembers of an account or contact: its next request asks the database. */
  forget(id: string): void;
  /** When the session of the request ends, if it has one. */
  expiry(request: Credentials): Promise<number | null>;
  /** Deletes what has run out. For a job, once an hour. */
  sweep(): Promise<void>;
}

interface Known {
  readonly actor: Actor | undefined;
  readonly read: number;
  readonly expiresAt: number | null;
}

/** Addresses that residents use: their own data, and every page that is no end of staff. */
const forResidents = (url: string): boolean => url.startsWith('/api/contacts/') || !/^\/(api|console|field|screen)(\/|\?|$)/.test(url);

/** Words that make a long password easy to guess all the same. */
const weak = (password: string, login: string): boolean => {
  const plain = password.toLowerCase();
  return new Set(plain).size < 5 || plain.includes(login) || /^(\d+|.*(password|lamplight123|123456|qwerty).*)$/.test(plain);
};

export const createSessions = ({ world }: Pick<Needs, 'world'>): Sessions => {
  const secure = world.config.url.startsWith('https:');
  const names = { staff: `${secure ? '__Host-' : ''}lamplight`, resident: `${secure ? '__Host-' : ''}lamplight_resident` };
  const known = new Map<string, Known>();

  const cookieOf = ({ headers }: Credentials, kind: keyof typeof names): string | undefined => {
    for (const part of (headers.cookie ?? '').split(';')) {
      const at = part.indexOf('=');
      if (at > 0 && part.slice(0, at).trim() === names[kind]) {
        const value = part.slice(at + 1).trim();
        return /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
      }
    }
    return undefined;
  };

  const remember = (key: string, found: Known): Known => {
    if (known.size >= cacheSize) known.clear();
    known.set(key, found);
    return found;
  };

  /** A resident's right: to what is their own, in the county where the phone was checked. */
  const residentActor = (county: string, contact: string): Actor => ({
    id: contact as ActorId, kind: 'resident', name: null,
    grants: [{ id: contact, county: county as CountyCode, role: 'resident', unit: null, place: '' as PlacePath, purpose: null, from: 0, until: null }],
  });

  const readSession = async (token: string): Promise<Known> => {
    const digest = tokenDigest(token);
    const key = digest.toString('base64');
    const now = world.now();
    const remembered = known.get(key);
    // A clock that was set back makes everything remembered old, not everlasting.
    if (remembered && Math.abs(now - remembered.read) < cacheMs) return remembered;
    const row = await findSession(world.db, digest, new Date(now));
    const limits = row?.account ? staffLimits : residentLimits;
    if (!row || row.seen_at.getTime() + limits.idle <= now) return remember(key, { actor: undefined, read: now, expiresAt: null });
    if (now - row.seen_at.getTime() > minute) await touchSession(world.db, digest, new Date(now));
    const actor: Actor = row.account
      ? { id: row.account as ActorId, kind: 'account', name: row.name, grants: row.grants }
      : residentActor(row.county!, row.contact!);
    return remember(key, { actor, read: now, expiresAt: row.expires_at.getTime() });
  };

  const readProgram = async (token: string): Promise<Known> => {
    const digest = tokenDigest(token);
    const key = `program ${digest.toString('base64')}`;
    const now = world.now();
    const remembered = known.get(key);
    if (remembered && Math.abs(now - remembered.read) < cacheMs) return remembered;
    const row = await findProgram(world.db, digest, new Date(now));
    const actor: Actor | undefined = row && {
      id: row.account as ActorId, kind: 'program', name: row.name, grants: row.grants.filter((grant: Grant) => row.roles.includes(grant.role)),
    };
    return remember(key, { actor, read: now, expiresAt: null });
  };

  const signedIn = async (request: Credentials, kind: keyof typeof names): Promise<Actor | undefined> => {
    const token = cookieOf(request, kind);
    return token === undefined ? undefined : (await readSession(token)).actor;
  };

  const open = async (account: string): Promise<Opened> => {
    const token = randomToken();
    const now = world.now();
    const expiresAt = now + staffLimits.absolute;
    await insertSession(world.db, { token: tokenDigest(token), account, county: null, contact: null, now: new Date(now), until: new Date(expiresAt) });
    const { actor } = await readSession(token);
    if (!actor) throw new Error('a session that was just opened is not there');
    return { token, actor, expiresAt };
  };

  const forget = (id: string): void => {
    for (const [key, { actor }] of known) if (actor?.id === id) known.delete(key);
  };

  const pauseKey = (login: string): Buffer => tokenDigest(`login ${login}`);

  /** Checks a password against an account's, making the next try wait where it is wrong again and again. */
  const check = (login: string, password: string): Promise<Result<{ id: string; login: string }>> => {
    if (passwordsBusy()) return Promise.resolve(refuse(503, 'identity.busy', { seconds: 5 }));
    return inLane(async () => {
      const now = new Date(world.now());
      const pause = await findPause(world.db, pauseKey(login), now);
      if (pause) return refuse(429, 'identity.pause', { seconds: Math.max(1, Math.ceil((pause.getTime() - now.getTime()) / 1000)) });
      const account = await findAccountByLogin(world.db, login);
      const right = await isPassword(password, account?.password ?? null);
      if (!account || !right || account.kind !== 'person' || account.disabled_at) {
        await countFailure(world.db, pauseKey(login), now);
        return refuse(401, 'identity.password');
      }
      await clearPause(world.db, pauseKey(login));
      if (isOutdated(account.password!)) await updateAccount(world.db, account.id, { password: await hashPassword(password) }, now);
      return { id: account.id, login: account.login };
    });
  };

  const setPassword = async (id: string, login: string, password: string): Promise<Result<{ done: true }>> => {
    if (weak(password, login)) return refuse(422, 'identity.password_weak', undefined, [{ path: '/password', reason: 'identity.password_weak' }]);
    const hash = await inLane(() => hashPassword(password));
    await updateAccount(world.db, id, { password: hash }, new Date(world.now()));
    return { done: true };
  };

  return {
    async authenticate(request) {
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const token = /^Bearer ([A-Za-z0-9_-]{43})$/i.exec(authorization)?.[1];
        const actor = token === undefined ? undefined : (await readProgram(token)).actor;
        return actor ?? refuse(401, 'identity.token');
      }
      const order = forResidents(request.url ?? '') ? (['resident', 'staff'] as const) : (['staff', 'resident'] as const);
      for (const kind of order) {
        const actor = await signedIn(request, kind);
        if (actor) return actor;
      }
      return null;
    },
    resident: (request) => signedIn(request, 'resident'),
    async signIn(login, password) {
      const account = await check(login.trim().toLowerCase(), password);
      return isRefusal(account) ? account : open(account.id);
    },
    async openResident(county, contact) {
      const token = randomToken();
      const now = world.now();
      const expiresAt = now + residentLimits.absolute;
      await insertSession(world.db, { token: tokenDigest(token), account: null, county, contact, now: new Date(now), until: new Date(expiresAt) });
      return { token, actor: residentActor(county, contact), expiresAt };
    },
    async signOut(request) {
      for (const kind of ['staff', 'resident'] as const) {
        const token = cookieOf(request, kind);
        if (token === undefined) continue;
        const digest = tokenDigest(token);
        await deleteSession(world.db, digest);
        known.delete(digest.toString('base64'));
      }
    },
    async changePassword(actor, request, old, next) {
      const account = actor.kind === 'account' ? await findAccount(world.db, actor.id) : undefined;
      if (!account) return refuse(403, 'identity.no_password');
      const right = await check(account.login, old);
      if (isRefusal(right)) return right;
      const done = await setPassword(account.id, account.login, next);
      if (isRefusal(done)) return done;
      const token = cookieOf(request, 'staff');
      await deleteSessionsOf(world.db, account.id, token === undefined ? null : tokenDigest(token));
      forget(account.id);
      return done;
    },
    async useLink(token, password) {
      const now = new Date(world.now());
      // The link is used up by a password that holds only: one that is too weak leaves it open for another try.
      const done = await world.db.transaction(async (tx): Promise<Result<{ account: string }>> => {
        const account = await useLink(tx, tokenDigest(token), now);
        const row = account === undefined ? undefined : await findAccount(tx, account);
        if (!row || row.disabled_at) return refuse(422, 'identity.link');
        if (weak(password, row.login)) throw new WeakPassword();
        const hash = await inLane(() => hashPassword(password));
        await updateAccount(tx, row.id, { password: hash }, now);
        await voidLinks(tx, row.id);
        await deleteSessionsOf(tx, row.id, null);
        await clearPause(tx, pauseKey(row.login));
        return { account: row.id };
      }).catch((error: unknown) => {
        if (error instanceof WeakPassword) return refuse(422, 'identity.password_weak', undefined, [{ path: '/password', reason: 'identity.password_weak' }]);
        throw error;
      });
      if (isRefusal(done)) return done;
      forget(done.account);
      return open(done.account);
    },
    cookie(kind, opened) {
      const age = opened ? Math.max(0, Math.floor((opened.expiresAt - world.now()) / 1000)) : 0;
      return `${names[kind]}=${opened?.token ?? ''}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure ? '; Secure' : ''}`;
    },
    forget,
    async expiry(request) {
      const token = cookieOf(request, 'staff') ?? cookieOf(request, 'resident');
      return token === undefined ? null : (await readSession(token)).expiresAt;
    },
    async sweep() {
      const now = world.now();
      await sweepSessions(world.db, new Date(now), new Date(now - 7 * day));
    },
  };
};

/** Rolls the transaction of a link back. */
class WeakPassword extends Error {}
