import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { theSystem } from '../../base/actor.ts';
import { coordinateSystems, isCoordinateSystem } from '../../base/geo/coordinates.ts';
import { say } from '../../base/text/language.ts';
import { isRefusal } from '../../base/result.ts';
import { WrongUse, type Command } from '../../platform/command/command.ts';
import { textsOf } from '../../platform/texts.ts';
import type { Identity } from '../identity/index.ts';
import type { Components } from './service/components.ts';

/** What the commands need of the town that they open. */
export interface ComponentTown {
  readonly components: Components;
  readonly identity: Pick<Identity, 'county'>;
}

/** `import components FILE`, with a line of progress a second. */
export const componentCommands = (open: () => Promise<ComponentTown>): readonly Command[] => [{
  name: 'import components',
  args: [{ name: 'file', required: true }],
  options: [{ name: 'crs', value: 'text' }, { name: 'county', value: 'text' }, { name: 'dry-run', value: 'flag' }],
  async run(call) {
    const system = call.text('crs') ?? 'wgs84';
    if (!isCoordinateSystem(system)) throw new WrongUse('wrong.word', { word: system, right: coordinateSystems.join(', ') });
    const path = call.arg('file');
    const bytes = await readFile(path).catch(() => undefined);
    if (!bytes) return { done: false, data: { done: false, reason: 'import.no_file', file: path }, lines: [call.say('import.no_file', { file: path })] };
    const { components, identity } = await open();
    const county = await identity.county(call.text('county'));
    let told = performance.now();
    const done = isRefusal(county) ? county : await components.importTable(theSystem, county, {
      source: { name: basename(path), bytes }, system, dryRun: call.flag('dry-run'),
      onProgress({ phase, rows, done: share }) {
        if (phase === 'read' && performance.now() - told < 1_000) return;
        told = performance.now();
        call.progress(call.say(`import.components.${phase}`, { rows, percent: Math.floor(share * 100) }));
      },
    });
    if (isRefusal(done)) {
      const words = (reason: string, params?: Readonly<Record<string, string | number>>) => say(textsOf('reasons'), call.language, reason, params);
      return {
        done: false,
        data: { done: false, reason: done.reason, params: { ...done.params }, errors: (done.errors ?? []).map(({ path: at, reason, params }) => ({ path: at, reason, params: { ...params }, message: words(reason, params) })) },
        lines: [words(done.reason, done.params), ...(done.errors ?? []).map(({ reason, params }) => `  ${words(reason, params)}`)],
      };
    }
    return {
      done: true, data: { ...done, done: true, ignored: [...done.ignored], classes: { ...done.classes } },
      lines: [
        call.say(done.dryRun ? 'import.components.checked' : 'import.components.done', { rows: done.rows, added: done.added, changed: done.changed }),
        ...Object.entries(done.classes).map(([code, rows]) => `  ${code}  ${components.classes.find(code)?.name[call.language] ?? ''}  ${rows}`),
        ...(done.ignored.length > 0 ? [call.say('import.ignored', { columns: done.ignored.join('、') })] : []),
      ],
    };
  },
}];
