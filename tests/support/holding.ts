import type { Tx } from '../../src/platform/database/database.ts';

/** Tables that hold these words anywhere, as text or as bytes: what was erased is in none. Asked as the owner of the database. */
export const holding = async (tx: Tx, words: string): Promise<string[]> => {
  const tables = await tx.query<{ name: string }>(`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await tx.query(`select 1 from "${name}" t where position($1 in t::text) > 0 or position($2 in t::text) > 0 limit 1`, [words, Buffer.from(words).toString('hex')]);
    if (rows.length > 0) found.push(name);
  }
  return found;
};
