import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TSchema } from 'typebox';
import { Errors } from 'typebox/value';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Route } from '../../src/base/route.ts';
import { openTown } from '../../src/entry/town/town.ts';
import type { Page } from '../../src/platform/http/page.ts';
import { openApi } from '../../src/platform/http/served/openapi.ts';
import { textsOf } from '../../src/platform/texts.ts';
import { testWorld, type TestWorld } from '../support/world.ts';

const root = resolve(import.meta.dirname, '../..');
let world: TestWorld;
let routes: readonly Route[];
let pages: readonly Page[];
let declared: readonly Route[];
let close: () => Promise<void>;

const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && ['name', 'method', 'path', 'who', 'response'].every((member) => member in value);

/** Every route object that a contract exports, alone or in an object of routes. */
const routesIn = (exported: object): Route[] =>
  Object.values(exported).flatMap((value: unknown) =>
    isRoute(value) ? [value] : typeof value === 'object' && value !== null ? Object.values(value).filter(isRoute) : []);

const contractFiles = (): string[] =>
  readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (entry.name === 'contract.ts' || /\/contract$/.test(entry.parentPath)))
    .map((entry) => join(entry.parentPath, entry.name));

beforeAll(async () => {
  world = await testWorld();
  const town = await openTown(world);
  close = () => town.close();
  routes = town.routes.map(({ route }) => route);
  pages = town.pages;
  declared = (await Promise.all(contractFiles().map(async (file) => routesIn((await import(file)) as object)))).flat();
});
afterAll(async () => {
  await close?.();
  await world?.close();
});

test('the contracts were found', () => {
  expect(declared.length).toBeGreaterThan(20);
});

test('every route that a contract declares is mounted', () => {
  const mounted = new Set(routes.map(({ name }) => name));
  expect(declared.map(({ name }) => name).filter((name) => !mounted.has(name))).toEqual([]);
});

test('no two routes or pages share a name or an address', () => {
  const twice = (keys: readonly string[]): string[] => keys.filter((key, at) => keys.indexOf(key) !== at);
  const all = [...routes, ...pages];
  expect(twice(all.map(({ name }) => name))).toEqual([]);
  expect(twice(all.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}|:\w+/g, '{}')}`))).toEqual([]);
});

test('every route has a summary, a schema of its answer, and of all it takes', () => {
  const wrong: string[] = [];
  for (const route of routes) {
    const inPath = [...route.path.matchAll(/\{(\w+)\}|:(\w+)|(\*)/g)].map(([, a, b, rest]) => a ?? b ?? rest!).sort();
    const named = Object.keys((route.params as { properties?: object } | undefined)?.properties ?? {}).sort();
    if (route.summary.trim() === '') wrong.push(`${route.name}: no summary`);
    if (inPath.join() !== named.join()) wrong.push(`${route.name}: ${route.path} against parameters ${named.join()}`);
    if (route.method === 'GET' && route.body) wrong.push(`${route.name}: a body with GET`);
    // What comes in is named: an object of a body or address says which members it has.
    for (const part of [route.query, route.body]) if (part && !('properties' in part || 'anyOf' in part || 'allOf' in part || 'oneOf' in part || 'type' in part)) wrong.push(`${route.name}: a part without a shape`);
  }
  expect(wrong).toEqual([]);
});

test('who may is nobody in particular, whoever is signed in, or roles that exist', () => {
  const { roles } = JSON.parse(readFileSync(join(root, 'data/roles.json'), 'utf8')) as { roles: Record<string, unknown> };
  const wrong = [...routes, ...pages].filter(({ who }) => typeof who === 'object' && (who.length === 0 || who.some((role) => !(role in roles))));
  expect(wrong.map(({ name, who }) => `${name}: ${String(who)}`)).toEqual([]);
});

test('every route stands in the OpenAPI document once, with its answer and its refusal', () => {
  const { paths } = openApi(routes, world.config.url) as { paths: Record<string, Record<string, { operationId: string; responses: object }>> };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  expect(operations.map(({ operationId }) => operationId).sort()).toEqual(routes.map(({ name }) => name).sort());
  for (const { responses } of operations) expect(Object.keys(responses)).toEqual(expect.arrayContaining(['default']));
});

test('every example in the OpenAPI document is a value that its schema allows', () => {
  const { paths } = openApi(routes, world.config.url) as { paths: object };
  const wrong: string[] = [];
  let seen = 0;
  const look = (value: unknown, at: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('schema' in value && 'example' in value) {
      seen++;
      const [fault] = Errors(value.schema as TSchema, value.example);
      if (fault) wrong.push(`${at}: ${fault.instancePath} ${fault.message}: ${JSON.stringify(value.example).slice(0, 200)}`);
      return;
    }
    for (const [name, one] of Object.entries(value)) look(one, `${at} ${name}`);
  };
  look(paths, '');
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(routes.length);
});

test('every route has a row in the permission matrix', () => {
  const file = ['tests/identity/matrix.ts', 'tests/identity/matrix.json', 'tests/identity/matrix.test.ts', 'tests/identity/permissions.ts', 'tests/identity/permissions.test.ts'].find((name) => existsSync(join(root, name)));
  expect(file, 'the matrix is not there').toBeDefined();
  const matrix = readFileSync(join(root, file!), 'utf8');
  expect(routes.map(({ name }) => name).filter((name) => !matrix.includes(`'${name}'`) && !matrix.includes(`"${name}"`))).toEqual([]);
});

test('the status of every refusal has its words', () => {
  for (const status of [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]) expect(textsOf('reasons')).toHaveProperty([`http.status_${status}`]);
});
