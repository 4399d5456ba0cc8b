import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { randomBytes } from 'node:crypto';
import { anonymous } from '../../base/actor.ts';
import { isRefusal, refuse, type Refusal } from '../../base/result.ts';
import { readForm, readUpload } from './reading/forms.ts';
import type { Call, Mounted, SayRefusal } from './handler.ts';
import { hiddenSigns } from './reading/guard.ts';
import type { CookieToSet, Page, PageAnswer } from './page.ts';
import { pagePolicy } from './security.ts';
import { addressCheck, bodyCheck, type Check } from './reading/values.ts';

/** Bytes of a body where a route or page says nothing. */
export const usualBody = 1_048_576;

/** `/f/{token}` as Fastify writes it, `/f/:token`; both forms are taken. */
export const fastifyPath = (path: string): string => path.replace(/\{(\w+)\}/g, ':$1');

/** Sends a refusal in the form that the asker understands; made by server.ts. */
export type SendRefusal = (request: FastifyRequest, reply: FastifyReply, refusal: Refusal) => FastifyReply;

/** Texts of an address are looked through as those of a body are; most hold no sign that could hide one. */
const hiddenInAddress = (request: FastifyRequest): Refusal | undefined => {
  if (!request.url.includes('%')) return undefined;
  const found = [...hiddenSigns(request.params, '/params'), ...hiddenSigns(request.query, '/query')];
  return found.length > 0 ? refuse(422, 'http.hidden_signs', undefined, found) : undefined;
};

/** `?lang=` is the server's own on every address, settled before a route is asked: no route's members. */
const withoutLanguage = (query: unknown): unknown => {
  const { lang: _, ...members } = query as Record<string, unknown>;
  return members;
};

/** The handler of a route: checks, asks the module, sends what it answers. */
export const routeHandler = ({ route, answer }: Mounted, sendRefusal: SendRefusal): RouteHandlerMethod => {
  const params: Check | undefined = route.params && addressCheck(route.params, 'params');
  const query: Check | undefined = route.query && addressCheck(route.query, 'query');
  const body: Check | undefined = route.body && route.consumes === undefined ? bodyCheck(route.body) : undefined;
  const status = route.status ?? 200;
  const limit = route.bodyLimit ?? usualBody;
  return async (request, reply) => {
    const hidden = hiddenInAddress(request);
    if (hidden) return sendRefusal(request, reply, hidden);
    const checked = { params: params ? params(request.params) : request.params, query: query ? query(withoutLanguage(request.query)) : request.query, body: body ? body(request.body) : request.body };
    for (const part of [checked.params, checked.query, checked.body]) if (isRefusal(part)) return sendRefusal(request, reply, part);
    const result = await answer({
      ...checked, actor: request.actor ?? anonymous, language: request.language, ip: request.ip,
      upload: () => readUpload(request, limit), form: () => readForm(request, limit), request, reply,
    } as Call<Mounted['route']>);
    if (isRefusal(result)) return sendRefusal(request, reply, result);
    if (reply.sent) return reply;
    reply.code(status);
    if (status === 204) return reply.send();
    reply.type('application/json; charset=utf-8');
    // Fastify takes a string for JSON that is already written, and null for no answer.
    return reply.send(typeof result === 'string' || result === null ? JSON.stringify(result) : result);
  };
};

const firsts = (query: unknown): Record<string, string> => {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(query as Record<string, string | string[]>))
    result[name] = Array.isArray(value) ? value[0] ?? '' : value;
  return result;
};

/** Sends what a page answered. */
export const sendPage = (reply: FastifyReply, answer: PageAnswer, nonce: string, secure: boolean): FastifyReply => {
  for (const { name, value, maxAge, httpOnly = true, path = '/' } of answer.cookies ?? ([] as CookieToSet[]))
    reply.setCookie(name, value, { path, httpOnly, sameSite: 'lax', secure, ...(maxAge !== undefined && { maxAge }) });
  if (answer.headers) reply.headers(answer.headers);
  if ('redirect' in answer) return reply.code(answer.status ?? 303).header('location', encodeURI(decodeURI(answer.redirect))).send();
  return reply
    .code(answer.status ?? 200)
    .header('content-security-policy', pagePolicy(nonce))
    .type(answer.type ?? 'text/html; charset=utf-8')
    .send(answer.html);
};

export const newNonce = (): string => randomBytes(16).toString('base64');

/** The handler of a page: reads its form, asks the module, sends what it answers. */
export const pageHandler = (page: Page, sendRefusal: SendRefusal, secure: boolean): RouteHandlerMethod => {
  const limit = page.bodyLimit ?? usualBody;
  return async (request, reply) => {
    const hidden = hiddenInAddress(request);
    if (hidden) return sendRefusal(request, reply, hidden);
    const form = await readForm(request, limit, { typed: true });
    if (isRefusal(form)) return sendRefusal(request, reply, form);
    const nonce = newNonce();
    const answer = await page.answer({
      params: request.params as Record<string, string>, query: firsts(request.query), form,
      actor: request.actor ?? anonymous, language: request.language, ip: request.ip, nonce, path: request.url,
      cookie: (name) => request.cookies[name], request, reply,
    });
    if (isRefusal(answer)) return sendRefusal(request, reply, answer);
    return reply.sent ? reply : sendPage(reply, answer, nonce, secure);
  };
};

/** What server.ts looks at before a route is asked. */
export interface Door {
  readonly name: string;
  readonly who: Mounted['route']['who'];
  readonly perMinute: number | undefined;
  readonly limit: number;
  readonly kind: 'route' | 'page';
  readonly refused?: SayRefusal;
  /** See `Route.anyOrigin`. */
  readonly anyOrigin?: true;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Absent for files, health and the like, which everyone may read. */
    door?: Door;
  }
}

export const addRoute = (app: FastifyInstance, mounted: Mounted, sendRefusal: SendRefusal): void => {
  const { route } = mounted;
  const limit = route.bodyLimit ?? usualBody;
  app.route({
    method: route.method, url: fastifyPath(route.path), bodyLimit: limit,
    config: { door: { name: route.name, who: route.who, perMinute: route.perMinute, limit, kind: 'route', ...(mounted.refused && { refused: mounted.refused }), ...(route.anyOrigin && { anyOrigin: true }) } },
    ...(!route.produces && route.status !== 204 && { schema: { response: { [route.status ?? 200]: route.response } } }),
    handler: routeHandler(mounted, sendRefusal),
  });
};

export const addPage = (app: FastifyInstance, page: Page, sendRefusal: SendRefusal, secure: boolean): void => {
  const limit = page.bodyLimit ?? usualBody;
  app.route({
    method: page.method, url: fastifyPath(page.path), bodyLimit: limit,
    config: { door: { name: page.name, who: page.who, perMinute: page.perMinute, limit, kind: 'page' } },
    handler: pageHandler(page, sendRefusal, secure),
  });
};
