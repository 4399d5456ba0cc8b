import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/** The address of another database on the same server. */
export const onDatabase = (url: string, database: string): string => {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
};

const asAdmin = async (sql: string): Promise<void> => {
  const client = new pg.Client({ connectionString: inject('postgres').admin });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

let made = 0;

/** A database of one's own: its addresses for both roles, and what removes it. */
export interface OwnDatabase {
  readonly owner: string;
  readonly app: string;
  drop(): Promise<void>;
}

/**
 * Makes a database, from the template with the present schema or with nothing in it. Copying files takes a quarter of the
 * processor time that PostgreSQL's usual way through the log takes (34 ms against 132 ms, and 10 against 74 to drop it).
 */
export const makeDatabase = async (from: 'template' | 'nothing'): Promise<OwnDatabase> => {
  const { owner, app, template } = inject('postgres');
  const name = `t${process.pid}_${++made}`;
  await asAdmin(`create database ${name} template ${from === 'template' ? template : 'template0'} strategy file_copy owner lamplight_owner`);
  return { owner: onDatabase(owner, name), app: onDatabase(app, name), drop: () => asAdmin(`drop database ${name} with (force)`) };
};

/** A database without a table, that goes with the test. */
export const emptyDatabase = async (): Promise<OwnDatabase> => {
  const database = await makeDatabase('nothing');
  onTestFinished(() => database.drop());
  return database;
};
