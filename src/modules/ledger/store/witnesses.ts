import type { Tx } from '../../../platform/database/database.ts';

/** Who outside is shown a county's checkpoints. */
export interface Witness {
  readonly county: string;
  /** Chosen by whoever sets it up; unique in the county. */
  readonly name: string;
  readonly kind: 'file' | 'webhook';
  /** Absolute path of an append-only file, or the https address that checkpoints are posted to. */
  readonly target: string;
  /** The witness's own key (C2SP vkey), where it cosigns; null where it does not. */
  readonly verifier: string | null;
  /** Seconds between two showings, at the least. */
  readonly everySeconds: number;
  readonly active: boolean;
}

const columns = 'county, name, kind, target, verifier, every_seconds as "everySeconds", active';

export const putWitness = async (tx: Tx, witness: Witness): Promise<void> => {
  await tx.query(
    `insert into ledger_witness (county, name, kind, target, verifier, every_seconds, active) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (county, name) do update set kind = excluded.kind, target = excluded.target, verifier = excluded.verifier,
       every_seconds = excluded.every_seconds, active = excluded.active`,
    [witness.county, witness.name, witness.kind, witness.target, witness.verifier, witness.everySeconds, witness.active],
  );
};

/** All witnesses, or those of one county. */
export const readWitnesses = (tx: Tx, county?: string): Promise<Witness[]> =>
  tx.query<Witness>(`select ${columns} from ledger_witness where $1::text is null or county = $1 order by county, name`, [county ?? null], 'witness.all');

/** Locks a witness until the end of the transaction; undefined while another process is showing it something. */
export const lockWitness = async (tx: Tx, county: string, name: string): Promise<Witness | undefined> =>
  (await tx.query<Witness>(`select ${columns} from ledger_witness where county = $1 and name = $2 and active for update skip locked`, [county, name], 'witness.lock'))[0];

/** What a witness has seen last, as far as this database knows. */
export const lastWitnessed = async (tx: Tx, county: string, witness: string): Promise<{ size: number; note: string; at: number } | undefined> =>
  (await tx.query<{ size: number; note: string; at: number }>(
    `select size, note, (extract(epoch from at) * 1000)::float8 as at from ledger_witnessed where county = $1 and witness = $2 order by size desc limit 1`,
    [county, witness], 'witness.last',
  ))[0];

/** The largest size that any witness has seen of a county; 0 where none has. */
export const largestWitnessed = async (tx: Tx, county: string): Promise<number> =>
  (await tx.query<{ size: number }>('select coalesce(max(size), 0) as size from ledger_witnessed where county = $1', [county], 'witness.largest'))[0]?.size ?? 0;

/** Everything that witnesses have seen of a county, in order. */
export const readWitnessed = (tx: Tx, county: string): Promise<{ witness: string; size: number; note: string }[]> =>
  tx.query('select witness, size, note from ledger_witnessed where county = $1 order by size, witness', [county]);

/** Keeps what a witness has just seen. `at` in milliseconds since 1970. */
export const insertWitnessed = async (tx: Tx, county: string, witness: string, size: number, note: string, at: number): Promise<void> => {
  await tx.query(
    `insert into ledger_witnessed (county, witness, size, note, at) values ($1, $2, $3, $4, timestamptz 'epoch' + $5::bigint * interval '1 millisecond')
     on conflict do nothing`,
    [county, witness, size, note, at], 'witness.insert',
  );
};
