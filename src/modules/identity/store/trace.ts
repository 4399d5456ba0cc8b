import type { Json } from '../../../base/canonical.ts';
import type { Tx } from '../../../platform/database/database.ts';

type Row = { readonly id: string } & Readonly<Record<string, Json>>;

/** All grants of a county, as entries name them; times in milliseconds since 1970. */
export const tracedGrants = (tx: Tx, county: string): Promise<Row[]> => tx.query<Row>(
  `select id, account, role, unit, place, purpose, (extract(epoch from valid_from) * 1000)::bigint as "from", (extract(epoch from valid_until) * 1000)::bigint as until
   from account_grant where county = $1 order by id`, [county]);

/** All units of a county, as entries name them. */
export const tracedUnits = (tx: Tx, county: string): Promise<Row[]> => tx.query<Row>(
  'select id, name, kind as "unitKind", parent, phone, places, closed_at is not null as closed from unit where county = $1 order by id', [county]);

/** All accounts that are at home in a county, as entries name them. */
export const tracedAccounts = (tx: Tx, county: string): Promise<Row[]> => tx.query<Row>(
  'select id, login, name, kind as "accountKind", disabled_at is not null as disabled from account where home = $1 order by id', [county]);
