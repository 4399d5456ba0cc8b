import type { CountyCode } from '../../../base/ids.ts';
import type { Bulletin, PublicCase } from '../../bulletin/index.ts';
import type { Places } from '../../places/index.ts';
import type { CellRow } from '../store.ts';
import type { OpenReport } from './sets.ts';
import { suppress } from '../rules/suppress.ts';

/** Cases of a read. */
const batch = 500;

/** The cell of those whose village nobody knows: with no cell of their own the total would give them away. */
const unknownVillage = 'unknown';

/** The language of names in the files, which is that of the registers. */
const named = 'zh-Hans';

export interface Span {
  /** Milliseconds since 1970, both inclusive. */
  readonly from: number;
  readonly to: number;
}

/** Everything that the public view shows of a span of time, newest first, a batch at a time: bulletin says what that is. */
export async function* shownIn(bulletin: Bulletin, county: string, window: Span): AsyncGenerator<readonly PublicCase[]> {
  const offer = await bulletin.offer(county);
  let after: { readonly at: number; readonly id: string } | null = null;
  for (;;) {
    const rows = await bulletin.readPublic({ county, keys: offer.keys(offer.categories), few: false, open: true, closed: true, hidden: offer.hidden, window, village: null, after, limit: batch, offset: 0 });
    const last = rows.at(-1);
    if (!last) return;
    yield await bulletin.view(county, rows.flatMap((row) => {
      const category = offer.shown(row);
      return category ? [{ row, category }] : [];
    }), named, false);
    if (rows.length < batch) return;
    after = { at: last.created_at.getTime(), id: last.id };
  }
}

/** Village of a place's code. */
export const villagesOf = async (places: Places, county: string): Promise<(code: string | null) => { readonly code: string; readonly name: string } | null> => {
  const tree = await places.tree(county as CountyCode);
  return (code) => {
    const place = code === null ? undefined : tree.find(code);
    const village = place && tree.chain(place).find(({ level }) => level === 'village');
    return village ? { code: village.code, name: village.name } : null;
  };
};

export type Protects = (category: { readonly place: 'exact' | 'coarse' }) => boolean;

/** Counts a month that is over and suppresses what is small in it. A report without a village counts for the county only. */
export const settle = async (cases: AsyncIterable<readonly PublicCase[]>, month: string, villageOf: (code: string | null) => { readonly code: string } | null, smallest: number, protects: Protects): Promise<CellRow[]> => {
  const lines = new Map<string, { protects: boolean; villages: Map<string, number> }>();
  for await (const some of cases)
    for (const one of some) {
      const line = lines.get(one.category.code) ?? { protects: protects(one.category), villages: new Map<string, number>() };
      lines.set(one.category.code, line);
      const village = villageOf(one.where.code)?.code ?? unknownVillage;
      line.villages.set(village, (line.villages.get(village) ?? 0) + 1);
    }
  return [...lines].flatMap(([category, line]) => {
    const { cells, total } = suppress([...line.villages].map(([village, count]) => ({ village, count })), line.protects ? smallest : 1);
    return [{ month, category, village: '', count: total }, ...cells.map(({ village, count }) => ({ month, category, village, count }))];
  });
};

/** What is said of a report, or nothing: of protected kinds no more than the counts of its settled month say. */
export const openReport = (
  one: PublicCase, dayOf: (at: number) => string, villageOf: (code: string | null) => { readonly code: string; readonly name: string } | null, protects: Protects,
  cells: ReadonlyMap<string, number | null>,
): OpenReport | null => {
  const reported = dayOf(one.at);
  const village = villageOf(one.where.code);
  const shared = { category: one.category.code, category_name: one.category.name[named], state: one.state, open: one.open ? 'yes' : 'no', reported, changed: dayOf(one.changedAt) } as const;
  const where = {
    number: one.number, ...shared, village: village?.code ?? null, village_name: village?.name ?? null, component: one.component,
    place: one.point === null ? 'none' : one.category.place === 'coarse' && one.component === null ? 'square' : 'exact', lng: one.point?.lng ?? null, lat: one.point?.lat ?? null,
  } as const;
  if (!protects(one.category)) return where;
  const key = `${reported.slice(0, 7)} ${one.category.code} `;
  // The month is not settled, or even its total is suppressed: rows can be counted.
  if ((cells.get(key) ?? null) === null) return null;
  if ((cells.get(`${key}${village?.code ?? unknownVillage}`) ?? null) !== null) return where;
  return { number: null, ...shared, village: null, village_name: null, component: null, place: 'none', lng: null, lat: null };
};
