import type { Tx } from '../../../platform/database/database.ts';

export interface OpenMatter {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly state: string;
}

export interface HandoverRow {
  readonly id: string;
  readonly path: string;
  readonly giver: string;
  readonly taker: string;
  readonly matters: OpenMatter[];
  readonly remarks: Buffer | null;
  readonly answer: Buffer | null;
  readonly given_at: Date;
  readonly received_at: Date;
  readonly confirmed_at: Date | null;
}

const columns = 'id, path, giver, taker, matters, remarks, answer, given_at, received_at, confirmed_at';

/** Hands over; false where its id is there already. */
export const insertHandover = async (tx: Tx, county: string, row: Omit<HandoverRow, 'answer' | 'confirmed_at'>): Promise<boolean> =>
  (await tx.query(
    `insert into shift_handover (county, id, path, giver, taker, matters, remarks, given_at, received_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (county, id) do nothing returning id`,
    [county, row.id, row.path, row.giver, row.taker, JSON.stringify(row.matters), row.remarks, row.given_at, row.received_at], 'rounds_handover_insert')).length === 1;

export const findHandover = async (tx: Tx, county: string, id: string): Promise<HandoverRow | undefined> =>
  (await tx.query<HandoverRow>(`select ${columns} from shift_handover where county = $1 and id = $2`, [county, id], 'rounds_handover'))[0];

/** Confirms; false where that was done before. */
export const setConfirmed = async (tx: Tx, county: string, id: string, answer: Buffer | null, at: Date): Promise<boolean> =>
  (await tx.query('update shift_handover set confirmed_at = $3, answer = $4 where county = $1 and id = $2 and confirmed_at is null returning id', [county, id, at, answer], 'rounds_handover_confirm')).length === 1;

/** The latest of somebody, and, under some paths, those that nobody has confirmed. */
export const handoversOf = (tx: Tx, county: string, account: string, paths: readonly string[], limit: number): Promise<HandoverRow[]> =>
  tx.query<HandoverRow>(
    `select distinct on (given_at, id) ${columns} from (
       (select ${columns} from shift_handover where county = $1 and giver = $2 order by given_at desc limit $5)
       union all (select ${columns} from shift_handover where county = $1 and taker = $2 order by given_at desc limit $5)
       union all (select ${columns} from shift_handover h where county = $1 and confirmed_at is null
         and exists (select 1 from unnest($3::text[]) p where h.path >= p collate "C" and h.path < (p || $4) collate "C") order by given_at desc limit $5)
     ) h order by given_at desc, id limit $5`,
    [county, account, paths, '\u{10ffff}', limit], 'rounds_handovers');
