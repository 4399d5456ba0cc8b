import type { Tx } from '../../../platform/database/database.ts';

/** A look through a camera. */
export interface ViewRow {
  readonly county: string;
  readonly id: string;
  readonly camera: string;
  readonly account: string;
  /** SHA-256 of the session's token. */
  readonly session: Buffer;
  readonly purpose: string;
  readonly note: string;
  readonly matter: string | null;
  readonly begun_at: Date;
  readonly until_at: Date;
  /** When its page was last heard of. */
  readonly seen_at: Date;
  readonly ended_at: Date | null;
  /** `closed` by the viewer, `limit` when its time was over, `left` when its page was not heard of, `right` when the right had ended. */
  readonly ending: string | null;
  readonly turns: number;
}

const columns = 'county, id, camera, account, session, purpose, note, matter, begun_at, until_at, seen_at, ended_at, ending, turns';

export const insertView = (tx: Tx, row: Omit<ViewRow, 'seen_at' | 'ended_at' | 'ending' | 'turns'>, salt: Buffer): Promise<unknown> => tx.query(
  'insert into camera_view (county, id, camera, account, session, purpose, note, note_salt, matter, begun_at, until_at, seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10)',
  [row.county, row.id, row.camera, row.account, row.session, row.purpose, row.note, salt, row.matter, row.begun_at, row.until_at], 'camera_views.insert');

/** A look by its id, in one of some counties. */
export const readView = async (tx: Tx, counties: readonly string[], id: string): Promise<ViewRow | undefined> =>
  (await tx.query<ViewRow>(`select ${columns} from camera_view where county = any($1::text[]) and id = $2`, [counties, id], 'camera_views.one'))[0];

export const seeView = (tx: Tx, county: string, id: string, now: Date): Promise<unknown> => tx.query('update camera_view set seen_at = greatest(seen_at, $3) where county = $1 and id = $2 and ended_at is null', [county, id, now], 'camera_views.see');

/** Ends a look that is open, once, and gives its camera free. @returns the row as it ended; undefined where it had ended before */
export const endView = async (tx: Tx, county: string, id: string, ending: string, now: Date): Promise<ViewRow | undefined> => {
  const [row] = await tx.query<ViewRow>(`update camera_view set ended_at = least($4, until_at), ending = $3 where county = $1 and id = $2 and ended_at is null returning ${columns}`, [county, id, ending, now], 'camera_views.end');
  if (row) await tx.query('delete from camera_hold where county = $1 and camera = $2 and view = $3', [county, row.camera, id], 'camera_holds.leave');
  return row;
};

/** Looks that are over but open: their time has come, or nobody has heard of them since (camera_view_open). */
export const overdueViews = (tx: Tx, now: Date, unseenSince: Date, limit: number): Promise<ViewRow[]> =>
  tx.query<ViewRow>(`select ${columns} from camera_view where ended_at is null and (until_at <= $1 or seen_at < $2) order by seen_at limit $3`, [now, unseenSince, limit], 'camera_views.overdue');

/** How many look through a camera now. */
export const openViews = async (tx: Tx, county: string, camera: string): Promise<number> =>
  (await tx.query<{ count: number }>('select count(*)::int as count from camera_view where county = $1 and camera = $2 and ended_at is null', [county, camera], 'camera_views.open'))[0]!.count;

/** The newest first, after one of them (camera_view_camera). */
export const listViewRows = (tx: Tx, county: string, camera: string, after: { readonly at: Date; readonly id: string } | null, limit: number): Promise<ViewRow[]> => tx.query<ViewRow>(
  `select ${columns} from camera_view where county = $1 and camera = $2 and ($3::timestamptz is null or (begun_at, id) < ($3, $4::uuid)) order by begun_at desc, id desc limit $5`, [county, camera, after?.at ?? null, after?.id ?? null, limit], 'camera_views.list');

export const countTurn = (tx: Tx, county: string, id: string): Promise<unknown> => tx.query('update camera_view set turns = turns + 1 where county = $1 and id = $2', [county, id], 'camera_views.turn');

/** Who has a camera in hand. */
export interface HoldRow { readonly view: string; readonly account: string; readonly until_at: Date; readonly moving: boolean }

/**
 * Takes a camera in hand, or keeps it, unless another view has it.
 * @returns how it was held before by the same view (`moving`), or by whom else it is held
 */
export const takeHold = async (tx: Tx, county: string, camera: string, view: string, account: string, moving: boolean, now: Date, until: Date): Promise<{ readonly before: HoldRow | undefined; readonly taken: boolean }> => {
  await tx.query('insert into camera_hold (county, camera, view, account, until_at, moving) values ($1, $2, $3, $4, $5, false) on conflict do nothing', [county, camera, view, account, now], 'camera_holds.make');
  const [before] = await tx.query<HoldRow>('select view, account, until_at, moving from camera_hold where county = $1 and camera = $2 for update', [county, camera], 'camera_holds.one');
  if (before && before.view !== view && before.until_at > now) return { before, taken: false };
  await tx.query('update camera_hold set view = $3, account = $4, moving = $5, until_at = $6 where county = $1 and camera = $2', [county, camera, view, account, moving, until], 'camera_holds.take');
  return { before: before?.view === view && before.until_at > now ? before : undefined, taken: true };
};
