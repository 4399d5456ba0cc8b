import { useCallback, useEffect, useRef, useState } from 'react';
import { dropRow, findRow, keepRow } from './kept.ts';
import { picturesIn, showKept } from './pictures.ts';

/** A form that was begun, as the phone has it. */
export interface Begun<T> {
  /** What was entered so far; what the form begins with where nothing was. */
  readonly value: T;
  /** Something was entered and neither sent nor let go. */
  readonly kept: boolean;
  change(next: Partial<T>): void;
  /** Forgets it: it was sent, or is not wanted any more. */
  drop(): void;
}

/**
 * Keeps what is entered into a form, so that it is there again after the app was closed, as a phone does with it when the camera
 * needs the room. On a full phone it holds as long as the page is open.
 * @param form name of the form, with what it is about where there may be several
 */
export const useBegun = <T extends object>(form: string, account: string, empty: T): Begun<T> => {
  const key = `begun ${form} ${account}`;
  const first = useRef(empty);
  const [state, setState] = useState<{ readonly value: T; readonly kept: boolean }>({ value: empty, kept: false });
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const write = useCallback((work: () => Promise<unknown>): void => { last.current = last.current.then(work).catch(() => undefined); }, []);
  useEffect(() => {
    let gone = false;
    const read = async (): Promise<void> => {
      const row = await findRow('facts', key);
      if (!row) return;
      await showKept(picturesIn(row.value));
      // Whoever was faster with typing keeps what they typed.
      if (!gone) setState((now) => (now.kept ? now : { value: { ...first.current, ...(row.value as T) }, kept: true }));
    };
    void read().catch(() => undefined);
    return () => { gone = true; };
  }, [key]);
  useEffect(() => { if (state.kept) write(() => keepRow('facts', { key, value: state.value })); }, [key, state, write]);
  const change = useCallback((next: Partial<T>): void => setState(({ value }) => ({ value: { ...value, ...next }, kept: true })), []);
  const drop = useCallback((): void => {
    setState({ value: first.current, kept: false });
    write(() => dropRow('facts', key));
  }, [key, write]);
  return { ...state, change, drop };
};
