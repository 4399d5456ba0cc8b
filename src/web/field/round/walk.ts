import { useCallback, useEffect, useState } from 'react';
import { dropRow, findRow, keepRow } from '../phone/kept.ts';
import { isFull } from '../phone/space.ts';

/** A patrol under way, as the phone knows it. */
export interface Walk {
  /** Id of the patrol, made here. */
  readonly id: string;
  readonly route: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Stops that were checked, with whether it counts. */
  readonly done: Readonly<Record<string, boolean>>;
}

const keyOf = (account: string): string => `patrol ${account}`;

/** The patrol under way; it is there again after the app was closed. */
export const useWalk = (account: string): { readonly walk: Walk | null; readonly ready: boolean; readonly set: (walk: Walk | null) => Promise<void> } => {
  const [state, setState] = useState<{ readonly walk: Walk | null; readonly ready: boolean }>({ walk: null, ready: false });
  useEffect(() => { void findRow('facts', keyOf(account)).then((row) => setState({ walk: (row?.value as Walk | undefined) ?? null, ready: true })); }, [account]);
  const set = useCallback(async (walk: Walk | null): Promise<void> => {
    // On a full phone the walk is known as long as the page is open; its steps are kept all the same.
    await (walk ? keepRow('facts', { key: keyOf(account), value: walk }).catch((error: unknown) => { if (!isFull(error)) throw error; }) : dropRow('facts', keyOf(account)));
    setState({ walk, ready: true });
  }, [account]);
  return { ...state, set };
};
