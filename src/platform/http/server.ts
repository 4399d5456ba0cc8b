import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import multipart from '@fastify/multipart';
import { fastify, type FastifyError, type FastifyInstance, type FastifyHttpOptions, type FastifyReply, type FastifyRequest } from 'fastify';
import { Counter, Histogram } from 'prom-client';
import type { Language } from '../../base/text/language.ts';
import { isRefusal, refuse } from '../../base/result.ts';
import type { Route } from '../../base/route.ts';
import type { World } from '../world.ts';
import { type Authenticate, createDoorkeeper, settleLanguage } from './doorkeeper.ts';
import type { Mounted } from './handler.ts';
import { createLimiter, defaultLimits, type Limits } from './limiter.ts';
import { addPage, addRoute, fastifyPath, newNonce, sendPage, type SendRefusal, usualBody } from './mount.ts';
import { createOtherMethod } from './otherMethod.ts';
import type { Page } from './page.ts';
import { problemOf, Refused, refusalBehind, retryAfter, type Told } from './problem.ts';
import { splitForm } from './reading/forms.ts';
import { readJson } from './reading/guard.ts';
import { anyOriginHeaders, preflightHeaders, securityHeaders } from './security.ts';
import { type ErrorPage, plainErrorPage } from './served/errorPage.ts';
import { askAll, type HealthCheck } from './served/health.ts';
import { apiPage, openApi } from './served/openapi.ts';
import { serveEnds } from './served/statics.ts';

export interface ServerOptions {
  /** Finds out who asks; called for every route and page, before any body is read. */
  readonly authenticate: Authenticate;
  /** Changes to the usual limits; none can be turned off. */
  readonly limits?: Partial<Limits>;
  /** Language where the asker prefers none. */
  readonly language?: Language;
  /** How a refusal of a page looks. */
  readonly errorPage?: ErrorPage;
  /** Folder of the built web ends, `{folder}/console` and so on; none are served where it is absent. */
  readonly ends?: { readonly folder: string; readonly names: readonly string[] };
  /** Milliseconds that requests under way have when the server stops; 3,000 where absent. */
  readonly graceMs?: number;
}

/** A server being put together, then running. */
export interface Server {
  /** Adds routes; only before `listen`. */
  mount(routes: readonly Mounted[]): void;
  /** Adds pages; only before `listen`. */
  mountPages(pages: readonly Page[]): void;
  /** Adds a part to what /readyz asks. */
  check(name: string, check: HealthCheck): void;
  /** Declared routes, in the order of mounting. */
  readonly routes: readonly Route[];
  readonly pages: readonly Page[];
  /** Opens the port of the configuration. @returns the address, such as http://127.0.0.1:8300. @throws when the port is taken. */
  listen(): Promise<string>;
  /** Stops: /readyz says no, no connection is taken, streams end, requests under way finish within the grace. */
  drain(): Promise<void>;
  /** Aborted when draining begins. */
  readonly closing: AbortSignal;
}

const wantsPage = (request: FastifyRequest): boolean => {
  const kind = request.routeOptions.config.door?.kind;
  if (kind !== undefined) return kind === 'page';
  return !/^\/(api|open311|metrics|healthz|readyz)\b/.test(request.url) && (request.headers.accept ?? '').includes('text/html');
};

const requestIds = (trusted: boolean) => {
  const head = randomBytes(4).toString('hex');
  let made = 0;
  return (raw: { headers: Record<string, string | string[] | undefined> }): string => {
    const given = raw.headers['x-request-id'];
    return trusted && typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : `${head}-${(++made).toString(36)}`;
  };
};

/** Reads JSON through the guard; an empty body is no body. */
const jsonParser = (_request: FastifyRequest, body: Buffer, done: (error: Error | null, value?: unknown) => void): void => {
  if (body.length === 0) return done(null, undefined);
  const value = readJson(body);
  if (isRefusal(value)) done(new Refused(value));
  else done(null, value);
};

/** Leaves the body unread: whoever answers reads it through `call.upload()`. */
const unread = (_request: FastifyRequest, _payload: unknown, done: (error: null) => void): void => done(null);

const instrument = (app: FastifyInstance, world: World): void => {
  const requests = new Counter({ name: 'lamplight_http_requests_total', help: 'Requests answered.', labelNames: ['route', 'method', 'status'], registers: [world.metrics] });
  const seconds = new Histogram({
    name: 'lamplight_http_request_seconds', help: 'From the first byte of a request to the last of its answer.', labelNames: ['route'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5], registers: [world.metrics],
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.config.door?.name ?? (request.routeOptions.url === undefined ? 'none' : 'file');
    const { statusCode: status, elapsedTime } = reply;
    requests.labels(route, request.method, String(status)).inc();
    seconds.labels(route).observe(elapsedTime / 1000);
    const level = status >= 500 ? 'warn' : status >= 400 ? 'info' : 'debug';
    if (world.log.isLevelEnabled(level))
      world.log[level]({ request: request.id, route, method: request.method, status, ms: Math.round(elapsedTime), actor: request.actor?.id }, 'answered');
    done();
  });
};

/**
 * Makes a server that guards its input, knows who asks, limits how often, and answers in the asker's language.
 * Errors are RFC 9457 problem documents, or pages for those who asked for a page. Nothing listens until `listen`.
 */
export const createServer = async (world: World, options: ServerOptions): Promise<Server> => {
  const { config } = world;
  const https = config.url.startsWith('https:');
  const usual = options.language ?? 'zh-Hans';
  const errorPage = options.errorPage ?? plainErrorPage;
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const mounted: Mounted[] = [];
  const pages: Page[] = [];
  const checks = new Map<string, HealthCheck>();

  const serverOptions: FastifyHttpOptions<HttpServer> = {
    logger: false,
    // One proxy of ours: the last address that it added is the caller's; what stands before that the caller may have made up.
    trustProxy: config.trustProxy ? (_address, hop) => hop === 0 : false,
    genReqId: requestIds(config.trustProxy),
    bodyLimit: usualBody,
    requestTimeout: 60_000,
    keepAliveTimeout: 72_000,
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 300, ignoreDuplicateSlashes: false },
    frameworkErrors: (error, request, reply) => { fail(error, request, reply); },
    clientErrorHandler(error, socket) {
      if ((error as NodeJS.ErrnoException).code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
      const tooLarge = (error as NodeJS.ErrnoException).code === 'HPE_HEADER_OVERFLOW';
      socket.end(`HTTP/1.1 ${tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    },
  };
  const app = fastify(serverOptions);

  const tell = (request: FastifyRequest, reply: FastifyReply, told: Told, refused = request.routeOptions.config.door?.refused): FastifyReply => {
    const language = request.language ?? usual;
    const problem = problemOf(told, language, config.url, request.id);
    const wait = retryAfter(told);
    if (wait !== undefined) reply.header('retry-after', wait);
    if (told.status === 401) reply.header('www-authenticate', 'Bearer');
    reply.header('content-language', language);
    const own = refused?.(problem, request);
    if (own) return reply.code(own.status).type(own.type).send(own.body);
    if (!wantsPage(request)) return reply.code(told.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(problem));
    const nonce = newNonce();
    return sendPage(reply, { html: errorPage(problem, language, nonce, { path: request.url, cookie: (name) => request.cookies?.[name] }), status: told.status }, nonce, https);
  };
  const sendRefusal: SendRefusal = (request, reply, refusal) => tell(request, reply, refusal);

  const fail = (error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal = refusalBehind(error, request.routeOptions.config.door?.limit ?? usualBody);
    if (!refusal) world.log.error({ err: error, request: request.id, route: request.routeOptions.config.door?.name }, 'an error of ours');
    else if (refusal.status === 503) world.log.warn({ err: error, request: request.id }, 'not available for now');
    return tell(request, reply, refusal ?? { status: 500, reason: 'http.ours' });
  };

  app.decorate('closing', { getter: () => closing.signal } as unknown as AbortSignal);
  app.decorateRequest('actor', null);
  app.decorateRequest('language', usual);
  await app.register(cookie);
  app.setErrorHandler((error: FastifyError, request, reply) => fail(error, request, reply));
  let otherMethod: ReturnType<typeof createOtherMethod> | undefined;
  app.setNotFoundHandler((request, reply) => {
    otherMethod ??= createOtherMethod(mounted);
    const { allow, at } = otherMethod(request.url.split('?')[0]!);
    if (at?.route.anyOrigin) reply.headers(anyOriginHeaders);
    if (allow.length > 0) reply.header('allow', allow.join(', '));
    return tell(request, reply, allow.length > 0 ? refuse(405, 'http.method', { method: request.method, methods: allow.join(', ') }) : refuse(404, 'http.not_found'), at?.refused);
  });
  const headers = securityHeaders(https);
  const doorkeeper = createDoorkeeper({
    authenticate: options.authenticate, limiter: createLimiter(world.now), limits: { ...defaultLimits, ...options.limits },
    origin: new URL(config.url).origin, now: world.now,
  });
  app.addHook('onRequest', async (request, reply) => {
    const { door } = request.routeOptions.config;
    reply.headers(door?.kind === 'route' ? headers.data : headers.page);
    if (door?.anyOrigin) reply.headers(anyOriginHeaders);
    reply.header('x-request-id', request.id);
    request.language = settleLanguage(request, reply, usual, https);
    const refusal = await doorkeeper(request);
    return refusal && sendRefusal(request, reply, refusal);
  });
  instrument(app, world);

  const mountAll = async (): Promise<void> => {
    await app.register(async (json) => {
      json.removeAllContentTypeParsers();
      json.addContentTypeParser('application/json', { parseAs: 'buffer' }, jsonParser);
      for (const each of mounted) if (each.route.consumes === undefined) addRoute(json, each, sendRefusal);
    });
    await app.register(async (bytes) => {
      bytes.removeAllContentTypeParsers();
      await bytes.register(multipart, { throwFileSizeLimit: true });
      bytes.addContentTypeParser('*', unread);
      for (const each of mounted) if (each.route.consumes === 'bytes') addRoute(bytes, each, sendRefusal);
    });
    await app.register(async (html) => {
      html.removeAllContentTypeParsers();
      await html.register(multipart, { throwFileSizeLimit: true });
      await html.register(formbody, { bodyLimit: usualBody, parser: splitForm });
      for (const page of pages) addPage(html, page, sendRefusal, https);
      for (const each of mounted) if (each.route.consumes === 'form') addRoute(html, each, sendRefusal);
    });
    if (options.ends) await serveEnds(app, options.ends.folder, options.ends.names);

    const routes = mounted.map(({ route }) => route);
    for (const path of new Set(routes.flatMap((route) => (route.anyOrigin ? [fastifyPath(route.path)] : []))))
      app.options(path, (_request, reply) => reply.code(204).headers(preflightHeaders).send());
    const document = JSON.stringify(openApi(routes, config.url));
    app.get('/api/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache').send(document));
    app.get('/api/', (request, reply) => {
      const nonce = newNonce();
      return sendPage(reply, { html: apiPage(routes, request.language, nonce), headers: { 'cache-control': 'no-cache' } }, nonce, https);
    });
    app.get('/api', (_request, reply) => reply.redirect('/api/', 308));
    app.get('/healthz', (_request, reply) => reply.send({ alive: true }));
    app.get('/readyz', async (_request, reply) => {
      const answer = await askAll(checks);
      const ready = answer.ready && !closing.signal.aborted;
      return reply.code(ready ? 200 : 503).send({ ready, checks: answer.checks });
    });
    app.get('/metrics', async (_request, reply) => reply.type(world.metrics.contentType).send(await world.metrics.metrics()));
  };

  checks.set('database', async () => {
    await world.db.query('select 1');
    return { ok: true, says: 'answers' };
  });

  return {
    mount: (routes) => void mounted.push(...routes),
    mountPages: (more) => void pages.push(...more),
    check: (name, check) => void checks.set(name, check),
    get routes() { return mounted.map(({ route }) => route); },
    pages,
    closing: closing.signal,
    async listen() {
      await mountAll();
      await app.listen({ host: config.host, port: config.port });
      const { port } = app.server.address() as AddressInfo;
      return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    },
    async drain() {
      if (closing.signal.aborted) return;
      closing.abort();
      const cut = setTimeout(() => app.server.closeAllConnections(), options.graceMs ?? 3_000);
      // A connection whose last answer is out is kept open for more; closing looks for such only once.
      const tidy = setInterval(() => app.server.closeIdleConnections(), 25);
      try {
        await app.close();
      } finally {
        clearTimeout(cut);
        clearInterval(tidy);
      }
    },
  };
};
