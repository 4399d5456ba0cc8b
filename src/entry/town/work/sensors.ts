import { createDemoSensors } from '../../../demo/sensors.ts';
import type { Town } from '../town.ts';
import { repeated } from './works.ts';

/** Lets the demo's devices report, once a minute; what they say is made up. @returns lets them come to rest */
export const demoSensors = async ({ world, modules }: Pick<Town, 'world' | 'modules'>): Promise<() => Promise<void>> => {
  const sensors = createDemoSensors({ world, components: modules.components, sensing: modules.sensing });
  const work = repeated(world, 'demo sensors', 60_000, () => sensors.turn());
  await work.start();
  return () => work.stop();
};
