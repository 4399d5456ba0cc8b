import type { BulletinSettings } from '../contract.ts';

/**
 * States in which a case is not public. Nobody has looked at what is reported or being checked; what was declined or annulled
 * never became a case of the town's.
 */
export const hiddenStates = ({ from = 'filed' }: BulletinSettings): readonly string[] =>
  (from === 'filed' ? ['reported', 'checking', 'declined', 'void'] : ['declined', 'void']);

/** Ended, in the terms of the public. */
const ended: ReadonlySet<string> = new Set(['closed', 'declined', 'merged', 'void']);
export const isOpenState = (state: string): boolean => !ended.has(state);

/** Metres of the squares in whose middle a coarse place is shown: a few dozen households. */
export const coarseMetres = 300;
const metresPerDegree = 111_320;

/** A point moved to the middle of its square. WGS-84 degrees, rounded to what the square deserves. */
export const coarsePoint = (lng: number, lat: number): { readonly lng: number; readonly lat: number } => {
  const high = coarseMetres / metresPerDegree;
  const row = Math.floor(lat / high);
  const middle = (row + 0.5) * high;
  const wide = high / Math.cos((middle * Math.PI) / 180);
  return { lng: Math.round((Math.floor(lng / wide) + 0.5) * wide * 1e4) / 1e4, lat: Math.round(middle * 1e4) / 1e4 };
};

/**
 * The title of a case without the house that it may name: what is wrong with a component as it stands, elsewhere what is wrong
 * in which neighbourhood. A title is `what or where · condition`.
 */
export const publicTitle = (title: string, component: string | null, place: string | undefined, category: string): string => {
  if (component !== null && title !== '') return title;
  const [, ...condition] = title.split(' · ');
  return [place, condition.join(' · ') || category].filter((part) => part !== undefined).join(' · ');
};
