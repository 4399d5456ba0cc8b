import type { Tx } from '../../../platform/database/database.ts';

/** A signed tree head as it stands in the database. */
export interface CheckpointRow {
  readonly size: number;
  readonly root: Buffer;
  /** The whole signed note. */
  readonly note: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const columns = `size, root, note, (extract(epoch from at) * 1000)::float8 as at`;

/** Keeps a checkpoint and marks the head as signed up to there. The head's lock is held. */
export const insertCheckpoint = async (tx: Tx, county: string, checkpoint: CheckpointRow): Promise<void> => {
  await tx.query(
    `with kept as (
       insert into ledger_checkpoint (county, size, root, note, at)
       values ($1, $2, $3, $4, timestamptz 'epoch' + $5::bigint * interval '1 millisecond') on conflict do nothing
     ) update ledger_head set signed_size = $2 where county = $1`,
    [county, checkpoint.size, checkpoint.root, checkpoint.note, checkpoint.at], 'ledger.checkpoint.insert',
  );
};

/** The newest checkpoint (primary key, backwards). */
export const latestCheckpoint = async (tx: Tx, county: string): Promise<CheckpointRow | undefined> =>
  (await tx.query<CheckpointRow>(
    `select ${columns} from ledger_checkpoint where county = $1 order by size desc limit 1`, [county], 'ledger.checkpoint.latest',
  ))[0];

/** Checkpoints from a size on, in order, a page at a time. */
export const readCheckpoints = (tx: Tx, county: string, after: number, limit: number): Promise<CheckpointRow[]> =>
  tx.query<CheckpointRow>(
    `select ${columns} from ledger_checkpoint where county = $1 and size > $2 order by size limit $3`, [county, after, limit], 'ledger.checkpoints',
  );
