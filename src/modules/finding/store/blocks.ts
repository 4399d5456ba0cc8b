import type { Tx } from '../../../platform/database/database.ts';
import { putIntoBlock, type Block } from '../rules/blocks.ts';

/** The tables that are read, or those that are made anew beside them. */
export type Side = '' | '_beside';

/** Keeps others from the index of a county until the transaction ends: whoever changes a block reads it first. */
export const holdIndex = async (tx: Tx, county: string): Promise<void> => {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`finding ${county}`], 'finding.hold');
};

/** A matter and the terms that it has. */
export interface TermsOfMatter {
  readonly matter: string;
  readonly plain: readonly string[];
  readonly personal: readonly string[];
}

/** Takes matters out of the blocks of terms; a block that is left with none goes. */
export const takeFromBlocks = async (tx: Tx, side: Side, county: string, gone: readonly (readonly [matter: string, term: string])[]): Promise<void> => {
  const left = await tx.query<{ term: string; oldest: string; count: number }>(
    `with t as (
       select g.term, b.oldest, array_agg(g.matter) as gone from unnest($2::uuid[], $3::text[]) as g(matter, term)
       cross join lateral (select x.oldest from finding_block${side} x where x.county = $1 and x.term = g.term and x.oldest <= g.matter order by x.oldest desc limit 1) b
       group by g.term, b.oldest)
     update finding_block${side} b set plain = array(select x from unnest(b.plain) x where x <> all(t.gone)), personal = array(select x from unnest(b.personal) x where x <> all(t.gone))
     from t where b.county = $1 and b.term = t.term and b.oldest = t.oldest
     returning b.term, b.oldest, cardinality(b.plain) + cardinality(b.personal) as count`,
    [county, gone.map(([matter]) => matter), gone.map(([, term]) => term)], `finding.take${side}`);
  const empty = left.filter(({ count }) => count === 0);
  if (empty.length > 0)
    await tx.query(`delete from finding_block${side} b using unnest($2::text[], $3::uuid[]) as e(term, oldest) where b.county = $1 and b.term = e.term and b.oldest = e.oldest`,
      [county, empty.map(({ term }) => term), empty.map(({ oldest }) => oldest)], `finding.empty${side}`);
};

const literal = (ids: readonly string[]): string => `{${ids.join(',')}}`;

/** Moves all terms of matters into blocks. The index must be held. */
export const sealTerms = async (tx: Tx, side: Side, county: string, matters: readonly TermsOfMatter[]): Promise<void> => {
  const rows = matters.flatMap(({ matter, plain, personal }) => [...plain.map((term) => ({ term, matter, personal: false })), ...personal.map((term) => ({ term, matter, personal: true }))]);
  const [terms, ids] = [rows.map(({ term }) => term), rows.map(({ matter }) => matter)];
  const targets = await tx.query<{ oldest: string | null }>(
    `select b.oldest from unnest($2::text[], $3::uuid[]) with ordinality as r(term, matter, n)
     left join lateral (select x.oldest from finding_block${side} x where x.county = $1 and x.term = r.term and x.oldest <= r.matter order by x.oldest desc limit 1) b on true order by r.n`,
    [county, terms, ids], `finding.targets${side}`);
  const into = new Map<string, { readonly term: string; readonly oldest: string | null; readonly come: Map<string, boolean> }>();
  for (const [n, { term, matter, personal }] of rows.entries()) {
    const { oldest } = targets[n]!;
    const key = `${term}\n${oldest ?? ''}`;
    const target = into.get(key) ?? { term, oldest, come: new Map<string, boolean>() };
    target.come.set(matter, personal);
    into.set(key, target);
  }
  const there = [...into.values()].filter(({ oldest }) => oldest !== null);
  const blocks = new Map((await tx.query<Block & { term: string }>(
    `select b.term, b.oldest, b.plain, b.personal from unnest($2::text[], $3::uuid[]) as t(term, oldest) join finding_block${side} b on b.county = $1 and b.term = t.term and b.oldest = t.oldest`,
    [county, there.map(({ term }) => term), there.map(({ oldest }) => oldest)], `finding.blocks${side}`)).map((block) => [`${block.term}\n${block.oldest}`, block]));
  const made = [...into].flatMap(([key, { term, come }]) => putIntoBlock(blocks.get(key), come).map((block) => ({ term, ...block })));
  await tx.query(
    `insert into finding_block${side} (county, term, oldest, plain, personal) select $1, m.term, m.oldest, m.plain::uuid[], m.personal::uuid[] from unnest($2::text[], $3::uuid[], $4::text[], $5::text[]) as m(term, oldest, plain, personal)
     on conflict (county, term, oldest) do update set plain = excluded.plain, personal = excluded.personal`,
    [county, made.map(({ term }) => term), made.map(({ oldest }) => oldest), made.map(({ plain }) => literal(plain)), made.map(({ personal }) => literal(personal))], `finding.made${side}`);
  await tx.query(`delete from finding_term${side} t using unnest($2::text[], $3::uuid[]) as r(term, matter) where t.county = $1 and t.term = r.term and t.matter = r.matter`, [county, terms, ids], `finding.moved${side}`);
  await tx.query(`update finding_matter${side} set sealed = true where county = $1 and matter = any($2::uuid[])`, [county, matters.map(({ matter }) => matter)], `finding.sealed${side}`);
};
