import type { CountyCode } from '../../../base/ids.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Post, Shift } from '../rules/duty.ts';

export const readPosts = (tx: Tx, county: CountyCode): Promise<Post[]> =>
  tx.query<Post>('select id, place, role, rank from duty_post where county = $1', [county]);

/** Shifts that have not ended before `day` (`YYYY-MM-DD`). */
export const readShifts = (tx: Tx, county: CountyCode, day: string): Promise<Shift[]> =>
  tx.query<Shift>(
    `select id, post, person, stand_in as "standIn", weekdays, starts, ends, from_day::text as "fromDay", until_day::text as "untilDay"
     from duty_shift where county = $1 and (until_day is null or until_day >= $2::date) order by starts, id`,
    [county, day],
  );

export const insertPosts = async (tx: Tx, county: CountyCode, posts: readonly Post[]): Promise<void> => {
  await tx.query(
    `insert into duty_post (county, id, place, role, rank)
     select $1, r.id, r.place, r.role, r.rank from jsonb_to_recordset($2::jsonb) as r(id uuid, place text, role text, rank integer)`,
    [county, JSON.stringify(posts)],
  );
};

export const insertShifts = async (tx: Tx, county: CountyCode, shifts: readonly Shift[]): Promise<void> => {
  await tx.query(
    `insert into duty_shift (county, id, post, person, stand_in, weekdays, starts, ends, from_day, until_day)
     select $1, r.id, r.post, r.person, r."standIn", r.weekdays, r.starts, r.ends, r."fromDay", r."untilDay"
     from jsonb_to_recordset($2::jsonb)
       as r(id uuid, post uuid, person text, "standIn" text, weekdays text, starts integer, ends integer, "fromDay" date, "untilDay" date)`,
    [county, JSON.stringify(shifts)],
  );
};

/** Takes away the posts of some places with their shifts. */
export const deletePosts = async (tx: Tx, county: CountyCode, places: readonly string[]): Promise<void> => {
  await tx.query(
    'delete from duty_shift s using duty_post p where s.county = $1 and p.county = $1 and p.id = s.post and p.place = any($2)',
    [county, places],
  );
  await tx.query('delete from duty_post where county = $1 and place = any($2)', [county, places]);
};
