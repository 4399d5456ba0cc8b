import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Route } from '../src/base/route.ts';

const root = resolve(import.meta.dirname, '..');
const file = join(root, 'client/lamplight.ts');

/** What is read of a schema to say it as a type. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly allOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape | readonly Shape[];
  readonly prefixItems?: readonly Shape[];
}

const member = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

const typeOf = (shape: Shape): string => {
  if (shape.const !== undefined) return JSON.stringify(shape.const);
  if (shape.enum) return shape.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (shape.anyOf) return [...new Set(shape.anyOf.map(typeOf))].join(' | ');
  if (shape.allOf) return shape.allOf.map((part) => `(${typeOf(part)})`).join(' & ');
  switch (shape.type) {
    case 'string': case 'boolean': case 'null': return shape.type;
    case 'integer': case 'number': return 'number';
    case 'array': {
      const each = shape.prefixItems ?? (Array.isArray(shape.items) ? (shape.items as readonly Shape[]) : undefined);
      return each ? `readonly [${each.map(typeOf).join(', ')}]` : `readonly (${typeOf((shape.items ?? {}) as Shape)})[]`;
    }
    case 'object': {
      const members = Object.entries(shape.properties ?? {});
      if (members.length > 0) return `{ ${members.map(([name, one]) => `readonly ${member(name)}${shape.required?.includes(name) ? '' : '?'}: ${typeOf(one)}`).join('; ')} }`;
      const values = Object.values(shape.patternProperties ?? {});
      return values.length > 0 ? `Readonly<Record<string, ${values.map(typeOf).join(' | ')}>>` : 'Readonly<Record<string, unknown>>';
    }
    default: return 'unknown';
  }
};

const required = (shape: Shape | undefined): boolean => (shape?.required?.length ?? 0) > 0;

const bodyOf = ({ consumes, body }: Route): string | undefined => {
  if (consumes === 'bytes') return 'body: Uint8Array | Blob';
  if (consumes === 'form') return 'form: Readonly<Record<string, string | readonly string[]>>';
  return body && `body: ${typeOf(body as Shape)}`;
};

const typesOf = (route: Route): string => {
  const parts = [
    route.params && `params: ${typeOf(route.params as Shape)}`,
    route.query && `query${required(route.query as Shape) ? '' : '?'}: ${typeOf(route.query as Shape)}`,
    bodyOf(route),
  ].filter((part) => part !== undefined);
  const answer = route.status === 204 ? 'undefined' : route.produces === undefined ? typeOf(route.response as Shape) : 'Response';
  return `  /** ${route.summary.replaceAll('*/', '* /')} */ ${JSON.stringify(route.name)}: { given: { ${parts.map((part) => `readonly ${part}`).join('; ')} }; answer: ${answer} };`;
};

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && ['name', 'method', 'path', 'who', 'response'].every((name) => name in value);

/** All routes that contracts export, by name. */
const readRoutes = async (): Promise<Route[]> => {
  const files = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && (entry.name === 'contract.ts' || /[\\/]contract$/.test(entry.parentPath)))
    .map((entry) => join(entry.parentPath, entry.name));
  const found = new Map<string, Route>();
  for (const one of files)
    for (const value of Object.values((await import(one)) as object) as unknown[])
      for (const route of isRoute(value) ? [value] : typeof value === 'object' && value !== null ? Object.values(value as object).filter(isRoute) : []) found.set(route.name, route);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** The client of all routes, as one file that needs no other. */
export const clientOf = (routes: readonly Route[]): string => `// The typed client of Lamplight's API, made by tools/client.ts from the route contracts: one file, no dependencies, for Node, Deno, Bun and browsers.

/** What a server refused: \`reason\` is stable and for programs, \`detail\` is for people. */
export class Refused extends Error {
  readonly status: number;
  readonly reason: string;
  readonly errors: readonly { readonly path: string; readonly reason: string; readonly message: string }[];
  constructor(status: number, problem: { readonly detail?: string; readonly reason?: string; readonly errors?: Refused['errors'] }) {
    super(problem.detail ?? \`status \${status}\`);
    this.status = status;
    this.reason = problem.reason ?? 'unknown';
    this.errors = problem.errors ?? [];
  }
}

/** What each route takes and gives, by its name. Times are milliseconds since 1970 where they are numbers; degrees are WGS-84. */
export interface Routes {
${routes.map(typesOf).join('\n')}
}

const addresses: { readonly [N in keyof Routes]: readonly [method: string, path: string, raw?: true] } = {
${routes.map(({ name, method, path, status, produces }) => `  ${JSON.stringify(name)}: [${JSON.stringify(method)}, ${JSON.stringify(path)}${produces !== undefined && status !== 204 ? ', true' : ''}],`).join('\n')}
};

interface Given {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly form?: Readonly<Record<string, string | readonly string[]>>;
}

export interface ClientOptions {
  /** Address of the server, without a path. */
  readonly url: string;
  /** A program's key. */
  readonly key?: string;
  /** Language of what is for people: zh-Hans, zh-Hant or en. */
  readonly language?: string;
  /** How requests are sent; the platform's own where absent. */
  readonly fetch?: typeof fetch;
}

/** Calls a route by its name; throws \`Refused\` for what the server refuses. */
export type Call = <N extends keyof Routes>(name: N, given: Routes[N]['given'], options?: { readonly signal?: AbortSignal; readonly idempotencyKey?: string }) => Promise<Routes[N]['answer']>;

export const createClient = ({ url, key, language, fetch: send = fetch }: ClientOptions): Call => async (name, given, options = {}) => {
  const { params = {}, query = {}, body, form } = given as Given;
  const [method, path, raw] = addresses[name];
  const asked = new URL(path.replace(/:(\\w+)|\\*/g, (_, word?: string) => (word === undefined ? String(params['*']) : encodeURIComponent(String(params[word])))), url);
  for (const [member, value] of Object.entries(query)) if (value !== undefined) asked.searchParams.set(member, Array.isArray(value) ? value.join(',') : String(value));
  const headers: Record<string, string> = {};
  if (key !== undefined) headers['authorization'] = \`Bearer \${key}\`;
  if (language !== undefined) headers['accept-language'] = language;
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
  let sent: BodyInit | undefined;
  if (form) {
    const fields = new URLSearchParams();
    for (const [member, value] of Object.entries(form)) for (const one of typeof value === 'string' ? [value] : value) fields.append(member, one);
    sent = fields;
  } else if (body instanceof Uint8Array || body instanceof Blob) {
    headers['content-type'] = 'application/octet-stream';
    sent = body as BodyInit;
  } else if (body !== undefined) {
    headers['content-type'] = 'application/json';
    sent = JSON.stringify(body);
  }
  const answer = await send(asked, { method, headers, ...(sent !== undefined && { body: sent }), ...(options.signal && { signal: options.signal }) });
  if (!answer.ok) {
    const text = await answer.text();
    let problem: object = {};
    // An answer that is no problem document is a proxy's.
    try { problem = JSON.parse(text) as object; } catch { problem = { detail: text.slice(0, 200) }; }
    throw new Refused(answer.status, problem);
  }
  return (raw ? answer : answer.status === 204 ? undefined : await answer.json()) as never;
};
`;

if (process.argv[1] === import.meta.filename) {
  const made = clientOf(await readRoutes());
  if (!process.argv.includes('--check')) await writeFile(file, made);
  else if ((await readFile(file, 'utf8')) !== made) {
    process.stderr.write('client/lamplight.ts is not what the contracts come to: sh tools/run tools/client.ts\n');
    process.exitCode = 1;
  }
}
