import type { Tx } from '../../../platform/database/database.ts';
import type { BulletinSettings } from '../contract.ts';

/** What the county says about its public view. */
export const readSettings = async (tx: Tx, county: string): Promise<BulletinSettings> =>
  (await tx.query<{ bulletin: BulletinSettings | null }>(`select settings -> 'bulletin' as bulletin from county where county = $1`, [county], 'bulletin_settings'))[0]?.bulletin ?? {};
