import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../src/base/route.ts';
import { isRefusal } from '../../src/base/result.ts';
import { openTown, type Town } from '../../src/entry/town/town.ts';
import { demoPassword, scopeAllows, type ScopedObject } from '../../src/modules/identity/index.ts';
import { createServer, type Server } from '../../src/platform/http/server.ts';
import { testWorld, type TestWorld } from '../support/world.ts';
import { county, countyPath, gridPath, sentBack, townPath, villagePath } from './made.ts';

/** Who may: everybody, whoever is signed in, or roles by name. */
type May = 'anyone' | 'session' | readonly string[];
/** A row: who may, and where the answer depends on it, what to ask with. */
type Row = May | { readonly may: May; readonly path?: string; readonly query?: string; readonly body?: unknown };

interface Matrix {
  readonly routes: Readonly<Record<string, Row>>;
  readonly pages: Readonly<Record<string, Row>>;
  /** Kinds of matters, by where they are and whose: which roles see them. */
  readonly objects: Readonly<Record<string, { readonly object: ScopedObject; readonly seen: readonly string[] }>>;
}

const matrix = JSON.parse(readFileSync(resolve(import.meta.dirname, 'matrix.json'), 'utf8')) as Matrix;
const mayOf = (row: Row): May => (typeof row === 'object' && 'may' in row ? row.may : row);

/** Roles that no demo account has. */
const further = [
  { login: 'proxy', name: '代办人 x', role: 'proxy', unit: null, place: 'village', phone: '13900019001' },
  { login: 'volunteer', name: '志愿者 x', role: 'volunteer', unit: null, place: 'village', phone: '13900019002' },
  { login: 'gateway', name: '感知网关 x', role: 'gateway', unit: null, place: 'county', phone: '13900019003' },
];
const loginOf = (role: string): string => ({ unithandler: 'lampkeeper' })[role] ?? role;

let world: TestWorld;
let town: Town;
let server: Server;
let address: string;
let people: Map<string, string>;
/** Cookie by role; `anonymous` has none. */
const cookies = new Map<string, string | undefined>();
const allRoles = (): string[] => Object.keys(town.modules.identity.roles.roles);

beforeAll(async () => {
  world = await testWorld({ demo: true });
  town = await openTown(world);
  const { identity } = town.modules;
  people = await identity.createDemoAccounts({ county, places: { county: countyPath, town: townPath, village: villagePath, grid: gridPath }, more: further });
  server = await createServer(world, { ...town.http, limits: { address: 1e6, resident: 1e6, account: 1e6, program: 1e6 } });
  server.mount(town.routes);
  server.mountPages(town.pages);
  address = await server.listen();
  cookies.set('anonymous', undefined);
  for (const role of allRoles()) {
    if (role === 'resident') continue;
    const opened = await identity.sessions.signIn(loginOf(role), demoPassword);
    if (isRefusal(opened)) throw new Error(`${role}: ${opened.reason}`);
    cookies.set(role, sentBack(identity.sessions.cookie('staff', opened)));
  }
  const contact = await identity.contacts.contactByPhone(world.db, county, '13900002046', 'zh-Hans');
  if (isRefusal(contact)) throw new Error(contact.reason);
  cookies.set('resident', sentBack(identity.sessions.cookie('resident', await identity.sessions.openResident(county, contact.id))));
}, 120_000);
afterAll(async () => {
  await server?.drain();
  await town?.close();
  await world?.close();
});

const anyValue = (name: string): string => ({
  county, digest: 'a'.repeat(64), plate: 'ABCDEF', level: '0', '*': '000', code: '330281103', id: '01900000-0000-7000-8000-0000000000ff', token: '01900000-0000-7000-8000-0000000000fe',
})[name] ?? 'x1';

/** Status of a route or page for a role; the answer itself is not read, for some of them never end. */
const statusFor = async (role: string, { method, path }: Pick<Route, 'method' | 'path'>, row: Row | undefined): Promise<number> => {
  const asked = typeof row === 'object' && 'may' in row ? row : undefined;
  const url = asked?.path ?? path.replace(/:(\w+)|\{(\w+)\}|\*/g, (whole, a?: string, b?: string) => anyValue(a ?? b ?? whole));
  const cookie = cookies.get(role);
  const stop = new AbortController();
  const response = await fetch(`${address}${url}${asked?.query ?? ''}`, {
    method, signal: stop.signal, redirect: 'manual',
    headers: { ...(cookie !== undefined && { cookie }), ...(method !== 'GET' && { 'content-type': 'application/json', origin: world.config.url }) },
    ...(method !== 'GET' && { body: JSON.stringify(asked?.body ?? {}) }),
  });
  stop.abort();
  return response.status;
};

/** Rows that are missing, as lines to be looked at and pasted: the declared `who` is a proposal, not the answer. */
const missing = (declared: readonly { readonly name: string; readonly who: Route['who'] }[], rows: Readonly<Record<string, Row>>): string[] =>
  declared.filter(({ name }) => !(name in rows)).map(({ name, who }) => `    ${JSON.stringify(name)}: ${JSON.stringify(who)},`);

describe('the permission matrix', () => {
  it('has a row for every route and page that is mounted', () => {
    expect([...missing(town.routes.map(({ route }) => route), matrix.routes), ...missing(town.pages, matrix.pages)].join('\n')).toBe('');
  });
  it('has no row for what is not there', () => {
    const names = new Set([...town.routes.map(({ route }) => route.name), ...town.pages.map(({ name }) => name)]);
    expect([...Object.keys(matrix.routes), ...Object.keys(matrix.pages)].filter((name) => !names.has(name))).toEqual([]);
  });
  it('names only roles that are there', () => {
    const named = [...Object.values(matrix.routes), ...Object.values(matrix.pages)].flatMap((row) => { const may = mayOf(row); return typeof may === 'string' ? [] : may; });
    expect([...new Set([...named, ...Object.values(matrix.objects).flatMap(({ seen }) => seen)])].filter((role) => !allRoles().includes(role))).toEqual([]);
  });
  it('holds at the door of every route and page, for every role and for nobody', async () => {
    const wrong: string[] = [];
    const doors = [
      ...town.routes.map(({ route }) => ({ ...route, row: matrix.routes[route.name] })),
      ...town.pages.map((page) => ({ ...page, row: matrix.pages[page.name] })),
    ];
    let asked = 0;
    for (const door of doors) {
      if (door.row === undefined) continue;
      const may = mayOf(door.row);
      await Promise.all([...cookies.keys()].map(async (role) => {
        // Signing out and erasing oneself would end the session that the other rows need.
        if ((door.name === 'identity.sign_out' || door.name === 'identity.erase_own_contact') && role !== 'anonymous' && (may === 'anyone' || may.includes(role))) return;
        const status = await statusFor(role, door, door.row);
        asked++;
        const expected = may === 'anyone' || (role !== 'anonymous' && (may === 'session' || may.includes(role)));
        const denied = status === 401 || status === 403;
        if (status >= 500 || (expected ? denied : status !== (role === 'anonymous' ? 401 : 403))) wrong.push(`${door.name} as ${role}: ${status}, expected ${expected ? 'to be let in' : 'a refusal'}`);
      }));
    }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(doors.length * 15);
  }, 240_000);
});

describe('the objects of the matrix', () => {
  it('are seen by exactly the roles that are written down, whatever way they are asked for', async () => {
    const { identity } = town.modules;
    for (const [name, { object, seen }] of Object.entries(matrix.objects)) {
      const found: string[] = [];
      for (const role of allRoles()) {
        const cookie = cookies.get(role)!;
        const actor = await identity.sessions.authenticate({ url: role === 'resident' ? '/' : '/api/matters', headers: { cookie } });
        if (actor === null || isRefusal(actor)) throw new Error(role);
        const own = (key: string | null | undefined): string | null => (key === 'self' ? (actor.kind === 'resident' ? `contact:${actor.id}` : `account:${actor.id}`) : (key ?? null));
        if (scopeAllows(identity.scope(actor), { ...object, reporter: own(object.reporter), handler: object.handler === 'self' ? actor.id : (object.handler ?? null) })) found.push(role);
      }
      expect({ [name]: found.sort() }).toEqual({ [name]: [...seen].sort() });
    }
  });
  it('are answered with 200 to those who see them and with 404 to all others, in page and list alike', async () => {
    const cases = Object.entries(matrix.objects).filter(([, { object }]) => object.kind === 'case' && object.reporter !== 'self' && object.handler !== 'self');
    expect(cases.length).toBeGreaterThan(2);
    const ids = new Map<string, string>();
    for (const [n, [name, { object }]] of cases.entries()) {
      const id = `01900000-0000-7000-8000-0000000001${String(n).padStart(2, '0')}`;
      ids.set(name, id);
      await world.db.query(`
        insert into matter (county, id, kind, state, version, number, title, path, village, lead_unit, data, doers, created_at, updated_at)
        values ($1, $2, 'case', 'collected', 1, $3, $4, $5, $8, $6, '{}', '{}', $7, $7)`,
      [object.county, id, `T${n}`, name, object.path ?? null, object.leadUnit ?? null, new Date(world.now()), object.path?.split('/').find((code) => code.length === 12) ?? null]);
    }
    const wrong: string[] = [];
    for (const role of allRoles()) {
      const get = (path: string) => fetch(`${address}${path}`, { headers: { cookie: cookies.get(role)! } });
      const list = await get('/api/matters?box=all&limit=100');
      const listed = list.ok ? new Set(((await list.json()) as { items: { id: string }[] }).items.map((item) => item.id)) : new Set<string>();
      for (const [name, { seen }] of cases) {
        const page = await get(`/api/matters/${ids.get(name)!}`);
        await page.body?.cancel();
        const expected = seen.includes(role);
        if (page.status !== (expected ? 200 : 404)) wrong.push(`page of ${name} as ${role}: ${page.status}`);
        if (listed.has(ids.get(name)!) !== expected) wrong.push(`list with ${name} as ${role}: ${String(listed.has(ids.get(name)!))} (${list.status})`);
      }
    }
    expect(wrong).toEqual([]);
  }, 120_000);
});

it('the people of the matrix are the demo\'s and three more', () => {
  expect(people.size).toBe(22);
});
