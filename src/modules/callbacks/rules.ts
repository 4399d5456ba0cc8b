import { createHash } from 'node:crypto';
import type { Matter } from '../matters/rules/workflow.ts';

/** Why somebody is called, the most pressing first. */
export const reasons = ['low', 'promised', 'elder', 'split', 'sample'] as const;
export type Reason = (typeof reasons)[number];

/** Whom a county calls: `data/callbacks/settings.json`, and the county's own over it. */
export interface CallbackSettings {
  /** Share of closed cases that are called about without any other reason, 0 to 1. */
  readonly sampleShare: number;
  readonly always: Readonly<Record<Exclude<Reason, 'sample'>, boolean>>;
  /** A rating of so many stars or fewer is a low one. */
  readonly lowStars: number;
  readonly triesAtMost: number;
  /** Working hours until the next try where nobody answered. */
  readonly againHours: number;
  readonly script: Readonly<Record<'zh-Hans' | 'zh-Hant' | 'en', string>>;
}

/** Whether a case falls into the sample: its id decides, so that the follower comes to the same list when it is told again. */
export const isSampled = (id: string, share: number): boolean => createHash('sha256').update(`callback ${id}`).digest().readUInt32BE(0) / 2 ** 32 < share;

/** Why the complaint that consists of these cases is called about; none where it is not. The first is the one that was reported. */
export const reasonsFor = (family: readonly Matter[], settings: CallbackSettings): Reason[] => {
  const { always, lowStars, sampleShare } = settings;
  const has = (test: (matter: Matter) => boolean): boolean => family.some(test);
  const found: Reason[] = [];
  if (always.low && has(({ data }) => typeof data['rating'] === 'number' && data['rating'] <= lowStars)) found.push('low');
  if (always.promised && has(({ data }) => data['callBack'] === 'promised')) found.push('promised');
  if (always.elder && has(({ data }) => data['callBack'] === 'elder')) found.push('elder');
  if (always.split && family.length > 1) found.push('split');
  // A sample is taken of what was closed: what was not taken up is called about when it was promised.
  if (found.length === 0 && has(({ state }) => state === 'closed') && isSampled(family[0]!.id, sampleShare)) found.push('sample');
  return found;
};

/** States in which there is something to ask about; a case that was merged or annulled has its say elsewhere. */
export const isAskable = (matter: Matter): boolean => matter.state === 'closed' || matter.state === 'declined';

/** Places in the queue, the smaller the sooner. */
export const rankOf = (found: readonly Reason[]): number => Math.min(...found.map((reason) => reasons.indexOf(reason)));

/** The sums that rates are made of. */
export interface Sums {
  /** Cases that somebody answered for. */
  readonly answered: number;
  readonly asked: number;
  readonly reachedAsked: number;
  readonly reached: number;
  readonly solvedAsked: number;
  readonly solved: number;
  readonly rated: number;
  /** Four and five of five. */
  readonly satisfied: number;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** 三率: of those who answered, whom the unit had contacted, whose matter is solved, and who is satisfied. Null where nobody was asked. */
export const ratesOf = (sums: Sums): { readonly response: number | null; readonly resolution: number | null; readonly satisfaction: number | null } => ({
  response: share(sums.reached, sums.reachedAsked), resolution: share(sums.solved, sums.solvedAsked), satisfaction: share(sums.satisfied, sums.rated),
});
