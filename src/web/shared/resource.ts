import { useCallback, useEffect, useRef, useState } from 'react';
import { Problem } from './client.ts';
import { useNews } from './live/live.ts';
import type { News } from './live/stream.ts';

/** What a page knows of something that it reads from the server. */
export interface Resource<T> {
  /** The newest answer; kept while a newer one is being read, and when that fails. */
  readonly data: T | null;
  /** Why the last reading failed. */
  readonly problem: Problem | null;
  /** True until the first answer. */
  readonly loading: boolean;
  /** Reads again, at once. */
  readonly reload: () => void;
}

/** Pause that gathers events that come together, in milliseconds. */
const gather = 120;

/**
 * Reads something, and reads it again when `key` changes, when `concerns` says that an event of the
 * ledger touches it, and when the stream comes back after a cut. A null key reads nothing.
 * The answer of an older key never replaces that of a newer one.
 */
export const useResource = <T>(key: string | null, load: (signal: AbortSignal) => Promise<T>, concerns?: (news: News) => boolean): Resource<T> => {
  const [state, setState] = useState<{ key: string | null; data: T | null; problem: Problem | null }>({ key: null, data: null, problem: null });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    latest.current(stop.signal).then(
      (data) => {
        if (!stop.signal.aborted) setState({ key, data, problem: null });
      },
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const problem = error instanceof Problem ? error : new Problem(0, 'broken', '', error instanceof Error ? error.message : '');
        setState((before) => ({ key, data: before.key === key ? before.data : null, problem }));
      },
    );
    return () => stop.abort();
  }, [key, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), []);
  useNews((news) => {
    if (!concerns || (news !== 'resumed' && !concerns(news)) || timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      reload();
    }, gather);
  });
  const current = state.key === key;
  return { data: current ? state.data : null, problem: current ? state.problem : null, loading: key !== null && !current, reload };
};
