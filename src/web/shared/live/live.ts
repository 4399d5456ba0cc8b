import { useEffect, useRef, useSyncExternalStore } from 'react';
import { openStream, type News, type StreamMessage } from './stream.ts';

/** Whether the stream runs, and since when (milliseconds since 1970) it is cut. */
export interface LiveState {
  readonly cutSince: number | null;
}

type Listener = (news: News | 'resumed') => void;
const listeners = new Set<Listener>();
const stateListeners = new Set<() => void>();
let state: LiveState = { cutSince: null };
let stop: (() => void) | null = null;

const take = (message: StreamMessage): void => {
  if (message.type === 'news') for (const listener of listeners) listener(message.news);
  else {
    const wasCut = state.cutSince !== null;
    state = { cutSince: message.type === 'cut' ? (state.cutSince ?? message.since) : null };
    for (const listener of stateListeners) listener();
    if (wasCut && message.type === 'open') for (const listener of listeners) listener('resumed');
  }
};

const throughWorker = (): (() => void) => {
  const worker = new SharedWorker(new URL('./live.worker.ts', import.meta.url), { type: 'module', name: 'lamplight-live' });
  worker.port.onmessage = (event: MessageEvent<StreamMessage>) => take(event.data);
  worker.port.start();
  const leave = () => worker.port.postMessage('leave');
  addEventListener('pagehide', leave);
  return () => {
    removeEventListener('pagehide', leave);
    leave();
    worker.port.close();
  };
};

/**
 * Starts hearing the county's ledger: one stream per browser in a SharedWorker, one per page where
 * the browser has none. Called after signing in; the answer ends it.
 */
export const startLive = (): (() => void) => {
  stop?.();
  state = { cutSince: null };
  const end = typeof SharedWorker === 'function' ? throughWorker() : openStream(take);
  stop = () => {
    end();
    stop = null;
  };
  return stop;
};

/** Calls back for every event, and with `resumed` when the stream runs again after a cut. */
export const useNews = (listener: Listener): void => {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const mine: Listener = (news) => latest.current(news);
    listeners.add(mine);
    return () => void listeners.delete(mine);
  }, []);
};

export const useLive = (): LiveState =>
  useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );
