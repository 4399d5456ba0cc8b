import type { Tx } from './database/database.ts';
import type { Keys } from './keys.ts';

/** Fact of the table `installation` by which keys are known again: a sealed word and its blind index. */
const fact = 'keys.probe';
const word = 'lamplight';

/** Whether the keys at hand are those of a database. A key that was followed by a newer one still counts: it opens what it sealed. */
export type KeyState = 'ours' | 'new' | 'foreign';

interface Probe {
  readonly sealed: string;
  readonly index: string;
}

/** Looks, and writes nothing. `new` where the database has not met any keys yet. */
export const keyState = async (db: Tx, keys: Keys): Promise<KeyState> => {
  const [row] = await db.query<{ value: Probe }>('select value from installation where fact = $1', [fact]);
  if (!row) return 'new';
  try {
    return keys.open(Buffer.from(row.value.sealed, 'hex'), fact) === word && keys.blindIndex(fact, word).toString('hex') === row.value.index ? 'ours' : 'foreign';
  } catch {
    return 'foreign';
  }
};

/**
 * Makes the keys known to a database that has met none.
 * @throws when it has met others: going on would seal under the wrong keys and find nobody again.
 */
export const claimKeys = async (db: Tx, keys: Keys, folder: string, nowMs: number): Promise<void> => {
  const state = await keyState(db, keys);
  if (state === 'foreign') throw new Error(`the keys in ${folder} are not those of this database; put the folder of keys that belongs to it back`);
  if (state === 'ours') return;
  const probe: Probe = { sealed: keys.seal(word, fact).toString('hex'), index: keys.blindIndex(fact, word).toString('hex') };
  await db.query('insert into installation (fact, value, set_at) values ($1, $2, $3) on conflict (fact) do nothing', [fact, probe, new Date(nowMs)]);
  if ((await keyState(db, keys)) !== 'ours') throw new Error(`another process with other keys than those in ${folder} has just opened this database`);
};

/** Seals the word by which a database knows its keys under the present data key: afterwards the earlier ones are not needed for it. */
export const renewProbe = async (db: Tx, keys: Keys, nowMs: number): Promise<void> => {
  const probe: Probe = { sealed: keys.seal(word, fact).toString('hex'), index: keys.blindIndex(fact, word).toString('hex') };
  await db.query('update installation set value = $2, set_at = $3 where fact = $1', [fact, probe, new Date(nowMs)]);
};
