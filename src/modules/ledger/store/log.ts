import type { Tx } from '../../../platform/database/database.ts';
import type { EntryColumns } from '../rules/entry.ts';
import type { Tile } from '../rules/tree.ts';

/** A county's tree head. */
export interface Head {
  /** Entries in the log, which is the last seq. */
  readonly size: number;
  readonly edge: Buffer;
  readonly root: Buffer;
  /** Size of the last signed checkpoint. */
  readonly signedSize: number;
}

/** A row of the log, as the database gives it. */
export interface EntryRow {
  readonly seq: number;
  readonly canonical: Buffer;
}

const headColumns = 'size, edge, root, signed_size as "signedSize"';

/** Makes the head of a county that has none yet. */
export const ensureHead = async (tx: Tx, county: string, emptyRoot: Uint8Array): Promise<void> => {
  await tx.query(
    `insert into ledger_head (county, size, edge, root) values ($1, 0, '', $2) on conflict do nothing`,
    [county, emptyRoot], 'ledger.head.ensure',
  );
};

/** Takes the head's lock, which makes this transaction the county's sequencer; undefined while another one is. */
export const lockHead = async (tx: Tx, county: string, wait: boolean): Promise<Head | undefined> =>
  (await tx.query<Head>(
    `select ${headColumns} from ledger_head where county = $1 for update${wait ? '' : ' skip locked'}`,
    [county], wait ? 'ledger.head.wait' : 'ledger.head.lock',
  ))[0];

export const readHead = async (tx: Tx, county: string): Promise<Head | undefined> =>
  (await tx.query<Head>(`select ${headColumns} from ledger_head where county = $1`, [county], 'ledger.head'))[0];

/** All counties that have a log. */
export const loggedCounties = async (tx: Tx): Promise<{ county: string; size: number; signedSize: number }[]> =>
  tx.query('select county, size, signed_size as "signedSize" from ledger_head order by county', [], 'ledger.counties');

/** A PostgreSQL array literal: faster to write here than element by element in the driver. */
const literal = (values: readonly (string | number | null)[], quoted: boolean): string => {
  let text = '{';
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (i > 0) text += ',';
    if (value === null || value === undefined) text += 'NULL';
    else text += quoted ? `"${String(value).replace(/["\\]/g, '\\$&')}"` : value;
  }
  return `${text}}`;
};

/**
 * Moves a batch from the inbox into the log, in one statement. The bytes stay in the database: they were read to be
 * hashed, and travel no second time.
 * @returns how many entries were moved; anything but `rows.length` means that somebody else touched the inbox.
 */
export const moveBatch = async (
  tx: Tx,
  county: string,
  rows: readonly { readonly id: number; readonly seq: number; readonly columns: EntryColumns }[],
  tiles: readonly Tile[],
  head: { readonly size: number; readonly edge: Uint8Array; readonly root: Uint8Array },
): Promise<number> => {
  const column = (quoted: boolean, of: (columns: EntryColumns) => string | number | null): string =>
    literal(rows.map((row) => of(row.columns)), quoted);
  const [moved] = await tx.query<{ moved: number }>(
    `with batch as materialized (
       select * from unnest($2::bigint[], $3::bigint[], $4::uuid[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[])
         as t(id, seq, matter, mv, subject, kind, action, at, actor)
     ), gone as (
       delete from ledger_inbox where county = $1 and id = any($2::bigint[]) returning id, entry
     ), logged as (
       insert into ledger_entry (county, seq, matter, mv, subject, kind, action, at, actor, canonical)
       select $1, b.seq, b.matter, b.mv, b.subject, b.kind, b.action, timestamptz 'epoch' + b.at * interval '1 millisecond', b.actor, g.entry
       from batch b join gone g on g.id = b.id order by b.seq
       returning 1
     ), tiled as (
       insert into ledger_tile (county, level, index, hashes)
       select $1, * from unnest($11::smallint[], $12::bigint[], $13::bytea[])
     ), headed as (
       update ledger_head set size = $14, edge = $15, root = $16 where county = $1
     ) select count(*) as moved from logged`,
    [
      county, literal(rows.map((row) => row.id), false), literal(rows.map((row) => row.seq), false),
      column(false, (c) => c.matter), column(false, (c) => c.mv), column(true, (c) => c.subject), column(true, (c) => c.kind),
      column(true, (c) => c.action), column(false, (c) => c.at), column(true, (c) => c.actor),
      tiles.map((tile) => tile.level), tiles.map((tile) => tile.index), tiles.map((tile) => tile.hashes),
      head.size, head.edge, head.root,
    ],
    'ledger.move',
  );
  return moved!.moved;
};

/** Entries after a seq, in order (primary key). */
export const readEntries = (tx: Tx, county: string, after: number, limit: number): Promise<EntryRow[]> =>
  tx.query<EntryRow>('select seq, canonical from ledger_entry where county = $1 and seq > $2 order by seq limit $3', [county, after, limit], 'ledger.entries');

/**
 * Entries of one matter, in order: those in the log, then those that wait in the inbox (seq null). One statement, so that
 * none is missed while it moves. Of the inbox only the newest 2,000 rows are looked at: what somebody has just done is there.
 * Index ledger_entry_matter.
 */
export const readMatterEntries = (tx: Tx, county: string, matter: string): Promise<{ seq: number | null; canonical: Buffer }[]> =>
  tx.query(
    `select seq, canonical, 0::bigint as id from ledger_entry where county = $1 and matter = $2::uuid
     union all
     select null, entry, id from (select id, entry from ledger_inbox where county = $1 order by id desc limit 2000) i
     where position(convert_to('"matter":"' || $2::uuid || '"', 'UTF8') in entry) > 0
     order by seq nulls last, id`,
    [county, matter], 'ledger.matter',
  );

/** Full tiles of one level, by index. Those that are not there are absent from the map. */
export const readTiles = async (tx: Tx, county: string, level: number, indexes: readonly number[]): Promise<Map<number, Buffer>> => {
  const rows = await tx.query<{ index: number; hashes: Buffer }>(
    'select index, hashes from ledger_tile where county = $1 and level = $2 and index = any($3::bigint[])',
    [county, level, literal(indexes, false)], 'ledger.tiles',
  );
  return new Map(rows.map((row) => [row.index, row.hashes]));
};

/** Tells whoever listens that a county's log has grown. After the commit, outside of its transaction. */
export const announce = async (tx: Tx, county: string, size: number): Promise<void> => {
  await tx.query('select pg_notify($1, $2)', ['ledger', `${county}:${size}`], 'ledger.announce');
};

/** All counties that any table of the log names, also where its head is gone: one look into an index for each. */
export const tracedCounties = async (tx: Tx): Promise<string[]> =>
  (await tx.query<{ county: string }>(
    `with recursive named as (
       (select county from ledger_entry order by county limit 1)
       union all
       select (select e.county from ledger_entry e where e.county > n.county order by e.county limit 1) from named n where n.county is not null
     )
     select county from named where county is not null
     union select county from ledger_head union select county from ledger_witness
     order by county`,
  )).map((row) => row.county);

/** The largest seq that stands in the log, whatever the head says. */
export const lastSeq = async (tx: Tx, county: string): Promise<number> =>
  (await tx.query<{ last: number | null }>('select max(seq) as last from ledger_entry where county = $1', [county]))[0]?.last ?? 0;

/** Tiles of a level from one index to before another, also doubled ones, should the key be gone. */
export const scanTiles = (tx: Tx, county: string, level: number, from: number, before: number): Promise<{ index: number; hashes: Buffer }[]> =>
  tx.query('select index, hashes from ledger_tile where county = $1 and level = $2 and index >= $3 and index < $4 order by index', [county, level, from, before]);

/** Tiles that a log of `size` entries cannot have filled; the first hundred. */
export const tilesBeyond = (tx: Tx, county: string, size: number): Promise<{ level: number; index: number }[]> =>
  tx.query(
    `select level, index from ledger_tile
     where county = $1 and (index < 0 or level < 0 or level > 6 or index >= div($2::numeric, power(256::numeric, least(greatest(level, 0), 6) + 1)))
     order by level, index limit 100`,
    [county, size],
  );
