import type { World } from '../platform/world.ts';
import type { Command } from '../platform/command/command.ts';
import { dayStart } from './history.ts';
import { simulate, usualSeed } from './index.ts';
import type { DemoModules } from './modules.ts';

const day = 86_400_000;

/** What `simulate` stands on: an empty database, opened as a demo. */
export interface SimulateParts {
  readonly world: World & { readonly empty: boolean };
  open(world: World): Promise<DemoModules>;
}

/** `simulate --from DATE --days N --seed S`: the demo town with a history of its own, in an empty database. */
export const demoCommands = (open: () => Promise<SimulateParts>): readonly Command[] => [{
  name: 'simulate',
  options: [{ name: 'from', value: 'date' }, { name: 'days', value: 'number' }, { name: 'seed', value: 'text' }],
  async run(call) {
    const days = call.number('days') ?? 90;
    if (!Number.isInteger(days) || days < 1 || days > 3_650) return { done: false, data: { reason: 'demo.days', days }, lines: [call.say('simulate.days_wrong', { days })] };
    const parts = await open();
    if (!parts.world.empty) return { done: false, data: { reason: 'demo.not_empty' }, lines: [call.say('simulate.not_empty')] };
    const seed = call.text('seed') ?? usualSeed;
    const from = call.text('from') ?? new Date(parts.world.now() - days * day + 8 * 3_600_000).toISOString().slice(0, 10);
    const until = Math.min(dayStart(from) + days * day, parts.world.now());
    if (until <= dayStart(from)) return { done: false, data: { reason: 'demo.future', from }, lines: [call.say('simulate.future', { from })] };
    const played = await simulate({ world: parts.world, open: parts.open, signal: call.signal, progress: (line) => call.progress(line) }, { from, until, seed });
    return { done: true, data: { from, days, seed, ...played }, lines: [call.say('simulate.done', { from, days, seed, ...played })] };
  },
}];
