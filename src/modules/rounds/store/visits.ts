import type { Tx } from '../../../platform/database/database.ts';

export interface VisitRow {
  readonly id: string;
  readonly place: string | null;
  readonly path: string;
  readonly account: string;
  readonly kind: string;
  readonly outcome: string;
  readonly consent: string | null;
  readonly words: Buffer | null;
  readonly done_at: Date;
  readonly received_at: Date;
}

const columns = 'id, place, path, account, kind, outcome, consent, words, done_at, received_at';

/** Notes a visit; false where its id is there already. */
export const insertVisit = async (tx: Tx, county: string, row: VisitRow): Promise<boolean> =>
  (await tx.query(
    `insert into household_visit (county, ${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (county, id) do nothing returning id`,
    [county, row.id, row.place, row.path, row.account, row.kind, row.outcome, row.consent, row.words, row.done_at, row.received_at], 'rounds_visit_insert')).length === 1;

export const findVisit = async (tx: Tx, county: string, id: string): Promise<VisitRow | undefined> =>
  (await tx.query<VisitRow>(`select ${columns} from household_visit where county = $1 and id = $2`, [county, id], 'rounds_visit'))[0];

/** Visits under some paths, newest first, behind one that was seen. */
export const visitsUnder = (tx: Tx, county: string, paths: readonly string[], after: { readonly at: Date; readonly id: string } | null, limit: number): Promise<VisitRow[]> =>
  tx.query<VisitRow>(
    `select ${columns} from household_visit v where county = $1
       and exists (select 1 from unnest($2::text[]) p where v.path >= p collate "C" and v.path < (p || $3) collate "C")
       and ($4::timestamptz is null or (received_at, id) < ($4, $5::uuid)) order by received_at desc, id desc limit $6`,
    [county, paths, '\u{10ffff}', after?.at ?? null, after?.id ?? null, limit], 'rounds_visits_under');

/** Takes the words of all visits under a consent away for good. @returns how many */
export const forgetWords = async (tx: Tx, county: string, consents: readonly string[]): Promise<number> =>
  (await tx.query('update household_visit set words = null where county = $1 and consent = any($2::uuid[]) and words is not null returning id', [county, consents], 'rounds_visit_forget')).length;
