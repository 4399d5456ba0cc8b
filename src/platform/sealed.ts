import type { World } from './world.ts';

/**
 * A table that holds values sealed under the data key: each of its columns that does, and the context that it is sealed in.
 * Its rows have an `id` of time and chance, so that no two counties share one. A module declares its own and hands them out
 * at its front door; a value that nobody declares is lost with the key that sealed it.
 */
export interface SealedTable {
  readonly table: string;
  readonly columns: Readonly<Record<string, string>>;
}

/** Rows that are read together. */
const round = 500;

/**
 * Seals anew what an earlier data key sealed, while everything runs: a row that changes meanwhile is left to whoever changed
 * it. Afterwards the earlier keys open nothing that is kept in these tables.
 * @returns values that were sealed anew
 */
export const sealAnew = async ({ db, keys }: Pick<World, 'db' | 'keys'>, tables: readonly SealedTable[]): Promise<number> => {
  let count = 0;
  for (const { table, columns } of tables) {
    const names = Object.keys(columns);
    for (let after: string | null = null; ;) {
      const rows: ({ id: string } & Record<string, Buffer | null>)[] = await db.query(
        `select id, ${names.join(', ')} from ${table} where ($1::uuid is null or id > $1) and (${names.map((name) => `${name} is not null`).join(' or ')}) order by id limit $2`, [after, round]);
      for (const row of rows) {
        const stale = names.filter((name) => row[name] && keys.isStale(row[name]));
        if (stale.length === 0) continue;
        const next = stale.map((name) => keys.seal(keys.open(row[name]!, columns[name]!), columns[name]!));
        const written = await db.query(
          `update ${table} set ${stale.map((name, at) => `${name} = $${at + 2}`).join(', ')}
           where id = $1 and ${stale.map((name, at) => `${name} = $${stale.length + at + 2}`).join(' and ')} returning id`,
          [row.id, ...next, ...stale.map((name) => row[name])]);
        if (written.length > 0) count += stale.length;
      }
      if (rows.length < round) break;
      after = rows.at(-1)!.id;
    }
  }
  return count;
};
