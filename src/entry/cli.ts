import { benchCommand } from '../../bench/commands.ts';
import type { Language } from '../base/text/language.ts';
import { runCommand } from '../platform/command/run.ts';
import { ConfigError, readConfig } from '../platform/config.ts';
import { platformCommands } from './commands.ts';
import { openSeat } from '../platform/database/seat.ts';
import type { Town } from './town/town.ts';
import { migrationsFolder, openWorld, type OpenWorld, root } from './world.ts';

/** The language of a terminal, as POSIX says it: LC_ALL, LC_MESSAGES, LANG. */
const languageOf = (env: NodeJS.ProcessEnv): Language => {
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  if (/^zh_(TW|HK|MO)/.test(locale)) return 'zh-Hant';
  return locale.startsWith('zh') ? 'zh-Hans' : 'en';
};

const main = async (): Promise<number> => {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      // Asked a second time: at once. What was acknowledged is in the database.
      if (stop.signal.aborted) process.exit(1);
      stop.abort(new Error(signal));
    });
  const err = (line: string): void => void process.stderr.write(`${line}\n`);
  try {
    const config = readConfig(process.env, root);
    const undo: (() => Promise<void>)[] = [];
    let town: Promise<Town> | undefined;
    const openHere = async (demo: boolean): Promise<OpenWorld> => {
      const seat = await openSeat(config, migrationsFolder, { who: `lamplight ${process.argv[2] ?? ''}` });
      undo.push(() => seat.close());
      const world = await openWorld(config, seat.app, demo);
      undo.push(() => world.close());
      return world;
    };
    const open = (): Promise<Town> => (town ??= (async () => {
      const opened = await (await import('./town/town.ts')).openTown(await openHere(false));
      undo.push(() => opened.close());
      return opened;
    })());
    const language = languageOf(process.env);
    try {
      const own = [...platformCommands(config, process.env), benchCommand()];
      const commands = own.some(({ name }) => name === process.argv[2]) ? own : [...own, ...(await import('./town/commands.ts')).moduleCommands(open, () => openHere(true))];
      return await runCommand(commands, process.argv.slice(2), {
        language, err, signal: stop.signal, out: (line) => void process.stdout.write(`${line}\n`),
      });
    } finally {
      for (const step of undo.reverse()) await step();
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    err(error.message);
    return 1;
  }
};

process.exitCode = await main();
