import type { Box } from '../../../base/geo/geometry.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { AccuracyClass } from '../rules/nearness.ts';

/** A component as its row has it. */
export interface ComponentRow {
  readonly county: string;
  readonly code: string;
  readonly class: string;
  readonly name: string;
  readonly road: string | null;
  readonly ordinal: number | null;
  readonly lng: number;
  readonly lat: number;
  readonly accuracy: AccuracyClass;
  readonly place: string | null;
  readonly path: string | null;
  readonly owner: string | null;
  readonly manager: string | null;
  /** As surveyed. */
  readonly state: string;
  readonly installed: string | null;
  readonly openCases: number;
  readonly plate: string | null;
}

const columns = `c.county, c.code, c.class, c.name, c.road, c.ordinal, c.point[0] as lng, c.point[1] as lat, c.accuracy, c.place, c.path,
  c.owner, c.manager, c.state, to_char(c.installed, 'YYYY-MM-DD') as installed, c.open_cases as "openCases", p.plate`;
const source = `component c left join plate p on p.county = c.county and p.kind = 'component' and p.target = c.code and p.withdrawn_at is null`;

/** By code, in no order (primary key). */
export const componentsByCode = (tx: Tx, county: string, codes: readonly string[]): Promise<ComponentRow[]> =>
  tx.query<ComponentRow>(`select ${columns} from ${source} where c.county = $1 and c.code = any($2)`, [county, codes], 'components.by_code');

/** What a list of components asks for; null asks for nothing. */
export interface ComponentFilter {
  readonly class: string | null;
  /** `faulty`, or a state as surveyed of those that have no open case. */
  readonly state: string | null;
  /** Everything whose path starts so. */
  readonly path: string | null;
  /** The owner or the manager. */
  readonly unit: string | null;
  /** Beginning of a code, or a part of a name. */
  readonly text: string | null;
  /** Beginning of the name of a road. */
  readonly road: string | null;
}

/**
 * A page of components by code. Without a name the planner sees which filters are null and takes the index of the narrowest:
 * component_class, component_path, component_manager, component_faulty, else the primary key.
 */
export const listComponents = (tx: Tx, county: string, filter: ComponentFilter, after: string, limit: number): Promise<ComponentRow[]> =>
  tx.query<ComponentRow>(
    `select ${columns} from ${source}
     where c.county = $1 and c.code > $2
       and ($3::text is null or c.class = $3)
       and ($4::text is null or case when $4 = 'faulty' then c.open_cases > 0 else c.open_cases = 0 and c.state = $4 end)
       and ($5::text is null or (c.path >= $5 and c.path < $6))
       and ($7::text is null or c.manager = $7 or c.owner = $7)
       and ($8::text is null or c.code like $8 || '%' or position($8 in c.name) > 0)
       and ($10::text is null or c.road like $10 || '%')
     order by c.code limit $9`,
    [county, after, filter.class, filter.state, filter.path, filter.path && `${filter.path}\u{10ffff}`, filter.unit, filter.text, limit, filter.road],
  );

/**
 * SHA-256 over what surveys say of all components, in the order of their codes. Owners and the place that a component falls
 * into are left out: other actions move them.
 */
export const componentsDigest = async (tx: Tx, county: string): Promise<string> =>
  (await tx.query<{ digest: string }>(
    `select encode(sha256(coalesce(string_agg(sha256(convert_to(concat_ws(chr(31), code, class, name, road, ordinal, point::text, accuracy, state, installed::text), 'UTF8')), ''::bytea order by code), ''::bytea)), 'hex') as digest
     from component where county = $1`, [county]))[0]!.digest;

/** Lets one change of a county's components after the other in, until the transaction ends. */
export const holdCounty = (tx: Tx, county: string): Promise<unknown> => tx.query('select county from county where county = $1 for no key update', [county]);

/** Digest of who owns and who manages each component, in the order of their codes. */
export const ownersDigest = async (tx: Tx, county: string): Promise<string> =>
  (await tx.query<{ digest: string }>(
    `select encode(sha256(convert_to(coalesce(string_agg(concat_ws(chr(31), code, coalesce(owner, '-'), coalesce(manager, '-')), chr(30) order by code), ''), 'UTF8')), 'hex') as digest
     from component where county = $1`, [county]))[0]!.digest;

/** Components in a box, at most `limit` (component_point). */
export const componentsWithin = (tx: Tx, county: string, box: Box, classes: readonly string[] | null, limit: number): Promise<ComponentRow[]> =>
  tx.query<ComponentRow>(
    `select ${columns} from ${source}
     where c.county = $1 and c.point <@ box(point($2, $3), point($4, $5)) and ($6::text[] is null or c.class = any($6)) limit $7`,
    [county, box.west, box.south, box.east, box.north, classes, limit], 'components.within',
  );

/**
 * The nearest in a box by metres. The index orders by degrees, of which one east is shorter than one north: its first
 * `limit` are therefore only a bound, as far as the farthest of them in metres; the nearest are all within that bound.
 * Both steps run on component_point.
 * @param shrink metres of a degree of longitude over those of a degree of latitude: the cosine of the latitude
 */
export const nearestComponents = (
  tx: Tx, county: string, lng: number, lat: number, box: Box, shrink: number, classes: readonly string[] | null, limit: number,
): Promise<ComponentRow[]> =>
  tx.query<ComponentRow>(
    `with first as (
       select f.point from component f
       where f.county = $1 and f.point <@ box(point($4, $5), point($6, $7)) and ($9::text[] is null or f.class = any($9))
       order by f.point <-> point($2, $3) limit $10
     ), bound as (
       select count(*) as found, max(sqrt(((point[0] - $2) * $8) ^ 2 + (point[1] - $3) ^ 2)) + 1e-9 as high from first
     ), reach as (
       select case when found < $10 then box(point($4, $5), point($6, $7))
         else box(point($2 - high / $8, $3 - high), point($2 + high / $8, $3 + high)) end as frame from bound
     )
     select ${columns} from ${source}
     where c.county = $1 and c.point <@ (select frame from reach) and c.point <@ box(point($4, $5), point($6, $7)) and ($9::text[] is null or c.class = any($9))
     order by ((c.point[0] - $2) * $8) ^ 2 + (c.point[1] - $3) ^ 2, c.code limit $10`,
    [county, lng, lat, box.west, box.south, box.east, box.north, shrink, classes, limit], 'components.nearest',
  );

/** Components of a road by its name and their number on it (component_road). */
export const componentsOnRoad = (tx: Tx, county: string, roads: readonly string[], ordinal: number, classes: readonly string[], limit: number): Promise<ComponentRow[]> =>
  tx.query<ComponentRow>(
    `select ${columns} from ${source} where c.county = $1 and c.road = any($2) and c.ordinal = $3 and c.class = any($4)
     order by length(c.road) desc, c.code limit $5`,
    [county, roads, ordinal, classes, limit], 'components.on_road',
  );

/** The next components in order of code, with where they are: for placing them anew. */
export const pointsAfter = (tx: Tx, county: string, after: string, limit: number): Promise<{ code: string; lng: number; lat: number; path: string | null }[]> =>
  tx.query('select code, point[0] as lng, point[1] as lat, path from component where county = $1 and code > $2 order by code limit $3', [county, after, limit], 'components.points');

/** Gives components their place anew. */
export const movePlaces = async (tx: Tx, county: string, moved: readonly { readonly code: string; readonly place: string | null; readonly path: string | null }[]): Promise<void> => {
  await tx.query(
    `update component c set place = m.place, path = m.path from unnest($2::text[], $3::text[], $4::text[]) as m(code, place, path)
     where c.county = $1 and c.code = m.code`,
    [county, moved.map((one) => one.code), moved.map((one) => one.place), moved.map((one) => one.path)], 'components.move',
  );
};

/** How many components a unit owns and how many it looks after (all components of the county are looked at). */
export const countOfUnit = async (tx: Tx, county: string, unit: string): Promise<{ readonly owner: number; readonly manager: number }> =>
  (await tx.query<{ owner: number; manager: number }>(
    'select (count(*) filter (where owner = $2))::int as owner, (count(*) filter (where manager = $2))::int as manager from component where county = $1', [county, unit], 'components.of_unit'))[0]!;

/** Codes of some components that a unit owns, or looks after (component_manager). */
export const codesOfUnit = async (tx: Tx, county: string, as: 'owner' | 'manager', unit: string, limit: number): Promise<string[]> =>
  (await tx.query<{ code: string }>(
    `select code from component where county = $1 and case when $2 = 'owner' then owner else manager end = $3 order by code limit $4`, [county, as, unit, limit], 'components.codes_of_unit')).map(({ code }) => code);

/** Gives components to another unit, those that are still the first one's. @returns their codes */
export const giveComponents = async (tx: Tx, county: string, as: 'owner' | 'manager', from: string, to: string, codes: readonly string[], now: Date): Promise<string[]> =>
  (await tx.query<{ code: string }>(
    `update component set owner = case when $2 = 'owner' then $4 else owner end, manager = case when $2 = 'manager' then $4 else manager end, updated_at = $6
     where county = $1 and code = any($5) and case when $2 = 'owner' then owner else manager end = $3 returning code`, [county, as, from, to, codes, now], 'components.give')).map(({ code }) => code);

/** How many components of each class there are, and how many of them are faulty. */
export const countComponents = (tx: Tx, county: string): Promise<{ class: string; all: number; faulty: number }[]> =>
  tx.query(`select class, count(*) as all, count(*) filter (where open_cases > 0) as faulty from component where county = $1 group by class order by class`, [county], 'components.count');
