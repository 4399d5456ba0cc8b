import { request as httpRequest } from 'node:http';
import type { Actor } from '../../../src/base/actor.ts';
import type { ActorId, CountyCode, PlacePath } from '../../../src/base/ids.ts';
import type { Mounted } from '../../../src/platform/http/handler.ts';
import type { Page } from '../../../src/platform/http/page.ts';
import { createServer, type Server, type ServerOptions } from '../../../src/platform/http/server.ts';
import type { World } from '../../../src/platform/world.ts';

/** Someone with a role everywhere in the county, named by the last two figures of the id. */
export const someone = (figures: string, role: string | null = null, kind: Actor['kind'] = 'account'): Actor => ({
  id: `00000000-0000-7000-8000-0000000000${figures}` as ActorId, kind, name: null,
  grants: role === null ? [] : [{ id: `g${figures}`, county: '330281' as CountyCode, role, unit: null, place: '' as PlacePath, purpose: null, from: 0, until: null }],
});

export interface Served {
  readonly server: Server;
  readonly url: string;
  /** Sends JSON, or a body as it is, in English unless told otherwise. */
  ask(path: string, init?: RequestInit & { readonly json?: unknown; readonly as?: Actor }): Promise<Response>;
}

/** A listening server on which a request is made by whomever `as` names: their id stands as a bearer token. */
export const serve = async (world: World, routes: readonly Mounted[], pages: readonly Page[] = [], options: Partial<ServerOptions> = {}): Promise<Served> => {
  const known = new Map<string, Actor>();
  const server = await createServer(world, {
    authenticate: async (request) => known.get(request.headers.authorization?.replace('Bearer ', '') ?? '') ?? null,
    ...options,
  });
  server.mount(routes);
  server.mountPages(pages);
  const url = await server.listen();
  return {
    server, url,
    ask(path, { json, as, headers, ...init } = {}) {
      if (as) known.set(as.id, as);
      return fetch(url + path, {
        redirect: 'manual',
        ...(json !== undefined && { method: 'POST', body: typeof json === 'string' ? json : JSON.stringify(json) }),
        ...init,
        headers: { 'accept-language': 'en', ...(json !== undefined && { 'content-type': 'application/json' }), ...(as && { authorization: `Bearer ${as.id}` }), ...headers },
      });
    },
  };
};

/** Sends the beginning of a body and then cuts the line. Resolves when the connection is gone. */
export const sendHalf = (url: string, headers: Record<string, string>, half: Buffer): Promise<void> =>
  new Promise((resolve) => {
    const sending = httpRequest(url, { method: 'POST', headers });
    sending.on('error', () => {});
    sending.on('close', () => resolve());
    sending.write(half, () => setImmediate(() => sending.destroy()));
  });
