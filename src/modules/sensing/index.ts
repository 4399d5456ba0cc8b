import type { Area } from '../settings/index.ts';
import { createRegister, type Register } from './service/devices.ts';
import { createIntake, type Intake } from './service/intake.ts';
import { createListening } from './service/mqtt.ts';
import type { Needs } from './service/needs.ts';
import { createRaising, type Raising } from './service/raising.ts';
import { createRegistry, type Registry } from './service/registry.ts';
import { createRolls, type Rolls } from './service/rolls.ts';
import { createCounting, sensingArea, type Counting } from './service/settings.ts';
import { createTrying } from './service/trying.ts';
import { createViews, type Views } from './service/views.ts';

export type { Bringer, Taken } from './service/intake.ts';

/** Devices, what they report, what rules make of it, and the cases that come of that. */
export interface Sensing {
  readonly register: Register;
  readonly registry: Registry;
  readonly intake: Intake;
  readonly raising: Raising;
  readonly rolls: Rolls;
  readonly views: Views;
  readonly trying: ReturnType<typeof createTrying>;
  /** What counts for a county: its own over what ships. */
  counting(county: string): Promise<Counting>;
  readonly area: Area;
  /** Reads the broker that the configuration names; null where it names none. */
  readonly listening: { readonly name: string; start(): void; stop(): Promise<void> } | null;
}

export const createSensing = (needs: Needs): Sensing => {
  const counting = createCounting(needs);
  const registry = createRegistry(needs);
  const intake = createIntake({ ...needs, registry, counting });
  const { mqtt } = needs.world.config;
  return {
    counting, registry, intake,
    register: createRegister({ ...needs, registry, counting }), raising: createRaising({ ...needs, registry, counting }), rolls: createRolls({ ...needs, counting }),
    views: createViews({ ...needs, counting }), trying: createTrying({ ...needs, registry, counting }), area: sensingArea(needs, counting),
    listening: mqtt === null ? null : createListening({ world: needs.world, registry, intake }, mqtt),
  };
};
