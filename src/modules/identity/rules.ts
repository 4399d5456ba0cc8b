import type { Actor, Grant } from '../../base/actor.ts';
import type { Text } from '../../base/text/language.ts';

/**
 * What a role may read: matters of some kinds, within the grant's place (everything below it), the grant's unit
 * (as lead unit, and inside the place), what the person reported or has in hand (`own`), or the whole county (`all`).
 * `*` is every kind that is not isolated.
 */
export interface ReadRight {
  readonly kinds: '*' | readonly string[];
  readonly within: 'place' | 'unit' | 'own' | 'all';
}

/** A role as `data/roles.json` declares it; `may` are permissions that no matter's workflow speaks about. */
export interface Role {
  readonly label: Text;
  readonly reads: readonly ReadRight[];
  readonly may: readonly string[];
}

/** All roles; matters of an isolated kind are seen only by roles that name the kind. */
export interface Roles {
  readonly isolated: readonly string[];
  readonly roles: Readonly<Record<string, Role>>;
  /** By county and role: permissions that the county withholds. Held in memory and read again; a county never adds any. */
  readonly withheld?: Map<string, Readonly<Record<string, readonly string[]>>>;
}

/** What a role may in a county: what ships, less what the county withholds. */
export const mayOf = (roles: Roles, county: string, role: string): readonly string[] => {
  const ships = roles.roles[role]?.may ?? [];
  const withheld = roles.withheld?.get(county)?.[role];
  return withheld === undefined ? ships : ships.filter((permission) => !withheld.includes(permission));
};

/** One way of being allowed to see a matter: every member that is present must fit. */
export interface Clause {
  readonly county: string;
  /** The stored path starts with this. */
  readonly pathPrefix?: string;
  readonly unit?: string;
  /** `handler` is this account, or `reporter` is one of `reporters`. */
  readonly person?: { readonly handler: string; readonly reporter: string };
  readonly kinds?: readonly string[];
  readonly notKinds?: readonly string[];
}

/** What an actor may see: everything (the system), or whatever fits one of the clauses. No clause: nothing. */
export interface Scope {
  readonly everything: boolean;
  readonly clauses: readonly Clause[];
}

/** The columns of a matter that a scope looks at. */
export interface ScopedObject {
  readonly county: string;
  readonly kind: string;
  readonly path?: string | null | undefined;
  readonly leadUnit?: string | null | undefined;
  readonly handler?: string | null | undefined;
  readonly reporter?: string | null | undefined;
}

/** True while the grant holds: from inclusive, until exclusive. */
export const holds = (grant: Grant, now: number): boolean => grant.from <= now && (grant.until === null || now < grant.until);

/** True when `path` lies under the grant's place; an unknown path lies under none but an unlimited one. */
const under = (prefix: string, path: string | null | undefined): boolean => prefix === '' || (path ?? '').startsWith(prefix);

/** How matters and deliveries name a person: `account:{uuid}` for staff and programs, `contact:{uuid}` for residents. */
export const personKey = (actor: Pick<Actor, 'id' | 'kind'>): string =>
  `${actor.kind === 'resident' ? 'contact' : 'account'}:${actor.id}`;

const sameSet = (a: readonly string[] | undefined, b: readonly string[] | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((item) => b.includes(item)));

/** True when whatever fits `b` fits `a`. */
const covers = (a: Clause, b: Clause): boolean => {
  if (a.county !== b.county) return false;
  if (a.pathPrefix !== undefined && !(b.pathPrefix ?? '').startsWith(a.pathPrefix)) return false;
  if (a.unit !== undefined && a.unit !== b.unit) return false;
  if (a.person !== undefined && a.person.reporter !== b.person?.reporter) return false;
  if (a.kinds !== undefined) return b.kinds !== undefined && b.kinds.every((kind) => a.kinds!.includes(kind));
  if (a.notKinds !== undefined)
    return b.kinds ? b.kinds.every((kind) => !a.notKinds!.includes(kind)) : sameSet(a.notKinds, b.notKinds);
  return true;
};

const clauseOf = (roles: Roles, actor: Actor, grant: Grant, right: ReadRight): Clause | undefined => {
  const kinds = right.kinds === '*'
    ? (roles.isolated.length > 0 ? { notKinds: roles.isolated } : {})
    : { kinds: right.kinds };
  const place = grant.place === '' ? {} : { pathPrefix: grant.place as string };
  switch (right.within) {
    case 'all': return { county: grant.county, ...kinds };
    case 'place': return { county: grant.county, ...place, ...kinds };
    case 'unit': return grant.unit === null ? undefined : { county: grant.county, ...place, unit: grant.unit, ...kinds };
    case 'own': return { county: grant.county, person: { handler: actor.id, reporter: personKey(actor) }, ...kinds };
  }
};

/**
 * Compiles an actor's grants of this moment into one scope, which gives the predicate of lists (`scopeSql`), the check
 * of one object and the filter of live events (`scopeAllows`). Clauses that another one covers are dropped, so that
 * the predicate stays as short as the rights are simple. Compile again when a grant starts, ends or changes.
 * @param now milliseconds since 1970
 */
export const compileScope = (roles: Roles, actor: Actor, now: number): Scope => {
  if (actor.kind === 'system') return { everything: true, clauses: [] };
  const clauses: Clause[] = [];
  for (const grant of actor.grants) {
    if (!holds(grant, now)) continue;
    for (const right of roles.roles[grant.role]?.reads ?? []) {
      const clause = clauseOf(roles, actor, grant, right);
      if (!clause || clauses.some((wider) => covers(wider, clause))) continue;
      for (let i = clauses.length - 1; i >= 0; i--) if (covers(clause, clauses[i]!)) clauses.splice(i, 1);
      clauses.push(clause);
    }
  }
  return { everything: false, clauses };
};

/** Whether a scope shows an object: the same answer as `scopeSql` gives about its row. */
export const scopeAllows = (scope: Scope, object: ScopedObject): boolean =>
  scope.everything || scope.clauses.some((clause) =>
    clause.county === object.county
    && (clause.pathPrefix === undefined || under(clause.pathPrefix, object.path))
    && (clause.unit === undefined || clause.unit === object.leadUnit)
    && (clause.person === undefined || clause.person.handler === object.handler || clause.person.reporter === object.reporter)
    && (clause.kinds === undefined || clause.kinds.includes(object.kind))
    && (clause.notKinds === undefined || !clause.notKinds.includes(object.kind)));

/** The first text, in code point order, that is beyond everything starting with `prefix`. */
export const prefixEnd = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);

/**
 * A scope as an SQL condition on a row `alias` with the columns county, kind, path, lead_unit, handler, reporter.
 * The path is tested as a range under COLLATE "C", which a B-tree on a column of that collation answers
 * (`LIKE $1 || '%'` with a parameter is not, nor is a starts_with() of a generic plan).
 * @param from number of the first parameter to use
 * @returns an expression in brackets and the values of its parameters, `$from` onwards
 */
export const scopeSql = (scope: Scope, alias: string, from: number): { readonly sql: string; readonly params: readonly unknown[] } => {
  if (scope.everything) return { sql: '(true)', params: [] };
  if (scope.clauses.length === 0) return { sql: '(false)', params: [] };
  const params: unknown[] = [];
  const numbers = new Map<string, number>();
  const param = (value: string | readonly string[]): string => {
    const key = JSON.stringify(value);
    let number = numbers.get(key);
    if (number === undefined) {
      params.push(value);
      number = from + params.length - 1;
      numbers.set(key, number);
    }
    return `$${number}`;
  };
  const terms = scope.clauses.map((clause) => {
    const parts = [`${alias}.county = ${param(clause.county)}`];
    if (clause.pathPrefix !== undefined)
      parts.push(`${alias}.path collate "C" >= ${param(clause.pathPrefix)}`, `${alias}.path collate "C" < ${param(prefixEnd(clause.pathPrefix))}`);
    if (clause.unit !== undefined) parts.push(`${alias}.lead_unit = ${param(clause.unit)}`);
    if (clause.person !== undefined)
      parts.push(`(${alias}.handler = ${param(clause.person.handler)} or ${alias}.reporter = ${param(clause.person.reporter)})`);
    if (clause.kinds !== undefined) parts.push(`${alias}.kind = any(${param(clause.kinds)})`);
    if (clause.notKinds !== undefined) parts.push(`${alias}.kind <> all(${param(clause.notKinds)})`);
    return `(${parts.join(' and ')})`;
  });
  return { sql: `(${terms.join(' or ')})`, params };
};

/**
 * The grant under which an actor may do what one of `roles` may, in a county and, where a path is given, at that place;
 * undefined where there is none. With `unit`, only a grant of that unit.
 */
export const grantFor = (
  actor: Actor, county: string, roles: readonly string[], now: number, path?: string | null, unit?: string,
): Grant | undefined =>
  actor.grants.find((grant) => grant.county === county && roles.includes(grant.role) && holds(grant, now)
    && (path === undefined || under(grant.place, path)) && (unit === undefined || grant.unit === unit));

/**
 * The grant that carries a permission (`may` of its role). Without a path any place of the county will do: ask with
 * the path wherever the permission is about one. The system has none and needs none: see `Identity.permits`.
 */
export const permitted = (roles: Roles, actor: Actor, county: string, permission: string, now: number, path?: string | null): Grant | undefined =>
  grantFor(actor, county, Object.keys(roles.roles).filter((name) => mayOf(roles, county, name).includes(permission)), now, path);

/**
 * True where a grant holds for the whole county and not for a part of it: its path is empty, ends with the county or
 * lies above it. What has no place of its own, such as the list of deliveries, needs such a grant.
 */
export const coversCounty = (grant: Grant): boolean =>
  !`/${grant.place}`.includes(`/${grant.county}/`) || grant.place.endsWith(`/${grant.county}/`) || grant.place === `${grant.county}/`;
