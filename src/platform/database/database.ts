import pg from 'pg';

/** What runs SQL: a transaction, or the pool for a single statement. */
export interface Tx {
  /**
   * Runs one statement. A `name` prepares it once per connection: give one to every statement of a hot path,
   * the same name always with the same text.
   */
  query<Row>(sql: string, params?: readonly unknown[], name?: string): Promise<Row[]>;
}

/** A pool of connections to one PostgreSQL as one role. */
export interface Database extends Tx {
  /** Runs `work` in one transaction (read committed) and rolls back when it throws. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A connection of one's own, for LISTEN, COPY and advisory locks; give it back by `release`. */
  connection(): Promise<pg.PoolClient>;
  close(): Promise<void>;
  readonly url: string;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    // int8 and numeric: numbers where JavaScript holds them exactly, which every count and seq of ours is.
    if (oid === 20) return (text: string) => {
      const value = Number(text);
      if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond 2^53`);
      return value;
    };
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** What runs SQL on one connection, for a transaction of one's own with COPY in it. */
export const txOf = (client: pg.Pool | pg.PoolClient): Tx => ({
  query: async <Row>(sql: string, params: readonly unknown[] = [], name?: string): Promise<Row[]> =>
    (await client.query({ text: sql, values: params as unknown[], ...(name && { name }) })).rows as Row[],
});

/**
 * Opens a pool. Connecting happens at the first statement; a connection that breaks is replaced by the next one,
 * so that a database which comes back needs no restart of ours.
 * @param onError called when an idle connection breaks.
 * @param canBeginAnew true for work that is thrown away when it is cut short, as the making of a demo is: then no commit waits
 * for the disk. Everything is on the disk once a commit of another pool is, since the log is written in order.
 */
export const openDatabase = (
  url: string,
  { max = 10, onError = () => {}, canBeginAnew = false }: { max?: number; onError?: (error: Error) => void; canBeginAnew?: boolean } = {},
): Database => {
  const pool = new pg.Pool({
    connectionString: url, max, types, connectionTimeoutMillis: 5_000, idleTimeoutMillis: 60_000,
    options: `-c timezone=UTC -c search_path=public${canBeginAnew ? ' -c synchronous_commit=off' : ''}`,
  });
  pool.on('error', onError);
  return {
    url,
    ...txOf(pool),
    connection: () => pool.connect(),
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      const note = (error: Error) => { broken = error; };
      client.on('error', note);
      try {
        await client.query('begin');
        const result = await work(txOf(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((cause: Error) => { broken = cause; });
        throw error;
      } finally {
        client.off('error', note);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  };
};
