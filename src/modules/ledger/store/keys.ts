import type { Tx } from '../../../platform/database/database.ts';

const registered = 'ledger.keys';
const rekeyed = (county: string): string => `ledger.rekeyed.${county}`;

/** Keeps a verifier key that checkpoints are signed with, so that it is still known when its file is lost. */
export const registerKey = async (tx: Tx, verifier: string, now: number): Promise<void> => {
  await tx.query(
    `insert into installation (fact, value, set_at) values ($1, jsonb_build_array($2::text), $3)
     on conflict (fact) do update set value = installation.value || excluded.value, set_at = excluded.set_at where not installation.value @> excluded.value`,
    [registered, verifier, new Date(now)],
  );
};

/** Verifier keys that this installation has signed with, as far as it kept them. */
export const registeredKeys = async (tx: Tx): Promise<string[]> =>
  (await tx.query<{ value: string[] }>('select value from installation where fact = $1', [registered]))[0]?.value ?? [];

/** Notes that a county's log has entries about its keys. They are what counts; this only saves looking for them. */
export const noteRekeyed = async (tx: Tx, county: string, now: number): Promise<void> => {
  await tx.query('insert into installation (fact, value, set_at) values ($1, $2, $3) on conflict (fact) do nothing', [rekeyed(county), 'true', new Date(now)]);
};

/** Entries of a county's log after a seq that say that one key follows another. */
export const keyEntries = async (tx: Tx, county: string, after: number): Promise<{ seq: number; canonical: Buffer }[]> => {
  if ((await tx.query('select 1 from installation where fact = $1', [rekeyed(county)])).length === 0) return [];
  return tx.query(`select seq, canonical from ledger_entry where county = $1 and seq > $2 and subject = 'config' and kind = 'ledger-key' order by seq`, [county, after]);
};
