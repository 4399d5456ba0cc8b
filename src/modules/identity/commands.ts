import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { theSystem } from '../../base/actor.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal, type Refusal, type Result } from '../../base/result.ts';
import { table, WrongUse, type Command, type CommandCall, type CommandResult } from '../../platform/command/command.ts';
import type { TableSource } from '../../platform/tables/table.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from './index.ts';
import type { PlaceBook } from './service/people/people.ts';

/** What the commands need of the town that they open. */
export interface IdentityTown {
  readonly identity: Identity;
  /** Places of a county, which are a higher module. */
  placeBook(county: string): Promise<PlaceBook>;
  /** How much a unit still holds; the modules above know. */
  inHand(county: string, unit: string): Promise<number>;
}

/** What a refusal prints: the whole, then each wrong value. */
const refusedResult = (call: CommandCall, { reason, params, errors = [] }: Refusal): CommandResult => {
  const words = (key: string, values?: Refusal['params']): string => say(textsOf('reasons'), call.language, key, values);
  return {
    done: false,
    data: { done: false, reason, params: { ...params }, errors: errors.map((one) => ({ path: one.path, reason: one.reason, params: { ...one.params }, message: words(one.reason, one.params) })) },
    lines: [words(reason, params), ...errors.map((one) => `  ${words(one.reason, one.params)}`)],
  };
};

type Told = (progress: { readonly rows: number; readonly done: number }) => void;

/** Reads the file that a command names and imports it, with a line of progress a second. */
const importing = async <T>(
  call: CommandCall, open: () => Promise<IdentityTown>,
  work: (town: IdentityTown, county: string, source: TableSource, onProgress: Told) => Promise<Result<T>>, show: (done: T) => CommandResult,
): Promise<CommandResult> => {
  const file = call.arg('file');
  const bytes = await readFile(file).catch(() => undefined);
  if (!bytes) return { done: false, data: { done: false, reason: 'import.no_file', file }, lines: [call.say('import.no_file', { file })] };
  const town = await open();
  const county = await town.identity.county(call.text('county'));
  let told = performance.now();
  const done = isRefusal(county) ? county : await work(town, county, { name: basename(file), bytes }, ({ rows, done: share }) => {
    if (performance.now() - told < 1_000) return;
    told = performance.now();
    call.progress(call.say('import.people.read', { rows, percent: Math.floor(share * 100) }));
  });
  return isRefusal(done) ? refusedResult(call, done) : show(done as T);
};

const importArgs = [{ name: 'file', required: true }] as const;
const importOptions = [{ name: 'county', value: 'text' }, { name: 'dry-run', value: 'flag' }] as const;

const ignoredLine = (call: CommandCall, ignored: readonly string[]): string[] =>
  (ignored.length > 0 ? [call.say('import.ignored', { columns: ignored.join('、') })] : []);

/** `init COUNTY` opens a county and gives its first administrator a one-time link; `import units` and `import people` fill it. */
export const identityCommands = (open: () => Promise<IdentityTown>): Command[] => [{
  name: 'init',
  args: [{ name: 'county', required: true }],
  options: [{ name: 'name', value: 'text' }, { name: 'login', value: 'text' }],
  async run(call) {
    const county = call.arg('county');
    if (!/^[0-9A-Za-z]{2,12}$/.test(county)) throw new WrongUse('wrong.word', { word: county, right: '330281' });
    const { identity } = await open();
    const login = call.text('login') ?? 'admin';
    if (!/^[a-z0-9][a-z0-9._-]{1,63}$/.test(login)) throw new WrongUse('wrong.word', { word: login, right: 'admin' });
    const first = await identity.openCounty(county, call.text('name') ?? county, login);
    if (isRefusal(first)) return { done: false, data: { reason: first.reason }, lines: [say(textsOf('reasons'), call.language, first.reason, first.params)] };
    return { done: true, data: { county, login: first.login, link: first.link }, lines: [call.say('init.done', { login: first.login }), first.link, call.say('init.next')] };
  },
}, {
  name: 'import units', args: importArgs, options: importOptions,
  run: (call) => importing(
    call, open,
    ({ identity, inHand }, county, source, onProgress) => identity.importUnits(theSystem, county, { source, dryRun: call.flag('dry-run'), inHand: (unit) => inHand(county, unit), onProgress }),
    (done) => ({
      done: true, data: { done: true, ...done, ignored: [...done.ignored] },
      lines: [call.say(done.dryRun ? 'import.units.checked' : 'import.units.done', { rows: done.rows, added: done.added, changed: done.changed, unchanged: done.unchanged }), ...ignoredLine(call, done.ignored)],
    }),
  ),
}, {
  name: 'import people', args: importArgs, options: [...importOptions, { name: 'no-messages', value: 'flag' }],
  run: (call) => importing(
    call, open,
    async (town, county, source, onProgress) => town.identity.importPeople(theSystem, county, await town.placeBook(county), {
      source, dryRun: call.flag('dry-run'), invite: !call.flag('no-messages'), onProgress,
    }),
    (done) => ({
      done: true, data: { done: true, ...done, ignored: [...done.ignored], links: done.links.map((one) => ({ ...one })) },
      lines: [
        call.say(done.dryRun ? 'import.people.checked' : 'import.people.done', {
          rows: done.rows, added: done.added, changed: done.changed, unchanged: done.unchanged, grants: done.grants, ended: done.ended, shifts: done.shifts,
        }),
        ...(done.links.length > 0 ? [call.say('import.people.links'), ...table(done.links.map(({ login, name, link }) => [`  ${login}`, name, link]))] : []),
        ...ignoredLine(call, done.ignored),
      ],
    }),
  ),
}];
