import type { Tx } from '../../platform/database/database.ts';
import type { Side, TermsOfMatter } from './store/blocks.ts';

/** A text of a matter as it is now; erased ones are not among them. */
export interface SaidText {
  readonly body: string;
  readonly personal: boolean;
}

/** A matter as it is indexed. */
export interface IndexRow {
  readonly id: string; readonly kind: string; readonly state: string; readonly number: string; readonly title: string;
  readonly place: string | null; readonly path: string | null; readonly component: string | null; readonly code: string | null;
  readonly code_version: number | null; readonly lead_unit: string | null; readonly handler: string | null; readonly reporter: string | null;
  readonly texts: readonly SaidText[];
}

const textsOf = (more: string): string => `(select coalesce(jsonb_agg(jsonb_build_object('body', t.body, 'personal', t.personal) order by t.version, t.id), '[]')
     from matter_text t where t.county = m.county and t.matter = m.id and t.body is not null${more}) as texts`;

/**
 * Matters with their texts as they are now, without what `erased` wrote or reported (primary key, matter_text_matter).
 * @param erased authors whose personal words are on their way out: whoever erases them may come after us
 */
export const indexRows = (tx: Tx, county: string, ids: readonly string[], erased: readonly string[]): Promise<IndexRow[]> => tx.query(
  `select m.id, m.kind, m.state, m.number, m.title, m.place, m.path, m.component, m.code, m.code_version, m.lead_unit, m.handler, m.reporter,
     ${textsOf(` and not (t.personal and t.author = any($3::text[]))
       and not (m.reporter = any($4::text[]) and (t.name = 'summary' or (t.personal and t.version = 1)))`)}
   from matter m where m.county = $1 and m.id = any($2::uuid[])`, [county, ids, erased, erased.map((contact) => `contact:${contact}`)], 'finding.rows');

/** Texts of matters, by matter (matter_text_matter). */
export const textsBy = async (tx: Tx, county: string, ids: readonly string[]): Promise<Map<string, readonly SaidText[]>> =>
  new Map((await tx.query<{ id: string; texts: SaidText[] }>(`select m.id, ${textsOf('')} from unnest($2::uuid[]) as m_(id) join matter m on m.county = $1 and m.id = m_.id`, [county, ids], 'finding.texts')).map(({ id, texts }) => [id, texts]));

/** Matters in which somebody wrote personal words, or which they reported (matter_reporter; texts of these). */
export const mattersOf = async (tx: Tx, county: string, contact: string): Promise<string[]> =>
  (await tx.query<{ id: string }>(
    `select id from matter where county = $1 and reporter = $2
     union select matter from matter_text where county = $1 and author = $3 and personal`, [county, `contact:${contact}`, contact], 'finding.of')).map(({ id }) => id);

/** Matters that have ended and whose terms do not stand in blocks yet, the oldest first (finding_matter_unsealed). */
export const unsealed = (tx: Tx, side: Side, county: string, limit: number): Promise<TermsOfMatter[]> => tx.query(
  `select f.matter, f.plain, f.personal from finding_matter${side} f join matter m on m.county = f.county and m.id = f.matter
   where f.county = $1 and not f.sealed and m.ended_at is not null order by f.matter limit $2`, [county, limit], `finding.unsealed${side}`);
