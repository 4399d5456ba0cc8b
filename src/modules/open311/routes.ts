import type { FastifyReply } from 'fastify';
import { isRefusal, refuse, type Result } from '../../base/result.ts';
import type { Route } from '../../base/route.ts';
import { handle, type Call, type Mounted, type SayRefusal } from '../../platform/http/handler.ts';
import {
  discovery, discoveryOfEnd, front, frontOfEndpoint, listRequests, listServices, listUpdates, makeRequest, makeUpdate, readMedia, readRequest, readService, readToken, unknownAddress, type Format,
} from './contract.ts';
import type { Open311 } from './index.ts';
import { xmlOf, type Said } from './rules/xml.ts';

const types = { json: 'application/json; charset=utf-8', xml: 'text/xml; charset=utf-8' } as const;

/** Statuses as GeoReport knows them: a key that is missing or wrong is 403, a wrong value 400. */
const statuses: Readonly<Record<number, number>> = { 401: 403, 422: 400 };

/** Every refusal, whoever refuses, as Open311 says errors: one for each value that is wrong, else one. */
const sayRefusal: SayRefusal = ({ status: given, detail, errors }, request) => {
  // An address that ends in no format of ours is an address that there is not.
  const status = errors?.some(({ path }) => path === '/params/format') ? 404 : (statuses[given] ?? given);
  const all = errors && errors.length > 0
    ? errors.map(({ path, message }) => ({ code: status, description: `${path.replace(/^\/(query|params|input)?\/?/, '')}: ${message}` })) : [{ code: status, description: detail }];
  return /\.json(\?|$)/.test(request.url) ? { status, type: types.json, body: JSON.stringify(all) } : { status, type: types.xml, body: xmlOf('errors', all) };
};

const tell = async (reply: FastifyReply, format: Format, root: string, value: Said, status = 200): Promise<never[]> => {
  // As bytes: Node takes twice as long to write a long text with Chinese signs.
  await reply.code(status).type(types[format]).send(Buffer.from(format === 'json' ? JSON.stringify(value) : xmlOf(root, value)));
  return [];
};

/** Of a multipart form, files named `media`; of any, its fields. */
const mediaOf = (files: readonly { readonly field: string; readonly bytes: Buffer }[]): Buffer[] => files.filter(({ field }) => /^media(\[\d*\])?$/.test(field)).map(({ bytes }) => bytes);

export const open311Routes = (open311: Open311, url: string): Mounted[] => {
  /** A GET whose answer is said in the form asked for. `root` is the name of the XML document. */
  const get = <R extends Route>(route: R, root: string, answer: (call: Call<R>) => Promise<Result<unknown>>): Mounted =>
    handle(route, async (call) => {
      const value = await answer(call);
      if (isRefusal(value)) return value;
      const { format = 'json' } = call.params as { format?: Format };
      call.reply.header('content-language', call.language);
      await tell(call.reply, format, root, value as Said);
      return undefined as never;
    }, sayRefusal);

  const programOf = async (jurisdictionId: string | undefined, key: string | undefined, actor: Call<Route>['actor']) => {
    const jurisdiction = await open311.jurisdiction(jurisdictionId);
    if (isRefusal(jurisdiction)) return jurisdiction;
    const program = await open311.program(jurisdiction, key, actor);
    return isRefusal(program) ? program : { jurisdiction, program };
  };

  /** The items of a page, with the address of the next in the Link header. */
  const paged = <T>(reply: FastifyReply, asked: string, { items, after }: { readonly items: readonly T[]; readonly after: string | null }): readonly T[] => {
    if (after !== null) {
      const next = new URL(asked, url);
      next.searchParams.delete('page');
      next.searchParams.delete('api_key');
      next.searchParams.set('after', after);
      reply.header('link', `<${url}${next.pathname}${next.search}>; rel="next"`);
    }
    return items;
  };

  return [
    get(discovery, 'discovery', ({ language }) => open311.discovery(language)),
    get(discoveryOfEnd, 'discovery', ({ language }) => open311.discovery(language)),
    get(front, 'discovery', ({ language }) => open311.discovery(language)),
    get(frontOfEndpoint, 'discovery', ({ language }) => open311.discovery(language)),
    get(listServices, 'services', async ({ query, language }) => {
      const jurisdiction = await open311.jurisdiction(query.jurisdiction_id);
      return isRefusal(jurisdiction) ? jurisdiction : open311.services(jurisdiction, language);
    }),
    get(readService, 'service_definition', async ({ params, query, language }) => {
      const jurisdiction = await open311.jurisdiction(query.jurisdiction_id);
      return isRefusal(jurisdiction) ? jurisdiction : open311.service(jurisdiction, params.code, language);
    }),
    handle(makeRequest, async ({ params, query, form, actor, language, ip, request, reply }) => {
      const posted = await form();
      if (isRefusal(posted)) return posted;
      const said = (name: string): string | undefined => posted.get(name)?.trim() || undefined;
      const asker = await programOf(said('jurisdiction_id') ?? query.jurisdiction_id, said('api_key') ?? query.api_key, actor);
      if (isRefusal(asker)) return asker;
      const { jurisdiction, program } = asker;
      if (program === null && jurisdiction.settings.keyRequired !== false) return refuse(403, 'open311.key_needed');
      const given = request.headers['idempotency-key'];
      const key = typeof given === 'string' ? given.trim() : '';
      if (key.length > 200) return refuse(400, 'open311.idempotency', { most: 200 });
      const created = await open311.submit({
        jurisdiction, fields: posted.fields, files: mediaOf(posted.files), program, ip, language, idempotencyKey: key === '' ? null : key,
      });
      return isRefusal(created) ? created : tell(reply.header('content-language', language), params.format, 'service_requests', [created], 201);
    }, sayRefusal),
    get(listRequests, 'service_requests', async ({ query, actor, language, request, reply }) => {
      const asker = await programOf(query.jurisdiction_id, query.api_key, actor);
      if (isRefusal(asker)) return asker;
      const page = await open311.requests(asker.jurisdiction, query, { program: asker.program, language, extensions: query.extensions === 'true' });
      if (isRefusal(page)) return page;
      return paged(reply, request.url, page);
    }),
    get(listUpdates, 'service_request_updates', async ({ query, language, request, reply }) => {
      const jurisdiction = await open311.jurisdiction(query.jurisdiction_id);
      const page = isRefusal(jurisdiction) ? jurisdiction : await open311.updates.list(jurisdiction, query, language);
      return isRefusal(page) ? page : paged(reply, request.url, page);
    }),
    handle(makeUpdate, async ({ params, query, form, actor, reply }) => {
      const posted = await form();
      if (isRefusal(posted)) return posted;
      const asker = await programOf(posted.get('jurisdiction_id')?.trim() || query.jurisdiction_id, posted.get('api_key')?.trim() || query.api_key, actor);
      if (isRefusal(asker)) return asker;
      if (asker.program === null) return refuse(403, 'open311.key_needed');
      const added = await open311.updates.add(asker.jurisdiction, posted.fields, asker.program);
      return isRefusal(added) ? added : tell(reply, params.format, 'service_request_updates', [added], 201);
    }, sayRefusal),
    get(readRequest, 'service_requests', async ({ params, query, actor, language }) => {
      const asker = await programOf(query.jurisdiction_id, query.api_key, actor);
      return isRefusal(asker) ? asker : open311.request(asker.jurisdiction, params.id, { program: asker.program, language, extensions: query.extensions === 'true' });
    }),
    get(readToken, 'service_requests', async ({ params, query, actor }) => {
      const asker = await programOf(query.jurisdiction_id, query.api_key, actor);
      if (isRefusal(asker)) return asker;
      const found = await open311.token(asker.jurisdiction, params.token, asker.program);
      return isRefusal(found) ? found : [found];
    }),
    handle(unknownAddress, async () => refuse(404, 'http.not_found'), sayRefusal),
    handle(readMedia, async ({ params, query, reply }) => {
      const jurisdiction = await open311.jurisdiction(query.jurisdiction_id);
      const bytes = isRefusal(jurisdiction) ? jurisdiction : await open311.picture(jurisdiction, params.id, params.digest);
      if (isRefusal(bytes)) return bytes;
      await reply.header('cache-control', 'public, max-age=300').type('image/jpeg').send(bytes);
      return '';
    }, sayRefusal),
  ];
};
