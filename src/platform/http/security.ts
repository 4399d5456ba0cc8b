import type { FastifyRequest } from 'fastify';
import { refuse, type Refusal } from '../../base/result.ts';

/** Content security policy of a page made on the server: nothing inline without the answer's nonce, nothing from elsewhere. */
export const pagePolicy = (nonce: string): string =>
  `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; ` +
  "media-src 'self' blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self' blob:; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** What an answer that is no page may do in a browser: nothing. */
export const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Headers by what is answered. */
export interface SecurityHeaders {
  /** Answers of routes: data, which a browser is to do nothing with by itself. */
  readonly data: Readonly<Record<string, string>>;
  /** Everything else: pages, files, errors of unknown addresses. */
  readonly page: Readonly<Record<string, string>>;
}

/** @param https whether the public address is https: then browsers are told to stay there for a year. */
export const securityHeaders = (https: boolean): SecurityHeaders => {
  const data = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': dataPolicy,
    'cache-control': 'no-store',
    ...(https && { 'strict-transport-security': 'max-age=31536000' }),
  };
  return {
    data,
    page: {
      ...data,
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(self), geolocation=(self), microphone=(self), payment=(), usb=()',
    },
  };
};

/** Of answers that pages of any other site may read: see `Route.anyOrigin`. */
export const anyOriginHeaders = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'link, retry-after', 'cross-origin-resource-policy': 'cross-origin' } as const;

/** The answer to a browser that asks beforehand whether a page of another site may call such a route. */
export const preflightHeaders = {
  ...anyOriginHeaders, 'access-control-allow-methods': 'GET, HEAD, POST', 'access-control-allow-headers': 'accept-language, authorization, content-type, idempotency-key', 'access-control-max-age': '86400',
} as const;

const changes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * Refuses a change that another site asks for with our visitor's cookies (403 `http.foreign_origin`).
 * Browsers say in Origin or Sec-Fetch-Site where a request comes from; a caller that says neither is no browser of the last
 * years, and for older ones SameSite=Lax keeps the cookie away. A bearer token is no cookie: no other site can send it.
 * @param own origin of the public address.
 */
export const refuseForeign = (request: FastifyRequest, own: string): Refusal | undefined => {
  if (!changes.has(request.method)) return undefined;
  const { origin, authorization, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (authorization !== undefined && request.headers.cookie === undefined) return undefined;
  if (origin === undefined) return site === undefined || site === 'same-origin' || site === 'none' ? undefined : refuse(403, 'http.foreign_origin');
  if (origin === own) return undefined;
  // The name under which we were called counts as ours too: a session cookie belongs to that name and no other.
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`) ? undefined : refuse(403, 'http.foreign_origin');
};
