import type { TSchema } from 'typebox';
import { type Language, say } from '../../../base/text/language.ts';
import type { Route } from '../../../base/route.ts';
import { textsOf } from '../../texts.ts';
import { exampleOf, examplesOf } from './examples.ts';

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
}

const problemSchema = {
  type: 'object', required: ['type', 'title', 'status', 'detail', 'reason', 'request'],
  properties: {
    type: { type: 'string', format: 'uri' }, title: { type: 'string' }, status: { type: 'integer' }, detail: { type: 'string' },
    reason: { type: 'string', description: 'Stable code of the refusal.' },
    errors: {
      type: 'array',
      items: {
        type: 'object', required: ['path', 'reason', 'message'],
        properties: { path: { type: 'string', description: 'JSON pointer.' }, reason: { type: 'string' }, message: { type: 'string' } },
      },
    },
    request: { type: 'string', description: 'Id of the request in the log.' },
  },
};

const parametersOf = (route: Route): object[] => {
  const listed = (schema: TSchema | undefined, place: 'path' | 'query'): object[] => {
    const { properties = {}, required = [] } = (schema ?? {}) as ObjectSchema;
    return Object.entries(properties).map(([name, member]) => ({
      name: name === '*' ? 'rest' : name, in: place, required: place === 'path' || required.includes(name), schema: member, example: exampleOf(member, name),
    }));
  };
  return [...listed(route.params, 'path'), ...listed(route.query, 'query')];
};

const bodyOf = (route: Route): object | undefined => {
  if (route.consumes === 'bytes') {
    const binary = { type: 'string', format: 'binary' };
    return {
      required: true,
      content: {
        'application/octet-stream': { schema: binary },
        'multipart/form-data': { schema: { type: 'object', required: ['file'], properties: { file: binary } } },
      },
    };
  }
  if (route.consumes === 'form') {
    const schema = route.body ?? { type: 'object' };
    const form = { schema, example: exampleOf(schema) };
    return { required: true, content: { 'application/x-www-form-urlencoded': form, 'multipart/form-data': form } };
  }
  return route.body && { required: true, content: { 'application/json': { schema: route.body, example: exampleOf(route.body) } } };
};

const operationOf = (route: Route): object => {
  const parameters = parametersOf(route);
  const requestBody = bodyOf(route);
  const status = route.status ?? 200;
  return {
    operationId: route.name, summary: route.summary, tags: [route.name.split('.')[0]],
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    security: route.who === 'anyone' ? [{}, { session: [] }, { bearer: [] }] : [{ session: [] }, { bearer: [] }],
    ...(Array.isArray(route.who) && { 'x-roles': route.who }),
    responses: {
      [status]: {
        description: 'Done.',
        ...(status !== 204 && { content: { [route.produces ?? 'application/json']: route.produces ? { schema: { type: 'string' } } : { schema: route.response, example: exampleOf(route.response) } } }),
      },
      default: { description: 'Refused.', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  };
};

/** The OpenAPI 3.1 document of all routes, by path and method. `server` is the public address. */
export const openApi = (routes: readonly Route[], server: string): object => {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of [...routes].sort((a, b) => (a.path < b.path ? -1 : 1)))
    (paths[route.path.replace(/:(\w+)/g, '{$1}').replace('*', '{rest}')] ??= {})[route.method.toLowerCase()] = operationOf(route);
  return {
    openapi: '3.1.0',
    info: { title: 'Lamplight', version: '1', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: server }],
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'lamplight' },
        bearer: { type: 'http', scheme: 'bearer' },
      },
    },
  };
};

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);

/** The readable page at /api/: every route with what it takes and gives, and every reason with its text. No outside asset, no script. */
export const apiPage = (routes: readonly Route[], language: Language, nonce: string): string => {
  const texts = textsOf('http');
  const t = (key: string): string => escaped(say(texts, language, key));
  const schema = (label: string, value: unknown): string =>
    value === undefined ? '' : `<details><summary>${label}</summary><pre>${escaped(JSON.stringify(value, null, 2))}</pre></details>`;
  const examples = (route: Route): string => {
    const { body, response } = examplesOf(route);
    return `${schema(t('api.example_body'), body)}${schema(t('api.example_response'), response)}`;
  };
  const modules = Map.groupBy([...routes].sort((a, b) => (a.name < b.name ? -1 : 1)), (route) => route.name.split('.')[0]!);
  const sections = [...modules].map(([module, ofModule]) => `<section><h2 id="${escaped(module)}">${escaped(module)}</h2>${ofModule.map((route) => `
<article id="${escaped(route.name)}"><h3><code>${route.method} ${escaped(route.path)}</code></h3>
<p>${escaped(route.summary)}</p>
<p class="who">${t('api.who')} ${escaped(Array.isArray(route.who) ? route.who.join(' · ') : t(`api.who_${String(route.who)}`))} · <code>${escaped(route.name)}</code></p>
${schema(t('api.params'), route.params)}${schema(t('api.query'), route.query)}${schema(t('api.body'), route.body)}${schema(t('api.response'), route.produces ?? route.response)}${examples(route)}</article>`).join('')}</section>`);
  const reasons = Object.entries(textsOf('reasons')).sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]) => `<tr id="${escaped(key)}"><td><code>${escaped(key)}</code></td><td>${escaped(text[language])}</td></tr>`);
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${t('api.title')}</title><style nonce="${nonce}">
body{font:16px/1.6 system-ui,"PingFang SC","Noto Sans SC","Microsoft YaHei",sans-serif;color:#14202B;background:#FAF7F1;max-width:60rem;margin:0 auto;padding:1.5rem}
a{color:#0B566B}h2{margin-top:2.5rem;border-bottom:1px solid #D5DCE1}h3{margin:1.5rem 0 .25rem;font-size:1rem}
article p{margin:.25rem 0}.who{color:#566673;font-size:.875rem}pre{background:#fff;border:1px solid #D5DCE1;border-radius:4px;padding:.75rem;overflow:auto;font-size:.8125rem}
summary{cursor:pointer;min-height:1.75rem;color:#0B566B}table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #D5DCE1}
code{font-family:ui-monospace,Consolas,monospace;font-size:.875em;overflow-wrap:anywhere}:focus-visible{outline:3px solid #F4B02A;outline-offset:2px}
</style></head><body><main><h1>${t('api.title')}</h1><p>${t('api.intro')} <a href="/api/openapi.json">openapi.json</a></p>
<nav aria-label="${t('api.modules')}"><p>${[...modules.keys()].map((module) => `<a href="#${escaped(module)}">${escaped(module)}</a>`).join(' · ')} · <a href="#reasons">${t('api.reasons')}</a></p></nav>
${sections.join('')}<section><h2 id="reasons">${t('api.reasons')}</h2><table><thead><tr><th>${t('api.reason')}</th><th>${t('api.says')}</th></tr></thead><tbody>${reasons.join('')}</tbody></table></section></main></body></html>`;
};
