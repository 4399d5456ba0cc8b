import type { Tx } from '../../../platform/database/database.ts';

/** What the ledger says of a matter and its component; `component` null where its entry does not say. */
export interface CaseNews {
  readonly matter: string;
  readonly mv: number;
  readonly component: string | null;
  readonly open: boolean;
}

/** The table that is read, or the one that is made anew beside it. */
export type CaseTable = 'component_matter' | 'component_matter_beside';

/**
 * Takes news, each matter at most once. Older news than what is there changes nothing, so that taking the same entries
 * twice is taking them once.
 * @returns components whose open cases may be others now: those that a matter left as well as those that it came to.
 */
export const takeNews = async (tx: Tx, table: CaseTable, county: string, news: readonly CaseNews[]): Promise<string[]> => {
  const matters = news.map((one) => one.matter);
  const columns = [county, matters, news.map((one) => one.mv), news.map((one) => one.component), news.map((one) => one.open)];
  const touched = async (): Promise<string[]> =>
    (await tx.query<{ component: string }>(`select component from ${table} where county = $1 and matter = any($2::uuid[])`, [county, matters], `${table}.touched`))
      .map((row) => row.component);
  const left = await touched();
  await tx.query(
    `insert into ${table} as m (county, matter, component, mv, open)
     select $1, n.matter, n.component, n.mv, n.open from unnest($2::uuid[], $3::integer[], $4::text[], $5::boolean[]) as n(matter, mv, component, open)
     where n.component is not null
     on conflict (county, matter) do update set component = excluded.component, mv = excluded.mv, open = excluded.open where m.mv < excluded.mv`,
    columns, `${table}.set`);
  await tx.query(
    `update ${table} m set mv = n.mv, open = n.open from unnest($2::uuid[], $3::integer[], $4::text[], $5::boolean[]) as n(matter, mv, component, open)
     where m.county = $1 and m.matter = n.matter and n.component is null and m.mv < n.mv`,
    columns, `${table}.open`);
  return [...new Set([...left, ...await touched()])];
};

/** Counts the open cases of components anew (component_matter_open). */
export const countOpen = async (tx: Tx, county: string, codes: readonly string[]): Promise<void> => {
  await tx.query(
    `update component c set open_cases = (select count(*) from component_matter m where m.county = c.county and m.component = c.code and m.open)
     where c.county = $1 and c.code = any($2)`,
    [county, codes], 'components.open_cases');
};

export const emptyBeside = async (tx: Tx, county: string): Promise<void> => {
  await tx.query('delete from component_matter_beside where county = $1', [county]);
};

/** Puts what was made anew in the place of what was there, and counts every component whose number that changes. */
export const swapBeside = async (tx: Tx, county: string): Promise<void> => {
  await tx.query('delete from component_matter where county = $1', [county]);
  await tx.query('insert into component_matter select * from component_matter_beside where county = $1', [county]);
  await tx.query('delete from component_matter_beside where county = $1', [county]);
  await tx.query(
    `update component c set open_cases = n.open_cases from (
       select c.code, count(m.matter) as open_cases from component c
       left join component_matter m on m.county = c.county and m.component = c.code and m.open
       where c.county = $1 and (c.open_cases > 0 or m.matter is not null) group by c.code
     ) n where c.county = $1 and c.code = n.code and c.open_cases <> n.open_cases`,
    [county]);
};
