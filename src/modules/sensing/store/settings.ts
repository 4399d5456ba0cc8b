import type { Tx } from '../../../platform/database/database.ts';
import type { SensingSettings } from '../contract/settings.ts';

/** A county's own values; undefined where it has none. */
export const readSettings = async (tx: Tx, county: string): Promise<SensingSettings | undefined> =>
  (await tx.query<{ sensing: SensingSettings | null }>(`select settings -> 'sensing' as sensing from county where county = $1`, [county], 'sensing_settings'))[0]?.sensing ?? undefined;
