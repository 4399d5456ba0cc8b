import type { Tx } from '../../platform/database/database.ts';
import type { Window } from './rules/window.ts';

/** A change of state of a case that is public now. */
export interface UpdateView {
  readonly seq: number;
  readonly number: string;
  readonly state: string;
  readonly at: Date;
  readonly unit: string | null;
  readonly merged: string | null;
}

export interface UpdateQuery {
  readonly county: string;
  readonly keys: readonly string[];
  /** States in which a case is not public, now or then. */
  readonly hidden: readonly string[];
  /** Entries after this one. */
  readonly after: number;
  readonly window: Window;
  readonly limit: number;
}

/** Entries may be put in order a little later than their time says: so many of them are looked at before the first of a window. */
const slack = 10_000;

/** Changes of state in the order of the ledger, which is the order in which to replay them (primary key; open311_update_at finds where a window begins). */
export const readUpdates = (tx: Tx, { county, keys, hidden, after, window, limit }: UpdateQuery): Promise<UpdateView[]> =>
  tx.query<UpdateView>(
    `select u.seq::float8 as seq, m.number, u.state, u.at, m.lead_unit as unit, m.data ->> 'mergedNumber' as merged
     from open311_update u join matter m on m.county = u.county and m.id = u.matter
     where u.county = $1 and u.at >= $4 and u.at <= $5 and m.code = any($2::text[]) and m.state <> all($7::text[]) and u.state <> all($7::text[]) and not m.data @> '{"withheld": true}'
       and u.seq > greatest($3::bigint, coalesce((select f.seq from open311_update f where f.county = $1 and f.at >= $4 order by f.at, f.seq limit 1), 9223372036854775807) - ${slack})
     order by u.seq limit $6`,
    [county, keys, after, new Date(window.from).toISOString(), new Date(window.to).toISOString(), limit, hidden], 'open311_updates');
