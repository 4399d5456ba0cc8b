import type { Tx } from '../../platform/database/database.ts';
import type { Terms } from './rules/terms.ts';

/** The tables that are read, or those that are made anew beside them. */
export type Side = '' | '_beside';

/** A matter and the terms that it has now; null where it is not there any more. */
export interface Indexed {
  readonly matter: string;
  readonly terms: Terms | null;
}

/** Brings the index of matters to their terms: writes what came, removes what went, touches nothing else. Each matter once. */
export const putTerms = async (tx: Tx, side: Side, county: string, matters: readonly Indexed[]): Promise<void> => {
  const kept = new Map((await tx.query<{ matter: string; plain: string[]; personal: string[] }>(
    `select matter, plain, personal from finding_matter${side} where county = $1 and matter = any($2::uuid[])`, [county, matters.map(({ matter }) => matter)], `finding.kept${side}`)).map((row) => [row.matter, row]));
  const gone: [matter: string, term: string][] = [];
  const come: [matter: string, term: string, personal: boolean][] = [];
  const changed: Indexed[] = [];
  for (const one of matters) {
    const was = new Map([...(kept.get(one.matter)?.plain ?? []).map((term) => [term, false] as const), ...(kept.get(one.matter)?.personal ?? []).map((term) => [term, true] as const)]);
    const is = new Map([...(one.terms?.plain ?? []).map((term) => [term, false] as const), ...(one.terms?.personal ?? []).map((term) => [term, true] as const)]);
    const [went, came] = [[...was].filter(([term]) => !is.has(term)), [...is].filter(([term, personal]) => was.get(term) !== personal)];
    for (const [term] of went) gone.push([one.matter, term]);
    for (const [term, personal] of came) come.push([one.matter, term, personal]);
    if (went.length > 0 || came.length > 0) changed.push(one);
  }
  if (changed.length === 0) return;
  if (gone.length > 0)
    await tx.query(`delete from finding_term${side} t using unnest($2::uuid[], $3::text[]) as g(matter, term) where t.county = $1 and t.term = g.term and t.matter = g.matter`,
      [county, gone.map(([matter]) => matter), gone.map(([, term]) => term)], `finding.gone${side}`);
  if (come.length > 0)
    await tx.query(`insert into finding_term${side} (county, term, matter, personal) select $1, c.term, c.matter, c.personal from unnest($2::uuid[], $3::text[], $4::boolean[]) as c(matter, term, personal)
       on conflict (county, term, matter) do update set personal = excluded.personal`,
      [county, come.map(([matter]) => matter), come.map(([, term]) => term), come.map(([, , personal]) => personal)], `finding.come${side}`);
  const [there, away] = [changed.filter(({ terms }) => terms !== null), changed.filter(({ terms }) => terms === null)];
  if (away.length > 0) await tx.query(`delete from finding_matter${side} where county = $1 and matter = any($2::uuid[])`, [county, away.map(({ matter }) => matter)], `finding.away${side}`);
  if (there.length > 0)
    await tx.query(`insert into finding_matter${side} (county, matter, plain, personal)
       select $1, (m ->> 'matter')::uuid, array(select jsonb_array_elements_text(m -> 'plain')), array(select jsonb_array_elements_text(m -> 'personal')) from jsonb_array_elements($2::jsonb) m
       on conflict (county, matter) do update set plain = excluded.plain, personal = excluded.personal`,
      [county, JSON.stringify(there.map(({ matter, terms }) => ({ matter, plain: terms!.plain, personal: terms!.personal })))], `finding.there${side}`);
};

/** Empties the tables beside, for a county. */
export const emptyBeside = async (tx: Tx, county: string): Promise<void> => {
  for (const table of ['finding_term', 'finding_matter']) await tx.query(`delete from ${table}_beside where county = $1`, [county]);
};

/** Puts what was made anew in the place of what was there. */
export const swapBeside = async (tx: Tx, county: string): Promise<void> => {
  for (const table of ['finding_term', 'finding_matter']) {
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

const within = (stretch: Stretch, alias: string, at: number): string =>
  `${stretch.from === null ? '' : ` and ${alias}.matter >= $${at}::uuid`}${stretch.before === null ? '' : ` and ${alias}.matter < $${at + (stretch.from === null ? 0 : 1)}::uuid`}`;
const values = ({ from, before }: Stretch): string[] => [from, before].filter((id) => id !== null);

/** How common terms are: how many of the newest there are, up to `most`, and the oldest of these. Reads the index alone. */
export const commonness = (tx: Tx, county: string, terms: readonly string[], stretch: Stretch, most: number): Promise<{ term: string; count: number; oldest: string | null }[]> =>
  tx.query(
    `select w.term, n.count::int, n.oldest from unnest($2::text[]) as w(term) cross join lateral (
       select count(*) as count, min(f.matter::text) as oldest from (
         select t.matter from finding_term t where t.county = $1 and t.term = w.term${within(stretch, 't', 4)} order by t.matter desc limit $3) f) n`,
    [county, terms, most, ...values(stretch)], `finding.common ${stretch.from === null} ${stretch.before === null}`);

/** A matter that has all terms; `personal` where one of them stands in a personal text alone. */
export interface Candidate {
  readonly matter: string;
  readonly personal: boolean;
}

/**
 * The newest matters that have all terms. Goes down the first term's part of the key in its order and looks the others up, so
 * that the first should be the rarest; never sorts, never reads more than it gives or passes over.
 * @param personal false leaves out what only personal texts say
 * @param most rows of the first term that are looked at
 * @returns the matters, and the last row that was looked at, null where the end was reached
 */
export const candidates = async (tx: Tx, county: string, [first, ...others]: readonly string[], personal: boolean, stretch: Stretch, most: number): Promise<{ readonly found: Candidate[]; readonly last: string | null }> => {
  const looked = others.map((_, i) => `(select x.personal from finding_term x where x.county = $1 and x.term = $${4 + i} and x.matter = f.matter)`);
  const rows = await tx.query<{ matter: string; personal: (boolean | null)[] }>(
    `select f.matter, array[${['f.personal', ...looked].join(', ')}] as personal
     from (select t.matter, t.personal from finding_term t where t.county = $1 and t.term = $2${within(stretch, 't', 4 + others.length)} order by t.matter desc limit $3) f order by f.matter desc`,
    [county, first, most, ...others, ...values(stretch)], `finding.candidates ${others.length} ${stretch.from === null} ${stretch.before === null}`);
  return {
    found: rows.map((row) => ({ matter: row.matter, missing: row.personal.includes(null), personal: row.personal.includes(true) }))
      .filter((row) => !row.missing && (personal || !row.personal)).map(({ matter, personal: only }) => ({ matter, personal: only })),
    last: rows.length < most ? null : rows.at(-1)!.matter,
  };
};
