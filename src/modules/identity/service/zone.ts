import { defaultZone, offsetMinutesOf } from '../../../base/time/zone.ts';
import type { World } from '../../../platform/world.ts';

/** The county's time zone: what it has set, else what it was opened with. */
export const zoneOf = async ({ db, now }: Pick<World, 'db' | 'now'>, county: string): Promise<{ readonly name: string; readonly offsetMinutes: number }> => {
  const [row] = await db.query<{ zone: string }>(`select coalesce(settings -> 'calendar' ->> 'zone', zone) as zone from county where county = $1`, [county], 'identity_zone');
  const name = row?.zone ?? defaultZone;
  return { name, offsetMinutes: offsetMinutesOf(name, now()) };
};
