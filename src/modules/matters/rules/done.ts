import type { Json } from '../../../base/canonical.ts';
import type { DoneEarlier } from '../contract.ts';

/** What is sent within this many milliseconds of being done was done now. */
const atOnce = 60_000;
/** Beyond this many milliseconds ago a device's time is not believed. */
const believed = 400 * 86_400_000;

/**
 * What an entry notes of when an action was done, beside the server's own time: `done.at` in UTC and, where the device's
 * clock was put right, `done.corrected` in seconds. Nothing where it was done just now, or where the time cannot be true.
 * @param now the server's time, milliseconds since 1970
 */
export const doneEarlier = (done: DoneEarlier | undefined, now: number): { readonly [name: string]: Json } => {
  const at = done === undefined ? NaN : Date.parse(done.at);
  if (!(at < now - atOnce && at > now - believed)) return {};
  return { 'done.at': new Date(at).toISOString(), ...(done?.corrected !== undefined && done.corrected !== 0 && { 'done.corrected': done.corrected }) };
};
