import { useEffect, useSyncExternalStore } from 'react';
import type { DoneEarlier } from '../../../modules/matters/contract.ts';
import { newOp, Problem } from '../../shared/client.ts';
import { alone } from './alone.ts';
import { correction, rightNow } from '../phone/clock.ts';
import { sendRow } from './targets.ts';
import { dropRow, type Waiting } from '../phone/kept.ts';
import { picturesIn, showKept, storeKept, sweepPictures, withStored } from '../phone/pictures.ts';
import { allWaiting, dropWaiting, findWaiting, keepAgain, keepBehind, putInPlace } from '../phone/waiting.ts';

/** What became of an action that was sent: the number of the matter where it has one. */
export interface Sent {
  readonly number: string | null;
}

let rows: readonly Waiting[] = [];
const listeners = new Set<() => void>();
const reread = async (): Promise<void> => {
  rows = await allWaiting();
  await showKept(rows.flatMap((row) => picturesIn(row.input)));
  for (const listener of listeners) listener();
};

/** Other pages of this phone hear that something was kept or sent. */
const others = typeof BroadcastChannel === 'function' ? new BroadcastChannel('lamplight-outbox') : null;
let hearing = false;
// A page that sends two hundred says so two hundred times: one look at the phone answers all that came meanwhile.
if (others) others.onmessage = () => {
  if (hearing) return;
  hearing = true;
  setTimeout(() => { hearing = false; void reread(); }, 150);
};
const changed = async (): Promise<void> => {
  await reread();
  others?.postMessage('changed');
};

/** One was sent: the others stand as they did, nothing is read anew. */
const sentOff = (op: string): void => {
  rows = rows.filter((row) => row.op !== op);
  for (const listener of listeners) listener();
  others?.postMessage('changed');
};

/** Nothing was decided about the action: it stays and is tried again. Signed out is no decision either. */
const isUndecided = ({ undecided, status }: Problem): boolean => undecided || status === 401 || status === 429 || status === 500;

/** Sends one action with its pictures. At every try it is the same request under the same `op`. @throws Problem. */
const attempt = async (row: Waiting): Promise<Sent> => {
  const stored = new Map<string, string>();
  for (const id of picturesIn(row.input)) stored.set(id, await storeKept(id));
  const input = withStored(row.input, stored);
  const done: DoneEarlier = { at: new Date(row.madeAt).toISOString(), ...(row.corrected !== 0 && { corrected: row.corrected }) };
  const number = await sendRow(row, input, done);
  await dropWaiting(row.op);
  for (const id of stored.keys()) await dropRow('pictures', id);
  return { number };
};

/** Answers of this page's own sendings, for whoever waits for one. */
const answers = new Map<string, Sent>();

/**
 * Sends what waits, in the order in which it was done, until the network fails. What the server does not accept stays, with
 * its words, and what came after it on the same thread waits behind it: it was done in the belief that the first counts.
 */
export const flush = (account: string): Promise<void> =>
  alone('lamplight-outbox', async (renew) => {
    const stopped = new Set<string>();
    for (const { op } of await allWaiting()) {
      // Read anew: its owner may have taken it back meanwhile.
      const row = await findWaiting(op);
      if (!row || row.account !== account) continue;
      if (row.refused !== null) {
        if (row.thread !== null) stopped.add(row.thread);
        continue;
      }
      if (row.thread !== null && stopped.has(row.thread)) continue;
      await renew();
      try {
        answers.set(op, await attempt(row));
        sentOff(op);
        continue;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (isUndecided(error)) break;
        const refused = { status: error.status, reason: error.reason, words: error.message || error.reason };
        await keepAgain({ ...row, refused });
        if (row.thread !== null) stopped.add(row.thread);
      }
      await changed();
    }
    await changed();
  });

/** Longer than this nobody looks at "sending": the action is kept and goes on by itself, in milliseconds. */
const patience = 15_000;

/** What is to be done, before the outbox has put it in its order. */
export type Ordered = Omit<Waiting, 'op' | 'order' | 'madeAt' | 'corrected' | 'refused'>;

/**
 * Keeps the action in the phone, then sends it, behind what waits already. `waiting`: nobody has answered yet, it goes out
 * by itself later. @throws Problem where the server does not accept it at once, or the phone is full; then it is not kept, the form still has it.
 */
export const send = async (what: Ordered, op: string = newOp()): Promise<Sent | 'waiting'> => {
  const row = await keepBehind({ ...what, op, madeAt: rightNow(), corrected: correction(), refused: null });
  await changed();
  if (!navigator.onLine) return 'waiting';
  await Promise.race([flush(row.account), new Promise((resolve) => setTimeout(resolve, patience))]);
  const after = await findWaiting(op);
  if (!after) {
    const sent = answers.get(op) ?? { number: null };
    answers.delete(op);
    return sent;
  }
  if (after.refused === null) return 'waiting';
  await dropWaiting(op);
  await changed();
  throw new Problem(after.refused.status, after.refused.reason, '', after.refused.words);
};

/** Takes an action back that the server did not accept, or that has not been sent. Its pictures go with it. */
export const takeBack = async (op: string): Promise<void> => {
  const row = await findWaiting(op);
  await dropWaiting(op);
  for (const id of row ? picturesIn(row.input) : []) await dropRow('pictures', id);
  await changed();
};

/** Turns what was not accepted into a note to the same matter, with its pictures, at the same place in the order. */
export const sendAsNote = async (op: string, label: string, text: string): Promise<void> => {
  const row = await findWaiting(op);
  if (!row) return;
  const blobs = picturesIn(row.input).slice(0, 9);
  await putInPlace(op, { ...row, op: newOp(), label, action: 'note', input: { text, ...(blobs.length > 0 && { blobs }) }, refused: null });
  await changed();
};

/** What this account has waiting in this phone, in order. */
export const useWaiting = (account: string): readonly Waiting[] => {
  const all = useSyncExternalStore((listener) => { listeners.add(listener); return () => listeners.delete(listener); }, () => rows);
  return all.filter((row) => row.account === account);
};

/** How often what waits is tried again while the page is open, in milliseconds. */
const every = 20_000;

/** Sends what waits whenever there is hope: at the start, when the network or the page comes back, and from time to time. */
export const useFlushing = (account: string): void => {
  useEffect(() => {
    const go = (): void => { if (document.visibilityState === 'visible' && navigator.onLine) void flush(account); };
    void reread().then(go).then(sweepPictures);
    const timer = setInterval(() => { if (rows.some((row) => row.refused === null)) go(); }, every);
    addEventListener('online', go);
    document.addEventListener('visibilitychange', go);
    return () => {
      clearInterval(timer);
      removeEventListener('online', go);
      document.removeEventListener('visibilitychange', go);
    };
  }, [account]);
};

/** True while the device says that it has a network. */
export const useOnline = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      addEventListener('online', listener);
      addEventListener('offline', listener);
      return () => {
        removeEventListener('online', listener);
        removeEventListener('offline', listener);
      };
    },
    () => navigator.onLine,
  );
