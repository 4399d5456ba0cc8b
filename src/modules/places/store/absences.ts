import type { CountyCode } from '../../../base/ids.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Absence } from '../rules/duty.ts';

/** An absence as its row has it. Times are milliseconds since 1970; one from before lists were kept has no author. */
export interface AbsenceRow extends Absence {
  readonly id: string;
  readonly madeAt: number | null;
  readonly madeBy: string | null;
  readonly withdrawnAt: number | null;
}

/** What a list of absences asks for; null asks for nothing. Those that end before `from` or begin at or after `until` are left out. */
export interface AbsenceFilter {
  readonly person: string | null;
  readonly from: Date | null;
  readonly until: Date | null;
}

type Stored = { id: string; person: string; from_at: Date; until_at: Date; made_at: Date | null; made_by: string | null; withdrawn_at: Date | null };
const columns = 'id, person, from_at, until_at, made_at, made_by, withdrawn_at';
const rowOf = (row: Stored): AbsenceRow => ({
  id: row.id, person: row.person, from: row.from_at.getTime(), until: row.until_at.getTime(), madeAt: row.made_at?.getTime() ?? null, madeBy: row.made_by, withdrawnAt: row.withdrawn_at?.getTime() ?? null,
});

/** Absences that end after a moment and hold: one that was withdrawn holds until then. */
export const readAbsences = async (tx: Tx, county: CountyCode, after: Date): Promise<Absence[]> =>
  (await tx.query<{ person: string; from: Date; until: Date }>(
    'select person, from_at as "from", least(until_at, withdrawn_at) as "until" from duty_absence where county = $1 and until_at > $2 and (withdrawn_at is null or withdrawn_at > from_at)',
    [county, after],
  )).map(({ person, from, until }) => ({ person, from: from.getTime(), until: until.getTime() }));

/** Absences of the same person that hold at some moment of this one (duty_absence_person). */
export const overlapping = async (tx: Tx, county: CountyCode, { person, from, until }: Absence): Promise<AbsenceRow[]> =>
  (await tx.query<Stored>(
    `select ${columns} from duty_absence where county = $1 and person = $2 and from_at < $4 and until_at > $3 and withdrawn_at is null order by from_at limit 1`,
    [county, person, new Date(from), new Date(until)],
  )).map(rowOf);

export const insertAbsence = async (tx: Tx, county: CountyCode, id: string, absence: Absence, { at, by }: { readonly at: Date; readonly by: string }): Promise<void> => {
  await tx.query(
    'insert into duty_absence (county, id, person, from_at, until_at, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7)',
    [county, id, absence.person, new Date(absence.from), new Date(absence.until), at, by],
  );
};

export const findAbsence = async (tx: Tx, county: CountyCode, id: string): Promise<AbsenceRow | undefined> =>
  (await tx.query<Stored>(`select ${columns} from duty_absence where county = $1 and id = $2`, [county, id])).map(rowOf)[0];

export const withdrawAbsence = (tx: Tx, county: CountyCode, id: string, at: Date): Promise<unknown> =>
  tx.query('update duty_absence set withdrawn_at = $3 where county = $1 and id = $2', [county, id, at]);

/** A page of absences, the latest beginning first (duty_absence_from). */
export const listAbsences = async (tx: Tx, county: CountyCode, filter: AbsenceFilter, after: { readonly from: Date; readonly id: string } | null, limit: number): Promise<AbsenceRow[]> =>
  (await tx.query<Stored>(
    `select ${columns} from duty_absence
     where county = $1 and ($2::text is null or person = $2) and ($3::timestamptz is null or until_at > $3) and ($4::timestamptz is null or from_at < $4)
       and ($5::timestamptz is null or (from_at, id) < ($5, $6::uuid))
     order by from_at desc, id desc limit $7`,
    [county, filter.person, filter.from, filter.until, after?.from ?? null, after?.id ?? null, limit],
  )).map(rowOf);

/** Every absence of a county, for a check against the ledger. */
export const allAbsences = async (tx: Tx, county: CountyCode): Promise<AbsenceRow[]> =>
  (await tx.query<Stored>(`select ${columns} from duty_absence where county = $1`, [county])).map(rowOf);
