import { slotOf, slotsOf } from '../rules/lines.ts';
import type { Remembered } from '../../../platform/remembered.ts';
import { emptySlot, firstReceived, forgetCounts, forgetOf, holdRolled, rollDays, rollHours, rollMinutes, slotHolds, writeRolled } from '../store/rolls.ts';
import type { Needs } from './needs.ts';
import type { Counting } from './settings.ts';

const dayMs = 86_400_000;
/** A batch that is being written may be committed this long after its time of receipt. */
const settledMs = 20_000;
/** Receipt that one turn counts at the most. */
const stepMs = 600_000;
const ring = ['reading', 'reading_minute'] as const;

/** Counts minutes, hours and days, and lets go of what is kept no longer. */
export const createRolls = ({ world, identity, counting }: Pick<Needs, 'world' | 'identity'> & { readonly counting: Remembered<Counting> }) => ({
  /** Counts what came since the last turn. @returns 1 while more is to be counted */
  async count(county: string): Promise<number> {
    const { backfillDays } = await counting(county);
    const { name: zone } = await identity.zone(county);
    return world.db.transaction(async (tx) => {
      const until = await holdRolled(tx, county) ?? await firstReceived(tx, county);
      const limit = world.now() - settledMs;
      if (until === null || until.getTime() >= limit) return 0;
      const to = new Date(Math.min(limit, until.getTime() + stepMs));
      const slots = slotsOf(until.getTime() - backfillDays * dayMs - dayMs, to.getTime() + dayMs);
      await rollMinutes(tx, county, slots, until, to);
      await rollHours(tx, county, slots, until, to);
      await rollDays(tx, county, slots, until, to, zone);
      await writeRolled(tx, county, to);
      return to.getTime() < limit ? 1 : 0;
    });
  },
  /** Deletes what a county keeps no longer. */
  async forget(county: string): Promise<void> {
    const { keepDays } = await counting(county);
    const now = world.now();
    for (const [table, days] of [['reading', keepDays.raw], ['reading_minute', keepDays.minute]] as const)
      for (let day = days + 1; day <= 30; day++) await forgetOf(world.db, table, county, slotOf(now - day * dayMs), new Date(now - days * dayMs));
    for (const [table, days] of [['reading_hour', keepDays.hour], ['reading_day', keepDays.day]] as const)
      while (await forgetCounts(world.db, table, county, new Date(now - days * dayMs), 5_000) > 0);
  },
  /** Makes room in the ring: empties tomorrow's slot of what a month ago stood there. Never one that holds anything of the last days. */
  async makeRoom(): Promise<void> {
    const now = world.now();
    const slot = slotOf(now + dayMs);
    for (const table of ring) {
      const { any, young } = await slotHolds(world.db, table, slot, new Date(now - 2 * dayMs));
      if (any && !young) await world.db.transaction((tx) => emptySlot(tx, table, slot));
    }
  },
});

export type Rolls = ReturnType<typeof createRolls>;
