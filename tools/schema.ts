import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDatabase } from '../src/platform/database/database.ts';
import { findEmbeddedPlace, startEmbedded } from '../src/platform/database/embedded.ts';
import { migrate, readMigrations } from '../src/platform/database/migrations.ts';
import { dumpSchema } from '../src/platform/database/schema.ts';

const root = resolve(import.meta.dirname, '..');
const file = join(root, 'db/schema.sql');
const head = `-- What db/migrations come to, read from the catalogue of PostgreSQL 18 by tools/schema.ts. Not applied to anything:\n-- it shows in a review what a migration changes, and the tests compare.\n\n`;

/** The schema that the migrations make, on a database of its own. */
const present = async (): Promise<string> => {
  const data = await mkdtemp(join(tmpdir(), `lamplight-test-${process.pid}-`));
  const embedded = await startEmbedded(await findEmbeddedPlace(data), { durable: false });
  try {
    const url = await embedded.url('lamplight_owner');
    await migrate(url, { name: 'lamplight_app' }, await readMigrations(join(root, 'db/migrations')), Date.now);
    const db = openDatabase(url, { max: 1 });
    try {
      return head + (await dumpSchema(db, 'lamplight_app'));
    } finally {
      await db.close();
    }
  } finally {
    await embedded.stop(1_000);
    await rm(data, { recursive: true, force: true });
  }
};

/** The first line in which db/schema.sql differs from what the migrations make; null where it is the same. */
export const schemaDifference = async (): Promise<string | null> => {
  const [made, kept] = [(await present()).split('\n'), (await readFile(file, 'utf8').catch(() => '')).split('\n')];
  for (let at = 0; at < Math.max(made.length, kept.length); at++)
    if (made[at] !== kept[at]) return `db/schema.sql:${at + 1}: is "${kept[at] ?? ''}", the migrations make "${made[at] ?? ''}"; run tools/schema.ts`;
  return null;
};

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--check')) {
    const difference = await schemaDifference();
    console.log(difference ?? 'db/schema.sql is what the migrations make');
    process.exitCode = difference === null ? 0 : 1;
  } else {
    await writeFile(file, await present());
    console.log('db/schema.sql written');
  }
}
