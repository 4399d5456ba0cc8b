import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Embedded, type EmbeddedOptions, findEmbedded, findEmbeddedPlace, startEmbedded } from '../../src/platform/database/embedded.ts';

/** A folder that goes with the test. The name lets the next run clean up after one that was killed. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), `lamplight-test-${process.pid}-`));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
};

/** A PostgreSQL of the test's own, for tests that kill it. Whatever runs on the folder at the end is stopped. */
export const ownPostgres = async (data: string, options: EmbeddedOptions = { durable: false }): Promise<Embedded> => {
  const place = await findEmbeddedPlace(data);
  onTestFinished(async () => {
    await (await findEmbedded(place))?.stop(1_000);
    // As root, what PostgreSQL's user could not reach in a test's folder went elsewhere.
    for (const folder of [dirname(place.folder), dirname(place.sockets)])
      if (!folder.startsWith(data)) await rm(folder, { recursive: true, force: true });
  });
  return startEmbedded(place, options);
};
