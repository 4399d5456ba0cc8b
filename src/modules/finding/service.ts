import type { Actor } from '../../base/actor.ts';
import { isRefusal, refuse, type Refusal, type Result } from '../../base/result.ts';
import type { Language } from '../../base/text/language.ts';
import type { Tx } from '../../platform/database/database.ts';
import type { World } from '../../platform/world.ts';
import type { Identity, Scope } from '../identity/index.ts';
import type { Labels, Matters, SeenMatter } from '../matters/index.ts';
import type { FoundItem, HitView } from './contract.ts';
import { indexRows, textsBy, unsealed, type IndexRow, type SaidText } from './reads.ts';
import { hitIn, hitInNumber } from './rules/hits.ts';
import { aboutComponent, holdsPhone, markOf, plateLike, readQuery, termsOf, type Query, type Terms, type Words } from './rules/terms.ts';
import { holdIndex, sealTerms, type Side } from './store/blocks.ts';
import { candidates, commonness, putTerms, type Candidate, type Stretch } from './store/terms.ts';

/** What is looked for beside words. */
export interface SearchFilter {
  readonly kind?: string;
  readonly state?: string;
  /** Stored path: everything under it. */
  readonly path?: string;
  /** Milliseconds since 1970: came in from then on, and before then. */
  readonly from?: number;
  readonly until?: number;
  /** The id that an earlier page said as its `next`. */
  readonly after?: string;
  readonly limit?: number;
}

export interface FoundPage {
  readonly items: FoundItem[];
  readonly next: string | null;
}

/** Search over matters. */
export interface Finding {
  /**
   * Matters that have all words that were typed, newest first. What only personal texts say is found by who may read them.
   * Refusals: 422 `finding.too-short`, `finding.phone-in-address`, 403 `matters.no-county`.
   */
  search(actor: Actor, typed: string, filter: SearchFilter, language: Language): Promise<Result<FoundPage>>;
  /** Matters of the person with a phone; the look is traced. Refusals: those of `contacts.lookUp`. */
  searchByPhone(actor: Actor, phone: string, purpose: string, filter: SearchFilter, language: Language): Promise<Result<FoundPage>>;
  /**
   * Brings the index of matters to what they and their texts are now. Doing it twice does no more than doing it once.
   * @param erased contacts whose personal words are left out, whether they are still there or not
   */
  index(tx: Tx, side: Side, county: string, ids: readonly string[], erased?: readonly string[]): Promise<void>;
  /**
   * Moves the terms of matters that have ended to where they take a quarter of the room, once there are enough of them.
   * @param least fewer than these wait; 500 where absent
   * @returns how many were moved; 0 where nothing is left to do
   */
  seal(county: string, least?: number): Promise<number>;
}

export interface FindingDependencies {
  readonly identity: Pick<Identity, 'scope' | 'contacts'>;
  readonly matters: Pick<Matters, 'seen'>;
  readonly labels: Pick<Labels, 'place' | 'component' | 'code' | 'unit'>;
  /** Loaded when it is first needed: a process that searches nothing does without the dictionary. */
  words(): Words;
  /** Code of the component that a plate hangs on; undefined for what is no plate of one. */
  plate(county: string, typed: string): Promise<string | undefined>;
}

/** Rows of the rarest term that are looked at for one page at most; what is left is behind the page's `next`. */
const budget = 8_000;
/** Newest rows of a term from which is guessed how common it is. */
const sample = 256;

/** Matters whose terms are moved into blocks in one transaction, which followers of the county wait for. */
const sealedAtOnce = 1_000;

/** The smallest id (RFC 9562, version 7) that a time can have. */
const idFrom = (at: number): string => {
  const time = Math.max(0, Math.floor(at)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-0000-0000-000000000000`;
};

/** The deepest code of a path that matters are found by; undefined where it is the whole county or more. */
const placeOf = (path: string | undefined): string | undefined => {
  const code = path?.split('/').filter((one) => one !== '').at(-1);
  return code !== undefined && code.length > 6 ? code : undefined;
};

/** One way of coming to see a matter, as terms that it must have. */
const waysOf = (scope: Scope, county: string): string[][] => (scope.everything ? [[]] : scope.clauses.filter((clause) => clause.county === county).flatMap(({ pathPrefix, unit, person }) => {
  const place = placeOf(pathPrefix);
  const terms = [...(place === undefined ? [] : [markOf('place', place)]), ...(unit === undefined ? [] : [markOf('unit', unit)])];
  return person ? [[...terms, markOf('handler', person.handler)], [...terms, markOf('reporter', person.reporter)]] : [terms];
}));

/** Search over matters, by an index of its own that `followers` keeps. */
export const createFinding = ({ db }: Pick<World, 'db'>, { identity, matters, labels, words, plate }: FindingDependencies): Finding => {
  const saidOf = async (county: string, row: IndexRow): Promise<Terms> => {
    const component = row.component === null ? undefined : await labels.component(county, row.component, 'zh-Hans');
    const names = [
      row.title, ...(row.place === null ? [] : labels.place(county, row.place, 'zh-Hans')), row.component ?? '', component ?? '',
      row.code ?? '', (row.code !== null && labels.code(county, row.code, row.code_version ?? undefined, 'zh-Hans')) || '', (row.lead_unit !== null && labels.unit(county, row.lead_unit, 'zh-Hans')) || '',
    ];
    const marks = [
      markOf('state', row.state), ...(row.path ?? '').split('/').filter((code) => code.length > 6).map((code) => markOf('place', code)),
      ...(row.component === null ? [] : [markOf('component', row.component)]), ...(row.lead_unit === null ? [] : [markOf('unit', row.lead_unit)]), ...(row.handler === null ? [] : [markOf('handler', row.handler)]), ...(row.reporter === null ? [] : [markOf('reporter', row.reporter)]),
    ];
    const bodies = (personal: boolean): string[] => row.texts.filter((text) => text.personal === personal).map(({ body }) => body);
    return termsOf(words(), { names: names.filter((name) => name !== ''), texts: bodies(false), personal: bodies(true), number: row.number, marks });
  };

  /** The newest matters of one way, from its rarest term. */
  const wayOf = async (county: string, terms: readonly string[], stretch: Stretch): Promise<(before: string | null, most: number) => Promise<{ found: Candidate[]; last: string | null }>> => {
    const common = terms.length === 1 ? [] : await commonness(db, county, terms, stretch, sample);
    if (common.some(({ count }) => count === 0)) return async () => ({ found: [], last: null });
    // Of terms that are all common, the one whose newest reach back furthest has the fewest.
    const order = common.length === 0 ? terms : common.sort((a, b) => a.count - b.count || ((a.oldest ?? '') < (b.oldest ?? '') ? -1 : 1)).map(({ term }) => term);
    return (before, most) => candidates(db, county, order, true, { ...stretch, before }, most);
  };

  /** One page: goes down all ways at once, as far as every one of them has been read, and takes what the actor may see. */
  const page = async (actor: Actor, county: string, terms: readonly string[], filter: SearchFilter, language: Language): Promise<{ seen: SeenMatter[]; next: string | null }> => {
    const limit = filter.limit ?? 30;
    const scope = identity.scope(actor);
    const place = placeOf(filter.path);
    const asked = [...terms, ...(filter.state === undefined ? [] : [markOf('state', filter.state)]), ...(place === undefined ? [] : [markOf('place', place)])];
    const until = filter.until === undefined ? null : idFrom(filter.until);
    const start = filter.after !== undefined && (until === null || filter.after < until) ? filter.after : until;
    const stretch = { from: filter.from === undefined ? null : idFrom(filter.from), before: start };
    const ways = await Promise.all(waysOf(scope, county).map((way) => wayOf(county, [...new Set([...asked, ...way])], stretch)));
    const seen: SeenMatter[] = [];
    let before: string | null = start;
    for (let looked = 0, most = limit + 1; ways.length > 0 && looked < budget; looked += most, most = Math.min(2_000, most * 4)) {
      const lists = await Promise.all(ways.map((way) => way(before, most)));
      const open = lists.flatMap(({ last }) => (last === null ? [] : [last])).sort();
      const horizon = open.at(-1) ?? null;
      const found = new Map(lists.flatMap((list) => list.found).filter(({ matter }) => horizon === null || matter >= horizon).map((one) => [one.matter, one.personal]));
      const ids = [...found.keys()].sort().reverse();
      const shown = new Map((ids.length === 0 ? [] : await matters.seen(actor, county, ids, filter.kind, language)).map((one) => [one.matter.id, one]));
      for (const id of ids) {
        const one = shown.get(id);
        if (!one || (found.get(id) === true && !one.personal)) continue;
        // What is beyond the limit shows that there is a next page.
        if (seen.length === limit) return { seen, next: seen.at(-1)!.matter.id };
        seen.push(one);
      }
      if (horizon === null) return { seen, next: null };
      before = horizon;
    }
    return { seen, next: ways.length === 0 ? null : before };
  };

  const hitsOf = (county: string, { matter, item, personal }: SeenMatter, texts: readonly SaidText[], { shown, terms, pairs }: Query): HitView[] => {
    const parts = [...terms, ...(pairs ?? [])].filter((term) => !term.includes(':'));
    const hits: HitView[] = [];
    const look = (field: HitView['field'], text: string | undefined): void => {
      const hit = text === undefined || text === '' ? undefined : hitIn(words(), text, shown, parts);
      if (hit) hits.push({ field, text: hit.text, ranges: hit.ranges.map(([from, to]) => [from, to]) });
    };
    const number = hitInNumber(matter.number, shown.join('').replace(/\D/gu, ''));
    if (number) hits.push({ field: 'number', text: number.text, ranges: number.ranges.map(([from, to]) => [from, to]) });
    look('title', item.title);
    look('place', item.place === null ? undefined : labels.place(county, item.place.code, 'zh-Hans').join(' '));
    look('component', item.component === null ? undefined : [item.component.name, item.component.id].join(' '));
    look('code', item.code === null ? undefined : [item.code.name, item.code.id.replace(/-.*$/u, '')].join(' '));
    look('unit', item.leadUnit?.name);
    for (const text of texts) if (personal || !text.personal) look('text', text.body);
    return hits.slice(0, 6);
  };

  const dressed = async (county: string, seen: readonly SeenMatter[], query: Query): Promise<FoundItem[]> => {
    const texts = seen.length === 0 ? new Map<string, readonly SaidText[]>() : await textsBy(db, county, seen.map(({ matter }) => matter.id));
    return seen.map((one) => ({ matter: one.item, hits: hitsOf(county, one, texts.get(one.matter.id) ?? [], query) }));
  };

  const countyOf = (actor: Actor): string | Refusal => actor.grants[0]?.county ?? refuse(403, 'matters.no-county');

  return {
    async search(actor, typed, filter, language) {
      const county = countyOf(actor);
      if (typeof county !== 'string') return county;
      if (holdsPhone(typed)) return refuse(422, 'finding.phone-in-address');
      const plated = plateLike(typed) ? await plate(county, typed) : undefined;
      const query = plated === undefined ? readQuery(words(), typed) : aboutComponent(plated);
      if (query.terms.length === 0) return refuse(422, 'finding.too-short', { words: typed });
      const found = await page(actor, county, query.terms, filter, language);
      // What the dictionary cuts otherwise here than it did there is found by its pairs of signs.
      const { seen, next } = found.seen.length > 0 || found.next !== null || query.pairs === undefined ? found : await page(actor, county, query.pairs, filter, language);
      return { items: await dressed(county, seen, query), next };
    },
    async searchByPhone(actor, phone, purpose, filter, language) {
      const county = countyOf(actor);
      if (typeof county !== 'string') return county;
      const contact = await identity.contacts.lookUp(actor, county, phone, { purpose, create: false, language });
      if (isRefusal(contact)) return contact;
      if (contact === null) return { items: [], next: null };
      const { seen, next } = await page(actor, county, [markOf('reporter', `contact:${contact.id}`)], filter, language);
      return { items: await dressed(county, seen, { terms: [], pairs: undefined, shown: [] }), next };
    },
    async index(tx, side, county, ids, erased = []) {
      const rows = new Map((await indexRows(tx, county, ids, erased)).map((row) => [row.id, row]));
      await putTerms(tx, side, county, await Promise.all(ids.map(async (matter) => {
        const row = rows.get(matter);
        return { matter, terms: row ? await saidOf(county, row) : null };
      })));
    },
    async seal(county, least = 500) {
      for (const side of ['', '_beside'] as const) {
        const moved = await db.transaction(async (tx) => {
          await holdIndex(tx, county);
          const matters = await unsealed(tx, side, county, sealedAtOnce);
          if (matters.length < least) return 0;
          await sealTerms(tx, side, county, matters);
          return matters.length;
        });
        if (moved > 0) return moved;
      }
      return 0;
    },
  };
};
