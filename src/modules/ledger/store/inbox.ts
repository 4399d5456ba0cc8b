import type { Tx } from '../../../platform/database/database.ts';

/** A row of the inbox: the canonical bytes of an entry that has no place in the log yet. */
export interface InboxRow {
  readonly id: number;
  readonly entry: Buffer;
}

/**
 * Body of a data-modifying CTE that puts entries into the inbox. `source` is a table expression, CTE or subquery with the
 * columns `county text`, `entry text` (canonical JSON, as `entryText` writes it) and `ord` (any sortable): ids follow
 * `ord`, and so does the order in the log. Lock the matters first: an id is given when the row is written.
 *
 *   with moved as (…), traced as (${inboxInsert('(select county, entry, ord from moved where done) as e')}) select …
 */
export const inboxInsert = (source: string): string =>
  `insert into ledger_inbox (county, entry) select county, convert_to(entry, 'UTF8') from ${source} order by ord`;

/** Table and columns for a COPY of canonical bytes, in the order in which they are to stand in the log. */
export const inboxCopy = 'ledger_inbox (county, entry)';

/** Puts canonical texts into the inbox, in their order. */
export const insertInbox = async (tx: Tx, rows: readonly { readonly county: string; readonly entry: string }[]): Promise<void> => {
  await tx.query(
    inboxInsert('unnest($1::text[], $2::text[]) with ordinality as t(county, entry, ord)'),
    [rows.map((row) => row.county), rows.map((row) => row.entry)],
    'ledger.append',
  );
};

/** The oldest rows of a county's inbox (primary key). */
export const readInbox = (tx: Tx, county: string, limit: number): Promise<InboxRow[]> =>
  tx.query<InboxRow>('select id, entry from ledger_inbox where county = $1 order by id limit $2', [county, limit], 'ledger.inbox');

/** Counties whose inbox is not empty: one look into the primary key for each. */
export const waitingCounties = async (tx: Tx): Promise<string[]> =>
  (await tx.query<{ county: string }>(
    `with recursive waiting as (
       (select county from ledger_inbox order by county limit 1)
       union all
       select (select i.county from ledger_inbox i where i.county > w.county order by i.county limit 1) from waiting w where w.county is not null
     ) select county from waiting where county is not null`,
    [], 'ledger.waiting',
  )).map((row) => row.county);

/** How much waits in all inboxes (counted to 100,000), and the oldest entry of each county. */
export const inboxState = async (tx: Tx): Promise<{ rows: number; oldest: Buffer[] }> => {
  const [count] = await tx.query<{ rows: number }>('select count(*) as rows from (select 1 from ledger_inbox limit 100000) i');
  const oldest: Buffer[] = [];
  for (const county of await waitingCounties(tx)) oldest.push(...(await readInbox(tx, county, 1)).map((row) => row.entry));
  return { rows: count?.rows ?? 0, oldest };
};
