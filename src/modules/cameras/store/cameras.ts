import type { Box } from '../../../base/geo/geometry.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { CameraDraft } from '../rules/record.ts';

/** A camera as its row has it. Metres, degrees from north, WGS-84. */
export interface CameraRow extends Omit<CameraDraft, 'line'> {
  readonly county: string;
  readonly noticePhoto: string | null;
  readonly silentSince: Date | null;
  readonly version: number;
}

const columns = `c.county, c.code, c.name, c.point[0] as lng, c.point[1] as lat, c.place, c.path, c.spot, c.height::float8 as height, c.bearing::float8 as bearing, c.opening::float8 as opening,
  c.turning::float8 as turning, c.reach::float8 as reach, c.owner, c.purpose, c.retention, c.notice, c.notice_photo as "noticePhoto", c.ptz, c.gateway, c.stream, c.source, c.onvif, c.off,
  c.silent_since as "silentSince", c.version`;

export const readCameraRow = async (tx: Tx, county: string, code: string): Promise<CameraRow | undefined> =>
  (await tx.query<CameraRow>(`select ${columns} from camera c where c.county = $1 and c.code = $2`, [county, code], 'cameras.one'))[0];

/** What a list of cameras asks for; null asks for nothing. */
export interface CameraFilter {
  /** `works`, `silent` or `off`. */
  readonly state: string | null;
  readonly purpose: string | null;
  readonly owner: string | null;
  /** Everything whose path starts so. */
  readonly path: string | null;
  readonly ptz: boolean | null;
  readonly notice: boolean | null;
  /** Beginning of a code, or a part of a name or of where it hangs. */
  readonly text: string | null;
}

/** A page of cameras by code (camera_path, camera_owner, else the primary key). */
export const listCameraRows = (tx: Tx, county: string, filter: CameraFilter, after: string, limit: number): Promise<CameraRow[]> => tx.query<CameraRow>(
  `select ${columns} from camera c where c.county = $1 and c.code > $2
     and ($3::text is null or $3 = case when c.off then 'off' when c.silent_since is not null then 'silent' else 'works' end)
     and ($4::text is null or c.purpose = $4) and ($5::text is null or c.owner = $5) and ($6::text is null or (c.path >= $6 and c.path < $7))
     and ($8::boolean is null or c.ptz = $8) and ($9::boolean is null or c.notice = $9)
     and ($10::text is null or c.code like $10 || '%' or position($10 in c.name) > 0 or position($10 in coalesce(c.spot, '')) > 0)
   order by c.code limit $11`,
  [county, after, filter.state, filter.purpose, filter.owner, filter.path, filter.path && `${filter.path}\u{10ffff}`, filter.ptz, filter.notice, filter.text, limit]);

/** Cameras in a box, at most `limit` (camera_point). */
export const camerasWithin = (tx: Tx, county: string, box: Box, limit: number): Promise<CameraRow[]> => tx.query<CameraRow>(
  `select ${columns} from camera c where c.county = $1 and c.point <@ box(point($2, $3), point($4, $5)) order by c.code limit $6`, [county, box.west, box.south, box.east, box.north, limit], 'cameras.within');

const written = ['code', 'name', 'lng', 'lat', 'place', 'path', 'spot', 'height', 'bearing', 'opening', 'turning', 'reach', 'owner', 'purpose', 'retention', 'notice', 'ptz', 'gateway', 'stream', 'source', 'onvif', 'off'] as const;
const own = written.filter((name) => !['code', 'lng', 'lat', 'place', 'path'].includes(name));

/**
 * Writes cameras: new codes are added, known ones changed where they differ, which makes a version of each.
 * @returns codes that were added and codes that were changed
 */
export const putCameras = async (tx: Tx, county: string, drafts: readonly CameraDraft[], now: Date): Promise<{ readonly added: readonly string[]; readonly changed: readonly string[] }> => {
  const rows = await tx.query<{ code: string; added: boolean }>(
    `insert into camera as c (county, code, name, point, place, path, spot, height, bearing, opening, turning, reach, owner, purpose, retention, notice, ptz, gateway, stream, source, onvif, off, version, updated_at)
     select $1, d.code, d.name, point(d.lng, d.lat), d.place, d.path, d.spot, d.height, d.bearing, d.opening, d.turning, d.reach, d.owner, d.purpose, d.retention, d.notice, d.ptz, d.gateway, d.stream, d.source, d.onvif, d.off, 1, $3
     from jsonb_to_recordset($2::jsonb) as d (code text, name text, lng float8, lat float8, place text, path text, spot text, height real, bearing real, opening real, turning real, reach real, owner text, purpose text,
       retention integer, notice boolean, ptz boolean, gateway uuid, stream text, source text, onvif text, off boolean)
     on conflict (county, code) do update set point = excluded.point, place = excluded.place, path = excluded.path, ${own.map((name) => `${name} = excluded.${name}`).join(', ')}, version = c.version + 1, updated_at = excluded.updated_at
     where (c.point[0], c.point[1], ${own.map((name) => `c.${name}`).join(', ')}) is distinct from (excluded.point[0], excluded.point[1], ${own.map((name) => `excluded.${name}`).join(', ')})
     returning c.code, c.version = 1 as added`,
    [county, JSON.stringify(drafts.map((draft) => Object.fromEntries(written.map((name) => [name, draft[name]])))), now]);
  const codes = (added: boolean): string[] => rows.filter((row) => row.added === added).map(({ code }) => code).sort();
  return { added: codes(true), changed: codes(false) };
};

export const setNoticePhoto = (tx: Tx, county: string, code: string, photo: string | null, now: Date): Promise<unknown> =>
  tx.query('update camera set notice_photo = $3, version = version + 1, updated_at = $4 where county = $1 and code = $2', [county, code, photo, now], 'cameras.photo');

export const deleteCamera = async (tx: Tx, county: string, code: string): Promise<boolean> =>
  (await tx.query('delete from camera where county = $1 and code = $2 returning 1', [county, code], 'cameras.delete')).length > 0;

/** SHA-256 over all that is kept of cameras, in the order of their codes; places, which other actions move, are left out. */
export const camerasDigest = async (tx: Tx, county: string): Promise<string> => (await tx.query<{ digest: string }>(
  `select encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws(chr(31), code, point::text, ${[...own, 'notice_photo', 'version'].map((name) => `coalesce(${name}::text, '')`).join(', ')}), 'UTF8')), ''::bytea order by code), ''::bytea)), 'hex') as digest
   from camera where county = $1`, [county]))[0]!.digest;

/** Photos of notices, of some digests: those that are in use. */
export const noticePhotos = async (tx: Tx, county: string, digests: readonly string[]): Promise<string[]> =>
  (await tx.query<{ photo: string }>('select distinct notice_photo as photo from camera where county = $1 and notice_photo = any($2::text[])', [county, digests], 'cameras.photos')).map(({ photo }) => photo);

/** What became of asking a camera's stream: it answered, or it has not since. */
export const settleState = (tx: Tx, county: string, code: string, answers: boolean, now: Date): Promise<unknown> => tx.query(
  `update camera set silent_since = case when $3 then null else coalesce(silent_since, $4) end, probed_at = $4 where county = $1 and code = $2`, [county, code, answers, now], 'cameras.state');

/** Cameras with a gateway that nobody has asked since a time, the longest waiting first; they count as asked from now on. */
export const claimProbes = (tx: Tx, before: Date, now: Date, limit: number): Promise<{ county: string; code: string }[]> => tx.query(
  `update camera set probed_at = $2 where (county, code) in (select county, code from camera where gateway is not null and not off and coalesce(probed_at, '-infinity') < $1 order by probed_at nulls first limit $3 for update skip locked)
   returning county, code`, [before, now, limit], 'cameras.probes');

/** Next cameras in order of code, with where they are: for placing them anew. */
export const cameraPoints = (tx: Tx, county: string, after: string, limit: number): Promise<{ code: string; lng: number; lat: number; path: string | null }[]> =>
  tx.query('select code, point[0] as lng, point[1] as lat, path from camera where county = $1 and code > $2 order by code limit $3', [county, after, limit], 'cameras.points');

export const moveCameras = (tx: Tx, county: string, moved: readonly { readonly code: string; readonly place: string | null; readonly path: string | null }[]): Promise<unknown> => tx.query(
  'update camera c set place = m.place, path = m.path from unnest($2::text[], $3::text[], $4::text[]) as m(code, place, path) where c.county = $1 and c.code = m.code',
  [county, moved.map(({ code }) => code), moved.map(({ place }) => place), moved.map(({ path }) => path)], 'cameras.move');
