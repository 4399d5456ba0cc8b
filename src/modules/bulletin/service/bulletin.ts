import type { Language } from '../../../base/text/language.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { readNumber } from '../../matters/rules/number.ts';
import { readByNumber, readNear, readPublic, type Around, type PublicQuery, type PublicRow } from '../reads.ts';
import { readCursor, writeCursor } from '../rules/cursor.ts';
import type { Needs } from './needs.ts';
import { createOffer, type Offer } from './offer.ts';
import { createView, type PublicCase, type Shown } from './view.ts';

/** What a list of the public view is narrowed to. */
export interface ListAsk {
  readonly category?: string;
  /** Code of a village or community. */
  readonly village?: string;
  readonly after?: string;
}

/** Cases of a page, and how far back it reaches. */
const pageSize = 30;
const spanMs = 90 * 86_400_000;

/** 公示: what everybody may see of the cases of a county, whoever asks and in whatever form. */
export interface Bulletin {
  offer(county: string): Promise<Offer>;
  /** Puts cases that may be shown into words. */
  view(county: string, shown: readonly Shown[], language: Language, pictures: boolean): Promise<PublicCase[]>;
  /** Public cases of a county, newest first, and what is open around a point. Rows are live: nothing lags. */
  readPublic(query: PublicQuery): Promise<PublicRow[]>;
  readNear(county: string, of: Pick<PublicQuery, 'keys' | 'hidden'>, around: Around, at: { readonly lng: number; readonly lat: number; readonly shrink: number }, limit: number): Promise<PublicRow[]>;
  /** Cases by their numbers, public or not: `offer.shown` says which. */
  readByNumber(county: string, numbers: readonly string[]): Promise<PublicRow[]>;
  /** A page of the public list, newest first. Refusals: 404 `bulletin.category`, 400 `bulletin.after`. */
  list(county: string, ask: ListAsk, language: Language): Promise<Result<{ readonly items: readonly PublicCase[]; readonly next: string | null }>>;
  /** Refusal: 404 `bulletin.case`, for what is not there and for what is not public. */
  one(county: string, number: string, language: Language): Promise<Result<PublicCase>>;
}

export const createBulletin = (needs: Needs): Bulletin => {
  const { world } = needs;
  const offerOf = createOffer(needs);
  const view = createView(needs);
  const shownOf = (offer: Offer, rows: readonly PublicRow[]): Shown[] => rows.flatMap((row) => {
    const category = offer.shown(row);
    return category ? [{ row, category }] : [];
  });
  return {
    offer: offerOf, view,
    readPublic: (query) => readPublic(world.db, query),
    readNear: (county, of, around, at, limit) => readNear(world.db, county, of, around, at, limit),
    readByNumber: (county, numbers) => readByNumber(world.db, county, numbers),
    async list(county, { category, village, after }, language) {
      const offer = await offerOf(county);
      const asked = category === undefined ? undefined : offer.find(category);
      if (category !== undefined && !asked) return refuse(404, 'bulletin.category', { category: category.slice(0, 60) });
      const from = after === undefined ? null : readCursor(after);
      if (from === undefined) return refuse(400, 'bulletin.after');
      const now = world.now();
      const rows = await readPublic(world.db, {
        county, keys: offer.keys(asked ? [asked] : offer.categories), few: asked !== undefined, open: true, closed: true, hidden: offer.hidden,
        window: { from: now - spanMs, to: now }, village: village ?? null, after: from, limit: pageSize, offset: 0,
      });
      const last = rows.length === pageSize ? rows.at(-1) : undefined;
      return { items: await view(county, shownOf(offer, rows), language, false), next: last ? writeCursor({ at: last.created_at.getTime(), id: last.id }) : null };
    },
    async one(county, said, language) {
      const number = readNumber(county, said);
      const rows = number === undefined ? [] : await readByNumber(world.db, county, [number]);
      const [found] = await view(county, shownOf(await offerOf(county), rows), language, false);
      return found ?? refuse(404, 'bulletin.case', { number: said.slice(0, 60) });
    },
  };
};
