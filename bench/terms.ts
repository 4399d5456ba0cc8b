import { createWords } from '../src/modules/catalogue/index.ts';
import { blockAtMost } from '../src/modules/finding/rules/blocks.ts';
import { markOf, termsOf } from '../src/modules/finding/rules/terms.ts';
import type { Database } from '../src/platform/database/database.ts';

const atOnce = 100_000;

/** Words that ten of all matters have in their title, however many there are. */
export const rareWords = '彩虹墙';

/**
 * Writes the index of search for all matters of the loaded history anew, as its follower would: terms come from the
 * same rules, and only putting them together for many matters at once is done in SQL. The rare words go into ten titles first.
 */
export const indexHistory = async (owner: Database, county: string, size: number, progress: (line: string) => void): Promise<void> => {
  // Blocks of a term follow each other: matters that come between those of an earlier load would fall into them.
  await owner.query('truncate finding_term, finding_block, finding_matter');
  const words = createWords([], false);
  const named = (names: readonly string[], texts: readonly string[] = []): string[] => [...termsOf(words, { names, texts, personal: [], number: '', marks: [] }).plain];
  await owner.query(`update matter set title = '谢家路村 · ${rareWords}脱落' where county = $1 and title = '谢家路村 · 暴露垃圾' and number = any($2::text[])`,
    [county, Array.from({ length: 10 }, (_, i) => `B${Math.floor(((i + 0.5) * size) / 10)}`)]);
  const places = await owner.query<{ id: string; path: string; names: string[] }>(
    `select g.id, g.path, array(select p.name from place p where p.county = $1 and p.until_version is null and p.level in ('town', 'village', 'grid') and g.path like p.path || '%') as names
     from place g where g.county = $1 and g.level = 'grid' and g.until_version is null`, [county]);
  const codes = await owner.query<{ key: string; major: string; minor: string }>('select key, major_name as major, minor_name as minor from standards_row where county = $1 and version = 1', [county]);
  const units = await owner.query<{ id: string; name: Record<string, string> }>('select id, name from unit where county = $1', [county]);
  const titles = ['谢家路村 · 暴露垃圾', `谢家路村 · ${rareWords}脱落`];
  /** Terms by what gives them: a place, a code, a unit, a title. */
  const parts: [what: string, of: string, terms: string[]][] = [
    ...places.map(({ id, path, names }): [string, string, string[]] => ['place', id, [...named(names), ...path.split('/').filter((code) => code.length > 6).map((code) => markOf('place', code))]]),
    ...codes.map(({ key, major, minor }): [string, string, string[]] => ['code', key, named([`${major} / ${minor}`, key])]),
    ...units.map(({ id, name }): [string, string, string[]] => ['unit', id, [...named([name['zh-Hans'] ?? '']), markOf('unit', id)]]),
    ...titles.map((title): [string, string, string[]] => ['title', title, named([title], ['路口有一堆垃圾没有人清，味道很大，请来看看。'])]),
  ];
  await owner.query('create temporary table if not exists bench_part (what text, of text, term text collate "C", primary key (what, of, term))');
  const rows = parts.flatMap(([what, of, terms]) => [...new Set(terms)].map((term) => [what, of, term] as const));
  await owner.query('insert into bench_part select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing', [rows.map(([what]) => what), rows.map(([, of]) => of), rows.map(([, , term]) => term)]);
  for (let done = 0, after = '00000000-0000-0000-0000-000000000000'; ;) {
    const [last] = await owner.query<{ id: string; count: number }>('select max(id::text) as id, count(*)::int as count from (select id from matter where county = $1 and id > $2 order by id limit $3) m', [county, after, atOnce]);
    if (!last || last.count === 0) break;
    await owner.query(
      `with m as (select * from matter where county = $1 and id > $2 and id <= $3),
       t as materialized (
         select t.term, m.id from m cross join lateral (
           select p.term from bench_part p where (p.what, p.of) in (('place', m.place), ('code', m.code), ('unit', m.lead_unit), ('title', m.title))
           union select 'state:' || m.state union select 'handler:' || m.handler where m.handler is not null union select 'reporter:' || m.reporter) t
         where m.ended_at is not null),
       b as (select term, id, (row_number() over (partition by term order by id) - 1) / ${blockAtMost} as n from t),
       sealed as (insert into finding_matter (county, matter, plain, personal, sealed) select $1, id, array_agg(term), '{}', true from t group by id)
       insert into finding_block (county, term, oldest, plain, personal) select $1, term, min(id::text)::uuid, array_agg(id order by id), '{}' from b group by term, n`, [county, after, last.id]);
    await owner.query(
      `with m as (select * from matter where county = $1 and id > $2 and id <= $3 and ended_at is null),
       t as materialized (
         select t.term, m.id from m cross join lateral (
           select p.term from bench_part p where (p.what, p.of) in (('place', m.place), ('code', m.code), ('unit', m.lead_unit), ('title', m.title))
           union select 'state:' || m.state union select 'handler:' || m.handler where m.handler is not null union select 'reporter:' || m.reporter) t),
       kept as (insert into finding_matter (county, matter, plain, personal) select $1, id, array_agg(term), '{}' from t group by id)
       insert into finding_term (county, term, matter, personal) select $1, term, id, false from t`, [county, after, last.id]);
    after = last.id;
    done += last.count;
    progress(`bench: ${done.toLocaleString('en')} matters indexed for search`);
  }
  for (const table of ['finding_term', 'finding_block', 'finding_matter']) await owner.query(`vacuum (analyze) ${table}`);
};
