import type { World } from '../../platform/world.ts';
import { catchUpDemo, demoLogins, demoPassword, seedDemo, type DemoLogin, type DemoOrder } from '../../demo/index.ts';
import { openModules } from './modules.ts';

/** What a demo is made with: the town is opened on a world of its own, with simulated time and foretellable ids. */
export interface DemoCall {
  readonly world: World;
  progress(line: string): void;
  readonly signal: AbortSignal;
}

export interface DemoTown {
  readonly password: string;
  readonly logins: readonly DemoLogin[];
  /** Fills an empty database. */
  seed(call: DemoCall): Promise<void>;
  /** Plays the time forward that passed since the town was last open. */
  catchUp(call: DemoCall): Promise<void>;
}

const orderOf = (call: DemoCall): DemoOrder => ({ ...call, open: openModules });

/** The demo town. */
export const demoTown: DemoTown = {
  password: demoPassword,
  logins: demoLogins,
  seed: async (call) => void (await seedDemo(orderOf(call))),
  catchUp: async (call) => void (await catchUpDemo(orderOf(call))),
};

export type { DemoLogin };
