import type { Json } from '../../../base/canonical.ts';
import type { Tx } from '../../../platform/database/database.ts';
import type { Clock } from '../rules/clocks.ts';

/** A text with what its digest is made of; null where it was erased. */
export interface SaltedText {
  readonly id: string;
  readonly name: string;
  readonly body: string | null;
  readonly salt: Buffer | null;
}

/** Texts by id (primary key). */
export const textsById = (tx: Tx, county: string, ids: readonly string[]): Promise<SaltedText[]> =>
  tx.query<SaltedText>('select id, name, body, salt from matter_text where county = $1 and id = any($2::uuid[])', [county, ids], 'matters_texts_by_id');

/** Texts of a matter that are still there, with their salts. */
export const textsOfMatter = (tx: Tx, county: string, matter: string): Promise<SaltedText[]> =>
  tx.query<SaltedText>('select id, name, body, salt from matter_text where county = $1 and matter = $2 and body is not null order by version, id', [county, matter]);

/** A matter as it stands, for comparing it with its entries. */
export interface PresentMatter {
  readonly id: string;
  /** Kind, version, state and the facets that entries set, in the order of `tracedFacets`, joined by U+001F; what is not there is U+0000's picture, ␀. */
  readonly facts: string;
  readonly number: string;
  readonly title: string;
  readonly data: { readonly [name: string]: Json };
  readonly doers: Readonly<Record<string, readonly string[]>>;
  /** Degrees, WGS-84. */
  readonly lng: number | null;
  readonly lat: number | null;
  /** Milliseconds since 1970, by which lists are sorted. */
  readonly due: number | null;
}

/** Facets that entries set, as columns. */
export const tracedFacets = {
  place: 'place', path: 'path', component: 'component', code: 'code', codeVersion: 'code_version', leadUnit: 'lead_unit', handler: 'handler', reporter: 'reporter', parent: 'parent',
} as const;

export const absent = '␀';
export const between = '\x1f';

const facts = ['kind', 'version', 'state', ...Object.values(tracedFacets)].map((column) => `coalesce(${column}::text, '${absent}')`).join(` || chr(31) || `);
/** Milliseconds since 1970, by way of a double: exact for ours, and a fraction of what `extract` costs, which counts in decimals. */
const ms = (column: string): string => `(date_part('epoch', ${column}) * 1000)::bigint`;

/** Matters after an id, in order (primary key): joined to one text, which is read in half the time of twelve columns. */
export const presentMatters = (tx: Tx, county: string, after: string, limit: number): Promise<PresentMatter[]> => tx.query<PresentMatter>(
  `select id, ${facts} as facts, number, title, data, doers, at[0] as lng, at[1] as lat, ${ms('due_at')} as due from matter where county = $1 and id > $2 order by id limit $3`,
  [county, after, limit], 'matters_present');

/** A clock as it stands. */
export type PresentClock = Clock & { readonly matter: string };

/** Clocks of the matters after one id up to another, in order (primary key). */
export const presentClocks = (tx: Tx, county: string, after: string, last: string): Promise<PresentClock[]> => tx.query<PresentClock>(
  `select matter, name, unit, amount, ${ms('started_at')} as "startedAt", ${ms('due_at')} as "dueAt", ${ms('warn_at')} as "warnAt", provisional,
     ${ms('running_since')} as "runningSince", ${ms('paused_at')} as "pausedAt", ${ms('stopped_at')} as "stoppedAt", spent_ms as "spentMs",
     ${ms('fired_at')} as "firedAt", ${ms('warned_at')} as "warnedAt"
   from clock where county = $1 and matter > $2 and matter <= $3 order by matter, name`,
  [county, after, last], 'clocks_present');

/** Erases texts for good: body and salt go, the digest in the ledger stays and proves nothing any more. @returns how many */
export const eraseTexts = async (tx: Tx, county: string, ids: readonly string[], now: number): Promise<number> =>
  (await tx.query('update matter_text set body = null, salt = null, erased_at = $3 where county = $1 and id = any($2::uuid[]) and body is not null returning 1', [county, ids, new Date(now).toISOString()])).length;

/**
 * Texts that go with a resident: personal ones that they wrote, and of what they reported whatever was taken down with the report,
 * and words about it that an officer released for everybody.
 */
export const textsToErase = async (tx: Tx, county: string, contact: string): Promise<string[]> =>
  (await tx.query<{ id: string }>(
    `select id from matter_text where county = $1 and author = $2 and personal and body is not null
     union select t.id from matter m join matter_text t on t.county = m.county and t.matter = m.id
       where m.county = $1 and m.reporter = $3 and t.body is not null and (t.name = 'summary' or (t.personal and t.version = 1))`,
    [county, contact, `contact:${contact}`])).map(({ id }) => id);

/** Matters that somebody reported, follows or wrote in: where pictures of theirs can be. */
export const mattersTouchedBy = async (tx: Tx, county: string, contact: string): Promise<{ readonly id: string; readonly reported: boolean }[]> =>
  tx.query<{ id: string; reported: boolean }>(
    `select id, coalesce(reporter = $2, false) as reported from matter where county = $1 and (reporter = $2 or id in (select matter from matter_text where county = $1 and author = $3 union select matter from matter_file where county = $1 and author = $3))`,
    [county, `contact:${contact}`, contact]);

/** Takes pictures of some versions out of a matter; their digests stay in the ledger. @returns the served digests */
export const dropFiles = async (tx: Tx, county: string, matter: string, versions: readonly number[]): Promise<string[]> =>
  (await tx.query<{ served: string }>('delete from matter_file where county = $1 and matter = $2 and version = any($3::int[]) returning served', [county, matter, versions])).map(({ served }) => served);
