import type { ShownAsk } from '../service/shown.ts';
import type { ListAsk } from '../service/bulletin.ts';

const clean = (text: string | undefined): string | undefined => (text !== undefined && /^[\w.:~+-]{1,200}$/.test(text) ? text : undefined);

/** The longest span that somebody may narrow the view to, in days. */
const longestDays = 90;

/** What an address asks to see; `service` is what feeds of before called a kind. */
export const readAsk = (query: Readonly<Record<string, string>>): ListAsk => {
  const [category, village, after, days] = [clean(query['kind'] ?? query['service']), clean(query['village']), clean(query['after']), Number(query['days'])];
  const street = query['street']?.normalize('NFKC').trim().slice(0, 40);
  const state = query['state'];
  return {
    ...(category && { category }), ...(village && { village }), ...(after && { after }), ...(street && { street }),
    ...((state === 'open' || state === 'closed') && { state }), ...(Number.isInteger(days) && days >= 1 && days <= longestDays && { days }),
  };
};

/** An address with what it asks to see. */
export const withAsk = (path: string, { category, village, street, state, days, after }: ListAsk, more: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams({
    ...(category && { kind: category }), ...(village && { village }), ...(street && { street }), ...(state && { state }), ...(days && { days: String(days) }), ...(after && { after }), ...more,
  });
  return query.size === 0 ? path : `${path}?${query.toString()}`;
};

/** What stands before `after` and without a box: what filters keep. */
export const narrowedTo = ({ after: _, box: __, ...kept }: ListAsk): ShownAsk => kept;
