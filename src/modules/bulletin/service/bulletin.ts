import type { Language } from '../../../base/text/language.ts';
import { refuse, type Result } from '../../../base/result.ts';
import { readNumber } from '../../matters/rules/number.ts';
import { readByIds, readByNumber, readNear, readPublic, type Around, type PublicQuery, type PublicRow } from '../reads.ts';
import { readCursor, writeCursor } from '../rules/cursor.ts';
import { clustersOf, type Tile } from '../../../base/geo/tiles.ts';
import type { Needs } from './needs.ts';
import { createMail, type Mail } from './mail.ts';
import { createOffer, type Offer } from './offer.ts';
import { createShown, type ShownAsk, type ShownIndex } from './shown.ts';
import { createView, type PublicCase, type Shown } from './view.ts';

/** What a list of the public view is narrowed to, and where it goes on. */
export interface ListAsk extends ShownAsk {
  readonly after?: string;
}

/** Cases of a page. */
const pageSize = 30;
/** Answers of tiles that are kept in memory. */
const tilesKept = 4_000;

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
  list(county: string, ask: ListAsk, language: Language): Promise<Result<{ readonly items: readonly PublicCase[]; readonly next: string | null; /** How many there are in all. */ readonly all: number }>>;
  /** Cases of a tile of the map, put together where they stand close: JSON, the same until something changes. Refusal: 404 `bulletin.category`. */
  tile(county: string, tile: Tile, ask: ShownAsk): Promise<Result<string>>;
  /** Roads on which something is shown, those with most first. */
  streets(county: string): Promise<readonly string[]>;
  /** What is shown, for followers of this module. */
  shown(county: string): ShownIndex;
  /** Who is told by e-mail; undefined where no mail can leave. */
  readonly mail: Mail | undefined;
  /** Refusal: 404 `bulletin.case`, for what is not there and for what is not public. */
  one(county: string, number: string, language: Language): Promise<Result<PublicCase>>;
}

export const createBulletin = (needs: Needs): Bulletin => {
  const { world } = needs;
  const offerOf = createOffer(needs);
  const view = createView(needs);
  const indexes = new Map<string, ShownIndex>();
  const indexOf = (county: string): ShownIndex => {
    const known = indexes.get(county) ?? createShown(needs, offerOf, county);
    indexes.set(county, known);
    return known;
  };
  const tiles = new Map<string, string>();
  const shownOf = (offer: Offer, rows: readonly PublicRow[]): Shown[] => rows.flatMap((row) => {
    const category = offer.shown(row);
    return category ? [{ row, category }] : [];
  });
  return {
    offer: offerOf, view,
    readPublic: (query) => readPublic(world.db, query),
    readNear: (county, of, around, at, limit) => readNear(world.db, county, of, around, at, limit),
    readByNumber: (county, numbers) => readByNumber(world.db, county, numbers),
    async list(county, { after, ...ask }, language) {
      const offer = await offerOf(county);
      if (ask.category !== undefined && !offer.find(ask.category)) return refuse(404, 'bulletin.category', { category: ask.category.slice(0, 60) });
      const from = after === undefined ? null : readCursor(after);
      if (from === undefined) return refuse(400, 'bulletin.after');
      const index = indexOf(county);
      await index.current();
      const { ids, all, more } = index.newest(ask, from, pageSize);
      const rows = (await readByIds(world.db, county, ids)).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
      const last = more ? rows.at(-1) : undefined;
      return { items: await view(county, shownOf(offer, rows), language, false), next: last ? writeCursor({ at: last.created_at.getTime(), id: last.id }) : null, all };
    },
    async tile(county, tile, ask) {
      const offer = await offerOf(county);
      if (ask.category !== undefined && !offer.find(ask.category)) return refuse(404, 'bulletin.category', { category: ask.category.slice(0, 60) });
      const index = indexOf(county);
      await index.current();
      const key = `${county} ${index.revision()} ${tile.z}/${tile.x}/${tile.y} ${JSON.stringify(ask)}`;
      const known = tiles.get(key);
      if (known !== undefined) return known;
      const { xs, ys } = index.coordinates();
      const made = JSON.stringify(clustersOf(tile, xs, ys, index.matching(ask)).map(([x, y, count, one]) => (count === 1 ? [x, y, 1, index.numberOf(one)] : [x, y, count])));
      if (tiles.size >= tilesKept) tiles.clear();
      tiles.set(key, made);
      return made;
    },
    async streets(county) {
      const index = indexOf(county);
      await index.current();
      return index.streets();
    },
    shown: indexOf,
    mail: needs.mails ? createMail(needs, { offer: offerOf, shown: indexOf, view }) : undefined,
    async one(county, said, language) {
      const number = readNumber(county, said);
      const rows = number === undefined ? [] : await readByNumber(world.db, county, [number]);
      const [found] = await view(county, shownOf(await offerOf(county), rows), language, false);
      return found ?? refuse(404, 'bulletin.case', { number: said.slice(0, 60) });
    },
  };
};
