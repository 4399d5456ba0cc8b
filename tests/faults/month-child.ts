import { catchUpDemo } from '../../src/demo/index.ts';
import { openModules } from '../../src/entry/town/modules.ts';
import { openWorld, root } from '../../src/entry/world.ts';
import { readConfig } from '../../src/platform/config.ts';

/** Plays the demo that is in a database on to a moment, telling each day as it begins. To be killed at any time and run again. */
const [data, url, until] = process.argv.slice(2) as [string, string, string];
const world = await openWorld(readConfig({ LAMPLIGHT_DATA: data, LAMPLIGHT_LOG: 'silent', DATABASE_URL: url }, root), url, true);
await catchUpDemo({
  world: { ...world, now: () => Number(until) },
  // What people are told waits in the outbox, to be sent when the month is over.
  open: async (simulated) => { const modules = await openModules(simulated); return { ...modules, outreach: { ...modules.outreach, logHistory: async () => 0 } }; }, signal: new AbortController().signal, progress: (day) => { process.stdout.write(`${day}\n`); },
});
await world.close();
