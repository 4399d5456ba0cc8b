import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { theSystem } from '../../base/actor.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal } from '../../base/result.ts';
import { WrongUse, type Command } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from '../identity/index.ts';
import { lineViews } from './routes.ts';
import { writeLimit } from './rules/limits.ts';
import { dayStart } from './rules/days.ts';
import type { Catalogue } from './service.ts';

/** What the commands need of the town that they open. */
export interface CatalogueTown {
  readonly catalogue: Catalogue;
  readonly identity: Pick<Identity, 'county' | 'zone'>;
}

/** `import standards FILE`. */
export const catalogueCommands = (open: () => Promise<CatalogueTown>): Command[] => [{
  name: 'import standards',
  args: [{ name: 'file', required: true }],
  options: [
    { name: 'effective', value: 'date' }, { name: 'hour', value: 'text' }, { name: 'name', value: 'text' },
    { name: 'county', value: 'text' }, { name: 'dry-run', value: 'flag' },
  ],
  async run(call) {
    const hour = call.text('hour') ?? 'workingHour';
    if (hour !== 'workingHour' && hour !== 'urgentHour') throw new WrongUse('wrong.word', { word: hour, right: 'workingHour, urgentHour' });
    const path = call.arg('file');
    const bytes = await readFile(path).catch(() => undefined);
    if (!bytes) return { done: false, data: { done: false, reason: 'import.no_file', file: path }, lines: [call.say('import.no_file', { file: path })] };
    const { catalogue, identity } = await open();
    const county = await identity.county(call.text('county'));
    const name = call.text('name');
    const effective = call.text('effective');
    const done = isRefusal(county) ? county : await catalogue.importTable(theSystem, county, {
      source: { name: basename(path), bytes }, dryRun: call.flag('dry-run'), defaultHour: hour,
      ...(name !== undefined && { name }), ...(effective !== undefined && { effectiveAt: dayStart(effective, (await identity.zone(county)).offsetMinutes)! }),
    });
    if (isRefusal(done)) {
      const words = (reason: string, params?: Readonly<Record<string, string | number>>) => say(textsOf('reasons'), call.language, reason, params);
      return {
        done: false,
        data: { done: false, reason: done.reason, errors: (done.errors ?? []).map(({ path: at, reason, params }) => ({ path: at, reason, params: { ...params } })) },
        lines: [words(done.reason, done.params), ...(done.errors ?? []).map(({ path: at, reason, params }) => `${at}  ${words(reason, params)}`)],
      };
    }
    const unread = lineViews(done.notUnderstood, call.language);
    const units = new Map<string, number>();
    for (const row of catalogue.rows(county as string, done.version ?? 0))
      if (row.limit) units.set(writeLimit(row.limit), (units.get(writeLimit(row.limit)) ?? 0) + 1);
    return {
      done: true,
      data: {
        ...done, done: true, effectiveAt: new Date(done.effectiveAt).toISOString(), ignored: [...done.ignored], changes: { ...done.changes },
        notUnderstood: unread.map((one) => ({ ...one })),
      },
      lines: [
        call.say(done.version === null ? 'import.standards.checked' : 'import.standards.done', {
          version: done.version ?? 0, name: done.name, rows: done.rows, components: done.components, events: done.events,
          added: done.changes.added, removed: done.changes.removed, changed: done.changes.changed,
        }),
        ...[...units].sort(([, a], [, b]) => b - a).map(([limit, count]) => `  ${limit}  ${count}`),
        ...(unread.length > 0 ? [call.say('import.standards.open', { count: unread.length })] : []),
        ...unread.map(({ line, words }) => `  ${line}  ${words}`),
        ...(done.ignored.length > 0 ? [call.say('import.ignored', { columns: done.ignored.join('、') })] : []),
      ],
    };
  },
}];
