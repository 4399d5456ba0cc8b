import type { Tx } from '../../../platform/database/database.ts';

/** Takes or keeps the lease on a county's followers; false while another process has it. Times in milliseconds since 1970. */
export const takeLease = async (tx: Tx, county: string, holder: string, now: number, until: number): Promise<boolean> =>
  (await tx.query(
    `insert into follower_lease as l (county, holder, until) values ($1, $2, timestamptz 'epoch' + $4::bigint * interval '1 millisecond')
     on conflict (county) do update set holder = excluded.holder, until = excluded.until
     where l.holder = excluded.holder or l.until < timestamptz 'epoch' + $3::bigint * interval '1 millisecond'
     returning 1`,
    [county, holder, now, until], 'follower.lease',
  )).length > 0;

/** Gives a lease back, so that the next process need not wait for its end. */
export const releaseLease = async (tx: Tx, county: string, holder: string): Promise<void> => {
  await tx.query('delete from follower_lease where county = $1 and holder = $2', [county, holder], 'follower.release');
};

/** Cursors of a county by follower. */
export const readCursors = async (tx: Tx, county: string): Promise<Map<string, number>> =>
  new Map((await tx.query<{ name: string; seq: number }>('select name, seq from follower_cursor where county = $1', [county], 'follower.cursors'))
    .map((row) => [row.name, row.seq]));

/** Moves cursors that all stand at `from`; false when one does not, because another process moved it: those that did are moved all the same, and the caller undoes it. Locks them until the end. */
export const moveCursors = async (tx: Tx, county: string, names: readonly string[], from: number, to: number): Promise<boolean> => {
  const rows = await tx.query(
    `with present as (
       select name from follower_cursor where county = $1 and name = any($2::text[]) and seq = $3 order by name for update
     ) update follower_cursor c set seq = $4 from present p where c.county = $1 and c.name = p.name returning 1`,
    [county, names, from, to], 'follower.move',
  );
  return rows.length === names.length;
};

/** Puts a cursor somewhere, or makes it there. */
export const setCursor = async (tx: Tx, county: string, name: string, seq: number): Promise<void> => {
  await tx.query(
    `insert into follower_cursor (county, name, seq) values ($1, $2, $3) on conflict (county, name) do update set seq = excluded.seq`,
    [county, name, seq], 'follower.set',
  );
};

/** Makes the cursors that are not there yet, at the beginning of the log. */
export const ensureCursors = async (tx: Tx, county: string, names: readonly string[]): Promise<void> => {
  await tx.query(
    `insert into follower_cursor (county, name, seq) select $1, name, 0 from unnest($2::text[]) as n(name) on conflict do nothing`,
    [county, names], 'follower.ensure',
  );
};

/** Locks one cursor until the end of the transaction and reads it. */
export const lockCursor = async (tx: Tx, county: string, name: string): Promise<number | undefined> =>
  (await tx.query<{ seq: number }>('select seq from follower_cursor where county = $1 and name = $2 for update', [county, name], 'follower.lock'))[0]?.seq;

export const deleteCursor = async (tx: Tx, county: string, name: string): Promise<void> => {
  await tx.query('delete from follower_cursor where county = $1 and name = $2', [county, name], 'follower.delete');
};

/** Entries that followers have not seen yet, by follower: the sum over all counties. */
export const readLags = (tx: Tx): Promise<{ name: string; lag: number }[]> =>
  tx.query(
    `select c.name, sum(h.size - c.seq)::bigint as lag from follower_cursor c join ledger_head h on h.county = c.county group by c.name order by c.name`,
    [], 'follower.lags',
  );
