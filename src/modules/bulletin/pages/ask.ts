import type { ShownAsk } from '../service/shown.ts';
import type { ListAsk } from '../service/bulletin.ts';

const clean = (text: string | undefined): string | undefined => (text !== undefined && /^[\w.:~+-]{1,200}$/.test(text) ? text : undefined);

/** The longest span that somebody may narrow the view to, in days. */
const longestDays = 90;

const readBox = (text: string | undefined): ShownAsk['box'] => {
  const [west, south, east, north] = (text ?? '').split(',').map(Number);
  return [west, south, east, north].every((one) => Number.isFinite(one)) && west! < east! && south! < north! ? { west: west!, south: south!, east: east!, north: north! } : undefined;
};

/** What an address asks to see; `box` is west, south, east, north in degrees (WGS-84), `service` is what feeds of before called a kind. */
export const readAsk = (query: Readonly<Record<string, string>>): ListAsk => {
  const [category, village, after, days] = [clean(query['kind'] ?? query['service']), clean(query['village']), clean(query['after']), Number(query['days'])];
  const street = query['street']?.normalize('NFKC').trim().slice(0, 40);
  const state = query['state'];
  const box = readBox(query['box']);
  return {
    ...(category && { category }), ...(village && { village }), ...(after && { after }), ...(street && { street }),
    ...((state === 'open' || state === 'closed') && { state }), ...(Number.isInteger(days) && days >= 1 && days <= longestDays && { days }), ...(box && { box }),
  };
};

/** An address with what it asks to see. */
export const withAsk = (path: string, { category, village, street, state, days, box, after }: ListAsk, more: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams({
    ...(category && { kind: category }), ...(village && { village }), ...(street && { street }), ...(state && { state }), ...(days && { days: String(days) }), ...(box && { box: [box.west, box.south, box.east, box.north].map((one) => one.toFixed(6)).join() }), ...(after && { after }), ...more,
  });
  return query.size === 0 ? path : `${path}?${query.toString()}`;
};

/** What stands before `after` and without a box: what filters keep. */
export const narrowedTo = ({ after: _, box: __, ...kept }: ListAsk): ShownAsk => kept;
