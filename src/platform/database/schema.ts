import type { Tx } from './database.ts';

interface Column {
  readonly table: string;
  readonly kind: string;
  readonly partition: string | null;
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly value: string | null;
  readonly identity: string;
  readonly generated: string;
  readonly storage: string | null;
}

const columnsSql = `
  select c.relname as table, c.relkind as kind, case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition,
         a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
         pg_get_expr(d.adbin, d.adrelid) as value, a.attidentity as identity, a.attgenerated as generated,
         case when a.attstorage <> t.typstorage then a.attstorage::text end as storage
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  order by c.relname, a.attnum`;

/** Not-null constraints have rows of their own from PostgreSQL 18 on and stand with their columns here. */
const constraintsSql = `
  select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
  from pg_constraint
  where connamespace = 'public'::regnamespace and contype in ('p', 'u', 'f', 'c', 'x') and conrelid <> 0
  order by 1, array_position(array['p', 'u', 'f', 'c', 'x'], contype::text), conname`;

const indexesSql = `
  select i.indrelid::regclass::text as table, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class c on c.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  order by 1, c.relname`;

/** What must not be there is listed too, so that it shows in the difference: the house has no triggers, functions or views. */
const othersSql = `
  select 'trigger ' || tgname || ' on ' || tgrelid::regclass as what from pg_trigger where not tgisinternal
  union all select 'function ' || p.oid::regprocedure from pg_proc p where p.pronamespace = 'public'::regnamespace
  union all select 'view ' || relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
  union all select 'sequence ' || s.relname from pg_class s
    where s.relnamespace = 'public'::regnamespace and s.relkind = 'S'
      and not exists (select from pg_depend d where d.objid = s.oid and d.deptype = 'i')
  union all select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
  union all select 'extension ' || extname from pg_extension where extname <> 'plpgsql'
  order by 1`;

const rightsSql = `
  select c.relname as table, string_agg(lower(g.privilege_type), ', ' order by array_position(array['SELECT', 'INSERT', 'UPDATE', 'DELETE'], g.privilege_type)) as rights
  from pg_class c cross join lateral aclexplode(c.relacl) g join pg_roles r on r.oid = g.grantee
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and r.rolname = $1
  group by c.relname order by c.relname`;

const columnLine = ({ name, type, required, value, identity, generated, storage }: Column): string =>
  [
    `  ${name} ${type}`,
    storage && `storage ${{ e: 'external', m: 'main', p: 'plain', x: 'extended' }[storage] ?? storage}`,
    generated ? `generated always as (${value}) ${generated === 's' ? 'stored' : 'virtual'}` : value !== null && `default ${value}`,
    identity && `generated ${identity === 'a' ? 'always' : 'by default'} as identity`,
    required && 'not null',
  ].filter(Boolean).join(' ');

const grouped = <T extends { readonly table: string }>(rows: readonly T[]): ReadonlyMap<string, T[]> => Map.groupBy(rows, (row) => row.table);

/**
 * The schema as a text that is the same for the same schema, whatever way led there: read from the catalogue, in order of
 * names, with what the application's role may do. PostgreSQL 18 is the reference; the embedded server has no pg_dump.
 */
export const dumpSchema = async (db: Tx, appRole: string): Promise<string> => {
  const tables = grouped(await db.query<Column>(columnsSql));
  const constraints = grouped(await db.query<{ table: string; name: string; definition: string }>(constraintsSql));
  const indexes = grouped(await db.query<{ table: string; definition: string }>(indexesSql));
  const rights = new Map((await db.query<{ table: string; rights: string }>(rightsSql, [appRole])).map((row) => [row.table, row.rights]));
  const others = await db.query<{ what: string }>(othersSql);
  const parts = [...tables].map(([table, columns]) => {
    const lines = [
      ...columns.map(columnLine),
      ...(constraints.get(table) ?? []).map(({ name, definition }) => `  constraint ${name} ${definition}`),
    ];
    const partition = columns[0]?.partition;
    return [
      `create table ${table} (\n${lines.join(',\n')}\n)${partition ? ` partition by ${partition}` : ''};`,
      ...(indexes.get(table) ?? []).map(({ definition }) => `${definition};`),
      `grant ${rights.get(table) ?? 'nothing'} on ${table} to ${appRole};`,
    ].join('\n');
  });
  return [...parts, ...others.map(({ what }) => `-- ${what}`)].join('\n\n') + '\n';
};
