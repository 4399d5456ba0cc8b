import type { Tx } from '../../../platform/database/database.ts';
import { blockAtMost } from '../rules/blocks.ts';
import type { Terms } from '../rules/terms.ts';
import { holdIndex, takeFromBlocks, type Side } from './blocks.ts';

/** A matter and the terms that it has now; null where it is not there any more. */
export interface Indexed {
  readonly matter: string;
  readonly terms: Terms | null;
}

/** Brings the index of matters to their terms: writes what came, removes what went, touches nothing else. Each matter once. */
export const putTerms = async (tx: Tx, side: Side, county: string, matters: readonly Indexed[]): Promise<void> => {
  await holdIndex(tx, county);
  const kept = new Map((await tx.query<{ matter: string; plain: string[]; personal: string[] }>(
    `select matter, plain, personal from finding_matter${side} where county = $1 and matter = any($2::uuid[])`, [county, matters.map(({ matter }) => matter)], `finding.kept${side}`)).map((row) => [row.matter, row]));
  const gone: [matter: string, term: string][] = [];
  const come: [matter: string, term: string, personal: boolean][] = [];
  const changed: Indexed[] = [];
  for (const one of matters) {
    const was = new Map([...(kept.get(one.matter)?.plain ?? []).map((term) => [term, false] as const), ...(kept.get(one.matter)?.personal ?? []).map((term) => [term, true] as const)]);
    const is = new Map([...(one.terms?.plain ?? []).map((term) => [term, false] as const), ...(one.terms?.personal ?? []).map((term) => [term, true] as const)]);
    const [went, came] = [[...was].filter(([term]) => !is.has(term)), [...is].filter(([term, personal]) => was.get(term) !== personal)];
    for (const [term] of [...went, ...came.filter(([changedTerm]) => was.has(changedTerm))]) gone.push([one.matter, term]);
    for (const [term, personal] of came) come.push([one.matter, term, personal]);
    if (went.length > 0 || came.length > 0) changed.push(one);
  }
  if (changed.length === 0) return;
  if (gone.length > 0) {
    const rows = new Set((await tx.query<{ matter: string; term: string }>(
      `delete from finding_term${side} t using unnest($2::uuid[], $3::text[]) as g(matter, term) where t.county = $1 and t.term = g.term and t.matter = g.matter returning t.matter, t.term`,
      [county, gone.map(([matter]) => matter), gone.map(([, term]) => term)], `finding.gone${side}`)).map(({ matter, term }) => `${matter} ${term}`));
    const sealed = gone.filter(([matter, term]) => !rows.has(`${matter} ${term}`));
    if (sealed.length > 0) await takeFromBlocks(tx, side, county, sealed);
  }
  if (come.length > 0)
    await tx.query(`insert into finding_term${side} (county, term, matter, personal) select $1, c.term, c.matter, c.personal from unnest($2::uuid[], $3::text[], $4::boolean[]) as c(matter, term, personal)
       on conflict (county, term, matter) do update set personal = excluded.personal`,
      [county, come.map(([matter]) => matter), come.map(([, term]) => term), come.map(([, , personal]) => personal)], `finding.come${side}`);
  const [there, away] = [changed.filter(({ terms }) => terms !== null), changed.filter(({ terms }) => terms === null)];
  if (away.length > 0) await tx.query(`delete from finding_matter${side} where county = $1 and matter = any($2::uuid[])`, [county, away.map(({ matter }) => matter)], `finding.away${side}`);
  if (there.length > 0)
    await tx.query(`insert into finding_matter${side} (county, matter, plain, personal)
       select $1, (m ->> 'matter')::uuid, array(select jsonb_array_elements_text(m -> 'plain')), array(select jsonb_array_elements_text(m -> 'personal')) from jsonb_array_elements($2::jsonb) m
       on conflict (county, matter) do update set plain = excluded.plain, personal = excluded.personal, sealed = false`,
      [county, JSON.stringify(there.map(({ matter, terms }) => ({ matter, plain: terms!.plain, personal: terms!.personal })))], `finding.there${side}`);
};

const tables = ['finding_term', 'finding_block', 'finding_matter'] as const;

/** Empties the tables beside, for a county. */
export const emptyBeside = async (tx: Tx, county: string): Promise<void> => {
  for (const table of tables) await tx.query(`delete from ${table}_beside where county = $1`, [county]);
};

/** Puts what was made anew in the place of what was there. */
export const swapBeside = async (tx: Tx, county: string): Promise<void> => {
  await holdIndex(tx, county);
  for (const table of tables) {
    await tx.query(`delete from ${table} where county = $1`, [county]);
    await tx.query(`insert into ${table} select * from ${table}_beside where county = $1`, [county]);
    await tx.query(`delete from ${table}_beside where county = $1`, [county]);
  }
};

/** A stretch of ids: later than none of `from`, earlier than `before`. Ids begin with their time, so it is one of time as well. */
export interface Stretch {
  readonly from: string | null;
  readonly before: string | null;
}

const within = (stretch: Stretch, id: string, at: number): string =>
  `${stretch.from === null ? '' : ` and ${id} >= $${at}::uuid`}${stretch.before === null ? '' : ` and ${id} < $${at + (stretch.from === null ? 0 : 1)}::uuid`}`;
const values = ({ from, before }: Stretch): string[] => [from, before].filter((id) => id !== null);

/**
 * SQL that names the matters of a term, the newest first, as the relation `listed`: at most `$most` rows, and the
 * matters of at most `$blocks` blocks from the stretch's end on. Both go down their keys.
 */
const listed = (term: string, stretch: Stretch, most: string, blocks: string, at: number): string => `
  listed_row as (select t.matter, t.personal from finding_term t where t.county = $1 and t.term = ${term}${within(stretch, 't.matter', at)} order by t.matter desc limit ${most}),
  listed_block as (select b.oldest, b.plain, b.personal from finding_block b where b.county = $1 and b.term = ${term}${stretch.before === null ? '' : ` and b.oldest < $${at + (stretch.from === null ? 0 : 1)}::uuid`} order by b.oldest desc limit ${blocks}),
  listed as (
    select matter, personal from listed_row
    union all select x, false from listed_block b cross join unnest(b.plain) x where true${within(stretch, 'x', at)}
    union all select x, true from listed_block b cross join unnest(b.personal) x where true${within(stretch, 'x', at)})`;

/** Blocks in which so many matters are, where they are half full. */
const blocksFor = (matters: number): number => Math.ceil((matters * 2) / blockAtMost) + 1;

/** How common terms are: how many of the newest are seen, about `most` at the most, and the oldest of these. None where there is none. */
export const commonness = (tx: Tx, county: string, terms: readonly string[], stretch: Stretch, most: number): Promise<{ term: string; count: number; oldest: string | null }[]> =>
  tx.query(
    `select w.term, n.count::int, n.oldest from unnest($2::text[]) as w(term) cross join lateral (
       with ${listed('w.term', stretch, '$3', '$4', 5)}
       select count(*) as count, min(f.matter::text) as oldest from (select matter from listed order by matter desc limit $3) f) n`,
    [county, terms, most, blocksFor(most), ...values(stretch)], `finding.common ${stretch.from === null} ${stretch.before === null}`);

/** A matter that has all terms; `personal` where one of them stands in a personal text alone. */
export interface Candidate {
  readonly matter: string;
  readonly personal: boolean;
}

/**
 * The newest matters that have all terms. Goes down the first term's matters in their order and looks the others up, so that
 * the first should be the rarest; never reads much more than it gives or passes over.
 * @param personal false leaves out what only personal texts say
 * @param most matters of the first term that are looked at
 * @returns the matters, and how far down it has looked, null where the end was reached
 */
export const candidates = async (tx: Tx, county: string, [first, ...others]: readonly string[], personal: boolean, stretch: Stretch, most: number): Promise<{ readonly found: Candidate[]; readonly last: string | null }> => {
  const looked = others.map((_, i) => `coalesce(
    (select x.personal from finding_term x where x.county = $1 and x.term = $${5 + i} and x.matter = f.matter),
    (select case when f.matter = any(b.plain) then false when f.matter = any(b.personal) then true end
     from (select x.plain, x.personal from finding_block x where x.county = $1 and x.term = $${5 + i} and x.oldest <= f.matter order by x.oldest desc limit 1) b))`);
  const blocks = blocksFor(most);
  const [row] = await tx.query<{ found: { matter: string; personal: (boolean | null)[] }[]; rows: number; row: string | null; blocks: number; block: string | null }>(
    `with ${listed('$2', stretch, '$3', '$4', 5 + others.length)}
     select
       (select coalesce(jsonb_agg(jsonb_build_object('matter', f.matter, 'personal', to_jsonb(array[${['f.personal', ...looked].join(', ')}])) order by f.matter desc), '[]') from (select matter, personal from listed order by matter desc limit $3) f) as found,
       (select count(*)::int from listed_row) as rows, (select min(matter::text) from listed_row) as row, (select count(*)::int from listed_block) as blocks, (select min(oldest::text) from listed_block) as block`,
    [county, first, most, blocks, ...others, ...values(stretch)], `finding.candidates ${others.length} ${stretch.from === null} ${stretch.before === null}`);
  const { found } = row!;
  // Below these there is more that was not read: of rows, of blocks, of both together.
  const ends = [...(row!.rows === most ? [row!.row!] : []), ...(row!.blocks === blocks ? [row!.block!] : []), ...(found.length === most ? [found.at(-1)!.matter] : [])];
  const last = ends.sort().at(-1) ?? null;
  return {
    found: found.filter(({ matter }) => last === null || matter >= last).map((one) => ({ matter: one.matter, missing: one.personal.includes(null), personal: one.personal.includes(true) }))
      .filter((one) => !one.missing && (personal || !one.personal)).map(({ matter, personal: only }) => ({ matter, personal: only })),
    last,
  };
};
