import { resolve } from 'node:path';
import { dateOf } from '../../src/demo/history.ts';
import { simulate } from '../../src/demo/index.ts';
import { openModules } from '../../src/entry/town/modules.ts';
import { openTown, type Town } from '../../src/entry/town/town.ts';
import { createServer } from '../../src/platform/http/server.ts';
import { buildWeb } from '../../tools/web.ts';
import { keptTown, testWorld, type TestWorld } from '../support/world.ts';

/** The demo town behind the real server, with the built ends and everything that a process runs. */
export interface ServedDemo {
  /** Its clock, and its database as the owner. */
  readonly world: TestWorld;
  readonly town: Town;
  readonly url: string;
  /** A lamp that no case is open about. */
  lamp(): Promise<{ readonly code: string; readonly name: string; readonly lng: number; readonly lat: number }>;
  close(): Promise<void>;
}

/** A town with the history of the present day only, so that tests begin soon: made once, and a copy of it for each test file. */
export const servedDemo = async (): Promise<ServedDemo> => {
  const from = await keptTown('demo', { demo: true, seed: 'kept', now: Date.now() }, async (world) => {
    await buildWeb();
    const now = world.now();
    await simulate({ world, open: openModules, progress: () => undefined, signal: new AbortController().signal }, { from: dateOf(now - 9 * 3_600_000), until: now, seed: 'web' });
  });
  const world = await testWorld({ from, demo: true, seed: `web ${process.pid}`, now: Date.now() });
  const town = await openTown(world);
  const server = await createServer(world, { ...town.http, ends: { folder: resolve(import.meta.dirname, '../../dist/web'), names: ['console', 'field'] } });
  server.mount(town.routes);
  server.mountPages(town.pages);
  const url = await server.listen();
  const works = [...town.hearing, ...town.works];
  for (const work of works) await work.start();
  return {
    world, town, url,
    async lamp() {
      const answer = await fetch(`${url}/api/components/nearest?lng=121.0409&lat=30.1712&limit=20&within=2000`);
      const { items } = (await answer.json()) as { items: { code: string; name: string; className: string; state: string; lng: number; lat: number }[] };
      const found = items.find((each) => each.className.includes('路灯') && each.state === 'intact') ?? items.find((each) => each.className.includes('路灯'));
      if (!found) throw new Error(`no lamp near the middle of the town: ${JSON.stringify(items.slice(0, 3))}`);
      return found;
    },
    async close() {
      await server.drain();
      for (const work of works.reverse()) await work.stop();
      await town.close();
      await world.close();
    },
  };
};
