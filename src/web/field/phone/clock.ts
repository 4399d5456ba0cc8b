import { useSyncExternalStore } from 'react';
import { onAnswer } from '../../shared/client.ts';

const memory = 'lamplight-clock';
/** Differences below this, in milliseconds, are the network's and not the clock's. */
const exact = 5_000;
/** From here on the phone's clock is wrong enough to tell its owner. */
const worthTelling = 120_000;
/** An answer that took longer than this says too little about the time. */
const slow = 8_000;

const stored = (): number => {
  try {
    return Number(localStorage.getItem(memory)) || 0;
  } catch {
    return 0;
  }
};

let offset = stored();
const listeners = new Set<() => void>();

/** Learns from the Date of the server's answers by how much this phone's clock is wrong. Answers out of the phone say nothing. */
export const learnTime = (): (() => void) =>
  onAnswer((response, sentAt) => {
    const said = Date.parse(response.headers.get('date') ?? '');
    const now = Date.now();
    if (Number.isNaN(said) || response.headers.has('x-kept') || now < sentAt || now - sentAt > slow) return;
    // The header has whole seconds: on average the server's time is half a second further.
    const found = said + 500 - (sentAt + now) / 2;
    const next = Math.abs(found) < exact ? 0 : Math.round(found / 1000) * 1000;
    if (Math.abs(next - offset) < exact && next !== 0) return;
    if (next === offset) return;
    offset = next;
    try {
      localStorage.setItem(memory, String(offset));
    } catch {
      // Without a memory it is learned again with the next answer.
    }
    for (const listener of listeners) listener();
  });

/** Milliseconds since 1970: this phone's time, put right by what the server said last. */
export const rightNow = (): number => Date.now() + offset;
/** Seconds by which the phone's time is put right. */
export const correction = (): number => Math.round(offset / 1000);

/** Seconds by which this phone's clock is wrong, where that is worth telling; else null. */
export const useWrongClock = (): number | null =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (Math.abs(offset) >= worthTelling ? Math.round(-offset / 1000) : null),
  );
