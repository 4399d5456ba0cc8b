import type { Command } from '../src/platform/command/command.ts';

/** What can be measured, in the order in which all of it is. */
export const measurements = ['intake', 'lifecycle', 'locate', 'inbox', 'events', 'trace', 'page', 'start'] as const;
export type Measurement = (typeof measurements)[number];

/** `bench [MEASUREMENT]`: measures on this machine, beside what each figure is held against. */
export const benchCommand = (): Command => ({
  name: 'bench',
  args: [{ name: 'measurement', oneOf: measurements }],
  options: [{ name: 'quick', value: 'flag' }],
  run: async (call) => (await import('./bench.ts')).bench(call),
});
