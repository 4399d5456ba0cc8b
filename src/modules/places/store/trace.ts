import type { Tx } from '../../../platform/database/database.ts';

/** SHA-256 over the places that hold now and their codes, in order: one digest of each row, then one of those. */
export const placesDigest = async (tx: Tx, county: string): Promise<string> =>
  (await tx.query<{ digest: string }>(
    `select encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws(chr(31), id, level, parent, path, name, kind, area::text, addresses::text, doors::text, codes), 'UTF8')), ''::bytea order by id), ''::bytea)), 'hex') as digest
     from (select p.*, (select string_agg(c.code, ' ' order by c.code) from place_code c where c.county = p.county and c.id = p.id and c.valid_until is null) as codes
           from place p where p.county = $1 and p.until_version is null) as p`, [county]))[0]!.digest;
