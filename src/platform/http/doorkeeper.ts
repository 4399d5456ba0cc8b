import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../../base/actor.ts';
import { acceptLanguage, isLanguage, type Language } from '../../base/text/language.ts';
import { isRefusal, refuse, type Refusal } from '../../base/result.ts';
import { callerOf, type Limiter, type Limits, network } from './limiter.ts';
import { refuseForeign } from './security.ts';

/** Finds out who asks: null for nobody, a Refusal for a pass that is no longer good. */
export type Authenticate = (request: FastifyRequest) => Promise<Actor | null | Refusal>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, null for nobody; known once the door has been passed. */
    actor: Actor | null;
    language: Language;
  }
  interface FastifyInstance {
    /** Aborted when the server begins to stop. */
    closing: AbortSignal;
  }
}

/** Cookie that keeps a chosen language. */
export const languageCookie = 'lang';

/** Browsers send few different headers, and the same one with every request. */
const understood = new Map<string, Language | undefined>();

const preferred = (header: string | undefined): Language | undefined => {
  if (header === undefined || header.length > 200) return acceptLanguage(header?.slice(0, 200));
  if (!understood.has(header)) {
    if (understood.size > 500) understood.clear();
    understood.set(header, acceptLanguage(header));
  }
  return understood.get(header);
};

/** `?lang=`, which is kept in a cookie; then the cookie; then Accept-Language; then the county's language. */
export const settleLanguage = (request: FastifyRequest, reply: FastifyReply, usual: Language, secure: boolean): Language => {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang;
  const kept = request.cookies[languageCookie];
  if (isLanguage(asked)) {
    if (asked !== kept) reply.setCookie(languageCookie, asked, { path: '/', maxAge: 31_536_000, sameSite: 'lax', secure });
    return asked;
  }
  if (isLanguage(kept)) return kept;
  return preferred(request.headers['accept-language']) ?? usual;
};

const holds = (actor: Actor, roles: readonly string[], now: number): boolean =>
  actor.grants.some(({ role, from, until }) => roles.includes(role) && from <= now && (until === null || now < until));

/** What the doorkeeper needs. */
export interface DoorkeeperParts {
  readonly authenticate: Authenticate;
  readonly limiter: Limiter;
  readonly limits: Limits;
  /** Origin of the public address. */
  readonly origin: string;
  readonly now: () => number;
}

/**
 * Decides before a body is read whether a request goes on: where it comes from, who asks, how often, in which role.
 * Rights on a single object are not decided here but by the module's grants.
 */
export const createDoorkeeper = ({ authenticate, limiter, limits, origin, now }: DoorkeeperParts) =>
  async (request: FastifyRequest): Promise<Refusal | undefined> => {
    const { door } = request.routeOptions.config;
    const foreign = door?.anyOrigin ? undefined : refuseForeign(request, origin);
    if (foreign) return foreign;
    const tooMany = (bucket: string, perMinute: number): Refusal | undefined => {
      const seconds = limiter.take(bucket, perMinute);
      return seconds === 0 ? undefined : refuse(429, 'http.too_many', { seconds });
    };
    if (!door) return tooMany(`a:${network(request.ip)}`, limits.address);
    const who = await authenticate(request);
    const actor = isRefusal(who) ? null : who;
    const caller = callerOf(actor, request.ip, limits);
    const often = tooMany(caller.key, caller.perMinute) ?? (door.perMinute === undefined ? undefined : tooMany(`${door.name} ${caller.key}`, door.perMinute));
    if (often) return often;
    if (isRefusal(who)) return who;
    request.actor = actor;
    if (door.who === 'anyone') return undefined;
    if (!actor) return refuse(401, 'http.sign_in');
    return door.who === 'session' || holds(actor, door.who, now()) ? undefined : refuse(403, 'http.role', { roles: door.who.join(', ') });
  };
