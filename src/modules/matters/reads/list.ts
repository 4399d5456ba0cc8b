import { createHash } from 'node:crypto';
import type { Tx } from '../../../platform/database/database.ts';
import { scopeSql, type Clause, type Scope } from '../../identity/index.ts';
import type { Matter } from '../rules/workflow.ts';
import { matterColumns } from '../store/read.ts';
import { matterOf, type MatterRow } from '../store/rows.ts';

/** What one role may have to do: matters of a kind in some states, under a place, perhaps of a unit or in hand of a person. */
export interface Duty {
  readonly kind: string;
  readonly states: readonly string[];
  readonly place?: string;
  readonly unit?: string;
  readonly handler?: string;
  /** Only while `data` has this member. */
  readonly awaits?: string;
}

export interface ListQuery {
  readonly county: string;
  readonly scope: Scope;
  readonly ended: boolean | null;
  readonly duties?: readonly Duty[];
  readonly handler?: string;
  readonly units?: readonly string[];
  readonly kind?: string;
  readonly state?: string;
  readonly code?: string;
  readonly unit?: string;
  readonly component?: string;
  readonly number?: string;
  /** Stored path: everything under it. */
  readonly path?: string;
  readonly due?: 'late' | 'warn';
  readonly order: 'due' | 'new';
  readonly after?: Cursor;
  readonly limit: number;
  readonly now: number;
}

/** Keyset: the sort key of the last row that was given, and its id. */
export interface Cursor {
  readonly key: string;
  readonly id: string;
}

export interface Listed {
  readonly matter: Matter;
  readonly dueAt: number | null;
  readonly warnAt: number | null;
  readonly dueClock: string | null;
}

const dueKey = `coalesce(m.due_at, 'infinity'::timestamptz)`;

/** One way of coming to see a matter: a clause of the scope, and of a person's own either half. */
interface Way {
  readonly scope: Scope;
  readonly handler?: string;
  readonly reporter?: string;
}

/**
 * The ways apart from each other. Joined by "or" none of their indexes is of use: a grid worker's page went through the open
 * matters of the county until it had found those of the village (16 ms of 100,000, against 2 ms for each way by itself).
 */
const waysOf = ({ everything, clauses }: Scope): Way[] =>
  everything ? [{ scope: { everything, clauses } }] : clauses.flatMap(({ person, ...rest }: Clause): Way[] => {
    const scope = { everything: false, clauses: [rest] };
    return person ? [{ scope, handler: person.handler }, { scope, reporter: person.reporter }] : [{ scope }];
  });

const villageOf = (path: string | undefined): string | undefined => path?.split('/').find((code) => code.length === 12);

/** Writes the conditions of a query for each way, over one list of parameters. */
class Conditions {
  readonly params: unknown[];
  readonly #numbers = new Map<string, number>();
  readonly #query: ListQuery;

  constructor(query: ListQuery) {
    this.#query = query;
    this.params = [query.county];
  }

  param(value: unknown): string {
    const key = JSON.stringify(value);
    let number = this.#numbers.get(key);
    if (number === undefined) this.#numbers.set(key, (number = this.params.push(value)));
    return `$${number}`;
  }

  of({ scope, handler, reporter }: Way): string {
    const query = this.#query;
    const param = (value: unknown): string => this.param(value);
    const under = (prefix: string): string => `(m.path >= ${param(prefix)} and m.path < ${param(`${prefix.slice(0, -1)}0`)})`;
    const parts = ['m.county = $1'];
    if (query.ended !== null) parts.push(query.ended ? 'm.ended_at is not null' : 'm.ended_at is null');
    const rights = scopeSql(scope, 'm', this.params.length + 1);
    this.params.push(...rights.params);
    parts.push(rights.sql);
    const village = villageOf(query.path) ?? villageOf(scope.clauses[0]?.pathPrefix);
    if (village) parts.push(`m.village = ${param(village)}`);
    if (handler) parts.push(`m.handler = ${param(handler)}`);
    if (reporter) parts.push(`m.reporter = ${param(reporter)}`);
    if (query.duties) {
      const terms = query.duties.map((duty) => {
        const term = [`m.kind = ${param(duty.kind)}`, `m.state = any(${param(duty.states)}::text[])`];
        if (duty.place) term.push(under(duty.place));
        if (duty.unit) term.push(`m.lead_unit = ${param(duty.unit)}`);
        if (duty.handler) term.push(`m.handler = ${param(duty.handler)}`);
        if (duty.awaits) term.push(`m.data ? ${param(duty.awaits)}`);
        return `(${term.join(' and ')})`;
      });
      parts.push(terms.length ? `(${terms.join(' or ')})` : 'false');
    }
    if (query.handler) parts.push(`m.handler = ${param(query.handler)}`);
    if (query.units) parts.push(`m.lead_unit = any(${param(query.units)}::text[])`);
    if (query.kind) parts.push(`m.kind = ${param(query.kind)}`);
    if (query.state) parts.push(`m.state = ${param(query.state)}`);
    if (query.code) parts.push(`m.code = ${param(query.code)}`);
    if (query.unit) parts.push(`m.lead_unit = ${param(query.unit)}`);
    if (query.component) parts.push(`m.component = ${param(query.component)}`);
    if (query.number) parts.push(`m.number = ${param(query.number)}`);
    if (query.path) parts.push(under(query.path));
    return parts.join(' and ');
  }
}

/**
 * One page, in the order asked for, every way read by its own index and put together.
 * Plans: matter_open_due, matter_open_village, matter_open_unit, matter_ended, matter_ended_village, matter_handler, matter_reporter,
 * matter_number.
 */
export const listMatters = async (tx: Tx, query: ListQuery): Promise<Listed[]> => {
  const conditions = new Conditions(query);
  const param = (value: unknown): string => conditions.param(value);
  const more: string[] = [];
  const now = new Date(query.now).toISOString();
  if (query.due === 'late') more.push(`m.due_at <= ${param(now)}`);
  if (query.due === 'warn') more.push(`m.warn_at <= ${param(now)} and m.due_at > ${param(now)}`);
  const key = query.order === 'due' ? dueKey : 'm.created_at';
  const direction = query.order === 'due' ? 'asc' : 'desc';
  if (query.after) more.push(`(${key}, m.id) ${query.order === 'due' ? '>' : '<'} (${param(query.after.key)}::timestamptz, ${param(query.after.id)}::uuid)`);
  const limit = param(query.limit);
  const ways = waysOf(query.scope);
  if (ways.length === 0) return [];
  const pages = ways.map((way) =>
    `(select ${matterColumns} from matter m where ${[conditions.of(way), ...more].join(' and ')} order by ${key} ${direction}, m.id ${direction} limit ${limit})`);
  const statement = pages.length === 1 ? pages[0]! : `select * from (select distinct on (m.id) m.* from (${pages.join(' union all ')}) m) m order by ${key} ${direction}, m.id ${direction} limit ${limit}`;
  // A number finds one row whatever else is asked, so its plan may be kept; that of a list depends on what it is asked for.
  const name = query.number === undefined ? undefined : `matters_number_${createHash('sha1').update(statement).digest('hex').slice(0, 16)}`;
  const rows = await tx.query<MatterRow>(statement, conditions.params, name);
  return rows.map((row) => ({ matter: matterOf(row), dueAt: row.due_at?.getTime() ?? null, warnAt: row.warn_at?.getTime() ?? null, dueClock: row.due_clock }));
};

export const countCap = 1_000;

/**
 * How many there are, soon due and late; each is counted to 1,000 and no further. What has ended is neither soon due nor late.
 * Plans: as the pages', and matter_open_warn for what is soon due; the key of matter_open_due bounds what is late.
 */
export const countMatters = async (tx: Tx, query: ListQuery): Promise<{ all: number; warn: number; late: number }> => {
  const conditions = new Conditions(query);
  const ways = waysOf(query.scope).map((way) => conditions.of(way));
  if (ways.length === 0) return { all: 0, warn: 0, late: 0 };
  const capped = (more: string): string => {
    const [first, ...others] = ways.map((way) => `select m.id from matter m where ${way} ${more} limit ${countCap + 1}`);
    const found = others.length === 0 ? first! : `(${first!}) union ${others.map((other) => `(${other})`).join(' union ')}`;
    return `(select count(*)::int from (select 1 from (${found}) f limit ${countCap + 1}) c)`;
  };
  if (query.ended) return { ...(await tx.query<{ all: number }>(`select ${capped('')} as all`, conditions.params))[0]!, warn: 0, late: 0 };
  const at = conditions.param(new Date(query.now).toISOString());
  const rows = await tx.query<{ all: number; warn: number; late: number }>(
    `select ${capped('')} as all, ${capped(`and m.warn_at <= ${at} and m.due_at > ${at}`)} as warn, ${capped(`and ${dueKey} <= ${at}`)} as late`, conditions.params);
  return rows[0]!;
};
