import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { SeededRandom } from '../../src/base/random.ts';
import { dayStart } from '../../src/demo/history.ts';
import { simulate } from '../../src/demo/index.ts';
import { openModules } from '../../src/entry/town/modules.ts';
import { openWorld, root } from '../../src/entry/world.ts';
import { caseWorkflow } from '../../src/modules/cases/rules/case.ts';
import { taskWorkflow } from '../../src/modules/cases/rules/task.ts';
import type { Entry } from '../../src/modules/ledger/index.ts';
import { calendarOf, readPublished } from '../../src/modules/matters/service/clocks/calendars.ts';
import { readConfig } from '../../src/platform/config.ts';
import { createMetrics } from '../../src/platform/metrics.ts';
import { brokenCourses } from './course.ts';
import { openBareDatabase } from './house.ts';
import { sendUnderFaults } from './messages.ts';

const childFile = resolve(import.meta.dirname, 'month-child.ts');
const day = 86_400_000;

export interface MonthReport {
  readonly entries: number;
  readonly matters: number;
  /** Blows that came while the month was being played. */
  readonly blows: number;
  /** Messages that left over a gateway that fails, hangs up and lies, and how often it did; 0 where the month was undisturbed. */
  readonly sent: number;
  readonly gatewayFaults: number;
  readonly wrong: readonly string[];
}

export interface MonthOrder {
  /** First day, `YYYY-MM-DD`. */
  readonly from: string;
  readonly days: number;
  readonly seed: string;
  /** How often the town or its database is killed meanwhile; 0 plays it undisturbed. */
  readonly blows: number;
}

/**
 * Plays a month of the demo town while the process that plays it, its database, or both are killed with -9 at moments that the
 * seed decides; then plays the log forward by itself and holds it against what the kinds declare.
 */
export const playMonth = async ({ from, days, seed, blows }: MonthOrder, say: (line: string) => void = () => {}): Promise<MonthReport & { readonly log: readonly string[] }> => {
  const begin = dayStart(from);
  const until = begin + days * day;
  const random = new SeededRandom(`${seed} blows`);
  const bare = await openBareDatabase();
  const wrong: string[] = [];
  let struck = 0;
  // The database's process does not keep this one alive while its end is awaited.
  const awake = setInterval(() => {}, 1_000);
  try {
    const [, app] = bare.database.urls as [string, string];
    const config = readConfig({ LAMPLIGHT_DATA: bare.data, LAMPLIGHT_LOG: 'silent', DATABASE_URL: app }, root);
    const open = () => openWorld(config, app, true);
    const first = await open();
    // The town stands before anything strikes: who installs it does so once.
    await simulate({ world: { ...first, now: () => begin + 60_000 }, open: openModules, signal: new AbortController().signal, progress: () => {} }, { from, until: begin + 60_000, seed });
    await first.close();

    for (let round = 0; ; round++) {
      if (round > blows * 3 + 3) throw new Error(`the month is not over after ${round} beginnings`);
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', childFile, bare.data, app, String(until)], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
      const gone = once(child, 'exit');
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => { said += chunk.toString(); });
      let left = struck < blows ? 1 + random.below(Math.max(1, Math.floor(days / 3))) : Infinity;
      const what = random.pick(['town', 'database', 'both'] as const);
      const wait = random.below(120);
      for await (const line of createInterface({ input: child.stdout })) {
        if (--left > 0) continue;
        left = Infinity;
        struck++;
        say(`${line}: ${what} killed`);
        setTimeout(() => {
          if (what !== 'town') void bare.database.kill();
          if (what !== 'database') child.kill('SIGKILL');
        }, wait);
      }
      const [code] = await gone as [number | null];
      if (code === 0) break;
      if (struck === 0) throw new Error(said);
      await bare.database.kill().catch(() => undefined);
      await bare.database.start();
    }

    const world = await open();
    try {
      const modules = await openModules({ ...world, metrics: createMetrics() });
      const { ledger } = modules;
      const messages = blows > 0 ? await sendUnderFaults(world, modules, until, seed) : null;
      if (messages) {
        say(`${messages.sent} messages sent, ${messages.faults} faults of the gateway`);
        wrong.push(...messages.wrong);
      }
      for (const { findings } of await ledger.verify()) for (const { seq, what, params } of findings) wrong.push(`trace verify: entry ${seq}: ${what} ${JSON.stringify(params)}`);
      const rows = await world.db.query<{ canonical: Buffer }>('select canonical from ledger_entry order by county, seq', []);
      const log = rows.map(({ canonical }) => canonical.toString('utf8'));
      const entries = log.map((line) => JSON.parse(line) as Entry);
      const workflows = new Map([caseWorkflow, taskWorkflow].map((each) => [each.kind, each]));
      wrong.push(...brokenCourses(entries, workflows, calendarOf(readPublished(new URL('../../data/calendars/cn.json', import.meta.url)))));
      const [stray] = await world.db.query<{ count: number }>(
        `select count(*) as count from delivery d where matter is not null and not exists (select from ledger_entry e where e.county = d.county and e.matter = d.matter and e.mv = d.version)`);
      if (Number(stray!.count) > 0) wrong.push(`${stray!.count} messages belong to no entry`);
      return { sent: messages?.sent ?? 0, gatewayFaults: messages?.faults ?? 0, entries: entries.length, matters: new Set(entries.map(({ matter }) => matter)).size, blows: struck, wrong, log };
    } finally {
      await world.close();
    }
  } finally {
    await bare.close();
    clearInterval(awake);
  }
};

/** A month with blows and the same one without: both lawful, and the same to the letter. */
export const monthUnderFaults = async (order: MonthOrder, say: (line: string) => void): Promise<MonthReport> => {
  const struck = await playMonth(order, say);
  say(`the same ${order.days} days once more, undisturbed`);
  const calm = await playMonth({ ...order, blows: 0 }, say);
  const wrong = [...struck.wrong, ...calm.wrong.map((line) => `undisturbed: ${line}`)];
  // Where an entry stands in the log, and the figures that a process had leased when it died, may differ; what happened may not.
  const matterLines = (log: readonly string[]): string[] =>
    log.map((line) => JSON.parse(line) as Entry).filter(({ subject }) => subject === 'matter').map(({ beside: _, ...entry }) => JSON.stringify(entry)).sort();
  const [one, two] = [matterLines(struck.log), matterLines(calm.log)];
  const other = one.findIndex((line, at) => line !== two[at]);
  if (one.length !== two.length) wrong.push(`${one.length} entries with blows, ${two.length} without`);
  else if (other >= 0) wrong.push(`an entry differs from the undisturbed one: ${one[other]!.slice(0, 300)} / ${two[other]!.slice(0, 300)}`);
  return { ...struck, wrong };
};
