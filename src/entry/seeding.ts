import { openDatabase } from '../platform/database/database.ts';
import type { World } from '../platform/world.ts';
import type { DemoTown } from './town/demo.ts';
import { seedingFact } from './world.ts';

/** Fills an empty database, or plays a demo that is there up to the present. */
export const bringDemo = async (
  demo: DemoTown, world: World & { readonly empty: boolean }, progress: (step: 'seeding' | 'line', line: string) => void, signal: AbortSignal,
): Promise<void> => {
  const call = { world, progress: (line: string) => progress('line', line), signal };
  if (!world.empty) return demo.catchUp(call);
  progress('seeding', '');
  await world.db.query('insert into installation (fact, value, set_at) values ($1, $2, $3)', [seedingFact, 'true', new Date(world.now())]);
  const db = openDatabase(world.db.url, { max: 12, canBeginAnew: true });
  try {
    await demo.seed({ ...call, world: { ...world, db } });
  } finally {
    await db.close();
  }
  await world.db.query('delete from installation where fact = $1', [seedingFact]);
};
