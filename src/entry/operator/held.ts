import { theSystem } from '../../base/actor.ts';
import { isRefusal } from '../../base/result.ts';
import type { Offices } from '../../modules/offices/index.ts';

/** How many things a unit still holds; 0 for a unit that is not there. */
export const heldBy = async (offices: Offices, county: string, unit: string): Promise<number> => {
  const seen = await offices.holds(theSystem, county, unit);
  return isRefusal(seen) ? 0 : seen.shifts + seen.holds.reduce((sum, { count }) => sum + count, 0);
};
