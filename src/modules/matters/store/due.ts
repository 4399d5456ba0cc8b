import type { Tx } from '../../../platform/database/database.ts';

export interface DueClock {
  readonly county: string;
  readonly matter: string;
  readonly kind: string;
  readonly name: string;
  readonly what: 'due' | 'warn';
  /** When it ran out or was to be warned of. */
  readonly at: Date;
}

/**
 * Clocks to act on: run out (clock_due) or to be warned of (clock_warn), the longest waiting first. Rows are not held:
 * acting on one twice is refused by the decision itself.
 * @param now milliseconds since 1970
 */
export const takeDue = (tx: Tx, now: number, limit: number): Promise<DueClock[]> => tx.query<DueClock>(
  `(select county, matter, kind, name, 'due' as what, due_at as at from clock
     where due_at <= $1 and stopped_at is null and fired_at is null order by due_at, matter, name limit $2)
   union all
   (select county, matter, kind, name, 'warn', warn_at from clock
     where warn_at <= $1 and due_at > $1 and stopped_at is null and warned_at is null order by warn_at, matter, name limit $2)`,
  [new Date(now).toISOString(), limit], 'matters_due');

/** Forgets operations older than 400 days. @returns how many */
export const forgetOperations = async (tx: Tx, before: number): Promise<number> =>
  (await tx.query('delete from operation where at < $1 returning 1', [new Date(before).toISOString()])).length;
