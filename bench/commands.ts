import { measurements } from './measurements.ts';
import type { Command } from '../src/platform/command/command.ts';

/** `bench [MEASUREMENT]`: measures on this machine, beside what each figure is held against. */
export const benchCommand = (): Command => ({
  name: 'bench',
  args: [{ name: 'measurement', oneOf: measurements }],
  options: [{ name: 'quick', value: 'flag' }, { name: 'large', value: 'flag' }],
  run: async (call) => (await import('./bench.ts')).bench(call),
});
