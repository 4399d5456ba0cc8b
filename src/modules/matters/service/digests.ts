import { createHash, hash } from 'node:crypto';
import { canonical, type Json } from '../../../base/canonical.ts';
import type { Keys } from '../../../platform/keys.ts';
import type { Clock } from '../rules/clocks.ts';

/** SHA-256 of salt followed by the UTF-8 text, hexadecimal: how the ledger holds a text. */
export const saltedDigest = (salt: Uint8Array, text: string): string => createHash('sha256').update(salt).update(text, 'utf8').digest('hex');

/** What an entry vouches for by one digest. None of it is a person's words or where something was reported. */
export interface Beside {
  readonly number: string;
  readonly title: string;
  readonly data: { readonly [name: string]: Json | undefined };
  readonly doers: Readonly<Record<string, readonly string[]>>;
  /** Due times are not in it: a change of calendar moves them. */
  readonly clocks: readonly Pick<Clock, 'name' | 'unit' | 'amount' | 'startedAt' | 'runningSince' | 'pausedAt' | 'stoppedAt' | 'spentMs' | 'firedAt' | 'warnedAt'>[];
}

/** Hexadecimal SHA-256 of the canonical JSON of number, title, data, doers and clocks (by name, times in milliseconds). */
export const besideDigest = ({ number, title, data, doers, clocks }: Beside): string => hash('sha256', canonical([
  number, title, data, doers as Json,
  clocks.map(({ name, unit, amount, startedAt, runningSince, pausedAt, stoppedAt, spentMs, firedAt, warnedAt }) =>
    [name, unit, amount, startedAt, runningSince, pausedAt, stoppedAt, Math.round(spentMs), firedAt, warnedAt])
    .sort(([a], [b]) => (a! < b! ? -1 : 1)),
]));

/** Marks points: degrees, WGS-84. A plain digest of a point would be guessed back, door by door. */
export type SpotMark = (county: string, matter: string, at: { readonly lng?: number | undefined; readonly lat?: number | undefined }) => string;

/** '' where there is no point; else key and mark of it, base64url. */
export const spotMark = (keys: Pick<Keys, 'blindIndex'>): SpotMark => (county, matter, { lng, lat }) =>
  (lng === undefined || lat === undefined ? '' : keys.blindIndex('matter.spot', `${county} ${matter} ${lng} ${lat}`).toString('base64url'));

/** Whether two marks were made under one key: others say nothing of each other. The first six signs hold the format and three bytes of the key's id. */
export const comparable = (one: string, other: string): boolean => one === '' || other === '' || one.slice(0, 6) === other.slice(0, 6);
