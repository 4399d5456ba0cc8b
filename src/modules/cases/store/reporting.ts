import type { Tx } from '../../../platform/database/database.ts';
import type { Category } from '../rules/categories.ts';

/** What the county says about reporting: values of its own for categories. */
export const readReporting = async (tx: Tx, county: string): Promise<{ readonly categories?: Readonly<Record<string, Partial<Category>>> }> =>
  (await tx.query<{ reporting: object | null }>(`select settings -> 'reporting' as reporting from county where county = $1`, [county], 'cases_reporting'))[0]?.reporting ?? {};
