import type { Digest } from '../../base/ids.ts';
import type { Tx } from '../database/database.ts';

export interface BlobRow {
  readonly county: string;
  readonly digest: Digest;
  readonly original: Digest;
  readonly type: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly taken_at: Date | null;
  readonly lng: number | null;
  readonly lat: number | null;
  readonly created_at: Date;
}

/** The same picture again counts as sent now; what its first original told stays. */
export const insertBlob = async (tx: Tx, row: BlobRow, uploadedBy: string): Promise<void> => {
  await tx.query(
    `insert into blob (county, digest, original, type, bytes, width, height, taken_at, lng, lat, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (county, digest) do update set created_at = excluded.created_at`,
    [row.county, row.digest, row.original, row.type, row.bytes, row.width, row.height, row.taken_at, row.lng, row.lat, row.created_at],
    'blob_insert',
  );
  await tx.query(
    `insert into blob_upload (county, digest, uploaded_by, uploaded_at) values ($1, $2, $3, $4)
     on conflict (county, digest, uploaded_by) do update set uploaded_at = excluded.uploaded_at`,
    [row.county, row.digest, uploadedBy, row.created_at],
    'blob_upload_insert',
  );
};

/** By index blob_digest: a picture's address names no county. */
export const findBlobs = (tx: Tx, digest: Digest): Promise<BlobRow[]> =>
  tx.query<BlobRow>('select * from blob where digest = $1 order by county', [digest], 'blob_find');

export const findBlob = async (tx: Tx, county: string, digest: Digest): Promise<BlobRow | undefined> =>
  (await tx.query<BlobRow>('select * from blob where county = $1 and digest = $2', [county, digest], 'blob_of_county'))[0];

export const isUploader = async (tx: Tx, county: string, digest: Digest, actor: string): Promise<boolean> =>
  (await tx.query('select 1 from blob_upload where county = $1 and digest = $2 and uploaded_by = $3', [county, digest, actor], 'blob_uploader')).length > 0;

/** A picture that this actor sent in. */
export const findOwnBlob = async (tx: Tx, county: string, digest: Digest, actor: string): Promise<BlobRow | undefined> =>
  (await tx.query<BlobRow>(
    `select b.* from blob b join blob_upload u on u.county = b.county and u.digest = b.digest and u.uploaded_by = $3
     where b.county = $1 and b.digest = $2`, [county, digest, actor], 'blob_own'))[0];

/** By index blob_created. */
export const oldBlobs = (tx: Tx, county: string, before: Date, most: number): Promise<{ digest: Digest }[]> =>
  tx.query('select digest from blob where county = $1 and created_at < $2 order by created_at limit $3', [county, before, most], 'blob_old');

export const counties = async (tx: Tx): Promise<string[]> =>
  (await tx.query<{ county: string }>('select county from county order by county')).map(({ county }) => county);

/**
 * Makes taking in and removing the same bytes wait for each other until the transaction ends; otherwise an upload could find
 * the bytes there just before somebody else's removal takes them.
 */
export const lockBlob = async (tx: Tx, digest: Digest): Promise<void> => {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [digest], 'blob_lock');
};

/** True when no county holds the picture any more. */
export const deleteBlob = async (tx: Tx, county: string, digest: Digest): Promise<boolean> => {
  await tx.query('delete from blob where county = $1 and digest = $2', [county, digest], 'blob_delete');
  return (await tx.query('select 1 from blob where digest = $1 limit 1', [digest], 'blob_left')).length === 0;
};
